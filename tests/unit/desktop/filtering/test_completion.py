import pytest
from PySide6.QtWidgets import QApplication

from desktop.filtering.completion import completed, completions
from desktop.notifications.filter_subject import NOTICES

NAMES = ("Bob", "alice", "Bob the second")


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("lap sta", ["state:"]),
        ("-pro", ["-product:"]),
        ("pr", []),  # too short: many words begin so
        ("state:ref", ["state:refused"]),
        ("state:wait", ['state:"waiting for stock"']),
        ("state:refused", []),  # whole
        ("state:refused,ship", ["state:refused,shipped"]),
        ("-is:", ["-is:unread", "-is:missed"]),
        ("user:bo", ["user:Bob", 'user:"Bob the second"']),
        ("since:y", ["since:yesterday"]),
        ("product:milk", []),
        ("price:3", []),
        ("state:ref lap", []),  # it is typed on
        ("", []),
    ],
)
def test_what_may_be_meant_is_offered(qapp: QApplication, text: str, offered: list[str]) -> None:
    assert completions(text, NOTICES, NAMES) == offered


def test_what_was_chosen_takes_the_place_of_what_was_begun(qapp: QApplication) -> None:
    assert completed("lap state:re", "state:refused") == "lap state:refused"
    assert completed("-sta", "-state:") == "-state:"
    assert completed('product:"whole milk" is:u', "is:unread") == 'product:"whole milk" is:unread'
