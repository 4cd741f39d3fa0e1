"""Room: tests. Safeguards to take away. Captures and graphs."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any, Final

from mirror_app.runtime import cuda, trt_lane
from mirror_app.runtime.cuda import CudaGraph, CudaStream
from mirror_app.runtime.trt_lane import Lane
from tests.fake_cuda.mutations.mutant import CARD, TRT, Mutants, edited, nothing


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
    CudaStream._discard = nothing  # type: ignore[method-assign]


def _garbage_in_captures() -> None:
    class Gc:
        isenabled, enable, disable = gc.isenabled, gc.enable, staticmethod(nothing)

    cuda.gc = Gc  # type: ignore[assignment, attr-defined]


def _graph_keeps_nothing() -> None:
    whole = cuda.CudaGraph.__init__

    def init(self: cuda.CudaGraph, stream: CudaStream, graph: Any, keep: tuple[object, ...]) -> None:
        whole(self, stream, graph, ())

    cuda.CudaGraph.__init__ = init  # type: ignore[method-assign]


def _graph_never_destroyed() -> None:
    cuda._destroyed = nothing


def _recorded_never_destroyed() -> None:
    whole = CudaStream.capture

    def capture(self: CudaStream, work: Callable[[], None], *keep: object) -> Any:
        bindings = self.card.bindings
        destroy, bindings.cuGraphDestroy = bindings.cuGraphDestroy, nothing
        try:
            return whole(self, work, *keep)
        finally:
            bindings.cuGraphDestroy = destroy

    CudaStream.capture = capture  # type: ignore[method-assign]


def _one_try_to_capture() -> None:
    trt_lane._TRIES = 1  # type: ignore[misc]


def _capture_failure_not_told() -> None:
    whole = Lane._capture

    def capture(self: Lane) -> None:
        whole(self)
        self.trouble = None

    Lane._capture = capture  # type: ignore[method-assign]


def _graph_not_compared() -> None:
    Lane._see_that_they_do_the_same = nothing  # type: ignore[method-assign]


MUTANTS: Final[Mutants] = {
    "global capture": (_global_capture, CARD + "other_threads_may_take_memory_during_a_capture"),
    "failed capture not ended": (_failed_capture_not_ended, CARD + "a_capture_that_fails_leaves_the_stream_usable"),
    "garbage collected in captures": (_garbage_in_captures, CARD + "nothing_is_collected_while_a_graph_is_captured"),
    "graph keeps nothing": (_graph_keeps_nothing, CARD + "a_graph_keeps_alive_what_it_uses"),
    "graph never destroyed": (_graph_never_destroyed, CARD + "a_graph_reads_what_lies_there_when_it_is_launched"),
    "recorded graph never destroyed": (_recorded_never_destroyed, CARD + "a_graph_reads_what_lies_there"),
    "one try to capture": (_one_try_to_capture, TRT + "a_capture_that_fails_once_is_tried_again"),
    "failed capture not told": (_capture_failure_not_told, TRT + "what_cannot_be_captured_runs_without_a_graph"),
    "graph not compared": (_graph_not_compared, TRT + "a_graph_that_does_something_else_is_not_used"),
    "garbage never collected again": (
        edited(CudaStream, "capture", "gc.enable()", "pass"),
        CARD + "nothing_is_collected_while_a_graph",
    ),
    "half a graph never destroyed": (
        edited(CudaStream, "_discard", "self.card.bindings.cuGraphDestroy(graph)", "pass"),
        CARD + "what_was_recorded_before_an_error_is_destroyed",
    ),
    "launch unchecked": (
        edited(
            CudaGraph,
            "launch",
            "card.checked(card.bindings.cuGraphLaunch(self._graph, self._stream.handle))",
            "card.bindings.cuGraphLaunch(self._graph, self._stream.handle)",
        ),
        TRT + "a_call_of_a_frame_that_fails",
    ),
    "results of before compared": (
        edited(Lane, "_see_that_they_do_the_same", "output.fill(np.nan)", "pass"),
        TRT + "a_graph_that_does_something_else",
    ),
    "memory given back before its graph": (
        edited(
            cuda,
            "_destroyed",
            "card.bindings.cuGraphExecDestroy(graph)\n        kept.clear()",
            "kept.clear()\n        card.bindings.cuGraphExecDestroy(graph)",
        ),
        CARD + "a_graph_goes_before_what_it_uses",
    ),
}
