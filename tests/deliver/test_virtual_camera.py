"""Room: tests. The virtual camera with its real process: what a backend gets, whatever happens on either side."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest

from mirror_app.deliver.current import PATIENCE_NS
from mirror_app.deliver.virtual_camera import CAMERA_SIZE, VirtualCamera, open_virtual_camera
from mirror_app.domain.errors import MissingLibraryError, OutputError
from mirror_app.domain.frame import SafeFrame, Size
from tests.deliver.camera_backend import FOLDER, OPENING, SENDING, Stage, serve, serve_nothing
from tests.deliver.camera_parent import CARD, digest, picture

SIZE: Size = (160, 90)
GENEROUS_S = 60.0
NAMES = {digest(picture(SIZE, number)): number for number in range(4)}

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the tests kill by signals")


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    made = Stage(tmp_path)
    yield made
    for pid in made.pids():
        until(lambda pid=pid: not is_alive(pid))  # type: ignore[misc]


def safe(number: int, size_wh: Size = SIZE) -> SafeFrame:
    """As the guard would make it now."""
    return SafeFrame(picture(size_wh, number), number, time.monotonic_ns())


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + GENEROUS_S
    while not is_so():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def open_files() -> int:
    """How many this process has open; 0 where that is not told."""
    return len(list(Path("/proc/self/fd").glob("*")))


def shown(stage: Stage, since: int = 0) -> list[int | None]:
    """The numbers of the pictures that arrived; None for one that nobody made."""
    return [NAMES.get(one.digest) for one in stage.received()[since:]]


def sends_until(camera: VirtualCamera, number: int, is_so: Callable[[], bool]) -> None:
    def after_another() -> bool:
        camera.send(safe(number))
        return is_so()

    until(after_another)


@pytest.fixture
def camera(stage: Stage) -> Iterator[VirtualCamera]:
    opened = open_virtual_camera(SIZE, safe(CARD), serve=serve)
    yield opened
    opened.close()


def test_it_shows_the_card_then_what_it_gets_byte_for_byte_then_the_card_again(
    stage: Stage, camera: VirtualCamera
) -> None:
    until(lambda: len(shown(stage)) > 3)
    assert set(shown(stage)) == {CARD}
    for number in (1, 2, 3):
        sends_until(camera, number, lambda number=number: number in shown(stage))  # type: ignore[misc]
    since = len(shown(stage))
    until(lambda: CARD in shown(stage, since))
    seen = [one for one, before in zip(shown(stage), [None, *shown(stage)], strict=False) if one != before]
    assert seen == [CARD, 1, 2, 3, CARD]
    (opened,) = stage.opened()
    assert opened.split()[1:] == ["160x90", "30", "24BG"]
    assert (camera.report().trouble, camera.report().is_over, camera.device) == ("", False, "a device for tests")


def test_a_picture_that_is_old_when_it_comes_is_never_shown(stage: Stage, camera: VirtualCamera) -> None:
    for age_ns in (PATIENCE_NS + 1, 10**18, -(10**10)):
        since = len(shown(stage))
        camera.send(SafeFrame(picture(SIZE, 1), 0, time.monotonic_ns() - age_ns))
        until(lambda since=since: len(shown(stage, since)) > 3)  # type: ignore[misc]
    assert set(shown(stage)) == {CARD}


def test_the_newest_wins_however_many_came_while_the_process_was_slow(stage: Stage, camera: VirtualCamera) -> None:
    (pid,) = stage.pids()

    def after_a_pause() -> bool:
        since = len(shown(stage))
        os.kill(pid, signal.SIGSTOP)
        for _ in range(10):
            camera.send(safe(1))
        camera.send(safe(2))
        os.kill(pid, signal.SIGCONT)
        time.sleep(0.1)
        return 2 in shown(stage, since)

    until(after_a_pause)
    until(lambda: shown(stage)[-1] == CARD)
    assert [one for one in shown(stage) if one != CARD][-1] == 2


def test_closing_gives_the_device_back_and_leaves_nothing(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    before = open_files()
    camera = open_virtual_camera(SIZE, safe(CARD), serve=serve)
    assert not list(Path("/dev/shm").glob("*mirror*"))
    assert not list((tmp_path / "temporary").iterdir())
    sends_until(camera, 1, lambda: 1 in shown(stage))
    camera.close()
    camera.close()
    camera.send(safe(1))
    # A child that nobody had waited for would still be there.
    assert not is_alive(stage.pids()[0])
    assert stage.closed() == 1
    assert (camera.report().trouble, camera.report().is_over, camera.device) == ("", False, "")
    assert camera.report().frames == len(stage.received())
    assert open_files() == before


def test_a_killed_process_is_started_again_once_then_it_stays_off(stage: Stage, camera: VirtualCamera) -> None:
    sends_until(camera, 1, lambda: 1 in shown(stage))
    os.kill(stage.pids()[0], signal.SIGKILL)
    until(lambda: len(stage.pids()) == 2)
    since = len(shown(stage))
    sends_until(camera, 2, lambda: 2 in shown(stage, since))
    report = camera.report()
    assert "was started again" in report.trouble
    assert "signal 9" in report.trouble
    assert not report.is_over
    assert report.missing > 0
    os.kill(stage.pids()[1], signal.SIGKILL)
    until(lambda: camera.report().is_over)
    camera.send(safe(1))
    assert "stays off" in camera.report().trouble
    assert camera.report().frames >= report.frames
    assert len(stage.pids()) == 2
    assert None not in shown(stage)


def test_a_device_that_goes_away_is_tried_again_once(stage: Stage, camera: VirtualCamera) -> None:
    stage.misbehave(OPENING, "No v4l2 loopback device found")
    stage.misbehave(SENDING, "the cable was pulled")
    until(lambda: camera.report().is_over)
    assert "There is no virtual camera device." in camera.report().trouble
    assert stage.closed() == 1


def test_a_device_that_comes_back_is_used_again(stage: Stage, camera: VirtualCamera) -> None:
    stage.misbehave(SENDING, "the cable was pulled")
    until(lambda: stage.closed() == 1)
    stage.behave(SENDING)
    until(lambda: "was started again" in camera.report().trouble and camera.device != "")
    assert "the cable was pulled" in camera.report().trouble
    sends_until(camera, 1, lambda: 1 in shown(stage))


def test_a_driver_that_hangs_while_it_sends_is_ended_and_started_again(stage: Stage, camera: VirtualCamera) -> None:
    until(lambda: bool(shown(stage)))
    stage.misbehave(SENDING, "hang")
    until(lambda: not is_alive(stage.pids()[0]))
    stage.behave(SENDING)
    until(lambda: camera.device != "" and len(stage.pids()) == 2)
    assert "no answer within" in camera.report().trouble


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        ("crash", "it crashed (signal 11)"),
        ("hang", "no answer within"),
        ("Device or resource busy", "Another program uses the virtual camera"),
        ("the moon is full", "cannot be opened: 'test' backend: the moon is full."),
    ],
)
def test_what_goes_wrong_at_the_start_is_said_and_not_tried_again(stage: Stage, deed: str, words: str) -> None:
    stage.misbehave(OPENING, deed)
    with pytest.raises(OutputError) as raised:
        open_virtual_camera(SIZE, safe(CARD), serve=serve)
    assert words in str(raised.value)
    assert stage.opened() == []


def test_a_library_that_is_not_installed_is_said_with_the_command() -> None:
    with pytest.raises(MissingLibraryError, match=r"mirror-app\[virtual-camera\]"):
        open_virtual_camera(SIZE, safe(CARD), serve=serve_nothing)


def test_a_driver_that_prints_disturbs_nobody(stage: Stage) -> None:
    stage.misbehave(OPENING, "print")
    stage.misbehave(SENDING, "print")
    camera = open_virtual_camera(SIZE, safe(CARD), serve=serve)
    for number in (1, 2, 3, 1, 2, 3):
        since = len(shown(stage))
        sends_until(camera, number, lambda since=since, number=number: number in shown(stage, since))  # type: ignore[misc]
    camera.close()
    assert camera.report().trouble == ""


def test_an_app_killed_in_the_middle_of_a_write_leaves_the_card_and_then_the_device(stage: Stage) -> None:
    digests = {digest(picture(CAMERA_SIZE, number)) for number in (CARD, 1, 2)}
    stage.misbehave(SENDING, "dwell")
    app = subprocess.Popen([sys.executable, "-m", "tests.deliver.camera_parent", *map(str, CAMERA_SIZE)])
    until(lambda: len(stage.received()) > 20)
    app.kill()
    app.wait()
    killed_ns = time.monotonic_ns()
    (pid,) = stage.pids()
    until(lambda: not is_alive(pid))
    received = stage.received()
    assert {one.digest for one in received} == digests
    late = [one for one in received if one.at_ns > killed_ns + PATIENCE_NS]
    assert {one.digest for one in late} == {digest(picture(CAMERA_SIZE, CARD))}
    # Others still see a camera for a while: an app that is started again finds them there.
    assert received[-1].at_ns > killed_ns + 4 * 10**9
    assert stage.closed() == 1


def test_a_picture_or_a_card_of_another_size_is_refused(stage: Stage, camera: VirtualCamera) -> None:
    with pytest.raises(ValueError, match="expected"):
        camera.send(safe(1, (90, 160)))
    with pytest.raises(ValueError, match="expected"):
        open_virtual_camera(CAMERA_SIZE, safe(CARD), serve=serve)


def _loopback() -> str:
    """Why a real v4l2loopback cannot be used here; "" when it can."""
    if find_spec("pyvirtualcam") is None:
        return "pyvirtualcam is not installed (GPL-2.0): uv pip install pyvirtualcam"
    names = Path("/sys/devices/virtual/video4linux").glob("video*")
    usable = [name for name in names if os.access(Path("/dev") / name.name, os.W_OK)]
    return "" if usable else "no v4l2loopback device: sudo modprobe v4l2loopback devices=1 exclusive_caps=1"


@pytest.mark.skipif(_loopback() != "", reason=_loopback())
def test_a_real_device_takes_pictures() -> None:
    camera = open_virtual_camera(CAMERA_SIZE, safe(CARD, CAMERA_SIZE))
    assert camera.device.startswith("/dev/video")
    for number in count():
        camera.send(safe(number % 3, CAMERA_SIZE))
        if camera.report().frames > 60:
            break
        time.sleep(0.01)
    camera.close()
    assert camera.report().trouble == ""
