"""Room: tests. Aligned crops: the same face gives the same crop, wherever and however it lies in the frame."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.templates import TEMPLATES, crop_from_landmarks, five_landmarks, inverted, likeness

names = st.sampled_from(sorted(TEMPLATES))
sides = st.sampled_from([112, 128, 256, 512])
seeds = st.integers(0, 2**32 - 1)
scales = st.floats(0.05, 30)
angles = st.floats(-np.pi, np.pi)
shifts = st.tuples(st.floats(-3000, 5000), st.floats(-3000, 5000))


def a_face(seed: int) -> NDArray[np.float64]:
    """Five points of a face about 100 px high, as no template has them."""
    return 100 * (TEMPLATES["ffhq_512"] + np.random.default_rng(seed).normal(0, 0.03, (5, 2)))


def moved(points: NDArray[np.float64], transform: NDArray[np.float64]) -> NDArray[np.float64]:
    return points @ transform[:, :2].T + transform[:, 2]


def similarity(scale: float, angle: float, shift: tuple[float, float]) -> NDArray[np.float64]:
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    return np.array([[cos, -sin, shift[0]], [sin, cos, shift[1]]])


@given(names, sides, scales, angles, shifts)
def test_a_face_of_the_templates_own_shape_lands_on_it(
    name: str, side: int, scale: float, angle: float, shift: tuple[float, float]
) -> None:
    landmarks = moved(TEMPLATES[name] * 100, similarity(scale, angle, shift))
    in_crop = moved(landmarks, crop_from_landmarks(landmarks, name, side))
    np.testing.assert_allclose(in_crop, TEMPLATES[name] * side, atol=1e-6 * side)


@given(names, sides, seeds, scales, angles, shifts)
def test_a_moved_turned_or_nearer_face_gives_the_same_crop(
    name: str, side: int, seed: int, scale: float, angle: float, shift: tuple[float, float]
) -> None:
    face, motion = a_face(seed), similarity(scale, angle, shift)
    before = moved(face, crop_from_landmarks(face, name, side))
    after = moved(moved(face, motion), crop_from_landmarks(moved(face, motion), name, side))
    np.testing.assert_allclose(after, before, atol=1e-6 * side)


@given(names, sides, seeds, scales, angles, shifts)
def test_there_and_back_is_where_it_was(
    name: str, side: int, seed: int, scale: float, angle: float, shift: tuple[float, float]
) -> None:
    face = moved(a_face(seed), similarity(scale, angle, shift))
    crop_from_frame = crop_from_landmarks(face, name, side)
    np.testing.assert_allclose(moved(moved(face, crop_from_frame), inverted(crop_from_frame)), face, atol=1e-6)


@given(names, seeds)
def test_a_crop_of_twice_the_side_shows_the_same(name: str, seed: int) -> None:
    face = a_face(seed)
    np.testing.assert_allclose(crop_from_landmarks(face, name, 256), 2 * crop_from_landmarks(face, name, 128))


@given(names, seeds)
def test_a_face_is_turned_and_scaled_but_never_mirrored_or_stretched(name: str, seed: int) -> None:
    mirrored = a_face(seed) * [-1, 1]
    linear = crop_from_landmarks(mirrored, name, 128)[:, :2]
    scale = np.sqrt(np.linalg.det(linear))
    np.testing.assert_allclose(linear @ linear.T, scale**2 * np.eye(2), atol=1e-9)


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_average_face_from_the_front_lies_upright_and_within_the_crop(template: str) -> None:
    landmarks = five_landmarks(topology.CANONICAL * 20 + 300)
    in_crop = moved(landmarks.astype(np.float64), crop_from_landmarks(landmarks, template, 1))
    np.testing.assert_allclose(in_crop, TEMPLATES[template], atol=0.04)
    left_eye, right_eye, nose, left_mouth, right_mouth = in_crop
    assert left_eye[0] < nose[0] < right_eye[0]
    assert left_mouth[0] < nose[0] < right_mouth[0]
    assert max(left_eye[1], right_eye[1]) < nose[1] < min(left_mouth[1], right_mouth[1])


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_points_that_are_not_finite_have_no_crop(value: float) -> None:
    landmarks = a_face(1)
    landmarks[3, 1] = value
    with pytest.raises(ValueError, match="finite"):
        crop_from_landmarks(landmarks, "arcface_128", 128)


def test_five_times_the_same_point_has_no_crop() -> None:
    with pytest.raises(ValueError, match="coincide"):
        crop_from_landmarks(np.full((5, 2), 7.0), "arcface_128", 128)


@given(names, seeds, scales, angles, shifts)
def test_likeness_is_the_determinant_of_the_best_fit_as_a_share_of_both_spreads(
    name: str, seed: int, scale: float, angle: float, shift: tuple[float, float]
) -> None:
    landmarks = moved(np.random.default_rng(seed).normal(0, 50, (5, 2)), similarity(scale, angle, shift))
    points, face = landmarks - landmarks.mean(0), TEMPLATES[name] - TEMPLATES[name].mean(0)
    expected = np.linalg.det(face.T @ points) / ((points**2).sum() * (face**2).sum())
    assert likeness(landmarks, name) == pytest.approx(expected, abs=1e-9)


@given(names, scales, angles, shifts)
def test_a_face_is_like_its_template_its_mirror_image_the_opposite_and_a_line_neither(
    name: str, scale: float, angle: float, shift: tuple[float, float]
) -> None:
    motion = similarity(scale, angle, shift)
    own = likeness(moved(TEMPLATES[name], motion), name)
    assert 0.2 < own <= 0.25
    assert likeness(moved(TEMPLATES[name] * (-1, 1), motion), name) == pytest.approx(-own, abs=1e-6)
    assert likeness(moved(np.repeat(np.arange(5.0)[:, None], 2, 1), motion), name) == pytest.approx(0, abs=1e-6)
    assert likeness(np.full((5, 2), 7.0), name) == 0
