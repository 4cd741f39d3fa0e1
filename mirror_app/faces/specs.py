"""Room: faces. How each family of face networks wants its pictures, as the model catalogue says it. No networks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mirror_app.domain.errors import ModelError
from mirror_app.domain.templates import TEMPLATES


@dataclass(frozen=True, slots=True)
class DetectorSpec:
    """A detector of the SCRFD family; RetinaFace-10g is one too (insightface, `model_zoo/scrfd.py`).

    Attributes:
        rgb: Whether it wants RGB (insightface's files) or BGR (FaceFusion's exports).
        mean: Taken off every channel (0..255).
        std: What is left is divided by this.
        threshold: Least score of a face, 0..1.
        most_overlap: Boxes that share more of their union are the same face.
    """

    rgb: bool
    mean: float = 127.5
    std: float = 128.0
    threshold: float = 0.5
    most_overlap: float = 0.4


@dataclass(frozen=True, slots=True)
class LandmarkSpec:
    """A network that places points on a face (insightface, `model_zoo/landmark.py`).

    Attributes:
        points: How many: 106 or 68; where the network gives more, the last ones.
        dims: Numbers per point, 2 or 3.
        outputs: How many numbers it gives.
        side: Side of its input, px; RGB, 0..255: the files carry their normalisation themselves.
        scale: The crop's side is this much longer than the box's longer side.
    """

    points: int
    dims: int
    outputs: int
    side: int = 192
    scale: float = 1.5


@dataclass(frozen=True, slots=True)
class RecogniserSpec:
    """A recogniser (insightface, `model_zoo/arcface_onnx.py`).

    Attributes:
        template: Key of `domain.templates.TEMPLATES`.
        side: Side of the crop, px.
        mean: Taken off every channel (0..255, RGB).
        std: What is left is divided by this.
    """

    template: str = "arcface_112_v2"
    side: int = 112
    mean: float = 127.5
    std: float = 127.5


SCRFD_RGB: Final = DetectorSpec(rgb=True)
LANDMARKS_106: Final = LandmarkSpec(106, 2, 212)
# 1103 points of a whole head, of which the last 68 are the usual ones.
LANDMARKS_3D68: Final = LandmarkSpec(68, 3, 3309)
W600K_R50: Final = RecogniserSpec()


def detector_spec(contract: Mapping[str, object]) -> DetectorSpec:
    """Read a detector's contract in the catalogue.

    Raises:
        ModelError: It is incomplete or has impossible values.
    """
    colour = _one_of(contract, "colour", ("rgb", "bgr"))
    return DetectorSpec(colour == "rgb", _number(contract, "mean"), _positive(contract, "std"))


def landmark_spec(contract: Mapping[str, object]) -> LandmarkSpec:
    """Read a landmark network's contract in the catalogue.

    Raises:
        ModelError: It is incomplete or has impossible values.
    """
    known = {(spec.points, spec.dims): spec for spec in (LANDMARKS_106, LANDMARKS_3D68)}
    kind = (int(_number(contract, "points")), int(_number(contract, "dims")))
    if kind not in known:
        raise _impossible("points", kind)
    side, scale = int(_positive(contract, "side")), _positive(contract, "scale")
    return LandmarkSpec(*kind, known[kind].outputs, side, scale)


def recogniser_spec(contract: Mapping[str, object]) -> RecogniserSpec:
    """Read a recogniser's contract in the catalogue.

    Raises:
        ModelError: It is incomplete or has impossible values.
    """
    template = _one_of(contract, "template", tuple(TEMPLATES))
    side = int(_positive(contract, "side"))
    return RecogniserSpec(template, side, _number(contract, "mean"), _positive(contract, "std"))


def _number(contract: Mapping[str, object], key: str) -> float:
    value = contract.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _impossible(key, value)
    return float(value)


def _positive(contract: Mapping[str, object], key: str) -> float:
    value = _number(contract, key)
    if not value > 0:
        raise _impossible(key, value)
    return value


def _one_of(contract: Mapping[str, object], key: str, known: tuple[str, ...]) -> str:
    value = contract.get(key)
    if not isinstance(value, str) or value not in known:
        raise _impossible(key, value)
    return value


def _impossible(key: str, value: object) -> ModelError:
    return ModelError("The model catalogue is damaged: “{key}” cannot be {value}.", key=key, value=value)
