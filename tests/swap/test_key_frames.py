"""Room: tests. Between key frames the last patch goes where its skin went; where that is in doubt one is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.assignment import Assignment, Glasses, LivePart
from mirror_app.domain.errors import ModelError
from mirror_app.domain.face import FaceMesh, TrackedFace, TrackState
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import Backdrop, FacePatch
from mirror_app.imaging.rasterise import MeshRasteriser
from mirror_app.swap.key_frames import KeyFrameSwapper
from tests.portrait import FRAME_NS, plain_target

WH = (320, 320)
# Of one colour: whatever moves in it, the light stays.
ROOM = np.full((*WH[::-1], 3), 110, np.uint8)
TARGET, OTHER = plain_target(side=16), plain_target((1, 2, 3), side=16)
HEIGHT_PX = 150.0
MIDDLE = (160.0, 160.0)
# Where the painter paints: the mesh and a rim around it, as forehead and jaw.
RIM_PX = 9


def face(
    track_id: int = 1, *, at: tuple[float, float] = MIDDLE, yaw: float = 0.0, roll: float = 0.0, size: float = 1.0,
    jaw: float = 0.0, lids: float = 0.0, state: TrackState = TrackState.CONFIRMED, confidence: float = 1.0,
) -> TrackedFace:  # fmt: skip
    """The average face; angles in degrees, openings as shares of the face's height."""
    points = topology.CANONICAL.copy()
    height = float(np.ptp(points[:, 1]))
    points[[14, 87, 178, 317, 402], 1] += jaw * height
    points[[159, 386], 1] -= lids * height
    cos, sin = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
    points = points @ np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]]).T
    cos, sin = np.cos(np.radians(roll)), np.sin(np.radians(roll))
    points = points @ np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]]).T
    points = points * (size * HEIGHT_PX / height) + np.array([*at, 0])
    box = np.concatenate([points[:, :2].min(0), points[:, :2].max(0)]).astype(np.float32)
    return TrackedFace(track_id, FaceMesh(points.astype(np.float32), 1.0), box, None, state, confidence)


def wear(live_face: TrackedFace) -> Assignment:
    return Assignment(live_face, TARGET, 0.5)


def frame_at(index: int, light: float = 1.0) -> Frame:
    return Frame(np.asarray(np.clip(ROOM * light, 0, 255), np.uint8), index, index * FRAME_NS)


class SkinPainter:
    """Paints a smooth picture that sticks to the skin: u and v as colours, a rim around the mesh included."""

    engine, device, trouble, aside = "painter", "Test card", "", ""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.valid = True
        self.error: Exception | None = None
        self.backdrop: Backdrop | None = None

    def generate(self, frame: Frame, assignments: Sequence[Assignment]) -> list[FacePatch]:
        self.asked.append([one.live_face.track_id for one in assignments])
        if self.error is not None:
            raise self.error
        return [self._paint(frame, one) for one in assignments]

    def _paint(self, frame: Frame, assignment: Assignment) -> FacePatch:
        assert assignment.live_face.mesh is not None
        u, v, inside = painted(assignment.live_face.mesh.points)
        image = np.dstack([u, v, np.full_like(u, 100)])
        image = np.where(inside[..., None] > 0, image, cv2.dilate(image, np.ones((2 * RIM_PX + 1,) * 2)))
        alpha = cv2.dilate(inside, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * RIM_PX + 1,) * 2))
        x0, y0, width, height = cv2.boundingRect((alpha > 0).astype(np.uint8))
        if not width:
            return FacePatch(np.zeros((1, 1, 3), np.uint8), np.zeros((1, 1), np.float32), (0, 0), valid=False)
        window = (slice(y0, y0 + height), slice(x0, x0 + width))
        return FacePatch(
            np.ascontiguousarray(image[window]).astype(np.uint8), np.ascontiguousarray(alpha[window], np.float32),
            (x0, y0), self.backdrop, self.valid,
        )  # fmt: skip

    @property
    def runs(self) -> int:
        return len(self.asked)


def painted(points: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """u, v (0..200) and where the mesh is, over the whole room."""
    values = np.column_stack([topology.UV * 200, np.ones(len(points))]).astype(np.float32)
    drawn = MeshRasteriser(topology.TRIANGLES).draw(points, values, WH)
    return drawn[..., 0].copy(), drawn[..., 1].copy(), (drawn[..., 2] > 0).astype(np.float32)


def swapper(every: int) -> tuple[KeyFrameSwapper, SkinPainter]:
    inner = SkinPainter()
    keys = KeyFrameSwapper(inner)
    keys.every = every
    return keys, inner


def in_room(patch: FacePatch) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    image, alpha = np.zeros((*WH[::-1], 3), np.float32), np.zeros(WH[::-1], np.float32)
    (x, y), (height, width) = patch.origin_xy, patch.alpha.shape
    image[y : y + height, x : x + width] = patch.image_bgr
    alpha[y : y + height, x : x + width] = patch.alpha
    return image, alpha


def carried(then: TrackedFace, now: TrackedFace, light: float = 1.0) -> FacePatch:
    keys, inner = swapper(2)
    keys.generate(frame_at(0), [wear(then)])
    (patch,) = keys.generate(frame_at(1, light), [wear(now)])
    assert inner.runs == 1, "it was made, not carried"
    return patch


poses = st.fixed_dictionaries({
    "at": st.tuples(st.floats(145, 175), st.floats(145, 175)), "yaw": st.floats(-6, 6), "roll": st.floats(-12, 12),
    "size": st.floats(0.92, 1.08),
})  # fmt: skip


@given(poses, poses)
@settings(max_examples=12, deadline=None, phases=[Phase.generate])
def test_every_pixel_shows_the_skin_that_is_there_now(then: dict[str, float], now: dict[str, float]) -> None:
    patch = carried(face(**then), face(**now))  # type: ignore[arg-type]
    image, alpha = in_room(patch)
    mesh = face(**now).mesh  # type: ignore[arg-type]
    assert mesh is not None
    u, v, inside = painted(mesh.points)
    within = cv2.erode(inside, np.ones((9, 9))) > 0
    assert alpha[within].min() > 0.99
    errors = np.abs(image[..., :2] - np.dstack([u, v]))[within]
    # One level is 0.75 px of the face; the surface that turns away at the sides is seen flat.
    assert np.median(errors) < 2
    assert np.percentile(errors, 98) < 8


def test_it_covers_the_rim_around_the_mesh_too_and_ends_softly_beyond() -> None:
    then, now = face(), face(at=(185, 140), roll=10, size=1.1)
    _, alpha = in_room(carried(then, now))
    assert now.mesh is not None
    _, _, inside = painted(now.mesh.points)
    rim = cv2.dilate(inside, np.ones((9, 9))) > 0
    assert (alpha[rim] > 0.9).mean() > 0.98
    beyond = cv2.dilate(inside, np.ones((41, 41))) == 0
    assert alpha[beyond].max() == 0


@pytest.mark.parametrize("light", [0.85, 1.0, 1.15])
def test_it_takes_on_the_light_of_now(light: float) -> None:
    image, alpha = in_room(carried(face(), face(), light))
    before, _ = in_room(carried(face(), face()))
    solid = alpha > 0.99
    ratio = float(image[solid].mean() / before[solid].mean())
    assert ratio == pytest.approx(light, abs=0.03)


@pytest.mark.parametrize(
    ("every", "frames"), [(1, range(12)), (2, range(0, 12, 2)), (3, range(0, 12, 3)), (4, (0, 4, 8))]
)
def test_a_still_face_is_made_at_every_nth_frame(every: int, frames: Sequence[int]) -> None:
    keys, inner = swapper(every)
    made = []
    for index in range(12):
        before = inner.runs
        (patch,) = keys.generate(frame_at(index), [wear(face())])
        assert patch.valid
        if inner.runs > before:
            made.append(index)
        assert keys.made == inner.runs - before
    assert made == list(frames)


@pytest.mark.parametrize(
    "now",
    [
        face(yaw=20), face(roll=40), face(size=1.4), face(size=0.7), face(jaw=0.08), face(lids=0.05), face(2),
        face(confidence=0.4), TrackedFace(1, None, np.zeros(4, np.float32)),
    ],
    ids=["yaw", "roll", "near", "far", "mouth", "eye", "another track", "unsure", "no mesh"],
)  # fmt: skip
def test_a_face_that_changed_too_much_is_made_anew(now: TrackedFace) -> None:
    keys, inner = swapper(4)
    keys.generate(frame_at(0), [wear(face())])
    if now.mesh is None:
        inner.error = ModelError("asked")
        with pytest.raises(ModelError, match="asked"):
            keys.generate(frame_at(1), [wear(now)])
        return
    keys.generate(frame_at(1), [wear(now)])
    assert inner.runs == 2


@pytest.mark.parametrize(
    "wish",
    [{"target": OTHER}, {"likeness": 0.9}, {"glasses": Glasses.REPLACE}, {"kept": frozenset([LivePart.EYES])}],
    ids=["target", "likeness", "glasses", "kept"],
)
def test_another_wish_is_a_new_key_frame(wish: dict[str, object]) -> None:
    keys, inner = swapper(4)
    keys.generate(frame_at(0), [wear(face())])
    keys.generate(frame_at(1), [replace(wear(face()), **wish)])  # type: ignore[arg-type]
    assert inner.runs == 2


@pytest.mark.parametrize("light", [0.6, 1.6])
def test_a_lamp_that_goes_on_or_off_is_a_new_key_frame(light: float) -> None:
    keys, inner = swapper(4)
    dim = np.asarray(ROOM // 2, np.uint8)
    keys.generate(Frame(dim, 0, 0), [wear(face())])
    keys.generate(Frame(np.asarray(dim * light, np.uint8), 1, FRAME_NS), [wear(face())])
    assert inner.runs == 2


@pytest.mark.parametrize("index", [-3, 30])
def test_a_key_frame_of_another_time_is_no_use(index: int) -> None:
    keys, inner = swapper(4)
    keys.generate(frame_at(0), [wear(face())])
    keys.generate(frame_at(index), [wear(face())])
    assert inner.runs == 2


def test_what_comes_in_from_outside_the_picture_is_never_left_bare() -> None:
    keys, inner = swapper(4)
    keys.generate(frame_at(0), [wear(face(at=(30, 160)))])
    keys.generate(frame_at(1), [wear(face(at=(60, 160)))])
    assert inner.runs == 2
    keys.generate(frame_at(2), [wear(face(at=(40, 160)))])
    assert inner.runs == 2, "what leaves the picture can be carried"


def test_a_face_that_left_the_picture_gets_no_carried_patch() -> None:
    keys, inner = swapper(4)
    keys.generate(frame_at(0), [wear(face())])
    (patch,) = keys.generate(frame_at(1), [wear(face(at=(900, 160)))])
    assert inner.runs == 2
    assert not patch.valid


def test_a_patch_made_where_the_mesh_was_a_guess_is_shown_but_not_carried() -> None:
    keys, inner = swapper(4)
    keys.generate(frame_at(0), [wear(face(state=TrackState.COASTING, confidence=0.7))])
    keys.generate(frame_at(1), [wear(face())])
    assert inner.runs == 2
    keys.generate(frame_at(2), [wear(face(state=TrackState.COASTING, confidence=0.7))])
    assert inner.runs == 2, "a sure patch is carried by a mesh that coasts for a moment"


def test_invalid_patches_and_those_with_a_backdrop_are_never_carried() -> None:
    keys, inner = swapper(4)
    inner.valid = False
    assert [keys.generate(frame_at(index), [wear(face())])[0].valid for index in range(3)] == [False] * 3
    inner.valid, inner.backdrop = True, Backdrop(ROOM, (0, 0))
    for index in range(3, 6):
        assert keys.generate(frame_at(index), [wear(face())])[0].backdrop is inner.backdrop
    assert inner.runs == 6


def test_an_error_of_the_inner_engine_is_handed_on_and_nothing_old_is_kept() -> None:
    keys, inner = swapper(2)
    keys.generate(frame_at(0), [wear(face())])
    keys.generate(frame_at(1), [wear(face())])
    inner.error = ModelError("out of memory")
    with pytest.raises(ModelError, match="out of memory"):
        keys.generate(frame_at(2), [wear(face())])
    inner.error = None
    before = inner.runs
    keys.generate(frame_at(3), [wear(face())])
    assert inner.runs == before + 1


@pytest.mark.parametrize(("every", "count", "most"), [(4, 4, 1), (2, 4, 2), (3, 6, 2), (4, 6, 2), (4, 1, 1)])
def test_several_faces_take_turns(every: int, count: int, most: int) -> None:
    keys, inner = swapper(every)
    faces = [wear(face(number, size=0.3, at=(40 + 45 * number, 160))) for number in range(count)]
    made: dict[int, list[int]] = {number: [] for number in range(count)}
    for index in range(40):
        inner.asked.clear()
        patches = keys.generate(frame_at(index), faces)
        assert len(patches) == count
        asked = [number for batch in inner.asked for number in batch]
        assert index == 0 or len(asked) <= most
        for number in asked:
            made[number].append(index)
    gaps = [gap for frames in made.values() for gap in np.diff(frames[1:])]
    assert max(gaps) <= every


def test_patches_keep_their_order_when_some_are_made_and_some_are_carried() -> None:
    keys, inner = swapper(4)
    left, right = face(1, size=0.4, at=(80, 160)), face(2, size=0.4, at=(240, 160))
    keys.generate(frame_at(0), [wear(left)])
    patches = keys.generate(frame_at(1), [wear(right), wear(left)])
    assert inner.asked == [[1], [2]]
    assert patches[0].origin_xy[0] > 160 > patches[1].origin_xy[0]
    patches = keys.generate(frame_at(2), [wear(left), wear(right)])
    assert patches[0].origin_xy[0] < 160 < patches[1].origin_xy[0]


def test_a_track_that_is_gone_is_forgotten_and_so_is_everything_at_full_quality() -> None:
    keys, inner = swapper(4)
    keys.generate(frame_at(0), [wear(face())])
    keys.generate(frame_at(1), [])
    keys.generate(frame_at(2), [wear(face())])
    assert inner.runs == 2 + (inner.asked.count([]))
    keys.every = 1
    keys.generate(frame_at(3), [wear(face())])
    keys.every = 4
    before = inner.runs
    keys.generate(frame_at(4), [wear(face())])
    assert inner.runs == before + 1


def test_carrying_again_and_again_is_exact_as_at_first() -> None:
    keys, _ = swapper(100)
    keys.generate(frame_at(0), [wear(face())])
    first = keys.generate(frame_at(1), [wear(face(roll=5))])[0]
    before = (first.image_bgr.copy(), first.alpha.copy(), first.origin_xy)
    for index in range(2, 10):
        keys.generate(frame_at(index), [wear(face(roll=-5 + index % 3))])
    again = keys.generate(frame_at(10), [wear(face(roll=5))])[0]
    assert again.origin_xy == before[2]
    assert np.array_equal(again.image_bgr, before[0])
    assert np.array_equal(again.alpha, before[1])


def test_it_speaks_for_the_engine_inside() -> None:
    keys, _ = swapper(2)
    assert (keys.engine, keys.device, keys.trouble, keys.aside) == ("painter", "Test card", "", "")
