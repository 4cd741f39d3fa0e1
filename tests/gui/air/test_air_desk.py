"""Room: tests. Who gets pictures and when: nobody before going live, nobody after a cut, and nothing waits for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mirror_app.deliver.protocol import OutputReport
from mirror_app.domain.errors import InputError
from mirror_app.gui.air.air_desk import AirDesk, AirState
from mirror_app.gui.air.kinds import OutputKind, Wish
from mirror_app.gui.air.way_out import Phase
from mirror_app.pipeline.outlets import Outlets
from mirror_app.pipeline.result import MirrorResult
from tests.gui.air.fakes import FakeOpener, FakeOutput, safe
from tests.gui.fakes import frame, result

WISH = Wish((64, 36), Path("films"))
PICTURE_BGR = (1, 2, 3)
KIND = OutputKind


@dataclass
class Air:
    desk: AirDesk
    outlets: Outlets
    opener: FakeOpener
    qtbot: QtBot
    troubles: list[str] = field(default_factory=list)

    def open(self, kind: OutputKind) -> FakeOutput:
        """Switch an output on and wait until it is open."""
        self.desk.set_on(kind, True)
        if kind is KIND.RECORDING:
            for _ in range(3):
                self.desk.countdown.timeout.emit()
        self.qtbot.waitUntil(lambda: self.desk.ways[kind].phase is Phase.OPEN, timeout=3000)
        return self.opener.opened[-1]

    def send(self) -> None:
        """One picture from the mirror."""
        self.outlets.send(self.picture())

    def picture(self) -> MirrorResult:
        sizes = self.outlets.sizes
        return replace(result(frame(0)), leaving={size: safe(PICTURE_BGR, size) for size in sizes})


@pytest.fixture
def air(qtbot: QtBot) -> Iterator[Air]:
    outlets, opener = Outlets(), FakeOpener()
    air = Air(AirDesk(outlets, opener, lambda _kind: WISH), outlets, opener, qtbot)
    air.desk.troubled.connect(air.troubles.append)
    yield air
    opener.gate.set()
    air.desk.stop()
    for way in air.desk.ways.values():
        way.wait()


def shows_picture(output: FakeOutput) -> bool:
    return bool(output.frames) and bool((output.frames[-1].image_bgr == PICTURE_BGR).all())


def test_an_output_gets_pictures_only_between_going_live_and_the_cut(air: Air) -> None:
    output = air.open(KIND.STREAM)
    air.send()
    assert (output.frames, air.desk.state) == ([], AirState.READY)
    air.desk.go_live()
    air.send()
    assert shows_picture(output)
    assert air.desk.state is AirState.LIVE
    air.desk.cut()
    assert not shows_picture(output), "the card did not come at once"
    count = len(output.frames)
    air.send()
    assert len(output.frames) == count


def test_a_recording_gets_pictures_without_being_live(air: Air) -> None:
    output = air.open(KIND.RECORDING)
    air.send()
    assert shows_picture(output)
    assert air.desk.state is AirState.OFF


@pytest.mark.parametrize("only_recording", [False, True])
def test_nobody_goes_live_to_nobody(air: Air, only_recording: bool) -> None:
    if only_recording:
        air.open(KIND.RECORDING)
    with pytest.raises(InputError, match="switch one on first"):
        air.desk.go_live()
    assert not air.outlets.is_live


def test_with_its_last_output_the_mirror_is_cut(air: Air) -> None:
    air.open(KIND.STREAM)
    air.open(KIND.CAMERA)
    air.desk.go_live()
    air.desk.set_on(KIND.STREAM, False)
    assert air.desk.state is AirState.LIVE
    air.desk.set_on(KIND.CAMERA, False)
    assert not air.outlets.is_live
    output = air.open(KIND.STREAM)
    air.send()
    assert output.frames == [], "the next output was live from its first picture on"


def test_outputs_are_opened_and_closed_beside_the_window(air: Air) -> None:
    output = air.open(KIND.CAMERA)
    assert output.opened_in is not threading.main_thread()
    air.desk.set_on(KIND.CAMERA, False)
    air.qtbot.waitUntil(lambda: air.desk.ways[KIND.CAMERA].phase is Phase.CLOSED, timeout=3000)
    assert output.closed_in not in (None, threading.main_thread())


def test_the_card_an_output_begins_with_has_its_own_size(air: Air) -> None:
    assert air.open(KIND.STREAM).size_wh == WISH.size_wh
    assert air.open(KIND.CAMERA).size_wh == (1280, 720)


def test_what_cannot_be_opened_says_why_and_its_switch_goes_back(air: Air) -> None:
    air.opener.broken = {KIND.CAMERA}
    air.desk.set_on(KIND.CAMERA, True)
    air.qtbot.waitUntil(lambda: not air.desk.is_on(KIND.CAMERA), timeout=3000)
    assert air.troubles == ["There is no such device: plug it in."]
    assert air.desk.ways[KIND.CAMERA].trouble == air.troubles[0]
    air.opener.broken = set()
    air.open(KIND.CAMERA)
    assert air.desk.ways[KIND.CAMERA].trouble == ""


def test_an_output_switched_off_while_it_opens_is_closed_and_never_fed(air: Air) -> None:
    air.opener.gate.clear()
    air.desk.set_on(KIND.STREAM, True)
    air.desk.set_on(KIND.STREAM, False)
    air.opener.gate.set()
    air.qtbot.waitUntil(lambda: bool(air.opener.opened) and air.opener.opened[0].closed_in is not None, timeout=3000)
    assert air.outlets.sizes == ()


def test_an_output_that_ended_by_itself_is_taken_away_and_the_mirror_cut(air: Air) -> None:
    output = air.open(KIND.STREAM)
    air.desk.go_live()
    output.answer = OutputReport(1.0, 0, 0, "The disk is full.", is_over=True)
    air.desk.look()
    assert air.troubles == ["The disk is full."]
    assert (air.desk.is_on(KIND.STREAM), air.outlets.is_live, air.outlets.sizes) == (False, False, ())
    air.qtbot.waitUntil(lambda: output.closed_in is not None, timeout=3000)


def test_a_recording_is_counted_down_to(air: Air) -> None:
    counts: list[int] = []
    air.desk.counting.connect(counts.append)
    air.open(KIND.RECORDING)
    assert counts == [3, 2, 1, 0]


def test_a_countdown_can_be_called_off(air: Air) -> None:
    air.desk.set_on(KIND.RECORDING, True)
    assert air.desk.is_on(KIND.RECORDING)
    air.desk.set_on(KIND.RECORDING, False)
    assert (air.desk.count, air.desk.is_on(KIND.RECORDING), air.opener.opened) == (0, False, [])


def test_window_and_camera_are_wanted_again_but_never_recording_or_stream(air: Air) -> None:
    for kind in KIND:
        air.open(kind)
    air.desk.go_live()
    before = air.desk.wanted
    air.desk.set_on(KIND.WINDOW, False)
    assert (before, air.desk.wanted) == (("window", "camera"), ("camera",))


def test_what_was_wanted_opens_with_its_card_and_not_live(qtbot: QtBot) -> None:
    opener = FakeOpener()
    desk = AirDesk(Outlets(), opener, lambda _kind: WISH, ("camera", "stream"))
    assert desk.wanted == ("camera",)
    desk.open_wanted()
    qtbot.waitUntil(lambda: desk.open_kinds == (KIND.CAMERA,), timeout=3000)
    assert desk.state is AirState.READY
    desk.stop()
    desk.ways[KIND.CAMERA].wait()


def test_stopping_cuts_first_and_closes_everything(air: Air) -> None:
    outputs = [air.open(KIND.STREAM), air.open(KIND.RECORDING)]
    air.desk.go_live()
    air.send()
    air.desk.stop()
    assert not shows_picture(outputs[0])
    for way in air.desk.ways.values():
        way.wait()
    assert all(output.closed_in is not None for output in outputs)
    assert np.all([not air.outlets.is_live, air.outlets.sizes == ()])
