"""What can be typed to find notices: words, and words that name what they mean, as in `state:refused since:2h`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QCoreApplication

from desktop.shared.states import QT_TRANSLATE_NOOP, of_state
from messaging.history.words import Field, Word
from messaging.orders import OrderStatus

TOLD = tuple(status for status in OrderStatus if status is not OrderStatus.NEW)  # what notices tell

SINCE, BEFORE = "since", "before"
KEYS = {  # what stands before the colon, in English and in the window's language
    Field.ORDER.value: QT_TRANSLATE_NOOP("Language", "order"),
    Field.PRODUCT.value: QT_TRANSLATE_NOOP("Language", "product"),
    Field.STATE.value: QT_TRANSLATE_NOOP("Language", "state"),
    Field.USER.value: QT_TRANSLATE_NOOP("Language", "user"),
    SINCE: QT_TRANSLATE_NOOP("Language", "since"),
    BEFORE: QT_TRANSLATE_NOOP("Language", "before"),
}
TODAY, YESTERDAY = QT_TRANSLATE_NOOP("Language", "today"), QT_TRANSLATE_NOOP("Language", "yesterday")

_PIECE = re.compile(r'(?:([^\W\d_]+):)?(?:"([^"]*)"?|(\S*))')
_AGO = re.compile(r"(\d{1,5})(s|min|m|h|d|w)")
_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800}


@dataclass(frozen=True, slots=True)
class Typed:
    """`since` and `until` as in NoticeQuery; empty where no time is asked for."""

    words: tuple[Word, ...] = ()
    since: str = ""
    until: str = ""


def key(name: str) -> str:
    """A key as the window's language has it."""
    return QCoreApplication.translate("Language", KEYS[name])


def typed(text: str, names: Mapping[str, str], now: datetime | None = None) -> Typed:
    """`names` of users by their ids. What is only half typed yet asks for nothing."""
    now = now or datetime.now().astimezone()
    words: list[Word] = []
    times = {SINCE: "", BEFORE: ""}
    for piece in _PIECE.finditer(text):
        name, value = _key_named(piece[1] or ""), piece[2] or piece[3] or ""
        if name in times:
            moment = moment_of(value, now)
            times[name] = moment.isoformat(timespec="milliseconds") if moment else times[name]
        elif name or not piece[1]:
            words += [_word(value, Field(name), names)] if value else []
        else:
            words.append(_word(piece[0], Field.ANY, names))
    return Typed(tuple(words), times[SINCE], times[BEFORE])


def moment_of(text: str, now: datetime) -> datetime | None:
    """`2h` ago, `14:05` of today, `today`, `yesterday`, a date, or a date and a time; None for anything else."""
    text = text.casefold()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for days, name in enumerate((TODAY, YESTERDAY)):
        if text in (name, QCoreApplication.translate("Language", name).casefold()):
            return _utc(midnight - timedelta(days=days))
    if ago := _AGO.fullmatch(text):
        return _utc(now - timedelta(seconds=int(ago[1]) * _UNITS[ago[2]]))
    try:
        if re.fullmatch(r"\d{1,2}:\d\d", text):
            hour, minute = text.split(":")
            return _utc(midnight.replace(hour=int(hour), minute=int(minute)))
        given = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return _utc(given if given.tzinfo else given.astimezone())


def _utc(moment: datetime) -> datetime:
    """As times of receipt are kept."""
    return moment.astimezone(UTC)


def _key_named(name: str) -> str:
    name = name.casefold()
    return next((known for known in KEYS if name in (known, key(known).casefold())), "")


def _word(text: str, field: Field, names: Mapping[str, str]) -> Word:
    folded = text.casefold()
    by_state = field in (Field.ANY, Field.STATE) and folded
    by_name = field in (Field.ANY, Field.USER) and folded
    states = tuple(s for s in TOLD if _begins(of_state(s).word, folded)) if by_state else ()
    users = tuple(user for user, name in names.items() if _begins(name, folded)) if by_name else ()
    return Word(text, states, field, users)


def _begins(name: str, folded: str) -> bool:
    known = name.casefold()
    return known.startswith(folded) or any(part.startswith(folded) for part in known.split())
