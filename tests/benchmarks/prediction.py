"""Room: tests. How well faces are predicted and carried between networks: `python -m tests.benchmarks.prediction [N]`.

Prints three tables for the first N frames (150) of the demo head and of the clips that are there:
a) two frames ahead by `MotionFilter`, against holding the last points; b) the mesh network on every n-th frame only,
`PointFlow` and `MotionFilter` in between; c) what they cost. Errors are means over all 468 points, % of face height.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import FaceMesh
from mirror_app.faces.detect import FULL_RANGE, BlazeFaceDetector
from mirror_app.faces.flow import PointFlow
from mirror_app.faces.mesh import MODEL_FILE, FaceMeshNet, crop_around_detection, crop_around_mesh
from mirror_app.faces.motion import MotionFilter
from mirror_app.faces.one_euro import OneEuroFilter
from mirror_app.resources import assets_dir
from mirror_app.runtime.ort import OrtCpuBackend
from tests.benchmarks.prediction_scenes import FRAME_NS, Performance, Shown, performances

_AHEAD: Final = 2
# The face moves where its middle shifts by more than this share of its height within the frames predicted.
_MOVES: Final = 0.01
_LEAST_FRAMES: Final = 10
_LEAST_SCORE: Final = 0.5
_LEAST_TRUST: Final = 0.3
# The share of its height by which a face moves from frame to frame when it does not rest.
_STIRS: Final = 0.05
_ROUNDS: Final = 300

Floats = NDArray[np.float32]


class Networks:
    """The face networks and the mesh they find, frame by frame."""

    def __init__(self) -> None:
        models = assets_dir() / "models"
        self._detector = BlazeFaceDetector(FULL_RANGE, OrtCpuBackend(models / FULL_RANGE.file))
        self._mesh_net = FaceMeshNet(OrtCpuBackend(models / MODEL_FILE))

    def first(self, image_bgr: NDArray[np.uint8]) -> Floats:
        """The largest face's mesh."""
        largest = max(self._detector.detect(image_bgr), key=lambda found: float(np.ptp(found.box_xyxy[1::2])))
        mesh = self._mesh_net.locate(image_bgr, crop_around_detection(largest))
        if mesh is None:
            raise RuntimeError("the first picture shows no face")
        return mesh.points

    def again(self, image_bgr: NDArray[np.uint8], near: Floats) -> Floats | None:
        """The mesh near where it is believed to be; None where it is lost."""
        mesh = self._mesh_net.locate(image_bgr, crop_around_mesh(FaceMesh(near, 1.0)))
        return None if mesh is None or mesh.score < _LEAST_SCORE else mesh.points


def error(points: Floats, truth: Floats) -> float:
    """Mean distance in the picture as a share of the face's height."""
    return float(np.linalg.norm((points - truth)[:, :2], axis=1).mean() / np.ptp(truth[:, 1]))


def steadied(found: list[Floats]) -> list[Floats]:
    """As the tracker hands meshes on."""
    smooth = OneEuroFilter(min_cutoff_hz=2.0, beta=80.0)
    return [
        smooth(points, index * FRAME_NS, float(np.ptp(points[:, :2], axis=0).mean()))
        for index, points in enumerate(found)
    ]


def ahead_row(name: str, kind: str, meshes: list[Floats]) -> str:
    """One row of table a."""
    motion, held, predicted, moves = MotionFilter(), [], [], []
    for index, points in enumerate(meshes[:-_AHEAD]):
        motion.update(points, index * FRAME_NS)
        guess, truth = motion.predicted((index + _AHEAD) * FRAME_NS), meshes[index + _AHEAD]
        if guess is None:
            raise RuntimeError("nothing was predicted")
        held.append(error(points, truth))
        predicted.append(error(guess, truth))
        moves.append(np.linalg.norm((points - truth)[:, :2].mean(0)) > _MOVES * np.ptp(truth[:, 1]))
    figures = []
    for which in (np.array(moves), ~np.array(moves)):
        hold, ahead = np.array(held)[which], np.array(predicted)[which]
        few = len(hold) < _LEAST_FRAMES
        figures.append(f"{len(hold)} | " + ("- | -" if few else f"{hold.mean():.2%} | {ahead.sum() / hold.sum():.0%}"))
    return f"| {name} | {kind} | " + " | ".join(figures) + " |\n"


@dataclass(slots=True)
class Carrier:
    """What the app does between runs of the mesh network."""

    networks: Networks
    motion: MotionFilter
    flow: PointFlow
    points: Floats | None = None

    def next(self, image_bgr: NDArray[np.uint8], time_ns: int, *, is_key: bool) -> Floats | None:
        """The mesh in the next picture; None where it is lost."""
        if self.points is None:
            self.points = self.networks.first(image_bgr)
            is_key = True
        guess = self.motion.predicted(time_ns)
        if is_key:
            # Where the face rests, a prediction's jitter would move the crop and with it the mesh.
            stirs = guess is not None and error(guess, self.points) > _STIRS
            self.points = self.networks.again(image_bgr, guess if guess is not None and stirs else self.points)
        else:
            carried = self.flow.carried(image_bgr, guess)
            self.points = guess if carried is None or carried.trust < _LEAST_TRUST else carried.points
        if self.points is None:
            self.motion.reset()
        else:
            self.motion.update(self.points, time_ns)
            self.flow.remember(image_bgr, self.points)
        return self.points


def carried_meshes(networks: Networks, shown: list[Shown], every: int) -> list[Floats | None]:
    """The meshes of a performance with the network on every n-th frame."""
    carrier = Carrier(networks, MotionFilter(), PointFlow())
    return [carrier.next(one.image_bgr, one.time_ns, is_key=index % every == 0) for index, one in enumerate(shown)]


def between_row(name: str, every: int, truths: list[Floats], meshes: list[Floats | None], usual: float) -> str:
    """One row of table b; `usual` is the error of the network on every frame, 0 where it is the truth."""
    errors = [error(mesh, truth) for mesh, truth in zip(meshes, truths, strict=True) if mesh is not None]
    mean, lost = float(np.mean(errors)), 1 - len(errors) / len(meshes)
    ratio = f"{mean / usual:.2f}" if usual > 0 else "-"
    return f"| {name} | {every} | {mean:.2%} | {np.percentile(errors, 95):.2%} | {ratio} | {lost:.1%} |\n"


def times(work: Callable[[], object]) -> str:
    """Least and median of the times some work takes, ms."""
    taken = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter_ns()
        work()
        taken.append((time.perf_counter_ns() - begun) * 1e-6)
    return f"{min(taken):.3f} | {np.percentile(taken, 50):.3f}"


def cost_rows(shown: list[Shown], meshes: list[Floats]) -> list[str]:
    """Table c, at the face height of the performance."""
    first, second = shown[20].image_bgr, shown[21].image_bgr
    flow, motion, turn = PointFlow(), MotionFilter(), iter(range(10**9))

    def filter_once() -> None:
        index = next(turn)
        motion.update(meshes[index % len(meshes)], index * FRAME_NS)
        motion.predicted((index + _AHEAD) * FRAME_NS)

    flow.remember(first, meshes[20])
    height = round(float(np.ptp(meshes[20][:, 1])))
    return [
        f"| flow, face {height} px | {times(lambda: flow.carried(second))} |\n",
        f"| filter, update and prediction | {times(filter_once)} |\n",
    ]


def measure(networks: Networks, performance: Performance) -> tuple[list[str], list[str], list[str]]:
    """The rows of the three tables for one performance."""
    shown = list(performance.shown())
    every_frame = carried_meshes(networks, shown, 1)
    found = [mesh for mesh in every_frame if mesh is not None]
    truths = [one.truth for one in shown if one.truth is not None]
    series = {"true": truths, "found": found, "steadied": steadied(found)}
    ahead = [ahead_row(performance.name, kind, meshes) for kind, meshes in series.items() if meshes]
    known = truths or found
    usual = float(np.mean([error(a, b) for a, b in zip(found, known, strict=True)]))
    between = [
        between_row(performance.name, every, known, carried_meshes(networks, shown, every), usual)
        for every in (1, 2, 3, 5, 10)
    ]
    return ahead, between, cost_rows(shown, known)


def main() -> None:
    """Measure and print Markdown."""
    frames = int(sys.argv[1]) if len(sys.argv) > 1 else 150
    cv2.setNumThreads(1)
    networks = Networks()
    ahead, between, cost = zip(*(measure(networks, performance) for performance in performances(frames)), strict=True)
    out = sys.stdout.write
    out("| what | meshes | moving frames | held | predicted / held | still frames | held | predicted / held |\n")
    out("| --- " * 8 + "|\n" + "".join(row for part in ahead for row in part))
    out("\n| what | network on every | mean error | 95 % | / every frame | lost |\n")
    out("| --- " * 6 + "|\n" + "".join(row for part in between for row in part))
    out("\n| what | least ms | p50 ms |\n| --- | --- | --- |\n" + "".join(cost[0]))


if __name__ == "__main__":
    main()
