"""Room: tests. What runs on a card: `pytest -m gpu`. `tests/fake_cuda` runs the same tests on a fake driver."""

from __future__ import annotations

import ctypes
import gc
import importlib.util
from collections.abc import Iterator

import pytest

from mirror_app.runtime.cuda import Card
from mirror_app.runtime.trt_library import TrtLibrary, open_library
from tests.fake_cuda.control import FakeDriver, fake_driver


def _missing() -> str:
    try:
        ctypes.CDLL("libcuda.so.1")
    except OSError:
        return "no NVIDIA driver"
    # Found, not imported: pycuda without its driver can end the process.
    absent = [name for name in ("pycuda", "cuda", "tensorrt") if importlib.util.find_spec(name) is None]
    return f"not installed: {', '.join(absent)}" if absent else ""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    on_card = [item for item in items if item.get_closest_marker("gpu")]
    if "gpu" not in config.option.markexpr:
        items[:] = [item for item in items if item not in on_card]
        config.hook.pytest_deselected(items=on_card)
        return
    why = _missing()
    for item in on_card if why else []:
        item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture
def fake() -> Iterator[FakeDriver]:
    """The fake driver, for tests of what no real card does when asked; as new afterwards."""
    driver = fake_driver()
    if driver is None:
        pytest.skip("a real card does not fail when asked")
    driver.forget_counts()
    yield driver
    driver.recover()


@pytest.fixture(scope="session")
def library() -> TrtLibrary:
    Card()
    return open_library()


@pytest.fixture
def card() -> Iterator[Card]:
    """The card; on the fake driver, nothing of it may be left behind."""
    yield Card()
    gc.collect()
    driver = fake_driver()
    if driver is not None:
        driver.recover()
        left = [line for line in driver.left_behind().splitlines() if not line.endswith("retained contexts")]
        driver.forget_complaints()
        assert left == []
