"""Room: tests. The runner with one safeguard missing at a time: each time a test on the fake driver must fail.

`python -m tests.fake_cuda.mutants [NAME…]` runs the table on the fake driver, each row in a process of its own, and
writes a line for each.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Callable
from typing import Final

import pytest

from tests.fake_cuda.mutations import MUTANTS

TESTS: Final = "tests"
_RAN_NOTHING: Final = 5
_BROKEN: Final = 4
_AT_ONCE: Final = max(2, os.cpu_count() or 1)
# Once for all children; none of them has begun to use the driver.
_LOADED_BEFORE: Final = (
    "cv2", "hypothesis", "pytestqt.plugin", "PySide6.QtTest", "PySide6.QtWidgets", "onnx", "onnxruntime",
    "pycuda.driver", "cuda.bindings.driver",
)  # fmt: skip


class _Failures:
    """Counts what ran and what failed, also while something was set up or taken down."""

    def __init__(self) -> None:
        self.ran, self.failed = 0, 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.ran += report.when == "call"
        self.failed += report.failed


def started(test: str, mutate: Callable[[], None]) -> int:
    """The number of a child process in which a test runs with something missing; its output goes to standard error."""
    child = os.fork()
    if child == 0:
        _be_mutant(mutate, test)
    return child


def verdict(code: int) -> str:
    """What the exit code of such a child says."""
    if code in (_RAN_NOTHING, _BROKEN):
        return "DID NOT RUN"
    # Below 0: a signal ended it, which a real driver would not even have needed.
    return "noticed" if code else "NOT NOTICED"


def _be_mutant(mutate: Callable[[], None], test: str) -> None:
    """The child's part: it never returns."""
    os.dup2(2, 1)
    code = _BROKEN
    try:
        failures = _Failures()
        mutate()
        file, _, name = test.partition("::")
        # What is loaded already cannot be rewritten, which only matters for what it asserts itself.
        quiet = ["-q", "-W", "ignore::pytest.PytestAssertRewriteWarning", "--tb=line", "-p", "no:cacheprovider"]
        pytest.main([*quiet, "-m", "gpu or not gpu", "-k", name, f"{TESTS}/{file}"], plugins=[failures])
        code = 0 if failures.ran else _RAN_NOTHING
        code = 1 if failures.failed else code
    # pytest itself was broken: not what the mutant is for.
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
    finally:
        os._exit(code)


def main(names: list[str]) -> int:
    """Run the named mutants, or all; 1 when one was not noticed."""
    for module in _LOADED_BEFORE:
        importlib.import_module(module)
    waiting, running, wrong = names or list(MUTANTS), dict[int, str](), 0
    while waiting or running:
        while waiting and len(running) < _AT_ONCE:
            mutate, test = MUTANTS[waiting[0]]
            running[started(test, mutate)] = waiting.pop(0)
        child, status = os.wait()
        name, said = running.pop(child), verdict(os.waitstatus_to_exitcode(status))
        wrong += said != "noticed"
        sys.stdout.write(f"{name}: {said} by {MUTANTS[name][1]}\n")
        sys.stdout.flush()
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
