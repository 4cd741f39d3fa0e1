"""Room: capture. A camera's pixel layouts turned into BGR. numpy and cv2 only, no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.pixel_layout import PixelLayout
from mirror_app.domain.errors import InputError

_TWO_PLANES: Final = {PixelLayout.NV12: cv2.COLOR_YUV2BGR_NV12, PixelLayout.NV21: cv2.COLOR_YUV2BGR_NV21}
_PACKED_YUV: Final = {PixelLayout.YUYV: cv2.COLOR_YUV2BGR_YUYV, PixelLayout.UYVY: cv2.COLOR_YUV2BGR_UYVY}
_PACKED_RGB: Final = {PixelLayout.BGRA: cv2.COLOR_BGRA2BGR, PixelLayout.RGBA: cv2.COLOR_RGBA2BGR}

# cv2 reads YUV as ITU-R BT.601 "studio range" (luma 16..235, chroma 16..240). Full-range cameras use 0..255; these
# tables squeeze their samples into the studio range first, which is cheaper than a full-range matrix on every pixel.
_STEPS: Final = np.arange(256, dtype=np.float32)
_LUMA_TO_STUDIO: Final = np.rint(16 + _STEPS * (219 / 255)).astype(np.uint8)
_CHROMA_TO_STUDIO: Final = np.rint(128 + (_STEPS - 128) * (224 / 255)).clip(16, 240).astype(np.uint8)


def planes_to_bgr(
    layout: PixelLayout, planes: Sequence[NDArray[np.uint8]], size_wh: tuple[int, int], full_range: bool
) -> NDArray[np.uint8]:
    """Convert one camera picture.

    Args:
        layout: How the planes are packed.
        planes: One (rows, bytes_per_line) array per plane, line padding included; JPEG: one (1, n) array of the file's
            bytes. They are read only.
        size_wh: Width and height of the picture, px.
        full_range: The YUV samples use 0..255 and not the studio range; without effect on RGB and JPEG.

    Returns:
        A new (H, W, 3) uint8 BGR array.

    Raises:
        InputError: The JPEG bytes are damaged, or the planes are smaller than the picture.
    """
    width, height = size_wh
    if layout is PixelLayout.JPEG:
        return _decode_jpeg(planes[0])
    if layout in _PACKED_RGB:
        return _bgr(cv2.cvtColor(_packed(planes[0], width, height, 4), _PACKED_RGB[layout]))
    if layout in _PACKED_YUV:
        pixels = _packed(planes[0], width, height, 2)
        if full_range:
            pixels = _bgr(cv2.LUT(pixels, _packed_table(layout)))
        return _bgr(cv2.cvtColor(pixels, _PACKED_YUV[layout]))
    luma = _crop(planes[0], width, height)
    if full_range:
        luma = _bgr(cv2.LUT(luma, _LUMA_TO_STUDIO))
    if layout in _TWO_PLANES:
        chroma = _packed(planes[1], width // 2, height // 2, 2)
        if full_range:
            chroma = _bgr(cv2.LUT(chroma, _CHROMA_TO_STUDIO))
        return _bgr(cv2.cvtColorTwoPlane(luma, chroma, _TWO_PLANES[layout]))
    return _planar_to_bgr(luma, planes[1:], size_wh, full_range)


def _planar_to_bgr(
    luma: NDArray[np.uint8], chroma: Sequence[NDArray[np.uint8]], size_wh: tuple[int, int], full_range: bool
) -> NDArray[np.uint8]:
    width, height = size_wh
    quarters = [_crop(plane, width // 2, height // 2) for plane in chroma]
    if full_range:
        quarters = [_bgr(cv2.LUT(plane, _CHROMA_TO_STUDIO)) for plane in quarters]
    # cv2 wants the three planes as one tall picture: luma rows, then the chroma samples in reading order.
    tall = np.concatenate([luma.ravel(), quarters[0].ravel(), quarters[1].ravel()]).reshape(height * 3 // 2, width)
    return _bgr(cv2.cvtColor(tall, cv2.COLOR_YUV2BGR_I420))


def _decode_jpeg(plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
    image = cv2.imdecode(plane.reshape(-1), cv2.IMREAD_COLOR) if plane.size else None
    if image is None:
        raise InputError("The camera sent a damaged picture; check its cable or try another USB port.")
    return _bgr(image)


def _packed(plane: NDArray[np.uint8], width: int, height: int, channels: int) -> NDArray[np.uint8]:
    return _crop(plane, width * channels, height).reshape(height, width, channels)


def _crop(plane: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    if plane.shape[0] < height or plane.shape[1] < width:
        rows, columns = plane.shape[:2]
        raise InputError(
            "The camera sent a picture that is too short: expected {expected}, got {got}.",
            expected=f"{width}x{height}",
            got=f"{columns}x{rows}",
        )
    return plane[:height, :width]


def _packed_table(layout: PixelLayout) -> NDArray[np.uint8]:
    pair = [_LUMA_TO_STUDIO, _CHROMA_TO_STUDIO] if layout is PixelLayout.YUYV else [_CHROMA_TO_STUDIO, _LUMA_TO_STUDIO]
    return np.stack(pair, axis=-1).reshape(1, 256, 2)


def _bgr(array: object) -> NDArray[np.uint8]:
    """cv2's stubs promise any number type; its uint8 functions return uint8."""
    return np.asarray(array, dtype=np.uint8)
