"""Changes the basket as the user types, clicks and scans."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.client.basket.basket import Basket
from desktop.client.catalogue.catalogue_model import CatalogueModel
from desktop.client.catalogue.catalogue_pane import CataloguePane
from desktop.client.catalogue.typed import count_before
from desktop.scanning.scanner import Scanner, unknown_words
from messaging.errors import WrongOrder


class BasketEditor(QObject):
    """Adds products and changes their quantities; what breaks a rule of orders goes to `report`."""

    def __init__(
        self,
        basket: Basket,
        catalogue: CatalogueModel,
        pane: CataloguePane,
        report: Callable[[BaseException], None],
        page: QWidget,
    ) -> None:
        """`page` is where codes are scanned, wherever its cursor stands."""
        super().__init__(page)
        self._basket, self._pane, self._report = basket, pane, report
        self._before_step: tuple[str, int] | None = None  # the line that + or - changed last, as it was
        self.scanner = Scanner(page, catalogue.products_named)
        self.scanner.scanned.connect(self._add_scanned)
        self.scanner.unknown.connect(self._show_unknown)
        pane.wanted.connect(self.add)
        pane.step_asked.connect(self._step_last)

    def add(self, name: str, quantity: int = 1) -> None:
        self._try(partial(self._basket.add, name, quantity))

    def set_quantity(self, name: str, quantity: int) -> None:
        self._try(partial(self._basket.set_quantity, name, quantity))

    def _try(self, change: Callable[[], None]) -> None:
        try:
            change()
        except WrongOrder as error:
            self._report(error)

    def _step_last(self, change: int) -> None:
        """Add one unit of the product that was added last, or take one away."""
        name, quantity = self._basket.last, self._basket.quantity_of(self._basket.last)
        self._before_step = (name, quantity) if quantity else None
        if quantity:
            self.set_quantity(name, quantity + change)

    def _add_scanned(self, name: str, field: QLineEdit | None, typed: str) -> None:
        """Add as many units as the number says that was typed into the search before the code."""
        self._undo_step(name, field, typed)
        count = count_before(typed) if field is self._pane.search else None
        if count is not None:
            self._pane.search.clear()
        self._pane.unknown.show_text("")
        self.add(name, 1 if count is None else count)

    def _show_unknown(self, code: str, names: tuple[str, ...], field: QLineEdit | None, typed: str) -> None:
        self._undo_step(code, field, typed)
        self._pane.unknown.show_text(unknown_words(code, names))

    def _undo_step(self, code: str, field: QLineEdit | None, typed: str) -> None:
        """Undo what the sign that a code begins with has done: it did not ask for one unit more or less."""
        if self._before_step and field is self._pane.search and code[:1] in ("+", "-") and not typed.strip():
            self.set_quantity(*self._before_step)
