"""Room: tests. The safeguards of the runner, each with a way to take it away and the test that must notice."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from mirror_app.runtime import chain, cuda, factory, parity_gate, trt_lane
from mirror_app.runtime.cuda import Card, CudaStream
from mirror_app.runtime.parity_gate import Parity
from mirror_app.runtime.trt_engine import TrtEngine
from mirror_app.runtime.trt_lane import Lane


def _nothing(*_: object, **__: object) -> None:
    pass


def _no_wait() -> None:
    CudaStream.wait = _nothing  # type: ignore[method-assign]


def _no_wait_in_frames() -> None:
    whole = Lane.run

    def run(self: Lane, feeds: Any) -> Any:
        stream = self._stream
        wait, stream.wait = stream.wait, _nothing  # type: ignore[method-assign]
        try:
            return whole(self, feeds)
        finally:
            stream.wait = wait  # type: ignore[method-assign]

    Lane.run = run  # type: ignore[method-assign]


def _no_event_record() -> None:
    CudaStream.wait = lambda self: self._held.things[1].synchronize()  # type: ignore[method-assign]


def _no_event_wait() -> None:
    CudaStream.wait = lambda self: self._held.things[1].record(self._stream)  # type: ignore[method-assign]


def _wait_for_the_whole_card() -> None:
    CudaStream.wait = lambda self: self.card.pycuda.Context.synchronize()  # type: ignore[method-assign]


def _no_warm_up() -> None:
    Lane._warm_up = _nothing  # type: ignore[method-assign]


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
    cuda._give_back = _nothing


def _context_left_current() -> None:
    def give_back(context: Any, _: Any) -> None:
        context.push()
        context.detach()

    cuda._give_back = give_back  # type: ignore[assignment]


def _no_parity_check() -> None:
    factory.parity = lambda *_: Parity(True, 0.0, 0.0, float("inf"), 1.0)  # type: ignore[attr-defined]


def _trouble_unless(is_overlooked: Callable[[Parity, bool], bool]) -> None:
    whole = parity_gate.parity_trouble

    def trouble(found: Parity, *, is_embedding: bool) -> str:
        return "" if is_overlooked(found, is_embedding) else whole(found, is_embedding=is_embedding)

    factory.parity_trouble = trouble  # type: ignore[attr-defined]


def _no_finite_check() -> None:
    _trouble_unless(lambda found, _: not found.is_finite)


def _parity_blind_to_angles() -> None:
    _trouble_unless(lambda _, is_embedding: is_embedding)


def _global_capture() -> None:
    whole = CudaStream.capture

    class Bindings:
        def __init__(self, real: Any) -> None:
            self._real = real

        def __getattr__(self, name: str) -> Any:
            if name == "cuStreamBeginCapture":
                mode = self._real.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL
                return lambda stream, _: self._real.cuStreamBeginCapture(stream, mode)
            return getattr(self._real, name)

    def capture(self: CudaStream, work: Callable[[], None], *keep: object) -> Any:
        if not isinstance(self.card.bindings, Bindings):
            self.card.bindings = Bindings(self.card.bindings)
        return whole(self, work, *keep)

    CudaStream.capture = capture  # type: ignore[method-assign]


def _failed_capture_not_ended() -> None:
    CudaStream._discard = _nothing  # type: ignore[method-assign]


def _garbage_in_captures() -> None:
    class Gc:
        isenabled, enable, disable = gc.isenabled, gc.enable, staticmethod(_nothing)

    cuda.gc = Gc  # type: ignore[assignment, attr-defined]


def _graph_keeps_nothing() -> None:
    whole = cuda.CudaGraph.__init__

    def init(self: cuda.CudaGraph, stream: CudaStream, graph: Any, keep: tuple[object, ...]) -> None:
        whole(self, stream, graph, ())

    cuda.CudaGraph.__init__ = init  # type: ignore[method-assign]


def _graph_never_destroyed() -> None:
    cuda._destroyed = _nothing


def _recorded_never_destroyed() -> None:
    whole = CudaStream.capture

    def capture(self: CudaStream, work: Callable[[], None], *keep: object) -> Any:
        bindings = self.card.bindings
        destroy, bindings.cuGraphDestroy = bindings.cuGraphDestroy, _nothing
        try:
            return whole(self, work, *keep)
        finally:
            bindings.cuGraphDestroy = destroy

    CudaStream.capture = capture  # type: ignore[method-assign]


def _one_slot() -> None:
    trt_lane._SLOTS = 1  # type: ignore[misc]


def _one_try_to_capture() -> None:
    trt_lane._TRIES = 1  # type: ignore[misc]


def _capture_failure_not_told() -> None:
    whole = Lane._capture

    def capture(self: Lane) -> None:
        whole(self)
        self.trouble = None

    Lane._capture = capture  # type: ignore[method-assign]


def _enqueue_unchecked() -> None:
    class Always:
        """An execution context that always says yes."""

        def __init__(self, real: Any) -> None:
            self._real = real

        def execute_async_v3(self, stream: int) -> bool:
            self._real.execute_async_v3(stream)
            return True

    def ask_for_all(self: Lane, slot: Any) -> None:
        real = self._context.things[0]
        self._context.things[0] = Always(real)
        try:
            whole(self, slot)
        finally:
            self._context.things[0] = real

    whole = Lane._ask_for_all
    Lane._ask_for_all = ask_for_all  # type: ignore[method-assign]


def _graph_not_compared() -> None:
    Lane._see_that_they_do_the_same = _nothing  # type: ignore[method-assign]


def _room_not_checked() -> None:
    TrtEngine._see_that_there_is_room = _nothing  # type: ignore[method-assign]


def _pageable_memory() -> None:
    import numpy as np

    class Pageable:
        def __init__(self, card: Card, shape: tuple[int, ...], dtype: Any) -> None:
            self._array = np.zeros(shape, dtype)

        def view(self) -> Any:
            return self._array

    trt_lane.PinnedArray = Pageable  # type: ignore[assignment, attr-defined]


def _default_stream() -> None:
    CudaStream._stream = property(lambda self: None)  # type: ignore[assignment, method-assign]


def _no_upload() -> None:
    CudaStream.upload = _nothing  # type: ignore[method-assign]


def _no_download() -> None:
    CudaStream.download = _nothing  # type: ignore[method-assign]


def _chain_stops() -> None:
    chain.ChainBackend._go_on = lambda self, trouble: (_ for _ in ()).throw(trouble)  # type: ignore[method-assign]


def _no_child_first() -> None:
    from mirror_app.runtime.trt_door import TrtDoor

    whole = TrtDoor.open

    def opened(self: TrtDoor, plan: bytes, name: str) -> Any:
        self._trouble = ""
        return whole(self, plan, name)

    TrtDoor.open = opened  # type: ignore[method-assign]


CARD: Final = "test_card.py::test_"
TRT: Final = "test_trt.py::test_"
CHAIN: Final = "test_chain.py::test_"
MUTANTS: Final[dict[str, tuple[Callable[[], None], str]]] = {
    "no wait": (_no_wait, CARD + "numbers_come_back_once_they_were_waited_for"),
    "no wait in frames": (_no_wait_in_frames, TRT + "the_first_frame_is_right_too"),
    "no event recorded": (_no_event_record, CARD + "numbers_come_back_once_they_were_waited_for"),
    "no event waited for": (_no_event_wait, TRT + "the_first_frame_is_right_too"),
    "waits for the whole card": (_wait_for_the_whole_card, TRT + "a_frame_is_one_launch_and_one_wait"),
    "no warm-up": (_no_warm_up, TRT + "it_gives_what_onnx_runtime_gives_frame_after_frame"),
    "no context pushed": (_no_push, TRT + "it_runs_in_whatever_thread"),
    "no context popped": (_no_pop, CARD + "the_context_is_current_only_inside"),
    "no context popped after errors": (_no_pop_after_errors, CARD + "a_context_is_popped_also_after_an_error"),
    "no context pushed to drop things": (_no_push_when_dropped, CARD + "things_may_be_dropped_in_another_thread"),
    "context never given back": (_context_never_given_back, CARD + "the_card_is_given_back_when_nothing_needs_it"),
    "context left current": (_context_left_current, CARD + "the_card_is_given_back_when_nothing_needs_it"),
    "no parity check": (_no_parity_check, CHAIN + "a_plan_that_gives_something_else_is_not_used"),
    "no check for finite numbers": (_no_finite_check, CHAIN + "a_plan_that_gives_something_else_is_not_used"),
    "parity blind to angles": (_parity_blind_to_angles, CHAIN + "vectors_are_compared_by_their_angle"),
    "global capture": (_global_capture, CARD + "other_threads_may_take_memory_during_a_capture"),
    "failed capture not ended": (_failed_capture_not_ended, CARD + "a_capture_that_fails_leaves_the_stream_usable"),
    "garbage collected in captures": (_garbage_in_captures, CARD + "nothing_is_collected_while_a_graph_is_captured"),
    "graph keeps nothing": (_graph_keeps_nothing, CARD + "a_graph_keeps_alive_what_it_uses"),
    "graph never destroyed": (_graph_never_destroyed, CARD + "a_graph_reads_what_lies_there_when_it_is_launched"),
    "recorded graph never destroyed": (_recorded_never_destroyed, CARD + "a_graph_reads_what_lies_there"),
    "one slot": (_one_slot, TRT + "a_result_stays_while_the_next_one_is_made"),
    "one try to capture": (_one_try_to_capture, TRT + "a_capture_that_fails_once_is_tried_again"),
    "failed capture not told": (_capture_failure_not_told, TRT + "what_cannot_be_captured_runs_without_a_graph"),
    "graph not compared": (_graph_not_compared, TRT + "a_graph_that_does_something_else_is_not_used"),
    "answers of TensorRT unchecked": (_enqueue_unchecked, TRT + "a_network_that_refuses_to_run_is_an_error"),
    "room not checked": (_room_not_checked, TRT + "a_plan_that_does_not_fit_is_refused_before_it_is_loaded"),
    "pageable memory": (_pageable_memory, TRT + "the_first_frame_is_right_too"),
    "default stream": (_default_stream, CARD + "a_graph_reads_what_lies_there_when_it_is_launched"),
    "no upload": (_no_upload, TRT + "it_gives_what_onnx_runtime_gives_frame_after_frame"),
    "no download": (_no_download, TRT + "it_gives_what_onnx_runtime_gives_frame_after_frame"),
    "chain stops at the first": (_chain_stops, CHAIN + "a_frame_that_fails_is_made_by_onnx_runtime"),
    "no child asked first": (_no_child_first, CHAIN + "what_ended_the_child_is_kept_out_of_this_process"),
}
"""What is missing, how it is taken away, and the test that must notice."""
