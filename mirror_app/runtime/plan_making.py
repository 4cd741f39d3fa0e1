"""Room: runtime. Builds a plan until it says what ONNX Runtime says: with more layers in FP32 each time. Keeps none."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.build import PLAN_NAME, TIMING_NAME, BuildOrder
from mirror_app.runtime.build_process import build_in_child, check_in_child
from mirror_app.runtime.model_file import digest
from mirror_app.runtime.plan_check import CheckOrder
from mirror_app.runtime.plan_file import Plan, PlanFacts
from mirror_app.runtime.verdict import Verdict, verdict_of
from mirror_app.runtime.widening import widened, widths

# Loading a plan and running its file on the CPU takes seconds.
_BUILDING: Final = 0.95


@dataclass(frozen=True, slots=True)
class Made:
    """A plan in its order's folder.

    Attributes:
        plan: What stands in its sidecar.
        verdict: What the comparison found; None where the plan could not be run.
        unseen: Why it could not, a `Sentence`; else "".
    """

    plan: Plan
    verdict: Verdict | None
    unseen: str


def make_plan(
    order: BuildOrder, facts: PlanFacts, cuda: str, *, is_embedding: bool, tell: Callable[[float], None]
) -> Made:
    """Build a plan, run it, and build it wider while it differs too much.

    Args:
        order: What to build; its width is chosen here.
        facts: What the plan is made of and for.
        cuda: The newest CUDA that the driver knows.
        is_embedding: Of its output only the direction counts.
        tell: Called with how much is done, 0..1; starts over with each plan. What it raises ends the work.

    Raises:
        ModelError: It cannot be built, or no plan is exact enough; the sentence says how far off the last one was.
        MissingLibraryError: TensorRT is not installed, or cannot be loaded.
        OutputError: The disk is full.
    """
    plan_file = order.work / PLAN_NAME
    check = CheckOrder(order.name, plan_file, order.model, order.source, order.recipe, is_embedding, order.library)
    start_s = time.monotonic()
    why = remark = ""
    for width in widths(order.source, order.precision):
        remark = widened(width, why)
        batch = build_in_child(replace(order, width=width), lambda share: tell(_BUILDING * share))
        with plan_file.open("rb") as file:
            sha256 = digest(file)
        seconds = round(time.monotonic() - start_s, 1)
        plan = Plan(facts, sha256, plan_file.stat().st_size, batch, seconds, cuda, int(width), remark)
        checked = check_in_child(check, lambda share: tell(_BUILDING + (1 - _BUILDING) * share))
        if checked.found is None:
            return Made(plan, None, checked.why)
        if not checked.why:
            return Made(plan, verdict_of(checked.found, plan, cuda), "")
        why = checked.why
        timings = order.work / TIMING_NAME
        order = replace(order, timing_cache=timings if timings.exists() else order.timing_cache)
    if not remark:
        raise ModelError("TensorRT's version of {name} is not used, {why}.", name=order.name, why=why)
    raise ModelError(
        "TensorRT's version of {name} is not used, also with all layers in FP32 {why}.", name=order.name, why=why
    )
