from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QDialog,
    QLabel,
    QPushButton,
    QRadioButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.application.app import broker_name
from desktop.connection.dialog import ConnectionDialog
from desktop.palette.dialog import Palette
from desktop.preferences.dialog import PreferencesDialog
from desktop.style import theme
from desktop.style.states import of_phase, of_state
from desktop.text import languages
from desktop.text.formats import took
from desktop.text.phrases import said
from desktop.widgets.keycap import key_words
from desktop.window.dialogs import AboutDialog, NewWindowDialog, ProfileDialog, ShortcutsDialog
from desktop.window.log_feed import LogFeed
from desktop.window.log_panel import LogPanel
from desktop.window.welcome import Welcome
from messaging.domain.orders import OrderStatus
from messaging.ports import Phase
from messaging.runtime.profiles import Profile
from messaging.runtime.settings import OPTIONS, Settings
from tests import translations
from tests.helpers.longer_texts import longer_texts

TEXTS = (QPushButton, QCheckBox, QRadioButton)
ALICE = Profile("alice", "3b241101-e2bb-4255-8caf-4136c566a962", "#0b5cad")


@pytest.fixture
def language(dressed: QApplication) -> Iterator[QApplication]:
    yield dressed
    languages.choose("en")


def test_every_text_is_translated(tmp_path: Path) -> None:
    """Those of the code as it is now, by the tool that collects them."""
    ts = tmp_path / "now.ts"
    ts.write_bytes((languages.FOLDER / "order_desk_de.ts").read_bytes())
    translations.update(ts)
    missing = {
        f"{context.findtext('name')}: {message.findtext('source')}"
        for context in ElementTree.parse(ts).getroot().iter("context")
        for message in context.iter("message")
        if not message.findtext("translation")
    }
    assert missing == set()


def test_every_text_has_the_place_it_is_looked_up_by() -> None:
    """`tr = self.tr` hides it from the tool: such a text is collected, and never found."""
    contexts = ElementTree.parse(languages.FOLDER / "order_desk_de.ts").getroot().iter("context")
    assert "" not in {context.findtext("name") or "" for context in contexts}


def test_placeholders_survive_translation() -> None:
    tree = ElementTree.parse(languages.FOLDER / "order_desk_de.ts")
    for message in tree.getroot().iter("message"):
        source, words = message.findtext("source") or "", message.findtext("translation") or ""
        if words:
            assert sorted(_places(source)) == sorted(_places(words)), source


def _places(text: str) -> list[str]:
    return [part.partition("}")[0] for part in text.split("{")[1:]]


def test_a_language_is_chosen_for_all_that_is_built_from_now_on(language: QApplication) -> None:
    languages.choose("de")
    assert Welcome("#0b5cad").cards["client"].button.text() == "Produkte wählen"
    assert of_state(OrderStatus.PROCESSED).word == "Bearbeitet"
    assert of_phase(Phase.READY).word == "Bereit"
    assert took(1.25) in ("1,2 s", "1,3 s")
    assert broker_name(Settings()) == "Eigener RabbitMQ"
    assert QCoreApplication.translate("Settings", OPTIONS["data_dir"].title) == "Datenordner"
    assert key_words(QKeySequence("Ctrl+Return")) == "Strg+Eingabe"
    languages.choose("en")
    assert of_state(OrderStatus.PROCESSED).word == "Processed"


@pytest.fixture
def longer(dressed: QApplication) -> Iterator[None]:
    with longer_texts(dressed):
        yield


def built(parent: QWidget, feed: LogFeed) -> list[QWidget]:
    return [
        NewWindowDialog([ALICE], lambda _n, _s: None, parent),
        ProfileDialog(ALICE, lambda _n, _c: None, parent),
        ConnectionDialog("", lambda: None, "", parent),
        PreferencesDialog({}, {}, parent),
        Palette([], parent),
        ShortcutsDialog({}, parent),
        AboutDialog(parent),
        Welcome(ALICE.colour),
        LogPanel(feed),
    ]


def test_longer_texts_are_not_cut(longer: None, qtbot: QtBot) -> None:
    window, feed = QWidget(), LogFeed()
    qtbot.addWidget(window)
    theme.dress_window(window, ALICE.colour)  # dialogs have it from their window
    for widget in built(window, feed):
        qtbot.addWidget(widget)
        if not isinstance(widget, QDialog):
            theme.dress_window(widget, ALICE.colour)
            widget.resize(1180, widget.sizeHint().height())
        widget.show()
        parts: list[QLabel | QAbstractButton] = [
            *widget.findChildren(QLabel),
            *(part for part in widget.findChildren(QAbstractButton) if isinstance(part, TEXTS)),
        ]
        cut = [
            part.text()
            for part in parts
            if part.isVisible()
            and part.text()
            and not (isinstance(part, QLabel) and part.wordWrap())
            and part.width() < part.minimumSizeHint().width()
        ]
        assert cut == [], type(widget)
        plain = [
            part.text() for part in parts if isinstance(part, QPushButton) and part.text() and "ÄÖÜ" not in part.text()
        ]
        assert plain == [], f"not marked for translation in {type(widget)}"
    feed.close()


def test_a_third_language_is_one_more_file(
    language: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ts = tmp_path / "order_desk_fr.ts"
    translations.update(ts)
    words = ts.read_text("utf-8")
    for source, french in (("{name}: not in the catalogue", "{name} : absent du catalogue"), ("Log", "Journal")):
        left = f'<source>{source}</source>\n        <translation type="unfinished"></translation>'
        assert left in words
        words = words.replace(left, f"<source>{source}</source>\n        <translation>{french}</translation>")
    ts.write_text(words, "utf-8")
    translations.pack(ts, ts.with_suffix(".qm"))
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    assert languages.known() == {"": "Like the system", "en": "English", "fr": "français"}
    languages.choose("fr")
    assert said("milk: not in the catalogue") == "milk : absent du catalogue"
    assert said("The order has not come yet.") == "The order has not come yet."
