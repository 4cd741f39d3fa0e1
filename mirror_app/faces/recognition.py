"""Room: faces. Looks at the followed faces of a frame to say who they are. Keeps no pictures, runs no detectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.frame import Frame
from mirror_app.domain.geometry import box_around
from mirror_app.faces.behind import Outline, reaching
from mirror_app.faces.followed import FollowedFace
from mirror_app.faces.match import height, is_beside, may_swap, touches
from mirror_app.faces.people import People
from mirror_app.faces.questions import Questions
from mirror_app.faces.recogniser_desk import RecogniserDesk
from mirror_app.faces.signature import Signature, read_signature

# Who is surely known is looked at this often, to learn what she looks like by now.
_LEARN_EVERY_NS: Final = 300_000_000
# A mesh that lies further from where it was expected, in faces, may be on another face by now.
_SURPRISING: Final = 0.15
# One that lies so far away is worth a look: somebody may have stepped in front.
_STARTLING: Final = 0.08
# Only a face of which so many triangles are seen well is learned: one that looks into the camera.
_LEAST_LEARNED: Final = 450.0


class Recognition:
    """Who is who."""

    def __init__(self, recogniser: RecogniserDesk | None) -> None:
        """Begin with nobody known.

        Args:
            recogniser: A network that tells people apart, if one is installed: then it decides.
        """
        self._questions = Questions(recogniser)
        self.people = People()
        """Who is known; another tracker that takes this one's place may go on with them."""
        self._learned_ns: dict[int, int] = {}

    def look(
        self,
        frame: Frame,
        followed: Sequence[FollowedFace],
        others_xyxy: Sequence[NDArray[np.float32]],
        hidden_xyxy: Sequence[NDArray[np.float32]] = (),
        *,
        is_crowded: bool,
        awaits_known: bool,
    ) -> list[FollowedFace]:
        """Say who the followed faces are, as far as it can be said.

        Args:
            frame: The picture in which they were found.
            followed: They keep what was found in their `identity`.
            others_xyxy: (4,) float32 each, px: the faces that are not followed.
            hidden_xyxy: (4,) float32 each, px: around those who are behind another: a mesh there may be on one's face.
            is_crowded: Somebody who was followed is missed: any mesh may be on that one's face by now.
            awaits_known: Somebody with a number is behind another face: nobody is new who may be that one.

        Returns:
            Faces that turned out to be somebody else than they were believed to be.
        """
        changed = []
        self._questions.begin({one.track_id for one in followed})
        # Whoever is new at the same time is numbered from left to right, as people count.
        for one in sorted(followed, key=lambda each: float(each.box_xyxy[[0, 2]].sum())):
            beside = self._boxes_beside(one, followed, others_xyxy)
            near = [box for box in beside if touches(one.box_xyxy, box)]
            if any(may_swap(one.box_xyxy, box) for box in near) or one.surprise > _SURPRISING:
                one.identity.doubt()
            if one.is_coasting or not (near or self._is_due(one, frame) or self._questions.awaits(one)):
                continue
            fronts = reaching(one.box_xyxy, [other.outline for other in followed if _is_nearer(other, one)])
            around = [one.box_xyxy, *(box_around(front) for front in fronts)]
            is_among = is_crowded or any(is_beside(box, hidden) for box in around for hidden in hidden_xyxy)
            if fronts and is_among:
                # Whoever is behind the same face may be the one whom the mesh lies on by now.
                one.identity.doubt()
            seen = self._read(frame, one, fronts)
            if seen is None:
                continue
            is_clear = one.is_confirmed and not (
                is_among or awaits_known or any(is_beside(one.box_xyxy, box) for box in beside)
            )
            if not self._weigh(
                frame, one, seen, followed, is_near=bool(near), is_clear=is_clear, is_partial=bool(fronts)
            ):
                changed.append(one)
        return changed

    def _weigh(
        self,
        frame: Frame,
        one: FollowedFace,
        seen: Signature,
        followed: Sequence[FollowedFace],
        *,
        is_near: bool,
        is_clear: bool,
        is_partial: bool,
    ) -> bool:
        """Take a look at a face into account; False when it is somebody else than it was believed to be."""
        others = (other.identity.person for other in followed if other is not one)
        elsewhere = {person for person in others if person is not None}
        # Of a face that is partly behind another, a recogniser would see parts of both.
        if not is_partial and self._questions.can_be_asked(one):
            seen = self._shown_to_recogniser(frame, one, seen, is_near=is_near)
        stays = True
        if seen.embedding is None and not is_partial and self._questions.can_be_asked(one):
            if not one.identity.glance(seen, self.people, elsewhere, is_clear=is_clear):
                return True
        else:
            is_clear = is_clear and (seen.embedding is None or _is_frontal(seen))
            stays = one.identity.see(seen, self.people, elsewhere, is_clear=is_clear, is_partial=is_partial)
        self._settle(one, followed)
        self._learn(one, seen, frame, alone=not is_near)
        return stays

    def _boxes_beside(
        self, one: FollowedFace, followed: Sequence[FollowedFace], others_xyxy: Sequence[NDArray[np.float32]]
    ) -> list[NDArray[np.float32]]:
        return [*(other.box_xyxy for other in followed if other is not one), *others_xyxy]

    def _is_due(self, one: FollowedFace, frame: Frame) -> bool:
        person = one.identity.person
        if person is None or one.surprise > _STARTLING:
            return True
        return not 0 <= frame.captured_ns - self._learned_ns.get(person, -_LEARN_EVERY_NS) < _LEARN_EVERY_NS

    def _read(self, frame: Frame, one: FollowedFace, hidden_by: list[Outline]) -> Signature | None:
        mesh = one.face.mesh
        return None if mesh is None else read_signature(frame.image_bgr, mesh.points, hidden_by)

    def _shown_to_recogniser(self, frame: Frame, one: FollowedFace, seen: Signature, *, is_near: bool) -> Signature:
        """The same look, with what the recogniser says if it says something now."""
        if not one.is_confirmed:
            return seen
        is_urgent = is_near or one.identity.person is None or not one.identity.is_vouched
        if is_near:
            self._questions.ask_freely(one)
        said = self._questions.answer(one, seen, frame.image_bgr, frame.captured_ns, is_urgent=is_urgent)
        return replace(seen, embedding=said)

    def _settle(self, one: FollowedFace, followed: Sequence[FollowedFace]) -> None:
        """Nobody is in two places: where one is surely somebody, no other is believed to be her."""
        for other in followed:
            if other is not one and one.identity.is_sure and other.identity.believed == one.identity.believed:
                other.identity.disown()

    def _learn(self, one: FollowedFace, seen: Signature, frame: Frame, *, alone: bool) -> None:
        person = one.identity.person
        if person is not None and alone and _is_frontal(seen):
            self.people.learn(person, seen)
            self._learned_ns[person] = frame.captured_ns


def _is_frontal(seen: Signature) -> bool:
    return float(seen.weights.sum()) >= _LEAST_LEARNED


def _is_nearer(other: FollowedFace, one: FollowedFace) -> bool:
    return other is not one and height(other.box_xyxy) > height(one.box_xyxy)
