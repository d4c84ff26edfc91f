"""One window for each profile: starting a second one brings the first to the front instead."""

import hashlib
import os

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from messaging.runtime.paths import DataDir

_PATIENCE = 1000  # milliseconds for the other window; one that hangs is no reason not to start
_MOST = 64  # bytes of a request
_ANSWER = b"here"


def name_of(folder: DataDir, user_id: str) -> str:
    """The name of the local socket; short, because a socket's path may have about 100 characters only."""
    return "order-desk-" + hashlib.sha256(os.fsencode(f"{folder.root}\n{user_id}")).hexdigest()[:20]


def raise_window(folder: DataDir, user_id: str, tab: str = "") -> bool:
    """Ask the window of this profile, in whatever process, to come forward. False where there is none that answers."""
    socket = QLocalSocket()
    socket.connectToServer(name_of(folder, user_id))
    if not socket.waitForConnected(_PATIENCE):
        return False
    socket.write(f"{tab}\n".encode())
    socket.waitForBytesWritten(_PATIENCE)
    if not socket.bytesAvailable():  # the answer may have come while it was writing
        socket.waitForReadyRead(_PATIENCE)
    came = bytes(socket.readAll().data()).startswith(_ANSWER)
    socket.abort()
    return came


class InstanceListener(QObject):
    """Notices when the same profile's window is started again. Signal `rung(str)`: the tab asked for, or empty.

    Only the first window of a profile listens.
    """

    rung = Signal(str)

    def __init__(self, folder: DataDir, user_id: str, parent: QObject) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept)
        self._listen(name_of(folder, user_id))

    def close(self) -> None:
        self._server.close()

    def _listen(self, name: str) -> None:
        """Listen, unless another window answers; a socket that a killed process has left is removed."""
        if self._server.listen(name):
            return
        other = QLocalSocket()
        other.connectToServer(name)
        if other.waitForConnected(_PATIENCE):
            other.abort()
            return
        QLocalServer.removeServer(name)
        self._server.listen(name)

    def _accept(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(socket.deleteLater)

    def _read(self) -> None:
        socket = self.sender()
        assert isinstance(socket, QLocalSocket), "only sockets are connected to this"
        if socket.canReadLine():
            tab = bytes(socket.readLine(_MOST).data()).decode("ascii", "replace").strip()
            socket.write(_ANSWER)
            socket.flush()
            self.rung.emit(tab)
