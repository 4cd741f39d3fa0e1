"""Room: swap. What of the live face stays visible inside the target: its hair and, by choice, its glasses.

At most the hair's zone (`live_hair`, 22 % of the face) and thin lines around the eyes (`live_glasses`) can be kept.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.assignment import Glasses
from mirror_app.imaging.resample import looked_up, resized
from mirror_app.swap.cadence import Cadence
from mirror_app.swap.live_glasses import LiveGlasses
from mirror_app.swap.live_hair import LiveHair
from mirror_app.swap.uv_probe import UvProbe

# Every fourth frame of a 30 Hz camera has a look: in three turns at glasses three times and at hair once, or, while no
# glasses are found or they are not to be seen, at hair twice and for glasses once.
_LOOK_EVERY_NS: Final = 120_000_000
_TURNS: Final = 3
LOOK_SIDE: Final = 160
"""Longest side, px, of the reduced picture around the face that `KeptFinder.look` wants."""
# A look after a pause counts as this much time, s.
_LONGEST_STEP_S: Final = 0.5
# How far around a frame that is to be replaced nothing counts as hair, texels of the map of hair.
_FRAME_TEXELS: Final = 7


class KeptFinder:
    """Learns, in the texture's UV layout, what of the live face is hair or glasses."""

    def __init__(self, ahead: float = 0.0) -> None:
        """Know nothing yet; `ahead`: see `Cadence`."""
        self._looks = Cadence(_LOOK_EVERY_NS, ahead)
        self._hair = LiveHair()
        self._hair_probe = _hair_probe()
        self._glasses = LiveGlasses()
        self._glasses_probe = _glasses_probe()
        self.reset()

    def reset(self) -> None:
        """Forget: another face."""
        self._hair.reset()
        self._glasses.reset()
        self._looks.reset()
        self._is_new = True
        self._hair_looked_ns: int | None = None
        self._glasses_looked_ns: int | None = None
        self._turn = 0
        self._hair_cover: NDArray[np.uint8] | None = None
        self._band: NDArray[np.uint8] | None = None
        self._no_glasses_cover: NDArray[np.uint8] | None = None

    def due(self, time_ns: int) -> bool:
        """Whether the face should be looked at in this frame."""
        return self._looks.due(time_ns)

    def look(
        self,
        live_small_bgr: NDArray[np.uint8],
        points_small: NDArray[np.float32],
        visible: NDArray[np.float32],
        time_ns: int,
        glasses: Glasses = Glasses.KEEP,
    ) -> None:
        """Take in one frame.

        Args:
            live_small_bgr: (h, w, 3) uint8, the picture around the face, reduced to `LOOK_SIDE`.
            points_small: (468, 3) float32, the live mesh in px of it.
            visible: (468,) float32, 0..1, how well each vertex is seen.
            time_ns: Time of the frame.
            glasses: Only the frame of glasses that are kept has to be followed closely.
        """
        values = np.stack([points_small[:, 0], points_small[:, 1], visible])
        turn, is_first = self._turn, self._is_new
        follows_glasses = self._glasses.found and glasses is Glasses.KEEP
        if is_first or turn == 0 or (turn == 1 and not follows_glasses):
            self._look_at_hair(live_small_bgr, values, time_ns)
        if is_first or turn == 2 or follows_glasses:
            self._look_at_glasses(live_small_bgr, values, time_ns)
        self._no_glasses_cover = None
        self._turn = (turn + 1) % _TURNS
        self._is_new = False
        self._looks.done(time_ns)

    def _look_at_hair(self, live_small_bgr: NDArray[np.uint8], values: NDArray[np.float32], time_ns: int) -> None:
        colours, seen = _sampled(live_small_bgr, self._hair_probe.carry(values))
        self._hair.learn(colours, seen, _step_s(self._hair_looked_ns, time_ns))
        self._hair_cover = self._hair.cover()
        self._hair_looked_ns = time_ns

    def _look_at_glasses(self, live_small_bgr: NDArray[np.uint8], values: NDArray[np.float32], time_ns: int) -> None:
        colours, seen = _sampled(live_small_bgr, self._glasses_probe.carry(values))
        self._glasses.learn(colours, seen, _step_s(self._glasses_looked_ns, time_ns))
        self._band = self._glasses.band()
        self._glasses_looked_ns = time_ns

    def cover(self, glasses: Glasses = Glasses.KEEP) -> NDArray[np.uint8] | None:
        """Where the target covers the live face: everywhere but on hair; the same array until the next look.

        Args:
            glasses: A dark hinge passes for hair; glasses that are to be replaced are covered all the same.

        Returns:
            (S, S) uint8 over the UV square, 255 = the target covers, 0 = the live face shows; None = all is covered.
        """
        if glasses is Glasses.KEEP or self._band is None or self._hair_cover is None:
            return self._hair_cover
        if self._no_glasses_cover is None:
            side = self._hair_cover.shape[0]
            frame = cv2.dilate(resized(self._band, (side, side)), np.ones((_FRAME_TEXELS, _FRAME_TEXELS), np.uint8))
            self._no_glasses_cover = np.asarray(cv2.max(self._hair_cover, frame), np.uint8)
        return self._no_glasses_cover

    def glasses_band(self) -> NDArray[np.uint8] | None:
        """Where the frame of the glasses is, for `show_glasses`; the same array until the next look.

        Returns:
            (S, S) uint8 over the UV square, 255 along the frame; None without glasses.
        """
        return self._band


@cache
def _hair_probe() -> UvProbe:
    """The same for every face; making it takes 25 ms."""
    return UvProbe(LiveHair().places_uv)


@cache
def _glasses_probe() -> UvProbe:
    return UvProbe(LiveGlasses().places_uv)


def uncovered(texture_bgra: NDArray[np.uint8], cover: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A texture (side, side, 4) uint8, BGR and alpha, with what is kept (see `KeptFinder.cover`) out of its alpha."""
    side = texture_bgra.shape[0]
    result = texture_bgra.copy()
    alpha = cv2.multiply(cv2.extractChannel(texture_bgra, 3), resized(cover, (side, side)), scale=1 / 255)
    cv2.insertChannel(alpha, result, 3)
    return result


def _sampled(
    image_bgr: NDArray[np.uint8], places: NDArray[np.float32]
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Colours (n, 3) at places given as rows x, y, seen; what lies outside the picture is not seen."""
    x, y, seen = places
    height, width = image_bgr.shape[:2]
    seen[(x < 0) | (y < 0) | (x > width - 1) | (y > height - 1)] = 0
    return looked_up(image_bgr, x[:, None], y[:, None])[:, 0], seen


def _step_s(before_ns: int | None, now_ns: int) -> float:
    """Time a look stands for; the first one settles everything."""
    if before_ns is None:
        return math.inf
    return min(abs(now_ns - before_ns) * 1e-9, _LONGEST_STEP_S)
