import pytest

from desktop.client.catalogue.ranking import BEGINS, HOLDS, NEARLY, WORDS_BEGIN, rank


@pytest.mark.parametrize(
    ("typed", "name", "expected"),
    [
        ("fru", "fruit/vegetable juice", BEGINS),
        ("fru", "tropical fruit", WORDS_BEGIN),
        ("veg fru", "fruit/vegetable juice", WORDS_BEGIN),
        ("rea", "bread", HOLDS),
        ("cafe", "Café crème", BEGINS),
        ("usb c", "usb_c_charger", WORDS_BEGIN),
        ("yogrt", "yogurt", NEARLY),
        ("yoguurt", "yogurt", NEARLY),
        ("yogvrt", "yogurt", NEARLY),
        ("mlik", "whole milk", NEARLY),
        ("mlk", "whole milk", None),  # too short to guess
        ("yogvvt", "yogurt", None),
        ("spaceship", "laptop", None),
    ],
)
def test_what_begins_so_comes_before_what_only_holds_it(typed: str, name: str, expected: int | None) -> None:
    assert rank(typed, name) == expected
