"""The form for where RabbitMQ is: the private node, or one or several addresses; with a test, step by step."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QWidget,
)

from desktop.connection.address import PORT, TLS_PORT, AddressForm, masked, read, unmasked
from desktop.connection.address_test import AddressTest, Findings, of_address
from desktop.connection.findings import CheckList
from desktop.text.formats import plain_tip
from desktop.text.phrases import said
from desktop.widgets.buttons import button
from desktop.widgets.frame_dialog import FrameDialog, primary
from desktop.widgets.labels import Complaint, PlainLabel, muted
from desktop.widgets.layouts import row
from desktop.widgets.number_field import NumberField, first_refused
from messaging.errors import UsageError

MOST_PORT = 65_535
_SIZE = (640, 500)  # logical pixels


class ConnectionDialog(FrameDialog):
    """Signal `applied(str)`: the setting `broker`, empty for the private node."""

    applied = Signal(str)

    def __init__(self, broker: str, private: Callable[[], Findings | None], note: str, parent: QWidget) -> None:
        """`private` gives the test of the private node where one is in use; `note` stands below the form."""
        super().__init__("", parent)
        self.setWindowTitle(self.tr("Connection"))
        self._private_test = private
        self._test: AddressTest | None = None
        self._filling = self._has_failed = False
        self._urls = ""  # with the passwords that `url` hides
        self.private = QRadioButton(self.tr("A private RabbitMQ on this machine, started when it is needed"))
        self.given = QRadioButton(self.tr("A RabbitMQ that runs elsewhere"))
        self._make_fields()
        self.steps = CheckList()
        self._note = note
        self.words = muted(note)
        self.words.setWordWrap(True)
        self._lay_out()
        self._connect()
        self._show(broker)

    def address(self) -> str:
        """The setting `broker` as the form has it now: empty for the private node."""
        return "" if self.private.isChecked() else self._urls.strip()

    def test(self) -> None:
        if self._has_wrong_port():
            return
        work = self._private_test() if self.private.isChecked() else of_address(self.address())
        self.give_up()
        if work is None:
            self.words.setText(self.tr("The private RabbitMQ is not in use yet: apply first, then test."))
            return
        self.steps.clear()
        if "," not in self.address():
            self.steps.expect(self.address().startswith("amqps"))
        self._has_failed = False
        self.words.setText(self.tr("Testing..."))
        self.testing.setEnabled(False)
        self._test = AddressTest(work)
        self._test.found.connect(self.steps.add)
        self._test.failed.connect(self._test_failed)
        self._test.ended.connect(self._test_ended)
        self._test.start()

    def give_up(self) -> None:
        test, self._test = self._test, None
        if test is not None:
            test.give_up()

    def done(self, result: int) -> None:
        self.give_up()
        super().done(result)

    # --- inside

    def _has_wrong_port(self) -> bool:
        """Whether the port is used and cannot be taken; then the cursor is put there."""
        counts = self.given.isChecked() and self.port.isEnabled()
        return counts and first_refused(self.port) is not None

    def _test_failed(self, words: str) -> None:
        self._has_failed = True
        self.words.setText(said(words))

    def _test_ended(self) -> None:
        self._test = None
        self.testing.setEnabled(True)
        if not self._has_failed:
            wrong = self.steps.problems()
            all_well = self.tr("All is as it should be.")
            self.words.setText(self.tr("Problems: {n}, see above.").format(n=wrong) if wrong else all_well)

    def _make_fields(self) -> None:
        self.host, self.user, self.password, self.vhost = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.port = NumberField(1, MOST_PORT)
        self.wrong_port = Complaint()
        self.tls = QCheckBox(self.tr("Encrypted (TLS)"))
        self.url = QLineEdit()
        self.url.setPlaceholderText("amqps://user@host:5671/vhost")

    def _lay_out(self) -> None:
        self.resize(*_SIZE)
        self.form = QFrame()
        self.form.setProperty("role", "card")
        self._lay_out_form()
        parts = (self.private, self.given, self.form, self.steps, self.words)
        self.stack(*parts, self._buttons()).setStretch(parts.index(self.steps), 1)

    def _lay_out_form(self) -> None:
        """Lay out host and port, user and password in pairs."""
        grid = QGridLayout(self.form)
        grid.setContentsMargins(14, 12, 14, 12)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        self.port.setFixedWidth(96)
        pairs = (
            ((self.tr("Host"), self.host), (self.tr("Port"), self.port)),
            ((self.tr("User"), self.user), (self.tr("Password"), self.password)),
            ((self.tr("Virtual host"), self.vhost), ("", self.tls)),
        )
        for line, pair in zip((0, 2, 3), pairs, strict=True):
            for place, (words, field) in enumerate(pair):
                field.setAccessibleName(words or self.tls.text())
                if words:
                    grid.addWidget(PlainLabel(words), line, 2 * place)
                grid.addWidget(field, line, 2 * place + 1)
        self.wrong_port.setAlignment(Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self.wrong_port, 1, 1, 1, 3)
        grid.addWidget(PlainLabel(self.tr("Address")), 4, 0)
        grid.addWidget(self.url, 4, 1, 1, 3)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(3, 2)
        self.url.setAccessibleName(self.tr("Address"))
        self.url.setToolTip(plain_tip(self.tr("Several addresses with commas: they are tried in turn")))

    def _buttons(self) -> QHBoxLayout:
        self.testing = button(self.tr("Test"), "play", hint=self.tr("Step by step; nothing is changed"))
        buttons = QDialogButtonBox()
        self.applying = primary(self.tr("Apply and reconnect"))
        buttons.addButton(self.applying, QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = button(self.tr("Cancel"))
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._apply)
        buttons.rejected.connect(self.reject)
        return row(self.testing, 1, buttons)

    def _connect(self) -> None:
        self.private.toggled.connect(self._choose)
        self.testing.clicked.connect(self.test)
        for field in (self.host, self.user, self.password, self.vhost):
            field.textEdited.connect(self._write_url)
        self.port.valueChanged.connect(self._write_url)
        self.port.lineEdit().textEdited.connect(self._write_url)
        self.port.refused.connect(self.wrong_port.show_text)
        self.tls.toggled.connect(self._switch_tls)
        self.url.textEdited.connect(self._edit_url)
        self.url.editingFinished.connect(self._show_urls)

    def _show(self, broker: str) -> None:
        self.private.setChecked(not broker)
        self.given.setChecked(bool(broker))
        self._choose(not broker)
        self._urls = broker or AddressForm().url
        self._show_urls()
        self._read_url()

    def _choose(self, is_private: bool) -> None:
        """Disable the address while the private node is chosen."""
        self.form.setVisible(not is_private)
        self.give_up()
        self.testing.setEnabled(True)
        self.steps.clear()
        self.words.setText(self._note)

    def _show_urls(self) -> None:
        self.url.setText(masked(self._urls))

    def _edit_url(self, shown: str) -> None:
        self._urls = unmasked(shown, self._urls)
        self._read_url()

    def _switch_tls(self, on: bool) -> None:
        """Change the port with TLS where it is the usual one."""
        if not self._filling:
            if self.port.typed() == (PORT if on else TLS_PORT):
                self.port.setValue(TLS_PORT if on else PORT)
            self._write_url()

    def _write_url(self) -> None:
        if self._filling:
            return
        try:
            query = read(self._urls).query
        except UsageError:
            query = ""
        host = self.host.text().strip() or "localhost"
        form = AddressForm(
            host,
            self.port.typed() or self.port.value(),
            self.user.text(),
            self.password.text(),
            self.vhost.text(),
            self.tls.isChecked(),
            query,
        )
        self._urls = form.url
        self._show_urls()
        self.words.setText("")

    def _read_url(self) -> None:
        """Fill the fields from the address; several addresses leave the fields empty."""
        text = self._urls
        single = [self.host, self.port, self.tls, self.user, self.password, self.vhost]
        for field in single:
            field.setEnabled("," not in text)
        if "," in text:
            self.port.setValue(self.port.value())  # what was refused counts no more
            return
        try:
            form = read(text)
        except UsageError as error:
            self.words.setText(said(error.words))
            return
        self._filling = True
        self.host.setText(form.host)
        self.port.setValue(form.port)
        self.tls.setChecked(form.tls)
        self.user.setText(form.user)
        self.password.setText(form.password)
        self.vhost.setText(form.vhost)
        self._filling = False

    def _apply(self) -> None:
        if self._has_wrong_port():
            return
        try:
            for one in filter(None, (part.strip() for part in self.address().split(","))):
                read(one)
        except UsageError as error:
            self.words.setText(said(error.words))
            return
        self.applied.emit(self.address())
        self.accept()
