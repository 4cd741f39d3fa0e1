"""Room: tests. What the catalogue says of a face network is what it is run with; nonsense is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mirror_app.domain.errors import ModelError
from mirror_app.faces.specs import (
    LANDMARKS_3D68,
    LANDMARKS_106,
    SCRFD_RGB,
    W600K_R50,
    DetectorSpec,
    detector_spec,
    landmark_spec,
    recogniser_spec,
)
from mirror_app.runtime.catalogue import Role
from mirror_app.runtime.models import open_store

DETECTOR = {"colour": "rgb", "side": 640, "mean": 127.5, "std": 128}
LANDMARKS = {"points": 106, "dims": 2, "side": 192, "scale": 1.5}
RECOGNISER = {"template": "arcface_112_v2", "side": 112, "mean": 127.5, "std": 127.5}


def test_the_catalogues_own_entries_are_the_usual_specs() -> None:
    catalogue = open_store().catalogue
    detectors = {spec.name: detector_spec(spec.contract) for spec in catalogue.of_role(Role.DETECTOR)}
    bgr = DetectorSpec(rgb=False)
    assert detectors == {
        "scrfd_10g": SCRFD_RGB,
        "scrfd_2.5g": bgr,
        "scrfd_500m": SCRFD_RGB,
        "retinaface_10g": bgr,
    }
    landmarks = {spec.name: landmark_spec(spec.contract) for spec in catalogue.of_role(Role.LANDMARKS)}
    assert landmarks == {"landmarks_2d106": LANDMARKS_106, "landmarks_1k3d68": LANDMARKS_3D68}
    assert [recogniser_spec(spec.contract) for spec in catalogue.of_role(Role.RECOGNISER)] == [W600K_R50]


@pytest.mark.parametrize(
    ("read", "contract", "key", "value"),
    [
        (detector_spec, DETECTOR, "colour", "grey"),
        (detector_spec, DETECTOR, "colour", None),
        (detector_spec, DETECTOR, "mean", "127"),
        (detector_spec, DETECTOR, "std", 0),
        (detector_spec, DETECTOR, "std", True),
        (landmark_spec, LANDMARKS, "points", 98),
        (landmark_spec, LANDMARKS, "scale", -1),
        (landmark_spec, LANDMARKS, "side", None),
        (recogniser_spec, RECOGNISER, "template", "arcface"),
        (recogniser_spec, RECOGNISER, "std", float("nan")),
    ],
)
def test_a_contract_that_cannot_be_is_refused(
    read: Callable[[dict[str, object]], object], contract: dict[str, object], key: str, value: object
) -> None:
    read(contract)
    with pytest.raises(ModelError, match=f"catalogue is damaged: “{key}”"):
        read({**contract, key: value})
