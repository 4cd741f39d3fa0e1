"""Room: swap. The target takes the live face's light: slow in space, steady in time. Works on vertices, not pixels."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.face import MESH_POINTS
from mirror_app.imaging.resample import blurred, looked_up
from mirror_app.swap.cadence import Cadence

GRID_SIDE: Final = 24
"""Side of the light grid over the UV square."""

# Reach of the light estimate in UV units: wider shading follows the live face, finer detail stays the target's.
_REACH: Final = 0.2
# Colours are compared as log(level + this), so that noise in near-black pixels does not count.
_DARK_LEVEL: Final = 12.0
# A vertex darker or brighter than the face's median by more than this factor is hair, glass or a highlight, not light.
_OUTLIER_LOG: Final = 0.9
# Where the target differs so much from its own median it shows brows, sockets or a painted shadow: no skin to compare.
_FEATURE_LOG: Final = 0.5
# Points of the outline are looked at this share of the way to the nose.
_INWARD: Final = 0.12
# Camera noise is faster than this. A lamp that lights half of the face is settled (5 %) within 0.45 s.
_SETTLE_S: Final = 0.13
# A lamp that is switched changes most of the face at once, by more than this (log) in some colour; that is followed
# with this time, and estimated at every frame, until no more than the rest is left, or, where a camera's noise is more
# than that, for so long. A hand changes a part only.
_SWITCHED_LOG: Final = 0.06
_SWITCHED_SHARE: Final = 0.7
_SWITCHED_SETTLE_S: Final = 0.06
_SWITCHED_REST_LOG: Final = 0.01
_SWITCHED_NS: Final = 400_000_000
# It is estimated at every third frame of a 30 Hz camera and settles at every frame.
_ESTIMATE_EVERY_NS: Final = 85_000_000
# A target that keeps its own colours still dims with the room, by this share of the difference to mid grey.
_EXPOSURE_SHARE: Final = 0.45
_MID_LEVEL: Final = 150.0
# ITU-R BT.601 luma weights in BGR order, as in `cv2.COLOR_BGR2GRAY`.
_LUMA: Final = np.array([0.114, 0.587, 0.299], np.float32)


def _skin_weights() -> NDArray[np.float32]:
    weights = np.ones(MESH_POINTS, np.float32)
    for ring in (
        topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE, topology.LIPS_OUTER, topology.LIPS_INNER,
        topology.IMAGE_LEFT_BROW, topology.IMAGE_RIGHT_BROW,
    ):  # fmt: skip
        weights[list(ring)] = 0.02
    return weights


def skin_places(places: NDArray[np.float32]) -> NDArray[np.float32]:
    """Where to compare colours: at the vertices, but on the outline a little inward, where skin is and no background.

    Args:
        places: (468, n) float32, the vertices in a picture or in UV.
    """
    inward = places.copy()
    outline = list(topology.FACE_OVAL)
    inward[outline] += np.float32(_INWARD) * (places[topology.NOSE_TIP] - places[outline])
    return inward


def _cells() -> NDArray[np.intp]:
    """(468,): the grid cell each vertex lies in, row by row."""
    columns, rows = np.clip((topology.UV * GRID_SIDE).astype(np.intp), 0, GRID_SIDE - 1).T
    return np.asarray(rows * GRID_SIDE + columns, np.intp)


def sample_colours(image_bgr: NDArray[np.uint8], points_xy: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n[, channels]) float32, 0..255 at pixel positions (n, 2); the border's value outside the picture."""
    x, y = np.ascontiguousarray(points_xy.T)[:, None]
    return np.asarray(looked_up(image_bgr, x, y)[0], np.float32)


class LightFollower:
    """Keeps the light of the live face, as seen by a target's texture."""

    def __init__(self, ahead: float = 0.0) -> None:
        """Know nothing yet; `ahead`: see `Cadence`."""
        self._skin = _skin_weights()
        self._cells = _cells()
        self._is_switched = False
        self._wanted_log: NDArray[np.float32] | None = None
        self._log_gain: NDArray[np.float32] | None = None
        self._estimates = Cadence(_ESTIMATE_EVERY_NS, ahead)
        self._settled_ns = self._switched_ns = 0

    def reset(self) -> None:
        """Forget the last light: another target, another face."""
        self._wanted_log = self._log_gain = None
        self._is_switched = False
        self._estimates.reset()

    def due(self, time_ns: int) -> bool:
        """Whether the light should be estimated at this frame."""
        return self._is_switched or self._estimates.due(time_ns)

    def estimate(
        self,
        live_colours: NDArray[np.float32],
        target_colours: NDArray[np.float32],
        visible: NDArray[np.float32],
        colour_follow: float,
        time_ns: int,
    ) -> None:
        """Estimate the light of this frame.

        Args:
            live_colours: (468, 3) float32, BGR 0..255, the blurred frame at the vertices.
            target_colours: The same from the blurred texture.
            visible: (468,) float32, 0..1, how well each vertex is seen in the frame.
            colour_follow: See `TargetFace.colour_follow`.
            time_ns: Time of the frame.
        """
        self._wanted_log = self._wanted(live_colours, target_colours, visible * self._skin, colour_follow)
        self._estimates.done(time_ns)
        self._notice_switch(time_ns)

    def _notice_switch(self, time_ns: int) -> None:
        if self._wanted_log is None or self._log_gain is None:
            return
        away = np.abs(self._wanted_log - self._log_gain).max(-1)
        limit = _SWITCHED_REST_LOG if self._is_switched else _SWITCHED_LOG
        is_away = bool(np.count_nonzero(away > limit) > _SWITCHED_SHARE * len(away))
        if not self._is_switched:
            self._switched_ns = time_ns
        self._is_switched = is_away and 0 <= time_ns - self._switched_ns < _SWITCHED_NS

    def settle(self, time_ns: int) -> NDArray[np.float32]:
        """Move on toward the estimated light.

        Returns:
            (GRID_SIDE, GRID_SIDE, 4) float32 over the UV square: factors for blue, green, red, and 1 for alpha.
        """
        light = np.ones((GRID_SIDE, GRID_SIDE, 4), np.float32)
        if self._wanted_log is None:
            return light
        if self._log_gain is None:
            self._log_gain = self._wanted_log
        else:
            step_s = max((time_ns - self._settled_ns) * 1e-9, 0.0)
            settle_s = _SWITCHED_SETTLE_S if self._is_switched else _SETTLE_S
            share = np.float32(1 - np.exp(-step_s / settle_s))
            self._log_gain = self._log_gain + share * (self._wanted_log - self._log_gain)
        self._settled_ns = time_ns
        light[..., :3] = np.exp(self._log_gain).reshape(GRID_SIDE, GRID_SIDE, 3)
        return light

    def _wanted(
        self,
        live: NDArray[np.float32],
        target: NDArray[np.float32],
        weights: NDArray[np.float32],
        colour_follow: float,
    ) -> NDArray[np.float32]:
        """(GRID_SIDE**2, 3) float32: log gain."""
        sure = weights > 0.5
        if not sure.any():
            return np.zeros((GRID_SIDE**2, 3), np.float32)
        live_log, target_log = np.log(live + _DARK_LEVEL), np.log(target + _DARK_LEVEL)
        ratio = live_log - target_log
        target_level = target_log @ _LUMA
        features = (target_level - np.median(target_level[sure])) / np.float32(_FEATURE_LOG)
        weights = weights * np.exp(-(features**2))
        middle = np.median(ratio[sure], axis=0)
        follow = np.clip(ratio, middle - _OUTLIER_LOG, middle + _OUTLIER_LOG)
        if colour_follow < 1:
            # Light alone: how the live face's brightness differs over the face, and a share of the room's exposure.
            brightness = live_log @ _LUMA
            level = float(np.median(brightness[sure]))
            shading = np.clip(brightness - level, -_OUTLIER_LOG, _OUTLIER_LOG)
            own = shading + np.float32(_EXPOSURE_SHARE * (level - np.log(_MID_LEVEL + _DARK_LEVEL)))
            follow = colour_follow * follow + (1 - colour_follow) * own[:, None]
        return self._spread(follow, weights)

    def _spread(self, values: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """Weighted mean of the vertices in reach of each grid point; (GRID_SIDE**2, channels) float32."""
        weighted = np.column_stack([values * weights[:, None], weights])
        sums = np.stack([np.bincount(self._cells, column, GRID_SIDE**2) for column in weighted.T], -1)
        # The little that every cell gets from everywhere keeps cells without a vertex in reach defined.
        sums += 1e-4 * sums.mean(0)
        reached = blurred(sums.reshape(GRID_SIDE, GRID_SIDE, -1).astype(np.float32), _REACH * GRID_SIDE)
        return (reached[..., :-1] / reached[..., -1:]).reshape(GRID_SIDE**2, -1)
