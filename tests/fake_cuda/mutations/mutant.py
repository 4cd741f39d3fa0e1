"""Room: tests. What a mutant is: a way to take a safeguard away, and the test that must notice. Names none."""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Callable, Mapping
from typing import Any, Final

Mutants = Mapping[str, tuple[Callable[[], None], str]]
"""What is missing, how it is taken away, and the test that must notice: its file below `tests` and its name."""
CARD: Final = "gpu/test_card.py::test_"
TRT: Final = "gpu/test_trt.py::test_"
CHAIN: Final = "gpu/test_chain.py::test_"
ORDER: Final = "gpu/test_order.py::test_"
PARITY: Final = "runtime/test_parity_gate.py::test_"
SAMPLES: Final = "runtime/test_parity_samples.py::test_"
MEANS: Final = "runtime/test_chain.py::test_"
FILE: Final = "runtime/test_plan_file.py::test_"
PLANS: Final = "runtime/test_prepared_plans.py::test_"


def nothing(*_: object, **__: object) -> None:
    """Stands in for a function that does something."""


def edited(owner: Any, name: str, old: str, new: str) -> Callable[[], None]:
    """Replaces words of a function or method by others.

    The mutant raises LookupError where the words do not stand there exactly once: then it needs a look itself.
    """

    def mutate() -> None:
        module = sys.modules[owner.__name__ if inspect.ismodule(owner) else owner.__module__]
        source = textwrap.dedent(inspect.getsource(getattr(owner, name)))
        if source.count(old) != 1:
            raise LookupError(f"{old!r} stands {source.count(old)} times in {name}")
        scope: dict[str, Any] = {}
        exec(compile(source.replace(old, new), str(module.__file__), "exec"), module.__dict__, scope)
        setattr(owner, name, scope[name])

    return mutate
