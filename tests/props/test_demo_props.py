"""Room: tests. Things drawn before a face: they come, stay and go, and their mask says exactly where they are."""

from __future__ import annotations

import numpy as np
import pytest

from tests.props.demo_props import VISIT_S, FacePlace, PropKind, occluded

GREY = np.full((240, 320, 3), (110, 130, 170), np.uint8)
PLACE = FacePlace((160.0, 120.0), 110.0)


@pytest.mark.parametrize("kind", list(PropKind))
def test_a_thing_comes_stays_and_leaves(kind: PropKind) -> None:
    areas = [np.count_nonzero(occluded(GREY, kind, part * VISIT_S, PLACE)[1] > 127) for part in (0.05, 0.5, 0.95)]
    assert areas[0] == areas[2] == 0
    assert areas[1] > 500


@pytest.mark.parametrize("kind", list(PropKind))
@pytest.mark.parametrize("visit", range(3))
def test_at_its_height_it_is_before_the_face(kind: PropKind, visit: int) -> None:
    _, mask = occluded(GREY, kind, (visit + 0.5) * VISIT_S, PLACE)
    assert (mask[65:175, 120:200] > 127).mean() > 0.08


@pytest.mark.parametrize("kind", list(PropKind))
def test_what_the_mask_leaves_out_is_the_picture_or_its_shadow(kind: PropKind) -> None:
    picture, mask = occluded(GREY, kind, 0.5 * VISIT_S, PLACE)
    off = picture.astype(int) - GREY
    assert off[mask == 0].max() <= 1
    assert off[mask == 0].min() >= -0.2 * GREY.max()
    assert np.abs(off[mask > 250]).mean() > 4


def test_a_hand_has_the_skin_of_the_face_and_its_light() -> None:
    picture, mask = occluded(GREY, PropKind.HAND, 0.5 * VISIT_S, PLACE)
    ratio = np.median(picture[mask > 250], axis=0) / GREY[0, 0]
    np.testing.assert_allclose(ratio, 1.0, atol=0.25)
    dark, _ = occluded((GREY // 4).astype(np.uint8), PropKind.HAND, 0.5 * VISIT_S, PLACE)
    assert np.median(dark[mask > 250]) < np.median(picture[mask > 250]) / 3


def test_the_same_moment_looks_the_same_and_the_picture_given_stays() -> None:
    before = GREY.copy()
    first, second = (occluded(GREY, PropKind.CUP, 2.0, PLACE) for _ in range(2))
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[1], second[1])
    np.testing.assert_array_equal(GREY, before)


def test_a_face_out_of_the_picture_is_no_error() -> None:
    picture, mask = occluded(GREY, PropKind.CUP, 2.0, FacePlace((-900.0, -900.0), 40.0))
    assert not mask.any()
    np.testing.assert_array_equal(picture, GREY)
