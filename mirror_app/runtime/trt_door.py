"""Room: runtime. The way to TensorRT: tried in a child process first, then opened once. Chooses no device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mirror_app.domain.errors import MirrorError, ModelError
from mirror_app.runtime.backend import Feeds
from mirror_app.runtime.child import Answer, Question, ask_child
from mirror_app.runtime.cuda import Card
from mirror_app.runtime.trt import TrtBackend
from mirror_app.runtime.trt_library import TrtLibrary, open_library


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A network that was built for TensorRT.

    Attributes:
        read_plan: Reads the plan, after the checks of `plan_file`; raises ModelError.
        samples: Three inputs of one face or picture, for the comparison with ONNX Runtime.
        is_embedding: The output is a vector of which only the direction counts.
    """

    read_plan: Callable[[], bytes]
    samples: tuple[Feeds, ...]
    is_embedding: bool = False


class TrtDoor:
    """TensorRT and the card, for all networks of the process. Nothing is loaded until the first one is opened."""

    def __init__(self, ask: Callable[[Question], Answer] = ask_child) -> None:
        """Load nothing yet.

        Args:
            ask: Calls a function in a child process.
        """
        self._ask = ask
        self._opened: tuple[TrtLibrary, Card] | None = None
        self._trouble: str | None = None

    def open(self, plan: bytes, name: str) -> TrtBackend:
        """Load a plan.

        Args:
            plan: What the builder made, checked: a plan is code.
            name: What to call it in messages.

        Raises:
            MirrorError: TensorRT does not work here, or the plan does not.
        """
        if self._trouble is None:
            self._trouble = self._ask(try_tensorrt).trouble
        if self._trouble:
            raise ModelError("TensorRT does not work on this computer: {why}", why=self._trouble)
        if self._opened is None:
            # The driver first: TensorRT can end the process where there is none.
            card = Card()
            self._opened = open_library(), card
        return TrtBackend(plan, name, *self._opened)


def try_tensorrt() -> list[str]:
    """Start all that is needed, for a child process, which a broken installation may end.

    Returns:
        The card's name and TensorRT's version.

    Raises:
        MirrorError: Something is missing or does not start.
    """
    try:
        card = Card()
        library = open_library()
        with card.current():
            library.runtime()
    except MirrorError as error:
        # The parent shows the last line.
        raise SystemExit(str(error)) from error
    return [card.name, library.version]
