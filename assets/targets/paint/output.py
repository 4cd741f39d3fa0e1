"""Room: painting of the built-in targets. From a painted sheet to a small PNG; paints nothing."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from blend import Picture
from numpy.typing import NDArray
from sheet import FINAL_SIDE, coverage

# Texels this far outside the alpha keep their paint, so that filtering at the rim meets no foreign colour.
_BLEED_PX = 24
# Steps of the colour levels: 1 where the paint is even, more where grain hides the rounding.
_QUIET, _BUSY = 3.0, 9.0


def _rounded(colours: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Colour levels 0..255, rounded more coarsely where grain hides it: half the file, and not to be seen."""
    mean = cv2.GaussianBlur(colours, (0, 0), 3)
    spread = np.sqrt(np.maximum(cv2.GaussianBlur(colours**2, (0, 0), 3) - mean**2, 0)).max(2, keepdims=True)
    step = np.where(spread < _QUIET, 1, np.where(spread < _BUSY, 3, 6)).astype(np.float32)
    return np.clip(np.round(colours / step) * step, 0, 255).astype(np.uint8)


def encode_texture(levels: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> bytes:
    """The smallest PNG of a texture; what no filter can reach gets the face's middle colour, so that no rim darkens."""
    levels = levels.copy()
    kept = cv2.dilate((alpha > 0).astype(np.uint8), np.ones((_BLEED_PX, _BLEED_PX), np.uint8))
    levels[kept == 0] = np.median(levels[alpha == 255], axis=0).astype(np.uint8)
    texture = np.dstack([levels, alpha])
    filters = (cv2.IMWRITE_PNG_FILTER_SUB, cv2.IMWRITE_PNG_FILTER_UP, cv2.IMWRITE_PNG_FILTER_PAETH)
    tries = [
        cv2.imencode(".png", texture, [cv2.IMWRITE_PNG_COMPRESSION, 9, cv2.IMWRITE_PNG_FILTER, f])[1] for f in filters
    ]
    return min((data.tobytes() for data in tries), key=len)


def write_texture(path: Path, picture: Picture) -> None:
    """Reduce a painted sheet (RGB, 0..1) and write it with its alpha.

    Raises:
        OSError: The file cannot be written.
    """
    size = (FINAL_SIDE, FINAL_SIDE)
    colours = cv2.resize(np.clip(picture[..., ::-1], 0, 1), size, interpolation=cv2.INTER_AREA) * 255
    alpha = np.round(cv2.resize(coverage(), size, interpolation=cv2.INTER_AREA) * 255).astype(np.uint8)
    path.write_bytes(encode_texture(_rounded(np.asarray(colours, np.float32)), alpha))
