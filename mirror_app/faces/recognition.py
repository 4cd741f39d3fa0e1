"""Room: faces. Looks at the followed faces of a frame to say who they are. Keeps no pictures, runs no detectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.faces.behind import Outline, reaching
from mirror_app.faces.followed import FollowedFace
from mirror_app.faces.match import height, is_beside, may_swap, touches
from mirror_app.faces.people import People
from mirror_app.faces.protocol import Recogniser
from mirror_app.faces.signature import Signature, read_signature

# Who is surely known is looked at this often, to learn what she looks like by now.
_LEARN_EVERY_NS: Final = 300_000_000
# A mesh that lies further from where it was expected, in faces, may be on another face by now.
_SURPRISING: Final = 0.15
# Only a face of which so many triangles are seen well is learned: one that looks into the camera.
_LEAST_LEARNED: Final = 450.0


class Recognition:
    """Who is who."""

    def __init__(self, recogniser: Recogniser | None) -> None:
        """Begin with nobody known.

        Args:
            recogniser: A network that tells people apart, if one is installed: then it decides.
        """
        self._recogniser = recogniser
        self.people = People()
        """Who is known; another tracker that takes this one's place may go on with them."""
        self._learned_ns: dict[int, int] = {}

    def look(
        self,
        frame: Frame,
        followed: Sequence[FollowedFace],
        others_xyxy: Sequence[NDArray[np.float32]],
        *,
        is_crowded: bool,
    ) -> list[FollowedFace]:
        """Say who the followed faces are, as far as it can be said.

        Args:
            frame: The picture in which they were found.
            followed: They keep what was found in their `identity`.
            others_xyxy: (4,) float32 each, px: the faces that are not followed.
            is_crowded: Somebody who was followed is out of sight: any mesh may be on that one's face by now.

        Returns:
            Faces that turned out to be somebody else than they were believed to be.

        Raises:
            ModelError: The recogniser failed.
        """
        changed = []
        # Whoever is new at the same time is numbered from left to right, as people count.
        for one in sorted(followed, key=lambda each: float(each.box_xyxy[[0, 2]].sum())):
            beside = self._boxes_beside(one, followed, others_xyxy)
            near = [box for box in beside if touches(one.box_xyxy, box)]
            if any(may_swap(one.box_xyxy, box) for box in near) or one.surprise > _SURPRISING:
                one.identity.doubt()
            if one.is_coasting or not (near or self._is_due(one, frame)):
                continue
            fronts = reaching(one.box_xyxy, [other.outline for other in followed if _is_nearer(other, one)])
            if fronts and is_crowded:
                # Whoever is behind the same face may be the one whom the mesh lies on by now.
                one.identity.doubt()
            seen = self._read(frame, one, fronts)
            if seen is None:
                continue
            elsewhere = {other.identity.person for other in followed if other is not one} - {None}
            if not one.identity.see(
                seen,
                self.people,
                {number for number in elsewhere if number is not None},
                is_clear=one.is_confirmed and not (is_crowded or any(is_beside(one.box_xyxy, box) for box in beside)),
                is_partial=bool(fronts),
            ):
                changed.append(one)
            self._settle(one, followed)
            self._learn(one, seen, frame, alone=not near)
        return changed

    def _boxes_beside(
        self, one: FollowedFace, followed: Sequence[FollowedFace], others_xyxy: Sequence[NDArray[np.float32]]
    ) -> list[NDArray[np.float32]]:
        return [*(other.box_xyxy for other in followed if other is not one), *others_xyxy]

    def _is_due(self, one: FollowedFace, frame: Frame) -> bool:
        person = one.identity.person
        if person is None:
            return True
        return not 0 <= frame.captured_ns - self._learned_ns.get(person, -_LEARN_EVERY_NS) < _LEARN_EVERY_NS

    def _read(self, frame: Frame, one: FollowedFace, hidden_by: list[Outline]) -> Signature | None:
        face: TrackedFace = one.face
        if face.mesh is None or face.landmarks is None:
            return None
        seen = read_signature(frame.image_bgr, face.mesh.points, hidden_by)
        if seen is None or self._recogniser is None:
            return seen
        return replace(seen, embedding=self._recogniser.embed(frame.image_bgr, face.landmarks))

    def _settle(self, one: FollowedFace, followed: Sequence[FollowedFace]) -> None:
        """Nobody is in two places: where one is surely somebody, no other is believed to be her."""
        for other in followed:
            if other is not one and one.identity.is_sure and other.identity.believed == one.identity.believed:
                other.identity.disown()

    def _learn(self, one: FollowedFace, seen: Signature, frame: Frame, *, alone: bool) -> None:
        person = one.identity.person
        if person is not None and alone and float(seen.weights.sum()) >= _LEAST_LEARNED:
            self.people.learn(person, seen)
            self._learned_ns[person] = frame.captured_ns


def _is_nearer(other: FollowedFace, one: FollowedFace) -> bool:
    return other is not one and height(other.box_xyxy) > height(one.box_xyxy)
