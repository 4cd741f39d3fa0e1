"""Room: tests. Safeguards to take away. Order of work: waits, events, warm-up, slots, uploads and downloads."""

from __future__ import annotations

import importlib
from typing import Any, Final

from mirror_app.runtime import trt_lane
from mirror_app.runtime.cuda import CudaStream
from mirror_app.runtime.trt import TrtBackend
from mirror_app.runtime.trt_lane import Lane
from tests.fake_cuda.mutations.mutant import CARD, ORDER, TRT, Mutants, edited, nothing


def _no_wait() -> None:
    CudaStream.wait = nothing  # type: ignore[method-assign]


def _no_wait_in_frames() -> None:
    whole = Lane.run

    def run(self: Lane, feeds: Any) -> Any:
        stream = self._stream
        wait, stream.wait = stream.wait, nothing  # type: ignore[method-assign]
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
    Lane._warm_up = nothing  # type: ignore[method-assign]


def _one_slot() -> None:
    trt_lane._SLOTS = 1  # type: ignore[misc]


def _default_stream() -> None:
    CudaStream._stream = property(lambda self: None)  # type: ignore[assignment, method-assign]


def _no_upload() -> None:
    CudaStream.upload = nothing  # type: ignore[method-assign]


def _no_download() -> None:
    CudaStream.download = nothing  # type: ignore[method-assign]


def _no_wait_between_streams() -> None:
    importlib.import_module("pycuda.driver").Stream.wait_for_event = nothing


MUTANTS: Final[Mutants] = {
    "no wait": (_no_wait, CARD + "numbers_come_back_once_they_were_waited_for"),
    "no wait in frames": (_no_wait_in_frames, TRT + "the_first_frame_is_right_too"),
    "no event recorded": (_no_event_record, CARD + "numbers_come_back_once_they_were_waited_for"),
    "no event waited for": (_no_event_wait, TRT + "the_first_frame_is_right_too"),
    "waits for the whole card": (_wait_for_the_whole_card, TRT + "a_frame_is_one_launch_and_one_wait"),
    "no warm-up": (_no_warm_up, TRT + "it_gives_what_onnx_runtime_gives_frame_after_frame"),
    "one slot": (_one_slot, TRT + "a_result_stays_while_the_next_one_is_made"),
    "default stream": (_default_stream, CARD + "a_graph_reads_what_lies_there_when_it_is_launched"),
    "no upload": (_no_upload, TRT + "it_gives_what_onnx_runtime_gives_frame_after_frame"),
    "no download": (_no_download, TRT + "it_gives_what_onnx_runtime_gives_frame_after_frame"),
    "no wait between streams": (_no_wait_between_streams, ORDER + "a_stream_that_waits_for_another_ones_event"),
    "warm-up not waited for": (
        edited(Lane, "_warm_up", "self._stream.wait()", "pass"),
        TRT + "a_warm_up_that_fails_is_noticed_when_it_is_opened",
    ),
    "a core kept busy while waiting": (
        edited(CudaStream, "__init__", "flags.BLOCKING_SYNC | flags.DISABLE_TIMING", "flags.DISABLE_TIMING"),
        CARD + "a_thread_sleeps_while_it_waits",
    ),
    "made ready in the first frame": (
        edited(TrtBackend, "__init__", "self._lane(1)", "pass"),
        TRT + "a_frame_is_one_launch_and_one_wait",
    ),
    "parts not copied": (
        edited(TrtBackend, "_in_parts", "output.copy() for", "output for"),
        TRT + "each_batch_has_its_own_lane",
    ),
    "large batches in one": (
        edited(TrtBackend, "run", "self._most and batch > self._most", "False"),
        TRT + "each_batch_has_its_own_lane",
    ),
    "half precision not converted": (
        edited(Lane, "_results", "np.copyto(result, slot.arrays[name])", "pass"),
        TRT + "half_precision_outside_is_converted",
    ),
}
