"""Room: tests. Layers with random weights, and what they cost. Knows operators, not models."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.twins.graph import Graph


class Layers(Graph):
    """A graph of seeded random layers.

    Attributes:
        macs: Multiplications of convolutions and matrix products so far.
        parameters: Numbers of layers so far.
    """

    def __init__(self, *, is_plan: bool = False) -> None:
        """Start an empty graph.

        Args:
            is_plan: Only count: no weight is drawn and nothing can be saved.
        """
        super().__init__()
        self._random = np.random.default_rng(20261122)
        self._is_plan = is_plan
        self.macs = self.parameters = 0

    def save(self, path: Path) -> Path:
        """Check the graph and write it; returns the path."""
        if self._is_plan:
            raise ValueError("a plan has no weights to save")
        return super().save(path)

    def layer_constant(self, values: NDArray[np.float32]) -> str:
        """A constant that counts as parameters."""
        self.parameters += values.size
        return "" if self._is_plan else self.constant(values)

    def weights(self, shape: tuple[int, ...], deviation: float) -> NDArray[np.float32]:
        """Normally distributed float32."""
        if self._is_plan:
            return np.broadcast_to(np.float32(0), shape)
        drawn = self._random.standard_normal(shape, np.float32)
        drawn *= np.float32(deviation)
        return drawn

    def conv(
        self,
        tensor: str,
        channels: tuple[int, int],
        side: int,
        kernel: int = 3,
        stride: int = 1,
        *,
        reflect: bool = False,
        gain: float = 1.0,
        bias: float = 0.0,
    ) -> str:
        """A convolution that keeps the side, or divides it by the stride.

        Args:
            tensor: What goes in.
            channels: In and out.
            side: Side of what comes out, px, for the count.
            kernel: Its side.
            stride: Step.
            reflect: Pad by reflection, in a node of its own; else with zeros.
            gain: Share of He's deviation that the weights have.
            bias: The same for every channel.
        """
        inside, outside = channels
        pad = kernel // 2
        if reflect:
            tensor = self.op("Pad", tensor, self.integers(0, 0, pad, pad, 0, 0, pad, pad), mode="reflect")
        kernels = self.weights((outside, inside, kernel, kernel), gain * np.sqrt(2 / (inside * kernel**2)))
        self.macs += kernels.size * side * side
        biases = self.layer_constant(np.full(outside, bias, np.float32))
        pads = [0 if reflect else pad] * 4
        return self.op("Conv", tensor, self.layer_constant(kernels), biases, strides=[stride, stride], pads=pads)

    def dense(self, tensor: str, inside: int, outside: int, bias: NDArray[np.float32] | None = None) -> str:
        """A matrix product with a bias, as exported: the matrix transposed."""
        matrix = self.weights((outside, inside), 1 / np.sqrt(inside))
        self.macs += matrix.size
        biases = np.zeros(outside, np.float32) if bias is None else bias
        return self.op("Gemm", tensor, self.layer_constant(matrix), self.layer_constant(biases), transB=1)

    def batch_norm(self, tensor: str, channels: int) -> str:
        """Batch normalisation as a trained network has it."""
        ones, zeros = np.ones(channels, np.float32), np.zeros(channels, np.float32)
        return self.op(
            "BatchNormalization", tensor, *(self.layer_constant(part) for part in (ones, zeros, zeros, ones))
        )

    def prelu(self, tensor: str, channels: int) -> str:
        """A leaky ReLU with a slope per channel."""
        return self.op("PRelu", tensor, self.layer_constant(np.full((channels, 1, 1), 0.25, np.float32)))

    def norm(self, tensor: str) -> str:
        """Instance normalisation written out as inswapper's file has it: no affine part, 1e-8 under the root."""
        centred = self.op("Sub", tensor, self.op("ReduceMean", tensor, axes=[2, 3]))
        power = self.op("ReduceMean", self.op("Mul", centred, centred), axes=[2, 3])
        spread = self.op("Sqrt", self.op("Add", power, self.constant(1e-8)))
        return self.op("Div", centred, spread)

    def styled(self, tensor: str, style: str, channels: int, *, gain: float = 1.0) -> str:
        """Normalise, then scale and shift each channel as the identity says.

        Args:
            tensor: (n, channels, h, w).
            style: (n, 512).
            channels: How many.
            gain: Mean of the scales.
        """
        bias = np.repeat(np.array([gain, 0], np.float32), channels)
        row = self.op("Unsqueeze", self.dense(style, 512, 2 * channels, bias), self.integers(2, 3))
        scale, shift = self.split(row, 1, channels, channels)
        return self.op("Add", self.op("Mul", self.norm(tensor), scale), shift)

    def leaky(self, tensor: str) -> str:
        """Leaky ReLU with the slope that all of these networks use."""
        return self.op("LeakyRelu", tensor, alpha=0.2)

    def doubled(self, tensor: str) -> str:
        """Twice the side, bilinear, corners not aligned."""
        scales = self.constant(np.array([1, 1, 2, 2], np.float32))
        return self.op(
            "Resize", tensor, "", scales, mode="linear", coordinate_transformation_mode="half_pixel"
        )  # fmt: skip

    def pooled(self, tensor: str) -> str:
        """(n, channels): means over the picture."""
        return self.op("Flatten", self.op("GlobalAveragePool", tensor))
