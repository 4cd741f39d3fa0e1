"""Room: swap. Makes the target take the live face's light: slow in space, steady in time. Works on vertices, not pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.face import MESH_POINTS

GRID_SIDE: Final = 32
"""Side of the light grid over the UV square."""

# Reach of the light estimate in UV units: shading wider than this follows the live face, finer detail stays the target's.
_REACH: Final = 0.05
# Brightness is compared as log(level + this), so that noise in near-black pixels does not count.
_DARK_LEVEL: Final = 12.0
# A vertex darker or brighter than the face's median by more than this factor is hair, glass or a highlight, not light.
_OUTLIER_LOG: Final = 0.9
# The light of a room changes slower than this; camera noise is faster.
_SETTLE_S: Final = 0.2
# A target that keeps its own colours still dims with the room, by this share of the difference to mid grey.
_EXPOSURE_SHARE: Final = 0.45
_MID_LEVEL: Final = 150.0
# ITU-R BT.601 luma weights in BGR order, as in `cv2.COLOR_BGR2GRAY`.
_LUMA: Final = np.array([0.114, 0.587, 0.299], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Light:
    """How to light a texture: `texel * gain + tint`.

    Attributes:
        gain: (GRID_SIDE, GRID_SIDE) float32, over the UV square.
        tint: (GRID_SIDE, GRID_SIDE, 3) float32, BGR levels without brightness of their own.
    """

    gain: NDArray[np.float32]
    tint: NDArray[np.float32]


def _skin_weights() -> NDArray[np.float32]:
    weights = np.ones(MESH_POINTS, np.float32)
    for ring in (
        topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE, topology.LIPS_OUTER, topology.LIPS_INNER,
        topology.IMAGE_LEFT_BROW, topology.IMAGE_RIGHT_BROW, topology.FACE_OVAL,
    ):  # fmt: skip
        weights[list(ring)] = 0.02
    return weights


def _reach_weights() -> NDArray[np.float32]:
    """(GRID_SIDE**2, 468) float32: how much each vertex says about the light at each grid point."""
    axis = (np.arange(GRID_SIDE, dtype=np.float32) + 0.5) / GRID_SIDE
    grid = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 1, 2)
    squared = ((grid - topology.UV[None]) ** 2).sum(-1)
    return np.exp(-squared / (2 * _REACH**2)) + np.float32(1e-4)


def sample_colours(image_bgr: NDArray[np.uint8], points_xy: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, 3) float32, BGR 0..255 at pixel positions; the border's colour outside the picture."""
    where = np.ascontiguousarray(points_xy[None])
    return cv2.remap(image_bgr, where, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0].astype(np.float32)


class LightFollower:
    """Keeps the light of the live face, as seen by a target's texture."""

    def __init__(self) -> None:
        self._skin = _skin_weights()
        self._reach = _reach_weights()
        self._state: NDArray[np.float32] | None = None
        self._time_ns = 0

    def reset(self) -> None:
        """Forget the last light: another target, another face."""
        self._state = None

    def follow(
        self,
        live_colours: NDArray[np.float32],
        target_colours: NDArray[np.float32],
        visible: NDArray[np.float32],
        colour_follow: float,
        time_ns: int,
    ) -> Light:
        """Estimate the light of this frame and settle toward it.

        Args:
            live_colours: (468, 3) float32, BGR 0..255, the blurred frame at the vertices.
            target_colours: The same from the blurred texture.
            visible: (468,) float32, 0..1, how well each vertex is seen in the frame.
            colour_follow: See `TargetFace.colour_follow`.
            time_ns: Time of the frame.
        """
        wanted = self._wanted(live_colours, target_colours, visible * self._skin, colour_follow)
        if self._state is None:
            self._state = wanted
        else:
            step_s = max((time_ns - self._time_ns) * 1e-9, 0.0)
            self._state = self._state + np.float32(1 - np.exp(-step_s / _SETTLE_S)) * (wanted - self._state)
        self._time_ns = time_ns
        grid = self._state.reshape(GRID_SIDE, GRID_SIDE, 4)
        return Light(np.exp(grid[..., 0]), np.ascontiguousarray(grid[..., 1:]))

    def _wanted(
        self,
        live: NDArray[np.float32],
        target: NDArray[np.float32],
        weights: NDArray[np.float32],
        colour_follow: float,
    ) -> NDArray[np.float32]:
        """(GRID_SIDE**2, 4) float32: log gain, then tint."""
        sure = weights > 0.5
        if not sure.any():
            return np.zeros((GRID_SIDE**2, 4), np.float32)
        live_luma, target_luma = live @ _LUMA, target @ _LUMA
        live_log, target_log = np.log(live_luma + _DARK_LEVEL), np.log(target_luma + _DARK_LEVEL)
        ratio = live_log - target_log
        middle = np.median(ratio[sure])
        ratio = np.clip(ratio, middle - _OUTLIER_LOG, middle + _OUTLIER_LOG)
        lit_chroma = (target - target_luma[:, None]) * np.exp(ratio)[:, None]
        tint = (live - live_luma[:, None]) - lit_chroma
        spread = self._spread(np.column_stack([ratio, tint]), weights)
        if colour_follow < 1:
            # Light alone: how the live face's brightness differs over the face, and a share of the room's exposure.
            level = float(np.median(live_log[sure]))
            shading = self._spread((live_log - level)[:, None].clip(-_OUTLIER_LOG, _OUTLIER_LOG), weights)[:, 0]
            own = shading + np.float32(_EXPOSURE_SHARE * (level - np.log(_MID_LEVEL + _DARK_LEVEL)))
            spread *= colour_follow
            spread[:, 0] += (1 - colour_follow) * own
        return spread

    def _spread(self, values: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """Weighted mean of the vertices in reach of each grid point; (GRID_SIDE**2, channels) float32."""
        by_vertex = self._reach * weights
        return ((by_vertex @ values) / by_vertex.sum(1, keepdims=True)).astype(np.float32)
