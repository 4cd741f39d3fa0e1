"""Room: tests. The panic cover: while it is on no camera pixel and no swapped face gets out, whatever else happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from numpy.typing import NDArray

from mirror_app.domain.assignment import Assignment, Joining
from mirror_app.domain.errors import InputError, ModelError
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame, RenderedFrame
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.pipeline.result import MirrorResult, MirrorState, Unsafe
from tests.pipeline.scripted import (
    BARE_BGR,
    CONTROLS,
    ROOM_BGR,
    SIZE_WH,
    SWAPPED_BGR,
    TARGET,
    ScriptedRenderer,
    Studio,
    a_face,
    room_with,
    shows,
)

COVERED = replace(CONTROLS, shield=True)
SIZES = (SIZE_WH, (120, 160))
ERRORS = (None, InputError("It is damaged."), RuntimeError("a bug"))


def pictures(result: MirrorResult) -> dict[str, NDArray[np.uint8]]:
    """Everything in a result that a way out or the window could show."""
    return {"safe": result.safe.image_bgr, "preview": result.preview_bgr, "original": result.original_bgr}


def assert_covered(result: MirrorResult) -> None:
    assert (result.state, result.unsafe, result.message) == (MirrorState.SHIELD, Unsafe.PANIC, "")
    assert result.faces == ()
    for name, picture in pictures(result).items():
        for colour in (BARE_BGR, ROOM_BGR, SWAPPED_BGR):
            assert not shows(picture, colour), f"{name} shows {colour}"
        assert not picture.flags.writeable


@pytest.mark.parametrize("swap_on", [True, False])
@pytest.mark.parametrize("label_on", [True, False])
@pytest.mark.parametrize("is_picked", [True, False])
@pytest.mark.parametrize("people", [0, 1, 2])
@pytest.mark.parametrize("error", ERRORS)
def test_everything_is_the_card_from_the_frame_on_in_which_the_cover_is_asked_for(
    swap_on: bool, label_on: bool, is_picked: bool, people: int, error: Exception | None
) -> None:
    studio = Studio(allow_empty=True)
    studio.turn(a_face(1))  # a good frame that could be held
    studio.mirror.controls = replace(COVERED, swap_on=swap_on, label_on=label_on, target=TARGET if is_picked else None)
    faces = [a_face(number, number) for number in range(people)]
    assert_covered(studio.turn(*faces, decode_error=error))


class BusyRenderer(ScriptedRenderer):
    """Renders, and calls `meanwhile` while the frame is in work, as another thread may."""

    meanwhile: Callable[[], None] | None = None

    def render(
        self, frame: Frame, assignments: Sequence[Assignment], joining: Joining, hidden: Sequence[TrackedFace] = ()
    ) -> RenderedFrame:
        if self.meanwhile is not None:
            self.meanwhile()
        return super().render(frame, assignments, joining)


class BusyStudio(Studio):
    """A mirror whose user does something while a frame is in work."""

    def __init__(self, *, allow_empty: bool = False) -> None:
        super().__init__()
        self.renderer: BusyRenderer = BusyRenderer()
        self.mirror = MirrorPipeline(self.tracker, self.renderer, allow_empty=allow_empty, after_card=1)
        self.mirror.controls = CONTROLS

    def shield(self, on: bool) -> None:
        self.mirror.controls = replace(self.mirror.controls, shield=on)


@pytest.mark.parametrize("error", [None, ModelError("The network is damaged.")])
@pytest.mark.parametrize("swap_on", [True, False])
def test_a_cover_asked_for_while_a_frame_is_in_work_applies_to_that_frame(
    error: Exception | None, swap_on: bool
) -> None:
    studio = BusyStudio(allow_empty=True)  # so that the networks are asked without a swap too
    studio.mirror.controls = replace(CONTROLS, swap_on=swap_on)
    studio.turn(a_face(1))
    studio.renderer.meanwhile = lambda: studio.shield(True)
    studio.renderer.error = error
    assert_covered(studio.turn(a_face(1)))


def test_a_cover_asked_for_while_the_networks_rest_applies_to_that_frame() -> None:
    studio = BusyStudio()
    studio.mirror.controls = replace(CONTROLS, swap_on=False)
    frame = Frame(room_with([a_face(1)]), 1, 10**12)

    class Covering:
        """A frame during whose decoding the user covers the mirror."""

        index, captured_ns = 1, 10**12

        def decode(self) -> Frame:
            studio.shield(True)
            return frame

    assert_covered(studio.mirror.process(Covering()))


def test_a_covered_mirror_does_not_even_decode() -> None:
    studio = Studio(COVERED)
    assert_covered(studio.turn(a_face(1), decode_error=AssertionError("decoded")))
    assert studio.renderer.seen == []


def test_after_the_cover_is_taken_back_the_next_good_frame_is_live_and_nothing_old_is_shown() -> None:
    studio = Studio()
    studio.turn(a_face(1))
    studio.mirror.controls = COVERED
    studio.turn(a_face(1), step_ms=1)
    studio.mirror.controls = CONTROLS
    bare = studio.turn(a_face(1, with_mesh=False), step_ms=1)
    assert (bare.state, bare.unsafe) == (MirrorState.SHIELD, Unsafe.NOT_COVERED)
    assert not shows(bare.safe.image_bgr, SWAPPED_BGR)
    assert studio.turn(a_face(1)).state is MirrorState.LIVE


class ShieldMachine(RuleBasedStateMachine):
    """Any order of frames, errors and choices: with the cover on every picture is the card."""

    @initialize(allow_empty=st.booleans())
    def begin(self, allow_empty: bool) -> None:
        self.studio = BusyStudio(allow_empty=allow_empty)

    @rule(on=st.booleans())
    def shield(self, on: bool) -> None:
        self.studio.shield(on)

    @rule(swap_on=st.booleans(), label_on=st.booleans(), is_picked=st.booleans())
    def choose(self, swap_on: bool, label_on: bool, is_picked: bool) -> None:
        chosen = TARGET if is_picked else None
        controls = replace(self.studio.mirror.controls, swap_on=swap_on, label_on=label_on, target=chosen)
        self.studio.mirror.controls = controls

    @rule()
    def another_camera(self) -> None:
        self.studio.mirror.reset()

    @rule(
        people=st.integers(0, 3),
        meshed=st.booleans(),
        failing=st.sets(st.integers(0, 2)),
        step_ms=st.integers(0, 400),
        size_wh=st.sampled_from(SIZES),
        decode=st.sampled_from(ERRORS),
        track=st.sampled_from(ERRORS),
        render=st.sampled_from(ERRORS),
        meanwhile=st.none() | st.booleans(),
    )
    def a_frame(
        self,
        people: int,
        meshed: bool,
        failing: set[int],
        step_ms: int,
        size_wh: tuple[int, int],
        decode: Exception | None,
        track: Exception | None,
        render: Exception | None,
        meanwhile: bool | None,
    ) -> None:
        studio = self.studio
        studio.tracker.scan_error, studio.renderer.error, studio.renderer.failing = track, render, failing
        studio.renderer.meanwhile = None if meanwhile is None else lambda: studio.shield(meanwhile)
        faces = [a_face(number, number, with_mesh=meshed) for number in range(people)]
        result = studio.turn(*faces, step_ms=step_ms, size_wh=size_wh, decode_error=decode)
        if studio.mirror.controls.shield:
            assert_covered(result)
        else:
            assert result.unsafe is not Unsafe.PANIC
            assert not shows(result.safe.image_bgr, BARE_BGR)
        studio.mirror.use_spare_time()


TestShieldMachine = ShieldMachine.TestCase
TestShieldMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
