"""The steps of set-up: system packages, environment, Python packages, and a start in the environment's Python.

What only a set-up needs is imported where it is used, because every start of a program runs through here.
"""

import os
from dataclasses import dataclass

from messaging.bootstrap.checkout import BASE, Checkout
from messaging.bootstrap.parts import Part, venv_module
from messaging.bootstrap.prompts import SetUpFailed, say
from messaging.bootstrap.restart import start_again
from messaging.phrases import phrase


@dataclass(frozen=True, slots=True)
class Needs:
    """What one program needs."""

    groups: tuple[str, ...] = (BASE,)
    parts: tuple[Part, ...] = ()
    imports: tuple[str, ...] = ()  # modules whose import proves that the system has all libraries


def stands(program: str, arguments: list[str]) -> bool:
    """Can the program's own modules be imported? Where that is in `.venv` alone, start the program again there."""
    checkout = Checkout.here()
    if checkout is None:
        return True
    if not checkout.has_groups((BASE,)):
        return False
    if not checkout.is_running():
        start_again(checkout, program, arguments)
    return True


def prepare(program: str, arguments: list[str], needs: Needs) -> None:
    """Return in a Python that has all the program needs; before that, install, ask, and start the program again.

    Raises SetUpFailed with what to type where something is missing and cannot be installed.
    """
    checkout = Checkout.here()
    if checkout is None:  # installed as a package: pip has seen to Python's side
        from messaging.bootstrap import packages

        packages.see_to(needs.parts)
        return
    if not _done(checkout, needs):
        from messaging.bootstrap import lock

        again = f"python3 -m {program}{' --setup-only' if program == 'desktop' else ''}"
        with lock.held(checkout.lock) as descriptor:
            if not _done(checkout, needs):  # another start may just have done it
                _set_up(checkout, needs, again, descriptor)
    if not checkout.is_running():
        start_again(checkout, program, arguments)


def _done(checkout: Checkout, needs: Needs) -> bool:
    return checkout.has_groups(needs.groups) and not _open_parts(checkout, needs) and not _open_imports(checkout, needs)


def _open_parts(checkout: Checkout, needs: Needs) -> list[Part]:
    """Parts that are missing, among those not yet seen on this machine or checked always."""
    seen = checkout.record().get("parts", [])
    return [part for part in needs.parts if part.name not in seen or (part.checked_always and not part.present())]


def _open_imports(checkout: Checkout, needs: Needs) -> list[str]:
    return [name for name in needs.imports if name not in checkout.record().get("imports", [])]


def _set_up(checkout: Checkout, needs: Needs, again: str, descriptor: int) -> None:
    from messaging.bootstrap import environment, packages

    environment_stands = checkout.has_groups(needs.groups)
    packages.see_to(_open_parts(checkout, needs) + ([] if environment_stands else [venv_module()]))
    if not environment_stands:
        environment.make_ready(checkout, needs.groups, again, descriptor)
    _prove_imports(checkout, needs)
    names = {part.name for part in needs.parts} | set(checkout.record().get("parts", []))
    checkout.write_record(parts=sorted(names), imports=list(needs.imports) or checkout.record().get("imports", []))
    say("Order Desk is set up.")


def _prove_imports(checkout: Checkout, needs: Needs) -> None:
    wanted = _open_imports(checkout, needs)
    if not wanted:
        return
    import subprocess

    command = [str(checkout.python), "-c", "import " + ", ".join(wanted)]
    proof = subprocess.run(command, capture_output=True, text=True, errors="replace", env=os.environ, check=False)
    if proof.returncode:
        reason = (proof.stderr.strip().splitlines() or [f"exit {proof.returncode}"])[-1]
        raise SetUpFailed(
            phrase(
                "set_up.cannot_be_loaded_install_the_system", value=wanted[0].split(".", maxsplit=1)[0], reason=reason
            )
        )
