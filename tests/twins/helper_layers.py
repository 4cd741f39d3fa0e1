"""Room: tests. Detectors, recogniser, landmarks, masks and converters with random weights, at any width."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from tests.twins import facts
from tests.twins.layers import Layers

_R50_BLOCKS = (3, 4, 14, 3)


def detector(graph: Layers, name: str, width: float) -> None:
    """SCRFD's plan: a backbone, a pyramid of three maps, a shared head; nine outputs, scores after a sigmoid.

    A score's bias is what focal loss starts from, so that random weights see no face.
    """
    model = facts.DETECTORS[name]
    tensor, inside, side = graph.input(model.input, (1, 3, -1, -1)), 3, 640
    neck = _channels(64, width)
    maps = []
    for outside in (_channels(count, width) for count in (28, 56, 88, 88, 224)):
        side //= 2
        tensor = graph.op("Relu", graph.batch_norm(graph.conv(tensor, (inside, outside), side, stride=2), outside))
        tensor = graph.op("Relu", graph.batch_norm(graph.conv(tensor, (outside, outside), side), outside))
        inside = outside
        if side <= 80:
            maps.append(graph.conv(tensor, (outside, neck), side, 1))
    for level in (1, 0):
        maps[level] = graph.op("Add", maps[level], graph.doubled(maps[level + 1]))
    outputs: dict[int, list[str]] = {1: [], 4: [], 10: []}
    for tensor, stride in zip(maps, facts.STRIDES, strict=True):
        tower = graph.op("Relu", graph.conv(tensor, (neck, neck), 640 // stride))
        for width_out, bias in ((1, -6.0), (4, 2.0), (10, 0.0)):
            raw = graph.conv(tower, (neck, 2 * width_out), 640 // stride, gain=0.1, bias=bias)
            rows = graph.op("Reshape", graph.op("Transpose", raw, perm=[2, 3, 0, 1]), graph.integers(-1, width_out))
            outputs[width_out].append(graph.op("Sigmoid", rows) if width_out == 1 else rows)
    tensors = [tensor for kind in outputs.values() for tensor in kind]
    for tensor, name_out, width_out in zip(tensors, model.outputs, (1,) * 3 + (4,) * 3 + (10,) * 3, strict=True):
        graph.output(tensor, name_out, (-1, width_out))


def recogniser(graph: Layers, _name: str, width: float) -> None:
    """IResNet-50, the network of w600k_r50: 43.6 million parameters at full width, as its file's size tells."""
    crop = graph.input("input.1", (-1, 3, 112, 112))
    stem = _channels(64, width)
    tensor = graph.prelu(graph.batch_norm(graph.conv(crop, (3, stem), 112), stem), stem)
    inside, side = stem, 112
    for blocks, outside in zip(_R50_BLOCKS, (_channels(count, width) for count in (64, 128, 256, 512)), strict=True):
        side //= 2
        for block in range(blocks):
            stride = 1 if block else 2
            tensor = _residual(graph, tensor, (inside, outside), side, stride)
            inside = outside
    row = graph.op("Flatten", graph.batch_norm(tensor, inside))
    vector = graph.dense(row, inside * side * side, 512)
    graph.output(graph.batch_norm(vector, 512), "683", (-1, 512))


def _residual(graph: Layers, tensor: str, channels: tuple[int, int], side: int, stride: int) -> str:
    inside, outside = channels
    inner = graph.conv(graph.batch_norm(tensor, inside), channels, side * stride)
    inner = graph.prelu(graph.batch_norm(inner, outside), outside)
    inner = graph.batch_norm(graph.conv(inner, (outside, outside), side, stride=stride, gain=0.5), outside)
    if stride > 1:
        tensor = graph.batch_norm(graph.conv(tensor, channels, side, 1, stride), outside)
    return graph.op("Add", tensor, inner)


def landmarks(graph: Layers, name: str, width: float) -> None:
    """Batch norm on the raw picture, strided convolutions, one matrix to the points."""
    count, steps = (106 * 2, (16, 32, 64, 128, 256)) if name == "landmarks_2d106" else (3309, (64, 128, 256, 512, 1024))
    crop = graph.input("data", (-1, 3, 192, 192))
    scale = [graph.constant(np.full(3, value, np.float32)) for value in (1 / 128, -127.5 / 128, 0.0, 1.0)]
    tensor, inside, side = graph.op("BatchNormalization", crop, *scale, name="bn_data"), 3, 192
    for outside in (_channels(step, width) for step in steps):
        side //= 2
        tensor = graph.prelu(graph.conv(tensor, (inside, outside), side, stride=2), outside)
        tensor = graph.prelu(graph.conv(tensor, (outside, outside), side), outside)
        inside = outside
    graph.output(graph.dense(graph.pooled(tensor), inside, count), "fc1", (-1, count))


def parser(graph: Layers, name: str, width: float) -> None:
    """BiSeNet on a residual network: a sixteenth of the side, then classes enlarged to the whole."""
    blocks = (2, 2, 2) if name.endswith("18") else (4, 6, 3)
    steps = [_channels(count, width) for count in (64, 128, 256, 512)]
    crop = graph.input("input", (1, 3, 512, 512))
    tensor = graph.op("Relu", graph.batch_norm(graph.conv(crop, (3, steps[0]), 256, 7, 2), steps[0]))
    side = 256
    for depth, channels in zip(blocks, pairwise(steps), strict=True):
        side //= 2
        for block in range(depth):
            pair = channels if not block else (channels[1], channels[1])
            tensor = _residual(graph, tensor, pair, side, 1 if block else 2)
    fused = graph.op("Relu", graph.conv(tensor, (steps[-1], steps[1]), side))
    classes = graph.conv(fused, (steps[1], facts.CLASSES), side, 1)
    for _ in range(4):
        classes = graph.doubled(classes)
    graph.output(classes, "output", (1, facts.CLASSES, 512, 512))


def occluder(graph: Layers, _name: str, width: float) -> None:
    """XSeg: a U-net on pictures whose colours come last."""
    crop = graph.input("input", (1, 256, 256, 3))
    tensor, inside, side = graph.op("Transpose", crop, perm=[0, 3, 1, 2]), 3, 256
    steps = [_channels(count, width) for count in (32, 64, 128, 256, 256, 256)]
    kept = []
    for outside in steps:
        tensor = graph.op("Relu", graph.conv(tensor, (inside, outside), side))
        tensor = graph.op("Relu", graph.conv(tensor, (outside, outside), side))
        kept.append((tensor, outside, side))
        tensor = graph.op("MaxPool", tensor, kernel_shape=[2, 2], strides=[2, 2])
        inside, side = outside, side // 2
    for skip, outside, size in reversed(kept):
        tensor = graph.conv(graph.doubled(tensor), (inside, outside), size)
        joined = graph.op("Concat", tensor, skip, axis=1)
        tensor = graph.op("Relu", graph.conv(joined, (2 * outside, outside), size))
        inside = outside
    mask = graph.op("Sigmoid", graph.conv(tensor, (inside, 1), 256))
    graph.output(graph.op("Transpose", mask, perm=[0, 2, 3, 1]), "output", (1, 256, 256, 1))


def converter(graph: Layers, _name: str, width: float) -> None:
    """Four matrices, as the published file's 22 MB suggest."""
    tensor = graph.input("input", (1, 512))
    steps = [512, *(_channels(count, width) for count in (1024, 2048, 1024)), 512]
    for inside, outside in pairwise(steps):
        tensor = graph.dense(tensor, inside, outside)
        tensor = graph.leaky(tensor) if outside != 512 else tensor
    graph.output(tensor, "output", (1, 512))


def _channels(count: int, width: float) -> int:
    return max(round(count * width), 4)
