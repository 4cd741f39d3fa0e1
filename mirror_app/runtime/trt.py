"""Room: runtime. Networks through TensorRT. Builds no plans and chooses no device; see `factory`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.domain.sentence import Sentence
from mirror_app.runtime.backend import TensorSpec
from mirror_app.runtime.cuda import Card
from mirror_app.runtime.trt_engine import TrtEngine
from mirror_app.runtime.trt_lane import Lane
from mirror_app.runtime.trt_library import TrtLibrary

PROVIDER = "TensorRT"


class TrtBackend:
    """A plan, loaded. Each batch size gets places in memory and a graph of its own when it is first asked for."""

    def __init__(self, plan: bytes, name: str, library: TrtLibrary, card: Card, *, graphs: bool = True) -> None:
        """Load a plan, and make it ready for one face or picture.

        Args:
            plan: What the builder made, checked by `plan_file`: a plan is code.
            name: What to call it in messages.
            library: TensorRT.
            card: Where to run.
            graphs: Capture what is done per frame, so that one call does it.

        Raises:
            ModelError: The card has no room, or TensorRT refuses the plan.
        """
        self._name, self._card, self._graphs = name, card, graphs
        self._lanes: dict[int, Lane] = {}
        self.note = ""
        with card.current():
            self._engine = TrtEngine(plan, name, library, card)
            free = [port.most[0] for port in self._engine.ports if port.is_input and port.spec.shape[0] == -1]
            self._most = min(free, default=0)
            self._lane(1)

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What `run` wants."""
        return tuple(port.spec for port in self._engine.ports if port.is_input)

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What `run` gives, in this order."""
        return tuple(port.spec for port in self._engine.ports if not port.is_input)

    @property
    def device(self) -> str:
        """Where it runs, for people."""
        return self._card.name

    @property
    def providers(self) -> tuple[str, ...]:
        """What really runs the network."""
        return (PROVIDER,)

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """Run the network once; see `InferenceBackend.run`. The arrays stay until the run after the next one."""
        batch = self._batch(feeds)
        if self._most and batch > self._most:
            return self._in_parts(feeds, batch)
        with self._card.current():
            return self._lane(batch).run(feeds)

    def _in_parts(self, feeds: Mapping[str, NDArray[np.float32]], batch: int) -> list[NDArray[np.float32]]:
        """More than the plan takes at once."""
        free = {spec.name for spec in self.inputs if spec.shape[0] == -1}
        parts = []
        for first in range(0, batch, self._most):
            some = slice(first, first + self._most)
            part = {name: array[some] if name in free else array for name, array in feeds.items()}
            parts.append([output.copy() for output in self.run(part)])
        return [np.concatenate(outputs) for outputs in zip(*parts, strict=True)]

    def _lane(self, batch: int) -> Lane:
        if batch not in self._lanes:
            lane = Lane(self._engine, self._card, batch, graphs=self._graphs)
            if lane.trouble is not None:
                self._graphs = False
                self.note = Sentence(
                    "{name} runs without a CUDA graph, which takes a little longer: {why}",
                    name=self._name,
                    why=lane.trouble.sentence,
                )
            self._lanes[batch] = lane
        return self._lanes[batch]

    def _batch(self, feeds: Mapping[str, NDArray[np.float32]]) -> int:
        """The batch size of the feeds, after a look at whether they fit.

        Raises:
            ModelError: They do not.
        """
        specs = {spec.name: spec for spec in self.inputs}
        batches = {array.shape[0] for name, array in feeds.items() if name in specs and specs[name].shape[0] == -1}
        batch = next(iter(batches), 1)
        wanted = {
            name: (batch if spec.shape[0] == -1 else spec.shape[0], *spec.shape[1:]) for name, spec in specs.items()
        }
        got = {name: array.shape for name, array in feeds.items()}
        if got != wanted or batch < 1:
            raise ModelError("The network {name} failed: {why}", name=self._name, why=f"expected {wanted}, got {got}")
        return int(batch)
