"""Room: swap. The frame of the live face's glasses, found and followed in the UV layout. Works on sampled colours.

A frame is a thin line that stands out from the skin on both of its sides, all around the lower half of a lens and over
the bridge of the nose. Brows, lashes, wrinkles and the rims of the eyes are lines too, but not in these places.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.swap.glasses_strips import ACROSS, ALONG, BRIDGE, RIMS, STRIPS, StripPainter, lower_rim, strips_uv
from mirror_app.swap.line_trace import follow, ridges, stands_below, strength_along, trace
from mirror_app.swap.rim_shape import mended

# Log of brightness + this is compared, so that noise in near-black pixels does not count.
_DARK_LEVEL: Final = 12.0
_LOG: Final = np.log(np.arange(256, dtype=np.float32) + np.float32(_DARK_LEVEL))
# A line counts by the strength that all but this share of its places have.
_WEAKEST: Final = 0.3
# Strengths between which a line is no frame and surely one (thin wire on skin reaches 0.06).
_FRAME_STRENGTH: Final = (0.015, 0.03)
# The same for how much less red the line is than the skin beside it, log red / blue.
_FRAME_PALER: Final = (0.025, 0.05)
# Distance at which it is compared, samples across, and how much it strengthens a line.
_PALER_ASIDE: Final = 4
_PALER_GAIN: Final = 5.0
# No place of the line counts for more, so that a glint or a lash cannot pull it to itself: when glasses are judged, and
# when their line is followed.
_MOST_JUDGED: Final = 0.15
_MOST: Final = 0.6
# Above the eyes a line counts for no more than this.
_MOST_ABOVE: Final = 0.15
# A reddish frame: strengths over the bridge (wrinkles there reach 0.12) and of the rims.
_RED_BRIDGE_STRENGTH: Final = (0.15, 0.2)
_RED_RIM_STRENGTH: Final = (0.05, 0.1)
# Belief in glasses follows the looks with this time; they are on above the first level until below the second.
_BELIEVE_S: Final = 0.7
_ON_LEVEL: Final = 0.8
_OFF_LEVEL: Final = 0.35
# The line follows the looks with this time: the frame stands off the skin, so it moves in UV when the head turns.
_FOLLOW_S: Final = 0.08
# Arms run beside hair: they are no evidence.
_JUDGED: Final = slice(BRIDGE + 1)
# Once in so many looks are glasses doubted, and once is their line searched for anew; it moves there when it is this
# much stronger.
_DOUBT_EVERY: Final = 8
_CLEARLY: Final = 1.1
# Places of the line with less strength than this are not shown, with twice this wholly.
_SHOWN_STRENGTH: Final = 0.015
# Gaps up to this long, in places along, are closed: there the frame has the skin's own brightness.
_GAP: Final = 7
# Half the band's width and the width of its soft edge, samples across: the frame moves between two looks.
_HALF_WIDTH: Final = 1.8
# Above the eyes it is narrower: brows lie close by.
_UPPER_HALF_WIDTH: Final = 0.6
_SOFTNESS: Final = 1.5
# Places seen worse than this do not count.
_LEAST_SEEN: Final = 0.3


class LiveGlasses:
    """Belief in glasses and the course of their frame, carried from look to look."""

    def __init__(self) -> None:
        self.places_uv = strips_uv().reshape(-1, 2)
        """(n, 2) float32: where `learn` wants the brightness from."""
        self._painter = _painter()
        self._lower = lower_rim()
        self._half_widths = np.full((STRIPS, ALONG, 1), _HALF_WIDTH, np.float32)
        self._half_widths[list(RIMS)] = np.where(self._lower, _HALF_WIDTH, _UPPER_HALF_WIDTH)[:, None]
        self.reset()

    def reset(self) -> None:
        """Forget: another face."""
        self._belief = 0.0
        self._on = False
        self._looks = 0
        self._since_believed_s = 0.0
        self._brightness = 0.5
        self._line: NDArray[np.float32] | None = None
        self._strength = np.zeros((STRIPS, ALONG), np.float32)

    @property
    def found(self) -> bool:
        """Whether the face wears glasses."""
        return self._on

    def learn(self, colours_bgr: NDArray[np.uint8], seen: NDArray[np.float32], step_s: float) -> None:
        """Take in one look.

        Args:
            colours_bgr: (n, 3) uint8 at `places_uv`.
            seen: (n,) float32, 0..1, how well the face shows each place.
            step_s: Time since the last look, s.
        """
        self._looks += 1
        self._since_believed_s += step_s
        blue, green, red = np.take(_LOG, colours_bgr.T, mode="clip").reshape(3, STRIPS, ALONG, ACROSS)
        brighter, darker = ridges((blue + green + green + red) * np.float32(0.25))
        paler = stands_below(red - blue, _PALER_ASIDE)
        if not self._on or self._looks % _DOUBT_EVERY == 0:
            visible = seen.reshape(STRIPS, ALONG, ACROSS)[..., ACROSS // 2] > _LEAST_SEEN
            self._believe(brighter[_JUDGED], darker[_JUDGED], paler[_JUDGED], visible[_JUDGED])
        if self._on:
            self._follow(self._strengths(brighter, darker, paler), step_s)
        else:
            self._line = None

    def _believe(
        self,
        brighter: NDArray[np.float32],
        darker: NDArray[np.float32],
        paler: NDArray[np.float32],
        visible: NDArray[np.bool_],
    ) -> None:
        """Judge without regard to what was believed before."""
        share = 1 - math.exp(-self._since_believed_s / _BELIEVE_S)
        self._since_believed_s = 0.0
        strength = np.maximum(brighter, darker)
        line, along = _measured(strength, trace(strength, _MOST_JUDGED))
        believed = self._looks_like(along, strength_along(paler, line), visible)
        self._belief += share * (believed - self._belief)
        self._brightness += share * (self._bright_share(brighter, darker, line) - self._brightness)
        self._on = self._belief > (_OFF_LEVEL if self._on else _ON_LEVEL)

    def _follow(self, strength: NDArray[np.float32], step_s: float) -> None:
        """Move the line on: near where it was, unless a search finds a stronger one."""
        if self._line is None:
            self._line, self._strength = _measured(strength, trace(strength, _MOST))
            return
        line, along = _measured(strength, follow(strength, self._line, _MOST))
        if self._looks % _DOUBT_EVERY == _DOUBT_EVERY // 2:
            other, other_along = _measured(strength, trace(strength, _MOST))
            better = other_along.mean(1) > _CLEARLY * along.mean(1)
            line[better], along[better] = other[better], other_along[better]
        share = np.float32(1 - math.exp(-step_s / _FOLLOW_S))
        self._line += share * (line - self._line)
        self._strength += share * (along - self._strength)

    def _strengths(
        self, brighter: NDArray[np.float32], darker: NDArray[np.float32], paler: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """(STRIPS, ALONG, ACROSS) float32: how much each sample stands out, in the way in which the frame does.

        Above the eyes, where brows and lids are strong dark lines, the way counts more and the strength less.
        """
        bright, dark = min(2 * self._brightness, 1.0), min(2 * (1 - self._brightness), 1.0)
        strength = np.maximum(brighter * np.float32(bright), darker * np.float32(dark))
        strength *= np.clip(1 + paler * np.float32(_PALER_GAIN), 0.5, 2)
        for rim in RIMS:
            above = np.maximum(brighter[rim] * np.float32(bright**4), darker[rim] * np.float32(dark**4))
            strength[rim, ~self._lower] = np.minimum(above, np.float32(_MOST_ABOVE))[~self._lower]
        return np.asarray(strength, np.float32)

    def _bright_share(
        self, brighter: NDArray[np.float32], darker: NDArray[np.float32], line: NDArray[np.float32]
    ) -> float:
        """0..1: the share of bridge and lower rims that is brighter than the skin."""
        is_bright = strength_along(brighter, line) > strength_along(darker, line)
        return float(np.concatenate([is_bright[BRIDGE], *(is_bright[rim][self._lower] for rim in RIMS)]).mean())

    def _looks_like(self, along: NDArray[np.float32], paler: NDArray[np.float32], visible: NDArray[np.bool_]) -> float:
        """0..1: a rim and the bridge, the weaker of both.

        Metal and dark plastic are less red than skin, wrinkles and the bags under eyes are redder: a line that is
        paler than skin is a frame. A reddish frame is believed only where it stands out over the nose more than any
        wrinkle.
        """
        counted = visible.copy()
        counted[list(RIMS)] &= self._lower
        enough = counted.sum(1) >= ALONG // 4
        rims = [rim for rim in RIMS if enough[rim]]
        if not rims or not enough[BRIDGE]:
            return 0.0
        stands_out = [_nearly_all(along[strip][counted[strip]]) for strip in (*RIMS, BRIDGE)]
        is_paler = [float(paler[strip][counted[strip]].mean()) if enough[strip] else 0.0 for strip in (*RIMS, BRIDGE)]
        best = max(rims, key=lambda rim: min(stands_out[rim], is_paler[rim]))
        pale = min(
            _ramp(min(stands_out[best], stands_out[BRIDGE]), _FRAME_STRENGTH),
            _ramp(min(is_paler[best], is_paler[BRIDGE]), _FRAME_PALER),
        )
        red = min(
            _ramp(stands_out[BRIDGE], _RED_BRIDGE_STRENGTH),
            _ramp(max(stands_out[rim] for rim in rims), _RED_RIM_STRENGTH),
        )
        return max(pale, red)

    def band(self) -> NDArray[np.uint8] | None:
        """(SIDE, SIDE) uint8: 255 along the frame and close by, 0 elsewhere; None without glasses."""
        if self._line is None:
            return None
        off = np.abs(np.arange(ACROSS, dtype=np.float32) - self._line[..., None])
        band = np.clip((self._half_widths + _SOFTNESS - off) / _SOFTNESS, 0, 1)
        closed = cv2.blur(cv2.dilate(self._strength, np.ones((1, _GAP), np.uint8)), (_GAP // 2, 1))
        shown = np.clip(np.asarray(closed) / _SHOWN_STRENGTH - 1, 0, 1)
        strips = (band * shown[..., None] * 255).astype(np.uint8)
        return self._painter.paint(strips)


@cache
def _painter() -> StripPainter:
    """The same for every face; making it takes 8 ms."""
    return StripPainter()


def _measured(
    strength: NDArray[np.float32], line: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The line with its rims mended, and the strength along it."""
    along = strength_along(strength, line)
    for rim in RIMS:
        line[rim] = mended(line[rim], along[rim])
    return line, strength_along(strength, line)


def _nearly_all(strength: NDArray[np.float32]) -> float:
    """What nearly all of a line's places reach; 0 without any."""
    return float(np.sort(strength)[int(_WEAKEST * len(strength))]) if len(strength) else 0.0


def _ramp(value: float, low_high: tuple[float, float]) -> float:
    """0 up to the first bound, 1 from the second on."""
    low, high = low_high
    return min(max((value - low) / (high - low), 0.0), 1.0)
