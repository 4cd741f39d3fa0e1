"""Room: runtime. What one run of a network costs, as numbers. Data only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NetworkCost:
    """One run for one face or picture.

    Attributes:
        macs: Multiplications with an addition.
        weights: Numbers that the network has learnt, as far as it uses them.
        inputs: Numbers that go in.
        outputs: Numbers that come out.
        moved: Numbers between its steps that are written or read, when number-by-number steps are done in the step
            before; `inputs` and `outputs` are in it.
        peak: The most such numbers that are there at once.
    """

    macs: int
    weights: int
    inputs: int
    outputs: int
    moved: int
    peak: int
