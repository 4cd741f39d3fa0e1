"""Room: tests. A hand drawn from round limbs: its shape, and how light or dark its skin is where. Knows no face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

PX_PER_FACE: Final = 360
"""Px of a drawn thing for the height of the face that it is held to."""
# The sheet reaches from above the fingertips to below the picture; face heights.
_LEFT, _TOP, _RIGHT, _BOTTOM = -0.75, -0.85, 0.75, 2.4


@dataclass(frozen=True, slots=True)
class _Limb:
    """A round limb between two places, face heights from the palm's middle; radii at its beginning and its end."""

    start: tuple[float, float]
    end: tuple[float, float]
    radii: tuple[float, float]


# Proportions of a hand as long as a face is high (both are about 18 cm from wrist or chin to the other end).
_FINGERS: Final = (
    (_Limb((-0.165, -0.18), (-0.19, -0.38), (0.062, 0.054)), _Limb((-0.19, -0.38), (-0.205, -0.56), (0.054, 0.045))),
    (_Limb((-0.057, -0.20), (-0.062, -0.43), (0.064, 0.056)), _Limb((-0.062, -0.43), (-0.062, -0.64), (0.056, 0.046))),
    (_Limb((0.050, -0.19), (0.065, -0.41), (0.061, 0.053)), _Limb((0.065, -0.41), (0.075, -0.60), (0.053, 0.044))),
    (_Limb((0.148, -0.15), (0.185, -0.32), (0.054, 0.046)), _Limb((0.185, -0.32), (0.205, -0.47), (0.046, 0.038))),
    (_Limb((-0.14, 0.13), (-0.285, -0.03), (0.085, 0.066)), _Limb((-0.285, -0.03), (-0.355, -0.20), (0.066, 0.052))),
)
_PALM: Final = (
    _Limb((-0.135, -0.15), (-0.075, 0.22), (0.092, 0.105)),
    _Limb((-0.02, -0.17), (0.0, 0.24), (0.096, 0.115)),
    _Limb((0.115, -0.12), (0.075, 0.22), (0.088, 0.105)),
)
_FOREARM: Final = (_Limb((0.0, 0.26), (0.04, 0.95), (0.125, 0.175)),)
_SLEEVE: Final = (_Limb((0.035, 0.88), (0.09, 2.3), (0.215, 0.30)),)
_SLEEVE_BGR: Final = np.array([96, 74, 58], np.float32)
# Light from above, the image's left and the camera.
_TO_LIGHT: Final = np.array([-0.35, -0.5, 0.79], np.float32)
# Blood shows at joints and fingertips: factor for blue, green, red.
_FLUSHED: Final = np.array([0.90, 0.91, 1.0], np.float32)
_NAIL: Final = np.array([1.10, 1.06, 1.03], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A thing drawn flat, `PX_PER_FACE` px for a face's height.

    Attributes:
        skin: (h, w, 3) float32, factors for the colour of the skin that light falls on.
        paint: (h, w, 3) float32, BGR levels added to that, as they look in the light of a well lit room.
        cover: (h, w) float32, 1 = the thing, 0 = nothing, in between at its soft edges.
        anchor_xy: The px that is held to the face.
    """

    skin: Floats
    paint: Floats
    cover: Floats
    anchor_xy: tuple[float, float]


def draw_hand() -> Sheet:
    """The back of a flat right hand, fingers up, with forearm and sleeve; anchored at the fingers' middle joints."""
    x, y = grid(_LEFT, _TOP, _RIGHT, _BOTTOM)
    relief = np.zeros_like(x)
    # Each finger is a round of its own: where two touch there is a groove.
    for limbs in (*(_PALM,), *_FINGERS, _FOREARM):
        relief = np.maximum(relief, _rounded(x, y, limbs))
    sleeve = _rounded(x, y, _SLEEVE)
    skin = _light(relief, 0.010)[..., None] * _tones(x, y)
    paint = _light(sleeve, 0.02)[..., None] * _SLEEVE_BGR * (1 + 0.10 * _mottle(x.shape, 0.004, 5))[..., None]
    clothed = _edge(sleeve)[..., None]
    cover = np.maximum(_edge(relief), clothed[..., 0])
    return Sheet(
        (skin * (1 - clothed)).astype(np.float32),
        (paint * clothed).astype(np.float32),
        cover.astype(np.float32),
        (-_LEFT * PX_PER_FACE, (-_TOP - 0.33) * PX_PER_FACE),
    )


def grid(left: float, top: float, right: float, bottom: float) -> tuple[Floats, Floats]:
    """X and y, face heights, at each px of a sheet that reaches so far: each (h, w) float32."""
    across = np.arange(left, right, 1 / PX_PER_FACE, dtype=np.float32)
    down = np.arange(top, bottom, 1 / PX_PER_FACE, dtype=np.float32)
    x, y = np.meshgrid(across, down)
    return x, y


def _rounded(x: Floats, y: Floats, limbs: tuple[_Limb, ...]) -> Floats:
    """(h, w) float32: how far toward the camera the limbs' surface lies, face heights; 0 beside them."""
    relief = np.zeros_like(x)
    for limb in limbs:
        (ax, ay), (bx, by) = limb.start, limb.end
        along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
        along = np.clip(along, 0, 1)
        apart = (x - ax - along * (bx - ax)) ** 2 + (y - ay - along * (by - ay)) ** 2
        radius = limb.radii[0] + along * (limb.radii[1] - limb.radii[0])
        relief = np.maximum(relief, np.sqrt(np.maximum(radius**2 - apart, 0)))
    return np.asarray(relief, np.float32)


def _light(relief: Floats, softness: float) -> Floats:
    """(h, w) float32: how bright a surface is, 1 = as the skin that faces the light; darker in grooves, at the rim."""
    soft = cv2.GaussianBlur(relief, (0, 0), softness * PX_PER_FACE)
    down, across = np.gradient(soft * PX_PER_FACE)
    length = np.sqrt(across**2 + down**2 + 1)
    towards = (-across * _TO_LIGHT[0] - down * _TO_LIGHT[1] + _TO_LIGHT[2]) / length
    hollow = np.clip((cv2.GaussianBlur(relief, (0, 0), 0.035 * PX_PER_FACE) - soft) / 0.03, 0, 1)
    return np.asarray((0.54 + 0.60 * np.maximum(towards, 0)) * (1 - 0.38 * hollow), np.float32)


def _tones(x: Floats, y: Floats) -> Floats:
    """(h, w, 3) float32: the skin's own colour: redder at joints and tips, creases, nails, grain."""
    tones = np.ones((*x.shape, 3), np.float32)
    for lower, upper in _FINGERS:
        creases = np.zeros_like(x)
        for (px, py), reach in ((lower.end, 0.05), (lower.start, 0.06), (upper.end, 0.05)):
            spot = np.exp(-((x - px) ** 2 + (y - py) ** 2) / reach**2)
            tones *= 1 + spot[..., None] * (_FLUSHED - 1)
            lines = np.cos((y - py) * 330) ** 6 * np.exp(-((y - py) ** 2) / 0.012**2 - ((x - px) ** 2) / 0.05**2)
            creases = np.maximum(creases, lines)
        tones *= (1 - 0.16 * creases)[..., None]
        # The nail lies a little before the finger's end.
        (ax, ay), (bx, by) = upper.start, upper.end
        nx, ny = bx + 0.12 * (bx - ax), by + 0.12 * (by - ay)
        nail = np.clip(1.6 - 1.2 * np.hypot((x - nx) / 0.026, (y - ny) / 0.034) ** 4, 0, 1)
        tones *= 1 + nail[..., None] * (_NAIL - 1)
    mottle = 1 + 0.025 * _mottle(x.shape, 0.03, 1) + 0.02 * _mottle(x.shape, 0.006, 2)
    return np.asarray(tones * mottle[..., None], np.float32)


def _mottle(shape: tuple[int, ...], size: float, seed: int) -> Floats:
    """(h, w) float32: smooth spots of this size in face heights, standard deviation 1."""
    noise = np.random.default_rng(seed).standard_normal(shape, np.float32)
    spots = cv2.GaussianBlur(noise, (0, 0), size * PX_PER_FACE)
    return np.asarray(spots / spots.std(), np.float32)


def _edge(relief: Floats) -> Floats:
    """(h, w) float32: 1 on the surface, 0 beside it, over about two px."""
    on = cv2.GaussianBlur((relief > 0).astype(np.float32), (0, 0), 1.0)
    return np.asarray(on, np.float32)
