"""Room: pipeline. Builds a mirror and an enroller from the shipped networks; the one place that picks parts."""

from __future__ import annotations

from collections.abc import Callable

from mirror_app.domain.errors import ModelError
from mirror_app.domain.patch import FacePatch
from mirror_app.domain.sentence import joined
from mirror_app.faces.detect import FULL_RANGE, SHORT_RANGE, BlazeFaceDetector, BlazeFaceSpec
from mirror_app.faces.mesh import MODEL_FILE, FaceMeshNet
from mirror_app.faces.protocol import FaceDetector
from mirror_app.faces.track import FaceTracker
from mirror_app.pipeline.engines import AUTO, BUILT_IN, MESH, Wishes, choose_engine, remembered_wishes
from mirror_app.pipeline.enrol import Enroller
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.pipeline.neural import NeuralParts
from mirror_app.pipeline.photo_faces import PhotoFaceFinder
from mirror_app.pipeline.photo_networks import open_photo_readers
from mirror_app.pipeline.photo_views import PhotoViews
from mirror_app.render.cpu import CpuRenderer
from mirror_app.resources import assets_dir, insightface_dir
from mirror_app.runtime.catalogue import Role
from mirror_app.runtime.factory import Device
from mirror_app.runtime.models import ModelStore, open_store
from mirror_app.runtime.ort import OrtCpuBackend
from mirror_app.runtime.providers import usable_card
from mirror_app.settings import Settings
from mirror_app.swap.failover import FailoverSwapper
from mirror_app.swap.mesh_swap import MeshSwapper
from mirror_app.swap.protocol import Swapper
from mirror_app.swap.watched import WatchedSwapper


def open_mirror(
    engine: str = AUTO,
    *,
    wishes: Wishes | None = None,
    thorough: bool = False,
    watch: Callable[[FacePatch], None] | None = None,
    store: ModelStore | None = None,
    why: str = "",
) -> MirrorPipeline:
    """Load everything a mirror needs.

    Args:
        engine: See `Wishes.engine`.
        wishes: Takes the place of `engine` where more than that is wished for.
        thorough: For files: full detection on every frame, and frames in which it finds nobody may leave.
        watch: Called with every patch before it is joined, for measurements.
        store: The user's models; None = those of this computer.
        why: Said in place of why the engine was taken.

    Raises:
        InputError: No engine of that name.
        ModelError: A model file is missing or damaged.
    """
    wishes, store = wishes or Wishes(engine), store or open_store()
    on_cpu = wishes.device(Role.SWAPPER) is Device.CPU
    choice = choose_engine(wishes.engine, store, (lambda: "") if on_cpu else usable_card)
    parts = NeuralParts(store, wishes)
    swapper: Swapper = MeshSwapper()
    if choice.model is not None:
        neural, note = parts.swapper(choice.model, choice.tiles)
        title = choice.model.spec.title
        swapper, why = FailoverSwapper(neural, swapper, title), joined((choice.why, note))
    if watch is not None:
        swapper = WatchedSwapper(swapper, watch)
    tracker = open_tracker(parts.detector(), thorough=thorough)
    return MirrorPipeline(tracker, CpuRenderer(swapper), allow_empty=thorough, why=why or choice.why)


def open_remembered_mirror(settings: Settings, *, thorough: bool = False) -> MirrorPipeline:
    """Load the mirror that the settings ask for; the built-in engine where a model of theirs cannot be used any more.

    Raises:
        ModelError: A model file of the app itself is missing or damaged.
    """
    store = open_store()
    wishes = remembered_wishes(settings, store)
    try:
        return open_mirror(wishes=wishes, thorough=thorough, store=store)
    except ModelError as error:
        built_in = Wishes(MESH, BUILT_IN)
        return open_mirror(wishes=built_in, thorough=thorough, store=store, why=error.sentence)


def open_enroller() -> Enroller:
    """Load what enrolling a photo needs.

    Raises:
        ModelError: A model file is missing or damaged.
    """
    finder = PhotoFaceFinder(_open_detector(SHORT_RANGE), _open_detector(FULL_RANGE), _open_mesh_net())
    return Enroller(finder, PhotoViews(lambda: open_photo_readers(open_store(), insightface_dir())))


def open_tracker(detector: FaceDetector | None = None, *, thorough: bool = False) -> FaceTracker:
    """Load the face networks.

    Args:
        detector: Takes the place of the built-in ones.
        thorough: See `FaceTracker`.

    Raises:
        ModelError: A model file is missing or damaged.
    """
    near = detector or _open_detector(SHORT_RANGE)
    far = detector or _open_detector(FULL_RANGE)
    return FaceTracker(near, far, _open_mesh_net(), thorough=thorough)


def _open_detector(spec: BlazeFaceSpec) -> BlazeFaceDetector:
    return BlazeFaceDetector(spec, OrtCpuBackend(assets_dir() / "models" / spec.file))


def _open_mesh_net() -> FaceMeshNet:
    return FaceMeshNet(OrtCpuBackend(assets_dir() / "models" / MODEL_FILE))
