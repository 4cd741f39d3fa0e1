"""Room: tests. A turned rectangle is cut out as OpenCV does it over the whole picture."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror_app.imaging.cut_out import CutOut
from tests.imaging.pictures import soft_noise

_NOISE = np.dstack([soft_noise((70, 100), 40, seed) for seed in range(3)]) + 128
PICTURE = np.asarray(cv2.GaussianBlur(np.clip(_NOISE, 0, 255).astype(np.uint8), (0, 0), 2), np.uint8)


@pytest.mark.parametrize("border", [cv2.BORDER_CONSTANT, cv2.BORDER_REPLICATE])
@given(
    side_px=st.floats(4, 300), turn_rad=st.floats(-math.pi, math.pi),
    centre_xy=st.tuples(st.floats(-200, 300), st.floats(-200, 300)),
)  # fmt: skip
def test_it_is_what_opencv_makes_of_the_whole_picture(
    border: int, side_px: float, turn_rad: float, centre_xy: tuple[float, float]
) -> None:
    scale = 32 / side_px
    turned = scale * np.array([[math.cos(turn_rad), math.sin(turn_rad)], [-math.sin(turn_rad), math.cos(turn_rad)]])
    transform = np.column_stack([turned, np.full(2, 16) - turned @ centre_xy])
    wanted = cv2.warpAffine(PICTURE, transform, (32, 24), flags=cv2.INTER_LINEAR, borderMode=border)
    for rgb in (False, True):
        out = np.full((24, 32, 3), 77, np.uint8)
        CutOut().cut(PICTURE, transform, out, rgb=rgb, border=border)
        difference = np.abs(out[..., :: -1 if rgb else 1].astype(int) - wanted)
        # Where the black outside begins, a step of 255 levels, a rounded position may count for a little more.
        assert difference.max() <= (4 if border == cv2.BORDER_CONSTANT else 1)


def test_the_picture_stays() -> None:
    before, out = PICTURE.copy(), np.empty((20, 20, 3), np.uint8)
    CutOut().cut(PICTURE, np.array([[1.0, 0, -30], [0, 1.0, -20]]), out)
    assert (before == PICTURE).all()
    assert (out == PICTURE[20:40, 30:50]).all()
