"""Room: swap. Carries a face's finished patch along with its mesh, to where the same skin is now. Paints nothing."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.geometry import fit_similarity
from mirror_app.domain.patch import FacePatch
from mirror_app.imaging.rasterise import MeshRasteriser
from mirror_app.imaging.scratch import Scratch
from mirror_app.imaging.spread import spread
from mirror_app.swap.patch_area import PatchArea

# What the skin did beyond moving as a whole is smooth: it is drawn this large at most and enlarged.
_DRAWN_SIDE: Final = 72
# Beyond the mesh it fades away over this share of the drawn side: forehead and cheeks follow their nearest skin.
_REACH: Final = 0.25
_LEAST_SIDE_PX: Final = 2
# Gains nearer to one than this are less than a grey level.
_LEAST_LOG_GAIN: Final = 0.002
_LEVELS: Final = np.arange(256, dtype=np.float32)[:, None]
_PER_LEVEL: Final = np.float32(1 / 255)


class CarriedPatch:
    """A patch that was made for one mesh, and can be had for meshes near it. Its arrays are kept; for one thread.

    Every carried patch comes from the one that was made, never from one that was carried: nothing adds up.
    """

    def __init__(self) -> None:
        self._rasteriser = MeshRasteriser(topology.TRIANGLES)
        self._made, self._whole = Scratch(np.uint8), Scratch(np.uint8)
        self._image, self._cover, self._alpha = Scratch(np.uint8), Scratch(np.uint8), Scratch(np.float32)
        self._x, self._y = Scratch(np.float32), Scratch(np.float32)
        self._key = np.empty((0, 0, 4), np.uint8)
        self._origin_xy = (0, 0)
        self._points = np.zeros((0, 3), np.float32)

    def remember(self, patch: FacePatch, points: NDArray[np.float32]) -> None:
        """Keep a copy of a patch.

        Args:
            patch: Without a backdrop.
            points: (468, 3) float32, frame px, the mesh of the frame for which it was made.
        """
        self._key = self._made.array(*patch.alpha.shape, 4)
        cv2.cvtColor(patch.image_bgr, cv2.COLOR_BGR2BGRA, dst=self._key)
        cv2.insertChannel(cv2.convertScaleAbs(patch.alpha, alpha=255), self._key, 3)
        self._origin_xy, self._points = patch.origin_xy, points.copy()

    def at(
        self, points: NDArray[np.float32], frame_hw: tuple[int, int], log_gain: NDArray[np.float32]
    ) -> FacePatch | None:
        """The patch where the mesh is now; None when nothing of it lies in the frame.

        Args:
            points: (468, 3) float32, frame px, the mesh of the frame to be covered.
            frame_hw: Its height and width.
            log_gain: (3,) float32, BGR: how much lighter the light has become since, as a logarithm.

        Returns:
            Valid until the next call.
        """
        key_from_frame, beyond = _moved_back(points, self._points)
        area = self._area(key_from_frame, float(np.abs(beyond).max()), frame_hw)
        if area is None:
            return None
        size_hw = (area.height, area.width)
        x, y = self._x.array(*size_hw), self._y.array(*size_hw)
        self._fill_maps(x, y, key_from_frame, self._beyond(points, beyond, area), area)
        whole, image, cover = (
            self._whole.array(*size_hw, 4),
            self._image.array(*size_hw, 3),
            self._cover.array(*size_hw),
        )
        cv2.remap(self._key, x, y, cv2.INTER_LINEAR, dst=whole, borderMode=cv2.BORDER_CONSTANT)
        cv2.cvtColor(whole, cv2.COLOR_BGRA2BGR, dst=image)
        cv2.extractChannel(whole, 3, dst=cover)
        if np.abs(log_gain).max() > _LEAST_LOG_GAIN:
            lit = np.clip(_LEVELS * np.exp(log_gain) + np.float32(0.5), 0, 255).astype(np.uint8)
            cv2.LUT(image, np.ascontiguousarray(lit[None]), dst=image)
        return FacePatch(image, np.multiply(cover, _PER_LEVEL, out=self._alpha.array(*size_hw)), area.origin_xy)

    def _area(
        self, key_from_frame: NDArray[np.float64], beyond_px: float, frame_hw: tuple[int, int]
    ) -> PatchArea | None:
        """The rectangle around where all of the kept patch may go, clipped to the frame."""
        height, width = self._key.shape[:2]
        left, top = self._origin_xy
        corners = np.array([[x, y] for x in (left, left + width - 1) for y in (top, top + height - 1)], np.float64)
        frame_from_key = np.linalg.inv(key_from_frame[:, :2])
        places = (corners - key_from_frame[:, 2]) @ frame_from_key.T
        reach = beyond_px * float(np.abs(frame_from_key).sum(1).max())
        (x0, y0), (x1, y1) = (places.min(0) - reach).tolist(), (places.max(0) + reach).tolist()
        x0, y0 = max(math.floor(x0), 0), max(math.floor(y0), 0)
        x1, y1 = min(math.ceil(x1) + 1, frame_hw[1]), min(math.ceil(y1) + 1, frame_hw[0])
        return None if min(x1 - x0, y1 - y0) < _LEAST_SIDE_PX else PatchArea(x0, y0, x1 - x0, y1 - y0)

    def _beyond(self, points: NDArray[np.float32], beyond: NDArray[np.float32], area: PatchArea) -> NDArray[np.float32]:
        """(h, w, 3) float32, reduced: px of the key frame by which each place moved besides the whole."""
        size_wh = area.reduced_wh(_DRAWN_SIDE)
        values = np.column_stack([beyond, np.ones(len(beyond))]).astype(np.float32)
        drawn = self._rasteriser.draw(area.reduce(points, size_wh), values, size_wh)
        return spread(drawn, np.ascontiguousarray(drawn[..., 2]), _REACH * max(size_wh))

    def _fill_maps(
        self,
        x: NDArray[np.float32],
        y: NDArray[np.float32],
        key_from_frame: NDArray[np.float64],
        beyond: NDArray[np.float32],
        area: PatchArea,
    ) -> None:
        """For each px of the area, where to look in the kept patch."""
        columns = np.arange(area.x, area.x + area.width, dtype=np.float64)
        rows = np.arange(area.y, area.y + area.height, dtype=np.float64)[:, None]
        for channel, place in enumerate((x, y)):
            across, down, shift = key_from_frame[channel]
            along = (across * columns).astype(np.float32)
            beside = (down * rows + (shift - self._origin_xy[channel])).astype(np.float32)
            cv2.resize(np.ascontiguousarray(beyond[..., channel]), (area.width, area.height), dst=place)
            place += along
            place += beside


def _moved_back(
    points: NDArray[np.float32], key_points: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """The similarity (2, 3) from the frame to the key frame, and what (468, 2) float32 is left of each point's way."""
    now, then = points[:, :2].astype(np.float64), key_points[:, :2].astype(np.float64)
    scale, rotation, shift = fit_similarity(now, then)
    key_from_frame = np.column_stack([scale * rotation, shift])
    return key_from_frame, np.asarray(then - (now @ key_from_frame[:, :2].T + shift), np.float32)
