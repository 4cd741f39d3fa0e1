"""Room: pipeline. Builds a mirror and an enroller from the shipped networks; the one place that picks parts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from mirror_app.domain.patch import FacePatch
from mirror_app.domain.sentence import joined
from mirror_app.faces.ahead import Ahead
from mirror_app.faces.detect import FULL_RANGE, SHORT_RANGE, BlazeFaceDetector, BlazeFaceSpec
from mirror_app.faces.hand_net import HAND_FILE, HandNet
from mirror_app.faces.hands import HandFinder
from mirror_app.faces.mesh import MODEL_FILE, FaceMeshNet
from mirror_app.faces.palm_net import PALM_FILE, PalmNet
from mirror_app.faces.protocol import FaceDetector, Recogniser
from mirror_app.faces.recogniser_desk import RecogniserDesk
from mirror_app.faces.track import FaceTracker
from mirror_app.pipeline.economy import Economy, Knobs
from mirror_app.pipeline.enrol import Enroller
from mirror_app.pipeline.guard import GOOD_FRAMES, LATE_NS
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.pipeline.photo_faces import PhotoFaceFinder
from mirror_app.pipeline.photo_views import PhotoReaders, PhotoViews
from mirror_app.pipeline.wishes import AUTO, CHOSEN, MESH, NO_MODEL, OPENING, Wishes
from mirror_app.render.cpu import CpuRenderer
from mirror_app.resources import assets_dir, has_models, insightface_dir
from mirror_app.runtime.ort import OrtCpuBackend
from mirror_app.settings import Settings
from mirror_app.swap.mesh_swap import MeshSwapper
from mirror_app.swap.protocol import Swapper
from mirror_app.swap.watched import WatchedSwapper

if TYPE_CHECKING:
    from mirror_app.runtime.models import ModelStore


def open_mirror(
    engine: str = AUTO,
    *,
    thorough: bool = False,
    watch: Callable[[FacePatch], None] | None = None,
    store: ModelStore | None = None,
) -> MirrorPipeline:
    """Load everything a mirror needs.

    Args:
        engine: See `Wishes.engine`.
        thorough: For files: full detection on every frame, and frames in which it finds nobody may leave.
        watch: Called with every patch before it is joined, for measurements.
        store: The user's models; None = those of this computer.

    Raises:
        InputError: No engine of that name.
        ModelError: A model file is missing or damaged.
    """
    if store is None and engine in (AUTO, MESH) and not has_models():
        return _mirror(MeshSwapper(), None, _why_built_in(engine), thorough=thorough, watch=watch)
    # Loaded here, as below: the start does not wait for it where nobody brought a model.
    from mirror_app.pipeline.neural import open_wished
    from mirror_app.runtime.models import open_store

    opened = open_wished(Wishes(engine), store or open_store())
    return _mirror(
        opened.swapper,
        opened.detector,
        opened.why,
        thorough=thorough,
        watch=watch,
        open_recogniser=opened.open_recogniser,
    )


def open_first_mirror(settings: Settings) -> MirrorPipeline:
    """Load the mirror that the window starts with: where models have to be opened, the built-in engine until they are.

    Raises:
        ModelError: A model file of the app itself is missing or damaged.
    """
    is_all = not has_models() or settings.engine == MESH
    why = _why_built_in(settings.engine) if is_all else lambda: OPENING
    return _mirror(MeshSwapper(), None, why, thorough=False, is_live=True)


def _why_built_in(engine: str) -> Callable[[], str]:
    return lambda: CHOSEN if engine == MESH else NO_MODEL


def open_remembered_mirror(settings: Settings, *, thorough: bool = False) -> MirrorPipeline:
    """Load the mirror that the settings ask for; the built-in engine where a model of theirs cannot be used any more.

    Raises:
        ModelError: A model file of the app itself is missing or damaged.
    """
    if not has_models():
        why = _why_built_in(settings.engine)
        return _mirror(MeshSwapper(), None, why, thorough=thorough, is_live=not thorough)
    from mirror_app.pipeline.neural import open_remembered
    from mirror_app.runtime.models import open_store

    opened = open_remembered(settings, open_store())
    return _mirror(
        opened.swapper,
        opened.detector,
        opened.why,
        thorough=thorough,
        is_live=not thorough,
        knobs=opened.knobs,
        open_recogniser=opened.open_recogniser,
    )


def _mirror(
    swapper: Swapper,
    detector: FaceDetector | None,
    why: Callable[[], str],
    *,
    thorough: bool,
    is_live: bool = False,
    watch: Callable[[FacePatch], None] | None = None,
    knobs: Knobs | None = None,
    open_recogniser: Callable[[], Recogniser] | None = None,
) -> MirrorPipeline:
    if watch is not None:
        swapper = WatchedSwapper(swapper, watch)
    desk = None if open_recogniser is None else open_desk(open_recogniser, is_live=is_live)
    tracker = open_tracker(detector, thorough=thorough, recogniser=desk)
    return MirrorPipeline(
        tracker,
        CpuRenderer(swapper),
        allow_empty=thorough,
        # In a file no frame is lost to a doubt that has passed.
        after_card=1 if thorough else GOOD_FRAMES,
        late_after_ns=LATE_NS if is_live else None,
        why=why if desk is None else lambda: joined((why(), desk.trouble)),
        # A file has all the time it takes.
        economy=Economy(tracker, knobs or Knobs()) if is_live else None,
        hands=open_hand_finder(),
    )


def open_enroller() -> Enroller:
    """Load what enrolling a photo needs.

    Raises:
        ModelError: A model file is missing or damaged.
    """
    finder = PhotoFaceFinder(_open_detector(SHORT_RANGE), _open_detector(FULL_RANGE), _open_mesh_net())
    return Enroller(finder, PhotoViews(_open_photo_readers))


def _open_photo_readers() -> PhotoReaders:
    from mirror_app.pipeline.photo_networks import open_photo_readers
    from mirror_app.runtime.models import open_store

    return open_photo_readers(open_store(), insightface_dir())


def open_desk(open_recogniser: Callable[[], Recogniser], *, is_live: bool) -> RecogniserDesk:
    """What asks a recogniser; it is opened when people are first told apart.

    Args:
        open_recogniser: Opens it.
        is_live: Run it beside the picture, in a thread of its own that ends with it; a file waits for what it says.
    """
    return RecogniserDesk(open_recogniser, ThreadPoolExecutor(1, "recogniser") if is_live else None)


def open_tracker(
    detector: FaceDetector | None = None, *, thorough: bool = False, recogniser: RecogniserDesk | None = None
) -> FaceTracker:
    """Load the face networks.

    Args:
        detector: Takes the place of the built-in ones.
        thorough: See `FaceTracker`.
        recogniser: See `FaceTracker`.

    Raises:
        ModelError: A model file is missing or damaged.
    """
    near = detector or _open_detector(SHORT_RANGE)
    far = detector or _open_detector(FULL_RANGE)
    ahead = Ahead(_open_mesh_net())
    return FaceTracker(near, far, _open_mesh_net(), thorough=thorough, recogniser=recogniser, ahead=ahead)


def _open_detector(spec: BlazeFaceSpec) -> BlazeFaceDetector:
    return BlazeFaceDetector(spec, OrtCpuBackend(assets_dir() / "models" / spec.file))


def _open_mesh_net() -> FaceMeshNet:
    return FaceMeshNet(OrtCpuBackend(assets_dir() / "models" / MODEL_FILE))


def open_hand_finder() -> HandFinder:
    """Load the hand networks.

    Raises:
        ModelError: A model file is missing or damaged.
    """
    models = assets_dir() / "models"
    return HandFinder(PalmNet(OrtCpuBackend(models / PALM_FILE)), HandNet(OrtCpuBackend(models / HAND_FILE)))
