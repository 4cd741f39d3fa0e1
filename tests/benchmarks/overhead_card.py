"""Room: tests. What the app itself does per frame where TensorRT runs the networks: `python -m` this module.

For a computer without a card: it wants the fake driver and the fake TensorRT of `tests/fake_cuda`, and says nothing
about a card's speed. The swapper is a twin that costs nothing, and what the fake executes (its copies and the twin) is
subtracted. The app's own mesh network, on the CPU, is told apart: once its twin, once itself, which empties the
caches between. Its detectors run between frames.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.assignment import Joining
from mirror_app.faces.detect import FULL_RANGE, SHORT_RANGE, BlazeFaceDetector
from mirror_app.faces.mesh import MODEL_FILE, FaceMeshNet
from mirror_app.faces.track import FaceTracker
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.pipeline.result import MirrorControls, MirrorResult, MirrorState, Stage
from mirror_app.render.cpu import CpuRenderer
from mirror_app.resources import assets_dir
from mirror_app.runtime.backend import Feeds, InferenceBackend, TensorSpec
from mirror_app.runtime.chain import ChainBackend
from mirror_app.runtime.cuda import Card
from mirror_app.runtime.ort import OrtCpuBackend
from mirror_app.runtime.trt import TrtBackend
from mirror_app.runtime.trt_library import TrtLibrary, open_library
from mirror_app.swap.failover import FailoverSwapper
from mirror_app.swap.mesh_swap import MeshSwapper
from tests.benchmarks.overhead_parts import SCENES, Scene, as_frames, open_swapper, photographed_target, pictures_of
from tests.fake_cuda.control import FakeDriver, fake_driver
from tests.gpu.plans import built
from tests.twins import zero_cost

_WARM_UP: Final = 60
# The window, the outputs and the guard look at the last few results while the next is made.
_HELD_RESULTS: Final = 3


class Clocked:
    """A network, with the time that its runs took in all."""

    def __init__(self, inner: InferenceBackend) -> None:
        self._inner = inner
        self.taken_ms = 0.0

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        return self._inner.inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        return self._inner.outputs

    @property
    def device(self) -> str:
        return self._inner.device

    def run(self, feeds: Feeds) -> list[NDArray[np.float32]]:
        begun = time.perf_counter()
        outputs = self._inner.run(feeds)
        self.taken_ms += 1e3 * (time.perf_counter() - begun)
        return outputs


@dataclass(frozen=True, slots=True, eq=False)
class OnCard:
    """A mirror whose user-installed networks run on the card, and the clock of the one that comes with the app."""

    mirror: MirrorPipeline
    mesh_net: Clocked


def open_on_card(model: str, folder: Path, library: TrtLibrary, card: Card, mesh_file: Path) -> OnCard:
    """The mirror as the window runs it with a card; `mesh_file` is its mesh network, or that one's twin."""

    def on_card(path: Path) -> InferenceBackend:
        return ChainBackend(TrtBackend(built(path, library, card), path.name, library, card), [], path.name)

    mesh_net = Clocked(OrtCpuBackend(mesh_file))
    near, far = (
        BlazeFaceDetector(spec, OrtCpuBackend(assets_dir() / "models" / spec.file))
        for spec in (SHORT_RANGE, FULL_RANGE)
    )
    swapper = FailoverSwapper(open_swapper(model, folder, on_card), MeshSwapper(), model)
    mirror = MirrorPipeline(FaceTracker(near, far, FaceMeshNet(mesh_net)), CpuRenderer(swapper))
    mirror.controls = MirrorControls(target=photographed_target(), joining=Joining.MEMBRANE)
    return OnCard(mirror, mesh_net)


def per_frame(opened: OnCard, scene: Scene, driver: FakeDriver, rounds: int) -> dict[str, list[float]]:
    """Milliseconds by what they went to, one value per frame; looks for newcomers run between frames, as in the app.

    Raises:
        RuntimeError: A frame was not swapped by the network.
    """
    rows: dict[str, list[float]] = {}
    held: deque[MirrorResult] = deque(maxlen=_HELD_RESULTS)
    mirror, mesh_net = opened.mirror, opened.mesh_net
    for frame in as_frames(pictures_of(scene), 0, rounds + _WARM_UP):
        fake_ms, net_ms, begun = driver.executed_ms(), mesh_net.taken_ms, time.perf_counter()
        result = mirror.process(frame)
        whole_ms = 1e3 * (time.perf_counter() - begun)
        fake_ms, net_ms = driver.executed_ms() - fake_ms, mesh_net.taken_ms - net_ms
        if result.state is not MirrorState.LIVE or mirror.trouble or mirror.why:
            raise RuntimeError(f"frame {frame.index}: {result.state} {result.message} {mirror.trouble} {mirror.why}")
        begun, spare_fake_ms = time.perf_counter(), driver.executed_ms()
        mirror.use_spare_time()
        spare_ms = 1e3 * (time.perf_counter() - begun) - (driver.executed_ms() - spare_fake_ms)
        held.append(result)
        stages = dict(result.stages_ms)
        stages[Stage.MESH.value] -= net_ms
        stages[Stage.SWAP.value] -= fake_ms
        row = {
            "HOST WORK": whole_ms - fake_ms - net_ms, **{f"  {name}": taken for name, taken in stages.items()},
            "the app's mesh network": net_ms, "host work and mesh network": whole_ms - fake_ms,
            "the fake, not counted above": fake_ms, "between frames": spare_ms,
        }  # fmt: skip
        for name, taken in row.items():
            rows.setdefault(name, []).append(taken)
    return {name: taken[_WARM_UP:] for name, taken in rows.items()}


def as_text(rows: Mapping[str, Sequence[float]]) -> str:
    """A table."""
    width = max(map(len, rows))
    lines = [f"{'ms':{width}}  {'least':>7} {'p50':>7} {'p95':>7}"]
    for name, taken in rows.items():
        p50, p95 = np.percentile(taken, [50, 95])
        lines.append(f"{name:{width}}  {min(taken):7.2f} {p50:7.2f} {p95:7.2f}")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.overhead_card", description=__doc__)
    parser.add_argument("--model", default="inswapper_128", help="the swapper whose twin runs")
    parser.add_argument("--rounds", type=int, default=600, help="frames measured")
    asked = parser.parse_args()
    driver = fake_driver()
    if driver is None:
        parser.error("no fake driver: put the one of `python -m tests.fake_cuda.build` on LD_LIBRARY_PATH")
    cv2.setNumThreads(1)
    scene = SCENES["720p, face 280 px"]
    with tempfile.TemporaryDirectory() as folder:
        card = Card()
        library = open_library()
        for title, mesh_file in (
            ("all networks cost nothing", zero_cost(Path(MODEL_FILE).stem, Path(folder))),
            ("the app's own mesh network runs", assets_dir() / "models" / MODEL_FILE),
        ):
            opened = open_on_card(asked.model, Path(folder), library, card, mesh_file)
            sys.stdout.write(f"{title}\n{as_text(per_frame(opened, scene, driver, asked.rounds))}\n")


if __name__ == "__main__":
    main()
