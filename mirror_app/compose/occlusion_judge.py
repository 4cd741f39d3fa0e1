"""Room: compose. Judges one face over time: which of its texels something lies in front of. No frames, no patches."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from mirror_app.compose.occlusion_align import Alignment
from mirror_app.compose.occlusion_light import LightFit
from mirror_app.compose.occlusion_model import Appearance
from mirror_app.compose.occlusion_texels import SIDE, Floats, Unrolled

# Half the squared distance from the face's colours, in standard deviations, beyond which something is in front; things
# are rare, and the spread is known badly.
_SURPRISING: Final = 5.5
_MOST_SURPRISING: Final = 25.0
# A mesh lies off, lips and brows move: what the face itself shows so many texels below and to the right of it surprises
# no more than by so much.
_ASIDE: Final = ((-2, 0), (2, 0), (0, -2), (0, 2))
_ASIDE_COSTS: Final = 1.0
# What is coloured as the thing in front is taken for it so much sooner.
_LIKE_THE_THING: Final = 3.0
# What was in front a frame ago most likely still is.
_STAYS: Final = 0.8
# What one texel alone may say, log odds.
_LEAST_ODDS, _MOST_ODDS = -5.0, 7.0
# Neighbours have a say: so much, in so many rounds.
_NEIGHBOURS: Final = 2.0
_ROUNDS: Final = 2
_REACH: Final = (3, 3)
# Nothing thinner than this many texels is a thing in front: rims of glasses, wrinkles, strands of the fringe.
_THIN: Final = 3
_FEWEST_TEXELS: Final = 40
# Gaps this narrow within a thing are its own: eyes and lips, of which nothing can be told, and what looks like skin.
# Those in which the face itself is believed with less than this of a doubt stay open.
_GAP: Final = 7
_OPEN_GAP: Final = 0.15
# Where the light explains less than this share of what should be the face, nothing can be told.
_LEAST_EXPLAINED: Final = 0.35
# Where it explains less of what is left of the face than this, nothing is cut.
_SURELY_EXPLAINED: Final = 0.65
# With what is in front taken out, a second look may explain the rest.
_LOOKS: Final = 2
# Light that differs so much over the face from that in which it was learned, a logarithm, makes all less sure by half.
_OTHER_LIGHT: Final = 0.15
# Where it explains less than this, the mesh may lie off.
_WELL_LAID: Final = 0.88
# Below the first share nothing is learned, above the second all.
_LEARN_EXPLAINED: Final = (0.55, 0.85)
# Of what can be seen of the face; more in front is no judgement to cut by.
_MOST_COVERED: Final = 0.6
# What stays on the same texels for so long, s, while the face moves, belongs to the face.
_GROWN_ON_S: Final = 6.0
_NO_COLOUR: Final = np.zeros(3)
_SAME_COLOUR: Final = np.array([0.12, 0.04, 0.05])
_SAME_SHARE: Final = 0.1
# A known face is learned on this often, s; a gap counts for no more than the second.
_LEARN_EVERY_S: Final = 0.3
_MOST_LEARNED_S: Final = 0.5
# The mesh is laid on the learned face in one look of so many, but at once where little fits.
_ALIGN_EVERY: Final = 4
# The face is not learned so near to what is in front, texels.
_KEEP_OFF: Final = 5
_MINUS_SIXTHS: Final = np.full((1, 3), -1 / 6, np.float32)
_SQUARE: Final = np.ones((3, 3), np.uint8)
_ROUND: Final = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_THIN, _THIN))
_CLOSING: Final = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_GAP, _GAP))
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
        self._judged = self._looks = 0
        self._learn_s = 0.0
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
        for _ in range(_LOOKS):
            colours = self.alignment.laid(face.colours)
            explained = self._light_of(face, colours)
            if explained < _WELL_LAID and (self._looks % _ALIGN_EVERY == 0 or explained < _SURELY_EXPLAINED):
                self._align(face)
                colours = self.alignment.laid(face.colours)
                explained = self._light_of(face, colours)
            self._looks += 1
            if explained < _LEAST_EXPLAINED:
                self._belief *= 0.5
                return None
            shown = Unrolled(colours, self.alignment.laid(face.seen))
            field = self._light.field
            unlit, sure = shown.colours - field, shown.seen * self._appearance.known
            other_light = float(field[..., 0].std()) / _OTHER_LIGHT
            belief = self._believed(shown.colours, unlit, sure, np.float32(1 / (1 + other_light * other_light)))
            mask = _cleaned(belief, sure)
            self._belief = np.maximum(belief, mask * np.float32(0.8)) * mask
            if explained >= _SURELY_EXPLAINED:
                break
        self.seen = shown.seen
        covered = float((mask * sure).sum()) / max(float(sure.sum()), 1.0)
        if covered > _MOST_COVERED or explained < _SURELY_EXPLAINED:
            return None
        trust = min(max((explained - _LEARN_EXPLAINED[0]) / (_LEARN_EXPLAINED[1] - _LEARN_EXPLAINED[0]), 0.0), 1.0)
        self._remember(shown.colours, unlit, mask, shown.seen * np.float32(trust), step_s)
        return self._belief if mask.any() else None

    def _light_of(self, face: Unrolled, laid: Floats) -> float:
        """Find out the light from the face's colours as they are laid; the share of the face that it explains."""
        return self._light.follow(laid - self._appearance.mean, self._bare(face))

    def _align(self, face: Unrolled) -> None:
        learned, seen = (np.ascontiguousarray(one[..., 0]) for one in (self._appearance.mean, face.colours))
        self.alignment.follow(learned, seen, self._light.field[..., 0], self._bare(face))

    def _bare(self, face: Unrolled) -> Floats:
        """(SIDE, SIDE) float32, 0..1: how surely each texel shows the face itself, as was known before this frame."""
        return face.seen * (1 - self._belief) * self._appearance.known

    def _believed(self, colours: Floats, unlit: Floats, sure: Floats, surety: np.float32) -> Floats:
        """(SIDE, SIDE) float32, 0..1; `surety`, 0..1, is what a difference counts."""
        known = sure * np.float32(0.98) + np.float32(0.02)
        # A single texel errs easily: its neighbours are looked at with it.
        scale = np.float32(0.5) * surety / np.asarray(cv2.blur(known, (3, 3)), np.float32)
        own = self._surprise(unlit, known, (0, 0)) * scale - np.float32(_SURPRISING)
        if self._thing is None and float((own * sure).max()) <= 0:
            return np.zeros_like(own)
        for aside in _ASIDE:
            other = self._surprise(unlit, known, aside) * scale - np.float32(_SURPRISING - _ASIDE_COSTS)
            np.minimum(own, other, out=own)
        if self._thing is not None:
            # Where the face itself is coloured like the thing, being so says nothing.
            face = _likeness(colours - unlit + self._appearance.mean, *self._thing)
            own += np.float32(_LIKE_THE_THING) * np.maximum(_likeness(colours, *self._thing) - face, 0)
        before = np.float32(_STAYS) * (2 * np.asarray(cv2.blur(self._belief, (3, 3)), np.float32) - 1)
        own = np.asarray(np.clip(own, _LEAST_ODDS, _MOST_ODDS) * sure + before, np.float32)
        belief = _probability(np.asarray(own, np.float32))
        weight = cv2.blur(known, _REACH)
        for _ in range(_ROUNDS):
            around = np.asarray(cv2.blur(belief * known, _REACH), np.float32) / weight
            belief = _probability(np.asarray(own + np.float32(_NEIGHBOURS) * (2 * around - 1), np.float32))
        return belief

    def _surprise(self, unlit: Floats, known: Floats, aside: tuple[int, int]) -> Floats:
        """Sums around each texel of how far it is from the face's colours so many texels below and to the right."""
        off = np.minimum(self._appearance.surprise(unlit, *aside), np.float32(_MOST_SURPRISING))
        return np.asarray(cv2.blur(off * known, (3, 3)), np.float32)

    def _remember(self, colours: Floats, unlit: Floats, mask: Floats, seen: Floats, step_s: float) -> None:
        self._learn_s += step_s
        if self._learn_s >= _LEARN_EVERY_S:
            near = np.asarray(cv2.dilate(mask, _MARGIN), np.float32)
            self._appearance.learn(unlit, seen * (1 - near), min(self._learn_s, _MOST_LEARNED_S))
            self._learn_s = 0.0
        inside = mask > 0
        if not inside.any():
            self._thing = None
            self._front_s[:] = 0
            return
        shown = (inside & (seen > 0.5)).view(np.uint8)
        if np.count_nonzero(shown) >= _FEWEST_TEXELS:
            mean, spread = cv2.meanStdDev(colours, mask=shown)
            spread = np.maximum(spread[:, 0], np.array([0.10, 0.03, 0.035]))
            self._thing = (mean[:, 0].astype(np.float32), spread.astype(np.float32))
        self._grow_on(unlit, mask, step_s)

    def _grow_on(self, unlit: Floats, mask: Floats, step_s: float) -> None:
        """What has not moved against the face for long is taken for a part of it: it was learned wrongly, or put on."""
        # OpenCV takes three colours at once far faster than NumPy, which goes through them three by three.
        same = cv2.inRange(cv2.absdiff(unlit, self._front_colours), _NO_COLOUR, _SAME_COLOUR)
        same = np.asarray(cv2.bitwise_and(same, same, mask=(mask > 0).view(np.uint8)), np.uint8)
        self._front_s = np.where(same > 0, self._front_s + np.float32(step_s), 0).astype(np.float32)
        cv2.accumulateWeighted(unlit, self._front_colours, _SAME_SHARE, mask=same)
        cv2.copyTo(unlit, cv2.bitwise_not(same), self._front_colours)
        grown = (self._front_s > _GROWN_ON_S).astype(np.float32)
        if grown.any():
            self._appearance.replace(grown, self._front_colours)


def _likeness(colours: Floats, mean: Floats, spread: Floats) -> Floats:
    """(SIDE, SIDE) float32, 0..1: how much colours are those of a thing of this mean and spread, (3,) each."""
    off = np.asarray(cv2.transform(colours, np.column_stack([np.diag(1 / spread), -mean / spread])), np.float32)
    off *= off
    squared = np.asarray(cv2.transform(off, _MINUS_SIXTHS), np.float32).reshape(SIDE, SIDE)
    return np.asarray(cv2.exp(squared), np.float32)


def _probability(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)), np.float32)


def _cleaned(belief: Floats, sure: Floats) -> Floats:
    """(SIDE, SIDE) float32, 0 or 1: what is believed, without thin and small things and without gaps."""
    on = (belief > 0.5).view(np.uint8)
    if not on.any():
        return np.zeros_like(belief)
    core = cv2.morphologyEx(on, cv2.MORPH_OPEN, _ROUND)
    if not core.any():
        return np.zeros_like(belief)
    grown = cv2.bitwise_and(on, cv2.dilate(core, _SQUARE, iterations=2))
    gaps = cv2.morphologyEx(grown, cv2.MORPH_CLOSE, _CLOSING)
    # Between two fingers the face itself is seen.
    grown = np.asarray(cv2.bitwise_or(grown, cv2.bitwise_and(gaps, (belief + 1 - sure > _OPEN_GAP).view(np.uint8))))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(grown)
    keep = np.zeros(count, np.float32)
    keep[1:] = stats[1:, cv2.CC_STAT_AREA] >= _FEWEST_TEXELS
    return np.asarray(keep[labels], np.float32)
