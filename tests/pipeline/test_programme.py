"""Room: tests. One frame at several sizes: fitted without distortion, labelled for each size, never on a face."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import RenderedFrame, Size
from mirror_app.pipeline.programme import Programme, fit
from tests.pipeline.scripted import is_labelled

WALL_BGR = (90, 120, 60)
SIDES = st.integers(2, 400)


def rendered(size_wh: Size) -> RenderedFrame:
    image = np.empty((size_wh[1], size_wh[0], 3), np.uint8)
    image[:] = WALL_BGR
    return RenderedFrame(image, 0, 0, frozenset([1]))


def face(*box: float) -> TrackedFace:
    return TrackedFace(1, None, np.array(box, np.float32))


@given(st.tuples(SIDES, SIDES), st.tuples(SIDES, SIDES))
def test_a_frame_is_fitted_as_large_as_it_goes_and_the_rest_is_bars(size_wh: Size, into_wh: Size) -> None:
    into = np.full((into_wh[1], into_wh[0], 3), 255, np.uint8)
    scale, (x, y) = fit(rendered(size_wh).image_bgr, into)
    is_wall = (into == WALL_BGR).all(-1)
    inner_h, inner_w = is_wall.any(1).sum(), is_wall.any(0).sum()
    assert is_wall[y : y + inner_h, x : x + inner_w].all()
    assert is_wall.sum() == inner_h * inner_w
    assert not (into == 255).any()
    assert (inner_w, inner_h) == (max(round(size_wh[0] * scale), 1), max(round(size_wh[1] * scale), 1))
    assert inner_w == into_wh[0] or inner_h == into_wh[1]
    assert abs((into_wh[0] - inner_w) - 2 * x) <= 1
    assert abs((into_wh[1] - inner_h) - 2 * y) <= 1


@pytest.mark.parametrize("label_on", [True, False])
def test_each_size_gets_its_own_label_and_the_frames_own_size_is_left_alone(label_on: bool) -> None:
    frame = rendered((640, 480))
    drawn = Programme().draw(
        frame, [face(200, 100, 440, 400)], [(640, 480), (1280, 720), (320, 180)], label_on=label_on
    )
    assert {size: picture.shape for size, picture in drawn.items()} == {
        (1280, 720): (720, 1280, 3), (320, 180): (180, 320, 3),
    }  # fmt: skip
    assert [is_labelled(picture) for picture in drawn.values()] == [label_on] * 2
    assert not is_labelled(frame.image_bgr)


def test_the_label_keeps_off_the_face_at_every_size() -> None:
    # In the bottom right corner, where the label stands first; the frame is 4:3, so it lies elsewhere in 16:9.
    on_face = face(330, 300, 640, 480)
    drawn = Programme().draw(rendered((640, 480)), [on_face], [(1280, 720)], label_on=True)[(1280, 720)]
    x0, y0, x1, y1 = (np.array([330, 300, 640, 480]) * 1.5 + np.array([160, 0, 160, 0])).astype(int)
    assert (drawn[y0:y1, x0:x1] == WALL_BGR).all()
    assert is_labelled(drawn)


def test_where_nobody_is_covered_nothing_is_labelled() -> None:
    frame = rendered((64, 48))
    bare = RenderedFrame(frame.image_bgr, 0, 0, frozenset())
    assert not is_labelled(Programme().draw(bare, [], [(320, 240)], label_on=True)[(320, 240)])
