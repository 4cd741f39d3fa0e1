"""Room: tests. Measures what stays in front of a face: `python -m tests.benchmarks.occlusion [LOOK ...]`.

Prints, for each look and kind of thing over three visits, the overlap (IoU) of what is cut with the true mask inside
the face, and the share of clear face that is cut; then the same share of looks and footage with nothing in front, and
with a lamp switched on and off; and the time of one thread for a face, hand networks included.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo import DemoCamera
from mirror_app.capture.demo_look import LOOKS
from mirror_app.capture.video_file import VideoFile
from mirror_app.compose.occlusion import OcclusionFinder
from mirror_app.compose.occlusion_hands import without_hands
from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import FacePatch
from mirror_app.pipeline.assembly import open_hand_finder, open_tracker
from tests.props.demo_props import VISIT_S, FacePlace, PropKind, occluded

_FOOTAGE: Final = Path(__file__).parents[3] / "shared" / "footage"
_FPS: Final = 30
_START: Final = 555
_LEARN: Final = 45
_VISIT_FRAMES: Final = 120
_VISITS: Final = 3
_LEAST_TRUTH: Final = 0.02
"""Of the face; less of a thing over it has no overlap to speak of."""
_LAMP: Final = (0.45, 0.5, 0.6)

Shown = tuple[Frame, NDArray[np.uint8] | None]


@dataclass(slots=True)
class Tally:
    """Sums over frames."""

    both: int = 0
    either: int = 0
    false_shares: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def line(self, name: str) -> str:
        """For people."""
        overlap = f"{self.both / self.either:.3f}" if self.either else "    -"
        false = 100 * float(np.mean(self.false_shares)), 100 * float(np.max(self.false_shares))
        time_ms = 1e3 * float(np.mean(self.seconds))
        return f"{name:32} IoU {overlap}  clear cut {false[0]:5.2f} % (worst {false[1]:5.2f} %)  {time_ms:5.2f} ms"


def measure(shown: Iterator[Shown]) -> Tally:
    """Follow a face through pictures, each with the true mask of what is in front, or None."""
    tracker, hands, finder, tally = open_tracker(), open_hand_finder(), OcclusionFinder(), Tally()
    for frame, mask in shown:
        tracker.follow(frame)
        tracker.scan(frame)
        begun = time.thread_time()
        faces = [face for face in hands.seen_at(frame, tracker.faces) if face.mesh is not None]
        if not faces or faces[0].mesh is None:
            continue
        patch = _outlined(faces[0].mesh.points, frame)
        visible = without_hands(finder.visible(frame, faces[0], patch), faces[0].hands, patch)
        is_behind = visible is not None or faces[0].hands
        tracker.behind_things = frozenset({faces[0].track_id} if is_behind else ())
        tally.seconds.append(time.thread_time() - begun)
        face = patch.alpha > 0.5
        got = face & (visible < 0.5) if visible is not None else np.zeros_like(face)
        (x, y), (height, width) = patch.origin_xy, face.shape
        level = np.zeros_like(face, np.uint8) if mask is None else mask[y : y + height, x : x + width]
        true, clear, whole = face & (level > 127), face & (level < 10), max(int(face.sum()), 1)
        tally.false_shares.append(int((got & clear).sum()) / whole)
        if true.sum() > _LEAST_TRUTH * whole:
            tally.both += int((true & got).sum())
            tally.either += int((true | got).sum())
    return tally


def _outlined(points: NDArray[np.float32], frame: Frame) -> FacePatch:
    """A patch that covers the mesh's outline."""
    height, width = frame.image_bgr.shape[:2]
    low = np.clip(np.floor(points[:, :2].min(0)), 0, (width - 2, height - 2)).astype(int)
    high = np.clip(np.ceil(points[:, :2].max(0)) + 1, low + 1, (width, height)).astype(int)
    alpha = np.zeros((high[1] - low[1], high[0] - low[0]), np.float32)
    cv2.fillPoly(alpha, [np.round(points[list(topology.FACE_OVAL), :2] - low).astype(np.int32)], 1.0)
    return FacePatch(np.zeros((*alpha.shape, 3), np.uint8), alpha, (int(low[0]), int(low[1])))


def demo(look: str, kind: PropKind | None, visit: int, *, lamp: bool = False) -> Iterator[Shown]:
    """The demo camera: first clear, then one visit of a thing; or a lamp that goes off and on every second."""
    camera = DemoCamera(fps=_FPS, look=LOOKS[look])
    for number in range(_LEARN + _VISIT_FRAMES):
        taken = camera.frame_at(_START + number)
        image, mask, since = taken.frame.image_bgr, None, number - _LEARN
        if lamp and since >= 0 and since // _FPS % 2 == 0:
            image = np.rint(image * np.array(_LAMP)).astype(np.uint8)
        if kind is not None and since >= 0:
            low, high = taken.mesh_points[:, :2].min(0), taken.mesh_points[:, :2].max(0)
            x, y = ((low + high) / 2).tolist()
            place = FacePlace((x, y), float(high[1] - low[1]))
            image, mask = occluded(image, kind, visit * VISIT_S + since / _FPS, place)
        yield Frame(image, number, taken.frame.captured_ns), mask


def footage(clip: Path) -> Iterator[Shown]:
    """A video, with nothing in front of the face."""
    with VideoFile(clip) as video:
        for index, picture in enumerate(video.pictures()):
            yield Frame(picture.image_bgr, index, index * 1_000_000_000 // _FPS), None


def main(looks: list[str]) -> None:
    """Print all figures."""
    cv2.setNumThreads(1)
    for look in looks or list(LOOKS):
        for kind in PropKind:
            tallies = [measure(demo(look, kind, visit)) for visit in range(_VISITS)]
            whole = Tally(
                sum(one.both for one in tallies),
                sum(one.either for one in tallies),
                [share for one in tallies for share in one.false_shares],
                [seconds for one in tallies for seconds in one.seconds],
            )
            _say(whole.line(f"{look}, {kind.value}"))
        _say(measure(demo(look, None, 0)).line(f"{look}, nothing in front"))
        _say(measure(demo(look, None, 0, lamp=True)).line(f"{look}, lamp off and on"))
    for clip in sorted(_FOOTAGE.glob("*.mp4")):
        _say(measure(footage(clip)).line(clip.stem))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
