"""Room: tests. Safeguards to take away. Whose context is current, what errors say, who is asked first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from mirror_app.runtime import cuda
from mirror_app.runtime.cuda import Card, CudaStream
from mirror_app.runtime.trt_door import TrtDoor
from tests.fake_cuda.mutations.mutant import CARD, CHAIN, TRT, Mutants, edited, nothing


def _no_push() -> None:
    @contextmanager
    def current(self: Card) -> Iterator[None]:
        with self.telling():
            yield

    Card.current = current  # type: ignore[method-assign]


def _no_pop() -> None:
    @contextmanager
    def current(self: Card) -> Iterator[None]:
        with self.telling():
            self.context.push()
            yield

    Card.current = current  # type: ignore[method-assign]


def _no_pop_after_errors() -> None:
    @contextmanager
    def current(self: Card) -> Iterator[None]:
        with self.telling():
            self.context.push()
            yield
            self.context.pop()

    Card.current = current  # type: ignore[method-assign]


def _no_push_when_dropped() -> None:
    def dropped(card: Card, things: list[Any]) -> None:
        things.clear()

    cuda._dropped = dropped


def _context_never_given_back() -> None:
    cuda._give_back = nothing


def _context_left_current() -> None:
    def give_back(context: Any, _: Any) -> None:
        context.push()
        context.detach()

    cuda._give_back = give_back  # type: ignore[assignment]


def _no_child_first() -> None:
    from mirror_app.runtime.child import Answer
    from mirror_app.runtime.trt_door import TrtDoor

    whole = TrtDoor.open

    def opened(self: TrtDoor, plan: bytes, name: str) -> Any:
        self._answer = Answer(("", "", "0", "", ""), "")
        return whole(self, plan, name)

    TrtDoor.open = opened  # type: ignore[method-assign]


def _graphs_dropped_without_context() -> None:
    def destroyed(stream: CudaStream, graph: Any, kept: list[object]) -> None:
        stream.card.bindings.cuGraphExecDestroy(graph)
        kept.clear()

    cuda._destroyed = destroyed


MUTANTS: Final[Mutants] = {
    "no context pushed": (_no_push, TRT + "it_runs_in_whatever_thread"),
    "no context popped": (_no_pop, CARD + "the_context_is_current_only_inside"),
    "no context popped after errors": (_no_pop_after_errors, CARD + "a_context_is_popped_also_after_an_error"),
    "no context pushed to drop things": (_no_push_when_dropped, CARD + "things_may_be_dropped_in_another_thread"),
    "context never given back": (_context_never_given_back, CARD + "the_card_is_given_back_when_nothing_needs_it"),
    "context left current": (_context_left_current, CARD + "the_card_is_given_back_when_nothing_needs_it"),
    "no child asked first": (_no_child_first, CHAIN + "what_ended_the_child_is_kept_out_of_this_process"),
    "no context pushed to drop graphs": (
        _graphs_dropped_without_context,
        CARD + "a_graph_may_be_dropped_in_another_thread",
    ),
    "pycuda's errors as they are": (
        edited(Card, "telling", "raise self._failed(error) from error", "raise"),
        CARD + "a_lost_card_is_said_so",
    ),
    "full card called broken": (
        edited(Card, "telling", "raise self._full(error) from error", "raise self._failed(error) from error"),
        CARD + "too_little_memory_is_said_so",
    ),
    "missing card called broken": (
        edited(Card, "telling", "if str(error).startswith(_NOT_INITIALISED):", "if False:"),
        CARD + "no_card_is_said_so",
    ),
    "lost card not recognised": (
        edited(Card, "_is_lost", "return True", "return False"),
        CARD + "a_lost_card_is_said_so",
    ),
    "codes unchecked": (
        edited(Card, "checked", "if code != self.bindings.CUresult.CUDA_SUCCESS:", "if False:"),
        TRT + "a_call_of_a_frame_that_fails",
    ),
    "code of a full card unchecked": (
        edited(Card, "checked", "if code == self.bindings.CUresult.CUDA_ERROR_OUT_OF_MEMORY:", "if False:"),
        CARD + "each_step_of_a_capture_may_fail",
    ),
    "context left pushed by what is dropped": (
        edited(cuda, "_dropped", "card.context.pop()", "pass"),
        CARD + "things_may_be_dropped_in_another_thread",
    ),
    "context left pushed by dropped graphs": (
        edited(cuda, "_destroyed", "card.context.pop()", "pass"),
        CARD + "a_graph_may_be_dropped_in_another_thread",
    ),
    "library before the driver": (
        edited(
            TrtDoor,
            "open",
            "card = Card()\n        self._opened = open_library(), card",
            "self._opened = open_library(), Card()",
        ),
        CHAIN + "the_driver_is_asked_before_tensorrt",
    ),
}
