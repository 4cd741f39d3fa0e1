"""Room: tests. A cup, a microphone and a strand of hair, drawn flat for the demo. Knows no face."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from tests.props.demo_hand import PX_PER_FACE, Floats, Sheet, grid

_CUP_BGR: Final = np.array([176, 128, 44], np.float32)
_PRINT_BGR: Final = np.array([226, 232, 236], np.float32)
_RIM_BGR: Final = np.array([205, 172, 110], np.float32)
_FOAM_BGR: Final = np.array([44, 40, 40], np.float32)
_STICK_BGR: Final = np.array([62, 58, 56], np.float32)
_HAIR_BGR: Final = (np.array([26, 34, 48], np.float32), np.array([62, 88, 124], np.float32))
_HAIRS: Final = 520
# Strokes are drawn this much larger and averaged, so that a hair is finer than a px.
_FINE: Final = 2
_SHIFT: Final = 4


def draw_cup() -> Sheet:
    """A blue cup with white rings and dots, wider above, with a handle; anchored near its rim."""
    x, y = grid(-0.6, -0.45, 0.6, 0.65)
    half = 0.30 - 0.05 * (y + 0.35) / 0.9
    bow = 0.05 * np.sqrt(np.maximum(1 - (x / 0.31) ** 2, 0))
    body = _inside(np.minimum(np.minimum(half - np.abs(x), y + 0.35 + bow), 0.5 + bow - y))
    ring = np.abs(np.hypot((x - 0.30) / 0.9, y - 0.05) - 0.15)
    handle = _inside(0.035 - ring) * (x > 0.2)
    round_x = np.clip(x / half, -1, 1)
    bright = 0.62 + 0.46 * np.sqrt(1 - round_x**2) * np.exp(-((round_x + 0.35) ** 2) / 0.9)
    shine = np.exp(-((round_x + 0.55) ** 2) / 0.004) * (y > -0.25) * (y < 0.35)
    bend = y - bow
    stripe = np.maximum(_inside(0.018 - np.abs(bend + 0.18)), _inside(0.018 - np.abs(bend - 0.30)))
    turned = np.arcsin(round_x * 0.98) * 0.30
    dots = np.hypot((turned + 0.06) % 0.12 - 0.06, (bend - 0.02) % 0.12 - 0.06)
    printed = np.maximum(stripe, _inside(0.032 - dots) * (bend > -0.1) * (bend < 0.24))
    paint = _CUP_BGR + printed[..., None] * (_PRINT_BGR - _CUP_BGR)
    rim = _inside(0.028 - np.abs(y + 0.335 + bow))
    paint = paint + rim[..., None] * (_RIM_BGR - paint)
    paint = paint * bright[..., None] + 70 * shine[..., None]
    side = _CUP_BGR * (0.95 - 4.0 * ring)[..., None]
    paint = body[..., None] * paint + (1 - body[..., None]) * side
    return _painted(paint, np.maximum(body, handle), (0.6, 0.17))


def draw_microphone() -> Sheet:
    """A black foam ball on a dark stick; anchored at the ball."""
    x, y = grid(-0.35, -0.35, 0.35, 2.2)
    far = np.hypot(x, y * 0.92)
    ball, stick = _inside(0.205 - far), _inside(np.minimum(0.075 - np.abs(x), y - 0.1))
    up = np.sqrt(np.maximum(1 - (far / 0.21) ** 2, 0))
    towards = np.clip(-0.35 * x / 0.21 - 0.5 * y / 0.21 + 0.79 * up, 0, 1)
    grain = np.random.default_rng(3).standard_normal(x.shape, np.float32)
    grain = np.asarray(cv2.GaussianBlur(grain, (0, 0), 1.6), np.float32)
    foam = _FOAM_BGR * ((0.55 + 0.9 * towards) * (1 + 0.45 * grain / grain.std() * 0.5))[..., None]
    shine = 0.6 + 0.5 * np.cos(np.clip(x / 0.075, -1, 1) * 1.4) + 1.1 * np.exp(-((x + 0.03) ** 2) / 0.00012)
    paint = ball[..., None] * foam + (1 - ball[..., None]) * _STICK_BGR * shine[..., None]
    return _painted(paint, np.maximum(ball, stick), (0.35, 0.35))


def draw_strand() -> Sheet:
    """A dark brown strand that hangs down in a curve, a fifth of a face wide; anchored at its middle."""
    x, _ = grid(-0.4, -0.75, 0.4, 0.75)
    height, width = x.shape
    large_wh = (width * _FINE, height * _FINE)
    painted, cover = np.zeros((large_wh[1], large_wh[0], 3), np.float32), np.zeros(large_wh[::-1], np.float32)
    random = np.random.default_rng(11)
    down = np.linspace(-0.74, 0.72, 24)
    for _ in range(_HAIRS):
        beside, end = float(random.normal(0, 0.055)), float(random.uniform(0.35, 1.0))
        curve = 0.10 * np.sin((down + 0.2) * 2.2) + beside * (1.15 - 0.55 * (down + 0.75))
        curve = curve + 0.006 * np.sin(down * random.uniform(6, 12) + random.uniform(0, 6))
        line = np.column_stack([curve + 0.4, down + 0.75])[: max(int(len(down) * end), 4)]
        line = line[int(random.uniform(0, 5)) :]
        px = np.round(line * PX_PER_FACE * _FINE * (1 << _SHIFT)).astype(np.int32)
        share = float(random.uniform(0, 1)) ** 2
        colour = _HAIR_BGR[0] + share * (_HAIR_BGR[1] - _HAIR_BGR[0])
        cv2.polylines(painted, [px], False, colour.tolist(), 3, cv2.LINE_AA, _SHIFT)
        cv2.polylines(cover, [px], False, (1.0,), 3, cv2.LINE_AA, _SHIFT)
    paint = np.asarray(cv2.resize(painted, (width, height), interpolation=cv2.INTER_AREA), np.float32)
    hairs = np.asarray(cv2.resize(cover, (width, height), interpolation=cv2.INTER_AREA), np.float32)
    # Drawn on nothing, the colours have their cover in them already.
    paint = np.asarray(paint / np.maximum(hairs, 1e-3)[..., None], np.float32)
    return _painted(paint, np.clip(hairs, 0, 1).astype(np.float32), (0.4, 0.75))


def _inside(depth: Floats) -> Floats:
    """(h, w) float32: 1 where a depth in face heights is positive, 0 where negative, over about two px."""
    return np.asarray(np.clip(depth * PX_PER_FACE / 2 + 0.5, 0, 1), np.float32)


def _painted(paint: Floats, cover: Floats, anchor: tuple[float, float]) -> Sheet:
    return Sheet(np.zeros((*cover.shape, 3), np.float32), np.asarray(paint, np.float32), cover, _px(*anchor))


def _px(x: float, y: float) -> tuple[float, float]:
    return x * PX_PER_FACE, y * PX_PER_FACE
