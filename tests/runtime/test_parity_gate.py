"""Room: tests. When a network is taken to say the same on two devices."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.backend import Feeds, TensorSpec
from mirror_app.runtime.parity_gate import parity, parity_trouble

_RAMP = np.linspace(-1, 1, 1000, dtype=np.float32).reshape(1, -1)


class Says:
    """A network that always gives the same."""

    inputs = (TensorSpec("x", (1, 1)),)
    outputs = (TensorSpec("y", (1, 1000)),)
    device = "CPU"

    def __init__(self, output: NDArray[np.float32]) -> None:
        self._output = output

    def run(self, feeds: Feeds) -> list[NDArray[np.float32]]:
        return [self._output]


def spiked(height: float) -> NDArray[np.float32]:
    """The ramp with one wrong number; its range is 2."""
    output = _RAMP.copy()
    output[0, 500] += height
    return output


@pytest.mark.parametrize(
    ("output", "is_embedding", "words"),
    [
        (_RAMP, False, ""),
        (spiked(0.038), False, ""),
        (spiked(0.042), False, "up to 2.10 %"),
        (_RAMP + np.float32(0.003), False, ""),
        (_RAMP + np.float32(0.0045), False, "0.225 % on average"),
        (_RAMP * np.float32(np.nan), False, "not finite"),
        (_RAMP * np.float32(np.inf), True, "not finite"),
        (_RAMP * 3, True, ""),
        (_RAMP[:, ::-1], True, "cosine -1.00000"),
    ],
)
def test_what_is_near_enough(output: NDArray[np.float32], is_embedding: bool, words: str) -> None:
    found = parity(Says(output), Says(_RAMP), [{}])
    assert words in parity_trouble(found, is_embedding=is_embedding)
    assert bool(words) == bool(parity_trouble(found, is_embedding=is_embedding))


def test_outputs_of_other_shapes_are_an_error() -> None:
    with pytest.raises(ModelError, match="other shapes"):
        parity(Says(_RAMP.T), Says(_RAMP), [{}])


def test_a_constant_output_is_compared_by_its_size() -> None:
    five = np.full((1, 4), 5, np.float32)
    assert parity_trouble(parity(Says(five), Says(five), [{}]), is_embedding=False) == ""
    assert parity_trouble(parity(Says(five + 1), Says(five), [{}]), is_embedding=False) != ""
