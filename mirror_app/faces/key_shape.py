"""Room: faces. Holds a face's shape against what the mesh network makes of a hand before it. No networks."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.face import FaceMesh
from mirror_app.domain.frame import Frame
from mirror_app.domain.geometry import fit_similarity
from mirror_app.faces.flow import Carried, PointFlow

# Mean distance of points as a share of the face's height beyond which a shape is looked at more closely.
_OTHER_SHAPE: Final = 0.008
# Flow and the network are compared above the tip of the nose, which mouths move little: on real clips of open mouths
# they are within the first there in nine frames of ten, with a hand before the face beyond it; once they were, they
# part until they are within the second.
_APART: Final = 0.015
_STILL_APART: Final = 0.011
_UPPER: Final = topology.UV[:, 1] < topology.UV[topology.NOSE_TIP, 1]
# So near to each other, and where flow finds so many points again that little can be in front, the shape has changed
# by itself once this has lasted for so many frames.
_AGREE: Final = 0.012
_CLEAR: Final = 0.7
_AGREED: Final = 5
# Flow that finds so many has nothing before it, and the network sees better.
_ALL_CLEAR: Final = 0.8
# Flow that fewer points agree on says nothing against the network.
_SPEAKS: Final = 0.32
# Flow is believed over turns of the head up to this, radians.
_MOST_TURNED: Final = 0.3
# So many frames lie between two key frames; the one compared with is the last but one: a hand is noticed within them.
_KEY_EVERY: Final = 6
# Flow costs about as much as the network: while it contradicts nothing, it looks at one frame of so many.
_LOOK_EVERY: Final = 3
# The longest that flow is believed against the network without a break, ns.
_LONGEST_NS: Final = 8_000_000_000

Points = NDArray[np.float32]


class KeyShape:
    """What a face looked like a moment ago, when the network was surely right. For one face."""

    def __init__(self) -> None:
        self._key: tuple[Frame, Points] | None = None
        self._next: tuple[Frame, Points] | None = None
        self._since_key = self._agreed = 0
        self._rest = 0
        self._is_held = False

    def corrected(self, mesh: FaceMesh, guess: Points, frame: Frame, *, is_behind: bool) -> FaceMesh:
        """The network's mesh, or, where flow from the key frame shows the head elsewhere, that one's shape there.

        Args:
            mesh: As the network has it.
            guess: (468, 3) float32, where the face was before.
            frame: The picture of both.
            is_behind: Whether something was in front of the face a frame ago; else the network is right.
        """
        if self._key is None or frame.image_bgr.shape != self._key[0].image_bgr.shape:
            self._forget()
            # With something in front the network is bent, and what is kept would stay so when it has gone.
            if not is_behind:
                self._begin(mesh, frame)
            return mesh
        self._since_key += 1
        if not is_behind:
            self._is_held = False
            if self._since_key >= _KEY_EVERY:
                self._renew(mesh, frame)
            return mesh
        changed, turned_rad = _changed(self._key[1], mesh.points)
        if self._is_held:
            # Bent by what is in front, the network sees turns where there are none.
            _, turned_rad = _changed(self._key[1], guess)
        if changed < _OTHER_SHAPE:
            return mesh
        self._rest -= 1
        if self._rest > 0 and not self._is_held:
            return mesh
        self._rest = _LOOK_EVERY
        carried = None if turned_rad > _MOST_TURNED else self._carried(guess, frame)
        if carried is None:
            self._forget()
            return mesh
        beside = _apart(carried.points, mesh.points)
        limit = _STILL_APART if self._is_held else _APART
        self._is_held = beside > limit and carried.trust < _ALL_CLEAR
        if self._is_held:
            self._agreed = 0
            return FaceMesh(carried.points, mesh.score)
        self._agreed = self._agreed + 1 if carried.trust > _CLEAR and beside < _AGREE else 0
        if self._agreed >= _AGREED or carried.trust >= _ALL_CLEAR:
            self._begin(mesh, frame)
        return mesh

    def stood_in(self, guess: Points, frame: Frame) -> Points | None:
        """Where the face is that the network does not see any more behind what is in front of it; (468, 3), px.

        None where flow cannot tell. Arguments as for `corrected`.
        """
        carried = self._carried(guess, frame)
        self._is_held = carried is not None
        return None if carried is None else carried.points

    def _carried(self, guess: Points, frame: Frame) -> Carried | None:
        """The key frame's shape as far as it is known in this one; None where too little speaks for it."""
        if self._key is None or not 0 <= frame.captured_ns - self._key[0].captured_ns < _LONGEST_NS:
            return None
        flow = PointFlow()
        flow.remember(self._key[0].image_bgr, self._key[1])
        carried = flow.carried(frame.image_bgr, guess)
        return None if carried is None or carried.trust < _SPEAKS else carried

    def _forget(self) -> None:
        self._key = self._next = None
        self._is_held = False

    def _begin(self, mesh: FaceMesh, frame: Frame) -> None:
        self._key = self._next = _kept(mesh, frame)
        self._since_key = self._agreed = 0
        self._is_held = False

    def _renew(self, mesh: FaceMesh, frame: Frame) -> None:
        self._key, self._next = self._next, _kept(mesh, frame)
        self._since_key = self._agreed = 0


def _kept(mesh: FaceMesh, frame: Frame) -> tuple[Frame, Points]:
    # A camera may fill its pictures again after a few frames.
    return Frame(frame.image_bgr.copy(), frame.index, frame.captured_ns), mesh.points


def _changed(before: Points, after: Points) -> tuple[float, float]:
    """How far a shape differs apart from place, turn and size, as a share of its height; and its turn, radians."""
    scale, rotation, shift = fit_similarity(before, after)
    away = scale * before @ rotation.T + shift - after
    turn = math.acos(min(max((float(np.trace(rotation)) - 1) / 2, -1.0), 1.0))
    return float(np.hypot(away[:, 0], away[:, 1]).mean()) / _height(after), turn


def _apart(one: Points, other: Points) -> float:
    away = one[_UPPER, :2] - other[_UPPER, :2]
    return float(np.hypot(away[:, 0], away[:, 1]).mean()) / _height(other)


def _height(points: Points) -> float:
    return max(float(np.ptp(points[:, 1])), 1.0)
