"""Room: tests. Square thumbnails."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mirror_app.imaging.thumbnail import square_thumbnail
from tests.fakes import picture

side = st.integers(1, 300)
edge = st.floats(-500, 800, width=32)


@settings(deadline=None, max_examples=60)
@given(side, side, st.none() | st.tuples(edge, edge, edge, edge))
def test_any_box_in_any_picture_gives_a_square(
    width: int, height: int, box: tuple[float, float, float, float] | None
) -> None:
    thumbnail = square_thumbnail(picture(width, height), None if box is None else np.array(box, np.float32))
    assert thumbnail.shape == (256, 256, 3)
    assert thumbnail.dtype == np.uint8


def test_the_box_fills_most_of_the_thumbnail() -> None:
    image = np.zeros((400, 600, 3), np.uint8)
    image[100:200, 300:400] = 255
    thumbnail = square_thumbnail(image, np.array([300, 100, 400, 200], np.float32))
    assert 0.3 < (thumbnail > 127).mean() < 0.4
    assert thumbnail[128, 128].min() == 255
