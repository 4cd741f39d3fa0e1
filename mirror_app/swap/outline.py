"""Room: swap. Carries the drawn mesh out to the jaw's edge. Moves points only; knows no pixels."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology

# The mesh network's outline runs inside the jaw by about this share of the way from the nose (measured on four people);
# what is left uncovered shows as a rim of live skin.
_SHARE: Final = 0.03
# Points this near to the outline move with it, cm on the average face.
_NEAR_CM: Final = 1.2
# Above the first height nothing moves, below the second all moves, cm below the nose's tip on the average face.
_RISE_CM: Final = (-4.0, 2.0)


def _weights() -> NDArray[np.float32]:
    """(468, 1) float32, 0..1: how far each point goes along."""
    shape = topology.CANONICAL
    away = np.linalg.norm(shape[:, None] - shape[None, list(topology.FACE_OVAL)], axis=-1).min(1)
    below = shape[:, 1] - shape[topology.NOSE_TIP, 1]
    low = np.clip((below - _RISE_CM[0]) / (_RISE_CM[1] - _RISE_CM[0]), 0, 1)
    return np.asarray(np.exp(-((away / _NEAR_CM) ** 2)) * low, np.float32)[:, None]


TO_THE_JAW: Final = np.float32(_SHARE) * _weights()
"""(468, 1) float32: how far `out_to_the_jaw` moves each point, as a share of its distance from the nose's tip."""


def out_to_the_jaw(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mesh with its lower outline moved outward on the screen.

    Args:
        points: (468, 3) float32, px.

    Returns:
        (468, 3) float32; depth is unchanged.
    """
    moved = points.copy()
    moved[:, :2] += TO_THE_JAW * (points[:, :2] - points[topology.NOSE_TIP, :2])
    return moved
