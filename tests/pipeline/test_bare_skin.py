"""Room: tests. The test camera's eye: it finds bare skin that was resized, cut, faded or compressed, nothing else."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.compose.pixelate import pixelate
from mirror_app.pipeline.cards import Cards
from tests.pipeline.bare_skin import FOUND, skin, strength

RNG = np.random.default_rng(5)


def room() -> NDArray[np.uint8]:
    image = RNG.integers(60, 120, (96, 128, 1), dtype=np.uint8).repeat(3, 2)
    return np.ascontiguousarray(image)


def bare(height: int = 44, width: int = 36, at: tuple[int, int] = (25, 40)) -> NDArray[np.uint8]:
    image = room()
    image[at[0] : at[0] + height, at[1] : at[1] + width] = skin(height, width)
    return image


def jpeg(image: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 1), np.uint8)


@pytest.mark.parametrize("scale", [0.625, 1.0, 1.5, 2.0])
@pytest.mark.parametrize("at", [(25, 40), (26, 43), (0, 0), (52, 92)])
def test_skin_is_found_at_any_size_and_place(scale: float, at: tuple[int, int]) -> None:
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    assert strength(np.asarray(cv2.resize(bare(at=at), None, fx=scale, fy=scale, interpolation=how)), scale) > FOUND


@pytest.mark.parametrize("size", [(44, 18), (20, 36), (16, 16)])
def test_a_part_of_it_is_enough(size: tuple[int, int]) -> None:
    assert strength(bare(*size)) > FOUND


def test_compressed_and_faded_skin_is_found() -> None:
    assert strength(jpeg(bare(), 50)) > FOUND
    faded = cv2.addWeighted(bare(), 0.45, room(), 0.55, 0)
    assert strength(np.asarray(faded, np.uint8)) > FOUND


def test_nothing_else_is_taken_for_skin() -> None:
    pixelated = bare()
    pixelate(pixelated, np.array([40, 25, 76, 69], np.float32))
    for image in (room(), Cards().of((128, 96), label_on=True), pixelated, np.zeros((96, 128, 3), np.uint8)):
        assert strength(image) < FOUND / 2
