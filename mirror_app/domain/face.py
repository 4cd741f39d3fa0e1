"""Room: domain. Who is where: detections, meshes, tracked faces. No networks, no drawing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

MESH_POINTS = 468
HAND_POINTS = 21


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """One face a detector found.

    Attributes:
        box_xyxy: (4,) float32, px of the frame; may reach past its border.
        keypoints: (5 or 6, 2) float32, px, image-left eye, image-right eye and nose tip first. Six are BlazeFace's
            (then mouth, image-left ear, image-right ear, of an unmirrored picture of an upright face), five are in
            the order of `domain.templates`.
        score: 0..1.
    """

    box_xyxy: NDArray[np.float32]
    keypoints: NDArray[np.float32]
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class FaceMesh:
    """468 surface points of one face (MediaPipe face mesh topology, see `domain.mesh_topology`).

    Attributes:
        points: (468, 3) float32; x right and y down in frame px, z away from the camera in the same unit,
            zero at the head's centre.
        score: 0..1, how sure the network is that the crop shows a face.
    """

    points: NDArray[np.float32]
    score: float

    def __post_init__(self) -> None:
        if self.points.shape != (MESH_POINTS, 3) or self.points.dtype != np.float32:
            raise ValueError(f"expected mesh points (468, 3) float32, got {self.points.shape} {self.points.dtype}")


class TrackState(Enum):
    """Where a track stands in its life; a lost one is not listed any more. The value is a key for JSON."""

    TENTATIVE = "tentative"
    """Seen in too few frames to be sure that it is a face."""
    CONFIRMED = "confirmed"
    """Seen in this frame."""
    COASTING = "coasting"
    """Not found in this frame: where it is was carried over from the frames before."""


@dataclass(frozen=True, slots=True, eq=False)
class TrackedFace:
    """A face followed over frames: `live_face` wherever one is meant.

    Attributes:
        track_id: Stays the same while the face is followed without a doubt; never used again.
        mesh: Where the face is now; None for a face that was detected but is not followed.
        box_xyxy: (4,) float32, px.
        landmarks: (5, 2) float32, px, in the order of `domain.templates`; None where only a box is known.
        state: Where the track stands in its life.
        confidence: 0..1, how sure it is that the mesh lies on the face; sinks while the track coasts.
        person: Number of the person, 1, 2, …, the same whenever she comes back; None while she is not surely
            recognised.
        hands: Hands before the face or near it: (21, 2) float32 each, px: the wrist, then four points for each finger
            from its root, the thumb first (MediaPipe hand topology).
    """

    track_id: int
    mesh: FaceMesh | None
    box_xyxy: NDArray[np.float32]
    landmarks: NDArray[np.float32] | None = None
    state: TrackState = TrackState.CONFIRMED
    confidence: float = 1.0
    person: int | None = None
    hands: tuple[NDArray[np.float32], ...] = ()
