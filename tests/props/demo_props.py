"""Room: tests. Things held before a face, drawn over any picture, with their exact masks. Knows no camera, no Qt.

A thing comes in from the side, stays before mouth, cheek or eye, wanders a little and leaves again: one visit takes
`VISIT_S`. It has the skin's tone and light (a hand) or paint under the same light, the picture's softness and noise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.props.demo_hand import PX_PER_FACE, Floats, Sheet, draw_hand
from tests.props.demo_things import draw_cup, draw_microphone, draw_strand


class PropKind(Enum):
    """What is held before the face; the value is its name for people."""

    HAND = "hand"
    CUP = "cup"
    MICROPHONE = "microphone"
    STRAND = "strand of hair"


@dataclass(frozen=True, slots=True)
class FacePlace:
    """Where a face is; the default is the demo head at rest in 1280x720.

    Attributes:
        middle_xy: Between eyes and mouth, frame px.
        height_px: From forehead to chin.
    """

    middle_xy: tuple[float, float] = (602.0, 385.0)
    height_px: float = 318.0


VISIT_S: Final = 4.0
"""How long one visit takes, s; within it the thing is in the picture from a tenth to nine tenths."""

# Where things are held, face heights from the face's middle: before the mouth, on a cheek, at an eye.
_SPOTS: Final = ((0.0, 0.24), (-0.19, 0.13), (0.17, -0.12))
# How far off it comes from, face heights; from below and the side.
_FROM: Final = (1.3, 1.5)
_COMING: Final = (0.10, 0.26)
_LEAVING: Final = (0.74, 0.90)
# Turn of the thing at each spot, radians, and how it wanders there.
_TURNS: Final = {
    PropKind.HAND: (-0.75, -0.35, 0.30),
    PropKind.CUP: (-0.08, 0.1, 0.05),
    PropKind.MICROPHONE: (-0.5, -0.6, 0.5),
    PropKind.STRAND: (0.35, 0.1, -0.15),
}
_WANDER: Final = 0.035
# Of a well lit skin's brightness, for the paint of things.
_LIT_SKIN: Final = 165.0
_SHADOW: Final = 0.16
_NOISE_LEVEL: Final = 1.3
_SOFT_PX: Final = 0.6


@cache
def _sheet(kind: PropKind) -> Sheet:
    makers = {
        PropKind.HAND: draw_hand,
        PropKind.CUP: draw_cup,
        PropKind.MICROPHONE: draw_microphone,
        PropKind.STRAND: draw_strand,
    }
    return makers[kind]()


def occluded(
    frame_bgr: NDArray[np.uint8], kind: PropKind, t: float, face: FacePlace | None = None
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A picture with a thing before the face.

    Args:
        frame_bgr: (H, W, 3) uint8, stays as it is.
        kind: What.
        t: Seconds since the first visit began; each visit has its own spot.
        face: Where the face is; None = where the demo head is.

    Returns:
        The picture, (H, W, 3) uint8, and where the thing is in it, (H, W) uint8, 255 = there, in between at its soft
        edges; both the caller's own.
    """
    place = face or FacePlace()
    picture, mask = frame_bgr.copy(), np.zeros(frame_bgr.shape[:2], np.uint8)
    part = t % VISIT_S / VISIT_S
    if not _COMING[0] < part < _LEAVING[1]:
        return picture, mask
    sheet = _sheet(kind)
    matrix = _placed(sheet, kind, t, place)
    box = _box(sheet, matrix, frame_bgr.shape)
    if box is None:
        return picture, mask
    x0, y0, x1, y1 = box
    matrix[:, 2] -= (x0, y0)
    # Reduced first: a sheet much finer than the picture would come out jagged.
    skin, paint, cover = (
        _warped(layer, matrix, (x1 - x0, y1 - y0)) for layer in (sheet.skin, sheet.paint, sheet.cover)
    )
    tone = _skin_tone(frame_bgr, place)
    colour = skin * _sided(tone, place, box) + paint * np.float32(tone.mean() / _LIT_SKIN)
    window = picture[y0:y1, x0:x1].astype(np.float32)
    reach = max(place.height_px * 0.03, 1.0)
    beside = np.array([[1, 0, 0.6 * reach], [0, 1, reach]], np.float64)
    shade = cv2.GaussianBlur(cv2.warpAffine(cover, beside, (x1 - x0, y1 - y0)), (0, 0), reach)
    window *= (1 - _SHADOW * np.asarray(shade, np.float32))[..., None]
    noise = np.random.default_rng(round(t * 1000)).standard_normal(cover.shape, np.float32) * _NOISE_LEVEL
    window += cover[..., None] * (colour + noise[..., None] - window)
    picture[y0:y1, x0:x1] = np.clip(np.rint(window), 0, 255).astype(np.uint8)
    mask[y0:y1, x0:x1] = np.rint(cover * 255).astype(np.uint8)
    return picture, mask


def _placed(sheet: Sheet, kind: PropKind, t: float, place: FacePlace) -> NDArray[np.float64]:
    """(2, 3): from px of the sheet to px of the frame."""
    visit, part = int(t // VISIT_S), t % VISIT_S / VISIT_S
    spot = _SPOTS[visit % len(_SPOTS)]
    away = 1 - _eased(part, *_COMING) + _eased(part, *_LEAVING)
    side = 1.0 if spot[0] > 0 or visit % 2 else -1.0
    turn = _TURNS[kind][visit % len(_SPOTS)]
    if kind is PropKind.HAND:
        turn = abs(turn) * -side
    x = spot[0] + side * away * _FROM[0] + _WANDER * math.sin(math.tau * t / 1.7)
    y = spot[1] + away * _FROM[1] * (-1 if kind is PropKind.STRAND else 1) + _WANDER * math.cos(math.tau * t / 2.3)
    turn += 0.12 * math.sin(math.tau * t / 2.9)
    scale = place.height_px / PX_PER_FACE
    cos, sin = math.cos(turn) * scale, math.sin(turn) * scale
    # A left hand comes from the image's left with its thumb up.
    flip = -1.0 if kind is PropKind.HAND and side < 0 else 1.0
    linear = np.array([[cos * flip, -sin], [sin * flip, cos]])
    to = np.array(place.middle_xy) + np.array([x, y]) * place.height_px
    return np.column_stack([linear, to - linear @ np.array(sheet.anchor_xy)])


def _box(sheet: Sheet, matrix: NDArray[np.float64], shape: tuple[int, ...]) -> tuple[int, int, int, int] | None:
    height, width = sheet.cover.shape
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float64) @ matrix[:, :2].T + matrix[:, 2]
    x0, y0 = np.clip(corners.min(0).astype(int), 0, (shape[1], shape[0])).tolist()
    x1, y1 = np.clip(corners.max(0).astype(int) + 1, 0, (shape[1], shape[0])).tolist()
    return (x0, y0, x1, y1) if min(x1 - x0, y1 - y0) > 1 else None


def _warped(layer: Floats, matrix: NDArray[np.float64], size_wh: tuple[int, int]) -> Floats:
    scale = math.sqrt(abs(float(np.linalg.det(matrix[:, :2]))))
    # As soft as a camera's picture, whatever the size.
    soft = cv2.GaussianBlur(layer, (0, 0), math.hypot(_SOFT_PX, 0.3 * max(1 / scale - 1, 0)) / scale)
    return np.asarray(cv2.warpAffine(soft, matrix, size_wh), np.float32)


def _skin_tone(frame_bgr: NDArray[np.uint8], place: FacePlace) -> Floats:
    """(2, 3) float32: BGR of skin on the image-left and the image-right cheek."""
    tones = []
    for side in (-1, 1):
        x, y = place.middle_xy[0] + side * 0.17 * place.height_px, place.middle_xy[1] + 0.10 * place.height_px
        reach = max(place.height_px * 0.07, 1.0)
        x0, x1, y0, y1 = (max(round(value), 0) for value in (x - reach, x + reach, y - reach, y + reach))
        patch = frame_bgr[y0 : y1 + 1, x0 : x1 + 1].reshape(-1, 3)
        tones.append(np.median(patch, axis=0) if len(patch) else np.full(3, 128.0))
    return np.asarray(tones, np.float32)


def _sided(tone: Floats, place: FacePlace, box: tuple[int, int, int, int]) -> Floats:
    """(1, w, 3) float32: the skin's colour under the light that falls there, from one cheek's to the other's."""
    x = np.arange(box[0], box[2], dtype=np.float32) - place.middle_xy[0]
    share = np.clip(x / np.float32(0.34 * place.height_px) + 0.5, 0, 1)[:, None]
    return np.asarray(tone[0] + share * (tone[1] - tone[0]), np.float32)[None]


def _eased(value: float, start: float, end: float) -> float:
    part = min(max((value - start) / (end - start), 0.0), 1.0)
    return part * part * (3 - 2 * part)
