"""Room: tools. Whether a swapping network puts the target's face on the live one. Knows nothing of how it is run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.errors import MirrorError
from mirror_app.domain.face import FaceMesh, TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import FacePatch
from mirror_app.domain.sentence import Sentence
from mirror_app.domain.target import TargetFace, TargetView
from mirror_app.tools.models.examined import Examined, away, guarded, judged
from mirror_app.tools.models.known_faces import TrueFace
from mirror_app.tools.models.rows import CheckedStage

# How much nearer to the target a swapped face must be than the live one was, as a cosine of embeddings.
_LEAST_NEARER: Final = 0.1

_Swapped = Sequence[tuple[TrueFace, NDArray[np.uint8]]]
"""The demo head, and what the swapper made of its picture."""


def check_swapper(examined: Examined) -> Iterator[CheckedStage]:
    """A swapper paints a face in the same pose, and, as a recogniser sees it, more like the target."""
    try:
        swapped = _swapped(examined)
    except MirrorError as error:
        yield CheckedStage(_SWAP, False, error.sentence)
        return
    if not swapped:
        yield CheckedStage(
            _SWAP, False, Sentence("Nothing of it would be shown: it paints no face, or the mask networks hide it.")
        )
        return
    yield CheckedStage(_SWAP, True, Sentence("It paints something."))
    yield guarded(_POSE, partial(_pose_kept, examined, swapped))
    if examined.has_recogniser:
        yield guarded(_IDENTITY, partial(_identity_changes, examined, swapped))


def _swapped(examined: Examined) -> list[tuple[TrueFace, NDArray[np.uint8]]]:
    """The demo head's pictures and what the swapper makes of them; empty when it cannot vouch for one."""
    swapper = examined.parts.swapper(examined.model, 1)
    target = a_target(examined)
    made = []
    for index, face in enumerate(examined.faces.demo):
        live_face = TrackedFace(1, FaceMesh(face.mesh_points, 1.0), face.box_xyxy, face.landmarks)
        (patch,) = swapper.generate(Frame(face.image_bgr, index, index), [Assignment(live_face, target, 0.0)])
        if not patch.valid:
            return []
        made.append((face, _joined(face.image_bgr, patch)))
    return made


def a_target(examined: Examined) -> TargetFace:
    """A built-in face as if it were a photo of somebody."""
    face = examined.faces.others[0]
    blank = np.zeros((2, 2), np.uint8)
    view = TargetView(face.image_bgr, face.landmarks)
    shape = np.zeros((468, 3), np.float32)
    return TargetFace("check", np.zeros((2, 2, 3), np.uint8), blank, shape, 0.0, views=(view,))


def _joined(image_bgr: NDArray[np.uint8], patch: FacePatch) -> NDArray[np.uint8]:
    joined = image_bgr.copy()
    x, y = patch.origin_xy
    height, width = patch.alpha.shape
    below = joined[y : y + height, x : x + width]
    alpha = patch.alpha[..., None]
    below[:] = np.round(alpha * patch.image_bgr + (1 - alpha) * below)
    return joined


def _pose_kept(examined: Examined, swapped: _Swapped) -> CheckedStage:
    worst = 0.0
    for face, image_bgr in swapped:
        found = examined.faces.found(image_bgr)
        if found is None:
            return CheckedStage(_POSE, False, Sentence("No face is seen in what it paints."))
        worst = max(worst, away(found.landmarks, face.landmarks))
    return judged(_POSE, worst)


def _identity_changes(examined: Examined, swapped: _Swapped) -> CheckedStage:
    recogniser = examined.parts.recogniser()
    face = examined.faces.others[0]
    target = recogniser.embed(face.image_bgr, face.landmarks)
    before = [float(recogniser.embed(live.image_bgr, live.landmarks) @ target) for live, _ in swapped]
    after = [float(recogniser.embed(image_bgr, live.landmarks) @ target) for live, image_bgr in swapped]
    gained = min(then - now for now, then in zip(before, after, strict=True))
    seen = Sentence(
        "Likeness to the target: {before} before, {after} after.", before=f"{np.mean(before):.2f}",
        after=f"{np.mean(after):.2f}",
    )  # fmt: skip
    return CheckedStage(_IDENTITY, gained >= _LEAST_NEARER, seen)


_SWAP: Final = Sentence("swaps")
_POSE: Final = Sentence("keeps the pose")
_IDENTITY: Final = Sentence("changes the identity")
