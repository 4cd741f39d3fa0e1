"""Room: pipeline. Builds a mirror and an enroller from the shipped networks; the one place that picks parts."""

from __future__ import annotations

from typing import Final

from mirror_app.domain.errors import InputError
from mirror_app.faces.detect import FULL_RANGE, SHORT_RANGE, BlazeFaceDetector, BlazeFaceSpec
from mirror_app.faces.mesh import MODEL_FILE, FaceMeshNet
from mirror_app.faces.track import FaceTracker
from mirror_app.pipeline.enrol import Enroller
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.render.cpu import CpuRenderer
from mirror_app.resources import assets_dir
from mirror_app.runtime.ort import OrtCpuBackend
from mirror_app.swap.mesh_swap import MeshSwapper

ENGINES: Final = ("auto", "mesh")


def open_mirror(engine: str = "auto", *, thorough: bool = False) -> MirrorPipeline:
    """Load everything a mirror needs.

    Args:
        engine: One of `ENGINES`; "auto" takes the best usable one.
        thorough: For files: full detection on every frame, and frames in which it finds nobody may leave.

    Raises:
        InputError: No engine of that name.
        ModelError: A model file is missing or damaged.
    """
    if engine not in ENGINES:
        raise InputError(f"There is no engine “{engine}”; choose one of {', '.join(ENGINES)}.")
    return MirrorPipeline(open_tracker(thorough=thorough), CpuRenderer(MeshSwapper()), allow_empty=thorough)


def open_enroller() -> Enroller:
    """Load what enrolling a photo needs.

    Raises:
        ModelError: A model file is missing or damaged.
    """
    return Enroller(open_tracker(thorough=True))


def open_tracker(*, thorough: bool = False) -> FaceTracker:
    """Load the face networks.

    Raises:
        ModelError: A model file is missing or damaged.
    """
    mesh_net = FaceMeshNet(OrtCpuBackend(assets_dir() / "models" / MODEL_FILE))
    return FaceTracker(_open_detector(SHORT_RANGE), _open_detector(FULL_RANGE), mesh_net, thorough=thorough)


def _open_detector(spec: BlazeFaceSpec) -> BlazeFaceDetector:
    return BlazeFaceDetector(spec, OrtCpuBackend(assets_dir() / "models" / spec.file))
