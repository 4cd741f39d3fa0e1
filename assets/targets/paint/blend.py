"""Room: painting of the built-in targets. Colours and how they lie over each other; no shapes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from relief import Form, gleam
from sheet import SIDE, Plane

Picture = NDArray[np.float32]


def colour(code: str) -> Picture:
    """'#rrggbb' -> (3,) float32 RGB, 0..1."""
    return np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)], np.float32)


def plain(code: str) -> Picture:
    """A sheet of one colour."""
    return np.broadcast_to(colour(code), (SIDE, SIDE, 3)).astype(np.float32)


def over(base: Picture, paint: Picture | str, mask: Plane) -> Picture:
    """Paint (a colour code or a picture) laid over a base where the mask says."""
    layer = colour(paint) if isinstance(paint, str) else paint
    weight = mask[..., None]
    return np.asarray(base * (1 - weight) + layer * weight, np.float32)


def gradient(position: Plane, stops: list[tuple[float, str]]) -> Picture:
    """Colours read off a scale: `position` per texel, stops in rising order."""
    places = [place for place, _ in stops]
    shades = np.stack([colour(code) for _, code in stops])
    return np.stack([np.interp(position, places, shades[:, i]) for i in range(3)], axis=2).astype(np.float32)


def lit(base: Picture, light: Plane, shade: str = "#000000") -> Picture:
    """A base under a light plane (1 = as painted); what is dark leans to the shade's colour instead of black."""
    dark = colour(shade) * (1 - np.clip(light, 0, 1))[..., None] * base
    return np.asarray(base * light[..., None] + dark, np.float32)


def glow(base: Picture, code: str, strength: Plane) -> Picture:
    """Light added on top of a base, never past white."""
    added = colour(code) * strength[..., None]
    return np.asarray(1 - (1 - np.clip(base, 0, 1)) * (1 - np.clip(added, 0, 1)), np.float32)


def metal(shape: Form, tones: list[tuple[float, str]], *, scratch: Plane | None = None) -> Picture:
    """Polished metal in a studio: tones from the darkest to the lightest read off what the surface mirrors."""
    tilt_up = np.degrees(np.arcsin(np.clip(-shape.normal[..., 1], -1, 1)))
    tilt_side = np.degrees(np.arcsin(np.clip(np.abs(shape.normal[..., 0]), 0, 1)))
    tone = np.interp(tilt_up, [-90, -62, -34, -12, 6, 30, 52, 90], [0.30, 0.42, 0.14, 0.36, 0.60, 0.88, 0.50, 0.34])
    tone = tone + np.interp(tilt_side, [0, 14, 34, 52, 70, 90], [0.06, 0.02, -0.14, -0.20, 0.10, 0.30])
    if scratch is not None:
        tone = tone + scratch
    tone = tone * (1 - 0.8 * shape.cavity)
    bright = gleam(shape, (-0.2, -0.65, -0.75), 90)[..., None] * 0.55
    base = gradient(np.clip(tone, 0, 1).astype(np.float32), tones)
    return np.asarray(base + (1 - base) * bright, np.float32)
