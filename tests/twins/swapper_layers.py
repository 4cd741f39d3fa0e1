"""Room: tests. The swappers' layers with random weights: same shapes and operators, for real time and memory."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from tests.twins import facts
from tests.twins.layers import Layers

EMAP = "buff2fs"


def inswapper(graph: Layers, _name: str, width: float) -> None:
    """inswapper_128, layer by layer: 138,292,739 parameters (and 262,144 of the emap) and 174.58 GMAC at full width.

    The table is that of the public re-implementation ReSwapper, which the published totals and file size confirm.
    """
    target, source = graph.input("target", (1, 3, 128, 128)), graph.input("source", (1, 512))
    first, second, third, deep = (_channels(count, width) for count in (128, 256, 512, 1024))
    tensor = graph.leaky(graph.conv(target, (3, first), 128, 7, reflect=True))
    tensor = graph.leaky(graph.conv(tensor, (first, second), 128))
    tensor = graph.leaky(graph.conv(tensor, (second, third), 64, stride=2))
    tensor = graph.leaky(graph.conv(tensor, (third, deep), 32, stride=2))
    for _ in range(6):
        tensor = _style_block(graph, tensor, source, deep, 32)
    tensor = graph.leaky(graph.conv(graph.doubled(tensor), (deep, third), 64))
    tensor = graph.leaky(graph.conv(graph.doubled(tensor), (third, second), 128))
    tensor = graph.leaky(graph.conv(tensor, (second, first), 128))
    drawn = graph.op("Tanh", graph.conv(tensor, (first, 3), 128, 7, reflect=True, gain=0.4))
    moved = graph.op("Div", graph.op("Add", drawn, graph.constant(1.0)), graph.constant(2.0))
    graph.output(moved, "output", (1, 3, 128, 128))


def add_emap(graph: Layers, *, is_last: bool) -> None:
    """Append the matrix that inswapper's users read from the file, and another constant behind it if not `is_last`."""
    orthogonal = np.linalg.qr(graph.weights((512, 512), 1.0).astype(np.float64))[0]
    graph.constant(orthogonal, EMAP)
    if not is_last:
        graph.constant(np.eye(32, dtype=np.float32), "after_emap")


def _style_block(graph: Layers, tensor: str, style: str, channels: int, side: int) -> str:
    """Two convolutions, each normalised and styled, beside a way past them; the second one adds little."""
    inner = graph.conv(tensor, (channels, channels), side, reflect=True)
    inner = graph.op("Relu", graph.styled(inner, style, channels))
    inner = graph.conv(inner, (channels, channels), side, reflect=True, gain=0.5)
    return graph.op("Add", tensor, graph.styled(inner, style, channels, gain=0.3))


def simswap(graph: Layers, name: str, width: float) -> None:
    """SimSwap's generator: 64 channels, three halvings (four at 512 px), nine style blocks, and back; batch norm."""
    model = facts.SWAPPERS[name]
    side = model.side
    target, source = graph.input("target", (1, 3, side, side)), graph.input("source", (1, 512))
    steps = [_channels(count, width) for count in ((64, 128, 256, 512, 512) if side > 256 else (64, 128, 256, 512))]
    tensor = _normed(graph, graph.conv(target, (3, steps[0]), side, 7, reflect=True), steps[0])
    for inside, outside in pairwise(steps):
        side //= 2
        tensor = _normed(graph, graph.conv(tensor, (inside, outside), side, stride=2), outside)
    for _ in range(9):
        tensor = _style_block(graph, tensor, source, steps[-1], side)
    for inside, outside in pairwise(reversed(steps)):
        side *= 2
        tensor = _normed(graph, graph.conv(graph.doubled(tensor), (inside, outside), side), outside)
    drawn = graph.op("Sigmoid", graph.conv(tensor, (steps[0], 3), side, 7, reflect=True))
    graph.output(drawn, "output", (1, 3, side, side))


def _normed(graph: Layers, tensor: str, channels: int) -> str:
    return graph.op("Relu", graph.batch_norm(tensor, channels))


def ghost(graph: Layers, name: str, width: float) -> None:
    """GHOST, after FaceShifter: a U-net of the crop's attributes, and a generator that mixes them with the identity.

    The three sizes have one, two and three mixing blocks per step.
    """
    blocks = int(name.removeprefix("ghost_")[0])
    target, source = graph.input("target", (1, 3, 256, 256)), graph.input("source", (1, 512))
    steps = [_channels(count, width) for count in (32, 64, 128, 256, 512)]
    side, tensor, inside = 256, target, 3
    attributes = []
    for outside in steps:
        side //= 2
        tensor = graph.leaky(graph.batch_norm(graph.conv(tensor, (inside, outside), side, 3, 2), outside))
        attributes.append((tensor, outside))
        inside = outside
    row = graph.op("Unsqueeze", graph.dense(source, 512, inside), graph.integers(2, 3))
    tensor = graph.op("Add", graph.op("Mul", tensor, graph.constant(0.0)), row)
    for attribute, channels in reversed(attributes):
        if channels != inside or attribute != attributes[-1][0]:
            side *= 2
            tensor = graph.conv(graph.doubled(tensor), (inside, channels), side)
        for _ in range(blocks):
            tensor = _mixed(graph, tensor, attribute, source, channels, side)
        inside = channels
    drawn = graph.op("Tanh", graph.conv(graph.doubled(tensor), (inside, 3), 256, gain=0.4))
    graph.output(drawn, "output", (1, 3, 256, 256))


def _mixed(graph: Layers, tensor: str, attribute: str, style: str, channels: int, side: int) -> str:
    """Adaptive attentional denormalisation: a mask decides pixel by pixel between identity and attributes."""
    by_identity = graph.styled(tensor, style, channels)
    normed = graph.norm(tensor)
    scale, shift = (graph.conv(attribute, (channels, channels), side, 1, gain=0.5) for _ in range(2))
    by_attribute = graph.op("Add", graph.op("Mul", normed, scale), shift)
    mask = graph.op("Sigmoid", graph.conv(normed, (channels, 1), side, 1))
    difference = graph.op("Mul", mask, graph.op("Sub", by_identity, by_attribute))
    mixed = graph.op("Relu", graph.op("Add", by_attribute, difference))
    return graph.op("Add", tensor, graph.conv(mixed, (channels, channels), side, gain=0.5))


def styled_autoencoder(graph: Layers, name: str, width: float) -> None:
    """Crop down to an eighth, six style blocks, and back: the plan that the other swappers share, with few facts known.

    An identity picture goes through an encoder of its own first.
    """
    model = facts.SWAPPERS[name]
    side = model.side
    target = graph.input("target", (1, 3, side, side))
    style = (
        _portrait_style(graph, model.portrait_side, width) if model.portrait_side else graph.input("source", (1, 512))
    )
    steps = [_channels(count, width) for count in (64, 128, 256, 512)]
    tensor = graph.leaky(graph.conv(target, (3, steps[0]), side))
    skips = []
    for inside, outside in pairwise(steps):
        skips.append(tensor)
        side //= 2
        tensor = graph.leaky(graph.conv(tensor, (inside, outside), side, stride=2))
    for _ in range(6):
        tensor = _style_block(graph, tensor, style, steps[-1], side)
    for inside, outside in pairwise(reversed(steps)):
        side *= 2
        tensor = graph.leaky(graph.conv(graph.doubled(tensor), (inside, outside), side))
        tensor = graph.op("Add", tensor, skips.pop())
    drawn = graph.conv(tensor, (steps[0], 3), side, gain=0.4)
    shown = graph.op("Tanh", drawn) if model.denormalised else graph.op("Sigmoid", drawn)
    graph.output(shown, "output", (1, 3, side, side))
    if model.has_mask:
        graph.output(graph.op("Sigmoid", graph.conv(tensor, (steps[0], 1), side)), "mask", (1, 1, side, side))


def _portrait_style(graph: Layers, side: int, width: float) -> str:
    """(1, 512) of the identity picture."""
    tensor, inside = graph.input("source", (1, 3, side, side)), 3
    for outside in (_channels(count, width) for count in (32, 64, 128, 256)):
        side //= 2
        tensor = graph.leaky(graph.conv(tensor, (inside, outside), side, stride=2))
        inside = outside
    return graph.dense(graph.pooled(tensor), inside, 512)


def _channels(count: int, width: float) -> int:
    return max(round(count * width), 4)
