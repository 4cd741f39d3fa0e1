"""Room: swap. The live face's own skin: its colour and how light falls off over it. Works on samples, not pictures."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.fit import evaluated, weighted_fit

# Colours are compared as log(level + this), so that noise in near-black pixels does not count.
_DARK_LEVEL: Final = 12.0
_LOG: Final = np.log(np.arange(256, dtype=np.float32) + np.float32(_DARK_LEVEL))
# Skin varies by this much around its smooth shading: log brightness, log red / green, log blue / green.
_SPREAD: Final = np.array([0.36, 0.09, 0.09], np.float32)
# Brighter than the smooth shading counts this much.
_SHINE: Final = 0.5
# Samples further than this many spreads say nothing about the skin (Tukey's biweight).
_REACH: Final = 2.5
# Pull toward no slope and no curvature. A lamp at one side makes slopes across the face; slopes down the face are held
# back, or a forehead full of hair would pass for shade.
_STIFFNESS: Final = np.diag([0, 2e-3, 4e-2, 4e-3, 2e-2, 4e-2]).astype(np.float32)
# Where skin is uneven, as under lamps of two colours, further is still skin: this is where the median sample lies.
_USUAL: Final = 0.8
_FIRST_ROUNDS: Final = 5
# Fewer seen samples than this, or a smaller share of them agreeing, and the skin is not known.
_LEAST_SAMPLES: Final = 60
_LEAST_AGREEING: Final = 0.4


def _terms(places_uv: NDArray[np.float32]) -> NDArray[np.float32]:
    """(6, n) float32: the terms of a quadratic over the face's middle."""
    u, v = (places_uv - np.array([0.5, 0.35], np.float32)).T
    return np.stack([np.ones_like(u), u, v, u * u, u * v, v * v])


def tones(colours_bgr: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(3, n) float32 from (n, 3): log brightness, log red / green, log blue / green."""
    blue, green, red = _LOG[colours_bgr.T]
    return np.stack([0.114 * blue + 0.587 * green + 0.299 * red, red - green, blue - green])


class LiveSkin:
    """Fits smooth shading and colour to samples that are mostly skin, and tells how far any sample is from it.

    One round of reweighted least squares at each call, begun from the last fit: hair, glasses, beard and highlights
    among the samples lose their say.
    """

    def __init__(self, places_uv: NDArray[np.float32], sampled: NDArray[np.float32], first: NDArray[np.bool_]) -> None:
        """Prepare.

        Args:
            places_uv: (n, 2) float32, where the colours given to `distance` lie.
            sampled: (n,) float32, 0..1, how surely each place is skin.
            first: (n,) bool, those of them that are skin on nearly all: where the fit begins.
        """
        self._terms = _terms(places_uv)
        self._sampled = np.flatnonzero(sampled)
        self._sureness = sampled[self._sampled]
        self._first = first[self._sampled]
        self._sample_terms = np.ascontiguousarray(self._terms[:, self._sampled])
        self._fit: NDArray[np.float32] | None = None

    def reset(self) -> None:
        """Forget the skin: another face."""
        self._fit = None

    def distance(self, colours_bgr: NDArray[np.uint8], seen: NDArray[np.float32]) -> NDArray[np.float32] | None:
        """How far each colour is from skin in the shading of its place.

        Args:
            colours_bgr: (n, 3) uint8.
            seen: (n,) float32, 0..1, how well the face shows each place.

        Returns:
            (n,) float32, in spreads, 0 = skin; None while the skin is not known.
        """
        tone = tones(colours_bgr)
        sample, weights = tone[:, self._sampled], seen[self._sampled] * self._sureness
        if weights.sum() < _LEAST_SAMPLES:
            return None
        begun, rounds = self._fit, 1
        if begun is None:
            known = self._first & (weights > 0.5)
            if not known.any():
                return None
            begun, rounds = np.zeros((3, 6), np.float32), _FIRST_ROUNDS
            begun[:, 0] = np.median(sample[:, known], axis=1)
        for _ in range(rounds):
            begun = self._refit(sample, weights, begun)
        off = _spreads(sample, begun, self._sample_terms)
        agreeing = float((weights * (off < _REACH)).sum() / weights.sum())
        self._fit = begun if agreeing >= _LEAST_AGREEING else None
        if self._fit is None:
            return None
        usual = float(np.median(off[weights > 0.5]))
        return _spreads(tone, self._fit, self._terms) / np.float32(max(usual / _USUAL, 1.0))

    def _refit(
        self, sample: NDArray[np.float32], weights: NDArray[np.float32], fit: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        off = _spreads(sample, fit, self._sample_terms)
        trust = weights * np.maximum(1 - (off / _REACH) ** 2, 0) ** 2
        return fit if trust.sum() < 1 else weighted_fit(self._sample_terms, sample, trust, _STIFFNESS)


def _spreads(tone: NDArray[np.float32], fit: NDArray[np.float32], terms: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n,) float32: root of the summed squares of the residuals, each in its spread."""
    off = (tone - evaluated(fit, terms)) / _SPREAD[:, None]
    # Skin shines; hair that is brighter than skin differs in colour too.
    off[0] = np.where(off[0] > 0, off[0] * np.float32(_SHINE), off[0])
    off *= off
    return np.asarray(np.sqrt(off[0] + off[1] + off[2]), np.float32)
