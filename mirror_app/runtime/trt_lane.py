"""Room: runtime. One network at one batch size: fixed places in memory, and one call that does everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.cuda import Card, CudaGraph, CudaStream, DeviceMemory, PinnedArray
from mirror_app.runtime.trt_engine import Port, TrtEngine

# The first run takes memory and chooses kernels, which cannot be captured (NVIDIA/TensorRT issue 2603).
_WARM_UPS: Final = 3
# Another thread that waits for the whole card breaks a capture, whatever its mode: the next one mostly works.
_TRIES: Final = 2
_SLOTS: Final = 2


class Slot:
    """Where the computer's memory meets the card. There are two: the last result stays while the next one is made."""

    def __init__(self, card: Card, ports: tuple[Port, ...], shapes: Mapping[str, tuple[int, ...]]) -> None:
        """Take the memory. The card must be current."""
        self.arrays = {
            port.spec.name: PinnedArray(card, shapes[port.spec.name], np.dtype(port.spec.dtype)).view()
            for port in ports
        }
        self.results = [
            self.arrays[port.spec.name]
            if port.spec.dtype == "float32"
            else np.empty(shapes[port.spec.name], np.float32)
            for port in ports
            if not port.is_input
        ]


class Lane:
    """A plan at one batch size: its own context, addresses that stay, and a graph for each slot where that works.

    Each graph has an execution context of its own batch size: a graph keeps the addresses and shapes it was made with.
    """

    def __init__(self, engine: TrtEngine, card: Card, batch: int, *, graphs: bool) -> None:
        """Make everything that is needed to run, and run it a few times. The card must be current.

        Args:
            engine: The plan.
            card: Where it lies.
            batch: Of all tensors whose batch is free.
            graphs: Whether to capture.

        Raises:
            ModelError: The card has no room, or the network fails there.
        """
        self._engine, self._card = engine, card
        self._ports = engine.ports
        self._stream = CudaStream(card)
        self._context = engine.context()
        shapes = {port.spec.name: _at(batch, port.spec.shape) for port in self._ports}
        self._memory = {port.spec.name: DeviceMemory(card, _bytes(port, shapes)) for port in self._ports}
        self._set_up(shapes)
        self._slots = [Slot(card, self._ports, shapes) for _ in range(_SLOTS)]
        self._graphs: list[CudaGraph] = []
        self._turn = 0
        self.trouble: ModelError | None = None
        self._warm_up()
        if graphs:
            self._capture()

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """Run once. The card must be current.

        Args:
            feeds: Of the inputs' own shapes.

        Returns:
            One array per output; they stay until the run after the next one.

        Raises:
            ModelError: The network failed.
        """
        slot = self._slots[self._turn]
        for port in self._ports:
            if port.is_input:
                np.copyto(slot.arrays[port.spec.name], feeds[port.spec.name], casting="unsafe")
        if self._graphs:
            self._graphs[self._turn].launch()
        else:
            self._ask_for_all(slot)
        self._stream.wait()
        self._turn = (self._turn + 1) % _SLOTS
        return self._results(slot)

    def _results(self, slot: Slot) -> list[NDArray[np.float32]]:
        outputs = [port.spec.name for port in self._ports if not port.is_input]
        for name, result in zip(outputs, slot.results, strict=True):
            if slot.arrays[name] is not result:
                np.copyto(result, slot.arrays[name])
        return list(slot.results)

    def _set_up(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        """Tell TensorRT shapes and addresses, once for good."""
        (context,) = self._context.things
        inputs = [port.spec.name for port in self._ports if port.is_input]
        said = [context.set_input_shape(name, shapes[name]) for name in inputs]
        said.append(not context.infer_shapes())
        said += [context.set_tensor_address(name, memory.address) for name, memory in self._memory.items()]
        true = {name: tuple(context.get_tensor_shape(name)) for name in shapes}
        # A traceback would keep it until the card is no longer current.
        del context
        if not all(said) or true != shapes:
            raise self._engine.failure()

    def _ask_for_all(self, slot: Slot) -> None:
        """Upload, network, download: asked for here, done later."""
        for port in self._ports:
            if port.is_input:
                self._stream.upload(self._memory[port.spec.name], slot.arrays[port.spec.name])
        if not self._context.things[0].execute_async_v3(self._stream.handle):
            raise self._engine.failure()
        for port in self._ports:
            if not port.is_input:
                self._stream.download(slot.arrays[port.spec.name], self._memory[port.spec.name])

    def _warm_up(self) -> None:
        for _ in range(_WARM_UPS):
            self._ask_for_all(self._slots[0])
        self._stream.wait()

    def _capture(self) -> None:
        """Record a graph for each slot. Where that does not work the lane runs without; `trouble` says why."""
        for attempt in range(1, _TRIES + 1):
            try:
                graphs = [self._captured(slot) for slot in self._slots]
                self._see_that_they_do_the_same(graphs)
            except ModelError as error:
                if attempt == _TRIES:
                    self.trouble = error
            else:
                self._graphs = graphs
                return

    def _captured(self, slot: Slot) -> CudaGraph:
        used = (slot, self._context, *self._memory.values())
        return self._stream.capture(lambda: self._ask_for_all(slot), *used)

    def _see_that_they_do_the_same(self, graphs: list[CudaGraph]) -> None:
        """Compare each graph with a run without, on numbers that are not all zero."""
        rng = np.random.default_rng(0)
        numbers = {port.spec.name: rng.random(self._slots[0].arrays[port.spec.name].shape) for port in self._ports}
        for slot, graph in zip(self._slots, graphs, strict=True):
            outputs = [slot.arrays[port.spec.name] for port in self._ports if not port.is_input]
            for port in self._ports:
                np.copyto(slot.arrays[port.spec.name], numbers[port.spec.name], casting="unsafe")
            self._ask_for_all(slot)
            self._stream.wait()
            expected = [output.copy() for output in outputs]
            for output in outputs:
                output.fill(np.nan)
            graph.launch()
            self._stream.wait()
            if not all(np.array_equal(a, b, equal_nan=True) for a, b in zip(outputs, expected, strict=True)):
                raise ModelError(
                    "The CUDA graph of {name} gives something else than the network.", name=self._engine.name
                )


def _at(batch: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(batch if size == -1 else size for size in shape)


def _bytes(port: Port, shapes: Mapping[str, tuple[int, ...]]) -> int:
    return int(np.prod(shapes[port.spec.name])) * np.dtype(port.spec.dtype).itemsize
