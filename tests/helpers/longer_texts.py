"""A language that no one speaks, for what is cut or not marked for translation to show."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

from desktop.text import phrases


class Longer(QTranslator):
    """Every text a third longer and full of accents, as no real language is."""

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"{text}{'ÄÖÜ' * (len(text) // 9 + 1)}"

    def isEmpty(self) -> bool:
        return False


@contextmanager
def longer_texts(application: QApplication) -> Iterator[None]:
    """What is built meanwhile speaks that language."""
    translator = Longer()
    phrases.forget()
    application.installTranslator(translator)
    try:
        yield
    finally:
        application.removeTranslator(translator)
        phrases.forget()
