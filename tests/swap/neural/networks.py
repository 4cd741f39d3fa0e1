"""Room: tests. What the tests of the swapping networks share: targets, faces, scripted networks. No assertions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.domain.target import TargetFace, TargetView
from mirror_app.domain.templates import TEMPLATES
from mirror_app.runtime.backend import TensorSpec
from mirror_app.swap.neural.aligned_crop import AlignedCrop, Border
from mirror_app.swap.neural.spec import EMBEDDING_SIZE, IdentityKind, SwapperSpec

Compute = Callable[[NDArray[np.float32], NDArray[np.float32]], NDArray[np.float32]]

PLAIN = SwapperSpec("plain", "arcface_128", 32, (0, 0, 0), (1, 1, 1), False, Border.BLACK, IdentityKind.UNIT)
"""A small network's contract."""


BRIGHTER: Final = 3
"""Grey levels that `ScriptedNetwork` adds unless it is told otherwise: what changes nothing is no swap."""


def brighter(crops: NDArray[np.float32], identities: NDArray[np.float32]) -> NDArray[np.float32]:
    """The crop a little brighter, where the range is 0..1."""
    return crops + np.float32(BRIGHTER / 255)


class ScriptedNetwork:
    """A swapping network that computes a function of (n, 3, s, s) and its identity, and remembers what it was fed."""

    device = "Test card"

    def __init__(
        self,
        model: SwapperSpec,
        compute: Compute = brighter,
        *,
        batch: int = -1,
        names: tuple[str, str] = ("target", "source"),
    ) -> None:
        self.compute = compute
        self.feeds: list[dict[str, NDArray[np.float32]]] = []
        portrait = (3, model.portrait_side, model.portrait_side)
        identity = portrait if model.identity is IdentityKind.PORTRAIT else (EMBEDDING_SIZE,)
        self.inputs = (
            TensorSpec(names[1], (batch, *identity)),
            TensorSpec(names[0], (batch, 3, model.side, model.side)),
        )
        self.outputs = (TensorSpec("output", (batch, 3, model.side, model.side)),)

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        self.feeds.append({name: values.copy() for name, values in feeds.items()})
        return [np.asarray(self.compute(feeds[self.inputs[1].name], feeds[self.inputs[0].name]), np.float32)]


@dataclass
class ScriptedRecogniser:
    """Says for each picture what its top-left pixel is the key of."""

    raws: Mapping[int, NDArray[np.float32]]
    calls: list[int] = field(default_factory=list)

    def embed(self, image_bgr: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
        raw = self.raw(image_bgr, landmarks)
        return np.asarray(raw / np.linalg.norm(raw), np.float32)

    def raw(self, image_bgr: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
        self.calls.append(int(image_bgr[0, 0, 0]))
        return self.raws[self.calls[-1]]


class WholeMask:
    """Shows all of every crop, and remembers the crops it saw."""

    def __init__(self, value: int = 255) -> None:
        self.value = value
        self.crops: list[NDArray[np.uint8]] = []

    def mask(self, frame: Frame, crop: AlignedCrop, assignment: Assignment) -> NDArray[np.uint8]:
        self.crops.append(crop.image_bgr.copy())
        return np.full((crop.side, crop.side), self.value, np.uint8)


def raw_embedding(seed: int, length: float = 20.0) -> NDArray[np.float32]:
    """(512,) float32."""
    drawn = np.random.default_rng(seed).normal(size=EMBEDDING_SIZE)
    return np.asarray(drawn * (length / float(np.linalg.norm(drawn))), np.float32)


def view(key: int, weight: float = 1.0, side: int = 64) -> TargetView:
    """A photo in which `ScriptedRecogniser` finds this key; its face fills it as `ffhq_512` would."""
    picture = np.random.default_rng(key).integers(0, 256, (side, side, 3), np.uint8)
    picture[0, 0, 0] = key
    return TargetView(picture, (TEMPLATES["ffhq_512"] * side).astype(np.float32), weight)


def target(*views: TargetView, name: str = "somebody") -> TargetFace:
    """A target with these photos; without any it is a painted one."""
    return TargetFace(
        name, np.zeros((8, 8, 3), np.uint8), np.full((8, 8), 255, np.uint8), np.zeros((468, 3), np.float32), 1.0,
        views=views,
    )  # fmt: skip


def landmarks_at(
    centre_xy: tuple[float, float], side_px: float, turn_deg: float = 0.0, template: str = "arcface_128"
) -> NDArray[np.float32]:
    """(5, 2): a face whose crop has this middle, side and turn in the frame."""
    cos, sin = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
    around = (TEMPLATES[template] - 0.5) * side_px
    return np.asarray(around @ np.array([[cos, sin], [-sin, cos]]) + centre_xy, np.float32)


def live_face(landmarks: NDArray[np.float32] | None, track_id: int = 0) -> TrackedFace:
    """A face known by its five points only."""
    return TrackedFace(track_id, None, np.zeros(4, np.float32), landmarks)


def wear(landmarks: NDArray[np.float32] | None, worn: TargetFace, track_id: int = 0) -> Assignment:
    """Who wears whom."""
    return Assignment(live_face(landmarks, track_id), worn, 0.0)


def picture(height: int = 240, width: int = 320, seed: int = 0, detail_px: float = 3.0) -> NDArray[np.uint8]:
    """Smooth blobs in all colours, BGR."""
    drawn = np.random.default_rng(seed).normal(size=(height, width, 3)).astype(np.float32)
    smooth = np.asarray(cv2.GaussianBlur(drawn, (0, 0), detail_px), np.float32)
    return np.asarray(np.clip(128 + smooth / smooth.std() * 50, 0, 255), np.uint8)


def frame_of(image_bgr: NDArray[np.uint8], index: int = 0) -> Frame:
    """A camera frame, 30 a second."""
    return Frame(image_bgr, index, index * 33_333_333)
