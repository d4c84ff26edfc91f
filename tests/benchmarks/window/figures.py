"""Figures beside their targets."""

import statistics
import sys
from collections.abc import Sequence

from tests.benchmarks.window.gaps import Gap

WIDTH = 62


class Figures:
    def __init__(self) -> None:
        self._missed: list[str] = []

    def time(
        self, words: str, seconds: Sequence[float], target: float | None, bare: float = 0.0, than: str = "a bare window"
    ) -> None:
        """The median, in seconds; `bare`: what it is a multiple of."""
        found = statistics.median(seconds)
        more = f"   (at most {_ms(target)})" if target is not None else ""
        more += f"   {found / bare:.1f} x {than} ({_ms(bare)})" if bare else ""
        self._tell(words, _ms(found), None if target is None else found <= target, more)

    def value(self, words: str, found: float, target: float, unit: str) -> None:
        shown = f"{found:,.0f}" if found == int(found) else f"{found:,.2f}"
        self._tell(words, f"{shown} {unit}", found <= target, f"   (at most {target:g} {unit})")

    def gap(self, words: str, ours: Sequence[Gap], bare: Sequence[Gap], target: float) -> None:
        """The longest, by the clock: a user waits for a core as well. `bare`: a loop without work, meanwhile."""
        longest = max((gap.late for gap in ours), default=0.0)
        self._tell(words, _ms(longest), longest <= target, f"   (at most {_ms(target)})")
        many = sum(gap.late > target for gap in ours)
        self.note(f"  {many} such gaps, {len(ours)} above 15 ms; of a loop with nothing to do {_longest(bare, 'late')}")
        own, computed = _longest(ours, "own"), _longest(ours, "computed")
        self.note(f"  without waiting for a core {own}, computing in one at most {computed}")

    def note(self, words: str) -> None:
        sys.stdout.write(f"  {words}\n")
        sys.stdout.flush()

    def close(self) -> int:
        """The exit code."""
        for words in self._missed:
            self.note(f"missed: {words}")
        return int(bool(self._missed))

    def _tell(self, words: str, shown: str, is_met: bool | None, more: str) -> None:
        """`is_met` None: there is no target."""
        verdict = {None: "", True: "ok", False: "MISSED"}[is_met]
        self.note(f"{verdict:7}{words:{WIDTH}} {shown:>14}{more}")
        if is_met is False:
            self._missed.append(f"{words}: {shown}")


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"


def _longest(gaps: Sequence[Gap], what: str) -> str:
    return _ms(max((getattr(gap, what) for gap in gaps), default=0.0))
