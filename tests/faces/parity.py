"""Room: tests. Our face networks' pre- and postprocessing beside insightface's, on the same twin files.

`python -m tests.faces.parity` prints the table that `test_parity_insightface` checks.
"""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mirror_app.domain.templates import crop_from_landmarks
from mirror_app.faces.arcface import ArcFace
from mirror_app.faces.landmark_net import LandmarkNet
from mirror_app.faces.pose import head_rotation
from mirror_app.faces.scrfd import ScrfdDetector
from mirror_app.faces.specs import LANDMARKS_3D68, LANDMARKS_106, SCRFD_RGB, LandmarkSpec
from mirror_app.runtime.backend import InferenceBackend, TensorSpec
from mirror_app.runtime.ort import OrtCpuBackend
from tests.faces.random_faces import CASES, SIZES_WH, faces_anywhere, patches, rotation
from tests.twins import analytic

# With several faces each.
_FRAMES: Final = 36


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        stage: What was compared.
        cases: On how many faces.
        worst: Largest difference.
        allowed: Largest difference that passes.
        unit: Of both.
    """

    stage: str
    cases: int
    worst: float
    allowed: float
    unit: str

    @property
    def passes(self) -> bool:
        return self.cases >= 200 and self.worst <= self.allowed

    def __str__(self) -> str:
        verdict = "PASS" if self.passes else "FAIL"
        return f"{self.stage:<34} {self.cases:>5} {self.worst:>10.3g} {self.allowed:>9.3g} {self.unit:<12} {verdict}"


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """insightface prints, and calls what scikit-image 0.26 deprecates."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


class Tapped:
    """A backend that keeps what it was fed last."""

    def __init__(self, backend: InferenceBackend) -> None:
        self._backend = backend
        self.fed = np.zeros(0, np.float32)

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        return self._backend.inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        return self._backend.outputs

    @property
    def device(self) -> str:
        return self._backend.device

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        (self.fed,) = (array.copy() for array in feeds.values())
        return self._backend.run(feeds)


class TappedSession:
    """What insightface runs a file with; keeps what it was fed last."""

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.fed = np.zeros(0, np.float32)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def run(self, names: list[str], feeds: Mapping[str, NDArray[np.float32]]) -> Any:
        (self.fed,) = feeds.values()
        return self._session.run(names, feeds)


class Fed:
    """What the two networks of a pair were fed, compared crop by crop."""

    def __init__(self, std: float) -> None:
        """A grey level is 1 / `std` of the network's unit."""
        self._std = std
        self._levels: list[float] = []
        self._shares: list[float] = []
        self._blobs: list[float] = []

    def add(self, ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> None:
        levels = (ours - theirs) * self._std
        whole = np.round(levels)
        self._levels.append(float(np.abs(whole).max()))
        self._shares.append(float(np.mean(whole != 0)))
        self._blobs.append(float(np.abs(levels - whole).max() / self._std))

    def rows(self, name: str) -> list[Row]:
        # insightface fits and multiplies in float32: a level that lies on the edge may be rounded the other way.
        return [
            Row(f"{name}: crop", len(self._levels), max(self._levels), 1, "grey levels"),
            Row(f"{name}: crop, other pixels", len(self._shares), 100 * max(self._shares), 0.5, "%"),
            Row(f"{name}: blob", len(self._blobs), max(self._blobs), 1e-6, ""),
        ]


def detector_rows(folder: Path) -> list[Row]:
    """Boxes, points and scores of every face, tiny ones and ones cut by the border too."""
    from insightface.model_zoo.scrfd import SCRFD

    path = analytic("scrfd_10g", folder)
    ours = ScrfdDetector(OrtCpuBackend(path), SCRFD_RGB)
    theirs = SCRFD(str(path), TappedSession(path), static_shape_sessions=False)
    random = np.random.default_rng(1)
    off = {"boxes": [0.0], "points": [0.0], "scores": [0.0]}
    faces = 0
    for case in range(_FRAMES):
        image = patches(random, SIZES_WH[case % len(SIZES_WH)])
        boxes, points = theirs.detect(image, input_size=(640, 640))
        found = ours.detect(image)
        if len(found) != len(boxes):
            return [Row(f"detector: {len(found)} faces, not {len(boxes)}", case, np.inf, 0, "faces")]
        for one, box, five in zip(found, boxes, points, strict=True):
            faces += 1
            off["boxes"].append(float(np.abs(one.box_xyxy - box[:4]).max()))
            off["points"].append(float(np.abs(one.keypoints - five).max()))
            off["scores"].append(float(abs(one.score - box[4])))
    allowed = {"boxes": 1e-3, "points": 1e-3, "scores": 1e-6}
    unit = {"boxes": "px", "points": "px", "scores": ""}
    return [Row(f"detector: {what}", faces, max(off[what]), allowed[what], unit[what]) for what in off]


def recogniser_rows(folder: Path) -> list[Row]:
    """Aligned crop, network input and vector, on faces turned by any angle, tiny, huge, and cut by the border."""
    from insightface.app.common import Face
    from insightface.model_zoo.arcface_onnx import ArcFaceONNX
    from insightface.utils.face_align import estimate_norm

    path = analytic("arcface_w600k_r50", folder)
    backend = Tapped(OrtCpuBackend(path))
    session = TappedSession(path)
    ours, theirs = ArcFace(backend), ArcFaceONNX(str(path), session)
    transforms, fed, vectors, units = [], Fed(127.5), [], []
    for image, landmarks in faces_anywhere(np.random.default_rng(2)):
        apart = crop_from_landmarks(landmarks, "arcface_112_v2", 112) - estimate_norm(landmarks)
        transforms.append(float(np.abs(apart @ (*landmarks.mean(0), 1)).max()))
        raw = ours.raw(image, landmarks)
        wanted = np.asarray(theirs.get(image, Face(kps=landmarks)))
        fed.add(backend.fed, session.fed)
        vectors.append(float(np.abs(raw - wanted).max() / np.linalg.norm(wanted)))
        units.append(float(np.abs(ours.embed(image, landmarks) - wanted / np.linalg.norm(wanted)).max()))
    return [
        Row("recogniser: transform", len(transforms), max(transforms), 1e-3, "px"),
        *fed.rows("recogniser"),
        Row("recogniser: vector", len(vectors), max(vectors), 1e-4, "of length"),
        Row("recogniser: unit vector", len(units), max(units), 1e-4, ""),
    ]


def landmark_rows(folder: Path) -> list[Row]:
    """Network input and points of 2d106det and 1k3d68."""
    return [
        *_landmark_rows("landmarks_2d106", LANDMARKS_106, folder),
        *_landmark_rows("landmarks_1k3d68", LANDMARKS_3D68, folder),
    ]


def _landmark_rows(name: str, spec: LandmarkSpec, folder: Path) -> list[Row]:
    from insightface.app.common import Face
    from insightface.model_zoo.landmark import Landmark

    path = analytic(name, folder)
    backend = Tapped(OrtCpuBackend(path))
    session = TappedSession(path)
    ours, theirs = LandmarkNet(backend, spec), Landmark(str(path), session)
    fed, off = Fed(1.0), []
    for image, landmarks in faces_anywhere(np.random.default_rng(3)):
        low, high = landmarks.min(0), landmarks.max(0)
        box = np.concatenate([low - 0.6 * (high - low), high + 0.5 * (high - low)]).astype(np.float32)
        points = ours.locate(image, box)
        wanted = np.asarray(theirs.get(image, Face(bbox=box)))
        if points is None:
            return [Row(f"{name}: no points", 0, np.inf, 0, "")]
        fed.add(backend.fed, session.fed)
        off.append(float(np.abs(points - wanted).max() / (box[2:] - box[:2]).max()))
    return [
        *fed.rows(name),
        Row(f"{name}: points", len(off), 100 * max(off), 0.01, "% of the box"),
    ]


def pose_rows(_folder: Path) -> list[Row]:
    """Angles of a head from 68 points; the two mean faces differ, so that some degrees are no mistake of either."""
    from insightface.data import get_object
    from insightface.utils import transform

    mean = np.asarray(get_object("meanshape_68.pkl"), np.float32)
    # Their mean face's z points to the camera, ours away from it.
    flipped = np.diag([1.0, 1, -1])
    random, off, cosines = np.random.default_rng(4), [], []
    for _ in range(CASES):
        yaw, pitch, roll = np.radians(random.uniform((-60, -30, -45), (60, 30, 45)))
        turned = mean @ flipped @ rotation(yaw, pitch, roll).T * random.uniform(40, 400) + random.uniform(0, 900, 3)
        points = (turned @ flipped).astype(np.float32)
        _, their_rotation, _ = transform.P2sRt(transform.estimate_affine_matrix_3d23d(mean, points))
        theirs = flipped @ their_rotation @ flipped
        ours = head_rotation(points)
        if ours is None:
            return [Row("pose: no rotation", 0, np.inf, 0, "")]
        off.append(np.abs(np.subtract(transform.matrix2angle(ours), transform.matrix2angle(theirs))))
        cosines.append(abs(float(ours[2, 2] - theirs[2, 2])))
    worst = np.max(off, axis=0)
    names = ("pitch", "yaw", "roll")
    angles = [Row(f"pose: {name}", CASES, float(angle), 5, "degrees") for name, angle in zip(names, worst, strict=True)]
    return [*angles, Row("pose: frontality", CASES, max(cosines), 0.05, "cosine")]


STAGES: Final[dict[str, Callable[[Path], list[Row]]]] = {
    "detector": detector_rows,
    "recogniser": recogniser_rows,
    "landmarks": landmark_rows,
    "pose": pose_rows,
}


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        for stage in STAGES.values():
            with quiet():
                rows = stage(Path(folder))
            sys.stdout.writelines(f"{row}\n" for row in rows)


if __name__ == "__main__":
    main()
