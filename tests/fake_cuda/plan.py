"""Room: tests. What the fake TensorRT takes for a plan: an ONNX file, with what a builder would have decided."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Final

_MAGIC: Final = b"fake plan\n"


@dataclass(frozen=True, slots=True)
class FakePlan:
    """One plan.

    Attributes:
        most_batch: Largest batch where the network's own is free.
        working_bytes: What a context takes of the card's memory.
        skew: Is added to every output: a plan that does not do what its network does.
        cannot_be_captured: Waits for its stream while it runs, as some of TensorRT's layers do.
    """

    most_batch: int = 1
    working_bytes: int = 1 << 20
    skew: float = 0.0
    cannot_be_captured: bool = False


def packed(onnx_file: bytes, plan: FakePlan) -> bytes:
    """The plan as bytes."""
    return _MAGIC + json.dumps(asdict(plan)).encode() + b"\n" + onnx_file


def unpacked(content: bytes) -> tuple[bytes, FakePlan]:
    """The ONNX file and the decisions.

    Raises:
        ValueError: It is no fake plan.
    """
    if not content.startswith(_MAGIC):
        raise ValueError("not a plan of the fake TensorRT")
    decisions, _, onnx_file = content[len(_MAGIC) :].partition(b"\n")
    return onnx_file, FakePlan(**json.loads(decisions))
