"""Room: faces. Remembers for a moment where others were, as a face that is missed in one frame is still there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import TrackedFace
from mirror_app.faces.detect import overlap

_REMEMBERED_NS: Final = 500_000_000
# Of its size per second, on each side: somebody who walks by at arm's length takes a second for four faces' widths.
_GROWTH_PER_S: Final = 4.0
# So many are remembered; more are a detector gone wrong.
_MOST: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    face: TrackedFace
    at_ns: int


class Bystanders:
    """Faces that wear nothing: those seen now, and those seen a moment ago where nobody is seen now."""

    def __init__(self) -> None:
        self._seen: list[_Seen] = []

    def forget(self) -> None:
        """The next frame comes from elsewhere."""
        self._seen = []

    def remember(
        self, faces: tuple[TrackedFace, ...], followed_xyxy: NDArray[np.float32] | None, now_ns: int
    ) -> tuple[TrackedFace, ...]:
        """Those faces, and who was seen lately and is not among them, in a box that grows with his absence.

        Args:
            faces: Seen now.
            followed_xyxy: (4,) or (n, 4) float32, the followed faces: whoever was there is one of them by now.
            now_ns: Time of the frame.
        """
        boxes = [face.box_xyxy for face in faces]
        if followed_xyxy is not None:
            boxes.extend(followed_xyxy.reshape(-1, 4))
        missed = [
            one
            for one in self._seen
            if 0 <= now_ns - one.at_ns <= _REMEMBERED_NS
            and all(overlap(_grown(one, now_ns), box) == 0 for box in boxes)
        ]
        self._seen = [*(_Seen(face, now_ns) for face in faces), *missed][:_MOST]
        return (*faces, *(replace(one.face, box_xyxy=_grown(one, now_ns)) for one in missed))


def _grown(one: _Seen, now_ns: int) -> NDArray[np.float32]:
    box = one.face.box_xyxy
    growth = np.float32(_GROWTH_PER_S * (now_ns - one.at_ns) * 1e-9) * (box[2:] - box[:2])
    return np.concatenate([box[:2] - growth, box[2:] + growth])
