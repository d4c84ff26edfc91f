import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.texts import HIDDEN, MAX_NAME, copied_id, is_name, normal_name, printable

# Each sign that Python's Unicode knows; of those that it does not, and of private use, every thousandth.
ALL = [
    c for c in map(chr, range(sys.maxunicode + 1)) if ord(c) % 1000 == 0 or unicodedata.category(c) not in ("Cn", "Co")
]
# Format characters that are drawn: Arabic, Syriac and Kaithi signs that stand over or under numbers, hieroglyphs.
DRAWN = {"\u06dd", "\u070f", "\u0890", "\u0891", "\u08e2", "\U000110bd", "\U000110cd"} | {
    chr(code) for code in [*range(0x600, 0x606), *range(0x13430, 0x13440)]
}
UNSEEN_NAMES = ("HANGUL CHOSEONG FILLER", "HANGUL JUNGSEONG FILLER", "HANGUL FILLER", "HALFWIDTH HANGUL FILLER")
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
RAINBOW = "\U0001f3f3\ufe0f\u200d\U0001f308"
FLAG = "\U0001f1e9\U0001f1ea"
PERSIAN = "\u0646\u0648\u0634\u0627\u0628\u0647\u200c\u0647\u0627"
SINHALA = "\u0dc1\u0dca\u200d\u0dbb\u0dd3"


def selectors() -> list[str]:
    return [c for c in ALL if "VARIATION SELECTOR" in unicodedata.name(c, "")]


def unseen(sign: str) -> bool:
    """What Unicode's own data says of one sign that nothing else stands around."""
    category, name = unicodedata.category(sign), unicodedata.name(sign, "")
    if category == "Cf":
        return sign not in DRAWN
    return category in {"Cc", "Cs", "Zl", "Zp"} or name in {*UNSEEN_NAMES, "COMBINING GRAPHEME JOINER"}


def test_no_sign_of_unicode_that_is_not_seen_is_shown_or_a_name() -> None:
    for sign in filter(unseen, ALL):
        shown = printable(f"a{sign}b")
        assert shown in {f"a{HIDDEN}b", "a b"}, hex(ord(sign))
        assert not is_name(f"a{sign}b"), hex(ord(sign))
        assert sign == "\t" or not is_name(normal_name(f"a{sign}b")), hex(ord(sign))


def test_whatever_else_unicode_has_is_shown_as_it_is_and_may_be_a_name() -> None:
    others = {"\u2800", "\U0001d159", "\u17b4", "\u17b5"}  # signs that are drawn as nothing
    ignorable = {chr(code) for code in [0x2065, *range(0xFFF0, 0xFFF9), *range(0xE0000, 0xE1000)]}
    for sign in ALL:
        if not unseen(sign) and sign not in others | ignorable:
            assert printable(f"a{sign}b") == f"a{sign}b", hex(ord(sign))
            assert is_name(normal_name(f"a{sign}b")), hex(ord(sign))


def test_ends_of_lines_become_a_blank_and_a_terminal_is_never_steered() -> None:
    assert printable("a\r\nb\nc\rd\u2028e\x85f\tg") == "a b c d e f g"
    assert printable("\x1b[31m\x9b0m\x07\x00") == f"{HIDDEN}[31m{HIDDEN}0m{HIDDEN}{HIDDEN}"
    assert printable("\u202eabc\u2066\ud800\U000e0041") == f"{HIDDEN}abc{HIDDEN * 3}"


@pytest.mark.parametrize("name", [FAMILY, RAINBOW, FLAG, PERSIAN, SINHALA, "caf\u00e9", "\u5496\u5561\u8c46", "\uf8ff"])
def test_writing_that_needs_joiners_keeps_them(name: str) -> None:
    assert printable(name) == name
    assert is_name(normal_name(name))
    assert normal_name(name).count("\u200d") == name.count("\u200d")


@pytest.mark.parametrize(
    "name",
    ["mi\u200dlk", "mi\u200clk", "\u200dmilk", "milk\u200d", "\u5496\u200d\u5561", "\u0627\u200c\u0628",
     "\U0001f468\u200d\u200d\U0001f469", "\U0001f468\u200d", "a\ufe0f\u200d\U0001f469", "milk\u200d\ufe0f"],
)  # fmt: skip
def test_a_joiner_that_joins_nothing_is_no_part_of_a_name(name: str) -> None:
    assert not is_name(normal_name(name))
    assert HIDDEN in printable(name) or "\ufe0f" in name


def test_twins_have_one_normal_name() -> None:
    assert normal_name("Cafe\u0301") == normal_name(" Caf\u00e9 ") == "Caf\u00e9"
    assert normal_name("whole  milk") == normal_name("whole\u00a0\u3000milk\n") == "whole milk"
    assert normal_name("\u2615\ufe0f") == normal_name("\u2615") == "\u2615"
    assert normal_name("e\ufe0f\u0301") == "\u00e9"
    for selector in selectors():
        assert normal_name(f"a{selector}b") == "ab"


@pytest.mark.parametrize("name", ["", " ", "\u3000", "\ufe0f", " \ufe0f ", "x" * (MAX_NAME + 1), "a\nb", "a\n", "\n"])
def test_what_is_no_name(name: str) -> None:
    assert not is_name(name)


@given(st.text())
def test_a_normal_name_is_its_own_and_what_is_printable_stays_so(text: str) -> None:
    assert normal_name(normal_name(text)) == normal_name(text)
    assert printable(printable(text)) == printable(text)
    assert not is_name(normal_name(text)) or printable(normal_name(text)) == normal_name(text)
    printable(text).encode()


UUID = "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b"


@pytest.mark.parametrize(
    "copied",
    [UUID.upper(), f" {UUID}\n", f"{{{UUID}}}", f"urn:uuid:{UUID}", f"URN:UUID:{UUID.upper()}",
     f'"{UUID}",', f"{UUID}.", UUID.replace("-", "\u2011"), UUID.replace("-", "\u2013"), UUID.replace("-", ""),
     f"\ufeff{UUID}\u200b",      f"{UUID[:20]}\n  {UUID[20:]}", f"({UUID})", f"\u201c{UUID}\u201d", f"<{UUID}>",
     f"\t#{UUID};", f"\u202a{UUID}\u202c"],
)  # fmt: skip
def test_an_id_is_read_as_it_was_copied(copied: str) -> None:
    assert copied_id(copied) == UUID
    assert copied_id(f"Alice_1/{copied.strip()}" if copied.strip()[0] in "0" else copied).endswith(UUID)


def test_what_is_no_uuid_is_left_as_it_is() -> None:
    assert copied_id(" 17. ") == "17"
    assert copied_id("7/1/2026-11-22T20:00:00+00:00") == "7/1/2026-11-22T20:00:00+00:00"
    assert copied_id("Alice/019A2B") == "Alice/019a2b"
    assert copied_id("No-Such-Order") == "No-Such-Order"
    assert copied_id(" \n") == copied_id("\u200b") == ""
