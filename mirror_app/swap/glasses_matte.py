"""Room: swap. Lets the pixels of a pair of glasses, and no others, show through a patch. No learning here."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.resample import looked_up, resized

# Width of the widest rim, as a share of the face's height.
_WIDEST: Final = 0.06
# A pixel that differs from both of its sides by these shares of the brightness is skin, and wholly frame.
_DIFFERS: Final = (0.04, 0.14)
# Blue, green and red are compared with these weights: metal and skin differ most in blue.
_CONTRAST: Final = np.array([[0.5, 0.3, 0.2]], np.float32)
_CLOSE: Final = np.ones((3, 3), np.uint8)
# Noise in dark pixels is no frame: brightness below this counts as this.
_DARKEST: Final = 90.0


def show_glasses(
    alpha: NDArray[np.float32],
    band: NDArray[np.uint8],
    maps: tuple[NDArray[np.float32], NDArray[np.float32]],
    live_bgr: NDArray[np.uint8],
    face_height_px: float,
) -> None:
    """Take the frame of the glasses out of a patch's alpha, in place.

    Args:
        alpha: (h, w) float32, 0..1.
        band: (S, S) uint8 over the UV square, see `LiveGlasses.band`.
        maps: u and v, (h', w') float32 each, over the patch reduced.
        live_bgr: (h, w, 3) uint8, the live picture under the patch.
        face_height_px: Height of the mesh, px of the patch.
    """
    side = band.shape[0]
    near = looked_up(band, maps[0] * side - 0.5, maps[1] * side - 0.5)
    x, y, width, height = cv2.boundingRect(near)
    if width < 2 or height < 2:
        return
    scale_x, scale_y = alpha.shape[1] / near.shape[1], alpha.shape[0] / near.shape[0]
    x0, x1 = round(x * scale_x), round((x + width) * scale_x)
    y0, y1 = round(y * scale_y), round((y + height) * scale_y)
    part = slice(y0, y1), slice(x0, x1)
    shown = resized(near[y : y + height, x : x + width], (x1 - x0, y1 - y0))
    cv2.multiply(shown, frame_matte(live_bgr[part], face_height_px), dst=shown, scale=1 / 255)
    window = alpha[part]
    cv2.multiply(window, cv2.bitwise_not(shown), dst=window, scale=1 / 255, dtype=cv2.CV_32F)


def frame_matte(live_bgr: NDArray[np.uint8], face_height_px: float) -> NDArray[np.uint8]:
    """(h, w) uint8: 255 on things narrower than a thick rim, darker or brighter than both sides; 0 on smooth skin.

    Args:
        live_bgr: (h, w, 3) uint8.
        face_height_px: Height of the face, px.
    """
    widest = max(round(face_height_px * _WIDEST), 3)
    kernel = np.ones((widest, widest), np.uint8)
    level = cv2.blur(cv2.transform(live_bgr, _CONTRAST), (3, 3))
    narrow = cv2.max(
        cv2.morphologyEx(level, cv2.MORPH_TOPHAT, kernel), cv2.morphologyEx(level, cv2.MORPH_BLACKHAT, kernel)
    )
    brightness = max(cv2.mean(level)[0], _DARKEST)
    low, high = (share * brightness for share in _DIFFERS)
    # A rim is bright on one side and dark on the other; between them it has the skin's own brightness.
    closed = cv2.blur(cv2.dilate(narrow, _CLOSE), (3, 3))
    # OpenCV clips to 0..255.
    return np.asarray(cv2.addWeighted(closed, 255 / (high - low), closed, 0, -255 * low / (high - low)), np.uint8)
