"""Room: runtime. What goes into a network and what comes out, and which models of the catalogue that fits."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from mirror_app.domain.errors import ModelError
from mirror_app.domain.sentence import Sentence, either
from mirror_app.runtime.backend import TensorSpec
from mirror_app.runtime.catalogue import ModelSpec, TensorContract
from mirror_app.runtime.onnx_header import read_header

if TYPE_CHECKING:
    import onnx

# Numbers of `TensorProto.DataType` in onnx.proto.
_FLOAT, _UINT8, _INT8, _FLOAT16 = 1, 2, 3, 10
_DTYPES: Final[Mapping[int, str]] = {_FLOAT: "float32", _FLOAT16: "float16"}
"""The types of numbers that the app can feed; others are called as ONNX calls them."""
_PRECISIONS: Final[Mapping[int, str]] = {_FLOAT: "fp32", _FLOAT16: "fp16", _INT8: "int8", _UINT8: "int8"}
_NAME_CHARS: Final = 40


@dataclass(frozen=True, slots=True)
class Signature:
    """The outside of a network.

    Attributes:
        inputs: What it wants, without its weights.
        outputs: What it gives. An empty shape means that the file does not say it.
        precision: Of most of its weights: "fp32", "fp16" or "int8".
    """

    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    precision: str


def read_signature(file: BinaryIO, name: str) -> Signature:
    """Read the outside of an ONNX file, without its weights.

    Raises:
        ModelError: It is no ONNX file that the app can use.
    """
    graph = read_header(file, name).graph
    # Files of the first ONNX versions list the weights among the inputs.
    weights = {tensor.name for tensor in graph.initializer}
    sizes: Counter[str] = Counter()
    for tensor in graph.initializer:
        sizes[_PRECISIONS.get(tensor.data_type, "")] += math.prod(tensor.dims)
    sizes.pop("", None)
    return Signature(
        inputs=tuple(_tensor(value) for value in graph.input if value.name not in weights),
        outputs=tuple(_tensor(value) for value in graph.output),
        precision=max(sizes, key=lambda precision: sizes[precision]) if sizes else "fp32",
    )


def misfit(spec: ModelSpec, signature: Signature) -> str:
    """Why a network cannot be this model, as a sentence; "" when it fits."""
    if len(signature.inputs) != len(spec.inputs):
        return Sentence(
            "It wants {got} inputs, {model} has {expected}.",
            got=len(signature.inputs),
            model=spec.name,
            expected=len(spec.inputs),
        )
    # Outputs beyond those that are used, as a mask of the network's own, do no harm.
    if len(signature.outputs) < len(spec.outputs):
        return Sentence(
            "It gives {got} outputs, {model} has {expected}.",
            got=len(signature.outputs),
            model=spec.name,
            expected=len(spec.outputs),
        )
    by_name = {tensor.name: tensor for tensor in signature.inputs}
    for contract in spec.inputs:
        found = by_name.get(contract.name) if contract.name else signature.inputs[0]
        if found is None:
            return _said(spec, contract, Sentence("none; it has {names}", names=_names(signature.inputs)))
        if not _fits(contract, found):
            return _said(spec, contract, _shown(found))
    for contract, found in zip(spec.outputs, signature.outputs, strict=False):
        if (contract.name and contract.name != found.name) or not _fits(contract, found):
            return _said(spec, contract, _shown(found))
    return ""


def fitting(specs: Iterable[ModelSpec], signature: Signature) -> list[ModelSpec]:
    """The models that a network could be, as far as its outside tells."""
    return [spec for spec in specs if not misfit(spec, signature)]


def recognised(file: str, specs: Sequence[ModelSpec], signature: Signature) -> ModelSpec:
    """The one model that a network can be.

    Args:
        file: What to call the network's file in messages.
        specs: The models that come into question.
        signature: The network's outside.

    Raises:
        ModelError: It fits none of them, or several.
    """
    fits = fitting(specs, signature)
    if len(fits) == 1:
        return fits[0]
    if len(specs) == 1:
        raise ModelError("The file {file} cannot be used. {why}", file=file, why=misfit(specs[0], signature))
    if fits:
        names = either([spec.name for spec in fits])
        raise ModelError("The file {file} could be {names}. Say which with --as NAME.", file=file, names=names)
    raise ModelError(
        "The file {file} is no model that the app knows. Its tensors: {tensors}.",
        file=file,
        tensors=f"{_line(signature.inputs)} -> {_line(signature.outputs)}",
    )


def _tensor(value: onnx.ValueInfoProto) -> TensorSpec:
    kind = value.type.tensor_type
    dims = kind.shape.dim if kind.HasField("shape") else ()
    shape = tuple(dim.dim_value if dim.HasField("dim_value") and dim.dim_value > 0 else -1 for dim in dims)
    dtype = _DTYPES.get(kind.elem_type) or _onnx_name(kind.elem_type)
    # A name that is no valid text comes as bytes.
    name = value.name if isinstance(value.name, str) else bytes(value.name).decode(errors="replace")
    return TensorSpec(name, shape, dtype)


def _onnx_name(elem_type: int) -> str:
    import onnx

    if elem_type not in onnx.TensorProto.DataType.values():
        return "unknown"
    return str(onnx.TensorProto.DataType.Name(elem_type)).lower()


def _fits(contract: TensorContract, found: TensorSpec) -> bool:
    if found.dtype not in _DTYPES.values():
        return False
    # A file may leave the shape of an output open, and any size open where it takes all of them.
    if not found.shape:
        return True
    return len(found.shape) == len(contract.shape) and all(
        -1 in (want, has) or want == has for want, has in zip(contract.shape, found.shape, strict=True)
    )


def _said(spec: ModelSpec, contract: TensorContract, got: str) -> Sentence:
    return Sentence(
        "It does not fit {model}: expected {expected}, got {got}.",
        model=spec.name,
        expected=_shown(TensorSpec(contract.name or "…", contract.shape)),
        got=got,
    )


def _shown(tensor: TensorSpec) -> str:
    sizes = "×".join("?" if size == -1 else str(size) for size in tensor.shape[:8])
    return f"{_clean(tensor.name)} {sizes or '?'} {tensor.dtype}"


def _names(tensors: Sequence[TensorSpec]) -> str:
    return ", ".join(_clean(tensor.name) for tensor in tensors[:4])


def _line(tensors: Sequence[TensorSpec]) -> str:
    shown = ", ".join(_shown(tensor) for tensor in tensors[:4])
    return shown + ", …" if len(tensors) > 4 else shown


def _clean(name: str) -> str:
    """A name out of a foreign file, fit for a terminal."""
    return "".join(char if char.isprintable() else "?" for char in name)[:_NAME_CHARS]
