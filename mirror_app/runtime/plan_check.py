"""Room: runtime. Whether a plan says what ONNX Runtime says. Runs in a process of its own: see `build_process`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mirror_app.domain.errors import MirrorError
from mirror_app.domain.sentence import Sentence
from mirror_app.runtime.build_samples import recipe_samples
from mirror_app.runtime.build_source import reference
from mirror_app.runtime.cuda import Card
from mirror_app.runtime.cuda_card import graphics_card
from mirror_app.runtime.ort import OrtBackend
from mirror_app.runtime.parity_gate import Parity, parity, parity_trouble
from mirror_app.runtime.recipe import Recipe
from mirror_app.runtime.trt import TrtBackend
from mirror_app.runtime.trt_library import open_library


@dataclass(frozen=True, slots=True)
class CheckOrder:
    """One plan to compare.

    Attributes:
        name: Of the model.
        plan: The plan's file: the user's own, whole.
        model: The installed file that it was made of.
        source: Precision of that file.
        recipe: How it was made.
        is_embedding: Of its output only the direction counts.
        library: Name of TensorRT's Python library.
    """

    name: str
    plan: Path
    model: Path
    source: str
    recipe: Recipe
    is_embedding: bool
    library: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of it.

    Attributes:
        found: How much they differ; None where the plan cannot be run now.
        why: A `Sentence`: what is wrong with the plan, or why it cannot be run now; "" when it is right.
    """

    found: Parity | None
    why: str


def check_plan(order: CheckOrder, tell: Callable[[float], None]) -> Checked:
    """Load a plan and compare it with its file on the CPU.

    Args:
        order: Which.
        tell: Called with how much is done, 0..1; what it raises ends the comparison and is raised again.

    Raises:
        ModelError: The plan runs, but fails on its first inputs or gives outputs of other shapes.
        OSError: The plan cannot be read.
    """
    tell(0.0)
    # pycuda can end the process where there is no driver.
    if graphics_card() is None:
        return Checked(None, Sentence("No NVIDIA graphics card was found."))
    try:
        fast = TrtBackend(order.plan.read_bytes(), order.name, open_library(order.library), Card())
    # pycuda is missing, or other programs have taken the card's memory: that says nothing of the plan.
    except MirrorError as error:
        return Checked(None, error.sentence)
    tell(0.3)
    slow = OrtBackend(reference(order.model, order.source), name=order.name)
    names = tuple(spec.name for spec in slow.inputs)
    found = parity(fast, slow, recipe_samples(order.recipe, names))
    tell(1.0)
    return Checked(found, parity_trouble(found, is_embedding=order.is_embedding))
