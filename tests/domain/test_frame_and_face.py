"""Room: tests. The domain's constructors refuse arrays of the wrong shape or type and say which they got."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain import errors
from mirror_app.domain.errors import MirrorError
from mirror_app.domain.face import FaceMesh
from mirror_app.domain.frame import Frame


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.float32),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((4, 0, 3), np.uint8),
    ],
)
def test_a_frame_refuses_what_is_no_colour_picture(image: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match=r"expected an image of shape \(H, W, 3\) uint8, got"):
        Frame(image, 0, 0)


def test_a_frame_needs_no_decoding() -> None:
    frame = Frame(np.zeros((2, 3, 3), np.uint8), 7, 11)
    assert frame.decode() is frame


@pytest.mark.parametrize(
    "points",
    [np.zeros((468, 2), np.float32), np.zeros((478, 3), np.float32), np.zeros((468, 3), np.float64)],
)
def test_a_face_mesh_refuses_other_shapes_and_types(points: NDArray[np.float32]) -> None:
    with pytest.raises(ValueError, match=r"expected mesh points \(468, 3\) float32, got"):
        FaceMesh(points, 1.0)


def test_every_kind_of_error_has_an_exit_code_of_its_own() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, MirrorError)]
    codes = [kind.exit_code for kind in kinds]
    assert len(kinds) == 9
    assert len(set(codes)) == len(codes)
    assert {0, 2}.isdisjoint(codes), "0 means success and 2 is a wrong command line"
