"""Room: tests. Steps from pixel to pixel, and the picture back from steps."""

from __future__ import annotations

import numpy as np
import pytest

from mirror_app.imaging.gradients import between, integrated, mirrored, steps_of
from tests.imaging.pictures import soft_noise


@pytest.mark.parametrize("size_hw", [(64, 64), (63, 64), (64, 33), (41, 57), (2, 2)])
def test_a_picture_comes_back_from_its_steps_but_for_its_mean(size_hw: tuple[int, int]) -> None:
    picture = soft_noise(size_hw, 1.0)
    np.testing.assert_allclose(integrated(steps_of(picture)), picture - picture.mean(), atol=1e-3)


def test_channels_are_integrated_one_by_one() -> None:
    picture = np.dstack([soft_noise((32, 40), 1.0, seed) for seed in range(3)])
    found = integrated(steps_of(picture))
    np.testing.assert_allclose(found, picture - picture.mean((0, 1)), atol=1e-3)


def test_mirrored_steps_are_the_steps_of_the_mirrored_picture() -> None:
    picture = soft_noise((20, 30), 1.0)
    for found, wanted in zip(
        mirrored(steps_of(picture)), steps_of(np.ascontiguousarray(picture[:, ::-1])), strict=True
    ):
        np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_steps_left_out_leave_a_smooth_join() -> None:
    picture = np.zeros((40, 40), np.float32)
    picture[:, 20:] = 5
    right, down = steps_of(picture)
    right[:, 19] = 0
    assert np.abs(integrated((right, down))).max() < 1e-3


def test_a_step_is_as_sure_as_the_less_sure_of_its_pixels() -> None:
    right, down = between(np.array([[1, 0.5], [0.25, 1]], np.float32))
    assert right[0, 0] == 0.5
    assert right[1, 0] == 0.25
    assert down[0, 0] == 0.25
    assert down[0, 1] == 0.5
    assert not right[:, -1].any()
    assert not down[-1].any()
