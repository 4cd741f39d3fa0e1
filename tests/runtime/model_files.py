"""Room: tests. Small ONNX files with the outside of a real model, and catalogues for them. Nothing in them can run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from mirror_app.resources import assets_dir
from mirror_app.runtime.catalogue import Catalogue, ModelFile, ModelSpec, TensorContract, load_catalogue

LANDMARKS, CONVERTER = "landmarks_2d106", "crossface_ghost"
"""A model whose outside is its own, and one that has the same as two others."""


def real_catalogue() -> Catalogue:
    """The one that is shipped."""
    return load_catalogue(assets_dir() / "models" / "catalogue.toml")


def with_file(catalogue: Catalogue, name: str, file: ModelFile) -> Catalogue:
    """The catalogue with one published file of a model instead of its own."""
    spec = replace(catalogue.find(name), files=(file,))
    return Catalogue({**catalogue.models, name: spec})


def model_of(spec: ModelSpec, weights: Sequence[onnx.TensorProto] = (), *, seed: int = 0) -> onnx.ModelProto:
    """A model with the outside that the catalogue asks for."""
    return model(named(spec.inputs, "in"), named(spec.outputs, "out"), weights, seed=seed)


def named(tensors: Sequence[TensorContract], word: str) -> list[onnx.ValueInfoProto]:
    """Inputs or outputs as a file declares them; what the catalogue leaves open is open here too."""
    return [
        helper.make_tensor_value_info(
            tensor.name or f"{word}{number}",
            TensorProto.FLOAT,
            [None if size == -1 else size for size in tensor.shape],
        )
        for number, tensor in enumerate(tensors)
    ]


def model(
    inputs: Sequence[onnx.ValueInfoProto],
    outputs: Sequence[onnx.ValueInfoProto],
    weights: Sequence[onnx.TensorProto] = (),
    *,
    seed: int = 0,
) -> onnx.ModelProto:
    """A model of one node for each output."""
    nodes = [helper.make_node("Identity", [inputs[0].name if inputs else ""], [out.name]) for out in outputs]
    filling = numpy_helper.from_array(np.random.default_rng(seed).normal(size=64).astype(np.float32), "filling")
    return helper.make_model(helper.make_graph(nodes, "g", inputs, outputs, [filling, *weights]))


def saved(made: onnx.ModelProto, path: Path) -> Path:
    """Write a model, its weights in it."""
    path.write_bytes(made.SerializeToString())
    return path


def sha256(path: Path) -> str:
    """Of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def published(path: Path, precision: str = "fp32", urls: Sequence[str] = ()) -> ModelFile:
    """What a catalogue would say of a file."""
    return ModelFile(path.name, precision, path.stat().st_size, sha256(path), tuple(urls))
