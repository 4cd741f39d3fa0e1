"""Room: pipeline. Opens the user's networks that read target photos. Reads no photo."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from mirror_app.domain.errors import MirrorError
from mirror_app.faces.five_points import DetectorPoints, LandmarkFrontality, LandmarkPoints
from mirror_app.faces.insightface_pack import is_installed, open_pack
from mirror_app.faces.landmark_net import LandmarkNet
from mirror_app.faces.protocol import FaceDetector, FivePointSource, FrontalitySource
from mirror_app.faces.scrfd import ScrfdDetector
from mirror_app.faces.specs import detector_spec, landmark_spec
from mirror_app.pipeline.photo_views import PhotoReaders
from mirror_app.runtime.backend import InferenceBackend
from mirror_app.runtime.catalogue import Role
from mirror_app.runtime.factory import Device, open_backend
from mirror_app.runtime.models import InstalledModel, ModelStore

_LOG = logging.getLogger(__name__)


def open_photo_readers(store: ModelStore, packs: Path) -> PhotoReaders:
    """Load what is installed: a detector that sees five points, 2d106det, 1k3d68.

    They run on the CPU: they look at a few photos once, and the card's memory is the swapper's.

    Args:
        store: The user's models.
        packs: insightface's folder of packs; used where its Python package is installed too.

    Raises:
        ModelError: A model is damaged.
    """
    detectors: list[FaceDetector] = list(islice(_pack_detectors(packs), 1))
    if not detectors:
        best = store.of_role(Role.DETECTOR)[:1]
        detectors = [ScrfdDetector(_open(model), detector_spec(model.spec.contract)) for model in best]
    points: list[FivePointSource] = [DetectorPoints(detector) for detector in detectors]
    facing: list[FrontalitySource] = []
    for model in store.of_role(Role.LANDMARKS):
        spec = landmark_spec(model.spec.contract)
        net = LandmarkNet(_open(model), spec)
        if spec.dims == 2:
            points.append(LandmarkPoints(net))
        else:
            facing.append(LandmarkFrontality(net))
    return PhotoReaders(tuple(points), tuple(facing))


def _pack_detectors(packs: Path) -> Iterator[FaceDetector]:
    if not is_installed() or not packs.is_dir():
        return
    for folder in sorted(packs.iterdir()):
        try:
            yield open_pack(folder)
        except MirrorError as error:
            _LOG.info("insightface pack passed over: %s", error)


def _open(model: InstalledModel) -> InferenceBackend:
    return open_backend(model.path, Device.CPU).backend
