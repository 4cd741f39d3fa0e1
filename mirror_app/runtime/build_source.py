"""Room: runtime. The network as TensorRT gets it: static sizes, a batch for several faces, FP16. Loads no TensorRT."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Final

import onnx

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.build_samples import recipe_samples
from mirror_app.runtime.convert import convert
from mirror_app.runtime.convert_even import evened
from mirror_app.runtime.convert_fp16 import to_fp16
from mirror_app.runtime.free_batch import freed, same_one_by_one
from mirror_app.runtime.models import InstalledModel, ModelStore
from mirror_app.runtime.ort import OrtBackend
from mirror_app.runtime.recipe import Recipe
from mirror_app.runtime.widening import SUMS, Width

_RULES: Final = 1
"""Raised when `to_fp16` or `evened` makes other networks than before: plans made of the older ones are built again."""
# Sums in another order end on the other side of a step here and there; what mixes two faces up differs by far more.
_INT8_TOLERANCE: Final = 0.05
# Measured with inswapper's layers at half their width: 6 s of 20 s.
_SIZING: Final = 0.3
_RUNTIMES: Final = ("onnxruntime-gpu", "onnxruntime")


def source_file(store: ModelStore, name: str, precision: str) -> InstalledModel:
    """The installed file that a plan is made of.

    Raises:
        ModelError: It is not there; the sentence says how to get it.
    """
    store.require(name)
    # FP16 is made of the exact file, as its recipe says; a published FP16 file goes in as it is.
    wanted = {"fp16": ("fp32", "fp16"), "fp32": ("fp32",), "int8": ("int8",)}[precision]
    found = next((model for one in wanted if (model := store.find(name, one))), None)
    if found is not None:
        return found
    if precision == "int8":
        raise ModelError(
            "{name} is not here in INT8. Make that file first: `mirror-app models convert {name} --precision int8`.",
            name=name,
        )
    raise ModelError(
        "{name} is not here in FP32, of which the plan is made. Get it with `mirror-app models get {name}`.", name=name
    )


def converter_name(source: str, precision: str) -> str:
    """What makes the network of a file, with its version; "" where the file goes in as it is.

    Args:
        source: Precision of the file.
        precision: Precision of the plan.
    """
    if precision == "int8":
        return f"even {_RULES}"
    if source == precision:
        return ""
    return f"fp16 {_RULES}, {_onnxruntime()}"


def _onnxruntime() -> str:
    for name in _RUNTIMES:
        try:
            return f"onnxruntime {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            continue
    return "onnxruntime"


def reference(model: Path, precision: str) -> Path | bytes:
    """What ONNX Runtime runs to be compared with a plan: the file, or for INT8 the numbers that TensorRT was given.

    TensorRT's 8-bit numbers lie evenly around zero, which loses up to one bit of the file's: no fault of the plan.

    Args:
        model: The installed file that the plan is made of.
        precision: Its precision.
    """
    if precision != "int8":
        return model
    return bytes(evened(onnx.load(model)).SerializeToString())


def write_source(
    model: Path,
    source: str,
    precision: str,
    recipe: Recipe,
    folder: Path,
    width: Width = Width.USUAL,
    tell: Callable[[float], None] = lambda _: None,
) -> tuple[Path, int]:
    """Write the network that TensorRT is to build.

    Args:
        model: The installed file.
        source: Its precision.
        precision: That of the plan.
        recipe: How.
        folder: Where to; nothing else lies there.
        width: How much is kept FP32.
        tell: Called with how much is done, 0..1.

    Returns:
        The file, and how many faces it takes at once.

    Raises:
        ModelError: The file is missing, damaged or cannot be converted.
        OSError: The disk is full.
    """
    sized, half = folder / "sized.onnx", folder / "half.onnx"
    batch, names = _write_sized(model, source, recipe, sized, lambda share: tell(_SIZING * share))
    if precision in ("int8", source) or width is Width.ALL:
        return sized, batch
    kept = (*recipe.keep_fp32, *(SUMS if width is Width.SUMS else ()))
    making = partial(to_fp16, kept_operators=kept, tell=lambda share: tell(_SIZING + (1 - _SIZING) * share))
    convert(sized, half, recipe_samples(recipe, names), making)
    return half, batch


def _write_sized(
    model: Path, source: str, recipe: Recipe, sized: Path, tell: Callable[[float], None]
) -> tuple[int, tuple[str, ...]]:
    """Write the network with the recipe's sizes; returns how many faces it takes, and its inputs' names."""
    content = _freed(model, source, tell) if recipe.most_faces > 1 else None
    tell(0.8)
    proto = onnx.load_from_string(content) if content else onnx.load(model)
    is_free = _set_sizes(proto, recipe, model.name)
    names = tuple(value.name for value in _inputs(proto))
    onnx.save(evened(proto) if source == "int8" else proto, sized)
    tell(1.0)
    return recipe.most_faces if is_free else 1, names


def _freed(model: Path, source: str, tell: Callable[[float], None]) -> bytes | None:
    """The model with a free batch, where two faces at once come out as they do one after the other."""
    content = freed(model)
    if content is None:
        return None
    name = model.name
    tell(0.1)
    fixed, free = OrtBackend(model, name=name), OrtBackend(content, name=name)
    tell(0.3)
    return content if same_one_by_one(free, fixed, _INT8_TOLERANCE if source == "int8" else None) else None


def _set_sizes(proto: onnx.ModelProto, recipe: Recipe, name: str) -> bool:
    """Write the recipe's sizes over free ones; returns whether the batch is free, which stays so for several faces."""
    by_name = {one.name: one for one in recipe.inputs}
    free = []
    for value in _inputs(proto):
        kind = by_name.get(value.name, recipe.inputs[0])
        batch, *sizes = value.type.tensor_type.shape.dim
        if len(sizes) != len(kind.shape) or any(
            size.dim_value not in (0, wanted) for size, wanted in zip(sizes, kind.shape, strict=True)
        ):
            raise ModelError(
                "The network {name} does not fit its recipe: {tensor}.",
                name=name,
                tensor=value.name,
            )
        for size, wanted in zip(sizes, kind.shape, strict=True):
            size.dim_value = wanted
        if recipe.most_faces == 1:
            batch.dim_value = 1
        free.append(batch.dim_value == 0)
    if any(free) and not all(free):
        raise ModelError("The network {name} has a free batch in some inputs only.", name=name)
    return all(free)


def _inputs(proto: onnx.ModelProto) -> list[onnx.ValueInfoProto]:
    weights = {weight.name for weight in proto.graph.initializer}
    return [value for value in proto.graph.input if value.name not in weights]
