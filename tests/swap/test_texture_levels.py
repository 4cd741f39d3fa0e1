"""Room: tests. A target's texture fits the face's size on screen, keeps its colours and knows its own vertices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.target import TargetFace
from mirror_app.swap.texture_levels import TextureLevels
from mirror_app.swap.uv_layout import coverage_alpha
from tests.portrait import plain_target
from tests.swap.synthetic_faces import SKIN_BGR, synthetic_face

FACE = TargetFace("face", synthetic_face(256), coverage_alpha(256), topology.CANONICAL, 1.0)
LEVELS = TextureLevels(FACE)


@given(st.floats(0, 5000))
def test_the_texture_has_at_most_as_many_rows_as_the_face_on_screen(height: float) -> None:
    texture = LEVELS.texture(height, 1.0)
    side = texture.shape[0]
    assert texture.shape == (side, side, 4)
    assert texture.dtype == np.uint8
    assert side <= max(height, 64)
    assert side >= min(0.6 * height, 300), "and not many fewer"


def test_a_larger_face_never_gets_a_smaller_texture() -> None:
    sides = [LEVELS.texture(height, 1.0).shape[0] for height in range(10, 900, 7)]
    assert sides == sorted(sides)
    assert len(set(sides)) > 5


@pytest.mark.parametrize("height", [20.0, 100.0, 200.0, 300.0, 700.0])
def test_colours_and_cover_are_those_of_the_target_at_every_size(height: float) -> None:
    plain = TextureLevels(plain_target((200, 60, 20)))
    texture = plain.texture(height, 1.0)
    assert (texture[..., :3] == (200, 60, 20)).all()
    side = texture.shape[0]
    for vertex, covered in ((topology.NOSE_TIP, True), (117, True), (346, True)):
        x, y = (int(value) for value in topology.UV[vertex] * side)
        assert (texture[y, x, 3] > 250) == covered
    for ring in (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE):
        x, y = (int(value) for value in topology.UV[list(ring)].mean(0) * side)
        assert texture[y, x, 3] < 60


@pytest.mark.parametrize("height", [100.0, 400.0])
def test_crispness_changes_the_texture_and_one_brings_it_back(height: float) -> None:
    before = LEVELS.texture(height, 1.0).copy()
    soft, crisp = (LEVELS.texture(height, crispness).copy() for crispness in (0.3, 2.0))
    np.testing.assert_array_equal(LEVELS.texture(height, 1.0), before)
    roughness = [float(np.abs(np.diff(t[..., :3].astype(int), axis=0)).mean()) for t in (soft, before, crisp)]
    assert roughness[0] < roughness[1] < roughness[2]
    for texture in (soft, crisp):
        np.testing.assert_array_equal(texture[..., 3], before[..., 3])


def test_the_same_request_is_answered_without_work() -> None:
    levels = TextureLevels(FACE)
    assert levels.texture(200, 1.4) is levels.texture(205, 1.4)


def test_sizes_in_turn_do_not_disturb_each_other() -> None:
    alone = TextureLevels(FACE).texture(130, 0.7).copy()
    levels = TextureLevels(FACE)
    levels.texture(300, 2.0)
    levels.texture(130, 1.0)
    np.testing.assert_array_equal(levels.texture(130, 0.7), alone)


def test_the_targets_own_arrays_stay_as_they_are() -> None:
    before = FACE.texture_bgr.copy(), FACE.texture_alpha.copy()
    TextureLevels(FACE).texture(256, 2.5)
    np.testing.assert_array_equal(FACE.texture_bgr, before[0])
    np.testing.assert_array_equal(FACE.texture_alpha, before[1])


def test_vertices_know_their_cover_and_colour() -> None:
    assert LEVELS.target is FACE
    assert LEVELS.vertex_alpha.shape == (468,)
    assert LEVELS.vertex_colours.shape == (468, 3)
    assert 0 <= LEVELS.vertex_alpha.min() <= LEVELS.vertex_alpha.max() <= 1
    assert LEVELS.vertex_alpha[[topology.NOSE_TIP, 117, 346, 9, 199]].min() > 0.95
    assert LEVELS.vertex_alpha[list(topology.FACE_OVAL)].max() < 0.5
    np.testing.assert_allclose(LEVELS.vertex_colours[9], SKIN_BGR, atol=12)
    assert LEVELS.vertex_colours[[66, 296]].mean() < LEVELS.vertex_colours[9].mean() - 25, "brows are dark"
