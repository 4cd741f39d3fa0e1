"""Room: gui. Which camera runs, and what happens when it fails, vanishes or comes back. No widgets, no pixels."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from mirror_app.capture.camera_modes import CameraMode
from mirror_app.capture.knobs import Knob, KnobState
from mirror_app.capture.protocol import FrameProvider
from mirror_app.domain.frame import PendingFrame
from mirror_app.gui.camera.runner import CameraRunner
from mirror_app.gui.camera.shelf import DEMO_ID, DEMO_IDS, PEOPLE_ID, CameraShelf, Choice, Pause, due_id, fault_sentence
from mirror_app.gui.camera.watch import Fault
from mirror_app.gui.wording import filled

__all__ = ["DEMO_ID", "CameraShelf", "Choice", "Inputs", "Pause"]


class Inputs(QObject):
    """Runs one provider at a time.

    A camera that fails is said, and tried again by itself: after 1, 2, 4, then every 8 seconds, or as soon as it is
    plugged in anew; one that the system keeps closed when the user comes back to the window. No other camera is opened
    unasked. The demo camera takes over by itself only while there is no camera at all.
    """

    choices_changed = Signal()
    """The cameras, or which of them runs."""
    started = Signal()
    """Another provider delivers from now on."""
    stopped = Signal(str)
    """No provider delivers; a sentence says why."""
    notice = Signal(str)
    """A sentence for the user."""
    knobs_changed = Signal()
    """Another camera can be turned, or none."""

    def __init__(
        self,
        shelf: CameraShelf | None,
        open_demo: Callable[[], FrameProvider],
        deliver: Callable[[PendingFrame], None],
        parent: QObject | None = None,
        *,
        open_people: Callable[[], FrameProvider] | None = None,
        camera_modes: Mapping[str, str] | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; nothing runs yet.

        Args:
            shelf: The computer's cameras; None where cameras cannot be used.
            open_demo: Makes the demo camera.
            deliver: Gets every frame, in the provider's thread.
            parent: Qt's owner.
            open_people: Makes the demo camera with four people, which only runs where it is picked.
            camera_modes: The size and rate chosen for each camera id, as in `CameraMode.word`.
            now_s: Tells the time, s.
        """
        super().__init__(parent)
        self._shelf = shelf
        self._demos = {DEMO_ID: open_demo, **({PEOPLE_ID: open_people} if open_people is not None else {})}
        self._runner = CameraRunner(deliver, now_s, self)
        self._has_begun = False
        self._is_refused = False
        self._pauses: set[Pause] = set()
        self._wanted = Choice("", "")  # no id: whichever camera comes first
        self._said = ""
        self.camera_modes = dict(camera_modes or {})
        """The size and rate chosen for each camera id; a camera not in it runs as suits a mirror best."""
        self.chosen_id = ""
        """Id of the camera that the user picked; "" when she picked none since the start."""
        self._known_ids = {choice.camera_id for choice in self.choices}
        self._connect()

    # What there is

    @property
    def choices(self) -> list[Choice]:
        """The cameras, then the demos."""
        cameras = self._shelf.cameras() if self._shelf is not None else []
        names = {DEMO_ID: self.tr("Demo camera"), PEOPLE_ID: self.tr("Demo: four people")}
        return [*(Choice(c.camera_id, c.name) for c in cameras), *(Choice(one, names[one]) for one in self._demos)]

    @property
    def running_id(self) -> str:
        """Id of the camera that delivers; "" when none does."""
        return self._runner.running_id

    @property
    def is_demo(self) -> bool:
        """Whether a demo camera delivers."""
        return self.running_id in DEMO_IDS

    @property
    def has_cameras(self) -> bool:
        """Whether any real camera is there."""
        return self.choices[0].camera_id not in DEMO_IDS

    @property
    def is_paused(self) -> bool:
        """Whether the camera is given back for a while."""
        return bool(self._pauses)

    @property
    def current(self) -> Choice:
        """The camera that runs or is waited for; without an id when there is none."""
        return self._choice(self._runner.camera_id) if self._runner.camera_id else self._wanted

    @property
    def modes(self) -> Sequence[CameraMode]:
        """What the current camera offers."""
        camera_id = self.current.camera_id
        return self._shelf.modes(camera_id) if self._shelf is not None and camera_id not in ("", *DEMO_IDS) else ()

    @property
    def knobs(self) -> Mapping[Knob, KnobState]:
        """What can be turned on the camera that runs."""
        return self._runner.knobs

    # What the user does

    def start(self, camera_id: str) -> None:
        """Begin with a camera; "" or one that is gone means the default one, and the demo when there is none."""
        ids = [choice.camera_id for choice in self.choices]
        first = camera_id if camera_id in ids else ids[0]
        is_stand_in = first == DEMO_ID and camera_id != DEMO_ID
        self._wanted = self._choice("" if is_stand_in else first)
        self._begin(first)

    def choose(self, camera_id: str) -> None:
        """Switch to a camera or to the demo, as the user says; a paused mirror stays paused."""
        self.chosen_id = camera_id
        self._wanted = self._choice(camera_id)
        self._begin(camera_id)

    def choose_mode(self, word: str) -> None:
        """Run the current camera with this size and rate, as in `CameraMode.word`; "" = as suits a mirror best."""
        camera_id = self.current.camera_id
        if camera_id in ("", *DEMO_IDS) or word == self.camera_modes.get(camera_id, ""):
            return
        if word:
            self.camera_modes[camera_id] = word
        else:
            self.camera_modes.pop(camera_id, None)
        self._begin(camera_id)

    def turn(self, knob: Knob, value: float | None) -> None:
        """Set a knob of the running camera, and again when it comes back; None leaves it to the camera."""
        self._runner.turn(knob, value)

    def pause(self, why: Pause = Pause.USER) -> None:
        """Give the camera back until every reason is gone."""
        was_paused = self.is_paused
        self._pauses.add(why)
        if self._has_begun and not was_paused:
            self._runner.rest()
            self._say_paused()

    def resume(self, why: Pause = Pause.USER) -> None:
        """This reason is gone; without another one the camera comes back."""
        was_paused = self.is_paused
        self._pauses.discard(why)
        if self._has_begun and was_paused and not self.is_paused:
            self._begin(self._due_id() or self._wanted.camera_id)

    def stop(self) -> None:
        """Stop whatever delivers, and wait for nothing. Safe to call twice."""
        self._has_begun = self._is_refused = False
        self._runner.rest()

    def user_returned(self) -> None:
        """The user came back to the window: a camera that was not allowed may be allowed by now."""
        if self._is_refused and not self.is_paused:
            self._open(self._due_id() or self._wanted.camera_id, quietly=True)

    def look_after(self) -> None:
        """See how the camera does, and try again what is due; happens every quarter of a second by itself."""
        self._runner.look()

    # How it is done

    def _connect(self) -> None:
        runner = self._runner
        runner.announced.connect(self._announced)
        runner.failed.connect(self._failed)
        runner.faulty.connect(self._faulty)
        runner.refused.connect(self._refused)
        runner.due.connect(self._try_again)
        runner.knobs_changed.connect(self.knobs_changed)
        if self._shelf is not None:
            self._shelf.changed.connect(self._cameras_changed)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._application_changed)

    def _begin(self, camera_id: str) -> None:
        """Open a camera because the user, or a plug, says so."""
        self._has_begun = True
        self._runner.forget_failures()
        if self.is_paused:
            self._say_paused()
        else:
            self._open(camera_id)

    def _open(self, camera_id: str, *, quietly: bool = False) -> None:
        self._is_refused = False

        def make() -> FrameProvider:
            if camera_id in self._demos or self._shelf is None:
                return self._demos.get(camera_id, self._demos[DEMO_ID])()
            return self._shelf.open(camera_id, self.camera_modes.get(camera_id, ""))

        self._runner.open(camera_id, make, quietly=quietly)

    def _announced(self) -> None:
        self._said = ""
        self.started.emit()
        self.choices_changed.emit()

    def _failed(self, camera_id: str, sentence: str) -> None:
        """A camera cannot go on: say so and try again later, or let the demo stand in where there is none."""
        if self._due_id() == DEMO_ID and camera_id != DEMO_ID:
            self._open(DEMO_ID)
            self.notice.emit(sentence)
            return
        self._runner.retry_later()
        self._say_stopped(sentence)

    def _faulty(self, camera_id: str, fault: Fault) -> None:
        name = self._choice(camera_id).name or self._wanted.name
        if fault is Fault.SILENT and self._runner.failures and self.camera_modes.pop(camera_id, ""):
            # A camera may list what its plug is too slow for.
            self.notice.emit(filled(self.tr("{camera} does not run with the size and rate chosen."), camera=name))
        self._failed(camera_id, fault_sentence(fault, name))

    def _refused(self, sentence: str) -> None:
        self._is_refused = True
        self._say_stopped(sentence)

    def _say_paused(self) -> None:
        self._say_stopped(self.tr("The mirror is paused, and the camera is free for other apps."))

    def _say_stopped(self, sentence: str) -> None:
        if sentence != self._said:  # said once, not at every try
            self._said = sentence
            self.stopped.emit(sentence)
        self.choices_changed.emit()

    def _try_again(self) -> None:
        camera_id = self._due_id()
        if camera_id:
            self._open(camera_id, quietly=True)
        else:
            self._runner.retry_later()

    def _cameras_changed(self) -> None:
        names = {choice.camera_id: choice.name for choice in self.choices}
        newcomers, self._known_ids = names.keys() - self._known_ids, set(names)
        self._recognise({camera_id: names[camera_id] for camera_id in newcomers})
        held_id, next_id = self._runner.camera_id, self._due_id()
        is_content = held_id in names and (held_id != DEMO_ID or next_id == DEMO_ID)
        if not self._has_begun or self.is_paused or is_content:
            self.choices_changed.emit()
        elif next_id == DEMO_ID:
            self._begin(DEMO_ID)
            self.notice.emit(self.tr("The camera was unplugged; the demo camera took over."))
        elif next_id in newcomers or (next_id and held_id == DEMO_ID):
            self._wanted = self._choice(next_id)
            self._begin(next_id)
            self.notice.emit(filled(self.tr("{camera} is connected."), camera=names[next_id]))
        elif not next_id:
            self._runner.close()
            self._runner.retry_later()
            self._say_stopped(self.tr("The camera was unplugged. Plug it in again, or pick another one."))
        else:
            self.choices_changed.emit()

    def _recognise(self, newcomers: Mapping[str, str]) -> None:
        """Linux numbers its cameras: the wanted one may come back with another id."""
        twins = [camera_id for camera_id, name in newcomers.items() if name == self._wanted.name]
        if twins and self._wanted.camera_id not in self._known_ids:
            self._wanted = self._choice(twins[0])

    def _due_id(self) -> str:
        return due_id(self.choices, self._wanted.camera_id)

    def _choice(self, camera_id: str) -> Choice:
        found = (choice for choice in self.choices if choice.camera_id == camera_id)
        return next(found, Choice(camera_id, ""))

    def _application_changed(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self.user_returned()
