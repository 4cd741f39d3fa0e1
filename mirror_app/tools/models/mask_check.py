"""Room: tools. Whether a network that draws masks shows the face and hides the rest."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

import cv2
import numpy as np

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.domain.sentence import Sentence
from mirror_app.swap.neural.aligned_crop import Border, Cropper
from mirror_app.swap.neural.masks.network_spec import mask_net_spec
from mirror_app.swap.neural.masks.occluder import OccluderMask
from mirror_app.swap.neural.masks.protocol import MaskMaker
from mirror_app.swap.neural.masks.regions import RegionsMask
from mirror_app.tools.models.examined import Examined, guarded
from mirror_app.tools.models.rows import CheckedStage
from mirror_app.tools.models.swap_check import a_target

# Intersection over union of a mask and the hull of the true mesh; a mask that shows everything has 0.3.
_LEAST_SHARED: Final = 0.55
_LOOKED_AT: Final = ("ffhq_512", 256)
_REGIONS: Final = Sentence("sees the face's region")


def check_parser(examined: Examined) -> Iterator[CheckedStage]:
    """A parser's regions of a face, on the demo head."""
    maker = RegionsMask(examined.backend, mask_net_spec(examined.model.spec))
    yield guarded(_REGIONS, partial(_covers_the_face, examined, maker))


def check_occluder(examined: Examined) -> Iterator[CheckedStage]:
    """An occluder sees nothing before the demo head."""
    maker = OccluderMask(examined.backend, mask_net_spec(examined.model.spec))
    yield guarded(_REGIONS, partial(_covers_the_face, examined, maker))


def _covers_the_face(examined: Examined, maker: MaskMaker) -> CheckedStage:
    template, side = _LOOKED_AT
    worst = 1.0
    for index, face in enumerate(examined.faces.demo):
        live_face = TrackedFace(1, None, face.box_xyxy, face.landmarks)
        crop = Cropper(template, side, Border.REPLICATE).crop(face.image_bgr, live_face)
        if crop is None:
            return CheckedStage(_REGIONS, False, Sentence("The demo head was not found."))
        assignment = Assignment(live_face, a_target(examined), 0.0)
        shown = maker.mask(Frame(face.image_bgr, index, index), crop, assignment) > 127
        placed = face.mesh_points[:, :2] @ crop.crop_from_frame[:, :2].T + crop.crop_from_frame[:, 2]
        drawn = np.zeros((side, side), np.uint8)
        hull = cv2.fillConvexPoly(drawn, cv2.convexHull(np.round(placed).astype(np.int32)), 1) > 0
        worst = min(worst, float((shown & hull).sum() / max((shown | hull).sum(), 1)))
    seen = Sentence(
        "It shares {share} with the face, at least {least} is expected.",
        share=f"{worst:.0%}",
        least=f"{_LEAST_SHARED:.0%}",
    )
    return CheckedStage(_REGIONS, worst >= _LEAST_SHARED, seen)
