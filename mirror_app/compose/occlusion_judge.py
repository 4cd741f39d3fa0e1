"""Room: compose. Judges one face over time: which of its texels something lies in front of. No frames, no patches."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from mirror_app.compose.occlusion_align import Alignment
from mirror_app.compose.occlusion_light import LightFit
from mirror_app.compose.occlusion_model import Appearance
from mirror_app.compose.occlusion_texels import SIDE, Floats, Unrolled

# Log of the density of any colour at all: brightness over 3, each colour over 1.
_ANY_COLOUR: Final = -1.1
# Things in front are rare; what was in front a frame ago most likely still is.
_RARE: Final = -1.5
_STAYS: Final = 1.6
# What one texel alone may say, log odds.
_LEAST_ODDS, _MOST_ODDS = -5.0, 7.0
# Neighbours have a say: so much, in so many rounds.
_NEIGHBOURS: Final = 5.0
_ROUNDS: Final = 3
_REACH: Final = (5, 5)
# Nothing thinner than this many texels is a thing in front: rims of glasses, wrinkles, strands of the fringe.
_THIN: Final = 5
_FEWEST_TEXELS: Final = 60
# Where the light explains less than this share of what should be the face, nothing can be told.
_LEAST_EXPLAINED: Final = 0.35
# Where it explains less of what is left of the face than this, nothing is cut.
_SURELY_EXPLAINED: Final = 0.65
# Light that differs so much over the face from that in which it was learned, a logarithm, makes all less sure by half.
_OTHER_LIGHT: Final = 0.07
# Where it explains less than this, the mesh may lie off.
_WELL_LAID: Final = 0.88
# Below the first share nothing is learned, above the second all.
_LEARN_EXPLAINED: Final = (0.55, 0.85)
# Of what can be seen of the face; more in front is no judgement to cut by.
_MOST_COVERED: Final = 0.6
# What stays on the same texels for so long, s, while the face moves, belongs to the face.
_GROWN_ON_S: Final = 6.0
_SAME_COLOUR: Final = np.array([0.12, 0.04, 0.05], np.float32)
# The face is not learned so near to what is in front, texels.
_KEEP_OFF: Final = 7
_SQUARE: Final = np.ones((3, 3), np.uint8)
_ROUND: Final = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_THIN, _THIN))
_MARGIN: Final = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _KEEP_OFF + 1, 2 * _KEEP_OFF + 1))


class FaceJudge:
    """What is known of one followed face. For one thread."""

    def __init__(self) -> None:
        self._appearance, self._light = Appearance(), LightFit()
        self.alignment = Alignment()
        """Where the judgement lies against the mesh."""
        self._belief = np.zeros((SIDE, SIDE), np.float32)
        self._front_colours = np.zeros((SIDE, SIDE, 3), np.float32)
        self._front_s = np.zeros((SIDE, SIDE), np.float32)
        self._thing: tuple[Floats, Floats] | None = None
        self._judged = 0
        self.seen = np.zeros((SIDE, SIDE), np.float32)
        """(SIDE, SIDE) float32, 0..1: where the last judgement says something."""

    def judge(self, face: Unrolled, step_s: float) -> Floats | None:
        """Take in one frame.

        Args:
            face: As seen.
            step_s: Time since the last one.

        Returns:
            (SIDE, SIDE) float32, 0..1: how surely something is in front; valid until the next call. None where nothing
            is, or nothing can be told.
        """
        self._judged = max(self._judged, int(np.count_nonzero(face.seen > 0.5)))
        if not self._appearance.known_s.any():
            self._appearance.mean[:] = face.colours
        if not self._appearance.is_known(max(self._judged, 1)):
            self._light.follow(face.colours - self._appearance.mean, face.seen)
            self._appearance.learn(face.colours - self._light.field, face.seen, step_s)
            return None
        explained = self._light_of(face)
        if explained < _WELL_LAID:
            self._align(face)
            explained = self._light_of(face)
        seen, laid = self.alignment.laid(face.seen), self.alignment.laid(face.colours)
        face = Unrolled(laid, seen)
        self.seen = seen
        colours = laid - self._light.field
        if explained < _LEAST_EXPLAINED:
            self._belief *= 0.5
            return None
        sure = face.seen * self._appearance.known
        belief = self._believed(face.colours, colours, sure)
        mask = _cleaned(belief, sure)
        covered = float((mask * sure).sum()) / max(float(sure.sum()), 1.0)
        if covered > _MOST_COVERED or explained < _SURELY_EXPLAINED:
            # With what is in front taken out, the next look may explain the rest.
            self._belief = belief * mask
            return None
        trust = min(max((explained - _LEARN_EXPLAINED[0]) / (_LEARN_EXPLAINED[1] - _LEARN_EXPLAINED[0]), 0.0), 1.0)
        self._remember(face.colours, colours, mask, face.seen * np.float32(trust), step_s)
        self._belief = belief * mask
        return self._belief if mask.any() else None

    def _light_of(self, face: Unrolled) -> float:
        """Find out the light; the share of the face that it explains."""
        return self._light.follow(self.alignment.laid(face.colours) - self._appearance.mean, self._bare(face))

    def _align(self, face: Unrolled) -> None:
        learned, seen = (np.ascontiguousarray(one[..., 0]) for one in (self._appearance.mean, face.colours))
        self.alignment.follow(learned, seen, self._light.field[..., 0], self._bare(face))

    def _bare(self, face: Unrolled) -> Floats:
        """(SIDE, SIDE) float32, 0..1: how surely each texel shows the face itself, as was known before this frame."""
        return face.seen * (1 - self._belief) * self._appearance.known

    def _believed(self, colours: Floats, unlit: Floats, sure: Floats) -> Floats:
        """(SIDE, SIDE) float32, 0..1."""
        other_light = float(self._light.field[..., 0].std()) / _OTHER_LIGHT
        face = self._appearance.log_density(unlit, np.float32(1 / (1 + other_light * other_light)))
        front = np.full_like(face, _ANY_COLOUR)
        if self._thing is not None:
            front = np.logaddexp(front, _density(colours, *self._thing)) - np.float32(0.7)
        before = np.float32(_STAYS) * (2 * np.asarray(cv2.blur(self._belief, (3, 3)), np.float32) - 1)
        known = sure * np.float32(0.98) + np.float32(0.02)
        own = np.clip(front - face, _LEAST_ODDS, _MOST_ODDS) * sure + _RARE + before
        belief = _probability(own)
        weight = cv2.blur(known, _REACH)
        for _ in range(_ROUNDS):
            around = np.asarray(cv2.blur(belief * known, _REACH), np.float32) / weight
            belief = _probability(own + np.float32(_NEIGHBOURS) * (2 * around - 1))
        return belief

    def _remember(self, colours: Floats, unlit: Floats, mask: Floats, seen: Floats, step_s: float) -> None:
        near = np.asarray(cv2.dilate(mask, _MARGIN), np.float32)
        self._appearance.learn(unlit, seen * (1 - near), step_s)
        inside = mask > 0
        if not inside.any():
            self._thing = None
            self._front_s[:] = 0
            return
        shown = colours[inside & (seen > 0.5)]
        if len(shown) >= _FEWEST_TEXELS:
            mean, spread = shown.mean(0), shown.std(0)
            spread = np.maximum(spread, np.array([0.10, 0.03, 0.035], np.float32))
            self._thing = (mean.astype(np.float32), spread.astype(np.float32))
        self._grow_on(unlit, mask, step_s)

    def _grow_on(self, unlit: Floats, mask: Floats, step_s: float) -> None:
        """What has not moved against the face for long is taken for a part of it: it was learned wrongly, or put on."""
        same = (np.abs(unlit - self._front_colours) < _SAME_COLOUR).all(-1) & (mask > 0)
        self._front_s = np.where(same, self._front_s + np.float32(step_s), 0).astype(np.float32)
        share = np.where(same, 0.1, 1.0)[..., None].astype(np.float32)
        self._front_colours += share * (unlit - self._front_colours)
        grown = (self._front_s > _GROWN_ON_S).astype(np.float32)
        if grown.any():
            self._appearance.replace(grown, self._front_colours)


def _density(colours: Floats, mean: Floats, spread: Floats) -> Floats:
    """(SIDE, SIDE) float32: log density of colours in a thing of this mean and spread, (3,) each."""
    off = (colours - mean) / spread
    squared = np.asarray(cv2.transform(off * off, np.ones((1, 3), np.float32)), np.float32).reshape(SIDE, SIDE)
    level = -float(np.log(spread).sum()) - 3 * 0.919
    return np.asarray(level - 0.5 * squared, np.float32)


def _probability(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)), np.float32)


def _cleaned(belief: Floats, sure: Floats) -> Floats:
    """(SIDE, SIDE) float32, 0 or 1: what is believed, without thin and small things."""
    on = (belief > 0.5).view(np.uint8) * np.uint8(1)
    core = cv2.morphologyEx(on, cv2.MORPH_OPEN, _ROUND)
    if not core.any():
        return np.zeros_like(belief)
    grown = np.asarray(cv2.bitwise_and(on, cv2.dilate(core, _SQUARE, iterations=2)), np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(grown)
    keep = np.zeros(count, np.float32)
    keep[1:] = stats[1:, cv2.CC_STAT_AREA] >= _FEWEST_TEXELS
    return np.asarray(keep[labels], np.float32)
