"""Room: tests. The zero-cost twins keep the face where it was asked for: it neither wanders nor shrinks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mirror_app.faces.detect import FULL_RANGE, SHORT_RANGE, BlazeFaceDetector, BlazeFaceSpec
from mirror_app.faces.mesh import FaceMeshNet, crop_around_detection, crop_around_mesh
from mirror_app.faces.scrfd import ScrfdDetector
from mirror_app.faces.specs import SCRFD_RGB
from mirror_app.runtime.factory import Device, open_backend
from tests.twins import FaceAt, zero_cost

_FACE = FaceAt((1280, 720), (528, 220, 752, 500))
_IMAGE = np.full((720, 1280, 3), 90, np.uint8)


@pytest.mark.parametrize("spec", [SHORT_RANGE, FULL_RANGE], ids=lambda spec: spec.file)
def test_a_face_that_is_followed_stays_where_it_was_detected(tmp_path: Path, spec: BlazeFaceSpec) -> None:
    detector_path = zero_cost(Path(spec.file).stem, tmp_path, _FACE)
    (detection,) = BlazeFaceDetector(spec, open_backend(detector_path, Device.CPU).backend).detect(_IMAGE)
    assert np.allclose(detection.box_xyxy, _FACE.box, atol=0.1)
    net = FaceMeshNet(open_backend(zero_cost("face_landmark", tmp_path), Device.CPU).backend)
    mesh = net.locate(_IMAGE, crop_around_detection(detection))
    assert mesh is not None
    first = mesh.points
    for _ in range(50):
        mesh = net.locate(_IMAGE, crop_around_mesh(mesh))
        assert mesh is not None
    assert mesh.score > 0.9
    assert np.abs(mesh.points - first)[:, :2].max() < 0.1
    assert np.ptp(mesh.points[:, 1]) == pytest.approx(280, abs=1)


def test_scrfd_sees_the_five_points_too(tmp_path: Path) -> None:
    backend = open_backend(zero_cost("scrfd_10g", tmp_path, _FACE), Device.CPU).backend
    (detection,) = ScrfdDetector(backend, SCRFD_RGB).detect(_IMAGE)
    assert np.allclose(detection.box_xyxy, _FACE.box, atol=0.1)
    assert np.allclose(detection.keypoints, _FACE.landmarks, atol=0.1)
