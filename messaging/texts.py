r"""Normalises names, and makes text from others safe to show.

What is not seen is no part of a name, and never reaches a terminal or a label: controls (C0, C1), line and paragraph
separators, lone surrogates, marks that turn the direction of text, and signs of no width (U+200B, U+00AD, U+FEFF,
Hangul fillers, tags). Two kinds of invisible signs are known to writing and stay where they do something:

- joiners (U+200C, U+200D) between the parts of one emoji, after an Indic virama, and inside a Persian word;
- variation selectors, which only choose how the sign before them is drawn: shown, but no part of a name,
  so that a cup with and without one is one product.

Private use (logos, rare Chinese signs) and what a newer Unicode may assign are seen, if only as a box: they are names.
"""

import json
import re
import unicodedata

MAX_NAME = 128
HIDDEN = "\N{REPLACEMENT CHARACTER}"  # what is shown in place of a sign that must not be

_LINE_ENDS = r"\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029"
_UNSEEN = (
    r"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"  # controls, separators, surrogates
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction
    r"\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u2800\u3164\ufeff\uffa0"
    r"\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
_SELECTORS = r"\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_BLANKS = r" \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"

_PICTURE = r"[\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff]"
_VIRAMA = r"[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2]"
_ARABIC = r"[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff]"
_JOINS_ON = (  # letters that would be drawn joined to the next one
    r"[\u0626\u0628\u062a-\u062e\u0633-\u063f\u0641-\u0647\u0649\u064a\u066e\u066f\u0678-\u0687\u069a-\u06bf"
    r"\u06c1\u06c2\u06cc\u06ce\u06d0\u06d1\u06fa-\u06fc\u06ff]"
)
_JOINER = (
    rf"(?:(?<={_PICTURE})\u200d(?={_PICTURE})|(?<={_VIRAMA})[\u200c\u200d](?=\w)|(?<={_JOINS_ON})\u200c(?={_ARABIC}))"
)
_PLAIN = rf"[^{_UNSEEN}\u200c\u200d]"

# Something that is seen; then visible signs, with a joiner only where it joins. Python's `$` also matches before a
# line feed at the end, so none may follow.
NAME_PATTERN = rf"^(?=[{_BLANKS}{_SELECTORS}]*[^{_BLANKS}{_SELECTORS}]){_PLAIN}+(?:{_JOINER}{_PLAIN}+)*$(?!\n)"
_NAME = re.compile(NAME_PATTERN)
_DASHES = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_AROUND_IDS = " .,;:!?'\"`()[]{}<>#\u2026\u2018\u2019\u201c\u201d\u00ab\u00bb"
_URN = re.compile(r"^(urn:)?(uuid|guid):", re.IGNORECASE)
_OF_AN_ID = re.compile(r"[0-9a-f-]+")
_PASSWORD = re.compile(  # greedy: a password may hold an @; what our own hints call PASSWORD is none
    r"([A-Za-z][A-Za-z0-9+.-]*:/{1,2}[^\s:/@]*):(?!PASSWORD@HOST)\S*@|((?:^|[?&])(?:ssl)?password=)[^\s&]+",
    re.IGNORECASE,
)
_UNSHOWN = re.compile(rf"[{_UNSEEN}]|(?!{_JOINER})[\u200c\u200d]")
_ENDS_OF_LINES = re.compile(rf"\r\n|[{_LINE_ENDS}]")
_SELECTOR = re.compile(rf"[{_SELECTORS}]+")
_RUN_OF_BLANKS = re.compile(rf"[\t{_BLANKS}]+")


def printable(text: str) -> str:
    """The text in one line as it may be shown: a line end becomes a blank, what is not seen becomes U+FFFD."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSHOWN.sub(HIDDEN, _ENDS_OF_LINES.sub(" ", text))


def printable_lines(text: str) -> str:
    """As `printable`, where line feeds may stay: in a text of several lines that nobody takes for ours."""
    if text.isascii() and text.isprintable():
        return text
    return "\n".join(map(printable, text.split("\n")))


def readable_json(text: str) -> str:
    """JSON that says the same, in which what is not seen is escaped."""
    escaped = (_UNSHOWN.sub(lambda found: json.dumps(found[0])[1:-1], line) for line in text.split("\n"))
    return "\n".join(escaped).replace("\x7f", "\\u007f")


def normal_name(text: str) -> str:
    """A name as it is kept and compared: NFC, no variation selectors, blanks folded and none around it.

    What is not seen stays in it: whether it is a name says `is_name`.
    """
    if not text.isascii():
        text = _RUN_OF_BLANKS.sub(" ", unicodedata.normalize("NFC", _SELECTOR.sub("", text)))
    elif "  " in text or "\t" in text:
        text = _RUN_OF_BLANKS.sub(" ", text)
    return text.strip()


def redacted(text: str) -> str:
    """Without the passwords of URLs, also of such that were taken for a path and have one slash left."""
    return _PASSWORD.sub(lambda found: f"{found[1]}:***@" if found[2] is None else f"{found[2]}***", text)


def holds_password(text: str) -> bool:
    """Whether it is, or holds, a URL with a password."""
    return redacted(text) != text


def copied_id(text: str) -> str:
    """An order's id, or a beginning of it, as it was copied from anywhere: with capitals, blanks and line ends in it,
    signs around it, `urn:uuid:` before it, other dashes or none. Before a slash stands its user, who stays as he is."""
    bare = _DASHES.sub("-", printable(text).replace(HIDDEN, "")).strip(_AROUND_IDS)
    user, slash, order = _URN.sub("", bare).strip(_AROUND_IDS).rpartition("/")
    known = "".join(order.split()).lower()
    if not _OF_AN_ID.fullmatch(known):
        return f"{user}{slash}{order}"
    if len(known) == 32 and "-" not in known:
        known = "-".join((known[:8], known[8:12], known[12:16], known[16:20], known[20:]))
    return f"{user}{slash}{known}"


def is_name(text: str) -> bool:
    """Whether it is a name of a product, as `normal_name` gives it: 1 to 128 visible signs."""
    return len(text) <= MAX_NAME and _NAME.match(text) is not None
