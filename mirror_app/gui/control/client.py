"""Room: gui. Asks the open window something from another process. Loads QtNetwork, no windows."""

from __future__ import annotations

import time
from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication
from PySide6.QtNetwork import QLocalSocket

from mirror_app.domain.errors import InputError, MirrorError, NotRunningError
from mirror_app.gui.control.line import LONGEST_ANSWER, PATIENCE_MS, as_line, from_line


def ask(name: str, request: Mapping[str, object]) -> dict[str, object]:
    """Send one request and wait for its answer, two seconds at most.

    Args:
        name: Where the window listens, see `resources.control_name`.
        request: What is asked.

    Raises:
        NotRunningError: No window is open, or it does not answer.
        MirrorError: The window says why it will not; with the exit code that it gives.
    """
    # Qt's sockets want an application, whose thread they belong to.
    application = QCoreApplication.instance() or QCoreApplication([])
    line = _exchange(name, as_line(request))
    del application
    try:
        answer = from_line(line)
    except InputError:
        raise _no_answer() from None
    if answer.pop("ok", None) is not True:
        raise _refusal(answer)
    return answer


def _exchange(name: str, line: bytes) -> bytes:
    deadline_s = time.monotonic() + PATIENCE_MS / 1000
    socket = QLocalSocket()
    socket.setReadBufferSize(LONGEST_ANSWER)
    socket.connectToServer(name)
    if not socket.waitForConnected(_left_ms(deadline_s)):
        raise NotRunningError("No window of the mirror is open. Open one with `mirror-app`.")
    socket.write(line)
    while not socket.canReadLine() and (left_ms := _left_ms(deadline_s)) and socket.waitForReadyRead(left_ms):
        pass
    if not socket.canReadLine():
        raise _no_answer()
    return bytes(socket.readLine().data())


def _left_ms(deadline_s: float) -> int:
    return max(round((deadline_s - time.monotonic()) * 1000), 0)


def _refusal(answer: Mapping[str, object]) -> MirrorError:
    """What the window said, in its own words and with its own exit code."""
    sentence, code = answer.get("error"), answer.get("code")
    if not isinstance(sentence, str) or not isinstance(code, int):
        return _no_answer()
    error = MirrorError(sentence)
    error.exit_code = code
    return error


def _no_answer() -> NotRunningError:
    return NotRunningError("The window of the mirror does not answer. Close it and open it again.")
