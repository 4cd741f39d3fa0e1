"""Room: app. The composition root of the desktop app: builds objects, starts threads, nothing else.

| thread | runs | hands over by |
| --- | --- | --- |
| GUI (main) | owns the camera, stores its newest frame; paints the newest result | `LatestSlot` in and out |
| worker (`LiveWorker`) | newest frame through `MirrorPipeline`; one in work, one waiting | the same, and a signal |
| provider (`DeferredProvider`) | opens the demo camera, which makes frames on its own clock | `LatestSlot` in |
| background (`BackgroundJobs`) | library, enrolment, screenshots, one after the other | a queued signal |
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QLoggingCategory, QSettings, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from mirror_app.capture.protocol import FrameProvider
from mirror_app.domain.sentence import Sentence
from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.camera.deferred_provider import DeferredProvider
from mirror_app.gui.camera.inputs import CameraShelf, Inputs
from mirror_app.gui.control.door import open_door
from mirror_app.gui.faces.wardrobe import Wardrobe
from mirror_app.gui.heartbeat import Heartbeat
from mirror_app.gui.live_meter import LiveMeter, LiveReport
from mirror_app.gui.live_worker import LiveTurn, LiveWorker, Mirror
from mirror_app.gui.main_window import MainWindow
from mirror_app.gui.parts import Parts
from mirror_app.gui.settings.desk import Answers
from mirror_app.gui.theme import apply_theme, wanted_look
from mirror_app.gui.translator import speak, spoken
from mirror_app.language import open_words
from mirror_app.resources import assets_dir, label_log_path, pictures_dir, presets_path, settings_path, user_targets_dir
from mirror_app.settings import Settings, load_settings, save_settings
from mirror_app.tools.label_log import Unlabelled, read_unlabelled
from mirror_app.tools.models.plan_shop import PlanShop
from mirror_app.tools.models.shop import StoreShop
from mirror_app.tools.stored import erase, kept
from mirror_app.tools.system_libraries import explain

if TYPE_CHECKING:
    from mirror_app.gui.faces.target_desk import Desk
    from mirror_app.runtime.models import ModelStore
    from mirror_app.tools.finding import Finding
    from mirror_app.tools.licences import Licence

_logger = logging.getLogger(__name__)

_SWITCH_S: Final = 0.001
"""How long a thread may keep Python's lock while another waits. The default of 5 ms would add up over the four threads
that a frame passes; 1 ms keeps the paint on time and costs less than can be measured."""


def run_window(seconds: float | None = None, *, measure: bool = True) -> LiveReport:
    """Open the window and stay until it is closed.

    Args:
        seconds: Close it by itself after so long; None = the user closes it.
        measure: Record every paint, 4 MB an hour; otherwise the report is empty.
    """
    sys.setswitchinterval(_SWITCH_S)
    forget_opencv_paths()
    application = QApplication(sys.argv[:1])
    application.setApplicationName("mirror-app")
    settings = load_settings()
    speak(application, open_words(settings.language))
    application.setApplicationDisplayName(spoken(Sentence("Mirror")))
    application.setWindowIcon(QIcon(str(assets_dir() / "icon" / "mirror-app.png")))
    apply_theme(application, wanted_look(settings.look))
    worker, meter = LiveWorker(lambda: _open_first_mirror(settings)), LiveMeter()
    window = build_window(worker, settings)

    def count(turn: LiveTurn, done_ns: int) -> None:
        meter.painted(turn, done_ns, worker.drops)

    heartbeat = Heartbeat(window)

    def end() -> None:
        heartbeat.stop()
        window.close()

    if measure:
        window.preview.painted.connect(count)
        heartbeat.start()
    window.show()
    window.start()
    open_door(window.remote.answer, window)
    if seconds is not None:
        QTimer.singleShot(round(seconds * 1000), window, end)
    # Python runs these when the window's timer next wakes it, half a second later at most.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: window.close())
    application.exec()
    worker.wait()
    heartbeat.stop()
    return meter.report(drops=worker.drops, engine=worker.engine, device=worker.device, blocks=heartbeat.blocks)


def forget_opencv_paths() -> None:
    """Undo what `import cv2` does to Qt.

    opencv-python carries Qt plugins of its own for a kind of window that we never open, and points Qt at them through
    the environment. PySide6 would load those and end the process, as they belong to another build of Qt.
    """
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        os.environ.pop(name, None)


def build_window(worker: LiveWorker, settings: Settings) -> MainWindow:
    """Put the window and all that it needs together; nothing runs yet.

    Args:
        worker: Turns frames into results.
        settings: What is remembered from the last time.
    """
    shelf, camera_problem = _open_cameras()
    jobs = BackgroundJobs()
    parts = Parts(
        worker=worker,
        inputs=Inputs(shelf, _open_demo, worker.deliver, open_people=_open_people, camera_modes=settings.camera_modes),
        wardrobe=Wardrobe(_open_desk, jobs, QLocale()),
        jobs=jobs,
        settings=settings,
        save_settings=save_settings,
        window_state=QSettings(str(settings_path().with_name("window.ini")), QSettings.Format.IniFormat),
        pictures_dir=pictures_dir,
        presets_path=presets_path,
        label_log=label_log_path,
        answers=Answers(_examine, kept, erase, _licences, StoreShop(_open_store), PlanShop(_open_store), _unlabelled),
        open_mirror=_open_mirror,
        camera_problem=camera_problem,
    )
    return MainWindow(parts)


def _open_cameras() -> tuple[CameraShelf | None, str]:
    """The computer's cameras, or None and a sentence where QtMultimedia lacks a system library."""
    # QtMultimedia writes a line for every optional library that it does not find.
    QLoggingCategory.setFilterRules("qt.multimedia*=false")
    try:
        from mirror_app.capture.camera import CameraList
    except ImportError as error:
        _logger.warning("cameras cannot be used: %s", error)
        why = explain(str(error)) or str(error)
        return None, spoken(Sentence("Cameras cannot be used. {why}", why=why))
    return CameraList(), ""


# The eight below are called when their thread needs them: their imports load cv2 and ONNX Runtime, which takes a second
# in which the window is already there.


def _open_first_mirror(settings: Settings) -> Mirror:
    import cv2

    from mirror_app.pipeline.assembly import open_first_mirror

    # Worker, demo and window keep two cores busy already; splitting steps of a millisecond costs more than it gains.
    cv2.setNumThreads(1)
    forget_opencv_paths()
    return open_first_mirror(settings)


def _open_mirror(settings: Settings) -> Mirror:
    from mirror_app.pipeline.assembly import open_remembered_mirror

    return open_remembered_mirror(settings)


def _open_desk() -> Desk:
    from mirror_app.gui.faces.target_desk import TargetDesk
    from mirror_app.pipeline.assembly import open_enroller
    from mirror_app.targets.library import TargetLibrary

    return TargetDesk(TargetLibrary(assets_dir() / "targets", user_targets_dir()), open_enroller)


def _open_store() -> ModelStore:
    from mirror_app.runtime.models import open_store

    return open_store()


def _examine() -> list[Finding]:
    from mirror_app.gui.probes import probe_cameras, probe_display
    from mirror_app.tools.doctor import examine

    return list(examine(assets_dir(), user_targets_dir(), probe_cameras, probe_display))


def _unlabelled() -> list[Unlabelled]:
    return read_unlabelled(label_log_path())


def _licences() -> list[Licence]:
    from mirror_app.tools.licences import licences

    return list(licences(assets_dir()))


def _open_demo() -> FrameProvider:
    def open_camera() -> FrameProvider:
        from mirror_app.capture.demo import DemoCamera

        return DemoCamera()

    return DeferredProvider(spoken(Sentence("Demo camera")), open_camera)


def _open_people() -> FrameProvider:
    def open_camera() -> FrameProvider:
        from mirror_app.capture.demo_people_camera import demo_people_camera

        return demo_people_camera()

    return DeferredProvider(spoken(Sentence("Demo: four people")), open_camera)
