"""Room: runtime. How the plan of a model is built, read from one data file for each family. Builds nothing."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from mirror_app.domain.errors import ModelError
from mirror_app.domain.sentence import Sentence
from mirror_app.runtime.catalogue import ModelSpec, TensorContract
from mirror_app.runtime.data_table import DataTable
from mirror_app.runtime.model_scan import PRECISIONS

_RECIPE: Final = Sentence("The recipe")
_KEYS: Final = frozenset({"precision", "most_faces", "workspace_mb", "keep_fp32", "input"})
_INPUT_KEYS: Final = frozenset({"name", "shape", "values", "length"})
_MOST_FACES: Final = 16
_MOST_WORKSPACE_MB: Final = 8192
_MOST_SIDE: Final = 4096


@dataclass(frozen=True, slots=True)
class RecipeInput:
    """One input of the network.

    Attributes:
        name: As the file names it; "" where the network has only one.
        shape: Of one face or picture, without the batch.
        values: Least and largest number of a picture as the app feeds it; None for a vector.
        length: Of a vector as the app feeds it; 0 for a picture.
    """

    name: str
    shape: tuple[int, ...]
    values: tuple[float, float] | None
    length: float


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to build the plan of a model.

    Attributes:
        precision: The usual one, of `PRECISIONS`.
        most_faces: How many faces one run takes at most, where the network allows more than one.
        workspace_mb: How much of the card's memory a step may take while it works, units of 2**20 bytes.
        keep_fp32: ONNX operators that stay FP32, besides norms and numbers that are too large for FP16.
        inputs: In any order.
    """

    precision: str
    most_faces: int
    workspace_mb: int
    keep_fp32: tuple[str, ...]
    inputs: tuple[RecipeInput, ...]

    def flags(self) -> dict[str, object]:
        """What of it makes another plan, in JSON's types."""
        inputs = {one.name: list(one.shape) for one in self.inputs}
        kept = {key: value for key, value in asdict(self).items() if key not in ("precision", "inputs")}
        return {**kept, "keep_fp32": list(self.keep_fp32), "inputs": inputs}


def load_recipe(folder: Path, spec: ModelSpec) -> Recipe:
    """Read a model's recipe: its own, or that of its family.

    Raises:
        ModelError: There is none, or it is damaged or not for this model; the sentence says where.
    """
    path = next((path for name in (spec.name, spec.family) if (path := folder / f"{name}.toml").is_file()), None)
    if path is None:
        raise ModelError("There is no recipe for {name} in {folder}.", name=spec.name, folder=folder)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ModelError("The recipe {path} cannot be read: {why}.", path=path, why=error) from error
    table = DataTable(values, path.name, _RECIPE)
    _known(table, _KEYS)
    inputs = tuple(_input(row) for row in table.tables("input"))
    if not _fits(inputs, spec.inputs):
        raise table.wrong("input", f"the inputs of {spec.name}")
    return Recipe(
        precision=table.text("precision", PRECISIONS.__contains__, " | ".join(PRECISIONS)),
        most_faces=table.get("most_faces", int, f"1..{_MOST_FACES}", lambda count: 1 <= count <= _MOST_FACES),
        workspace_mb=table.get(
            "workspace_mb", int, f"16..{_MOST_WORKSPACE_MB}", lambda size: 16 <= size <= _MOST_WORKSPACE_MB
        ),
        keep_fp32=tuple(table.items("keep_fp32", "names of operators", _is_operator)),
        inputs=inputs,
    )


def _input(row: DataTable) -> RecipeInput:
    _known(row, _INPUT_KEYS)
    if ("values" in row.values) == ("length" in row.values):
        raise row.wrong("values", "`values` for a picture or `length` for a vector")
    name = row.text("name", lambda _: True, "a text") if "name" in row.values else ""
    shape = row.items("shape", f"sizes of 1..{_MOST_SIDE}", lambda size: type(size) is int and 1 <= size <= _MOST_SIDE)
    if "length" in row.values:
        return RecipeInput(name, tuple(shape), None, row.get("length", float, "a number above 0", lambda one: one > 0))
    least, largest = _range(row)
    return RecipeInput(name, tuple(shape), (least, largest), 0.0)


def _range(row: DataTable) -> tuple[float, float]:
    ends = row.items("values", "the least and the largest number", lambda end: type(end) is float)
    if len(ends) != 2 or not ends[0] < ends[1]:
        raise row.wrong("values", "the least and the largest number")
    return ends[0], ends[1]


def _known(table: DataTable, keys: frozenset[str]) -> None:
    """Refuse a key that is spelled wrong rather than pass over it."""
    for key in table.values.keys() - keys:
        raise table.wrong(key, f"one of {', '.join(sorted(keys))}")


def _is_operator(name: Any) -> bool:
    return isinstance(name, str) and name.isidentifier()


def _fits(inputs: tuple[RecipeInput, ...], wanted: tuple[TensorContract, ...]) -> bool:
    """Whether the recipe has each of the model's inputs once, in a shape that it takes."""
    if len(inputs) != len(wanted):
        return False
    if len(inputs) == 1:
        return _same_shape(inputs[0], wanted[0]) and inputs[0].name in ("", wanted[0].name)
    by_name = {one.name: one for one in inputs}
    return all(one.name in by_name and _same_shape(by_name[one.name], one) for one in wanted)


def _same_shape(given: RecipeInput, wanted: TensorContract) -> bool:
    sizes = wanted.shape[1:]
    return len(sizes) == len(given.shape) and all(a in (-1, b) for a, b in zip(sizes, given.shape, strict=True))
