"""Room: tools. Whether a network does to faces what its role promises: stored is only the truth about faces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.sentence import Sentence
from mirror_app.faces.arcface import ArcFace
from mirror_app.faces.five_points import LandmarkPoints
from mirror_app.faces.landmark_net import LandmarkNet
from mirror_app.faces.scrfd import ScrfdDetector
from mirror_app.faces.specs import detector_spec, landmark_spec, recogniser_spec
from mirror_app.runtime.catalogue import Role
from mirror_app.tools.models.examined import Examined, away, guarded, judged
from mirror_app.tools.models.known_faces import TrueFace
from mirror_app.tools.models.mask_check import check_occluder, check_parser
from mirror_app.tools.models.rows import CheckedStage
from mirror_app.tools.models.swap_check import check_swapper

# Cosines of embeddings: trained ones of one person across expressions are above 0.6, of two people below 0.3; untrained
# networks find all pictures alike.
_LEAST_APART: Final = 0.2
_MOST_ALIKE: Final = 0.4
_FACE: Final = Sentence("finds the face")
_PEOPLE: Final = Sentence("tells people apart")


def check_behaviour(examined: Examined) -> Iterator[CheckedStage]:
    """The steps that a model's role asks for.

    Raises:
        ModelError: A model that it needs, or one of the app's own, is missing or damaged.
    """
    yield from _CHECKS[examined.model.spec.role](examined)


def _detector(examined: Examined) -> Iterator[CheckedStage]:
    detector = ScrfdDetector(examined.backend, detector_spec(examined.model.spec.contract))

    def points_of(face: TrueFace) -> NDArray[np.float32] | None:
        found = detector.detect(face.image_bgr)
        return found[0].keypoints if found else None

    yield guarded(_FACE, partial(_near_the_truth, examined, points_of))


def _landmarks(examined: Examined) -> Iterator[CheckedStage]:
    spec = landmark_spec(examined.model.spec.contract)
    net = LandmarkNet(examined.backend, spec)

    def of_68(face: TrueFace) -> NDArray[np.float32] | None:
        points = net.locate(face.image_bgr, face.box_xyxy)
        # iBUG 300-W's order: eyes 36 to 47, the nose's tip 30, corners of the mouth 48 and 54.
        return None if points is None else np.stack([
            points[36:42, :2].mean(0), points[42:48, :2].mean(0), *points[[30, 48, 54], :2],
        ])  # fmt: skip

    def of_106(face: TrueFace) -> NDArray[np.float32] | None:
        return LandmarkPoints(net).five_points(face.image_bgr, face.box_xyxy)

    yield guarded(_FACE, partial(_near_the_truth, examined, of_68 if spec.dims == 3 else of_106))


def _near_the_truth(examined: Examined, points_of: Callable[[TrueFace], NDArray[np.float32] | None]) -> CheckedStage:
    worst = 0.0
    for face in examined.faces.demo:
        points = points_of(face)
        if points is None:
            return CheckedStage(_FACE, False, Sentence("The demo head was not found."))
        worst = max(worst, away(points, face.landmarks))
    return judged(_FACE, worst)


def _recogniser(examined: Examined) -> Iterator[CheckedStage]:
    arcface = ArcFace(examined.backend, recogniser_spec(examined.model.spec.contract))
    yield guarded(_PEOPLE, partial(_tells_apart, examined, arcface.embed))


def _converter(examined: Examined) -> Iterator[CheckedStage]:
    """Says nothing where no recogniser is there."""
    if not examined.has_recogniser:
        return
    arcface = examined.parts.recogniser()

    def converted(image_bgr: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
        raw = arcface.raw(image_bgr, landmarks)
        vector = examined.backend.run({examined.backend.inputs[0].name: raw[None]})[0].reshape(-1)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)

    yield guarded(_PEOPLE, partial(_tells_apart, examined, converted))


def _tells_apart(
    examined: Examined, embed: Callable[[NDArray[np.uint8], NDArray[np.float32]], NDArray[np.float32]]
) -> CheckedStage:
    """The demo head under two expressions is more alike than it is to any of the built-in faces."""
    one, *again = (embed(face.image_bgr, face.landmarks) for face in examined.faces.demo)
    others = [embed(face.image_bgr, face.landmarks) for face in examined.faces.others]
    same, other = min(float(one @ vector) for vector in again), max(float(one @ vector) for vector in others)
    passed = same >= other + _LEAST_APART and other <= _MOST_ALIKE
    seen = Sentence("The same person {same}, others {other} at most.", same=f"{same:.2f}", other=f"{other:.2f}")
    return CheckedStage(_PEOPLE, passed, seen)


_CHECKS: Final[dict[Role, Callable[[Examined], Iterator[CheckedStage]]]] = {
    Role.DETECTOR: _detector,
    Role.LANDMARKS: _landmarks,
    Role.RECOGNISER: _recogniser,
    Role.CONVERTER: _converter,
    Role.SWAPPER: check_swapper,
    Role.PARSER: check_parser,
    Role.OCCLUDER: check_occluder,
}
