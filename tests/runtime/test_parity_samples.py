"""Room: tests. The comparison with ONNX Runtime looks at each input and at each output."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.runtime.backend import Feeds, TensorSpec
from mirror_app.runtime.parity_gate import parity, parity_trouble


class Twice:
    """Gives its input two times, with something added to one of them for one of the inputs."""

    inputs = (TensorSpec("x", (1, 8)),)
    outputs = (TensorSpec("y", (1, 8)), TensorSpec("z", (1, 8)))
    device = "CPU"

    def __init__(self, wrong: tuple[int, int] | None = None) -> None:
        self._wrong, self._runs = wrong, -1

    def run(self, feeds: Feeds) -> list[NDArray[np.float32]]:
        self._runs += 1
        return [feeds["x"] + np.float32((self._runs, number) == self._wrong) for number in range(2)]


@pytest.mark.parametrize("wrong", [None, *((run, output) for run in range(3) for output in range(2))])
def test_each_input_counts_and_each_output(wrong: tuple[int, int] | None) -> None:
    samples = [{"x": np.linspace(0, 1, 8, dtype=np.float32)[None]} for _ in range(3)]
    found = parity(Twice(wrong), Twice(), samples)
    assert bool(parity_trouble(found, is_embedding=False)) == (wrong is not None)
    assert found.largest == pytest.approx(0 if wrong is None else 1)
