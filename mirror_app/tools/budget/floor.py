"""Room: tools. The least time and memory that a card needs for a network. Reckons only; measures nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mirror_app.runtime.card_figures import CardFigures, above_zero
from mirror_app.runtime.data_table import DataTable
from mirror_app.runtime.network_cost import NetworkCost

NUMBER_BYTES: Final = {"fp16": 2, "fp32": 4, "int8": 1}
_PORT_BYTES: Final = 4
"""Of a number that goes in or comes out: plans keep FP32 there."""
_COPIES: Final = 2


@dataclass(frozen=True, slots=True)
class Assumed:
    """What no card's data sheet says.

    Attributes:
        launch_us: To launch a graph and to be told that it is done.
        copy_us: For a copy over PCI Express to begin.
        context_bytes: Of the card's memory that CUDA and TensorRT take for themselves.
    """

    launch_us: float
    copy_us: float
    context_bytes: int


def read_assumed(table: DataTable) -> Assumed:
    """Read the table `assumed`.

    Raises:
        ModelError: It is damaged.
    """
    return Assumed(
        above_zero(table, "launch_us"), above_zero(table, "copy_us"), above_zero(table, "context_mb", int) * 10**6
    )


@dataclass(frozen=True, slots=True)
class NetworkFloor:
    """One run for one face, ms.

    Attributes:
        multiply_ms: For the multiplications; with sums in FP16 where the network is in FP16, the fastest there is.
        multiply_exact_ms: The same with sums in FP32.
        memory_ms: To read all weights once, and what goes in and comes out: nothing between leaves the chip.
        between_ms: To move, besides, what one step hands to the next, as builders usually do it.
        copy_ms: Over PCI Express, there and back.
        launch_ms: For the graph to begin and end.
    """

    multiply_ms: float
    multiply_exact_ms: float
    memory_ms: float
    between_ms: float
    copy_ms: float
    launch_ms: float

    @property
    def total_ms(self) -> float:
        """The least: multiplications and memory at the same time, everything else before or after.

        Only a kernel that multiplies less than the graph says (Winograd's) could go below.
        """
        return max(self.multiply_ms, self.memory_ms) + self.copy_ms + self.launch_ms

    @property
    def usual_ms(self) -> float:
        """What a good build may reach: sums in FP32, and every step through the card's memory."""
        return max(self.multiply_exact_ms, self.memory_ms + self.between_ms) + self.copy_ms + self.launch_ms


def network_floor(cost: NetworkCost, precision: str, card: CardFigures, assumed: Assumed) -> NetworkFloor:
    """Reckon a network.

    Args:
        cost: Of one run.
        precision: Of weights and multiplications, of `NUMBER_BYTES`.
        card: Where it runs.
        assumed: See there.
    """
    exact = "fp16_summed_in_fp32" if precision == "fp16" else precision
    ports_bytes = _PORT_BYTES * (cost.inputs + cost.outputs)
    weights_bytes = NUMBER_BYTES[precision] * cost.weights
    between_bytes = max(NUMBER_BYTES[precision] * cost.moved - ports_bytes, 0)
    return NetworkFloor(
        multiply_ms=1e3 * cost.macs / card.macs_per_s(precision),
        multiply_exact_ms=1e3 * cost.macs / card.macs_per_s(exact),
        memory_ms=(weights_bytes + ports_bytes) / card.memory_gb_per_s / 1e6,
        between_ms=between_bytes / card.memory_gb_per_s / 1e6,
        copy_ms=ports_bytes / card.pcie_gb_per_s / 1e6 + _COPIES * assumed.copy_us / 1e3,
        launch_ms=assumed.launch_us / 1e3,
    )


def memory_bytes(cost: NetworkCost, precision: str) -> int:
    """Of the card's memory, for a network at one face: weights, what is there at once on the way, and the ports."""
    return NUMBER_BYTES[precision] * (cost.weights + cost.peak) + _PORT_BYTES * (cost.inputs + cost.outputs)
