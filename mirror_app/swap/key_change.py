"""Room: swap. How much a face has changed since a frame: turned, grown, opened, lit. Looks at vertices only."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.geometry import fit_similarity
from mirror_app.swap.facing import facing
from mirror_app.swap.light import sample_colours, skin_places

# A change of this size is one that only the network can show. Turns out of the picture's plane bring skin into view
# that was hidden, and the network's side light; turns within it and size only resample.
_MOST_TURN_RAD: Final = math.radians(14)
_MOST_ROLL_RAD: Final = math.radians(30)
_MOST_LOG_SIZE: Final = math.log(1.25)
# Of the face's spread: a mouth that opens shows teeth, an eye that opens an iris that the patch does not have; one that
# closes only folds away what it has.
_MOST_OPENED: Final = (0.06, 0.035)
_MOST_CLOSED: Final = (0.12, 0.09)
_MOST_LOG_GAIN: Final = 0.25
# So many vertices that were outside the picture or beside the patch may be in it now.
_MOST_NEW_POINTS: Final = 4
# Skin seen flatter than this cosine has changing light.
_LEAST_COSINE: Final = 0.3
# Colours are compared as log(level + this), so that noise in near-black pixels does not count.
_DARK_LEVEL: Final = 12.0
_FEWEST_PLACES: Final = 40
# Upper and lower rim of the mouth and of both eyes.
_LIDS: Final = ((13, 14), (159, 145), (386, 374))
_UPPER, _LOWER = (np.array([pair[place] for pair in _LIDS]) for place in (0, 1))
_LIMITS_OPENED: Final = np.array([_MOST_OPENED[0], _MOST_OPENED[1], _MOST_OPENED[1]])
_LIMITS_CLOSED: Final = np.array([_MOST_CLOSED[0], _MOST_CLOSED[1], _MOST_CLOSED[1]])


class FaceLook:
    """A face as it is in one frame."""

    def __init__(self, points: NDArray[np.float32], image_bgr: NDArray[np.uint8]) -> None:
        """Take it in.

        Args:
            points: (468, 3) float32, frame px, finite.
            image_bgr: (H, W, 3) uint8, the frame.
        """
        self.points = points.copy()
        height, width = image_bgr.shape[:2]
        places = skin_places(points)[:, :2]
        self._inside = ((places >= 0) & (places <= (width - 1, height - 1))).all(1)
        self._is_skin = self._inside & (facing(points) > _LEAST_COSINE)
        self._log_colours = np.log(sample_colours(image_bgr, places) + np.float32(_DARK_LEVEL))
        gaps = np.linalg.norm(points[_UPPER] - points[_LOWER], axis=1)
        self._openings = gaps / np.sqrt(((points - points.mean(0)) ** 2).sum(1).mean())

    def log_gain_since(self, key: FaceLook) -> NDArray[np.float32]:
        """(3,) float32, BGR: how much lighter the same skin is than it was in `key`; zero where too little is seen."""
        both = self._is_skin & key._is_skin
        if np.count_nonzero(both) < _FEWEST_PLACES:
            return np.zeros(3, np.float32)
        return np.asarray(np.median(self._log_colours[both] - key._log_colours[both], axis=0), np.float32)

    def change_since(self, key: FaceLook) -> float:
        """How far the face is from `key`, as a share of what a patch can be carried; 1 or more = too far."""
        if np.count_nonzero(self._inside & ~key._inside) > _MOST_NEW_POINTS:
            return math.inf
        scale, rotation, _ = fit_similarity(key.points, self.points)
        turn = math.acos(min(max(float(rotation[2, 2]), -1.0), 1.0))
        roll = abs(math.atan2(float(rotation[1, 0]), float(rotation[0, 0])))
        opened = self._openings - key._openings
        return max(
            turn / _MOST_TURN_RAD,
            roll / _MOST_ROLL_RAD,
            abs(math.log(max(scale, 1e-6))) / _MOST_LOG_SIZE,
            float(np.max(opened / _LIMITS_OPENED)),
            float(np.max(-opened / _LIMITS_CLOSED)),
            float(np.abs(self.log_gain_since(key)).max()) / _MOST_LOG_GAIN,
        )
