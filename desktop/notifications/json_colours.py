"""Colours the names, texts and numbers of JSON in tones of the theme."""

import re

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat

from desktop.style.colours import Tone
from desktop.style.theme import colours

_TEXT = r'"(?:[^"\\]|\\.)*"'
_PIECE = re.compile(rf"(?P<name>{_TEXT})(?=\s*:)|(?P<text>{_TEXT})|(?P<value>-?\d[\d.eE+-]*|true|false|null)")
_TONES = {"name": Tone.INFO, "text": Tone.NEUTRAL, "value": Tone.GOOD}


class JsonColours(QSyntaxHighlighter):
    """Call `rehighlight` when the theme has changed."""

    def highlightBlock(self, text: str) -> None:
        for piece in _PIECE.finditer(text):
            style = QTextCharFormat()
            style.setForeground(QColor(colours().tone(_TONES[str(piece.lastgroup)])))
            self.setFormat(piece.start(), piece.end() - piece.start(), style)
