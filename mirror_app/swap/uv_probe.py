"""Room: swap. Where fixed places of the unrolled face lie in a picture. Geometry only, no pixels."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.uv_shares import shares_of

# Triangles are looked up in a map of this side; a place on an edge belongs to either neighbour equally well.
_MAP_SIDE: Final = 1024
# Sub-pixel steps of cv2's polygon fill, as a power of two.
_SHIFT: Final = 4


class UvProbe:
    """Places given once in the UV layout, found again in every mesh."""

    def __init__(self, places_uv: NDArray[np.float32]) -> None:
        """Find the triangle that holds each place.

        Args:
            places_uv: (n, 2) float32, 0..1; a place off the mesh is carried by the triangle whose middle is nearest.
        """
        places = places_uv.astype(np.float64)
        ids = topology.TRIANGLES[_holders(places)]
        self._ids = np.ascontiguousarray(ids.T, np.intp)
        self._shares = np.ascontiguousarray(shares_of(places, ids).T.astype(np.float32))

    def carry(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """(k, n) float32: values per vertex (k, 468), interpolated at the places."""
        # "clip" spares numpy the check of indices that are right by construction: four times faster than indexing.
        a, b, c = (np.take(values, ids, axis=1, mode="clip") for ids in self._ids)
        a *= self._shares[0]
        a += b * self._shares[1]
        a += c * self._shares[2]
        return np.asarray(a, np.float32)


def _holders(places: NDArray[np.float64]) -> NDArray[np.intp]:
    """(n,): index of the triangle that each place lies in."""
    corners = topology.UV[topology.TRIANGLES].astype(np.float64)
    numbers = np.zeros((_MAP_SIDE, _MAP_SIDE), np.int32)
    for number, triangle in enumerate(np.round((corners * _MAP_SIDE - 0.5) * (1 << _SHIFT)).astype(np.int32), 1):
        cv2.fillConvexPoly(numbers, triangle, number, shift=_SHIFT)
    columns, rows = np.clip((places * _MAP_SIDE).astype(np.intp), 0, _MAP_SIDE - 1).T
    found = numbers[rows, columns].astype(np.intp) - 1
    off = np.flatnonzero(found < 0)
    found[off] = ((places[off, None] - corners.mean(1)) ** 2).sum(-1).argmin(1)
    return np.asarray(found, np.intp)
