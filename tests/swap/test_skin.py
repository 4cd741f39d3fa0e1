"""Room: tests. Which texels of an unrolled photo are the face's own."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.skin import depth_inside, face_mask, features_mask, own_texels, skin_likelihood
from tests.swap.synthetic_faces import clipped, inside_face, synthetic_face

SIDE = 256
SEEN = np.ones((SIDE, SIDE), np.float32)


def logs(texture: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.log(texture.astype(np.float32) + 6)


def own_share(texture: NDArray[np.uint8], where: NDArray[np.bool_]) -> float:
    return float(own_texels(logs(texture), SEEN)[where].mean())


def test_a_clean_face_is_its_own_all_over() -> None:
    assert own_share(synthetic_face(SIDE), inside_face(SIDE)) > 0.97


@pytest.mark.parametrize("darkest", [0.3, 0.6])
def test_a_cheek_in_the_shade_is_still_skin(darkest: float) -> None:
    across = (np.arange(SIDE) + 0.5) / SIDE
    light = np.where((across > 0.3) & (across < 0.5), darkest, 1.0)[None, :, None]
    texture = clipped(synthetic_face(SIDE).astype(np.float32) * light)
    middle = (depth_inside(SIDE) > 0.6) & (features_mask(SIDE) < 0.01)
    assert skin_likelihood(logs(texture), SEEN)[middle].mean() > 0.95


@pytest.mark.parametrize("colour", [(12, 16, 22), (180, 90, 40), (30, 30, 30), (40, 140, 40)])
def test_hair_and_cloth_over_the_temple_are_foreign(colour: tuple[int, int, int]) -> None:
    texture = synthetic_face(SIDE)
    x, y = (int(value) for value in topology.UV[54] * SIDE)
    cover = np.zeros((SIDE, SIDE), np.bool_)
    cover[max(y - 22, 0) : y + 22, max(x - 22, 0) : x + 22] = True
    texture[cover] = colour
    assert own_share(texture, cover & inside_face(SIDE)) < 0.1
    assert own_share(texture, inside_face(SIDE) & (np.indices((SIDE, SIDE))[1] > SIDE // 2)) > 0.95


def test_nothing_off_the_face_is_its_own() -> None:
    own = own_texels(logs(synthetic_face(SIDE)), SEEN)
    assert not own[face_mask(SIDE) == 0].any()


def test_a_face_that_is_not_seen_counts_as_skin() -> None:
    np.testing.assert_array_equal(skin_likelihood(logs(synthetic_face(SIDE)), 0 * SEEN), face_mask(SIDE))


def test_masks_are_shared_and_cannot_be_written() -> None:
    for mask in (features_mask(SIDE), face_mask(SIDE), depth_inside(SIDE)):
        assert not mask.flags.writeable
        assert mask.min() == 0
        assert mask.max() == pytest.approx(1, abs=1e-3)
