"""Takes pictures of widgets in each theme; also the process of one scale."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.style import theme
from desktop.style.theme import Theme
from messaging.bootstrap import exit_code

THEMES = (Theme.LIGHT, Theme.DARK, Theme.CONTRAST)
SETTLED = 0.15  # seconds until what was shown is laid out and painted: a picture is the last step, nothing waits for it


class Camera:
    def __init__(self, folder: Path, only: str = "") -> None:
        self.folder, self._only = folder, only
        self.names: dict[Theme, str] = {choice: choice.value for choice in THEMES}
        self.taken = 0

    def speak(self, language: str) -> None:
        """From now on one picture each, light, named by the language."""
        self.names = {Theme.LIGHT: language}

    def wants(self, name: str) -> bool:
        return bool(self._wanted(name))

    def _wanted(self, name: str) -> dict[Theme, str]:
        """By the file's name, such as busy-client-german."""
        files = {choice: f"{name}-{ending}" for choice, ending in self.names.items()}
        return {choice: file for choice, file in files.items() if self._only in file}

    async def take(self, name: str, widget: QWidget) -> None:
        for choice, file in self._wanted(name).items():
            theme.apply(choice)
            await asyncio.sleep(SETTLED)
            widget.grab().save(str(self.folder / f"{file}.png"))
            self.taken += 1
        theme.apply(Theme.LIGHT)


@asynccontextmanager
async def shown(*widgets: QWidget) -> AsyncIterator[None]:
    for widget in widgets:
        widget.show()
    yield
    for widget in widgets:
        widget.hide()


def main(arguments: Sequence[str]) -> int:
    from tests.screenshots import here  # noqa: PLC0415

    return exit_code(lambda: here(list(arguments)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
