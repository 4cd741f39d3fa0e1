"""Room: tests. One frame through the mirror, with every room replaced by a script: what leaves, what shows, and why."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from mirror_app.domain.assignment import Assignment, Glasses, Joining
from mirror_app.domain.cast import Cast, Wearers
from mirror_app.domain.errors import InputError, ModelError
from mirror_app.domain.face import FaceMesh, TrackedFace
from mirror_app.domain.frame import Frame, RenderedFrame
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.pipeline.result import MirrorControls, MirrorState, Stage, Unsafe
from mirror_app.render.cpu import CpuRenderer
from mirror_app.swap.mesh_swap import MeshSwapper
from tests.pipeline.scripted import (
    BARE_BGR,
    CONTROLS,
    SEATS,
    SIZE_WH,
    SWAPPED_BGR,
    TARGET,
    ScriptedRenderer,
    ScriptedTracker,
    Studio,
    a_face,
    is_labelled,
    room_with,
    shows,
)

NETWORK_ERROR = ModelError("The network face_landmark.onnx gave numbers that are not finite.")


def test_a_covered_face_is_live_and_labelled() -> None:
    stage = Studio()
    result = stage.turn(a_face(1))
    assert (result.state, result.unsafe, result.message) == (MirrorState.LIVE, None, "")
    assert is_labelled(result.safe.image_bgr)
    assert shows(result.safe.image_bgr, SWAPPED_BGR)
    assert not shows(result.safe.image_bgr, BARE_BGR)
    assert result.original_bgr is stage.frame.image_bgr
    np.testing.assert_array_equal(result.preview_bgr, result.safe.image_bgr)
    assert (result.index, result.captured_ns) == (stage.frame.index, stage.frame.captured_ns)
    assert result.faces[0].track_id == 1


def test_a_result_says_how_long_every_stage_took_and_when_it_was_ready() -> None:
    begun = time.monotonic_ns()
    result = Studio().turn(a_face(1))
    assert list(result.stages_ms) == [stage.value for stage in Stage]
    assert all(spent >= 0 for spent in result.stages_ms.values())
    assert begun <= result.finished_ns <= time.monotonic_ns()


def test_without_the_label_nothing_is_drawn_but_the_face() -> None:
    result = Studio(replace(CONTROLS, label_on=False)).turn(a_face(1))
    expected = room_with([])
    x0, y0, x1, y1 = SEATS[0]
    expected[y0:y1, x0:x1] = SWAPPED_BGR
    np.testing.assert_array_equal(result.safe.image_bgr, expected)


def test_the_label_is_drawn_nowhere_on_a_face() -> None:
    # The label's first corner is the bottom right.
    face = TrackedFace(1, a_face(1).mesh, np.array([60, 60, 160, 120], np.float32))
    result = Studio().turn(face)
    assert is_labelled(result.safe.image_bgr)
    assert (result.safe.image_bgr[60:120, 60:160] == SWAPPED_BGR).all()


@pytest.mark.parametrize(
    ("controls", "reason"),
    [
        (replace(CONTROLS, swap_on=False), Unsafe.SWAP_OFF),
        (replace(CONTROLS, target=None), Unsafe.NO_TARGET),
        (MirrorControls(target=None, swap_on=False), Unsafe.SWAP_OFF),
    ],
)
@pytest.mark.parametrize("allow_empty", [False, True])
@pytest.mark.parametrize("people", [0, 1, 2])
def test_without_a_swap_the_window_shows_the_camera_and_nothing_leaves(
    controls: MirrorControls, reason: Unsafe, allow_empty: bool, people: int
) -> None:
    stage = Studio(controls, allow_empty=allow_empty)
    result = stage.turn(*(a_face(seat + 1, seat) for seat in range(people)))
    assert (result.state, result.unsafe) == (MirrorState.SHIELD, reason)
    assert not shows(result.safe.image_bgr, BARE_BGR)
    np.testing.assert_array_equal(result.preview_bgr, stage.frame.image_bgr)
    assert stage.renderer.seen == []


@pytest.mark.parametrize("broken", ["follow", "scan", "render"])
def test_without_a_swap_the_networks_rest_and_begin_anew_with_it(broken: str) -> None:
    stage = Studio(replace(CONTROLS, swap_on=False))
    error = ModelError("Nobody is asked.")
    tracker, renderer = stage.tracker, stage.renderer
    tracker.follow_error = error if broken == "follow" else None
    tracker.scan_error = error if broken == "scan" else None
    renderer.error = error if broken == "render" else None
    result = stage.turn(a_face(1))
    stage.mirror.use_spare_time()
    assert (result.unsafe, result.message, result.faces) == (Unsafe.SWAP_OFF, "", ())
    assert (tracker.resets, tracker.spare_frames) == (1, [])
    tracker.follow_error = tracker.scan_error = renderer.error = None
    stage.mirror.controls = CONTROLS
    assert stage.turn(a_face(1)).state is MirrorState.LIVE


def test_turning_the_swap_off_holds_the_last_good_frame_for_a_moment_then_shows_the_card() -> None:
    stage = Studio()
    live = stage.turn(a_face(1))
    stage.mirror.controls = replace(CONTROLS, swap_on=False)
    held = stage.turn(a_face(1))
    assert (held.state, held.unsafe) == (MirrorState.HOLD, Unsafe.SWAP_OFF)
    assert held.safe.image_bgr is live.safe.image_bgr
    assert stage.turn(a_face(1), step_ms=400).state is MirrorState.SHIELD


def test_for_files_the_networks_do_not_rest_as_the_guard_must_hear_of_every_face() -> None:
    stage = Studio(replace(CONTROLS, swap_on=False), allow_empty=True)
    assert [face.track_id for face in stage.turn(a_face(1)).faces] == [1]
    stage.mirror.controls = CONTROLS
    assert stage.turn().state is MirrorState.SHIELD


@pytest.mark.parametrize(
    ("faces", "reason"),
    [
        ((), Unsafe.NO_FACE),
        ((a_face(1, with_mesh=False),), Unsafe.NOT_COVERED),
        ((a_face(1), a_face(2, 1, with_mesh=False)), Unsafe.SEVERAL_FACES),
    ],
)
def test_a_frame_with_a_bare_face_or_with_nobody_does_not_leave(faces: tuple[TrackedFace, ...], reason: Unsafe) -> None:
    result = Studio().turn(*faces)
    assert (result.state, result.unsafe) == (MirrorState.SHIELD, reason)
    assert not shows(result.safe.image_bgr, BARE_BGR)


def test_two_faces_that_are_both_covered_may_leave() -> None:
    result = Studio(replace(CONTROLS, cast=Cast(Wearers.ALL))).turn(a_face(1), a_face(2, 1))
    assert result.state is MirrorState.LIVE
    assert result.worn == {1: TARGET.name, 2: TARGET.name}
    assert not shows(result.safe.image_bgr, BARE_BGR)


def test_a_thousand_faces_do_not_crash() -> None:
    crowd = [
        TrackedFace(i, None, np.array([i % 150, i % 110, i % 150 + 9, i % 110 + 9], np.float32)) for i in range(1000)
    ]
    result = Studio().turn(a_face(2000), *crowd)
    assert result.unsafe is Unsafe.SEVERAL_FACES
    assert not shows(result.safe.image_bgr, BARE_BGR)
    assert len(result.faces) == 1001


def test_an_invalid_patch_is_held_against_the_frame() -> None:
    stage = Studio()
    stage.renderer.failing = {1}
    result = stage.turn(a_face(1))
    assert (result.state, result.unsafe) == (MirrorState.SHIELD, Unsafe.NOT_COVERED)


def test_a_mesh_that_is_not_finite_leaves_its_face_uncovered() -> None:
    tracker = ScriptedTracker()
    mirror = MirrorPipeline(tracker, CpuRenderer(MeshSwapper()))
    mirror.controls = CONTROLS
    points = np.full((468, 3), np.nan, np.float32)
    tracker.now = (TrackedFace(1, FaceMesh(points, 1.0), np.array([10, 10, 60, 60], np.float32)),)
    result = mirror.process(Frame(room_with(tracker.now), 0, 0))
    assert (result.state, result.unsafe) == (MirrorState.SHIELD, Unsafe.NOT_COVERED)
    assert not shows(result.safe.image_bgr, BARE_BGR)


def break_follow(stage: Studio, error: Exception | None) -> None:
    stage.tracker.follow_error = error


def break_scan(stage: Studio, error: Exception | None) -> None:
    stage.tracker.scan_error = error


def break_render(stage: Studio, error: Exception | None) -> None:
    stage.renderer.error = error


@pytest.mark.parametrize("breaks", [break_follow, break_scan, break_render])
@pytest.mark.parametrize(
    ("error", "message"),
    [
        (NETWORK_ERROR, str(NETWORK_ERROR)),
        (RuntimeError("secret detail"), "RuntimeError"),
        (MemoryError(), "MemoryError"),
    ],
)
def test_a_failing_room_fails_closed_and_the_next_frame_is_live_again(
    breaks: Callable[[Studio, Exception | None], None], error: Exception, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    stage = Studio()
    breaks(stage, error)
    failed = stage.turn(a_face(1))
    assert (failed.state, failed.unsafe) == (MirrorState.SHIELD, Unsafe.ERROR)
    assert message in failed.message
    assert "secret" not in failed.message
    assert failed.faces == ()
    for picture in (failed.safe.image_bgr, failed.preview_bgr, failed.original_bgr):
        assert not shows(picture, BARE_BGR)
        assert picture.shape == (SIZE_WH[1], SIZE_WH[0], 3)
    assert list(failed.stages_ms) == [step.value for step in Stage]
    assert stage.tracker.resets == 1
    breaks(stage, None)
    assert stage.turn(a_face(2)).state is MirrorState.LIVE


def test_a_failure_right_after_a_good_frame_holds_that_frame() -> None:
    stage = Studio()
    good = stage.turn(a_face(1))
    stage.renderer.error = NETWORK_ERROR
    held = stage.turn(a_face(1))
    assert (held.state, held.unsafe) == (MirrorState.HOLD, Unsafe.ERROR)
    np.testing.assert_array_equal(held.safe.image_bgr, good.safe.image_bgr)
    assert (held.safe.index, held.index) == (1, 1)


def test_a_picture_that_cannot_be_decoded_is_a_sentence() -> None:
    error = InputError("The camera sent a picture that cannot be decoded.")
    stage = Studio()
    first = stage.turn(decode_error=error)
    assert (first.state, first.unsafe, first.message) == (MirrorState.SHIELD, Unsafe.ERROR, str(error))
    assert (first.index, first.safe.index) == (0, 0)
    stage.turn(a_face(1))
    again = stage.turn(decode_error=error)
    assert again.state is MirrorState.HOLD
    assert stage.turn(decode_error=error, step_ms=500).safe.image_bgr.shape == (SIZE_WH[1], SIZE_WH[0], 3)


@pytest.mark.parametrize("label_on", [True, False])
def test_turning_the_label_on_or_off_forgets_the_held_frame(label_on: bool) -> None:
    stage = Studio(replace(CONTROLS, label_on=label_on))
    stage.turn(a_face(1))
    stage.mirror.controls = replace(CONTROLS, label_on=not label_on)
    result = stage.turn()
    assert result.state is MirrorState.SHIELD
    assert is_labelled(result.safe.image_bgr) == (not label_on)


@pytest.mark.parametrize("label_on", [True, False])
def test_the_card_is_drawn_once_for_a_size_and_label_and_cannot_be_painted_over(label_on: bool) -> None:
    stage = Studio(replace(CONTROLS, label_on=label_on))
    first, second = stage.turn(), stage.turn()
    assert first.safe.image_bgr is second.safe.image_bgr
    assert is_labelled(first.safe.image_bgr) == label_on
    assert not first.safe.image_bgr.flags.writeable
    other_size = stage.turn(size_wh=(200, 150))
    assert other_size.safe.image_bgr.shape == (150, 200, 3)
    stage.mirror.controls = replace(CONTROLS, label_on=not label_on)
    other_label = stage.turn()
    assert other_label.safe.image_bgr.shape == first.safe.image_bgr.shape
    assert is_labelled(other_label.safe.image_bgr) != label_on
    stage.mirror.controls = replace(CONTROLS, label_on=label_on)
    np.testing.assert_array_equal(stage.turn().safe.image_bgr, first.safe.image_bgr)


def test_in_a_file_an_empty_frame_right_after_a_face_is_held_for_300_ms() -> None:
    stage = Studio(allow_empty=True)
    assert (stage.turn().state, stage.turn(a_face(1)).state) == (MirrorState.LIVE, MirrorState.LIVE)
    fates = [(result.state, result.unsafe) for result in (stage.turn(step_ms=50) for _ in range(8))]
    assert fates == [(MirrorState.HOLD, Unsafe.NO_FACE)] * 6 + [(MirrorState.LIVE, Unsafe.NO_FACE)] * 2


def test_a_held_frame_does_not_survive_a_change_of_input() -> None:
    stage = Studio()
    stage.turn(a_face(1))
    stage.mirror.reset()
    assert stage.tracker.resets == 1
    assert stage.turn().state is MirrorState.SHIELD


def test_controls_that_change_while_a_frame_is_in_work_count_from_the_next_one() -> None:
    @dataclass
    class MeddlingRenderer(ScriptedRenderer):
        mirror: MirrorPipeline | None = None

        def render(
            self, frame: Frame, assignments: Sequence[Assignment], joining: Joining, hidden: Sequence[TrackedFace] = ()
        ) -> RenderedFrame:
            assert self.mirror is not None
            self.mirror.controls = MirrorControls(target=None, swap_on=False, label_on=False)
            return super().render(frame, assignments, joining)

    tracker, renderer = ScriptedTracker(), MeddlingRenderer()
    mirror = MirrorPipeline(tracker, renderer)
    renderer.mirror, mirror.controls = mirror, CONTROLS
    tracker.now = (a_face(1),)
    first, second = (mirror.process(Frame(room_with(tracker.now), index, index)) for index in range(2))
    assert first.state is MirrorState.LIVE
    assert is_labelled(first.safe.image_bgr)
    assert second.unsafe is Unsafe.SWAP_OFF


def test_how_the_face_is_worn_reaches_the_renderer() -> None:
    stage = Studio(replace(CONTROLS, likeness=0.8, joining=Joining.POISSON, glasses=Glasses.REPLACE))
    stage.turn(a_face(4))
    (worn,) = stage.renderer.seen
    assert (worn.live_face.track_id, worn.target) == (4, TARGET)
    assert (worn.likeness, worn.glasses, stage.renderer.joining) == (0.8, Glasses.REPLACE, Joining.POISSON)


def test_the_mirror_says_how_and_where_it_runs() -> None:
    assert (Studio().mirror.engine, Studio().mirror.device) == ("script", "paper")


@pytest.mark.parametrize("error", [ModelError("The network failed."), RuntimeError("a bug")])
def test_spare_time_is_spent_on_the_last_frame_and_a_look_that_fails_then_makes_the_tracker_start_anew(
    error: Exception,
) -> None:
    studio = Studio()
    studio.mirror.use_spare_time()
    studio.turn(a_face(1))
    studio.mirror.use_spare_time()
    assert studio.tracker.spare_frames == [0]
    studio.tracker.scan_error = error
    studio.mirror.use_spare_time()
    assert studio.tracker.resets == 1


def test_after_a_frame_that_failed_there_is_nothing_to_look_at() -> None:
    studio = Studio()
    studio.turn(decode_error=InputError("No picture."))
    studio.mirror.use_spare_time()
    assert studio.tracker.spare_frames == []
