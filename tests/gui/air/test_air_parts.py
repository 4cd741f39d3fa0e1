"""Room: tests. Sound, address and key, the words of the panel, and the monitor: each alone."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from mirror_app.deliver.protocol import OutputReport
from mirror_app.deliver.sound import SoundFormat
from mirror_app.domain.sentence import Sentence
from mirror_app.gui.air.choices import AirChoices
from mirror_app.gui.air.key_keeper import KeyKeeper
from mirror_app.gui.air.kinds import OutputKind, Wish
from mirror_app.gui.air.level_meter import LevelMeter
from mirror_app.gui.air.monitor import Monitor
from mirror_app.gui.air.sound_desk import SoundDesk
from mirror_app.gui.air.way_out import Phase
from mirror_app.gui.air.words import clock, said_of
from mirror_app.pipeline.result import MirrorState
from mirror_app.settings import Settings
from tests.gui.air.fakes import CARD_BGR, FakeMicrophone, FakeOutput, safe
from tests.gui.fakes import SAFE_BGR, frame, result

SECRET = "abcd-1234"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (f"rtmp://live.example/app/{SECRET}", "rtmp://live.example:1935/app"),
        (f"rtmps://live.example/app/{SECRET}?token={SECRET}", "rtmps://live.example:443/app"),
        ("udp://127.0.0.1:5000", "udp://127.0.0.1:5000"),
        (f"live.example/app/{SECRET}", ""),
        (f"ftp://{SECRET}@live.example", ""),
        ("", ""),
    ],
)
def test_no_key_is_ever_among_the_settings(typed: str, kept: str) -> None:
    choices = AirChoices(Settings())
    choices.set_server(typed)
    saved = choices.remembered_in(Settings())
    assert saved.stream_server == kept
    assert SECRET not in repr(saved)
    assert SECRET not in repr(choices.wish(None))


def test_a_key_in_the_address_moves_to_its_own_line() -> None:
    choices = AirChoices(Settings())
    choices.set_server(f"rtmp://live.example/app/{SECRET}")
    assert (choices.server, choices.key) == ("rtmp://live.example:1935/app", SECRET)


def test_the_wish_has_what_was_chosen(tmp_path: Path) -> None:
    settings = Settings(output_size="1920x1080", recordings_dir=str(tmp_path), stream_server="udp://127.0.0.1:5000")
    choices = AirChoices(settings)
    assert choices.wish(None) == Wish((1920, 1080), tmp_path, "udp://127.0.0.1:5000")
    assert choices.remembered_in(Settings()) == settings


class Ring:
    def __init__(self, *, is_broken: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.is_broken = is_broken

    def get_password(self, service_name: str, username: str, /) -> str | None:
        if self.is_broken:
            raise RuntimeError("locked")
        return self.kept.get((service_name, username))

    def set_password(self, service_name: str, username: str, password: str, /) -> None:
        if self.is_broken:
            raise RuntimeError("locked")
        self.kept[service_name, username] = password


def test_a_keyring_keeps_a_key_for_each_server() -> None:
    keeper = KeyKeeper(Ring())
    keeper.keep("a", SECRET)
    assert (keeper.key_for("a"), keeper.key_for("b"), keeper.is_kept) == (SECRET, "", True)


def test_a_keyring_that_fails_keeps_nothing_and_says_so_without_the_key(caplog: pytest.LogCaptureFixture) -> None:
    keeper = KeyKeeper(Ring(is_broken=True))
    keeper.keep("a", SECRET)
    assert (keeper.key_for("a"), keeper.is_kept) == ("", False)
    assert SECRET not in caplog.text


def test_sound_goes_to_outputs_and_silence_when_muted(qtbot: QtBot) -> None:
    microphone = FakeMicrophone()
    desk = SoundDesk(lambda: microphone)
    output = FakeOutput(OutputKind.STREAM, Wish((64, 36), Path()), safe(CARD_BGR))
    assert desk.start("desk") == SoundFormat(48_000, 1)
    desk.outputs = (output,)
    microphone.say(1000)
    desk.is_muted = True
    microphone.say(1000)
    assert [int(block.max()) for block in output.sounds] == [1000, 0]
    desk.rest()
    assert microphone.is_open
    desk.outputs = ()
    desk.rest()
    assert not microphone.is_open


def test_no_sound_opens_no_microphone_and_a_lost_one_is_said(qtbot: QtBot) -> None:
    microphone = FakeMicrophone()
    desk = SoundDesk(lambda: microphone)
    said: list[str] = []
    desk.said.connect(said.append)
    assert desk.start("none") is None
    assert desk.start("gone") is None
    assert (microphone.started, said) == ([], ["That microphone is gone."])


def test_the_meter_rises_at_once_and_falls_slowly(qtbot: QtBot) -> None:
    meter = LevelMeter()
    qtbot.addWidget(meter)
    meter.show_level(1.0)
    assert meter.share == 1.0
    meter.show_level(0.0)
    assert 0.5 < meter.share < 1.0
    meter.show_level(-1.0)
    assert meter.share == 0.0


GOOD, BAD = OutputReport(65.0, 100, 0), OutputReport(65.0, 100, 3, Sentence("The server does not answer."))


@pytest.mark.parametrize(
    ("kind", "phase", "report", "trouble", "is_live", "count", "words"),
    [
        (OutputKind.WINDOW, Phase.CLOSED, None, "", False, 0, "OBS"),
        (OutputKind.CAMERA, Phase.CLOSED, None, "No device.", False, 0, "^No device.$"),
        (OutputKind.CAMERA, Phase.OPENING, None, "", False, 0, "Opening"),
        (OutputKind.CAMERA, Phase.CLOSING, None, "", False, 0, "Closing"),
        (OutputKind.WINDOW, Phase.OPEN, GOOD, "", False, 0, "others see the card"),
        (OutputKind.WINDOW, Phase.OPEN, GOOD, "", True, 0, "^Others see the mirror$"),
        (OutputKind.RECORDING, Phase.CLOSED, None, "", False, 2, "Begins in 2"),
        (OutputKind.RECORDING, Phase.OPEN, GOOD, "", False, 0, "1:05"),
        (OutputKind.RECORDING, Phase.OPEN, OutputReport(1, 9, 3), "", False, 0, "3 pictures missing"),
        (OutputKind.STREAM, Phase.OPEN, OutputReport(1, 9, 0, delay_ms=61.6), "", True, 0, "delay 62 ms"),
        (OutputKind.STREAM, Phase.OPEN, BAD, "", True, 0, "does not answer"),
    ],
)
def test_every_state_of_an_output_has_its_words(
    kind: OutputKind, phase: Phase, report: OutputReport | None, trouble: str, is_live: bool, count: int, words: str
) -> None:
    said = said_of(kind, phase, report, trouble, is_live=is_live, count=count)
    assert re.search(words, said.text), said.text


@pytest.mark.parametrize(("seconds", "words"), [(0, "0:00"), (65.9, "1:05"), (3600, "1:00:00"), (36_061, "10:01:01")])
def test_time_on_air(seconds: float, words: str) -> None:
    assert clock(seconds) == words


def middle_bgr(monitor: Monitor) -> tuple[int, int, int]:
    picture = monitor.grab().toImage()
    colour = QColor(picture.pixel(picture.width() // 2, picture.height() // 2))
    return colour.blue(), colour.green(), colour.red()


def test_the_monitor_shows_what_may_leave_and_the_card_when_it_gets_old(qtbot: QtBot) -> None:
    monitor = Monitor(lambda size_wh: safe(CARD_BGR, size_wh))
    qtbot.addWidget(monitor)
    monitor.show()
    monitor.show_result(result(frame(0), MirrorState.SHIELD))
    assert middle_bgr(monitor) == SAFE_BGR
    qtbot.waitUntil(lambda: middle_bgr(monitor) == CARD_BGR, timeout=3000)


def test_the_monitor_does_nothing_while_it_is_hidden(qtbot: QtBot) -> None:
    monitor = Monitor(lambda size_wh: safe(CARD_BGR, size_wh))
    qtbot.addWidget(monitor)
    for index in range(3):
        monitor.show_result(result(frame(index)))
    end_s = time.monotonic() + 0.15
    qtbot.waitUntil(lambda: time.monotonic() > end_s)
    assert monitor.paints == 0
