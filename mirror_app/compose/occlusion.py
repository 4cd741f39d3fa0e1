"""Room: compose. What stays in front of a swapped face: hands, cups, microphones, hair. Joins nothing.

Without a network: each person's face is learned in the mesh's texture space while nothing is before it; what is seen
there and cannot be her face under any light is in front.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.compose.occlusion_judge import FaceJudge
from mirror_app.compose.occlusion_texels import SIDE, Floats, Unroller, colours_of
from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.face import TrackedFace, TrackState
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import FacePatch
from mirror_app.imaging.rasterise import MeshRasteriser
from mirror_app.imaging.resample import looked_up, resized

# A face not seen for so long may have come back in other light, or be another's.
_FORGET_NS: Final = 2_000_000_000
_LONGEST_STEP_S: Final = 0.2
# Every third frame of a 30 Hz camera is judged; every one while something is in front: where it was, the face is bare.
_AGAIN_NS: Final = 85_000_000
# A track that begins so soon after another was seen, so near to it (share of the face), shows the same face.
_SAME_NS: Final = 400_000_000
_SAME_PLACE: Final = 0.3
# Edges are looked for in a picture of the patch reduced to this many px on the longer side.
_EDGE_SIDE: Final = 100
_EDGE_REACH: Final = 0.02
"""How far the judgement's edge may be moved onto the picture's, as a share of that picture."""
_LEAST_CONTRAST: Final = 1e-3
_UNSURE: Final = 0.06
"""Where less than this of the surroundings is sure, the face counts as seen: the patch stays."""
# A face's own share of a pixel above the second is all of it, below the first none: fingers have crisp edges.
_SURE_SHARES: Final = (0.32, 0.62)

# What is in front comes before a face by this much of it in a second at most, and trembles by so much: a judgement that
# leaps is wrong, and would show skin.
_MOST_ENTERING_PER_S: Final = 2.5
_UNSTEADY: Final = 0.03
# The patch hides what is under it from this alpha on.
_SHOWN: Final = 0.5


@dataclass(slots=True, eq=False)
class _Held:
    judge: FaceJudge
    time_ns: int
    box_xyxy: Floats
    judged_ns: int
    front: Floats | None = None
    """(SIDE, SIDE) float32: the last judgement; None where nothing is in front."""
    cut: float = 0.0
    """Share of the patch that could be cut by now, as things come before a face no faster."""


class OcclusionFinder:
    """Keeps what each followed face looks like. For one thread."""

    def __init__(self) -> None:
        self._unroller = Unroller()
        self._rasteriser = MeshRasteriser(topology.TRIANGLES)
        self._values = np.column_stack([topology.UV, np.ones(len(topology.UV))]).astype(np.float32)
        self._held: dict[int, _Held] = {}

    def visible(self, frame: Frame, live_face: TrackedFace, patch: FacePatch) -> NDArray[np.float32] | None:
        """How much of the face itself is seen at each pixel of its patch.

        Args:
            frame: The picture.
            live_face: Where the face is in it; without a mesh nothing is in front.
            patch: Lies inside the frame.

        Returns:
            (h, w) float32 over the patch, 0..1: 1 = the face itself, 0 = something in front; None = nothing in front,
            or nothing that can be told surely.
        """
        now_ns = frame.captured_ns
        self._held = {key: one for key, one in self._held.items() if 0 <= now_ns - one.time_ns < _FORGET_NS}
        is_seen = live_face.state is not TrackState.COASTING
        if live_face.mesh is None or not is_seen or not np.isfinite(live_face.mesh.points).all():
            return None
        held = self._held_of(live_face, now_ns)
        step_s = (now_ns - held.time_ns) * 1e-9
        held.time_ns, held.box_xyxy = now_ns, live_face.box_xyxy
        if held.front is not None or now_ns - held.judged_ns >= _AGAIN_NS:
            self._judge(held, frame, live_face.mesh.points)
        if held.front is None:
            held.cut = 0.0
            return None
        visible = self._on_patch(frame, live_face.mesh.points, patch, held.front, held.judge)
        cut = _share_cut(visible, patch)
        most = held.cut + _MOST_ENTERING_PER_S * min(step_s, _LONGEST_STEP_S) + _UNSTEADY
        held.cut = min(cut, most)
        return visible if cut <= most else None

    def _judge(self, held: _Held, frame: Frame, points: Floats) -> None:
        step_s = min((frame.captured_ns - held.judged_ns) * 1e-9, _LONGEST_STEP_S)
        held.judged_ns = frame.captured_ns
        face = self._unroller.unroll(frame.image_bgr, points)
        held.front = None if face is None else held.judge.judge(face, step_s)

    def _held_of(self, live_face: TrackedFace, now_ns: int) -> _Held:
        """What is known of a face; a track that begins where another has just ended goes on with what that one knew."""
        held = self._held.get(live_face.track_id)
        if held is None:
            near = [key for key, one in self._held.items() if _lies_there(one, live_face.box_xyxy, now_ns)]
            held = (
                self._held.pop(near[0]) if near else _Held(FaceJudge(), now_ns, live_face.box_xyxy, now_ns - _AGAIN_NS)
            )
            self._held[live_face.track_id] = held
        return held

    def _on_patch(self, frame: Frame, points: Floats, patch: FacePatch, front: Floats, judge: FaceJudge) -> Floats:
        """The judgement over the patch, its edges moved onto the picture's."""
        height, width = patch.alpha.shape
        scale = min(_EDGE_SIDE / max(height, width), 1.0)
        small_wh = max(round(width * scale), 2), max(round(height * scale), 2)
        factor = np.array([small_wh[0] / width, small_wh[1] / height, scale], np.float32)
        corner = np.array([*patch.origin_xy, 0], np.float32)
        drawn = self._rasteriser.draw(
            (points - corner + np.float32(0.5)) * factor - np.float32(0.5), self._values, small_wh
        )
        u, v = drawn[..., 0] * SIDE - np.float32(0.5), drawn[..., 1] * SIDE - np.float32(0.5)
        both = looked_up(np.dstack((front, judge.seen)), *judge.alignment.back(u, v))
        x, y = patch.origin_xy
        live = _shrunk(frame.image_bgr[y : y + height, x : x + width], small_wh)
        share = _edged(live, both[..., 0], both[..., 1] * drawn[..., 2])
        low, high = _SURE_SHARES
        visible = resized((np.float32(high) - share) * np.float32(1 / (high - low)), (width, height))
        return np.clip(visible, 0, 1, out=visible)


def _share_cut(visible: Floats, patch: FacePatch) -> float:
    return 1 - float(cv2.mean(visible, (patch.alpha > _SHOWN).view(np.uint8))[0])


def _lies_there(held: _Held, box_xyxy: Floats, now_ns: int) -> bool:
    """Whether a face was seen so lately, but not now, so near and so large that this box must be its."""
    if not 0 < now_ns - held.time_ns < _SAME_NS:
        return False
    size = float((box_xyxy[2:] - box_xyxy[:2]).max())
    return bool(np.abs(held.box_xyxy - box_xyxy).max() < _SAME_PLACE * size)


def _shrunk(image_bgr: NDArray[np.uint8], size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    """Reduced, by halves as far as they go: that is the fastest."""
    while image_bgr.shape[1] >= 2 * size_wh[0] and image_bgr.shape[0] >= 2 * size_wh[1]:
        image_bgr = np.asarray(cv2.resize(image_bgr, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(image_bgr, size_wh, interpolation=cv2.INTER_LINEAR), np.uint8)


def _edged(live_bgr: NDArray[np.uint8], front: Floats, sure: Floats) -> Floats:
    """A judgement (h, w) 0..1 with its edges on the picture's; it reaches a little into what is not sure.

    He, Sun, Tang, "Guided image filtering" (2010), weighted, along the one mixture of colours that tells both apart.
    """
    guide = _telling_apart(colours_of(live_bgr), front, sure)
    side = max(round(_EDGE_REACH * max(front.shape)), 1) * 2 + 1

    def mean(values: Floats) -> Floats:
        return np.asarray(cv2.blur(values, (side, side)), np.float32)

    weight = sure + np.float32(1e-3)
    total = mean(weight) + np.float32(_UNSURE)
    guide_mean, front_mean = mean(guide * weight) / total, mean(front * weight) / total
    spread = mean(guide * guide * weight) / total - guide_mean * guide_mean
    along = mean(guide * front * weight) / total - guide_mean * front_mean
    slope = along / (spread + np.float32(0.02))
    level = front_mean - slope * guide_mean
    return np.asarray(np.clip(mean(slope) * guide + mean(level), 0, 1), np.float32)


def _telling_apart(colours: Floats, front: Floats, sure: Floats) -> Floats:
    """(h, w) float32: the mixture of colours in which what is in front and the face differ by one."""
    inside, outside = (np.ascontiguousarray(part[::2, ::2]).reshape(-1) for part in (front * sure, (1 - front) * sure))
    some = colours[::2, ::2].reshape(-1, 3)
    apart = inside @ some / max(float(inside.sum()), 1e-3) - outside @ some / max(float(outside.sum()), 1e-3)
    # Brightness varies more over a thing than its colour does.
    mixture = apart * np.array([1, 6, 6], np.float32)
    mixture /= max(float(mixture @ apart), _LEAST_CONTRAST)
    mixed = cv2.transform(colours, mixture[None])
    return np.asarray(mixed, np.float32).reshape(front.shape)
