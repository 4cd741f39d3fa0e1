"""Room: runtime. A TensorRT plan, loaded: what goes in, what comes out, how much memory. Runs nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.backend import TensorSpec
from mirror_app.runtime.cuda import Card, Held
from mirror_app.runtime.trt_library import TrtLibrary

# What TensorRT and CUDA take for themselves with the first network; an estimate, to be measured on cards.
_OVERHEAD_BYTES: Final = 256 * 2**20
_HOST_TYPES: Final = ("float32", "float16")


@dataclass(frozen=True, slots=True)
class Port:
    """One input or output of a plan.

    Attributes:
        spec: As the outside sees it: a batch of -1 where several sizes fit.
        most: Its largest shape.
        is_input: Which of the two.
    """

    spec: TensorSpec
    most: tuple[int, ...]
    is_input: bool

    @property
    def most_bytes(self) -> int:
        """How much memory it can need."""
        return math.prod(self.most) * np.dtype(self.spec.dtype).itemsize


class TrtEngine:
    """A plan on the card. The card must be current whenever this is used."""

    def __init__(self, plan: bytes, name: str, library: TrtLibrary, card: Card) -> None:
        """Load a plan, after a look at whether it fits.

        Args:
            plan: What the builder made, checked by `plan_file`: a plan is code.
            name: What to call it in messages.
            library: TensorRT.
            card: Where to.

        Raises:
            ModelError: There is no room, TensorRT refuses it, or it has tensors that the app cannot feed.
        """
        self.name, self._library, self._card = name, library, card
        self._see_that_there_is_room(len(plan) + _OVERHEAD_BYTES)
        # TensorRT's own objects get no names: a traceback would keep them until the card is no longer current.
        self._held = Held(card, library.runtime())
        self._held.things.append(self._held.things[0].deserialize_cuda_engine(plan))
        if self._engine is None:
            raise ModelError(
                "TensorRT {version} does not load the plan of {name}. Close other programs that use the card, or build"
                " the plan again. ({why})",
                version=library.version,
                name=name,
                why=library.complaints() or "no reason given",
            )
        names = [self._engine.get_tensor_name(index) for index in range(self._engine.num_io_tensors)]
        self.ports = tuple(self._port(name, self._most_batch(names)) for name in names)

    @property
    def _engine(self) -> Any:
        return self._held.things[1]

    def context(self) -> Held:
        """Something that runs the plan, with working memory of its own; its only thing.

        Raises:
            ModelError: There is no room for it.
        """
        working_bytes = int(self._engine.device_memory_size_v2)
        self._see_that_there_is_room(working_bytes + sum(port.most_bytes for port in self.ports))
        made = Held(self._card, self._engine.create_execution_context())
        if made.things[0] is None:
            raise self.failure()
        return made

    def failure(self) -> ModelError:
        """The error to raise when TensorRT said no, with what it logged."""
        return ModelError(
            "The network {name} failed on the graphics card {card}. Close other programs that use the card, or run"
            " this network on the CPU. ({why})",
            name=self.name,
            card=self._card.name,
            why=self._library.complaints() or "no reason given",
        )

    def _see_that_there_is_room(self, needed: int) -> None:
        free = self._card.free_bytes()
        if free < needed:
            raise ModelError(
                "{name} needs about {needed} MB of the graphics card {card}, where {free} MB are free. Close other"
                " programs that use the card.",
                name=self.name,
                needed=-(-needed // 2**20),
                card=self._card.name,
                free=free // 2**20,
            )

    def _port(self, name: str, most_batch: int) -> Port:
        module = self._library.module
        shape = tuple(int(size) for size in self._engine.get_tensor_shape(name))
        try:
            dtype = np.dtype(module.nptype(self._engine.get_tensor_dtype(name))).name
        # TensorRT's way to say that NumPy has no such type.
        except TypeError:
            dtype = str(self._engine.get_tensor_dtype(name))
        on_card = self._engine.get_tensor_location(name) == module.TensorLocation.DEVICE
        if dtype not in _HOST_TYPES or not shape or -1 in shape[1:] or not on_card:
            raise ModelError(
                "The network {name} has a tensor of a kind that mirror-app cannot handle: {tensor}, {kind}.",
                name=self.name,
                tensor=name,
                kind=f"{dtype} {shape}",
            )
        most = tuple(most_batch if size == -1 else size for size in shape)
        return Port(TensorSpec(name, shape, dtype), most, self._is_input(name))

    def _is_input(self, name: str) -> bool:
        return bool(self._engine.get_tensor_mode(name) == self._library.module.TensorIOMode.INPUT)

    def _most_batch(self, names: list[str]) -> int:
        """The largest batch that every input with a free one takes."""
        inputs = [name for name in names if self._is_input(name)]
        free = [name for name in inputs if tuple(self._engine.get_tensor_shape(name))[:1] == (-1,)]
        return min((int(self._engine.get_tensor_profile_shape(name, 0)[2][0]) for name in free), default=1)
