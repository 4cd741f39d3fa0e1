"""Room: tests. What runs on a card, run on the fake driver: the tests of `tests/gpu`, and the mutants' table."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.fake_cuda.build import build_driver, missing

_ROOT = Path(__file__).parents[2]
_SITE = Path(__file__).with_name("site")
# On a machine that does other things as well.
_PATIENCE_S = 600


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Environment of a process that finds the fake driver and the fake TensorRT in the real ones' places."""
    # Looked for, not imported: pycuda cannot be without a driver.
    absent = [name for name in ("pycuda", "cuda") if importlib.util.find_spec(name) is None]
    why = missing() or (f"not installed: {', '.join(absent)}" if absent else "")
    if why:
        pytest.skip(why)
    folder = build_driver(tmp_path_factory.mktemp("driver")).parent
    paths = [str(_ROOT), str(_SITE), *filter(None, sys.path)]
    return {
        **os.environ,
        "LD_LIBRARY_PATH": os.pathsep.join(filter(None, [str(folder), os.environ.get("LD_LIBRARY_PATH", "")])),
        "PYTHONPATH": os.pathsep.join(paths),
        "FAKE_CUDA_LEAKS": str(folder / "leaks"),
    }


def test_the_tests_of_the_card_pass_and_leave_nothing_behind(surroundings: Mapping[str, str]) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-m", "gpu", "-p", "no:cacheprovider", "tests/gpu"]
    done = _run(command, surroundings)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^\d\d+ passed", done.stdout, re.MULTILINE), done.stdout
    leaks = Path(surroundings["FAKE_CUDA_LEAKS"])
    assert not leaks.exists(), leaks.read_text()


@pytest.mark.parametrize(("seed", "version"), [("1", "11.4.0.106"), ("2", "10.16.1.11")])
def test_so_they_do_in_other_orders_and_with_tensorrt_10(
    surroundings: Mapping[str, str], seed: str, version: str, tmp_path: Path
) -> None:
    """What depends on the order and on TensorRT's version; the rest of `tests/gpu` has passed above."""
    files = [f"tests/gpu/test_{name}.py" for name in ("card", "order", "trt", "two_networks", "chain")]
    leaks = tmp_path / "leaks"
    environment = {**surroundings, "FAKE_CUDA_SEED": seed, "FAKE_TENSORRT": version, "FAKE_CUDA_LEAKS": str(leaks)}
    done = _run([sys.executable, "-m", "pytest", "-q", "-m", "gpu", "-p", "no:cacheprovider", *files], environment)
    assert done.returncode == 0, done.stdout
    assert not leaks.exists(), leaks.read_text()


def test_each_safeguard_that_is_taken_away_is_missed(surroundings: Mapping[str, str]) -> None:
    done = _run([sys.executable, "-W", "ignore", "-m", "tests.fake_cuda.mutants"], surroundings)
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    assert done.stdout.count(": noticed by ") == len(done.stdout.splitlines()) > 80


def test_a_process_that_forgets_to_pop_or_to_free_is_told_so(surroundings: Mapping[str, str], tmp_path: Path) -> None:
    program = "from mirror_app.runtime.cuda import Card; card = Card(); card.context.push(); card.context.pop();"
    for end, left in (("", None), ("import os; m = card.context.push() or card.pycuda.mem_alloc(64)", "allocations")):
        leaks = tmp_path / f"leaks{bool(left)}"
        _run([sys.executable, "-c", program + end], {**surroundings, "FAKE_CUDA_LEAKS": str(leaks)})
        assert leaks.exists() == bool(left)


def _run(command: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=_ROOT, env=dict(environment), capture_output=True, text=True, timeout=_PATIENCE_S, check=False
    )
