"""Room: tests. The renderer: only a valid patch that was joined covers a face, and the camera's array stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from mirror_app.domain.assignment import Assignment, Joining
from mirror_app.domain.errors import ModelError
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import Backdrop, FacePatch
from mirror_app.render.cpu import CpuRenderer
from tests.faces.scripted import mesh_at
from tests.portrait import as_frame, plain_target

TARGET = plain_target()


class ScriptedSwapper:
    """A white square over each face's box; invalid for the ids in `failing`."""

    engine = "script"
    device = "paper"
    trouble = "a pen broke"
    aside = "the pencil writes"

    def __init__(self, *failing: int) -> None:
        self.failing = failing
        self.seen: list[tuple[int, str, float]] = []

    def generate(self, frame: Frame, assignments: Sequence[Assignment]) -> list[FacePatch]:
        return [self.patch(assignment) for assignment in assignments]

    def patch(self, assignment: Assignment) -> FacePatch:
        live_face = assignment.live_face
        self.seen.append((live_face.track_id, assignment.target.name, assignment.likeness))
        x0, y0, x1, y1 = live_face.box_xyxy.astype(int)
        size = (y1 - y0, x1 - x0)
        white = np.full((*size, 3), 255, np.uint8)
        valid = live_face.track_id not in self.failing
        return FacePatch(white, np.ones(size, np.float32), (int(x0), int(y0)), valid=valid)


class BrokenSwapper(ScriptedSwapper):
    def generate(self, frame: Frame, assignments: Sequence[Assignment]) -> list[FacePatch]:
        raise ModelError("The network failed.")


class RoomySwapper(ScriptedSwapper):
    """Each patch brings the whole picture as its backdrop, bare faces and all."""

    def generate(self, frame: Frame, assignments: Sequence[Assignment]) -> list[FacePatch]:
        backdrop = Backdrop(frame.image_bgr.copy(), (0, 0))
        return [replace(self.patch(assignment), backdrop=backdrop) for assignment in assignments]


def assignment(track_id: int, box: tuple[int, int, int, int], likeness: float = 0.5) -> Assignment:
    middle, height = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), box[3] - box[1]
    return Assignment(TrackedFace(track_id, mesh_at(middle, height), np.array(box, np.float32)), TARGET, likeness)


def grey_frame() -> Frame:
    return as_frame(np.full((40, 60, 3), 90, np.uint8), 12)


@pytest.mark.parametrize("way", list(Joining))
def test_every_assigned_face_is_covered_and_named(way: Joining) -> None:
    swapper, frame = ScriptedSwapper(), grey_frame()
    rendered = CpuRenderer(swapper).render(
        frame, [assignment(3, (2, 2, 10, 10), 0.2), assignment(8, (20, 5, 30, 25))], way
    )
    assert rendered.covered_ids == {3, 8}
    assert swapper.seen == [(3, "plain", 0.2), (8, "plain", 0.5)]
    assert (rendered.image_bgr[2:10, 2:10] == 255).all()
    assert (rendered.image_bgr[5:25, 20:30] == 255).all()
    assert (rendered.image_bgr == 255).all(-1).sum() == 64 + 200
    assert (rendered.index, rendered.captured_ns) == (12, frame.captured_ns)


def test_what_a_nearer_face_brings_along_does_not_uncover_another() -> None:
    boxes = ((2, 10, 14, 22), (20, 5, 50, 35))
    worn = [assignment(number, box) for number, box in enumerate(boxes)]
    rendered = CpuRenderer(RoomySwapper()).render(grey_frame(), worn, Joining.ALPHA)
    assert rendered.covered_ids == {0, 1}
    for x0, y0, x1, y1 in boxes:
        assert (rendered.image_bgr[y0:y1, x0:x1] == 255).all()


def test_a_patch_that_is_not_valid_is_not_joined_and_its_face_not_covered() -> None:
    rendered = CpuRenderer(ScriptedSwapper(3)).render(
        grey_frame(), [assignment(3, (2, 2, 10, 10)), assignment(8, (20, 5, 30, 25))], Joining.MEMBRANE
    )
    assert rendered.covered_ids == {8}
    assert (rendered.image_bgr[2:10, 2:10] == 90).all()


def test_a_patch_that_hides_nothing_is_not_joined_though_the_swapper_vouches_for_it() -> None:
    class BareSwapper(ScriptedSwapper):
        def patch(self, assignment: Assignment) -> FacePatch:
            patch = super().patch(assignment)
            return patch if assignment.live_face.track_id == 8 else replace(patch, alpha=patch.alpha * 0)

    rendered = CpuRenderer(BareSwapper()).render(
        grey_frame(), [assignment(3, (2, 2, 10, 10)), assignment(8, (20, 5, 30, 25))], Joining.ALPHA
    )
    assert rendered.covered_ids == {8}


def test_the_way_of_joining_is_the_one_asked_for() -> None:
    class SoftSwapper(ScriptedSwapper):
        def patch(self, assignment: Assignment) -> FacePatch:
            alpha = np.zeros((40, 60), np.float32)
            alpha[8:32, 8:52] = 0.5
            alpha[12:28, 12:48] = 1
            return FacePatch(np.full((40, 60, 3), 120, np.uint8), alpha, (0, 0))

    one = Assignment(
        TrackedFace(1, mesh_at((30, 20), 16), np.zeros(4, np.float32)), plain_target(colour_follow=1.0), 0.5
    )
    middles = {way: CpuRenderer(SoftSwapper()).render(grey_frame(), [one], way).image_bgr[20, 20, 0] for way in Joining}
    assert middles[Joining.ALPHA] == 120
    assert 115 <= middles[Joining.MULTI_BAND] < 120
    assert middles[Joining.POISSON] == 90
    assert 90 <= middles[Joining.MEMBRANE] < 119


def test_without_assignments_the_frame_is_copied_not_handed_on() -> None:
    frame = grey_frame()
    rendered = CpuRenderer(ScriptedSwapper()).render(frame, [], Joining.ALPHA)
    assert rendered.covered_ids == frozenset()
    np.testing.assert_array_equal(rendered.image_bgr, frame.image_bgr)
    assert not np.shares_memory(rendered.image_bgr, frame.image_bgr)
    assert rendered.image_bgr.flags.writeable


def test_a_network_that_fails_is_not_hidden() -> None:
    with pytest.raises(ModelError):
        CpuRenderer(BrokenSwapper()).render(grey_frame(), [assignment(3, (2, 2, 10, 10))], Joining.ALPHA)


def test_the_renderer_says_how_and_where_it_runs() -> None:
    renderer = CpuRenderer(ScriptedSwapper())
    assert (renderer.engine, renderer.device) == ("script", "paper")
    assert (renderer.trouble, renderer.aside) == ("a pen broke", "the pencil writes")
