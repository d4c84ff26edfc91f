"""What holds for every widget of the three pages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QWidget,
)

from desktop.client.tab import ClientTab
from desktop.notifications.tab import NotificationsTab
from desktop.role.session import Session
from desktop.role.tab import AnyTab
from desktop.warehouse.tab import WarehouseTab
from desktop.widgets.number_field import NumberField
from tests.helpers.mouse_wheel import turn_wheel
from tests.helpers.pages import a_page, run

Page = Callable[[Session], AnyTab]
USED_BY_KEYBOARD = (QAbstractButton, QAbstractScrollArea, QAbstractSpinBox, QComboBox, QLineEdit)


@pytest.fixture(params=[ClientTab, WarehouseTab, NotificationsTab])
def page(request: pytest.FixtureRequest) -> Page:
    kind: Page = request.param
    return kind


def spoken(widget: QWidget) -> str:
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")


def is_inside(widget: QWidget) -> bool:
    """Part of another widget, which is the one that is spoken."""
    parent = widget.parentWidget()
    return isinstance(parent, (QAbstractSpinBox, QComboBox, QLineEdit)) or widget.objectName().startswith("qt_")


def test_every_widget_the_keyboard_reaches_has_a_name(page: Page, qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(page, tmp_path) as tab:
            reached = [
                widget
                for widget in tab.findChildren(QWidget)
                if isinstance(widget, USED_BY_KEYBOARD)
                and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
                and not is_inside(widget)
                and (spoken(widget) or not widget.isHidden())  # a button without words is not shown
            ]
            assert len(reached) > 5
            assert [(type(widget), widget.parentWidget()) for widget in reached if not spoken(widget)] == []

    run(qapp, main())


def test_no_label_reads_its_text_as_html(page: Page, qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(page, tmp_path) as tab:
            labels = tab.findChildren(QLabel)
            assert len(labels) > 5
            rich = [label for label in labels if label.textFormat() is not Qt.TextFormat.PlainText and label.text()]
            assert rich == []

    run(qapp, main())


def test_no_choice_or_number_is_changed_by_the_wheel_in_passing(page: Page, qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(page, tmp_path) as tab:
            fields = [one for kind in (QComboBox, QAbstractSpinBox) for one in tab.findChildren(kind)]
            assert fields
            numbers = [one for one in fields if isinstance(one, QAbstractSpinBox)]
            assert [one for one in numbers if not isinstance(one, NumberField)] == []
            assert [one for one in fields if one.focusPolicy() == Qt.FocusPolicy.WheelFocus] == []
            assert [one.accessibleName() for one in fields if not one.hasFocus() and turn_wheel(one)] == []

    run(qapp, main())
