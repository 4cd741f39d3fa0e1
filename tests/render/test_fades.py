"""Room: tests. A face comes under its target and out from under it through pixels: the bare face is never shown."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.compose.pixelate import pixelate
from mirror_app.domain.assignment import Assignment, Joining
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame, RenderedFrame
from mirror_app.render.cpu import CpuRenderer
from mirror_app.render.fades import box_to_hide
from mirror_app.swap.mesh_swap import MeshSwapper
from tests.faces.scripted import mesh_at
from tests.imaging.pictures import soft_noise
from tests.portrait import FRAME_NS, as_frame, plain_target

SIZE_WH = (480, 270)
BLUE = plain_target((220, 40, 20))
FIRST, SECOND = ((120.0, 135.0), 130.0), ((350.0, 135.0), 130.0)
Place = tuple[tuple[float, float], float]


def frame_at(index: int, ns: int | None = None) -> Frame:
    noise = soft_noise(SIZE_WH[::-1], 3.0)[..., None] * 3
    picture = np.clip(140 + noise + np.array([0, 10, 25]), 0, 255).astype(np.uint8)
    frame = as_frame(picture, index)
    return frame if ns is None else Frame(frame.image_bgr, index, ns)


def face(track_id: int, place: Place) -> TrackedFace:
    mesh = mesh_at(*place)
    points = mesh.points[:, :2]
    return TrackedFace(track_id, mesh, np.concatenate([points.min(0), points.max(0)]))


def wearing(track_id: int, place: Place) -> Assignment:
    return Assignment(face(track_id, place), BLUE, 0.5)


def renderer() -> CpuRenderer:
    return CpuRenderer(MeshSwapper())


def pixelated(frame: Frame, live_face: TrackedFace) -> NDArray[np.uint8]:
    picture = frame.image_bgr.copy()
    pixelate(picture, box_to_hide(live_face))
    return picture


def around(live_face: TrackedFace) -> tuple[slice, slice]:
    left, top, right, bottom = live_face.box_xyxy.astype(int).tolist()
    return slice(top, bottom), slice(left, right)


def apart(one: NDArray[np.uint8], other: NDArray[np.uint8], part: tuple[slice, slice]) -> float:
    return float(np.abs(one[part].astype(int) - other[part]).mean())


def with_a_newcomer(frames: int = 8) -> list[RenderedFrame]:
    """One face is followed; at the third frame a second one comes."""
    mirror = renderer()
    rendered = [mirror.render(frame_at(i), [wearing(1, FIRST)], Joining.ALPHA) for i in range(2)]
    both = [wearing(1, FIRST), wearing(2, SECOND)]
    return rendered + [mirror.render(frame_at(2 + i), both, Joining.ALPHA) for i in range(frames)]


def test_a_newcomer_comes_out_of_pixels() -> None:
    first = with_a_newcomer()[2]
    newcomer = face(2, SECOND)
    part = around(newcomer)
    np.testing.assert_array_equal(first.image_bgr[part], pixelated(frame_at(2), newcomer)[part])
    assert first.covered_ids == {1, 2}


def test_a_newcomer_wears_the_target_alone_after_150_ms() -> None:
    rendered = with_a_newcomer()
    mirror = renderer()
    alone = [mirror.render(frame_at(2 + i), [wearing(2, SECOND)], Joining.ALPHA).image_bgr for i in range(6)]
    part = around(face(2, SECOND))
    assert apart(rendered[7].image_bgr, alone[-1], part) < 0.5
    far = [apart(one.image_bgr, other, part) for one, other in zip(rendered[2:], alone, strict=False)]
    assert far == sorted(far, reverse=True), "each frame is nearer to the target"


def test_the_bare_face_is_never_nearer_than_the_pixelated_one_while_it_comes() -> None:
    """Fine detail of the live face, where the target covers it wholly, goes with none of the frames."""
    cheek = (slice(140, 165), slice(315, 335))
    live = frame_at(0).image_bgr[cheek][..., 1].astype(float)
    detail = live - cv2.GaussianBlur(live, (0, 0), 6)
    assert detail.std() > 3, "there is something to recognise"
    for one in with_a_newcomer()[2:]:
        shown = one.image_bgr[cheek][..., 1].astype(float)
        seen = shown - cv2.GaussianBlur(shown, (0, 0), 6)
        assert abs(float((seen * detail).sum() / (detail * detail).sum())) < 0.15


def test_others_are_as_if_nobody_came() -> None:
    mirror = renderer()
    alone = [mirror.render(frame_at(i), [wearing(1, FIRST)], Joining.ALPHA) for i in range(10)]
    left = (slice(None), slice(0, 220))
    for one, other in zip(with_a_newcomer(), alone, strict=True):
        np.testing.assert_array_equal(one.image_bgr[left], other.image_bgr[left])


@pytest.mark.parametrize("before_ns", [None, -400_000_000])
def test_the_first_frame_and_one_after_a_pause_are_covered_at_once(before_ns: int | None) -> None:
    mirror = renderer()
    if before_ns is not None:
        mirror.render(frame_at(0, 10**9 + before_ns), [], Joining.ALPHA)
    shown = mirror.render(frame_at(1, 10**9), [wearing(2, SECOND)], Joining.ALPHA)
    expected = renderer().render(frame_at(1, 10**9), [wearing(2, SECOND)], Joining.ALPHA)
    np.testing.assert_array_equal(shown.image_bgr, expected.image_bgr)


def test_a_face_found_again_where_it_was_lost_is_covered_at_once() -> None:
    mirror = renderer()
    mirror.render(frame_at(0), [wearing(1, FIRST)], Joining.ALPHA)
    mirror.render(frame_at(1), [], Joining.ALPHA)
    shown = mirror.render(frame_at(2), [wearing(9, FIRST)], Joining.ALPHA)
    part = around(face(9, FIRST))
    assert apart(shown.image_bgr, pixelated(frame_at(2), face(9, FIRST)), part) > 20
    np.testing.assert_array_equal(
        shown.image_bgr, renderer().render(frame_at(2), [wearing(9, FIRST)], Joining.ALPHA).image_bgr
    )


def left_alone(frames: int) -> list[RenderedFrame]:
    """A face wears its target for two frames and is to be hidden from then on."""
    mirror = renderer()
    rendered = [mirror.render(frame_at(i), [wearing(1, FIRST), wearing(2, SECOND)], Joining.ALPHA) for i in range(2)]
    for i in range(frames):
        rendered.append(mirror.render(frame_at(2 + i), [wearing(1, FIRST)], Joining.ALPHA, [face(2, SECOND)]))
    return rendered


def test_a_face_whose_target_is_taken_away_goes_into_pixels_and_counts_as_covered_until_it_has() -> None:
    rendered, part = left_alone(7), around(face(2, SECOND))
    hidden = pixelated(frame_at(0), face(2, SECOND))
    fading = [one for one in rendered[1:] if 2 in one.covered_ids]
    assert len(fading) == 1 + 150_000_000 // FRAME_NS
    far = [apart(one.image_bgr, hidden, part) for one in fading]
    assert far == sorted(far, reverse=True)
    assert far[-1] < 0.2 * far[0]
    assert rendered[-1].covered_ids == {1}, "the caller pixelates it"


def test_a_face_that_wore_nothing_is_left_to_the_caller() -> None:
    rendered = renderer().render(frame_at(0), [wearing(1, FIRST)], Joining.ALPHA, [face(2, SECOND)])
    assert rendered.covered_ids == {1}


def test_a_target_given_back_on_the_way_goes_on_from_where_the_fade_was() -> None:
    mirror = renderer()
    both = [wearing(1, FIRST), wearing(2, SECOND)]
    for i in range(2):
        mirror.render(frame_at(i), both, Joining.ALPHA)
    out = [mirror.render(frame_at(2 + i), both[:1], Joining.ALPHA, [face(2, SECOND)]) for i in range(2)]
    back = mirror.render(frame_at(4), both, Joining.ALPHA)
    part, hidden = around(face(2, SECOND)), pixelated(frame_at(0), face(2, SECOND))
    assert apart(back.image_bgr, hidden, part) > apart(out[-1].image_bgr, hidden, part)
    assert apart(back.image_bgr, out[0].image_bgr, part) < 3


def test_a_nearer_face_lies_before_a_farther_one_whatever_their_order() -> None:
    near, far = wearing(1, ((200.0, 135.0), 180.0)), wearing(2, ((270.0, 135.0), 110.0))
    pictures = [renderer().render(frame_at(0), order, Joining.ALPHA).image_bgr for order in ([near, far], [far, near])]
    np.testing.assert_array_equal(pictures[0], pictures[1])
