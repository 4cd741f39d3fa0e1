"""Room: tests. Floors of known networks on a card of round numbers, and which of their parts counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mirror_app.runtime.card_figures import CardFigures
from mirror_app.runtime.network_cost import NetworkCost
from mirror_app.tools.budget.floor import Assumed, memory_bytes, network_floor

# 1e12 multiplications a second in FP16, 100 GB/s, 10 GB/s over PCI Express.
CARD = CardFigures(
    "a card", 10, 1000, {"fp16": 100, "fp16_summed_in_fp32": 50, "fp32": 25, "int8": 200}, 100.0, 2**33, 10.0, "a test"
)
ASSUMED = Assumed(launch_us=20.0, copy_us=5.0, context_bytes=10**8)
HEAVY = NetworkCost(macs=10**10, weights=10**8, inputs=10**5, outputs=10**5, moved=10**7, peak=10**6)


@pytest.mark.parametrize(
    ("precision", "multiply", "exact", "memory", "between"),
    [
        # 10 G at 1 T/s; 200 MB of weights and 0.8 MB of ports at 100 GB/s; 20 MB on the way, the ports among them.
        ("fp16", 10.0, 20.0, 2.008, 0.192),
        ("fp32", 40.0, 40.0, 4.008, 0.392),
        ("int8", 5.0, 5.0, 1.008, 0.092),
    ],
)
def test_every_part_of_a_floor_is_its_share_of_what_the_card_can_do(
    precision: str, multiply: float, exact: float, memory: float, between: float
) -> None:
    floor = network_floor(HEAVY, precision, CARD, ASSUMED)
    assert (floor.multiply_ms, floor.multiply_exact_ms) == pytest.approx((multiply, exact))
    assert (floor.memory_ms, floor.between_ms) == pytest.approx((memory, between))
    # 0.8 MB at 10 GB/s and two beginnings; one launch.
    assert (floor.copy_ms, floor.launch_ms) == pytest.approx((0.09, 0.02))
    assert floor.total_ms == pytest.approx(multiply + 0.11)
    assert floor.usual_ms == pytest.approx(exact + 0.11)


def test_where_the_memory_is_the_narrowest_place_it_counts() -> None:
    floor = network_floor(replace(HEAVY, macs=1000), "fp16", CARD, ASSUMED)
    assert floor.total_ms == pytest.approx(2.008 + 0.11)
    assert floor.usual_ms == pytest.approx(2.2 + 0.11)


def test_a_network_without_steps_between_moves_nothing_between() -> None:
    assert network_floor(replace(HEAVY, moved=0), "fp16", CARD, ASSUMED).between_ms == 0


@pytest.mark.parametrize(("precision", "number"), [("fp16", 2), ("fp32", 4), ("int8", 1)])
def test_the_memory_holds_the_weights_what_is_on_the_way_and_the_ports(precision: str, number: int) -> None:
    assert memory_bytes(HEAVY, precision) == number * 101_000_000 + 800_000
