"""Room: tests. Crops and pictures computed with plain NumPy from the published contracts. Uses no code of the app."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tests.twins import facts, formulas

Points = NDArray[np.float64]
Picture = NDArray[np.float64]

_ARCFACE: Final = [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]
TEMPLATES: Final = {
    "arcface_112_v1": np.array([
        [0.35473214, 0.45658929], [0.64526786, 0.45658929], [0.5, 0.61154464], [0.37913393, 0.776875],
        [0.62086607, 0.776875],
    ]),
    "arcface_112_v2": np.array(_ARCFACE) / 112,
    "arcface_128": np.array([[x + 8, y] for x, y in _ARCFACE]) / 128,
    "ffhq_512": np.array([
        [0.37691676, 0.46864664], [0.62285697, 0.46912813], [0.50123859, 0.61331904], [0.39308822, 0.725411],
        [0.61150205, 0.72490465],
    ]),
    "mtcnn_512": np.array([
        [0.36562865, 0.46733799], [0.63305391, 0.46585885], [0.50019127, 0.61942959], [0.39032951, 0.77598822],
        [0.61178945, 0.77476328],
    ]),
}  # fmt: skip


def similarity(points: NDArray[np.floating], template: str, side: int) -> Points:
    """(2, 3): the least-squares similarity from points to a template; solved with complex numbers."""
    here = points[:, 0].astype(np.float64) + 1j * points[:, 1]
    there = (TEMPLATES[template] * side) @ np.array([1, 1j])
    from_centre = here - here.mean()
    turn = np.vdot(from_centre, there - there.mean()) / np.vdot(from_centre, from_centre)
    shift = there.mean() - turn * here.mean()
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])


def inverse(transform: Points) -> Points:
    """(2, 3) back."""
    return np.asarray(np.linalg.inv(np.vstack([transform, [0, 0, 1]]))[:2])


def sampled(image: NDArray[np.generic], x: Points, y: Points, border: str) -> Picture:
    """The picture between its pixels, bilinear; beyond its edge black or the edge's own colour."""
    height, width = image.shape[:2]
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    total = np.zeros((*x.shape, image.shape[2]))
    for column, row, share in (
        (left, top, (1 - (x - left)) * (1 - (y - top))), (left + 1, top, (x - left) * (1 - (y - top))),
        (left, top + 1, (1 - (x - left)) * (y - top)), (left + 1, top + 1, (x - left) * (y - top)),
    ):  # fmt: skip
        inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        colours = image[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)].astype(np.float64)
        total += colours * (share * (inside if border == "black" else 1))[..., None]
    return total


def aligned(image: NDArray[np.generic], crop_from_frame: Points, side: int, border: str) -> Picture:
    """(side, side, channels) float64: what a crop shows of a picture."""
    y, x = np.mgrid[:side, :side].astype(np.float64)
    back = inverse(crop_from_frame)
    return sampled(
        image, back[0, 0] * x + back[0, 1] * y + back[0, 2], back[1, 0] * x + back[1, 1] * y + back[1, 2], border
    )  # fmt: skip


def rgb_planes(crop_bgr: Picture) -> NDArray[np.float32]:
    """(3, side, side) float32, R, G, B in 0..1."""
    return (crop_bgr[..., ::-1].transpose(2, 0, 1) / 255).astype(np.float32)


def embedding(image: NDArray[np.uint8], landmarks: NDArray[np.floating]) -> NDArray[np.float32]:
    """(512,) as the ArcFace twin gives it."""
    crop = aligned(image, similarity(landmarks, "arcface_112_v2", 112), 112, "black")
    return formulas.cell_means((255 * rgb_planes(crop) - 127.5) / 127.5, 8) @ formulas.arcface_matrix()


def identity(name: str, image: NDArray[np.uint8], landmarks: NDArray[np.floating]) -> NDArray[np.float32]:
    """What a swapper is told of a photo, flat."""
    model = facts.SWAPPERS[name]
    if model.identity == "portrait":
        transform = similarity(landmarks, model.portrait_template, model.portrait_side)
        return formulas.cell_means(rgb_planes(aligned(image, transform, model.portrait_side, "replicate")), 4)
    raw = embedding(image, landmarks)
    unit = raw / np.linalg.norm(raw)
    if model.identity == "unit":
        return unit
    if model.identity == "emap":
        latent = unit @ formulas.emap()
        return np.asarray(latent / np.linalg.norm(latent))
    converted = raw @ formulas.converter_matrix(f"crossface_{name.split('_')[0]}")
    return converted if model.identity == "converted" else np.asarray(converted / np.linalg.norm(converted))


def generated(
    name: str, frame: NDArray[np.uint8], face: NDArray[np.floating], told: NDArray[np.float32]
) -> tuple[Picture, Points]:
    """(side, side, 3) BGR 0..255 that a swapper's twin makes of a face in a frame, and `crop_from_frame`."""
    model = facts.SWAPPERS[name]
    crop_from_frame = similarity(face, model.template, model.side)
    border = "black" if name == "inswapper_128" else "replicate"
    crop = aligned(frame, crop_from_frame, model.side, border)
    drawn = formulas.generated(rgb_planes(crop), formulas.coefficients_of(told, model.identity)).astype(np.float64)
    return 255.0 * drawn[::-1].transpose(1, 2, 0), crop_from_frame


def pasted(frame: NDArray[np.uint8], made: Picture, crop_from_frame: Points) -> tuple[Picture, NDArray[np.bool_]]:
    """The generated crop where it lies in the frame, and where it does: nothing near the crop's edge."""
    y, x = np.mgrid[: frame.shape[0], : frame.shape[1]].astype(np.float64)
    crop_x = crop_from_frame[0, 0] * x + crop_from_frame[0, 1] * y + crop_from_frame[0, 2]
    crop_y = crop_from_frame[1, 0] * x + crop_from_frame[1, 1] * y + crop_from_frame[1, 2]
    last = made.shape[0] - 1
    inside = (crop_x > 0) & (crop_x < last) & (crop_y > 0) & (crop_y < last)
    return sampled(made, crop_x, crop_y, "replicate"), inside
