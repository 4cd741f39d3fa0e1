"""Room: swap. The facts of a network that draws masks, from the catalogue. Runs nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.domain.templates import TEMPLATES
from mirror_app.runtime.catalogue import ModelSpec
from mirror_app.runtime.data_table import DataTable
from mirror_app.swap.neural.output_check import is_finite


@dataclass(frozen=True, slots=True)
class MaskNetSpec:
    """What a network that draws masks looks at.

    Attributes:
        name: Of the model, for messages.
        template: A key of `domain.templates.TEMPLATES`.
        side: Of its square input, px.
    """

    name: str
    template: str
    side: int


def mask_net_spec(model: ModelSpec) -> MaskNetSpec:
    """Read a parser's or an occluder's facts.

    Raises:
        ModelError: The catalogue's entry lacks one or has a wrong one.
    """
    facts = DataTable(dict(model.contract), model.name)
    template = facts.text("template", lambda name: name in TEMPLATES, "a template's name")
    return MaskNetSpec(model.name, template, facts.get("side", int, "a whole number above 0", lambda side: side > 0))


def checked(output: NDArray[np.float32], shape: tuple[int, ...], name: str) -> NDArray[np.float32]:
    """A network's output as it came.

    Raises:
        ModelError: It has another shape, or numbers in it are not finite.
    """
    if output.shape != shape:
        raise ModelError(
            "The network {name} gave an output of shape {got}; {expected} was expected.",
            name=name,
            got=output.shape,
            expected=shape,
        )
    if not is_finite(output):
        raise ModelError("The network {name} gave numbers that are not finite.", name=name)
    return output
