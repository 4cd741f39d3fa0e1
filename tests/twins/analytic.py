"""Room: tests. Twins that compute a known function of all their inputs, for contract and parity tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.twins import facts, formulas
from tests.twins.graph import Graph


def analytic(name: str, folder: Path, *, emap_last: bool = True) -> Path:
    """Write the analytic twin of a model; returns its path.

    Args:
        name: Key of the catalogue.
        folder: Where to write; made if missing.
        emap_last: False puts a 32 x 32 constant behind inswapper's emap, as some FP16 exports do.
    """
    path = folder / f"{facts.FILES.get(name, name)}.onnx"
    if name in facts.SWAPPERS:
        return _swapper(name, emap_last).save(path)
    if name in facts.DETECTORS:
        return _detector(facts.DETECTORS[name]).save(path)
    return _OTHERS[name](name).save(path)


def _swapper(name: str, emap_last: bool) -> Graph:
    model = facts.SWAPPERS[name]
    graph = Graph()
    side = model.side
    target = graph.input("target", (1, 3, side, side))
    coefficients = _coefficients(graph, model)
    mean, std = (np.array(values, np.float32).reshape(1, 3, 1, 1) for values in (model.mean, model.std))
    light = graph.op("Add", graph.op("Mul", target, graph.constant(std)), graph.constant(mean))
    mixed = graph.op("Conv", light, graph.constant(formulas.COLOUR_MIX[:, :, None, None]))
    ramped = graph.op("Mul", mixed, graph.constant(formulas.ramp(side)[None, None]))
    shifted = graph.op("Add", ramped, graph.constant(formulas.COLOUR_SHIFT.reshape(1, 3, 1, 1)))
    pull = graph.op("Mul", graph.op("GlobalAveragePool", light), graph.constant(formulas.MEAN_PULL))
    shifted = graph.op("Add", shifted, graph.op("Sub", pull, graph.constant(formulas.MEAN_PULL / 2)))
    waves = graph.constant(formulas.WAVE_HEIGHT * formulas.waves(side).reshape(formulas.WAVES, -1))
    pattern = graph.op("Reshape", graph.op("MatMul", coefficients, waves), graph.integers(0, 3, side, side))
    drawn = graph.op("Clip", graph.op("Add", shifted, pattern), graph.constant(0.0), graph.constant(1.0))
    if model.denormalised:
        drawn = graph.op("Div", graph.op("Sub", drawn, graph.constant(mean)), graph.constant(std))
    graph.output(drawn, "output", (1, 3, side, side))
    if model.has_mask:
        channel = graph.op("ReduceMean", light, axes=[1])
        graph.output(channel, "mask", (1, 1, side, side))
    if model.identity == "emap":
        add_emap(graph, is_last=emap_last)
    return graph


def add_emap(graph: Graph, *, is_last: bool) -> None:
    """Append the matrix that inswapper's users read from the file; no node of the graph uses it."""
    graph.constant(formulas.emap(), "buff2fs")
    if not is_last:
        graph.constant(np.eye(32, dtype=np.float32), "after_emap")


def _coefficients(graph: Graph, model: facts.SwapFacts) -> str:
    """(n, 3, WAVES) of the input `source`."""
    matrix = graph.constant(formulas.identity_matrix(model.identity))
    if model.identity == "portrait":
        source = graph.input("source", (1, 3, model.portrait_side, model.portrait_side))
        size = model.portrait_side // formulas.PORTRAIT_CELLS
        cells = graph.op("AveragePool", source, kernel_shape=[size, size], strides=[size, size])
        identity = graph.op("Flatten", cells)
    else:
        identity = graph.input("source", (1, 512))
    strengths = graph.op("Tanh", graph.op("MatMul", identity, matrix))
    return graph.op("Reshape", strengths, graph.integers(0, 3, formulas.WAVES))


def _detector(model: facts.DetectorFacts) -> Graph:
    graph = Graph()
    picture = graph.input(model.input, (1, 3, -1, -1))
    scores, boxes, points = [], [], []
    for level, stride in enumerate(facts.STRIDES):
        marker = formulas.MARKERS_RGB[level] if model.is_rgb else formulas.MARKERS_RGB[level][::-1]
        colour = (np.array(marker, np.float32).reshape(1, 3, 1, 1) - 127.5) / 128
        away = graph.op("Abs", graph.op("Sub", picture, graph.constant(colour)))
        pooled = graph.op("AveragePool", away, kernel_shape=[stride, stride], strides=[stride, stride])
        weights = np.full((1, 3, 1, 1), formulas.MARKER_STEEPNESS, np.float32)
        purity = graph.op(
            "Relu", graph.op("Sub", graph.constant(1.0), graph.op("Conv", pooled, graph.constant(weights)))
        )
        column = graph.op("Reshape", purity, graph.integers(-1, 1))
        both = graph.op("MatMul", column, graph.constant(np.array([formulas.BEST_SCORES], np.float32)))
        scores.append(graph.op("Reshape", both, graph.integers(-1, 1)))
        reaches = [formulas.box_reach(level, anchor) for anchor in (0, 1)]
        boxes.append(_per_anchor(graph, column, np.concatenate(reaches), 4))
        reaches = [formulas.point_reach(level, anchor) for anchor in (0, 1)]
        points.append(_per_anchor(graph, column, np.concatenate(reaches), 10))
    widths = (1,) * 3 + (4,) * 3 + (10,) * 3
    for tensor, name, width in zip([*scores, *boxes, *points], model.outputs, widths, strict=True):
        graph.output(tensor, name, (-1, width))
    return graph


def _per_anchor(graph: Graph, column: str, values: NDArray[np.float32], width: int) -> str:
    """The same two rows of numbers for every cell, as (2 * cells, width)."""
    nothing = graph.op("Mul", column, graph.constant(0.0))
    return graph.op("Reshape", graph.op("Add", nothing, graph.constant(values[None])), graph.integers(-1, width))


def _arcface(_name: str) -> Graph:
    graph = Graph()
    crop = graph.input("input.1", (-1, 3, 112, 112))
    size = 112 // formulas.ARCFACE_CELLS
    cells = graph.op("AveragePool", crop, kernel_shape=[size, size], strides=[size, size])
    vector = graph.op("MatMul", graph.op("Flatten", cells), graph.constant(formulas.arcface_matrix()))
    graph.output(vector, "683", (-1, 512))
    return graph


def _converter(name: str) -> Graph:
    graph = Graph()
    vector = graph.input("input", (1, 512))
    graph.output(graph.op("MatMul", vector, graph.constant(formulas.converter_matrix(name))), "output", (1, 512))
    return graph


def _landmarks(name: str) -> Graph:
    graph = Graph()
    count, dims = (106, 2) if name == "landmarks_2d106" else (1103, 3)
    crop = graph.input("data", (-1, 3, 192, 192))
    numbers = [graph.constant(np.full(3, value, np.float32)) for value in (1 / 255, 0.0, 0.0, 1.0)]
    light = graph.op("BatchNormalization", crop, *numbers, name="bn_data", epsilon=1e-12)
    axis = formulas.grid_axis(192)
    mean = graph.op("Add", graph.op("GlobalAveragePool", light), graph.constant(1e-3))
    features = []
    for along in (axis.reshape(1, 1, 1, -1), axis.reshape(1, 1, -1, 1)):
        moment = graph.op("GlobalAveragePool", graph.op("Mul", light, graph.constant(along)))
        features.append(graph.op("Div", moment, mean))
    row = graph.op("Flatten", graph.op("Concat", *features, mean, axis=1))
    weights, bias = formulas.landmark_layer(count, dims)
    graph.output(graph.op("Gemm", row, graph.constant(weights), graph.constant(bias)), "fc1", (-1, count * dims))
    return graph


def _parser(_name: str) -> Graph:
    graph = Graph()
    crop = graph.input("input", (1, 3, 512, 512))
    mean = np.array([0.485, 0.456, 0.406], np.float32).reshape(1, 3, 1, 1)
    std = np.array([0.229, 0.224, 0.225], np.float32).reshape(1, 3, 1, 1)
    light = graph.op("Add", graph.op("Mul", crop, graph.constant(std)), graph.constant(mean))
    palette = formulas.palette_rgb()
    # The nearest colour has the largest 2 p.c - c.c.
    weights, bias = 20 * palette[:, :, None, None], -10 * (palette**2).sum(1)
    classes = graph.op("Conv", light, graph.constant(weights), graph.constant(bias))
    background = graph.constant(100.0 * ~formulas.chessboard(512)[None, None])
    first_class = graph.constant(np.eye(facts.CLASSES, dtype=np.float32)[:1].reshape(1, -1, 1, 1))
    classes = graph.op("Add", classes, graph.op("Mul", background, first_class))
    graph.output(classes, "output", (1, facts.CLASSES, 512, 512))
    return graph


def _occluder(_name: str) -> Graph:
    graph = Graph()
    crop = graph.input("input", (1, 256, 256, 3))
    sums = graph.op("MatMul", crop, graph.constant(formulas.OCCLUDER_WEIGHTS_BGR[:, None]))
    moved = graph.op("Add", sums, graph.constant(formulas.OCCLUDER_SHIFT))
    moved = graph.op("Mul", moved, graph.constant(1.0 * formulas.chessboard(256)[None, :, :, None]))
    graph.output(graph.op("Clip", moved, graph.constant(0.0), graph.constant(1.0)), "output", (1, 256, 256, 1))
    return graph


_OTHERS: dict[str, Callable[[str], Graph]] = {
    facts.RECOGNISER: _arcface,
    **dict.fromkeys(facts.CONVERTERS, _converter),
    **dict.fromkeys(facts.LANDMARKS, _landmarks),
    **dict.fromkeys(facts.PARSERS, _parser),
    **dict.fromkeys(facts.OCCLUDERS, _occluder),
}
