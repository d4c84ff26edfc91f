"""The three lists of orders that a warehouse works through."""

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from desktop.style.icons import icon
from desktop.text.formats import plain_tip
from desktop.warehouse.orders.orders_list import CHANGED, MISSING, RESERVED, Act, OrdersList
from desktop.widgets.buttons import ICON
from desktop.widgets.empty_state import EmptyState

translate = QCoreApplication.translate

SHIP, CANCEL, TAKE_BACK = "ship", "cancel", "take back"


class ToShip(OrdersList):
    """Signals: `print_asked(orders)`, `pdf_asked(orders)`, each with the selected orders, or with all of the list."""

    print_asked = Signal(list)
    pdf_asked = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        empty = EmptyState(
            "truck",
            translate("ToShip", "Nothing to ship"),
            translate("ToShip", "Orders whose stock is reserved wait here to be sent out."),
        )
        acts = (
            Act(
                SHIP,
                translate("ToShip", "Ship"),
                "truck",
                translate("ToShip", "Really ship {0}"),
                keys="Ctrl+Return",
                from_many=True,
            ),
            Act(CANCEL, translate("ToShip", "Cancel order"), "ban", translate("ToShip", "Really cancel {0}")),
        )
        super().__init__(translate("ToShip", "Orders to ship"), empty, acts, (RESERVED, MISSING, CHANGED), parent)
        self.view.setObjectName("toShipView")
        self.pick_button = QToolButton()
        self._add_pick_button()

    def _add_pick_button(self) -> None:
        menu = QMenu(self.pick_button)
        menu.addAction(icon("printer"), self.tr("Print..."), self._ask_to_print)
        menu.addAction(icon("file-text"), self.tr("Save as PDF..."), self._ask_for_pdf)
        self.pick_button.setMenu(menu)
        self.pick_button.setText(self.tr("Pick list"))
        self.pick_button.setIcon(icon("printer"))
        self.pick_button.setIconSize(QSize(ICON + 4, ICON))
        self.pick_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.pick_button.setAccessibleName(self.tr("Pick list"))
        self.pick_button.setToolTip(plain_tip(self.tr("Of the orders selected, or of all in this list")))
        self.pick_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.tools.insertWidget(1, self.pick_button)
        for changed in (self.model.rowsInserted, self.model.rowsRemoved, self.model.modelReset):
            changed.connect(self._enable_pick)
        self._enable_pick()

    def _enable_pick(self) -> None:
        self.pick_button.setEnabled(self.model.rowCount() > 0)

    def _ask_to_print(self) -> None:
        self.print_asked.emit(self._listed())

    def _ask_for_pdf(self) -> None:
        self.pdf_asked.emit(self._listed())

    def _listed(self) -> list[object]:
        return [*(self.selected() or self.model.rows())]


class Waiting(OrdersList):
    def __init__(self, parent: QWidget | None = None) -> None:
        empty = EmptyState(
            "hourglass",
            translate("Waiting", "No order waits for stock"),
            translate("Waiting", "Orders that may wait are served when stock comes in."),
        )
        acts = (Act(CANCEL, translate("Waiting", "Cancel order"), "ban", translate("Waiting", "Really cancel {0}")),)
        super().__init__(translate("Waiting", "Orders waiting for stock"), empty, acts, (CHANGED,), parent)
        self.view.setObjectName("waitingView")


class Shipped(OrdersList):
    def __init__(self, parent: QWidget | None = None) -> None:
        empty = EmptyState(
            "package",
            translate("Shipped", "Nothing was shipped"),
            translate("Shipped", "Orders that have left stand here, newest first."),
        )
        acts = (
            Act(TAKE_BACK, translate("Shipped", "Take back"), "undo-2", translate("Shipped", "Really take back {0}")),
        )
        super().__init__(translate("Shipped", "Orders shipped"), empty, acts, (RESERVED, MISSING), parent)
        self.view.setObjectName("shippedView")
