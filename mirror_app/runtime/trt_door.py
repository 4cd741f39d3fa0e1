"""Room: runtime. The way to TensorRT: tried in a child process first, then opened once. Chooses no device."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mirror_app.domain.errors import MirrorError, ModelError
from mirror_app.runtime.backend import Feeds
from mirror_app.runtime.child import Answer, Question, ask_child
from mirror_app.runtime.cuda import Card
from mirror_app.runtime.cuda_card import GraphicsCard, graphics_card
from mirror_app.runtime.parity_gate import Parity
from mirror_app.runtime.trt import TrtBackend
from mirror_app.runtime.trt_library import TrtLibrary, open_library


def _forget(_found: Parity) -> None:
    """Remember nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A network that was built for TensorRT.

    Attributes:
        plan: What the builder made, after the checks of `plan_file`: a plan is code.
        source: The network that it was made of: a file, or its content.
        samples: Makes inputs of one face or picture each, for the comparison with ONNX Runtime, by the network's own
            names of its inputs; None where that was done.
        is_embedding: The output is a vector of which only the direction counts.
        remember: Called with what a comparison found, when it was good enough.
    """

    plan: bytes
    source: Path | bytes
    samples: Callable[[tuple[str, ...]], Sequence[Feeds]] | None
    is_embedding: bool = False
    remember: Callable[[Parity], None] = _forget


Preparation = Callable[[], Prepared]
"""Reads what was built, or raises a MirrorError that says why it cannot be used."""


@dataclass(frozen=True, slots=True)
class TrtPlace:
    """Where plans run here.

    Attributes:
        card: The card.
        tensorrt: Version of the library.
    """

    card: GraphicsCard
    tensorrt: str


class TrtDoor:
    """TensorRT and the card, for all networks of the process. Nothing is loaded until the first one is opened."""

    def __init__(self, ask: Callable[[Question], Answer] = ask_child) -> None:
        """Load nothing yet.

        Args:
            ask: Calls a function in a child process.
        """
        self._ask = ask
        self._opened: tuple[TrtLibrary, Card] | None = None
        self._answer: Answer | None = None

    def place(self) -> TrtPlace:
        """The card and the library, as a child process found them: a broken installation can end the one that asks.

        Raises:
            ModelError: TensorRT does not work here.
        """
        if self._answer is None:
            self._answer = self._ask(try_tensorrt)
        if self._answer.trouble:
            raise ModelError("TensorRT does not work on this computer. ({why})", why=self._answer.trouble)
        name, capability, memory, cuda, tensorrt = self._answer.lines
        return TrtPlace(GraphicsCard(name, capability, int(memory), cuda), tensorrt)

    def open(self, plan: bytes, name: str) -> TrtBackend:
        """Load a plan.

        Args:
            plan: What the builder made, checked: a plan is code.
            name: What to call it in messages.

        Raises:
            MirrorError: TensorRT does not work here, or the plan does not.
        """
        self.place()
        if self._opened is None:
            # The driver first: TensorRT can end the process where there is none.
            card = Card()
            self._opened = open_library(), card
        return TrtBackend(plan, name, *self._opened)


def try_tensorrt() -> list[str]:
    """Start all that is needed, for a child process, which a broken installation may end.

    Returns:
        The card's name, compute capability, memory and newest CUDA, and TensorRT's version.

    Raises:
        SystemExit: Something is missing or does not start; the parent shows the sentence.
    """
    try:
        card = Card()
        library = open_library()
        with card.current():
            library.runtime()
    except MirrorError as error:
        raise SystemExit(str(error)) from error
    found = graphics_card() or GraphicsCard(card.name, "", 0, "")
    return [found.name, found.compute_capability, str(found.memory_bytes), found.cuda, library.version]
