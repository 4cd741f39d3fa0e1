"""Room: tests. A mirror, a camera and a library that do what a test tells them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, SignalInstance

from mirror_app.capture.camera_modes import CameraMode
from mirror_app.capture.pixel_layout import PixelLayout
from mirror_app.capture.protocol import FrameProvider
from mirror_app.domain.errors import InputError, NoFaceError
from mirror_app.domain.frame import Frame, PendingFrame, SafeFrame, Size
from mirror_app.domain.mesh_topology import CANONICAL
from mirror_app.domain.target import TargetFace
from mirror_app.faces.people import People
from mirror_app.gui.camera.inputs import Choice
from mirror_app.gui.faces.target_desk import LookedAt
from mirror_app.pipeline.photo_faces import PhotoFace, PhotoFaces
from mirror_app.pipeline.result import MirrorControls, MirrorResult, MirrorState, Unsafe
from mirror_app.swap.target_texture import PhotoView
from mirror_app.targets.consent import Consent
from mirror_app.targets.record import TargetRecord
from mirror_app.targets.remarks import PhotoCheck, Remark

SIZE_WH = (160, 90)
REAL_FACE_BGR = (200, 120, 40)
SWAPPED_BGR = (40, 200, 120)
SAFE_BGR = (10, 20, 230)


def plain(colour_bgr: tuple[int, int, int]) -> NDArray[np.uint8]:
    """A picture of one colour."""
    image = np.empty((SIZE_WH[1], SIZE_WH[0], 3), np.uint8)
    image[:] = colour_bgr
    return image


def frame(index: int) -> Frame:
    return Frame(plain(REAL_FACE_BGR), index, time.monotonic_ns())


def result(
    pending: PendingFrame,
    state: MirrorState = MirrorState.LIVE,
    unsafe: Unsafe | None = None,
    message: str = "",
) -> MirrorResult:
    """A result whose three pictures have three colours."""
    safe = SafeFrame(plain(SAFE_BGR), pending.index, pending.captured_ns)
    return MirrorResult(
        index=pending.index,
        captured_ns=pending.captured_ns,
        finished_ns=time.monotonic_ns(),
        state=state,
        unsafe=unsafe,
        message=message,
        original_bgr=plain(REAL_FACE_BGR),
        preview_bgr=plain(SWAPPED_BGR),
        safe=safe,
        leaving={SIZE_WH: safe},
        faces=(),
        stages_ms={"swap": 1.0},
    )


class FakeMirror:
    """Says what `state` and `unsafe` say; waits for `gate` before every frame; raises `error` when it is set."""

    engine = "fake"
    device = "nowhere"

    def __init__(self) -> None:
        self.controls = MirrorControls()
        self.sizes: tuple[Size, ...] = ()
        self.people = People()
        self.seen: list[int] = []
        self.resets = 0
        self.spare_times = 0
        self.state = MirrorState.LIVE
        self.unsafe: Unsafe | None = None
        self.error: Exception | None = None
        self.why = ""
        self.trouble = ""
        self.gate = threading.Event()
        self.gate.set()
        self.begun = 0

    def process(self, pending: PendingFrame) -> MirrorResult:
        self.begun += 1
        self.gate.wait(5)
        self.seen.append(pending.index)
        if self.error is not None:
            raise self.error
        unsafe = self.unsafe if self.controls.swap_on else Unsafe.SWAP_OFF
        state = self.state if unsafe is None else MirrorState.SHIELD
        return result(pending, state, unsafe)

    def use_spare_time(self) -> None:
        self.spare_times += 1

    def reset(self) -> None:
        self.resets += 1


class FakeProvider(QObject):
    """Delivers what a test gives it."""

    failed = Signal(str)

    def __init__(self, description: str = "Fake camera") -> None:
        super().__init__()
        self.description = description
        self.deliver: Callable[[PendingFrame], None] | None = None
        self.starts = 0
        self._next = 0

    def start(self, deliver: Callable[[PendingFrame], None]) -> None:
        self.deliver = deliver
        self.starts += 1

    def stop(self) -> None:
        self.deliver = None

    def give(self) -> None:
        """Deliver the next frame."""
        assert self.deliver is not None, "the provider does not run"
        self.deliver(frame(self._next))
        self._next += 1


class FakeShelf(QObject):
    """Cameras that can be plugged in and out."""

    _changed = Signal()

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.names = list(names)
        self.opened: dict[str, FakeProvider] = {}
        self.modes_opened: list[str] = []
        self.offered: tuple[CameraMode, ...] = (
            CameraMode((1280, 720), 30, PixelLayout.NV12),
            CameraMode((1920, 1080), 30, PixelLayout.JPEG),
        )

    @property
    def changed(self) -> SignalInstance:
        return self._changed

    def cameras(self) -> Sequence[Choice]:
        return [Choice(f"id-{name}", name) for name in self.names]

    def modes(self, camera_id: str) -> Sequence[CameraMode]:
        return self.offered if camera_id.removeprefix("id-") in self.names else ()

    def open(self, camera_id: str, mode: str = "") -> FrameProvider:
        self.modes_opened.append(mode)
        name = camera_id.removeprefix("id-")
        if name not in self.names:
            raise InputError("That camera is not plugged in any more.")
        self.opened[name] = FakeProvider(name)
        return self.opened[name]

    def plug(self, *names: str) -> None:
        """Have these cameras from now on."""
        self.names = list(names)
        self._changed.emit()


def record(name: str, *, builtin: bool = True) -> TargetRecord:
    return TargetRecord(
        name=name,
        title_en=name.title(),
        title_zh=f"{name}的脸",
        kind="photo",
        image_path=Path(f"{name}.png"),
        thumbnail_path=None,
        colour_follow=1.0,
        credit="",
        licence="",
        consent=None if builtin else "self",
        builtin=builtin,
    )


def target(name: str) -> TargetFace:
    return TargetFace(name, np.zeros((8, 8, 3), np.uint8), np.zeros((8, 8), np.uint8), CANONICAL, 1.0)


def looked_at(count: int, remarks: tuple[Remark, ...] = ()) -> LookedAt:
    """A photo of 400 x 300 px with faces side by side; the remarks are those of the first one."""
    faces = []
    for number in range(count):
        left = 20 + number * 360 / count
        view = PhotoView(np.full((8, 8, 3), number, np.uint8), CANONICAL)
        faces.append(PhotoFace(view, np.array([left, 80, left + 300 / count, 200], np.float32)))
    found = PhotoFaces(tuple(faces), 0, (400, 300), np.full((150, 200, 3), 90, np.uint8))
    return LookedAt(found, (PhotoCheck(remarks), *[PhotoCheck(())] * (count - 1)))


@dataclass
class FakeDesk:
    """A library in memory. `faceless` photos show nobody, `broken` faces cannot be loaded."""

    shelf: list[TargetRecord]
    faceless: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    faces_in_photo: int = 1
    remarks: tuple[Remark, ...] = ()
    loaded: int = 0
    consent: Consent | None = None
    added: list[PhotoFace] = field(default_factory=list)
    trash: list[TargetRecord] = field(default_factory=list)
    discarded: int = 0

    def records(self) -> list[TargetRecord]:
        return list(self.shelf)

    def load(self, record: TargetRecord) -> TargetFace:
        self.loaded += 1
        if record.name in self.broken:
            raise InputError(f"The target face {record.name} is damaged.")
        return target(record.name)

    def look(self, photo: Path) -> LookedAt:
        if photo.name in self.faceless:
            raise NoFaceError(f"No face was found in {photo}.")
        return looked_at(self.faces_in_photo, self.remarks)

    def add(self, faces: Sequence[PhotoFace], consent: Consent, title: str) -> TargetRecord:
        self.consent = consent
        self.added = list(faces)
        added = replace(record(title, builtin=False), check=PhotoCheck(self.remarks))
        self.shelf.append(added)
        return added

    def remove(self, name: str) -> str:
        self.trash += [one for one in self.shelf if one.name == name]
        self.remove_for_good(name)
        return name

    def remove_for_good(self, name: str) -> None:
        self.shelf = [kept for kept in self.shelf if kept.name != name]

    def restore(self, ticket: str) -> str:
        back = [one for one in self.trash if one.name == ticket]
        if not back:
            raise InputError("The deleted face is no longer in the trash.")
        self.trash.remove(back[0])
        self.shelf.append(back[0])
        return ticket

    def discard_old(self) -> None:
        self.discarded += 1
