"""Room: tests. Commands from other processes: answered in time, refused in words, and never the end of the window."""

from __future__ import annotations

import json
import logging
import socket
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from mirror_app.domain.errors import InputError, UnknownTargetError
from mirror_app.gui.control import door as control_door
from mirror_app.gui.control import server as control_server
from mirror_app.gui.control.line import LONGEST_REQUEST, as_line, from_line
from mirror_app.gui.control.server import ControlServer

T = TypeVar("T")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="speaks to the socket without Qt")


def echo(request: Mapping[str, object]) -> Mapping[str, object]:
    """Gives the request back; fails when it is told to."""
    if request.get("do") == "refuse":
        raise UnknownTargetError("There is no face {name}.", name="Käthe")
    if request.get("do") == "break":
        raise ZeroDivisionError
    return {"heard": dict(request)}


@pytest.fixture
def name() -> Iterator[str]:
    """Where to listen; a socket's path must be short."""
    with tempfile.TemporaryDirectory() as folder:
        yield str(Path(folder) / "control")


@pytest.fixture
def server(qtbot: QtBot, name: str) -> Iterator[ControlServer]:
    server = ControlServer(echo)
    assert server.listen(name)
    yield server
    server.close()


def beside(qtbot: QtBot, work: Callable[[], T]) -> T:
    """What another process would get: the work runs in a thread while the window's events go on."""
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work)
        qtbot.waitUntil(future.done, timeout=8000)
        return future.result()


def asked(qtbot: QtBot, name: str, request: Mapping[str, object]) -> dict[str, object]:
    """The answer to one request, without Qt: its waiting functions would hold Python's lock against the window."""
    return from_line(beside(qtbot, lambda: send(name, as_line(request))))


def send(name: str, *pieces: bytes, pause_s: float = 0.0, half_close: bool = False) -> bytes:
    """Send bytes, whatever they are, and read until the other side closes."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(5)
        line.connect(name)
        for piece in pieces:
            line.sendall(piece)
            time.sleep(pause_s)
        if half_close:
            line.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := line.recv(65536):
            answer += piece
        return answer


def test_a_request_is_answered(server: ControlServer, name: str, qtbot: QtBot) -> None:
    answer = asked(qtbot, name, {"do": "face", "face": "蒙娜丽莎"})
    assert answer == {"ok": True, "heard": {"do": "face", "face": "蒙娜丽莎"}}


def test_a_refusal_comes_with_its_sentence_and_exit_code(server: ControlServer, name: str, qtbot: QtBot) -> None:
    answer = asked(qtbot, name, {"do": "refuse"})
    assert answer == {"ok": False, "error": "There is no face Käthe.", "code": UnknownTargetError.exit_code}


def test_a_bug_in_a_command_is_an_answer_too(
    server: ControlServer, name: str, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    answer = asked(qtbot, name, {"do": "break"})
    assert "unexpected error" in str(answer["error"])
    assert asked(qtbot, name, {"do": "again"})["ok"]
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"panic\n",
        b"[]\n",
        b"1\n",
        b"null\n",
        b'{"do":\n',
        b'{"do":"x"} {"do":"y"}\n',
        b"\xff\xfe\x00\n",
        b"[" * 4000 + b"\n",
        b"x" * LONGEST_REQUEST,
        b"x" * (LONGEST_REQUEST * 20) + b"\n",
    ],
    ids=lambda line: repr(line[:12]),
)
def test_nonsense_is_answered_with_an_error(server: ControlServer, name: str, qtbot: QtBot, line: bytes) -> None:
    try:
        answer = json.loads(beside(qtbot, lambda: send(name, line)))
    except (ConnectionError, TimeoutError):
        assert len(line) > LONGEST_REQUEST  # sent away before all was said
    else:
        assert answer["ok"] is False
        assert answer["code"] == InputError.exit_code
        assert answer["error"].endswith(".")
    assert asked(qtbot, name, {"do": "x"})["ok"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(line=st.binary(max_size=200), half_close=st.booleans())
def test_no_bytes_at_all_end_the_server(
    server: ControlServer, name: str, qtbot: QtBot, line: bytes, half_close: bool
) -> None:
    answers = beside(qtbot, lambda: send(name, line + b"\n", half_close=half_close)).splitlines()
    assert all(json.loads(answer)["ok"] in (True, False) for answer in answers)
    assert asked(qtbot, name, {"do": "x"})["ok"]


def test_a_request_may_come_in_pieces_and_only_the_first_one_is_answered(
    server: ControlServer, name: str, qtbot: QtBot
) -> None:
    pieces = (b'{"do":', b'"slow"', b'}\n{"do":"second"}\n')
    answer = beside(qtbot, lambda: send(name, *pieces, pause_s=0.05))
    assert [json.loads(line) for line in answer.splitlines()] == [{"ok": True, "heard": {"do": "slow"}}]


def test_whoever_says_nothing_is_sent_away_after_a_while(
    server: ControlServer, name: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_server, "PATIENCE_MS", 100)
    assert beside(qtbot, lambda: send(name, b'{"do":')) == b""


def test_a_crowd_is_sent_away_and_leaves_room_again(server: ControlServer, name: str, qtbot: QtBot) -> None:
    crowd = [socket.socket(socket.AF_UNIX) for _ in range(20)]
    for line in crowd:
        line.connect(name)
        qtbot.wait(1)
    for line in crowd:
        line.close()
    qtbot.wait(50)
    assert asked(qtbot, name, {"do": "x"})["ok"]


def test_only_the_user_may_open_the_socket(server: ControlServer, name: str) -> None:
    assert stat.S_IMODE(Path(name).stat().st_mode) & 0o077 == 0


def test_two_windows_are_not_heard_under_one_name(server: ControlServer, name: str, qtbot: QtBot) -> None:
    second = ControlServer(lambda request: {"second": True})
    assert not second.listen(name)
    assert "heard" in asked(qtbot, name, {"do": "x"})
    server.close()
    assert second.listen(name)
    assert "second" in asked(qtbot, name, {"do": "x"})
    second.close()


def test_the_socket_of_a_killed_window_is_taken_over(qtbot: QtBot, name: str) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(name)
    left.close()
    assert Path(name).exists()
    server = ControlServer(echo)
    assert server.listen(name)
    assert asked(qtbot, name, {"do": "x"})["ok"]
    server.close()
    assert not Path(name).exists()


def test_a_place_that_cannot_be_listened_at_is_no_trouble_for_the_window(
    qtbot: QtBot, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert not ControlServer(echo).listen(f"{name}/{'x' * 200}")
    assert "cannot be controlled" in caplog.text


def test_the_door_is_open_where_commands_knock_and_belongs_to_the_window(
    name: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_door, "control_names", lambda: (name,))
    window = QObject()
    control_door.open_door(echo, window)
    assert asked(qtbot, name, {"do": "x"})["ok"]
    (server,) = window.findChildren(ControlServer)
    server.close()
    assert not Path(name).exists()


def test_every_window_has_a_door_of_its_own_as_long_as_there_are_names(
    name: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    names = (name, f"{name}-2")
    monkeypatch.setattr(control_door, "control_names", lambda: names)
    windows = [QObject() for _ in range(3)]
    for number, window in enumerate(windows):
        control_door.open_door(lambda request, number=number: {"window": number}, window)  # type: ignore[misc]
    assert [asked(qtbot, each, {"do": "x"})["window"] for each in names] == [0, 1]
    assert caplog.text.count("commands cannot reach the window") == 1
    for window in windows:
        window.findChildren(ControlServer)[0].close()


def test_where_a_system_library_is_missing_the_window_goes_without(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "mirror_app.gui.control.server", None)
    control_door.open_door(echo, QObject())
    assert "commands cannot reach the window" in caplog.text


def test_messages_survive_the_line() -> None:
    # The last letter stands for a byte of a file name that is no text, as Python gives it.
    message = {"do": "face", "face": "a\nb“ 脸\udcff", "on": True, "n": None}
    assert from_line(as_line(message)) == message
    assert as_line(message).count(b"\n") == 1
