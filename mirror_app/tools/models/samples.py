"""Room: tools. Inputs for any model of the catalogue, made of stored faces as its contract says. Runs no such model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.templates import crop_from_landmarks
from mirror_app.runtime.backend import TensorSpec
from mirror_app.runtime.catalogue import ModelSpec, Role
from mirror_app.tools.models.faces import PictureWithFace

_EMBEDDING: Final = 512
# About the length of what ArcFace gives before it is normalised; the converters take it as it is.
_EMBEDDING_LENGTH: Final = 20.0
# The swapping networks call the identity `source` and the crop of the frame `target`.
_IDENTITY_INPUT: Final = "source"


def model_samples(
    spec: ModelSpec, inputs: Sequence[TensorSpec], pictures: Sequence[PictureWithFace]
) -> list[dict[str, NDArray[np.float32]]]:
    """One input for each picture: crops, colours and ranges as in the app; identities are random unit vectors.

    Args:
        spec: The model.
        inputs: What its file wants.
        pictures: Faces; the next picture's face is the identity where a network wants a photo.
    """
    rng = np.random.default_rng(0)
    make = _MAKERS[spec.role]
    samples = []
    for index, picture in enumerate(pictures):
        other = pictures[(index + 1) % len(pictures)]
        samples.append({one.name: _feed(spec, one, make, picture, other, rng) for one in inputs})
    return samples


def _feed(
    spec: ModelSpec,
    tensor: TensorSpec,
    make: Callable[[ModelSpec, PictureWithFace], NDArray[np.float32]],
    picture: PictureWithFace,
    other: PictureWithFace,
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    if len(tensor.shape) == 2:
        embedding = rng.normal(size=(1, _EMBEDDING))
        length = _EMBEDDING_LENGTH if spec.role is Role.CONVERTER else 1.0
        return np.asarray(embedding * (length / np.linalg.norm(embedding)), np.float32)
    if spec.role is Role.SWAPPER and tensor.name == _IDENTITY_INPUT:
        return _portrait(spec, other)
    return make(spec, picture)


def _portrait(spec: ModelSpec, picture: PictureWithFace) -> NDArray[np.float32]:
    crop = _aligned(spec, picture, _text(spec, "portrait_template"), _side(spec, "portrait_side"))
    return _planes(crop[..., ::-1] / np.float32(255))


def _crop_in_shares(spec: ModelSpec, picture: PictureWithFace) -> NDArray[np.float32]:
    """Swappers and the parser: RGB in 0..1, less the mean, by the spread."""
    crop = _aligned(spec, picture, _text(spec, "template"), _side(spec))
    return _planes((crop[..., ::-1] / np.float32(255) - _numbers(spec, "mean")) / _numbers(spec, "std"))


def _crop_in_levels(spec: ModelSpec, picture: PictureWithFace) -> NDArray[np.float32]:
    """The recogniser: RGB in 0..255, less the mean, by the spread."""
    crop = _aligned(spec, picture, _text(spec, "template"), _side(spec))
    return _planes((crop[..., ::-1] - _numbers(spec, "mean")) / _numbers(spec, "std"))


def _crop_of_pixels(spec: ModelSpec, picture: PictureWithFace) -> NDArray[np.float32]:
    """The occluder: BGR in 0..1, colours last."""
    crop = _aligned(spec, picture, _text(spec, "template"), _side(spec))
    return np.ascontiguousarray(crop[None] / np.float32(255), np.float32)


def _whole_picture(spec: ModelSpec, picture: PictureWithFace) -> NDArray[np.float32]:
    """Detectors: the picture in the top left corner of a black square."""
    side = _side(spec)
    height, width = picture.image_bgr.shape[:2]
    scale = side / max(height, width)
    square = np.zeros((side, side, 3), np.uint8)
    inner = cv2.resize(picture.image_bgr, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    square[: inner.shape[0], : inner.shape[1]] = inner
    ordered = square[..., ::-1] if _text(spec, "colour") == "rgb" else square
    return _planes((ordered - _numbers(spec, "mean")) / _numbers(spec, "std"))


def _box_crop(spec: ModelSpec, picture: PictureWithFace) -> NDArray[np.float32]:
    """Landmark networks: RGB in 0..255, the box with a margin."""
    side, box = _side(spec), picture.box_xyxy
    scale = side / (float((box[2:] - box[:2]).max()) * float(_numbers(spec, "scale")))
    shift = side / 2 - scale * (box[:2] + box[2:]) / 2
    transform = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    crop = cv2.warpAffine(picture.image_bgr, transform, (side, side))
    return _planes(np.asarray(crop[..., ::-1], np.float32))


_MAKERS: Final[Mapping[Role, Callable[[ModelSpec, PictureWithFace], NDArray[np.float32]]]] = {
    Role.DETECTOR: _whole_picture,
    Role.LANDMARKS: _box_crop,
    Role.RECOGNISER: _crop_in_levels,
    Role.SWAPPER: _crop_in_shares,
    Role.CONVERTER: _crop_in_shares,
    Role.PARSER: _crop_in_shares,
    Role.OCCLUDER: _crop_of_pixels,
}


def _aligned(spec: ModelSpec, picture: PictureWithFace, template: str, side: int) -> NDArray[np.uint8]:
    transform = crop_from_landmarks(picture.landmarks, template, side)
    border = cv2.BORDER_REPLICATE if spec.contract.get("border") == "replicate" else cv2.BORDER_CONSTANT
    crop = cv2.warpAffine(picture.image_bgr, transform, (side, side), borderMode=border)
    return np.asarray(crop, np.uint8)


def _planes(picture: NDArray[np.floating]) -> NDArray[np.float32]:
    """(H, W, 3) to (1, 3, H, W)."""
    return np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32)


def _side(spec: ModelSpec, key: str = "side") -> int:
    return int(_numbers(spec, key))


def _numbers(spec: ModelSpec, key: str) -> NDArray[np.float32]:
    return np.asarray(spec.contract[key], np.float32)


def _text(spec: ModelSpec, key: str) -> str:
    return str(spec.contract[key])
