"""Room: tests. The window on computers where TensorRT cannot be used: who starts it is live all the same, and told why.

Each case is the app itself in a process of its own, with two models in the store. The seconds to the first live picture
depend on what else the machine does, so they are no test: `python -m tests.runtime.test_start_cases` prints them.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from tests.fake_cuda.build import build_driver
from tests.fake_cuda.build import missing as no_fake_driver
from tests.runtime.broken_drivers import broken_driver
from tests.runtime.broken_drivers import missing as no_compiler
from tests.runtime.start_case import FAKE_CARD, Home, Start

_ROOT: Final = Path(__file__).parents[2]
_SITE: Final = _ROOT / "tests" / "fake_cuda" / "site"
_ELEVEN: Final = "11.4.0.106"
_TEN: Final = "10.16.1.11"
_PATIENCE_S: Final = 20.0
_SOON_S: Final = 2.0
_TENSORRT: Final = ("pycuda", "cuda")

Case = Callable[[Home, Path], Mapping[str, str]]
"""Puts a home and a folder into the case's state; returns the variables of its environment."""


def no_driver(_home: Home, _folder: Path) -> Mapping[str, str]:
    return {"LD_LIBRARY_PATH": ""}


def broken(kind: str, _home: Home, folder: Path) -> Mapping[str, str]:
    return {"LD_LIBRARY_PATH": str(broken_driver(kind, folder).parent)}


HANGS: Final = partial(broken, "hangs")


def with_card(folder: Path, tensorrt: str = "") -> Mapping[str, str]:
    """The fake driver, pycuda and cuda-bindings as they are, and the fake TensorRT where it has a version."""
    others = [path for path in sys.path if path and Path(path) != _SITE]
    paths = [str(_ROOT), *([str(_SITE)] if tensorrt else []), *others]
    known = [os.environ.get("FAKE_CUDA_DRIVER", "") or str(build_driver(folder).parent)]
    return {"LD_LIBRARY_PATH": os.pathsep.join(known), "PYTHONPATH": os.pathsep.join(paths), "FAKE_TENSORRT": tensorrt}


def without_tensorrt(home: Home, folder: Path) -> Mapping[str, str]:
    home.put_plans(_ELEVEN)
    return with_card(folder)


def good(home: Home, folder: Path) -> Mapping[str, str]:
    home.put_plans(_ELEVEN)
    return with_card(folder, _ELEVEN)


def tensorrt_10(home: Home, folder: Path) -> Mapping[str, str]:
    home.put_plans(_TEN)
    return with_card(folder, _TEN)


def built_by_10(home: Home, folder: Path) -> Mapping[str, str]:
    home.put_plans(_TEN)
    return with_card(folder, _ELEVEN)


def of_another_card(home: Home, folder: Path) -> Mapping[str, str]:
    home.put_plans(_ELEVEN, replace(FAKE_CARD, name="NVIDIA GeForce RTX 4090", compute_capability="8.9"))
    return with_card(folder, _ELEVEN)


def truncated(home: Home, folder: Path) -> Mapping[str, str]:
    for path in home.put_plans(_ELEVEN):
        path.write_bytes(path.read_bytes()[:1000])
    return with_card(folder, _ELEVEN)


def of_somebody_else(home: Home, folder: Path) -> Mapping[str, str]:
    for path in home.put_plans(_ELEVEN):
        path.chmod(0o666)
    return with_card(folder, _ELEVEN)


WITHOUT_CARD: Final[Mapping[str, tuple[Case, str]]] = {
    "no driver": (no_driver, "without an NVIDIA graphics card"),
    "a driver that lacks functions": (partial(broken, "lacks functions"), "undefined symbol: cuInit"),
    "a driver that crashes": (partial(broken, "crashes"), "it crashed (signal 6)"),
    "a driver that hangs": (HANGS, "no answer within 2 s"),
    "a driver of two versions": (partial(broken, "refuses"), "803"),
}
"""Cases that need no card: what to prepare, and what must be said."""
WITH_CARD: Final[Mapping[str, tuple[Case, str]]] = {
    "TensorRT missing": (without_tensorrt, "TensorRT is not installed"),
    "another TensorRT's plan": (built_by_10, f"built for {_TEN}, and here is {_ELEVEN}"),
    "another GPU's plan": (of_another_card, "built for NVIDIA GeForce RTX 4090, and here is Fake GPU"),
    "a truncated plan": (truncated, "is damaged"),
    "a plan that others can write": (of_somebody_else, "a plan is code"),
}
"""Cases on the fake driver. ONNX Runtime finds no CUDA there, so the built-in engine stays."""
RUNNING: Final[Mapping[str, Case]] = {"TensorRT 11": good, "TensorRT 10": tensorrt_10}
"""Cases in which TensorRT takes over."""


def started(case: Case, folder: Path) -> Start:
    """The window in a case, until it has said what came of the models."""
    home = Home(folder / "home")
    patience_s = _SOON_S if case is HANGS else _PATIENCE_S
    return home.start(case(home, folder / "driver"), engines_until=2, patience_s=patience_s)


def absent() -> str:
    """Why the cases with a card cannot run here; "" when they can."""
    lacking = [name for name in _TENSORRT if importlib.util.find_spec(name) is None]
    return no_fake_driver() or (f"not installed: {', '.join(lacking)}" if lacking else "")


def check_live_with_the_built_in_engine(start: Start) -> None:
    """It is live, and was so before the models were looked at."""
    assert start.engines[0].name == "mesh"
    assert start.first_live_ms is not None


@pytest.mark.parametrize("name", WITHOUT_CARD)
def test_without_a_driver_that_works_the_built_in_engine_is_live_and_the_user_told_why(
    name: str, tmp_path: Path
) -> None:
    case, words = WITHOUT_CARD[name]
    if no_compiler() and case is not no_driver:
        pytest.skip(no_compiler())
    start = started(case, tmp_path)
    check_live_with_the_built_in_engine(start)
    assert start.engines[-1].name == "mesh"
    assert words in start.engines[-1].why


@pytest.mark.skipif(bool(no_compiler()), reason=no_compiler())
def test_a_driver_that_hangs_keeps_nobody_waiting(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    start = home.start(HANGS(home, tmp_path / "driver"), engines_until=1, patience_s=_PATIENCE_S)
    check_live_with_the_built_in_engine(start)
    assert "until your models are open" in start.engines[-1].why


@pytest.mark.skipif(bool(absent()), reason=absent())
@pytest.mark.parametrize("name", WITH_CARD)
def test_where_a_plan_cannot_be_run_the_built_in_engine_is_live_and_the_user_told_why(
    name: str, tmp_path: Path
) -> None:
    case, words = WITH_CARD[name]
    start = started(case, tmp_path)
    check_live_with_the_built_in_engine(start)
    assert words in start.engines[-1].why


@pytest.mark.skipif(bool(absent()), reason=absent())
@pytest.mark.parametrize("name", RUNNING)
def test_where_tensorrt_works_the_model_is_opened_after_the_start(name: str, tmp_path: Path) -> None:
    start = started(RUNNING[name], tmp_path)
    check_live_with_the_built_in_engine(start)
    # The face that is worn at first is painted and has no photo. Without TensorRT the model would not be open at all:
    # ONNX Runtime finds no CUDA on the fake driver.
    assert start.engines[-1].why.startswith("INSwapper 128 needs a photo of the target face")


def main() -> None:
    """Print the seconds of every case that can run here."""
    cases = {name: case for name, (case, _) in ({**WITHOUT_CARD, **(WITH_CARD if not absent() else {})}).items()}
    for name, case in {**cases, **({} if absent() else RUNNING)}.items():
        with tempfile.TemporaryDirectory() as folder:
            start = started(case, Path(folder))
        first_s = (start.first_live_ms or float("nan")) / 1000
        sys.stdout.write(f"| {name} | {first_s:.1f} | {start.engines[-1].name} | {start.engines[-1].why} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
