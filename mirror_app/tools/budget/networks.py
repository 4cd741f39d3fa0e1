"""Room: tools. What the models cost: the user's own files counted, else the shipped counts. Runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from pathlib import Path
from typing import Final

from mirror_app.domain.errors import ModelError
from mirror_app.resources import recipes_dir
from mirror_app.runtime.card_figures import PAPER
from mirror_app.runtime.catalogue import ModelSpec
from mirror_app.runtime.data_table import DataTable
from mirror_app.runtime.models import InstalledModel, ModelStore
from mirror_app.runtime.network_cost import NetworkCost
from mirror_app.runtime.recipe import load_recipe

_NUMBERS: Final = tuple(field.name for field in fields(NetworkCost))


class Basis(Enum):
    """Where a count comes from; the value stands in the file and in JSON."""

    FILE = "file"
    """Counted from the user's own file."""
    PLAN = "plan"
    """Counted from a network with the same layers, of as many numbers as the published file."""
    PUBLISHED = "published"
    """Multiplications and weights as its makers tell them; the rest from a network of the same plan."""
    GUESS = "guess"
    """Its layers are not known: the real network may be several times heavier."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a model costs, and how sure that is."""

    cost: NetworkCost
    basis: Basis


def read_costs(table: DataTable) -> Mapping[str, Counted]:
    """The shipped counts, by the model's name.

    Raises:
        ModelError: They are damaged.
    """
    return {name: _counted(table.table(name)) for name in table.values}


def counted(name: str, store: ModelStore, shipped: Mapping[str, Counted]) -> Counted:
    """What a model costs: from its file where that is installed.

    Raises:
        ModelError: The file cannot be counted, or it is not there and the shipped counts do not have it.
    """
    model = store.find(name)
    if model is not None:
        return Counted(cost_of_installed(model), Basis.FILE)
    if name not in shipped:
        raise ModelError("{file} is damaged: {why}", file=PAPER, why=name)
    return shipped[name]


def cost_of_installed(model: InstalledModel) -> NetworkCost:
    """Count the user's file.

    Raises:
        ModelError: It cannot be counted.
    """
    return cost_of_file(model.path, model.spec, recipes_dir())


def cost_of_file(path: Path, spec: ModelSpec, recipes: Path) -> NetworkCost:
    """Count a model's file at the sizes that its recipe feeds it.

    Raises:
        ModelError: It cannot be counted, or has no recipe.
    """
    # It brings in onnx, which takes a third of a second: only for those who count.
    from mirror_app.runtime.onnx_cost import cost_of

    return cost_of(path, {one.name: one.shape for one in load_recipe(recipes, spec).inputs})


def _counted(row: DataTable) -> Counted:
    numbers = {name: row.get(name, int, "a number of 0 or more", lambda value: value >= 0) for name in _NUMBERS}
    values = [basis.value for basis in Basis]
    return Counted(NetworkCost(**numbers), Basis(row.text("basis", values.__contains__, " | ".join(values))))
