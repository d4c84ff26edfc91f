"""The stock, with the forms to change it by hand: a delivery, a correction, a product, a whole catalogue."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QToolButton, QWidget

from desktop.style.icons import icon
from desktop.tables.search_keys import SearchKeys
from desktop.tables.table import Table, TableWithEmptyState
from desktop.text.formats import number, plain, plain_tip
from desktop.warehouse.stock.import_card import ImportCard
from desktop.warehouse.stock.posting_form import Posting, PostingForm
from desktop.warehouse.stock.product_form import ProductForm, ProductWish
from desktop.warehouse.stock.stock_model import LOW, OFFERED, WITHDRAWN, StockModel, is_low
from desktop.widgets.buttons import ICON, button, give_keys
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.keycap import key_words
from desktop.widgets.labels import Complaint, heading, muted
from desktop.widgets.layouts import column, heading_row, row
from desktop.widgets.search_fields import search_field
from messaging.domain.stock import StockLevel

LONGEST = 40  # letters of a name in a menu
FILES = "CSV (*.csv);;* (*)"


class StockPane(QWidget):
    """Signals: `product_chosen(name)`, empty for none; `offer_wanted(name, is_offered)`; `import_wanted(Path)`;
    `export_wanted(Path)`.

    Connect also `form.posted`, `form.preview_wanted`, `product_form.saved` and `card.confirmed`.
    """

    product_chosen = Signal(str)
    offer_wanted = Signal(str, bool)
    import_wanted = Signal(object)
    export_wanted = Signal(object)

    def __init__(self, model: StockModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.search = search_field(self.tr("Find a product"), "stockSearch")
        self.view = Table(model, self.tr("Stock"))
        self._keys = SearchKeys(self.search, self.view)
        self.form, self.product_form, self.card = PostingForm(), ProductForm(model.named), ImportCard()
        self._count, self.unknown = muted(), Complaint()
        self.low_button = button("", "triangle-alert", "quiet", self.tr("Show these alone"))
        self.withdrawn_button = button("", "ban", "quiet", self.tr("Show what is offered"))
        for made in (self.low_button, self.withdrawn_button):
            made.setCheckable(True)
            made.hide()
        self.restock_button = button(self.tr("Restock..."), "package", hint=self.tr("A delivery of it came in"))
        self.adjust_button = button(self.tr("Adjust..."), "pencil", hint=self.tr("Correct what the books say"))
        self.edit_button = button(
            self.tr("Edit..."), "settings", hint=self.tr("Its price, and from how many free on it is marked as low")
        )
        self._for_chosen = (self.restock_button, self.adjust_button, self.edit_button)
        self.menu_button = self._make_menu_button()
        self._make_row_menu()
        self._lay_out()
        self._set_up()

    def _lay_out(self) -> None:
        empty = EmptyState("boxes", self.tr("No products"), self.tr("The catalogue is made when the books are opened."))
        column(
            self,
            heading_row(heading(self.tr("Stock")), self._count, self.low_button, self.withdrawn_button, 1, self.search),
            self.unknown,
            TableWithEmptyState(self.view, empty, self._show_all),
            self.form,
            self.product_form,
            self.card,
            row(self.restock_button, self.adjust_button, self.edit_button, 1, self.menu_button),
        ).setStretch(2, 1)

    def _make_menu_button(self) -> QToolButton:
        made = QToolButton()
        menu = QMenu(made)
        self.new_action = menu.addAction(icon("plus"), self.tr("New product..."), self._open_new)
        self.offer_action = menu.addAction(self.tr("Withdraw"), self._offer)
        self.new_action.setShortcut("Ctrl+N")
        self.offer_action.setShortcut("Ctrl+T")
        self.withdrawn_action = menu.addAction("", self.withdrawn_button.toggle)
        menu.addSeparator()
        menu.addAction(icon("download"), self.tr("Import catalogue..."), self._choose_import)
        menu.addAction(icon("upload"), self.tr("Export catalogue..."), self._choose_export)
        made.setMenu(menu)
        made.setText(self.tr("Catalogue"))
        made.setIcon(icon("book-open"))
        made.setIconSize(QSize(ICON + 4, ICON))
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        made.setToolTip(plain_tip(self.tr("New products, withdrawn ones, and the catalogue as a CSV file")))
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return made

    def _make_row_menu(self) -> None:
        """The context menu of a product."""
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for made in self._for_chosen:
            action = QAction(made.icon(), made.text(), self.view)
            action.triggered.connect(made.click)
            self.view.addAction(action)
        self.view.addAction(self.offer_action)

    def menu_keys(self) -> list[tuple[str, str]]:
        """What the keys of the menu do, in words, with the keys."""
        words = self.tr("New product..."), self.tr("Withdraw a product, or offer it again")
        keys = [key_words(action.shortcut()) for action in (self.new_action, self.offer_action)]
        return list(zip(words, keys, strict=True))

    def _set_up(self) -> None:
        give_keys(self.restock_button, "Ctrl+R")
        give_keys(self.adjust_button, "Ctrl+J")
        give_keys(self.edit_button, "Ctrl+M")
        self.view.setObjectName("stockView")
        self.view.setSelectionMode(Table.SelectionMode.SingleSelection)
        self.view.set_widths(12, 7, 8, 7, 7, stretch=0)
        self.view.give_up(22, 2, 4)
        self.search.setMaximumWidth(200)
        self.search.textChanged.connect(self._filter)
        self.search.textEdited.connect(self._forget_unknown)
        self.search.returnPressed.connect(self._restock)
        self.low_button.toggled.connect(self._filter)
        self.withdrawn_button.toggled.connect(self._show_withdrawn)
        for form in (self.form, self.product_form):
            form.closed.connect(self._begin_next)
        self.product_form.saved.connect(self._show_new)
        self.card.close_button.clicked.connect(self._begin_next)
        self.view.on_chosen(lambda _level: self._restock())
        self.view.on_current(self._chosen)
        self.restock_button.clicked.connect(self._restock)
        self.adjust_button.clicked.connect(self._adjust)
        self.edit_button.clicked.connect(self._edit)
        for changed in (self._model.rowsInserted, self._model.rowsRemoved, self._model.modelReset):
            changed.connect(self._show_count)
        self._model.dataChanged.connect(self._show_count)
        self._chosen(None)
        self._filter()

    def _chosen(self, level: StockLevel | None) -> None:
        for made in self._for_chosen:
            made.setEnabled(level is not None)
        for action in self.view.actions():
            action.setEnabled(level is not None)
        words, picture = self.tr("Withdraw"), "ban"
        if level is not None:
            words = self.tr("Withdraw {0}")
            if level.withdrawn:
                words, picture = self.tr("Offer {0} again"), "undo-2"
            words = words.format(plain(level.name, LONGEST).replace("&", "&&"))
        self.offer_action.setText(words)
        self.offer_action.setIcon(icon(picture))
        self.product_chosen.emit(level.name if level else "")

    def _show_count(self) -> None:
        low = sum(map(is_low, self._model.rows()))
        withdrawn = sum(level.withdrawn for level in self._model.rows())
        self._count.setText(number(self._model.rowCount() - withdrawn))
        self.withdrawn_button.setText(self.tr("{0} withdrawn").format(number(withdrawn)))
        self.withdrawn_action.setText(self.tr("Show withdrawn products ({0})").format(number(withdrawn)))
        self.withdrawn_action.setEnabled(withdrawn > 0)
        if not withdrawn:
            self.withdrawn_button.setChecked(False)
        self.low_button.setText(self.tr("{0} low").format(number(low)))
        is_withdrawn = self.withdrawn_button.isChecked()
        self.low_button.setVisible((low > 0 or self.low_button.isChecked()) and not is_withdrawn)
        self.withdrawn_button.setVisible(is_withdrawn)

    def _show_withdrawn(self, is_wanted: bool) -> None:
        """Show withdrawn products alone; a pressed button in the heading says so and leads back."""
        if is_wanted:
            self.low_button.setChecked(False)
        self._filter()
        self._show_count()

    def _filter(self) -> None:
        """Search; the marks of low and withdrawn products are among the searched words."""
        low = LOW if self.low_button.isChecked() else ""
        self.view.rows.search(
            f"{self.search.text()} {low} {WITHDRAWN if self.withdrawn_button.isChecked() else OFFERED}"
        )
        self._keys.choose_first()

    def _begin_next(self) -> None:
        """Focus the search, where the next form is opened from: goods come in one after the other."""
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.selectAll()

    def _show_new(self, wish: ProductWish) -> None:
        if wish.before is None:
            self.search.setText(wish.row.name)
            self.search.selectAll()

    def lead_to(self, name: str) -> None:
        """Select this product, whatever is searched, and focus the search, where Enter opens its delivery.

        A form that is being filled in keeps the focus.
        """
        index = self._model.find(name)
        if index is None:
            return
        self._forget_unknown()
        self.search.clear()
        self.low_button.setChecked(False)
        self.withdrawn_button.setChecked(self._model.row(index).withdrawn)
        self.view.select(self.view.rows.mapFromSource(self._model.index(index, 0)).row())
        at = QApplication.focusWidget()
        if at is None or not any(form.isAncestorOf(at) for form in (self.form, self.product_form)):
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _forget_unknown(self) -> None:
        self.unknown.show_text("")

    def _show_all(self) -> None:
        """Clear the filters; where all products are withdrawn, show these."""
        self.search.clear()
        self.low_button.setChecked(False)
        self.withdrawn_button.setChecked(all(level.withdrawn for level in self._model.rows()))

    def _restock(self) -> None:
        self._open(Posting.RESTOCK)

    def _adjust(self) -> None:
        self._open(Posting.ADJUST)

    def _open(self, kind: Posting) -> None:
        level = self.view.current()
        if level is not None:
            self.product_form.put_away()
            self.form.open_for(level, kind)

    def _edit(self) -> None:
        level = self.view.current()
        if level is not None:
            self.form.put_away()
            self.product_form.open_for(level)

    def _open_new(self) -> None:
        self.form.put_away()
        self.product_form.open_new()

    def _offer(self) -> None:
        level = self.view.current()
        if level is not None:
            self.offer_wanted.emit(level.name, level.withdrawn)

    def _choose_import(self) -> None:
        dialog = QFileDialog(self, self.tr("Import catalogue"), "", FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._import)
        _open(dialog)

    def _choose_export(self) -> None:
        dialog = QFileDialog(self, self.tr("Export catalogue"), "catalogue.csv", FILES)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(self._export)
        _open(dialog)

    def _import(self, name: str) -> None:
        self.import_wanted.emit(Path(name))

    def _export(self, name: str) -> None:
        self.export_wanted.emit(Path(name))


def _open(dialog: QFileDialog) -> None:
    """Open the dialog; `exec` would nest event loops, and a coroutine in one loses wake-ups."""
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
