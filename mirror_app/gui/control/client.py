"""Room: gui. Asks the open window something from another process. Loads QtNetwork, no windows."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from itertools import islice

from PySide6.QtCore import QCoreApplication
from PySide6.QtNetwork import QLocalSocket

from mirror_app.domain.errors import InputError, MirrorError, NotRunningError
from mirror_app.gui.control.line import LONGEST_ANSWER, PATIENCE_MS, as_line, from_line


def ask(names: Iterable[str], request: Mapping[str, object], *, all_windows: bool = False) -> dict[str, object]:
    """Send one request and wait for its answer, two seconds at most for each window.

    Args:
        names: Where windows may listen, see `resources.control_names`.
        request: What is asked.
        all_windows: Ask every window that is open, and not the first one alone.

    Returns:
        The first window's answer.

    Raises:
        NotRunningError: No window is open, or one does not answer.
        MirrorError: A window says why it will not; with the exit code that it gives.
    """
    # Qt's sockets want an application, whose thread they belong to.
    application = QCoreApplication.instance() or QCoreApplication([])
    # One after the other, and none is asked needlessly.
    said = (line for name in names if (line := _exchange(name, as_line(request))) is not None)
    lines = list(said if all_windows else islice(said, 1))
    del application
    if not lines:
        raise NotRunningError("No window of the mirror is open. Open one with `mirror-app`.")
    answers = [_answer(line) for line in lines]
    return answers[0]


def _answer(line: bytes) -> dict[str, object]:
    """What a window meant, or what it refused."""
    try:
        answer = from_line(line)
    except InputError:
        raise _no_answer() from None
    if answer.pop("ok", None) is not True:
        raise _refusal(answer)
    return answer


def _exchange(name: str, line: bytes) -> bytes | None:
    """One request and its answer; None where nobody listens, nothing where nobody answers in time."""
    deadline_s = time.monotonic() + PATIENCE_MS / 1000
    socket = QLocalSocket()
    socket.setReadBufferSize(LONGEST_ANSWER)
    socket.connectToServer(name)
    if not socket.waitForConnected(_left_ms(deadline_s)):
        return None
    socket.write(line)
    while not socket.canReadLine() and (left_ms := _left_ms(deadline_s)) and socket.waitForReadyRead(left_ms):
        pass
    return bytes(socket.readLine().data()) if socket.canReadLine() else b""


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
