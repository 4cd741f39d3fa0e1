"""Room: pipeline. Judges a photo as target face: what was measured on it becomes remarks. Measures nothing itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mirror_app.pipeline.photo_measures import PhotoMeasures, measure
from mirror_app.swap.target_texture import PhotoView
from mirror_app.targets.remarks import PhotoCheck, Remark, joint_check

# Thresholds were set on four portrait paintings, frames of four camera clips and the demo portrait, each also blurred,
# compressed, darkened, lit from one side and covered in steps; they lie where a person starts to see the defect.
_TURNED_DEG: Final = 18.0
_PROFILE_DEG: Final = 40.0
_TILTED_DEG: Final = 15.0
_SMALL_PX: Final = 150.0
_TINY_PX: Final = 70.0
_CUT_OFF_SHARE: Final = 0.03
_SIDE_LIGHT: Final = 0.58
_SHADOW_DEPTH: Final = 0.8
_FOREHEAD_SHARE: Final = 0.1
_CHEEKS_SHARE: Final = 0.125
_CHIN_SHARE: Final = 0.3
_BRIGHT_BRIDGE: Final = 0.12
_DARK_BRIDGE: Final = 0.2
_RIM: Final = 0.2
_LID_COLOUR: Final = 0.62
_LID_LIGHT: Final = 0.33
_LEAST_EYE_OPENING: Final = 0.2
_MOUTH_OPENING: Final = 0.045
_LEAST_SHARPNESS: Final = 0.46
_BLOCK_EDGES: Final = 2.6
_DARK_LEVEL: Final = 70.0
_CLIPPED_SHARE: Final = 0.3


def check_photos(views: Iterable[PhotoView]) -> PhotoCheck:
    """Measure a face in one or more photos and say what speaks against it as target face."""
    found = [measure(view.image_bgr, view.points) for view in views]
    check = joint_check(judge(one) for one in found)
    yaws = [one.yaw_deg for one in found]
    if min(yaws) < -_TURNED_DEG and max(yaws) > _TURNED_DEG:
        # Photos from both sides show both cheeks.
        return PhotoCheck(tuple(remark for remark in check.remarks if remark not in (Remark.TURNED, Remark.PROFILE)))
    return check


def judge(found: PhotoMeasures) -> PhotoCheck:
    """Say in words what the measures mean."""
    turned = abs(found.yaw_deg)
    has_glasses = (
        found.bright_bridge > _BRIGHT_BRIDGE or found.dark_bridge > _DARK_BRIDGE or found.rims_below_eyes > _RIM
    )
    has_closed_eyes = found.eye_opening < _LEAST_EYE_OPENING or (
        found.lid_colour > _LID_COLOUR and found.lid_light > _LID_LIGHT
    )
    holds = {
        Remark.TURNED: _TURNED_DEG < turned <= _PROFILE_DEG,
        Remark.PROFILE: turned > _PROFILE_DEG,
        Remark.TILTED: abs(found.pitch_deg) > _TILTED_DEG,
        Remark.SMALL: _TINY_PX <= found.face_height_px < _SMALL_PX,
        Remark.TINY: found.face_height_px < _TINY_PX,
        Remark.CUT_OFF: found.outside_share > _CUT_OFF_SHARE,
        Remark.SHADOW: abs(found.side_light) > _SIDE_LIGHT or found.shadow_depth > _SHADOW_DEPTH,
        Remark.FOREHEAD: found.forehead_hidden > _FOREHEAD_SHARE,
        Remark.COVERED: found.cheeks_hidden > _CHEEKS_SHARE or found.chin_hidden > _CHIN_SHARE,
        Remark.GLASSES: has_glasses,
        Remark.EYES_CLOSED: has_closed_eyes,
        Remark.MOUTH_OPEN: found.mouth_opening > _MOUTH_OPENING,
        Remark.BLURRED: found.sharpness < _LEAST_SHARPNESS,
        Remark.BLOCKY: found.block_edges > _BLOCK_EDGES,
        Remark.DARK: found.brightest < _DARK_LEVEL,
        Remark.BRIGHT: found.clipped_share > _CLIPPED_SHARE,
    }
    return PhotoCheck(tuple(remark for remark in Remark if holds[remark]))
