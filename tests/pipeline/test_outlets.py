"""Room: tests. What each way out gets: pictures of its size while the mirror is live, the card otherwise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mirror_app.deliver.protocol import OutputReport
from mirror_app.domain.frame import SafeFrame, Size
from mirror_app.pipeline.cards import Cards
from mirror_app.pipeline.outlets import Outlets
from mirror_app.pipeline.result import MirrorResult, MirrorState, Unsafe
from tests.pipeline.scripted import BARE_BGR, SWAPPED_BGR, Studio, a_face, is_labelled, shows

SIZE: Size = (320, 180)


class Kept:
    """An output that keeps what it gets, or breaks its promise."""

    def __init__(self, size_wh: Size = SIZE, error: Exception | None = None) -> None:
        self.size_wh = size_wh
        self.frames: list[SafeFrame] = []
        self.error = error

    def send(self, frame: SafeFrame) -> None:
        if self.error is not None:
            raise self.error
        self.frames.append(frame)

    def report(self) -> OutputReport:
        return OutputReport(0, len(self.frames), 0)

    def close(self) -> None:
        """Nothing to end."""

    @property
    def last(self) -> str:
        """What the newest picture shows."""
        if not self.frames:
            return "nothing"
        image = self.frames[-1].image_bgr
        assert not shows(image, BARE_BGR)
        assert (image.shape[1], image.shape[0]) == self.size_wh
        if np.array_equal(image, Cards().of(self.size_wh, label_on=True)):
            return "card"
        return "face" if shows(image, SWAPPED_BGR) and is_labelled(image) else "something else"


class Stage:
    """A scripted mirror and its outlets."""

    def __init__(self) -> None:
        self.studio, self.outlets = Studio(), Outlets()

    def turn(self) -> MirrorResult:
        self.studio.mirror.sizes = self.outlets.sizes
        result = self.studio.turn(a_face(1))
        self.outlets.send(result)
        return result


def test_others_see_the_mirror_only_while_it_is_live_and_a_recorder_always() -> None:
    stage, on_air, recorder = Stage(), Kept(), Kept((240, 134))
    stage.outlets.add(on_air)
    stage.outlets.add(recorder, on_air=False)
    stage.turn()
    assert (on_air.last, recorder.last) == ("nothing", "face")
    stage.outlets.go_live()
    stage.turn()
    assert (on_air.last, recorder.last, stage.outlets.is_live) == ("face", "face", True)
    stage.outlets.cut()
    assert (on_air.last, recorder.last, stage.outlets.is_live) == ("card", "face", False)
    stage.turn()
    assert on_air.last == "card"


def test_a_size_is_made_once_however_many_want_it() -> None:
    outlets = Outlets()
    for size in (SIZE, SIZE, (240, 134)):
        outlets.add(Kept(size))
    assert outlets.sizes == (SIZE, (240, 134))
    outlets.remove(Kept())
    assert outlets.sizes == (SIZE, (240, 134))


def test_an_output_that_came_while_a_frame_was_in_work_waits_for_the_next() -> None:
    stage, output = Stage(), Kept()
    result = stage.studio.turn(a_face(1))
    stage.outlets.add(output, on_air=False)
    stage.outlets.send(result)
    assert output.last == "nothing"
    stage.turn()
    assert output.last == "face"


def test_the_panic_card_is_out_before_the_next_frame_and_stays_whatever_is_still_in_work() -> None:
    stage, on_air, recorder = Stage(), Kept(), Kept((240, 134))
    stage.outlets.add(on_air)
    stage.outlets.add(recorder, on_air=False)
    stage.outlets.go_live()
    in_work = stage.turn()
    stage.outlets.cover(True)
    assert (on_air.last, recorder.last) == ("card", "card")
    stage.outlets.send(in_work)
    assert (on_air.last, recorder.last) == ("card", "card")
    stage.outlets.send(replace(in_work, unsafe=Unsafe.PANIC, state=MirrorState.SHIELD))
    stage.outlets.cover(False)
    stage.turn()
    assert (on_air.last, recorder.last) == ("face", "face")


@pytest.mark.parametrize("error", [RuntimeError("broken"), OSError("gone")])
def test_an_output_that_fails_takes_no_other_with_it(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    stage, bad, good = Stage(), Kept(error=error), Kept()
    for output in (bad, good):
        stage.outlets.add(output, on_air=False)
    for _ in range(3):
        stage.turn()
    assert len(good.frames) == 3
    assert caplog.text.count("an output failed") == 1


def test_cards_are_drawn_once_and_only_a_few_are_kept() -> None:
    cards = Cards()
    first = cards.of((64, 48), label_on=True)
    assert cards.of((64, 48), label_on=True) is first
    assert not np.array_equal(cards.of((64, 48), label_on=False), first)
    assert not first.flags.writeable
    for side in range(10, 30):
        cards.of((side, side), label_on=True)
    assert cards.of((64, 48), label_on=True) is not first
