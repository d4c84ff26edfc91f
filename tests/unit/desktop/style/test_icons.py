import re
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

import desktop
import resources
from desktop.style import icons, theme
from desktop.style.colours import DARK, LIGHT, Tone
from desktop.style.theme import Theme

FOLDER = Path(resources.__file__).parent / "icons"


def test_an_icon_is_drawn_in_the_colour_of_the_theme_in_force(dressed: QApplication) -> None:
    bell = icons.icon("bell")
    assert _ink(bell.pixmap(QSize(32, 32)).toImage()) == QColor(LIGHT.text)
    theme.apply(Theme.DARK)
    assert _ink(bell.pixmap(QSize(32, 32)).toImage()) == QColor(DARK.text)


def test_an_icon_takes_the_colour_of_its_tone(dressed: QApplication) -> None:
    assert _ink(icons.icon("truck", Tone.GOOD).pixmap(QSize(32, 32)).toImage()) == QColor(LIGHT.good)


def test_an_icon_is_crisp_at_scale_two(dressed: QApplication) -> None:
    assert icons.icon("bell").pixmap(QSize(16, 16), 2.0).size() == QSize(32, 32)
    assert icons.pixmap("bell", 16, QColor("red"), 2.0).size() == QSize(32, 32)


def test_every_icon_named_in_the_window_is_there_and_every_one_there_is_named() -> None:
    """A quoted word is taken for an icon's name where a file of that name exists or `icon("...")` asks for it."""
    sources = [path.read_text("utf-8") for path in Path(desktop.__file__).parent.rglob("*.py")]
    quoted = {name for text in sources for name in re.findall(r'"([a-z0-9-]+)"', text)}
    asked = {name for text in sources for name in re.findall(r'icons?\.icon\("([a-z0-9-]+)"', text)}
    there = {path.stem for path in FOLDER.glob("*.svg")}
    assert asked <= there
    assert there <= quoted, f"not used: {sorted(there - quoted)}"
    assert (FOLDER / "LICENSE").exists()


def _ink(image: QImage) -> QColor:
    """The colour of the most opaque pixel."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    strongest = max(pixels, key=QColor.alpha)
    return QColor(strongest.rgb())
