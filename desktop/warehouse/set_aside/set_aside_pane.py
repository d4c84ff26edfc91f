"""The page of messages set aside: read them, send them again, drop them, bring them back."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from desktop.style.colours import Tone
from desktop.style.icons import icon
from desktop.style.states import QT_TRANSLATE_NOOP, StateStyle, spoken
from desktop.style.theme import colours
from desktop.tables.row_model import RIGHT, Column, RowModel
from desktop.tables.table import Table, TableWithEmptyState
from desktop.text.formats import exact, number, plain
from desktop.text.moments import clock
from desktop.text.phrases import said
from desktop.warehouse.set_aside.operators import Operator
from desktop.warehouse.set_aside.reasons import bad_field, in_plain_words
from desktop.warehouse.set_aside.set_aside_details import SetAsideDetails
from desktop.widgets.buttons import button, give_keys
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.labels import muted
from desktop.widgets.layouts import column, row, splitter
from desktop.widgets.number_field import calm
from desktop.widgets.two_clicks import FEW, TwoClicks
from messaging.warehouse.records import SetAside, SetAsideState

STATES = {
    SetAsideState.KEPT: StateStyle(
        QT_TRANSLATE_NOOP("States", "Set aside"),
        "archive-x",
        Tone.BAD,
        QT_TRANSLATE_NOOP("States", "Nobody has decided about it yet"),
    ),
    SetAsideState.REPLAYED: StateStyle(
        QT_TRANSLATE_NOOP("States", "Sent again"),
        "send",
        Tone.INFO,
        QT_TRANSLATE_NOOP("States", "It has not come back yet"),
    ),
    SetAsideState.SETTLED: StateStyle(
        QT_TRANSLATE_NOOP("States", "Taken"),
        "circle-check",
        Tone.GOOD,
        QT_TRANSLATE_NOOP("States", "It was sent again, and taken"),
    ),
    SetAsideState.DROPPED: StateStyle(
        QT_TRANSLATE_NOOP("States", "Dropped"),
        "trash-2",
        Tone.NEUTRAL,
        QT_TRANSLATE_NOOP("States", "It can be brought back"),
    ),
}
STATE = 1  # a column, hidden where one state is listed
CAN_BE_SENT = frozenset({SetAsideState.KEPT, SetAsideState.REPLAYED})


class SetAsideModel(RowModel[SetAside]):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row.row, parent)
        self.columns = (
            Column(self.tr("Time"), lambda r: clock(r.at), sort=lambda r: r.at, tip=lambda r: exact(r.at)),
            Column(
                self.tr("State"),
                lambda r: spoken(STATES[r.state]).word,
                icon=lambda r: icon(STATES[r.state].icon, STATES[r.state].tone),
                colour=lambda r: colours().tone(STATES[r.state].tone),
                tip=lambda r: spoken(STATES[r.state]).hint,
            ),
            Column(self.tr("Reason"), lambda r: plain(in_plain_words(r.reason)), tip=lambda r: said(r.reason)),
            Column(self.tr("Queue"), lambda r: plain(r.queue), tip=lambda r: r.queue),
            Column(self.tr("Bytes"), lambda r: number(r.length), sort=lambda r: r.length, align=RIGHT),
        )


class SetAsidePane(QWidget):
    """Signals `send_asked(rows)`, `drop_asked(rows)`, `bring_back_asked(rows)`, with the selected messages;
    `state_wanted(state)`, None for all."""

    send_asked = Signal(list)
    drop_asked = Signal(list)
    bring_back_asked = Signal(list)
    state_wanted = Signal(object)

    def __init__(self, operator: Callable[[], Operator], keep_dropped: int, parent: QWidget | None = None) -> None:
        """`operator` who corrects orders, asked each time; `keep_dropped` days that dropped messages are kept."""
        super().__init__(parent)
        self.model = SetAsideModel(self)
        self.view = Table(self.model, self.tr("Messages set aside"))
        self.details = SetAsideDetails(operator, keep_dropped)
        self.state = self._make_choice()
        self.send_button = button(self.tr("Send again"), "send", hint=self.tr("To the step that failed, as it came"))
        self.drop_button = button(self.tr("Drop"), "trash-2", hint=self.tr("It is of no use; can be undone"))
        self.back_button = button(self.tr("Bring back"), "undo-2")
        self.all_button = button(self.tr("Select all"), kind="quiet")
        self._chosen = muted()
        self._lay_out()
        self._set_up()

    def _make_choice(self) -> QComboBox:
        made = calm(QComboBox())
        made.setAccessibleName(self.tr("Which messages"))
        made.view().setAccessibleName(self.tr("Which messages"))
        made.addItem(self.tr("To decide"), SetAsideState.KEPT)
        made.addItem(self.tr("Sent again"), SetAsideState.REPLAYED)
        made.addItem(self.tr("Dropped"), SetAsideState.DROPPED)
        made.addItem(self.tr("All"), None)
        return made

    def _lay_out(self) -> None:
        empty = EmptyState(
            "archive-x",
            self.tr("Nothing was set aside"),
            self.tr("Messages that cannot be read or taken are kept here whole, with the reason."),
        )
        table = TableWithEmptyState(self.view, empty)
        parts = splitter(Qt.Orientation.Vertical, table, self.details, shares=(4, 6))
        self.details.hide()
        column(
            self,
            row(self.state, self._chosen, 1, self.all_button),
            parts,
            row(self.send_button, self.drop_button, self.back_button, 1),
        ).setStretch(1, 1)

    def _set_up(self) -> None:
        give_keys(self.send_button, "Ctrl+G")
        give_keys(self.drop_button, "Ctrl+D")
        self.view.setObjectName("setAsideView")
        self.view.set_widths(11, 14, 30, 19, 7, stretch=2)
        self.view.give_up(24, 3, 4)
        self.view.setColumnHidden(STATE, True)
        self.state.currentIndexChanged.connect(self._choose_state)
        for made, signal in (
            (self.drop_button, self.drop_asked),
            (self.back_button, self.bring_back_asked),
        ):
            made.clicked.connect(partial(self._emit_selected, signal.emit))
        self._sending = TwoClicks(self.send_button, self._question)
        self._sending.meant.connect(self._send)
        self.all_button.clicked.connect(self.view.selectAll)
        self.view.selectionModel().selectionChanged.connect(self._show_selected)
        for changed in (self.model.rowsInserted, self.model.rowsRemoved, self.model.modelReset, self.model.dataChanged):
            changed.connect(self._show_selected)
        self.view.on_current(self._show)
        self._show_selected()

    def begin(self) -> None:
        """Focus the list, where the next message is selected."""
        self.view.setFocus()

    def _emit_selected(self, emit: Callable[[list[int]], None]) -> None:
        self.view.setFocus()  # the button is disabled with the messages gone, and another would get the keys
        emit([message.row for message in self.view.selected()])

    def _send(self) -> None:
        """Send again; a message with a bad field is shown in the form, since it would be refused again."""
        if self._is_one_to_correct():
            self.details.show_form()
        else:
            self._emit_selected(self.send_asked.emit)

    def _question(self) -> str:
        """Ask before many are sent: a message that was sent again cannot be called back."""
        chosen = len(self.view.selectionModel().selectedRows())
        return self.tr("Really send {0}").format(number(chosen)) if chosen > FEW else ""

    def _is_one_to_correct(self) -> bool:
        chosen = self.view.selected()
        return len(chosen) == 1 and (bad_field(chosen[0].reason) is not None or self._is_one_to_take_over())

    def _words_for_sending(self) -> str:
        if self._is_one_to_take_over():
            return self.tr("Take over...")
        return self.tr("Correct...") if self._is_one_to_correct() else self.tr("Send again")

    def _is_one_to_take_over(self) -> bool:
        chosen = self.view.selected()
        return len(chosen) == 1 and self.details.form.must_take_over(chosen[0])

    def show_rows(self, rows: Sequence[SetAside]) -> None:
        self.model.synchronise(rows)

    def _choose_state(self) -> None:
        self.view.let_go()
        chosen = self.state.currentData()  # Qt has made a plain str of the enum
        self.view.setColumnHidden(STATE, bool(chosen))
        self.state_wanted.emit(SetAsideState(chosen) if chosen else None)

    def _show_selected(self) -> None:
        chosen = [message.state for message in self.view.selected()]
        can_be_sent = bool(chosen) and all(state in CAN_BE_SENT for state in chosen)
        self.send_button.setEnabled(can_be_sent)
        self._sending.set_words(self._words_for_sending())
        self._sending.ask_anew()
        self.drop_button.setEnabled(can_be_sent)
        is_dropped = bool(chosen) and all(state is SetAsideState.DROPPED for state in chosen)
        self.back_button.setEnabled(is_dropped)
        self.back_button.setVisible(is_dropped)
        self.all_button.setEnabled(self.model.rowCount() > 0)
        self._chosen.setText(self.tr("{0} selected").format(number(len(chosen))) if len(chosen) > 1 else "")

    def _show(self, message: SetAside | None) -> None:
        self.details.setVisible(message is not None)
        if message is not None:
            self.details.show_message(message)
            QTimer.singleShot(0, self, self._choose_shown)  # after the rows above are removed

    def _choose_shown(self) -> None:
        """Select the message that is shown, for which the buttons are: after a drop that is the next one."""
        if self.view.currentIndex().isValid() and not self.view.selectionModel().hasSelection():
            self.view.select(self.view.currentIndex().row())
