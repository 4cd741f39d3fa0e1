"""Room: tools. How long a model takes here, in each precision that is there. Prints nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mirror_app.pipeline.clock import Percentiles, Timings
from mirror_app.runtime.backend import Feeds, InferenceBackend
from mirror_app.runtime.factory import Device, open_backend
from mirror_app.runtime.model_scan import PRECISIONS
from mirror_app.runtime.models import InstalledModel, ModelStore
from mirror_app.tools.models.faces import pictures_with_faces
from mirror_app.tools.models.samples import model_samples

# The first runs choose kernels and fill caches.
_WARM_UP_RUNS: Final = 2
_LEAST_RUNS: Final = 5
_MOST_RUNS: Final = 200
_PICTURES: Final = 4


@dataclass(frozen=True, slots=True)
class BenchRow:
    """One file of a model, measured.

    Attributes:
        precision: "fp32", "fp16" or "int8".
        size_bytes: Of the file.
        load_s: From the file to the first answer.
        run_ms: One run after another, one picture each.
        runs: How many were measured.
        device: What ran it, for people.
        provider: ONNX Runtime's own name of that.
        note: Why it did not run on the graphics card, a `Sentence`; else "".
    """

    precision: str
    size_bytes: int
    load_s: float
    run_ms: Percentiles
    runs: int
    device: str
    provider: str
    note: str

    def as_json(self) -> dict[str, object]:
        """The keys that the command line promises."""
        return {
            "precision": self.precision,
            "size_bytes": self.size_bytes,
            "load_s": round(self.load_s, 3),
            "run_ms": {"median": round(self.run_ms.p50, 3), "p95": round(self.run_ms.p95, 3)},
            "runs": self.runs,
            "device": self.device,
            "provider": self.provider,
            "note": self.note,
        }


def bench_model(store: ModelStore, name: str, seconds: float = 3.0, device: Device = Device.AUTO) -> list[BenchRow]:
    """Measure every precision of a model that is there, the most exact one first.

    Args:
        store: Where it is.
        name: Its name in the catalogue.
        seconds: How long to measure each, about.
        device: Where it should run.

    Raises:
        ModelError: It is not there, or cannot be run.
    """
    store.require(name)
    found = [store.find(name, precision) for precision in PRECISIONS]
    return [_row(model, seconds, device) for model in found if model is not None]


def _row(model: InstalledModel, seconds: float, device: Device) -> BenchRow:
    pictures = pictures_with_faces(_PICTURES)
    start_s = time.perf_counter()
    opened = open_backend(model.path, device)
    samples = model_samples(model.spec, opened.backend.inputs, pictures)
    opened.backend.run(samples[0])
    load_s = time.perf_counter() - start_s
    timings = timed_runs(opened.backend, samples, seconds)
    return BenchRow(
        precision=model.precision,
        size_bytes=model.path.stat().st_size,
        load_s=load_s,
        run_ms=timings.percentiles(),
        runs=len(timings),
        device=opened.backend.device,
        provider=opened.providers[0],
        note=opened.note,
    )


def timed_runs(backend: InferenceBackend, samples: Sequence[Feeds], seconds: float) -> Timings:
    """Run a network on each sample in turn, for about so long, and note how long each run took, ms."""
    for index in range(_WARM_UP_RUNS):
        backend.run(samples[index % len(samples)])
    timings = Timings()
    end_s = time.perf_counter() + seconds
    while len(timings) < _MOST_RUNS and (len(timings) < _LEAST_RUNS or time.perf_counter() < end_s):
        start_s = time.perf_counter()
        backend.run(samples[len(timings) % len(samples)])
        timings.add((time.perf_counter() - start_s) * 1e3)
    return timings
