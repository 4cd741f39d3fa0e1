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

TESTS: Final = "tests/gpu"
_RAN_NOTHING: Final = 5
_BROKEN: Final = 4
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


def notices(test: str, mutate: Callable[[], None] | None) -> bool:
    """Whether a test fails in a child process with something missing; its output goes to this one's standard error.

    Raises:
        RuntimeError: No such test ran.
    """
    child = os.fork()
    if child == 0:
        _be_mutant(mutate, test)
    status = os.waitpid(child, 0)[1]
    code = os.waitstatus_to_exitcode(status)
    if code in (_RAN_NOTHING, _BROKEN):
        raise RuntimeError(f"{test} did not run")
    # Below 0: a signal ended it, which a real driver would not even have needed.
    return code != 0


def _be_mutant(mutate: Callable[[], None] | None, test: str) -> None:
    """The child's part: it never returns."""
    os.dup2(2, 1)
    code = _BROKEN
    try:
        failures = _Failures()
        if mutate is not None:
            mutate()
        file, _, name = test.partition("::")
        # What is loaded already cannot be rewritten, which only matters for what it asserts itself.
        quiet = ["-q", "-W", "ignore::pytest.PytestAssertRewriteWarning", "--tb=line", "-p", "no:cacheprovider"]
        pytest.main([*quiet, "-m", "gpu", "-k", name, f"{TESTS}/{file}"], plugins=[failures])
        code = 0 if failures.ran else _RAN_NOTHING
        code = 1 if failures.failed else code
    # pytest itself was broken: not what the mutant is for.
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
    finally:
        os._exit(code)


def main(names: list[str]) -> int:
    """Run the named mutants, or all; 1 when one was not noticed."""
    wrong = 0
    for module in _LOADED_BEFORE:
        importlib.import_module(module)
    for name in names or list(MUTANTS):
        mutate, test = MUTANTS[name]
        noticed = notices(test, mutate)
        wrong += not noticed
        sys.stdout.write(f"{name}: {'noticed' if noticed else 'NOT NOTICED'} by {test}\n")
        sys.stdout.flush()
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
