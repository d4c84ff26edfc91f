"""The colours of each theme as values, and the arithmetic that keeps them readable (WCAG 2.2)."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from PySide6.QtGui import QColor

TEXT_CONTRAST = 4.5  # WCAG 1.4.3, level AA
MARK_CONTRAST = 3.0  # WCAG 1.4.11: borders and icons


class Tone(StrEnum):
    """The meaning of a colour; each theme has its own shade for it."""

    NEUTRAL = "neutral"
    INFO = "info"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@cache
def _colour(name: str) -> QColor:
    """A colour, cached because every row that is drawn asks for some; never change it in place."""
    return QColor(name)


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme. `surface` lies under tables and fields, `window` under everything else."""

    name: str
    window: str
    surface: str
    alternate: str
    line: str
    control: str
    text: str
    muted: str
    off: str  # disabled words, and placeholders in empty fields
    neutral: str
    info: str
    good: str
    warn: str
    bad: str

    @property
    def is_dark(self) -> bool:
        return luminance(QColor(self.window)) < 0.2

    @property
    def groove(self) -> QColor:
        """The empty part of a bar, whose full part has the shade of `control`."""
        return (
            _colour(self.line)
            if self.line != self.control
            else blend(_colour(self.control), _colour(self.surface), 0.3)
        )

    def tone(self, tone: Tone) -> QColor:
        """The shade for words and icons."""
        shades = {"neutral": self.neutral, "info": self.info, "good": self.good, "warn": self.warn, "bad": self.bad}
        return _colour(shades[tone.value])

    def wash(self, tone: Tone) -> QColor:
        """The faint shade behind words of that tone."""
        return blend(self.tone(tone), QColor(self.surface), 0.16 if self.is_dark else 0.09)


LIGHT = Colours(
    name="light",
    window="#F4F5F7",
    surface="#FFFFFF",
    alternate="#F9FAFB",
    line="#DFE3E8",
    control="#C3CAD3",
    text="#1A1F26",
    muted="#586271",
    off="#586271",
    neutral="#4D5766",
    info="#0B5CBD",
    good="#146C38",
    warn="#855000",
    bad="#B3221B",
)
DARK = Colours(
    name="dark",
    window="#1A1D22",
    surface="#21252B",
    alternate="#252A31",
    line="#343A43",
    control="#4A525E",
    text="#E7EAEE",
    muted="#A5AEBB",
    off="#A5AEBB",
    neutral="#B7BFCA",
    info="#7DB7FF",
    good="#68CE90",
    warn="#E8B95A",
    bad="#FF8F86",
)
CONTRAST = Colours(
    name="contrast",
    window="#000000",
    surface="#000000",
    alternate="#101010",
    line="#FFFFFF",
    control="#FFFFFF",
    text="#FFFFFF",
    muted="#FFFFFF",
    off="#B0B0B0",
    neutral="#FFFFFF",
    info="#8FD0FF",
    good="#7CFC9A",
    warn="#FFD84D",
    bad="#FF9E95",
)


def luminance(colour: QColor) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    """The contrast of two colours, from 1 (the same) to 21 (black on white)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def blend(top: QColor, below: QColor, share: float) -> QColor:
    """Mix `top` with the weight `share` (0 to 1) over `below`."""
    return QColor.fromRgbF(
        top.redF() * share + below.redF() * (1 - share),
        top.greenF() * share + below.greenF() * (1 - share),
        top.blueF() * share + below.blueF() * (1 - share),
    )


def readable(colour: QColor, on: QColor, least: float = TEXT_CONTRAST) -> QColor:
    """The same hue, moved towards black or white until it can be read on `on`."""
    towards = QColor("black") if luminance(on) > 0.18 else QColor("white")
    for step in range(21):
        tried = blend(towards, colour, step / 20)
        if contrast(tried, on) >= least:
            return tried
    return towards


def ink_on(colour: QColor) -> QColor:
    """White or black, whichever is easier to read on a filled colour."""
    white, black = QColor("white"), QColor("black")
    return white if contrast(white, colour) >= contrast(black, colour) else black
