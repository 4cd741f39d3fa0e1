"""Room: tests. How long a frame takes, and how close the numbers are, as a report in `gpu-report.json`.

On the fake driver only the app's own work is told: what the fake executed is subtracted, and it is no card's speed.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import numpy as np
import pytest

from mirror_app.runtime.cuda import Card
from mirror_app.runtime.ort import OrtBackend
from mirror_app.runtime.parity_gate import parity, parity_trouble
from mirror_app.runtime.trt import TrtBackend
from mirror_app.runtime.trt_library import TrtLibrary
from tests.fake_cuda.control import fake_driver
from tests.gpu.plans import built
from tests.gpu.test_trt import numbers
from tests.twins import zero_cost

pytestmark = pytest.mark.gpu
_RUNS = 200
_WARM = 20


@pytest.mark.parametrize("name", ["inswapper_128", "hyperswap_1a_256", "uniface_256", "arcface_w600k_r50"])
@pytest.mark.parametrize("graphs", [True, False])
def test_a_frame_is_timed_and_compared(
    name: str, graphs: bool, library: TrtLibrary, card: Card, tmp_path: Path
) -> None:
    model = zero_cost(name, tmp_path)
    plan = built(model, library, card)
    with card.current():
        free_before = card.free_bytes()
    backend = TrtBackend(plan, name, library, card, graphs=graphs)
    with card.current():
        taken = free_before - card.free_bytes()
    assert taken > 0
    feeds = numbers(backend)
    found = parity(backend, OrtBackend(model), [feeds])
    assert parity_trouble(found, is_embedding=False) == ""
    driver = fake_driver()
    times_ms, own_ms = [], []
    for _ in range(_WARM + _RUNS):
        before_ms = driver.executed_ms() if driver else 0.0
        start_s = time.perf_counter()
        backend.run(feeds)
        times_ms.append(1e3 * (time.perf_counter() - start_s))
        own_ms.append(times_ms[-1] - (driver.executed_ms() - before_ms if driver else 0.0))
    key = "host_work_ms" if driver else "frame_ms"
    figures = np.percentile(own_ms[_WARM:], [50, 95, 99]).round(3).tolist()
    _write(
        {
            "model": f"{name} (zero-cost twin)",
            "graph": graphs,
            "card": card.name,
            "cuda_of_driver": card.pycuda.get_driver_version(),
            "vram_mb": round(taken / 2**20, 1),
            "tensorrt": library.version,
            "fake": driver is not None,
            key: dict(zip(("p50", "p95", "p99"), figures, strict=True)),
            "largest_error": found.largest,
            "mean_error": found.mean,
            "cosine": found.cosine,
            "psnr_db": min(found.psnr_db, 999.0),
        }
    )


def _write(row: dict[str, object]) -> None:
    path = Path(os.environ.get("MIRROR_APP_GPU_REPORT", "gpu-report.json"))
    if fake_driver() is not None and "MIRROR_APP_GPU_REPORT" not in os.environ:
        return
    rows = json.loads(path.read_text()) if path.is_file() else []
    path.write_text(json.dumps([*rows, row], indent=1))
