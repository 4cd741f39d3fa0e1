"""Room: tests. A camera that paints bare skin, and networks and an engine that fail when a test says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.errors import InputError, ModelError
from mirror_app.domain.face import Detection, FaceMesh
from mirror_app.domain.frame import Frame, Size
from mirror_app.domain.patch import FacePatch
from mirror_app.faces.detect import BlazeFaceDetector
from mirror_app.faces.mesh import FaceMeshNet, MeshCrop
from tests.faces.scripted import detection_at, mesh_at
from tests.pipeline.bare_skin import skin

FACE_PX = 44
SIZES: tuple[Size, ...] = ((128, 96), (160, 90))
ERRORS = {
    "raises": ModelError("The network failed."),
    "bug": RuntimeError("a bug"),
    "memory": MemoryError(),
    "index": IndexError("no such row"),
}


@dataclass
class Person:
    """Where somebody's face is, px of the camera picture."""

    x: float
    y: float

    @property
    def centre(self) -> tuple[float, float]:
        return self.x, self.y


@dataclass
class Scene:
    """What the camera sees and what fails now."""

    random: np.random.Generator
    faults: set[str] = field(default_factory=set)
    size_wh: Size = SIZES[0]
    user: Person = field(default_factory=lambda: Person(50, 48))
    user_is_there: bool = True
    stranger: Person | None = None
    skin_of_stranger: bool = True

    @property
    def people(self) -> list[Person]:
        people = [self.user] if self.user_is_there else []
        return people if self.stranger is None else [*people, self.stranger]

    def has(self, fault: str) -> bool:
        return fault in self.faults

    def fail(self, stage: str) -> None:
        """Raise what the stage is to raise now."""
        for kind, error in ERRORS.items():
            if self.has(f"{stage} {kind}"):
                raise error

    def walk(self) -> None:
        """Everybody moves a little."""
        self.user.x = float(np.clip(self.user.x + self.random.normal(0, 1.5), 30, 64))
        self.user.y = float(np.clip(self.user.y + self.random.normal(0, 1), 30, self.size_wh[1] - 30))
        if self.stranger is not None:
            self.stranger.x += 2.5

    def picture(self) -> NDArray[np.uint8]:
        """(H, W, 3) uint8: a room, and bare skin where faces are."""
        width, height = self.size_wh
        if self.has("camera black"):
            return np.zeros((height, width, 3), np.uint8)
        image = self.random.integers(70, 110, (height, width, 1), dtype=np.uint8).repeat(3, 2)
        if self.has("camera garbage"):
            return np.ascontiguousarray(image[::-1] + np.uint8(100))
        for person in self.people:
            if person is self.user or self.skin_of_stranger:
                paint(image, person)
        return image

    @property
    def nobody_is_seen(self) -> bool:
        return self.has("camera black") or self.has("camera garbage")


def box_of(person: Person) -> tuple[int, int, int, int]:
    """Of the mesh, px."""
    points = mesh_at(person.centre, FACE_PX).points
    (x0, y0), (x1, y1) = points[:, :2].min(0), points[:, :2].max(0)
    return int(x0), int(y0), int(x1), int(y1)


def paint(image: NDArray[np.uint8], person: Person) -> None:
    x0, y0, x1, y1 = box_of(person)
    pattern = skin(y1 - y0, x1 - x0)
    height, width = image.shape[:2]
    left, top, right, bottom = max(x0, 0), max(y0, 0), min(x1, width), min(y1, height)
    if right > left and bottom > top:
        image[top:bottom, left:right] = pattern[top - y0 : bottom - y0, left - x0 : right - x0]


class Camera:
    """A `PendingFrame` of the scene; may be broken."""

    def __init__(self, scene: Scene, index: int, captured_ns: int, image_bgr: NDArray[np.uint8]) -> None:
        self._scene, self._image = scene, image_bgr
        self.index, self.captured_ns = index, captured_ns

    def decode(self) -> Frame:
        if self._scene.has("camera decode"):
            raise InputError("The picture cannot be decoded.")
        self._scene.fail("camera")
        self._image.flags.writeable = False
        return Frame(self._image, self.index, self.captured_ns)


class Eyes(BlazeFaceDetector):
    """Finds everybody in a whole frame."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def detect(self, image_bgr: NDArray[np.uint8]) -> list[Detection]:
        scene = self._scene
        scene.fail("detector")
        if scene.nobody_is_seen or scene.has("detector blind") or image_bgr.shape[1::-1] != scene.size_wh:
            return []
        # A user whose mesh is lost in full view is seen by the detectors; else that would be "blind".
        found = [detection_at(person.centre, FACE_PX * 0.9) for person in scene.people]
        if scene.has("detector ghost"):
            found.append(detection_at((scene.random.uniform(80, 120), 30), 20))
        if scene.has("detector nan"):
            found.append(Detection(np.full(4, np.nan, np.float32), np.zeros((6, 2), np.float32), 0.9))
        return found


class Net(FaceMeshNet):
    """Places a mesh on whoever is in the crop."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def locate(
        self, image_bgr: NDArray[np.uint8], crop: MeshCrop, hiding: Sequence[NDArray[np.float32]] = ()
    ) -> FaceMesh | None:
        scene = self._scene
        scene.fail("mesh")
        if not np.isfinite(crop.centre_xy).all() or not np.isfinite(crop.side_px):
            return None
        near = [one for one in scene.people if np.hypot(*(np.array(one.centre) - crop.centre_xy)) < crop.side_px * 0.5]
        if not near or scene.nobody_is_seen or scene.has("mesh low"):
            return mesh_at((float(crop.centre_xy[0]), float(crop.centre_xy[1])), FACE_PX, 0.1)
        x, y = near[0].centre
        if scene.has("mesh nan"):
            return FaceMesh(np.full((468, 3), np.nan, np.float32), 1.0)
        if scene.has("mesh astray"):
            away, turn = FACE_PX * scene.random.uniform(0.3, 1.5), scene.random.uniform(0, 2 * np.pi)
            x, y = x + away * float(np.cos(turn)), y + away * float(np.sin(turn))
        return mesh_at((x, y), FACE_PX)


class Painter:
    """A `Swapper` that paints noise over the mesh, or does it wrong; `meanwhile` is what else happens then."""

    engine, device, trouble, aside = "script", "paper", "", ""

    def __init__(self, scene: Scene, meanwhile: Callable[[], None]) -> None:
        self._scene, self._meanwhile = scene, meanwhile

    def generate(self, frame: Frame, assignments: Sequence[Assignment]) -> list[FacePatch]:
        self._meanwhile()
        self._scene.fail("swap")
        patches = [self._patch(frame, assignment) for assignment in assignments]
        return [] if self._scene.has("swap empty") else patches

    def _patch(self, frame: Frame, assignment: Assignment) -> FacePatch:
        scene, mesh = self._scene, assignment.live_face.mesh
        nothing = FacePatch(np.zeros((1, 1, 3), np.uint8), np.zeros((1, 1), np.float32), (0, 0), valid=False)
        if mesh is None or (not scene.has("swap reckless") and not np.isfinite(mesh.points).all()):
            return nothing
        points = np.nan_to_num(mesh.points[:, :2])
        height, width = frame.image_bgr.shape[:2]
        x0, y0 = (int(value) for value in np.clip(points.min(0) - 3, 0, [width - 2, height - 2]))
        x1, y1 = (int(value) for value in np.clip(points.max(0) + 4, [x0 + 1, y0 + 1], [width, height]))
        image = scene.random.integers(110, 170, (y1 - y0, x1 - x0, 1), dtype=np.uint8).repeat(3, 2)
        alpha = np.ones((y1 - y0, x1 - x0), np.float32)
        return self._spoilt(FacePatch(image, alpha, (x0, y0), valid=not scene.has("swap invalid")), frame)

    def _spoilt(self, patch: FacePatch, frame: Frame) -> FacePatch:
        scene, image, alpha, (x, y) = self._scene, patch.image_bgr, patch.alpha, patch.origin_xy
        high, wide = alpha.shape
        if scene.has("swap black"):
            image[:] = 0
        if scene.has("swap flat"):
            image[:] = 127
        if scene.has("swap live"):
            image[:] = frame.image_bgr[y : y + high, x : x + wide]
        if scene.has("swap alpha nan"):
            alpha[:] = np.nan
        if scene.has("swap alpha none"):
            alpha[:] = 0
        if scene.has("swap half"):
            alpha[:, : wide // 2] = 0
        if scene.has("swap elsewhere"):
            return FacePatch(image, alpha, (0, 0) if x > wide // 2 else (frame.image_bgr.shape[1] - wide, 0))
        return patch
