"""Room: gui. Hears commands of the same user's other programs, and hands them to the window. Knows none of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from mirror_app.domain.errors import InputError, MirrorError
from mirror_app.gui.control.line import LONGEST_REQUEST, PATIENCE_MS, as_line, from_line
from mirror_app.gui.translator import spoken

_logger = logging.getLogger(__name__)

Answer = Callable[[Mapping[str, object]], Mapping[str, object]]
"""What the window makes of a request; it may raise a `MirrorError`."""
_MOST_VISITS: Final = 8
"""Connections at a time; whoever comes on top of that is sent away."""
_PROBE_MS: Final = 30


class ControlServer(QObject):
    """A socket that only the user's own programs can open; one request and one answer per connection.

    Everything happens in the window's thread, and nothing waits there. Whatever is sent, the window goes on.
    """

    def __init__(self, answer: Answer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answer = answer
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._meet)

    def listen(self, name: str) -> bool:
        """Begin to hear; False when another window is heard under this name already, or the system refuses."""
        if _is_taken(name):
            return False
        QLocalServer.removeServer(name)  # left by a window that was killed
        if not self._server.listen(name):
            _logger.info("the window cannot be controlled by commands: %s", self._server.errorString())
            return False
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)
        return True

    def close(self) -> None:
        """Hear nothing any more."""
        self._server.close()

    def _meet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            if len(self.findChildren(_Visit)) >= _MOST_VISITS:
                socket.abort()
                socket.deleteLater()
            else:
                _Visit(socket, self._answer, self)


class _Visit(QObject):
    """One connection, from its first byte to its end or until patience ends."""

    def __init__(self, socket: QLocalSocket, answer: Answer, parent: QObject) -> None:
        super().__init__(parent)
        self._socket = socket
        self._answer = answer
        self._is_answered = False
        socket.setParent(self)
        socket.setReadBufferSize(LONGEST_REQUEST)
        socket.readyRead.connect(self._read)
        socket.disconnected.connect(self.deleteLater)
        QTimer.singleShot(PATIENCE_MS, self, socket.abort)
        self._read()  # what came with the connection is not announced again

    def _read(self) -> None:
        socket = self._socket
        if self._is_answered or not (socket.canReadLine() or socket.bytesAvailable() >= LONGEST_REQUEST):
            return
        self._is_answered = True
        socket.write(as_line(self._reply(bytes(socket.readLine(LONGEST_REQUEST).data()))))
        socket.disconnectFromServer()  # when all is written

    def _reply(self, line: bytes) -> Mapping[str, object]:
        try:
            if not line.endswith(b"\n"):
                raise InputError("The request is too long.")
            return {"ok": True, **self._answer(from_line(line))}
        except MirrorError as error:
            return {"ok": False, "error": spoken(error), "code": error.exit_code}
        # A bug in a command must not take the picture away.
        except Exception:
            _logger.exception("a command failed")
            failure = MirrorError("The window could not do that because of an unexpected error.")
            return {"ok": False, "error": spoken(failure), "code": failure.exit_code}


def _is_taken(name: str) -> bool:
    """Whether somebody answers there; a socket's file alone says nothing, a killed window leaves it."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    is_taken = socket.waitForConnected(_PROBE_MS)
    socket.abort()
    return is_taken
