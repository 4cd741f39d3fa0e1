"""Room: tests. The mesh is one closed sheet whose rings and UV layout the other rooms rely on."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.face import MESH_POINTS

RINGS = {
    "face oval": topology.FACE_OVAL,
    "image-left eye": topology.IMAGE_LEFT_EYE,
    "image-right eye": topology.IMAGE_RIGHT_EYE,
    "outer lips": topology.LIPS_OUTER,
    "inner lips": topology.LIPS_INNER,
}


def edge_counts() -> Counter[tuple[int, int]]:
    counts: Counter[tuple[int, int]] = Counter()
    for triangle in topology.TRIANGLES.tolist():
        for a, b in zip(triangle, triangle[1:] + triangle[:1], strict=True):
            counts[(min(a, b), max(a, b))] += 1
    return counts


def ring_edges(ring: tuple[int, ...]) -> set[tuple[int, int]]:
    return {(min(a, b), max(a, b)) for a, b in zip(ring, ring[1:] + ring[:1], strict=True)}


def test_the_tables_have_their_stated_shapes_and_types() -> None:
    assert topology.CANONICAL.shape == (MESH_POINTS, 3)
    assert topology.CANONICAL.dtype == np.float32
    assert topology.UV.shape == (MESH_POINTS, 2)
    assert topology.UV.dtype == np.float32
    assert topology.TRIANGLES.shape == (898, 3)
    assert topology.TRIANGLES.dtype == np.int32


def test_every_vertex_is_used_and_no_other() -> None:
    assert set(topology.TRIANGLES.ravel().tolist()) == set(range(MESH_POINTS))


def test_the_mesh_is_one_sheet_without_holes_whose_border_is_the_face_oval() -> None:
    counts = edge_counts()
    assert MESH_POINTS - len(counts) + len(topology.TRIANGLES) == 1, "Euler's number of a disc"
    assert {edge for edge, times in counts.items() if times == 1} == ring_edges(topology.FACE_OVAL)
    assert max(counts.values()) == 2


@pytest.mark.parametrize("name", RINGS)
def test_a_ring_walks_along_edges_of_the_mesh_and_visits_no_vertex_twice(name: str) -> None:
    ring = RINGS[name]
    assert len(set(ring)) == len(ring)
    assert ring_edges(ring) <= set(edge_counts())


def test_the_uv_layout_is_flat_and_never_folds_over_itself() -> None:
    assert topology.UV.min() >= 0
    assert topology.UV.max() <= 1
    a, b, c = (topology.UV[topology.TRIANGLES[:, corner]].astype(np.float64) for corner in range(3))
    ab, ac = b - a, c - a
    areas = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
    assert (areas < 0).all() or (areas > 0).all()


def test_x_points_right_y_down_and_z_away_from_the_camera() -> None:
    points = topology.CANONICAL
    assert points[topology.IMAGE_LEFT_EYE_OUTER, 0] < 0 < points[topology.IMAGE_RIGHT_EYE_OUTER, 0]
    assert points[topology.FOREHEAD_TOP, 1] < points[topology.NOSE_TIP, 1] < points[topology.CHIN, 1]
    assert points[topology.UPPER_LIP_INNER, 1] <= points[topology.LOWER_LIP_INNER, 1]
    assert points[topology.NOSE_TIP, 2] < points[:, 2].mean()
    assert (topology.UV[topology.FOREHEAD_TOP, 1] < topology.UV[topology.CHIN, 1]).all()
    assert topology.UV[topology.IMAGE_LEFT_EYE_OUTER, 0] < topology.UV[topology.IMAGE_RIGHT_EYE_OUTER, 0]


def test_the_mirrored_vertices_are_each_others_mirror_image() -> None:
    mirrored = topology.MIRRORED
    assert mirrored.shape == (MESH_POINTS,)
    np.testing.assert_array_equal(mirrored[mirrored], np.arange(MESH_POINTS))
    flipped = topology.CANONICAL * np.array([-1, 1, 1], np.float32)
    np.testing.assert_allclose(topology.CANONICAL[mirrored], flipped, atol=0.02)


def test_vertices_of_the_middle_line_and_no_others_are_their_own_mirror_image() -> None:
    own = np.arange(MESH_POINTS) == topology.MIRRORED
    np.testing.assert_array_equal(own, np.abs(topology.CANONICAL[:, 0]) < 0.01)
    assert own[[topology.NOSE_TIP, topology.CHIN, topology.FOREHEAD_TOP, topology.UPPER_LIP_INNER]].all()


@pytest.mark.parametrize("ring", [topology.FACE_OVAL, topology.LIPS_INNER, topology.LIPS_OUTER])
def test_a_ring_around_the_middle_is_its_own_mirror_image(ring: tuple[int, ...]) -> None:
    assert set(topology.MIRRORED[list(ring)].tolist()) == set(ring)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE),
        (topology.IMAGE_LEFT_BROW, topology.IMAGE_RIGHT_BROW),
    ],
)
def test_left_and_right_regions_mirror_each_other_vertex_by_vertex(
    left: tuple[int, ...], right: tuple[int, ...]
) -> None:
    mirrored = topology.CANONICAL[list(left)] * np.array([-1, 1, 1], np.float32)
    np.testing.assert_allclose(mirrored, topology.CANONICAL[list(right)], atol=0.02)
