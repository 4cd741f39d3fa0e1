"""Room: runtime. How much of a network stays FP32 in its plan, and what is tried when a plan is not exact enough."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from mirror_app.domain.sentence import Sentence


class Width(IntEnum):
    """How much is kept FP32; the number stands in the plan's sidecar."""

    USUAL = 0
    """What the recipe says."""
    SUMS = 1
    """Besides, all that adds up, divides or bends numbers; convolutions, which take nearly all the time, stay FP16."""
    ALL = 2
    """Everything, and without TF32, which keeps as few bits as FP16."""


SUMS: Final = (
    "Add", "Sub", "Mul", "Div", "Sum", "Mean", "Gemm", "MatMul", "Einsum", "CumSum", "ReduceMax", "ReduceMin",
    "ReduceProd", "ReduceL1", "ReduceLogSum", "ReduceLogSumExp", "GlobalAveragePool", "AveragePool",
    "BatchNormalization", "Sigmoid", "Tanh", "Erf", "Gelu", "Softplus", "HardSigmoid", "HardSwish", "Resize",
    "Upsample", "GridSample",
)  # fmt: skip
"""ONNX operators that `Width.SUMS` keeps FP32, besides the norms that always are."""


def widths(source: str, precision: str) -> tuple[Width, ...]:
    """What to try, one after the other.

    Args:
        source: Precision of the installed file.
        precision: Precision of the plan.
    """
    if source != "fp32":
        # The numbers were made smaller before: there are none to go back to.
        return (Width.USUAL,)
    return (Width.USUAL, Width.SUMS, Width.ALL) if precision == "fp16" else (Width.USUAL, Width.ALL)


def widened(width: Width, why: str) -> str:
    """What the user is told of a plan, a `Sentence`; "" where it is a usual one.

    Args:
        width: How much is FP32.
        why: What was wrong with the narrower one.
    """
    if width is Width.SUMS:
        return Sentence("built with more layers in FP32, because {why}", why=why)
    if width is Width.ALL:
        return Sentence("built with all layers in FP32, because {why}", why=why)
    return ""
