"""Room: pipeline. Numbers about a photo's face: pose, size, light, what hides it, sharpness. Judges none of them.

Most are taken from the face unrolled into the UV layout, where eyes, forehead and nose lie at the same place whoever
it is and however the head is turned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.imaging.resample import reduced
from mirror_app.pipeline.photo_detail import block_edges, sharpness
from mirror_app.pipeline.photo_surface import PhotoSurface
from mirror_app.swap.canonical import canonical_shape

# Faces are looked at in this height: what cannot be seen there does not disturb.
_LOOK_PX: Final = 256
# The mesh network sees level faces tipped by so much (median of frontal frames).
_LEVEL_PITCH_DEG: Final = 6.0
_EYE_CORNERS: Final = ((33, 133), (263, 362))
_EYE_LIDS: Final = (((159, 145), (158, 153), (160, 144)), ((386, 374), (385, 380), (387, 373)))
"""Upper and lower lid, the middle and a bit to both sides."""


@dataclass(frozen=True, slots=True)
class PhotoMeasures:
    """What was measured on one face.

    Attributes:
        yaw_deg: Turn of the head; 0 = toward the camera, positive = toward the right of the picture.
        pitch_deg: Tip of the head; 0 = level, positive = looks down.
        face_height_px: Chin to forehead, px of the photo.
        outside_share: Share of the mesh that lies outside the photo.
        side_light: Log of the brightness of the left cheek over the right one's.
        shadow_depth: Log of the brightness of the lightest skin over the darkest, soft shading only.
        forehead_hidden: Share of the forehead that does not look like skin, 0..1.
        cheeks_hidden: The same of cheeks and temples.
        chin_hidden: The same below the lips.
        bright_bridge: Contrast of a bright line across the root of the nose, share of the skin's level.
        dark_bridge: The same of a dark line.
        rims_below_eyes: The same of a line below both eyes, dark or bright.
        eye_opening: Height over width of the eyes.
        lid_colour: How much the eyes' least coloured part is coloured like skin, 1 = as much; 0 in grey photos.
        lid_light: Brightness of the eyes' darkest part over the skin's.
        mouth_opening: Gap between the lips over the face's height.
        sharpness: Contrast of fine over coarser detail at eyes and mouth.
        block_edges: Strength of an 8 px grid over what lies between its lines, 1 = none.
        brightest: Level of the brightest fiftieth of the face, 0..255.
        clipped_share: Share of the skin with a colour at its upper end.
    """

    yaw_deg: float
    pitch_deg: float
    face_height_px: float
    outside_share: float
    side_light: float
    shadow_depth: float
    forehead_hidden: float
    cheeks_hidden: float
    chin_hidden: float
    bright_bridge: float
    dark_bridge: float
    rims_below_eyes: float
    eye_opening: float
    lid_colour: float
    lid_light: float
    mouth_opening: float
    sharpness: float
    block_edges: float
    brightest: float
    clipped_share: float


def measure(image_bgr: NDArray[np.uint8], points: NDArray[np.float32]) -> PhotoMeasures:
    """Measure a photo's face.

    Args:
        image_bgr: (H, W, 3) uint8.
        points: (468, 3) float32, the face's mesh in px of the photo.
    """
    yaw, pitch = _pose(points)
    height = float(np.ptp(points[:, 1]))
    x, y = points[:, 0], points[:, 1]
    outside = (x < 0) | (y < 0) | (x > image_bgr.shape[1] - 1) | (y > image_bgr.shape[0] - 1)
    small, scale = _at_looking_size(image_bgr, height)
    small_points = points * np.float32(scale)
    surface = PhotoSurface(small, small_points)
    side_light, shadow_depth = surface.shading()
    forehead, cheeks, chin = surface.hidden_shares()
    bright_bridge, dark_bridge, rims = surface.glasses_lines()
    lid_colour, lid_light = surface.lids()
    lips = _distance(points, topology.UPPER_LIP_INNER, topology.LOWER_LIP_INNER)
    return PhotoMeasures(
        yaw_deg=yaw,
        pitch_deg=pitch,
        face_height_px=height,
        outside_share=float(outside.mean()),
        side_light=side_light,
        shadow_depth=shadow_depth,
        forehead_hidden=forehead,
        cheeks_hidden=cheeks,
        chin_hidden=chin,
        bright_bridge=bright_bridge,
        dark_bridge=dark_bridge,
        rims_below_eyes=rims,
        eye_opening=_eye_opening(points),
        lid_colour=lid_colour,
        lid_light=lid_light,
        mouth_opening=lips / _distance(points, topology.FOREHEAD_TOP, topology.CHIN),
        sharpness=sharpness(small, small_points),
        block_edges=block_edges(image_bgr, points),
        brightest=surface.brightest(),
        clipped_share=surface.clipped_share(),
    )


def _pose(points: NDArray[np.float32]) -> tuple[float, float]:
    """Yaw and pitch in degrees."""
    x, y, z = canonical_shape(points).frame_from_canonical[:, 2]
    yaw = float(np.degrees(np.arctan2(-x, z)))
    return yaw, float(np.degrees(np.arctan2(-y, np.hypot(x, z)))) - _LEVEL_PITCH_DEG


def _at_looking_size(image_bgr: NDArray[np.uint8], face_height_px: float) -> tuple[NDArray[np.uint8], float]:
    """The photo with its face no higher than `_LOOK_PX`, and its scale."""
    scale = _LOOK_PX / max(face_height_px, 1.0)
    if scale >= 1:
        return image_bgr, 1.0
    height, width = image_bgr.shape[:2]
    return reduced(image_bgr, (max(round(width * scale), 1), max(round(height * scale), 1))), scale


def _distance(points: NDArray[np.float32], one: int, other: int) -> float:
    return max(float(np.linalg.norm(points[one] - points[other])), 1e-6)


def _eye_opening(points: NDArray[np.float32]) -> float:
    """Mean over both eyes."""
    openings = [
        np.mean([_distance(points, upper, lower) for upper, lower in lids]) / _distance(points, *corners)
        for lids, corners in zip(_EYE_LIDS, _EYE_CORNERS, strict=True)
    ]
    return float(np.mean(openings))
