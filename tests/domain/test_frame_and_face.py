"""Room: tests. The domain's constructors refuse arrays of the wrong shape or type and say which they got."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain import errors
from mirror_app.domain.errors import MirrorError
from mirror_app.domain.face import FaceMesh
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import Backdrop, FacePatch
from mirror_app.domain.target import TargetFace


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


@pytest.mark.parametrize(
    ("image", "alpha", "words"),
    [
        (np.zeros((4, 5), np.uint8), np.zeros((4, 5), np.float32), r"an image of shape \(H, W, 3\) uint8"),
        (np.zeros((4, 5, 4), np.uint8), np.zeros((4, 5), np.float32), r"an image of shape \(H, W, 3\) uint8"),
        (np.zeros((4, 5, 3), np.float32), np.zeros((4, 5), np.float32), r"an image of shape \(H, W, 3\) uint8"),
        (np.zeros((0, 5, 3), np.uint8), np.zeros((0, 5), np.float32), r"an image of shape \(H, W, 3\) uint8"),
        (np.zeros((4, 5, 3), np.uint8), np.zeros((5, 4), np.float32), r"alpha \(4, 5\) float32"),
        (np.zeros((4, 5, 3), np.uint8), np.zeros((4, 5, 1), np.float32), r"alpha \(4, 5\) float32"),
        (np.zeros((4, 5, 3), np.uint8), np.zeros((4, 5), np.uint8), r"alpha \(4, 5\) float32"),
        (np.zeros((4, 5, 3), np.uint8), np.zeros((4, 5), np.float64), r"alpha \(4, 5\) float32"),
    ],
)
@pytest.mark.parametrize("valid", [True, False])
def test_a_patch_refuses_pixels_and_cover_that_do_not_fit(
    image: NDArray[np.uint8], alpha: NDArray[np.float32], words: str, valid: bool
) -> None:
    with pytest.raises(ValueError, match=f"expected {words}, got"):
        FacePatch(image, alpha, (0, 0), valid=valid)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.float32),
        np.zeros((0, 4, 3), np.uint8),
    ],
)
def test_a_backdrop_refuses_what_is_no_colour_picture(image: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match=r"expected an image of shape \(H, W, 3\) uint8, got"):
        Backdrop(image, (0, 0))


def test_a_patch_needs_no_backdrop_and_keeps_the_one_it_gets() -> None:
    pixels, alpha = np.zeros((4, 5, 3), np.uint8), np.zeros((4, 5), np.float32)
    backdrop = Backdrop(np.zeros((9, 8, 3), np.uint8), (3, 2))
    assert FacePatch(pixels, alpha, (0, 0)).backdrop is None
    assert FacePatch(pixels, alpha, (5, 5), backdrop).backdrop is backdrop


SHAPE = np.zeros((468, 3), np.float32)


@pytest.mark.parametrize(
    ("texture", "alpha", "shape", "colour_follow", "words"),
    [
        (np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4), np.uint8), SHAPE, 0.5, r"an image of shape \(H, W, 3\) uint8"),
        (np.zeros((4, 4, 3), np.uint16), np.zeros((4, 4), np.uint8), SHAPE, 0.5, "an image of shape"),
        (np.zeros((4, 6, 3), np.uint8), np.zeros((4, 6), np.uint8), SHAPE, 0.5, "a square texture"),
        (np.zeros((4, 4, 3), np.uint8), np.zeros((2, 2), np.uint8), SHAPE, 0.5, r"texture_alpha \(4, 4\) uint8"),
        (np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4, 1), np.uint8), SHAPE, 0.5, r"texture_alpha \(4, 4\) uint8"),
        (np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), np.float32), SHAPE, 0.5, r"texture_alpha \(4, 4\) uint8"),
        (np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), np.uint8), SHAPE[:, :2], 0.5, r"shape \(468, 3\)"),
        (np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), np.uint8), SHAPE[:467], 0.5, r"shape \(468, 3\)"),
        (np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), np.uint8), SHAPE, -0.01, "colour_follow 0..1"),
        (np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), np.uint8), SHAPE, 1.01, "colour_follow 0..1"),
        (np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), np.uint8), SHAPE, float("nan"), "colour_follow 0..1"),
    ],
)
def test_a_target_refuses_arrays_that_do_not_fit_and_a_share_out_of_range(
    texture: NDArray[np.uint8],
    alpha: NDArray[np.uint8],
    shape: NDArray[np.float32],
    colour_follow: float,
    words: str,
) -> None:
    with pytest.raises(ValueError, match=f"expected {words}.*, got"):
        TargetFace("one", texture, alpha, shape, colour_follow)


@pytest.mark.parametrize("colour_follow", [0, 0.5, 1])
def test_a_target_of_fitting_arrays_is_taken(colour_follow: float) -> None:
    target = TargetFace("one", np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), np.uint8), SHAPE, colour_follow)
    assert target.colour_follow == colour_follow
    assert target.eye_tone is None


def test_every_kind_of_error_has_an_exit_code_of_its_own() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, MirrorError)]
    codes = [kind.exit_code for kind in kinds]
    assert len(kinds) == 10
    assert len(set(codes)) == len(codes)
    assert {0, 2}.isdisjoint(codes), "0 means success and 2 is a wrong command line"
