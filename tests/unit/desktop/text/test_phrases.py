"""What messaging says in English stands in the window's language, wherever it comes from."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication

from desktop.application import folded_news
from desktop.text import languages, recognised
from desktop.text.phrases import said
from desktop.text.templates import CONTEXT, Placeholder, parsed
from desktop.warehouse.set_aside.reasons import in_plain_words
from desktop.widgets.problem_bar import details_for, words_for
from messaging.client.orders_csv import read_orders_csv
from messaging.contract import codec
from messaging.domain.notices import Notice
from messaging.domain.orders import OnShortage, OrderStatus, checked_line, new_order, now
from messaging.domain.stock import DecidedLine, reserve
from messaging.errors import StoreUnavailable, UnreadableMessage, WrongOrder
from messaging.history.records import StoredNotice
from messaging.messages import Message, Parameter
from messaging.phrases import NESTED, Words, listed, phrase, sentences
from messaging.warehouse.catalogue_csv import parse
from tests import phrases

if TYPE_CHECKING:
    from desktop.window.user_window import UserWindow

TEMPLATES = phrases.translatable()
AWKWARD = ("a: b", "salt, pepper; oil", "100 % of {name}", "{0}", "it's", 'the "best"', "<b>&amp;")
USER = "3b241101-e2bb-4255-8caf-4136c566a962"


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    languages.choose("de")
    yield
    languages.choose("en")


def uses() -> list[phrases.Use]:
    return [use for path in phrases.sources(with_terminals=True) for use in phrases.of_file(path)]


def test_each_phrase_has_its_sentence_and_its_values() -> None:
    """A code stays when its English is improved: notices and rows that were written with it are kept."""
    wrong = [use for use in uses() if use.values != _places(sentences().get(use.code, "{code is missing}"))]
    assert wrong == []


def test_each_sentence_is_said_somewhere_and_stands_once() -> None:
    assert sentences().keys() - {use.code for use in uses()} == set()
    assert len(set(sentences().values())) == len(sentences())
    assert list(sentences()) == sorted(sentences())


def _texts(given: ast.expr) -> list[ast.Constant]:
    """Of a literal or an f-string: what stands inside of a call is its own matter."""
    parts = given.values if isinstance(given, ast.JoinedStr) else [given]
    return [part for part in parts if isinstance(part, ast.Constant)]


def _places(template: str) -> frozenset[str]:
    return frozenset(place.name for place in parsed(template).places)


def test_nothing_but_a_phrase_makes_words() -> None:
    """mypy takes nothing else for what is told to a user; a cast of a text of ours would get round both."""
    cast = [
        f"{path.name}:{node.lineno}"
        for path in phrases.sources()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Words"
        for part in _texts(node.args[0])
        if any(map(str.isalpha, str(part.value)))
    ]
    assert cast == []


def example(place: Placeholder, text: str) -> object:
    return {"d": 1234567, ",": -1234567, ".0f": 12.0}.get(place.format, text)


def shown(place: Placeholder, text: str) -> str:
    """What a German window says for that example."""
    if place.is_quoted:
        return repr(text)[1:-1]
    return {"d": "1234567", ",": "-1.234.567", ".0f": "12"}.get(place.format, text)


@pytest.mark.parametrize("text", AWKWARD)
def test_each_phrase_is_known_again_with_its_values(german: None, text: str) -> None:
    for template in TEMPLATES:
        known = parsed(template)
        if any(literal in text for literal in known.literals[1:-1]):
            continue  # where a value ends could not be told
        told = template.format(**{place.name: example(place, text) for place in known.places})
        words = QCoreApplication.translate(CONTEXT, known.source)
        for place in known.places:
            words = words.replace(f"{{{place.name}}}", f"\0{place.name}\0")
        for place in known.places:
            value = said(text) if place.name in NESTED else shown(place, text)
            words = words.replace(f"\0{place.name}\0", value)
        assert said(told) == words, template


@pytest.mark.parametrize("text", AWKWARD)
def test_each_code_is_said_with_its_values_and_no_text_is_recognised(
    german: None, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognised, "recognised", _not_here)
    for code, template in sentences().items():
        places = parsed(template).places
        told = phrase(code, **{place.name: example(place, text) for place in places})
        words = QCoreApplication.translate(CONTEXT, parsed(template).source)
        if words == parsed(template).source:
            assert said(told) == told, "what only terminals say is not translated"
            continue
        for place in places:
            words = words.replace(f"{{{place.name}}}", f"\0{place.name}\0")
        for place in places:
            words = words.replace(f"\0{place.name}\0", shown(place, text))
        assert said(told) == words, code


def _not_here(text: str) -> str:
    raise AssertionError(f"recognised by its text: {text}")


def test_a_sentence_in_a_sentence_is_said_by_its_code(german: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognised, "recognised", _not_here)
    lacks = [phrase("order_lifecycle.missing", name=name, missing=2) for name in ("milk", "salt; pepper")]
    assert said(listed(lacks)) == "milk: 2 fehlen; salt; pepper: 2 fehlen"
    error = UnreadableMessage(phrase("codec.this_is_ambiguous", kind=phrase("codec.order"), error="twice"))
    assert said(phrase("replays.it_would_be_refused_again", reason=error)) == (
        "Sie würde wieder abgelehnt. Die Nachricht (Bestellung) ist nicht eindeutig: twice."
    )
    assert said(phrase("order_lifecycle.order_is_it_cannot_become", order_id=5, status="shipped", to="cancelled")) == (
        "Bestellung 5 ist versandt und kann nicht storniert werden."
    )


@pytest.mark.parametrize(
    ("code", "parameters"),
    [
        ("of_a_later_version", {}),
        ("stock.asked_free", {}),
        ("stock.asked_free", {"name": "milk", "asked": "three", "left": 1}),
        ("stock.asked_free", {"name": "milk", "asked": Message("of_a_later_version"), "left": 1}),
        ("stock.not_in_the_catalogue", {"name": (Message("codec.order"),)}),
        ("listed", {"sentences": "a; b"}),
        ("listed", {"sentences": (Message("stock.asked_free"),)}),
        ("with_log", {"lines": "a"}),
        ("kept", {"text": 5}),
        ("", {"": ""}),
    ],
)
def test_a_message_that_is_none_of_ours_is_told_by_its_text(
    german: None, code: str, parameters: dict[str, Parameter]
) -> None:
    assert said(Words("milk: 3 asked, 1 free", Message(code, parameters))) == "milk: 3 asked, 1 free"


def test_what_was_kept_without_a_code_is_recognised_in_a_sentence_too(german: None) -> None:
    old = Words("milk: 3 asked, 1 free")
    assert said(phrase("replays.it_would_be_refused_again", reason=old)).endswith("milk: 3 bestellt, 1 frei")
    assert said(listed([old, phrase("stock.not_in_the_catalogue", name="tea")])) == (
        "milk: 3 bestellt, 1 frei; tea: nicht im Katalog"
    )


def test_an_english_window_says_it_as_it_is(qapp: QApplication) -> None:
    languages.choose("en")
    for text in (*TEMPLATES, "A delivery is 1 to 1,000,000,000 units, not 0."):
        assert said(text) == text


def test_the_desktop_is_told_in_the_language_of_the_window(german: None) -> None:
    reason = "laptop: 3 asked, 1 free"
    notice = Notice(USER, USER, (DecidedLine("laptop", 3, 0, 2),), now(), OrderStatus.REJECTED, reason)
    assert folded_news.words([(cast("UserWindow", None), StoredNotice(1, notice, now()))]).endswith(
        f"laptop ({said(reason)})"
    )
    assert said(reason) != reason


def test_a_notice_that_travelled_is_told_by_its_code(german: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognised, "recognised", _not_here)
    reason = reserve(new_order(USER, [("x: 3 asked, 1 free", 3), ("tea", 1)]), {"x: 3 asked, 1 free": 1}).reason
    assert reason is not None
    sent = Notice(USER, USER, (), now(), OrderStatus.REJECTED, str(reason), reason_message=reason.message)
    came = codec.read_notice(codec.encode(sent))
    told = "x: 3 asked, 1 free: 3 bestellt, 1 frei; tea: nicht im Katalog"
    assert said(came.words) == told
    assert folded_news.words([(cast("UserWindow", None), StoredNotice(1, came, now()))]).endswith(f"({told})")


@pytest.mark.parametrize("name", [*AWKWARD, "x: 3 asked, 1 free", "x: 3 asked, 1 free; y"])
def test_a_shortage_is_told_line_by_line(german: None, name: str) -> None:
    order = new_order(USER, [("milk", 3), (name, 2), ("tea", 1)], OnShortage.REJECT)
    told = reserve(order, {"milk": 1, name: 1}).reason
    first, *rest = said(told or "").split("; ", 1)
    assert first == "milk: 3 bestellt, 1 frei"
    assert rest[0].endswith(": 2 bestellt, 1 frei; tea: nicht im Katalog")


def test_a_phrase_within_a_phrase_is_said_too(german: None) -> None:
    told = "Number 7 is not sent again: it would be refused again. This order is not JSON: Input data was truncated."
    assert said(told) == (
        "Nummer 7 wird nicht erneut gesendet: Sie würde wieder abgelehnt. "
        "Die Nachricht (Bestellung) ist kein JSON: Die Nachricht bricht ab."
    )
    assert said("Order 5 is shipped: it cannot become cancelled.") == (
        "Bestellung 5 ist versandt und kann nicht storniert werden."
    )


def test_a_product_named_like_a_phrase_keeps_its_name(german: None) -> None:
    assert said("cancelled: 3 asked, 1 free") == "cancelled: 3 bestellt, 1 frei"


def test_lines_of_a_log_stay_below_what_is_said(german: None) -> None:
    told = "The private RabbitMQ could not start. The end of /x/console.log:\nshipped\n=ERROR REPORT===="
    assert said(told) == (
        "Der eigene RabbitMQ konnte nicht starten. Das Ende von /x/console.log:\nshipped\n=ERROR REPORT===="
    )


def test_what_others_say_is_shown_as_it_came(german: None) -> None:
    for text in ("", "sold out, sorry", "Ihr Lager", "3 asked", "a; b; c", "<b>milk</b>: 3 asked", "%s {name}", "\n"):
        assert said(text) == text


@pytest.mark.parametrize("piece", ["x: 1 asked, 1 free; ", "; ", ": ", " asked, ", "Order ", "'"])
def test_a_text_made_to_be_hard_is_just_a_text(german: None, piece: str) -> None:
    """65,536 bytes are the most that a notice has."""
    text = piece * (65_536 // len(piece)) + "!"
    assert said(text) == text
    short = piece * (990 // len(piece)) + "!"
    assert said(short) == short


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "Die Nachricht (Bestellung) ist kein JSON: Die Nachricht bricht ab."),
        (b"{]", "Die Nachricht (Bestellung) ist kein JSON: "
                "JSON is malformed: object keys must be strings (byte 1)."),
        (b"\xff", "Die Nachricht (Bestellung) ist kein JSON: JSON is malformed: invalid character (byte 0)."),
        (b"[1]", "Die Nachricht (Bestellung) hält sich nicht an den Vertrag: "
                 "Expected `object`, got `array`."),
        (b"x" * 65_537, "Die Nachricht (Bestellung) hat 65.537 Bytes, mehr als 65.536."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_message_is_german_and_the_words_of_others_are_a_detail(
    german: None, body: bytes, words: str
) -> None:
    with pytest.raises(UnreadableMessage) as refused:
        codec.read_order(body)
    assert said(refused.value.words) == words
    assert in_plain_words(refused.value.words) == words


def test_what_is_wrong_with_a_row_is_german(german: None, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("order,name,quantity,on_shortage\n1,milk,none,\n2,,1,\n3,tea,1,now\n,tea,1,\n4,a,b,c,d\n", "utf-8")
    assert [said(error.problem) for error in read_orders_csv(file, USER).errors] == [
        "„none“ ist keine ganze Zahl von 1 bis 1.000.000.",
        "„“ ist kein Produktname: 1 bis 128 sichtbare Zeichen verwenden.",
        "„now“ ist keines von reject, partial, wait",
        "„“ nennt keine Bestellung: 1 bis 128 sichtbare Zeichen verwenden",
        "5 Felder, der Kopf hat 4: Ein Komma in einem Feld braucht Anführungszeichen",
    ]
    read = parse("name,price,stock\nmilk,much,1\nmilk,1.00,-1\ntea,1.00,1\ntea,1.00,1\n,1.00,1\n")
    assert [said(error) for error in read.errors] == [
        "Zeile 2: Preis „much“ ist kein Betrag wie 12.50.",
        "Zeile 3: Bestand: „-1“ ist keine ganze Zahl von 0 bis 1.000.000.000.",
        "Zeile 5: tea steht zweimal da.",
        "Zeile 6: „“ ist kein Produktname: 1 bis 128 sichtbare Zeichen verwenden.",
    ]


def test_a_problem_and_what_led_to_it_are_german(german: None) -> None:
    error = StoreUnavailable(phrase("migrate.the_database_was_made_by_a"))
    error.__cause__ = OSError(13, "Permission denied")
    assert words_for(error) == "Die Datenbank stammt von einem neueren Order Desk: bitte dieses hier aktualisieren."
    with pytest.raises(WrongOrder) as refused:
        checked_line("milk", 0)
    assert words_for(refused.value) == ("Menge von milk: eine ganze Zahl von 1 bis 1.000.000 angeben, nicht „0“.")
    assert details_for(error) == "PermissionError: Kein Zugriff (Fehler 13)"


def test_several_phrases_are_said_one_by_one(german: None) -> None:
    told = listed([phrase("order_lifecycle.missing", name=name, missing=2) for name in ("milk", "salt; pepper")])
    assert said(told) == "milk: 2 fehlen; salt; pepper: 2 fehlen"
    assert QLocale().name().startswith("de")
