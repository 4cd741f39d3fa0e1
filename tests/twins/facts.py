"""Room: tests. What is known about every model's tensors, from the public contracts. Read from no file of the app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_IMAGENET_MEAN, _IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_ZERO, _HALF, _ONE = (0.0,) * 3, (0.5,) * 3, (1.0,) * 3


@dataclass(frozen=True, slots=True)
class SwapFacts:
    """A swapper: RGB crop `target` (NCHW, (x/255 - mean) / std) and identity `source` to RGB crop `output`.

    Attributes:
        side: Side of the crop, px.
        template: Key of the five points.
        mean: Per channel, R, G, B.
        std: Per channel.
        denormalised: The app multiplies the output by std and adds mean; else it is 0..1 as it comes.
        identity: How `source` is made: emap, unit, converted-unit, converted, portrait.
        portrait_side: Side of an identity picture; 0 where identity is a vector of 512.
        portrait_template: Key of its five points.
        has_mask: A second output.
    """

    side: int
    template: str
    mean: tuple[float, float, float] = _ZERO
    std: tuple[float, float, float] = _ONE
    denormalised: bool = False
    identity: str = "unit"
    portrait_side: int = 0
    portrait_template: str = ""
    has_mask: bool = False


_HYPERSWAP: Final = SwapFacts(256, "arcface_128", _HALF, _HALF, True, "unit", has_mask=True)
_GHOST: Final = SwapFacts(256, "arcface_112_v1", _HALF, _HALF, True, "converted")

SWAPPERS: Final[dict[str, SwapFacts]] = {
    "inswapper_128": SwapFacts(128, "arcface_128", identity="emap"),
    "hyperswap_1a_256": _HYPERSWAP,
    "hyperswap_1b_256": _HYPERSWAP,
    "hyperswap_1c_256": _HYPERSWAP,
    "simswap_256": SwapFacts(256, "arcface_112_v1", _IMAGENET_MEAN, _IMAGENET_STD, False, "converted-unit"),
    "simswap_unofficial_512": SwapFacts(512, "arcface_112_v1", identity="converted-unit"),
    "ghost_1_256": _GHOST,
    "ghost_2_256": _GHOST,
    "ghost_3_256": _GHOST,
    "hififace_unofficial_256": SwapFacts(256, "mtcnn_512", _HALF, _HALF, True, "converted-unit"),
    "uniface_256": SwapFacts(256, "ffhq_512", _HALF, _HALF, True, "portrait", 256, "ffhq_512"),
    "blendswap_256": SwapFacts(256, "ffhq_512", _ZERO, _ONE, False, "portrait", 112, "arcface_112_v2"),
}


@dataclass(frozen=True, slots=True)
class DetectorFacts:
    """SCRFD and RetinaFace-10g: one picture in, nine tensors out.

    Attributes:
        input: Name of the picture's tensor.
        is_rgb: Colour order of the picture; else BGR.
        outputs: Scores, boxes, points at strides 8, 16, 32.
    """

    input: str
    is_rgb: bool
    outputs: tuple[str, ...]


_TEN_G_OUTPUTS: Final = ("448", "471", "494", "451", "474", "497", "454", "477", "500")
_NAMED_OUTPUTS: Final = tuple(f"{what}_{stride}" for what in ("score", "bbox", "kps") for stride in (8, 16, 32))

DETECTORS: Final[dict[str, DetectorFacts]] = {
    "scrfd_10g": DetectorFacts("input.1", True, _TEN_G_OUTPUTS),
    "scrfd_2.5g": DetectorFacts("input", False, _NAMED_OUTPUTS),
    "scrfd_500m": DetectorFacts("input.1", True, ("443", "468", "493", "446", "471", "496", "449", "474", "499")),
    "retinaface_10g": DetectorFacts("input", False, _NAMED_OUTPUTS),
}
STRIDES: Final = (8, 16, 32)
CONVERTERS: Final = ("crossface_simswap", "crossface_ghost", "crossface_hififace")
PARSERS: Final = ("bisenet_resnet_18", "bisenet_resnet_34")
OCCLUDERS: Final = ("xseg_1", "xseg_2", "xseg_3")
LANDMARKS: Final = ("landmarks_2d106", "landmarks_1k3d68")
RECOGNISER: Final = "arcface_w600k_r50"
SHIPPED: Final = ("face_landmark", "face_detection_short_range", "face_detection_full_range")
CLASSES: Final = 19
"""Regions that a parser tells apart (CelebAMask-HQ)."""

FILES: Final = {
    "scrfd_10g": "det_10g",
    "scrfd_500m": "det_500m",
    "landmarks_2d106": "2d106det",
    "landmarks_1k3d68": "1k3d68",
    "arcface_w600k_r50": "w600k_r50",
}
"""Stems of published file names where they are not the model's name."""
