"""The stock with what is done to it by hand: a delivery, a correction, a threshold, a whole catalogue."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton, QWidget

from desktop.shared.empty import EmptyState
from desktop.shared.icons import icon
from desktop.shared.panes import ICON, button, column, give_keys, heading, heading_row, muted, row, search_field
from desktop.shared.row_model import plain_tip
from desktop.shared.search_keys import SearchKeys
from desktop.shared.tables import Table, TableWithEmptyState
from desktop.shared.texts import number
from desktop.warehouse.import_card import ImportCard
from desktop.warehouse.posting_form import Posting, PostingForm
from desktop.warehouse.stock_model import LOW, StockModel, is_low
from messaging.stock import StockLevel

FILES = "CSV (*.csv);;* (*)"


class StockPane(QWidget):
    """Signals: `product_chosen(name)`, empty for none; `import_wanted(Path)`; `export_wanted(Path)`.

    `form.posted` and `form.preview_wanted`, `card.confirmed` are the forms' own.
    """

    product_chosen = Signal(str)
    import_wanted = Signal(object)
    export_wanted = Signal(object)

    def __init__(self, model: StockModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.search = search_field(self.tr("Find a product"), "stockSearch")
        self.view = Table(model, self.tr("Stock"))
        self._keys = SearchKeys(self.search, self.view)
        self.form, self.card = PostingForm(), ImportCard()
        self._count = muted()
        self.low_button = button("", "triangle-alert", "quiet", self.tr("Show these alone"))
        self.low_button.setCheckable(True)
        self.low_button.hide()
        self.restock_button = button(self.tr("Restock..."), "package", hint=self.tr("A delivery of it came in"))
        self.adjust_button = button(self.tr("Adjust..."), "pencil", hint=self.tr("Correct what the books say"))
        self.threshold_button = button(
            self.tr("Mark low..."), "triangle-alert", hint=self.tr("From how many free on it is marked as low")
        )
        self.menu_button = self._make_menu_button()
        self._lay_out()
        self._set_up()

    def _lay_out(self) -> None:
        empty = EmptyState("boxes", self.tr("No products"), self.tr("The catalogue is made when the books are opened."))
        column(
            self,
            heading_row(heading(self.tr("Stock")), self._count, self.low_button, 1, self.search),
            TableWithEmptyState(self.view, empty, self._show_all),
            self.form,
            self.card,
            row(self.restock_button, self.adjust_button, self.threshold_button, 1, self.menu_button),
        ).setStretch(1, 1)

    def _make_menu_button(self) -> QToolButton:
        made = QToolButton()
        menu = QMenu(made)
        menu.addAction(icon("download"), self.tr("Import catalogue..."), self._choose_import)
        menu.addAction(icon("upload"), self.tr("Export catalogue..."), self._choose_export)
        made.setMenu(menu)
        made.setText(self.tr("Catalogue"))
        made.setIcon(icon("book-open"))
        made.setIconSize(QSize(ICON + 4, ICON))
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        made.setAccessibleName(self.tr("Catalogue as a file"))
        made.setToolTip(plain_tip(self.tr("The catalogue as a CSV file: name, price, stock")))
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return made

    def _set_up(self) -> None:
        give_keys(self.restock_button, "Ctrl+R")
        give_keys(self.adjust_button, "Ctrl+J")
        give_keys(self.threshold_button, "Ctrl+M")
        self.view.setObjectName("stockView")
        self.view.setSelectionMode(Table.SelectionMode.SingleSelection)
        self.view.set_widths(12, 7, 8, 7, 7, stretch=0)
        self.view.give_up(18, 2, 4)
        self.search.setMaximumWidth(200)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(lambda: self._open(Posting.RESTOCK))
        self.low_button.toggled.connect(self._filter)
        self.form.closed.connect(self._begin_next)
        self.card.close_button.clicked.connect(self._begin_next)
        self.view.chosen.connect(lambda level: self.form.open_for(level, Posting.RESTOCK))
        self.view.current_changed.connect(self._chosen)
        self.restock_button.clicked.connect(lambda: self._open(Posting.RESTOCK))
        self.adjust_button.clicked.connect(lambda: self._open(Posting.ADJUST))
        self.threshold_button.clicked.connect(lambda: self._open(Posting.THRESHOLD))
        for changed in (self._model.rowsInserted, self._model.rowsRemoved, self._model.modelReset):
            changed.connect(self._tell_count)
        self._model.dataChanged.connect(self._tell_count)
        self._chosen(None)

    def _chosen(self, level: StockLevel | None) -> None:
        for made in (self.restock_button, self.adjust_button, self.threshold_button):
            made.setEnabled(level is not None)
        self.product_chosen.emit(level.name if level else "")

    def _tell_count(self) -> None:
        low = sum(map(is_low, self._model.rows()))
        self._count.setText(number(self._model.rowCount()))
        self.low_button.setText(self.tr("{0} low").format(number(low)))
        self.low_button.setVisible(low > 0 or self.low_button.isChecked())

    def _filter(self) -> None:
        """The mark's words are among what is searched."""
        self.view.rows.search(f"{self.search.text()} {LOW if self.low_button.isChecked() else ''}")
        self._keys.choose_first()

    def _begin_next(self) -> None:
        """Where the form was opened from: goods come in one after the other."""
        self.search.setText(self.search.text())  # what there is to undo now is the posting
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.selectAll()

    def _show_all(self) -> None:
        self.search.clear()
        self.low_button.setChecked(False)

    def _open(self, kind: Posting) -> None:
        level: StockLevel | None = self.view.current_row()
        if level is not None:
            self.form.open_for(level, kind)

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
    """Not `exec`: a nested loop inside a coroutine loses wake-ups."""
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
