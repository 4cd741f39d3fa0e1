"""Room: swap. Where hair hangs into the live face, learned in the UV layout. Works on sampled colours, not pictures.

Only the forehead, the temples and the sideburns are looked at: brows, eyes, nose, mouth, cheeks and beard are always
the target's. This zone, 22 % of the face, is the bound of what a mistake can show.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.imaging.resample import blurred
from mirror_app.swap.live_skin import LiveSkin
from mirror_app.swap.uv_layout import fill_ring

SIDE: Final = 96
"""Side of the map of hair, texels."""

# Corners of the zone, image left half: distance from the face's middle line and v. It runs above the brows, then down
# outside the eyes and the cheekbones to the height of the nose tip.
_ZONE: Final = ((0.0, 0.222), (0.19, 0.222), (0.26, 0.25), (0.31, 0.33), (0.37, 0.40), (0.415, 0.52), (0.5, 0.545))
# Softness of the zone's edge, texels.
_ZONE_SOFTNESS: Final = 1.5
# Colours this many spreads from the skin are certainly skin, certainly hair; between them there is no news.
_SKIN_SPREADS: Final = 1.3
_HAIR_SPREADS: Final = 1.9
# How surely the forehead is skin and not hair, against the cheeks.
_FOREHEAD_SURENESS: Final = 0.25
# Evidence grows and fades with these times, and shows as hair between these levels.
_LEARN_S: Final = 0.35
_SHOWS: Final = (0.35, 0.75)
# Softness of the hair's edge, texels.
_SOFTNESS: Final = 0.8
# Hair reaches at least this near to the face's outline, texels: spots in the middle of the forehead are no hair.
_RIM: Final = 3
# A place seen worse than this brings no news.
_LEAST_SEEN: Final = 0.25


def _zone() -> NDArray[np.float32]:
    """(SIDE, SIDE) float32, 0..1: where hair may be kept."""
    half = np.array([*_ZONE, (0.5, 0.0), (0.0, 0.0)], np.float32)
    mask = np.zeros((SIDE, SIDE), np.uint8)
    for sign in (-1, 1):
        corners = (half * [sign, 1] + [0.5, 0]) * SIDE - 0.5
        cv2.fillPoly(mask, [np.round(corners * 16).astype(np.int32)], 255, shift=4)
    return blurred(mask, _ZONE_SOFTNESS).astype(np.float32) / np.float32(255)


def _masked(*rings: tuple[int, ...], grow: int) -> NDArray[np.bool_]:
    """(SIDE, SIDE) bool: the insides of convex hulls of rings, grown by texels, or shrunk."""
    mask = np.zeros((SIDE, SIDE), np.uint8)
    for ring in rings:
        fill_ring(mask, tuple(np.array(ring)[_hull_order(ring)]), 255)
    reach = np.ones((2 * abs(grow) + 1, 2 * abs(grow) + 1), np.uint8)
    return np.asarray((cv2.dilate if grow >= 0 else cv2.erode)(mask, reach)) > 127


def _hull_order(ring: tuple[int, ...]) -> NDArray[np.int32]:
    return np.asarray(cv2.convexHull(topology.UV[list(ring)], returnPoints=False), np.int32).ravel()


class LiveHair:
    """A map of evidence for hair, carried from look to look."""

    def __init__(self) -> None:
        inside = _masked(topology.FACE_OVAL, grow=0)
        features = _masked(
            topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE, topology.IMAGE_LEFT_BROW, topology.IMAGE_RIGHT_BROW,
            topology.LIPS_OUTER, grow=2,
        )  # fmt: skip
        rows, columns = np.mgrid[:SIDE, :SIDE]
        u, v = (columns + 0.5) / SIDE, (rows + 0.5) / SIDE
        nose_base, eye_line = topology.UV[2, 1], topology.UV[33, 1]
        skin = inside & ~features & (v < nose_base) & (abs(u - 0.5) < 0.33)
        cheeks = skin & (v > eye_line + 0.05)
        self._zone = _zone() * inside
        self._rim = inside & ~_masked(topology.FACE_OVAL, grow=-_RIM)
        zone = self._zone > 0.02
        looked_at = zone | (skin & ((rows + columns) % 2 == 0))
        self.places_uv = np.stack([u[looked_at], v[looked_at]], -1).astype(np.float32)
        """(n, 2) float32: where `learn` wants the colours from."""
        self._in_zone = np.flatnonzero(zone[looked_at])
        self._texels = np.flatnonzero(zone)
        sureness = np.where(v < eye_line, np.float32(_FOREHEAD_SURENESS), np.float32(1)) * skin
        self._skin = LiveSkin(self.places_uv, sureness[looked_at], cheeks[looked_at])
        self._evidence = np.zeros(len(self._texels), np.float32)

    def reset(self) -> None:
        """Forget: another face."""
        self._skin.reset()
        self._evidence[:] = 0

    def learn(self, colours_bgr: NDArray[np.uint8], seen: NDArray[np.float32], step_s: float) -> None:
        """Take in one look.

        Args:
            colours_bgr: (n, 3) uint8 at `places_uv`.
            seen: (n,) float32, 0..1, how well the face shows each place.
            step_s: Time since the last look, s.
        """
        distance = self._skin.distance(colours_bgr, seen)
        share = np.float32(1 - np.exp(-step_s / _LEARN_S))
        if distance is None:
            self._evidence *= 1 - share
            return
        off = distance[self._in_zone]
        news = np.where(
            off > _HAIR_SPREADS, np.float32(1), np.where(off < _SKIN_SPREADS, np.float32(0), self._evidence)
        )
        share_each = share * (seen[self._in_zone] > _LEAST_SEEN)
        self._evidence += share_each * (news - self._evidence)

    def cover(self) -> NDArray[np.uint8] | None:
        """(SIDE, SIDE) uint8: 0 where hair is kept, 255 elsewhere; None when there is no hair."""
        hair = np.zeros((SIDE, SIDE), np.uint8)
        low, high = _SHOWS
        hair.ravel()[self._texels] = np.clip((self._evidence - low) * (255 / (high - low)), 0, 255)
        hair = self._touching_rim(hair)
        if not hair.any():
            return None
        kept = blurred(hair, _SOFTNESS) * self._zone
        return np.asarray(255 - kept, np.uint8)

    def _touching_rim(self, hair: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Only what grows in from the face's outline."""
        count, labels = cv2.connectedComponents(hair)
        kept = np.zeros(count, np.uint8)
        kept[labels[self._rim]] = 1
        kept[0] = 0
        return np.asarray(hair * kept[labels], np.uint8)
