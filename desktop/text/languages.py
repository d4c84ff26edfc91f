"""The languages of the window: files made by lrelease in resources/translations, English as written in the code."""

from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

import resources
from desktop.style.theme import application

FOLDER = Path(resources.__file__).parent / "translations"
_CHOICE = "orderDeskLanguage"
_installed: list[QTranslator] = []  # Qt does not hold them


def known() -> dict[str, str]:
    """The languages by code, each named in itself; a file more in resources/translations is a language more."""
    codes = sorted(path.stem.removeprefix("order_desk_") for path in FOLDER.glob("order_desk_*.qm"))
    return {"": "Like the system", "en": "English"} | {code: QLocale(code).nativeLanguageName() for code in codes}


def chosen() -> str:
    """The language that the user has chosen; empty for that of the system."""
    return str(application().property(_CHOICE) or "")


def choose(language: str) -> None:
    """Use a language for all widgets that are built from now on."""
    application().setProperty(_CHOICE, language)
    while _installed:
        application().removeTranslator(_installed.pop())
    locale = QLocale(language) if language else QLocale.system()
    if locale.language() is QLocale.Language.C:  # of a bare machine: it would write a million as 1000000
        locale = QLocale("en")
    QLocale.setDefault(locale)
    name = locale.name().partition("_")[0]
    own = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))  # names of keys, buttons of Qt's dialogs
    for path in (own / f"qtbase_{name}.qm", FOLDER / f"order_desk_{name}.qm"):
        if path.exists():
            install(path)


def install(path: Path) -> None:
    translator = QTranslator()
    if translator.load(str(path)):
        application().installTranslator(translator)
        _installed.append(translator)
