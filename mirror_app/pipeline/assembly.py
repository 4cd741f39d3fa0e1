"""Room: pipeline. Builds a mirror and an enroller from the shipped networks; the one place that picks parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mirror_app.domain.errors import InputError
from mirror_app.domain.patch import FacePatch
from mirror_app.domain.sentence import either
from mirror_app.faces.detect import FULL_RANGE, SHORT_RANGE, BlazeFaceDetector, BlazeFaceSpec
from mirror_app.faces.mesh import MODEL_FILE, FaceMeshNet
from mirror_app.faces.track import FaceTracker
from mirror_app.pipeline.enrol import Enroller
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.pipeline.photo_faces import PhotoFaceFinder
from mirror_app.render.cpu import CpuRenderer
from mirror_app.resources import assets_dir
from mirror_app.runtime.ort import OrtCpuBackend
from mirror_app.swap.mesh_swap import MeshSwapper
from mirror_app.swap.protocol import Swapper
from mirror_app.swap.watched import WatchedSwapper

ENGINES: Final = ("auto", "mesh")


def open_mirror(
    engine: str = "auto", *, thorough: bool = False, watch: Callable[[FacePatch], None] | None = None
) -> MirrorPipeline:
    """Load everything a mirror needs.

    Args:
        engine: One of `ENGINES`; "auto" takes the best usable one.
        thorough: For files: full detection on every frame, and frames in which it finds nobody may leave.
        watch: Called with every patch before it is joined, for measurements.

    Raises:
        InputError: No engine of that name.
        ModelError: A model file is missing or damaged.
    """
    if engine not in ENGINES:
        raise InputError("There is no engine “{engine}”; choose {engines}.", engine=engine, engines=either(ENGINES))
    swapper: Swapper = MeshSwapper()
    if watch is not None:
        swapper = WatchedSwapper(swapper, watch)
    return MirrorPipeline(open_tracker(thorough=thorough), CpuRenderer(swapper), allow_empty=thorough)


def open_enroller() -> Enroller:
    """Load what enrolling a photo needs.

    Raises:
        ModelError: A model file is missing or damaged.
    """
    return Enroller(PhotoFaceFinder(_open_detector(SHORT_RANGE), _open_detector(FULL_RANGE), _open_mesh_net()))


def open_tracker(*, thorough: bool = False) -> FaceTracker:
    """Load the face networks.

    Raises:
        ModelError: A model file is missing or damaged.
    """
    return FaceTracker(_open_detector(SHORT_RANGE), _open_detector(FULL_RANGE), _open_mesh_net(), thorough=thorough)


def _open_detector(spec: BlazeFaceSpec) -> BlazeFaceDetector:
    return BlazeFaceDetector(spec, OrtCpuBackend(assets_dir() / "models" / spec.file))


def _open_mesh_net() -> FaceMeshNet:
    return FaceMeshNet(OrtCpuBackend(assets_dir() / "models" / MODEL_FILE))
