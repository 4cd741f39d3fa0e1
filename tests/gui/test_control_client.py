"""Room: tests. Asking the open window from a process of its own: in time, and with a sentence when it cannot."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mirror_app.domain.errors import MirrorError, NotRunningError
from mirror_app.gui.control.client import ask

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="speaks to the socket without Qt")

# Another process: Qt's waiting functions hold Python's lock.
SPEAKER = """
import os, socket, sys
line = socket.socket(socket.AF_UNIX)
line.bind(sys.argv[1])
line.listen()
print("ready", flush=True)
visitor, _ = line.accept()
visitor.recv(4096)
visitor.sendall(os.fsencode(sys.argv[2]))
visitor.close()
"""


@pytest.fixture
def name() -> Iterator[str]:
    """Where a window would listen; a socket's path must be short."""
    with tempfile.TemporaryDirectory() as folder:
        yield str(Path(folder) / "control")


@pytest.fixture(autouse=True)
def application(qtbot: QtBot) -> None:
    """Qt's sockets want an application."""


def answered_by(name: str, answer: str) -> subprocess.Popen[str]:
    speaker = subprocess.Popen([sys.executable, "-c", SPEAKER, name, answer], stdout=subprocess.PIPE, text=True)
    assert speaker.stdout is not None
    assert speaker.stdout.readline() == "ready\n"
    return speaker


def test_the_answer_is_given_back(name: str) -> None:
    with answered_by(name, '{"ok":true,"face":"脸"}\n'):
        assert ask([name], {"do": "status"}) == {"face": "脸"}


def test_a_refusal_keeps_the_windows_sentence_and_exit_code(name: str) -> None:
    with (
        answered_by(name, '{"ok":false,"error":"没有 {x}。","code":6}\n'),
        pytest.raises(MirrorError) as caught,
    ):
        ask([name], {"do": "face", "face": "x"})
    assert (str(caught.value), caught.value.exit_code) == ("没有 {x}。", 6)


@pytest.mark.parametrize("answer", ["", "{", "hello\n", "[1]\n", '{"ok":false}\n', "[" * 60000 + "\n"])
def test_a_damaged_answer_is_a_sentence(name: str, answer: str) -> None:
    with answered_by(name, answer), pytest.raises(NotRunningError, match="does not answer"):
        ask([name], {"do": "panic"})


def test_without_a_window_there_is_a_sentence_at_once(name: str) -> None:
    begun_s = time.monotonic()
    with pytest.raises(NotRunningError, match="No window of the mirror is open"):
        ask([name], {"do": "panic"})
    assert time.monotonic() - begun_s < 2


def test_all_windows_are_asked_or_the_first_one_alone(name: str) -> None:
    nobody = f"{name}-2"
    names = (nobody, name, f"{name}-3")
    answers = ('{"ok":true,"n":1}\n', '{"ok":true,"n":3}\n')
    with answered_by(name, answers[0]) as first, answered_by(names[2], answers[1]) as third:
        assert ask(names, {"do": "panic"}, all_windows=True) == {"n": 1}
        assert (first.wait(5), third.wait(5)) == (0, 0)
    Path(name).unlink()
    with answered_by(name, answers[0]) as first, socket.socket(socket.AF_UNIX) as left_alone:
        left_alone.bind(nobody)
        left_alone.listen()
        left_alone.setblocking(False)
        assert ask((name, nobody), {"do": "status"}) == {"n": 1}
        with pytest.raises(BlockingIOError):
            left_alone.accept()


def test_a_window_that_hangs_does_not_keep_the_others_from_being_covered(name: str) -> None:
    with socket.socket(socket.AF_UNIX) as deaf, answered_by(f"{name}-2", '{"ok":true}\n') as second:
        deaf.bind(name)
        deaf.listen()
        with pytest.raises(NotRunningError, match="does not answer"):
            ask((name, f"{name}-2"), {"do": "panic"}, all_windows=True)
        assert second.wait(5) == 0


def test_a_window_that_hangs_is_not_waited_for_longer_than_two_seconds(name: str) -> None:
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(name)
        deaf.listen()
        begun_s = time.monotonic()
        with pytest.raises(NotRunningError, match="does not answer"):
            ask([name], {"do": "panic"})
        assert time.monotonic() - begun_s < 4


def test_asking_loads_no_windows_and_needs_no_screen(name: str) -> None:
    program = (
        "import sys\n"
        "from mirror_app.domain.errors import NotRunningError\n"
        "from mirror_app.gui.control.client import ask\n"
        "try:\n    ask(sys.argv[1:], {})\n"
        "except NotRunningError:\n"
        "    print([name for name in ('PySide6.QtWidgets', 'PySide6.QtGui', 'numpy', 'cv2') if name in sys.modules])"
    )
    environ = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [sys.executable, "-c", program, name], capture_output=True, text=True, timeout=60, env=environ, check=True
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
