"""Room: capture. Light on the demo head: where it comes from when, and what it does to pixels. Knows no expression."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo_look import Lamp
from mirror_app.capture.demo_motion import HeadPose
from mirror_app.capture.demo_portrait import GRID_STEP, DemoPortrait
from mirror_app.capture.demo_pose import turn

_SWING_S: Final = 3.2
_SWING_RAD: Final = math.radians(75)
# The depth grid is smooth but for a few folds; shading shows folds that a warp does not.
_SMOOTH_NODES: Final = 1.5


@dataclass(frozen=True, slots=True)
class Ray:
    """Light from far away.

    Attributes:
        azimuth: Radians; 0 = from the camera, positive = from the right of the picture.
        elevation: Radians above the camera.
        colour_bgr: Factor for each channel on skin that faces the ray.
    """

    azimuth: float
    elevation: float
    colour_bgr: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Light:
    """The light of one moment.

    Attributes:
        ambient_bgr: Factor for each channel of the head where no ray falls.
        rays: What falls on the head from where.
        exposure_bgr: Factor for each channel of the whole picture, as camera and lamp make it.
    """

    ambient_bgr: tuple[float, float, float] = (1.0, 1.0, 1.0)
    rays: tuple[Ray, ...] = ()
    exposure_bgr: tuple[float, float, float] = (1.0, 1.0, 1.0)


_STEADY: Final = {
    Lamp.OWN: Light(),
    Lamp.MIXED: Light(
        (0.38, 0.38, 0.38),
        (
            Ray(math.radians(-65), math.radians(10), (0.42, 0.74, 1.0)),
            Ray(math.radians(65), math.radians(10), (1.0, 0.8, 0.62)),
        ),
    ),
    Lamp.WARM: Light(exposure_bgr=(0.55, 0.84, 1.04)),
    Lamp.DIM: Light(exposure_bgr=(0.33, 0.27, 0.24)),
    Lamp.BRIGHT: Light(exposure_bgr=(1.55, 1.55, 1.55)),
}

_NOISE: Final = {Lamp.DIM: 2.6}
"""Standard deviation of the sensor noise in grey levels where it is not the usual one."""


def light_at(lamp: Lamp, seconds: float) -> Light:
    """The light at a time."""
    if lamp is not Lamp.TURNING:
        return _STEADY[lamp]
    azimuth = _SWING_RAD * math.sin(math.tau * seconds / _SWING_S)
    return Light((0.28, 0.28, 0.28), (Ray(azimuth, math.radians(20), (1.0, 1.0, 1.0)),))


def noise_level(lamp: Lamp, usual: float) -> float:
    """The sensor noise under a lamp, standard deviation in grey levels."""
    return _NOISE.get(lamp, usual)


class HeadShader:
    """Lights the head. Not safe for two threads."""

    def __init__(self, portrait: DemoPortrait) -> None:
        depth = cv2.GaussianBlur(portrait.depth, (0, 0), _SMOOTH_NODES)
        down, across = np.gradient(np.asarray(depth, np.float32) / GRID_STEP)
        facing = np.stack([across, down, -np.ones_like(across)], axis=-1)
        self._normals = (facing / np.linalg.norm(facing, axis=-1, keepdims=True)).astype(np.float32)
        self._head_weight = portrait.head_weight[..., None]
        self._lit = np.empty_like(portrait.canvas)

    def shade(self, canvas: NDArray[np.uint8], light: Light, pose: HeadPose) -> NDArray[np.uint8]:
        """The canvas under a light; (h, w, 4) uint8 as `DemoPortrait.canvas`, reused by the next call."""
        if not light.rays:
            return canvas
        height, width = canvas.shape[:2]
        factors = np.dstack([self.factors(light, pose), np.ones(self._normals.shape[:2], np.float32)])
        place = np.array([[GRID_STEP, 0, 0], [0, GRID_STEP, 0]], np.float32)
        gain = cv2.warpAffine(factors, place, (width, height), borderMode=cv2.BORDER_REPLICATE)
        cv2.multiply(canvas, gain, dst=self._lit, dtype=cv2.CV_8U)
        # The colours of the canvas are multiplied by its alpha: none may be brighter than that.
        alpha = cv2.extractChannel(canvas, 3)
        cv2.min(self._lit, cv2.merge([alpha] * 4), dst=self._lit)
        return self._lit

    def factors(self, light: Light, pose: HeadPose) -> NDArray[np.float32]:
        """Factor for each channel at the nodes of the portrait's grid: (gh, gw, 3) float32, Lambert's law."""
        head_turn = turn(pose.yaw, pose.pitch, pose.roll)
        factors = np.full(self._normals.shape, light.ambient_bgr, np.float32)
        for ray in light.rays:
            level = math.cos(ray.elevation)
            toward = np.array(
                [math.sin(ray.azimuth) * level, -math.sin(ray.elevation), -math.cos(ray.azimuth) * level], np.float32
            )
            # The ray is turned back instead of every normal forward; shoulders stay.
            on_head = (self._normals * (head_turn.T @ toward)).sum(axis=-1, keepdims=True)
            on_body = (self._normals * toward).sum(axis=-1, keepdims=True)
            cosine = on_body + self._head_weight * (on_head - on_body)
            factors += np.maximum(cosine, 0) * np.array(ray.colour_bgr, np.float32)
        return factors
