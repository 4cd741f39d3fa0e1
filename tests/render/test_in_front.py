"""Room: tests. What is in front of a face stays as it was, also where a patch reshapes the surroundings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.patch import Backdrop, FacePatch
from mirror_app.render.in_front import InFront

RNG = np.random.default_rng(2)
LIVE = RNG.integers(0, 255, (60, 80, 3), dtype=np.uint8)
VISIBLE = np.ones((30, 30), np.float32)
VISIBLE[:, :12] = 0


def patch(backdrop: Backdrop | None = None) -> FacePatch:
    return FacePatch(np.full((30, 30, 3), 9, np.uint8), np.ones((30, 30), np.float32), (25, 15), backdrop)


def joined(made: FacePatch) -> NDArray[np.uint8]:
    image = LIVE.copy()
    front = InFront(image, made, VISIBLE)
    if made.backdrop is not None:
        image[5:55, 15:65] = made.backdrop.image_bgr
    image[15:45, 25:55] = 9
    front.lay_back(image)
    return image


def test_the_thing_is_seen_and_the_face_beneath_it_is_not() -> None:
    image = joined(patch())
    np.testing.assert_array_equal(image[15:45, 25:37], LIVE[15:45, 25:37])
    assert (image[15:45, 37:55] == 9).all()


def test_nothing_beside_the_patch_changes() -> None:
    image = joined(patch())
    image[15:45, 25:55] = LIVE[15:45, 25:55]
    np.testing.assert_array_equal(image, LIVE)


def test_reshaped_surroundings_give_way_softly_beside_the_thing_and_stay_elsewhere() -> None:
    image = joined(patch(Backdrop(np.full((50, 50, 3), 77, np.uint8), (15, 5))))
    np.testing.assert_array_equal(image[15:45, 25:37], LIVE[15:45, 25:37])
    assert (image[15:45, 37:55] == 9).all()
    assert (image[5:55, 60:65] == 77).all()
    assert (image[5:55, 15:18] == 77).all()
    beside = np.abs(image[15:45, 24].astype(int) - LIVE[15:45, 24])
    assert beside.mean() < np.abs(77 - LIVE[15:45, 24].astype(int)).mean() * 0.6


def test_a_face_covered_before_stays_covered_where_it_is_in_front() -> None:
    image = LIVE.copy()
    image[:, :40] = 200
    front = InFront(image, patch(), VISIBLE)
    image[15:45, 25:55] = 9
    front.lay_back(image)
    assert (image[15:45, 25:37] == 200).all()
