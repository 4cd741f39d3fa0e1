"""Room: runtime. A network that goes on by other means when one fails while it runs. Opens none before it must."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.domain.sentence import Sentence
from mirror_app.runtime.backend import Feeds, InferenceBackend, TensorSpec

Opener = Callable[[], InferenceBackend]


class ChainBackend:
    """The best means first. What it looks like to the outside stays that of the first."""

    def __init__(self, first: InferenceBackend, others: Sequence[Opener], name: str) -> None:
        """Start with the first.

        Args:
            first: The best means.
            others: What opens the next ones; each may raise ModelError, which goes on to the one after it.
            name: What to call the network in messages.
        """
        self._now, self._others, self._name = first, list(others), name
        self._inputs, self._outputs = first.inputs, first.outputs
        self.note = ""

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What `run` wants."""
        return self._inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What `run` gives, in this order."""
        return self._outputs

    @property
    def device(self) -> str:
        """Where it runs now, for people."""
        return self._now.device

    @property
    def providers(self) -> tuple[str, ...]:
        """What really runs it now."""
        return tuple(getattr(self._now, "providers", ()))

    def run(self, feeds: Feeds) -> list[NDArray[np.float32]]:
        """Run the network once, by the next means if need be; see `InferenceBackend.run`. `note` tells of a change.

        Raises:
            ModelError: All means failed.
        """
        while True:
            try:
                return run_in_its_batches(self._now, feeds)
            except ModelError as error:
                if not self._others:
                    raise
                self._go_on(error)

    def _go_on(self, trouble: ModelError) -> None:
        """Open the next means that can be opened; the last one's trouble is raised."""
        before = self._now.device
        while self._others:
            try:
                self._now = self._others.pop(0)()
            except ModelError:
                if not self._others:
                    raise
            else:
                break
        self.note = Sentence(
            "{name} goes on with {now} instead of {before}: {why}",
            name=self._name,
            now=means(self._now),
            before=before,
            why=trouble.sentence,
        )


def means(backend: InferenceBackend) -> str:
    """What runs a network, for people."""
    provider = next(iter(getattr(backend, "providers", ())), "").removesuffix("ExecutionProvider")
    device = backend.device
    return f"{device} ({provider})" if provider and provider != device else device


def run_in_its_batches(backend: InferenceBackend, feeds: Feeds) -> list[NDArray[np.float32]]:
    """Run, one by one where the feeds hold more than a fixed batch of one."""
    ones = {spec.name for spec in backend.inputs if spec.shape[:1] == (1,)}
    count = max((len(feeds[name]) for name in ones & feeds.keys()), default=1)
    if count == 1:
        return backend.run(feeds)
    parts = []
    for index in range(count):
        one = {name: array[index : index + 1] if name in ones else array for name, array in feeds.items()}
        parts.append([output.copy() for output in backend.run(one)])
    return [np.concatenate(outputs) for outputs in zip(*parts, strict=True)]
