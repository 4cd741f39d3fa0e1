"""Room: runtime. The seam behind which a network runs. Knows tensors, not faces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Feeds = Mapping[str, NDArray[np.float32]]
"""What `InferenceBackend.run` takes: an array for each input."""


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """One input or output.

    Attributes:
        name: As the file names it.
        shape: -1 where any size fits.
        dtype: NumPy's name of its numbers.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str = "float32"


class InferenceBackend(Protocol):
    """A loaded network on some device. Not safe for two threads at once."""

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What `run` wants."""

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What `run` gives, in this order."""

    @property
    def device(self) -> str:
        """Where it runs, for people: "CPU", "NVIDIA GeForce RTX 3060"."""

    def run(self, feeds: Feeds) -> list[NDArray[np.float32]]:
        """Run the network once.

        Args:
            feeds: One array per input, float32 whatever the input's own type is; contiguous.

        Returns:
            One float32 array per output. They may be overwritten at the next `run`: copy what must outlive it.

        Raises:
            ModelError: The network failed.
        """
