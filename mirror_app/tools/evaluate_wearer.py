"""Room: tools. One target worn through one clip: runs the mirror and gathers what only the pair shows."""

from __future__ import annotations

import time
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import PendingFrame
from mirror_app.pipeline.result import MirrorResult, MirrorState
from mirror_app.tools import evaluate_measures as measures
from mirror_app.tools.evaluate_clips import Shot
from mirror_app.tools.evaluate_cover import CoverTally, LastPatch
from mirror_app.tools.evaluate_seen import LOOKED_AT_EVERY, SeenFace, mean

# The first frames detect, allocate and fill caches.
_WARM_UP_FRAMES: Final = 5


class Mirror(Protocol):
    """What of `MirrorPipeline` is used here."""

    def process(self, frame: PendingFrame, /) -> MirrorResult:
        """Turn one frame into a result; never raises for a bad frame."""

    def reset(self) -> None:
        """Forget the frames before."""


class Wearer:
    """Call `wear`, then `judge`, once per frame; then read the rest.

    Attributes:
        seen: The face on what left the mirror.
        cover: What the patches covered.
        live: Frames that left with every face in them covered.
        lost: Frames in which a face was found on the original only.
        light: (2, 3) light of the skin, for every frame with masks.
    """

    def __init__(self, mirror: Mirror, last_patch: LastPatch) -> None:
        mirror.reset()
        self.seen = SeenFace()
        self.cover = CoverTally()
        self.live = self.lost = 0
        self.light: list[NDArray[np.float32]] = []
        self._mirror, self._last_patch = mirror, last_patch
        self._ms: list[float] = []
        self._landmarks: list[float] = []
        self._seams: list[float] = []
        self._changed: list[float] = []

    def wear(self, shot: Shot) -> NDArray[np.uint8]:
        """Send one frame through the mirror; gives what leaves it, (H, W, 3) uint8."""
        self._last_patch.clear()
        begun_ns = time.perf_counter_ns()
        result = self._mirror.process(shot.frame)
        self._ms.append((time.perf_counter_ns() - begun_ns) / 1e6)
        self.live += result.state is MirrorState.LIVE and result.unsafe is None
        if shot.true_points is not None:
            self._note_landmarks(result.faces, shot.true_points)
        return result.safe.image_bgr

    def judge(
        self,
        turn: int,
        shot: Shot,
        swapped_bgr: NDArray[np.uint8],
        found: NDArray[np.float32] | None,
        original_points: NDArray[np.float32] | None,
    ) -> None:
        """Take in what left; `found` and `original_points` are the meshes on it and on the original."""
        original_bgr = shot.frame.image_bgr
        self.seen.add(turn, swapped_bgr, found)
        self.lost += found is None and original_points is not None
        if original_points is not None and turn % LOOKED_AT_EVERY == 0:
            self._seams.append(measures.seam(original_bgr, swapped_bgr, original_points))
            self._changed.append(measures.background_changed(original_bgr, swapped_bgr, original_points))
        if shot.masks is not None and shot.true_points is not None:
            self.light.append(measures.sides_light(swapped_bgr, shot.masks.face_skin, shot.true_points))
            self.cover.add(self._last_patch.alpha_over(original_bgr.shape), shot.masks)

    @property
    def ms_p50(self) -> float | None:
        """Median time of a frame, the first few left out."""
        steady = self._ms[_WARM_UP_FRAMES:] or self._ms
        return float(np.median(steady)) if steady else None

    @property
    def landmark_error(self) -> float | None:
        """Mean over time."""
        return mean(self._landmarks)

    @property
    def seam(self) -> float | None:
        """Mean over time."""
        return mean(self._seams)

    @property
    def background_changed(self) -> float | None:
        """Mean over time."""
        return mean(self._changed)

    def _note_landmarks(self, faces: tuple[TrackedFace, ...], truth: NDArray[np.float32]) -> None:
        mesh = next((face.mesh for face in faces if face.mesh is not None), None)
        if mesh is not None:
            self._landmarks.append(measures.landmark_error(mesh.points, truth))
