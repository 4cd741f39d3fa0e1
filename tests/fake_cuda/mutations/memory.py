"""Room: tests. Safeguards to take away. Room, addresses, answers of TensorRT, and what the arrays are."""

from __future__ import annotations

import ctypes
from typing import Any, Final

import numpy as np

from mirror_app.runtime import cuda, trt_lane
from mirror_app.runtime.cuda import Card, PinnedArray
from mirror_app.runtime.trt import TrtBackend
from mirror_app.runtime.trt_engine import TrtEngine
from mirror_app.runtime.trt_lane import Lane
from tests.fake_cuda.mutations.mutant import CARD, TRT, Mutants, edited, nothing


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


def _room_not_checked() -> None:
    TrtEngine._see_that_there_is_room = nothing  # type: ignore[method-assign]


def _pageable_memory() -> None:
    import numpy as np

    class Pageable:
        def __init__(self, card: Card, shape: tuple[int, ...], dtype: Any) -> None:
            self._array = np.zeros(shape, dtype)

        def view(self) -> Any:
            return self._array

    trt_lane.PinnedArray = Pageable  # type: ignore[assignment, attr-defined]


def _views_that_keep_nothing() -> None:
    def view(self: cuda.PinnedArray) -> Any:
        facts = self.__array_interface__
        dtype = np.dtype(facts["typestr"])
        size = max(int(np.prod(facts["shape"])), 1) * dtype.itemsize
        room = (ctypes.c_char * size).from_address(facts["data"][0])
        return np.frombuffer(room, dtype).reshape(facts["shape"])

    cuda.PinnedArray.view = view  # type: ignore[method-assign]


MUTANTS: Final[Mutants] = {
    "answers of TensorRT unchecked": (_enqueue_unchecked, TRT + "a_network_that_refuses_to_run_is_an_error"),
    "room not checked": (_room_not_checked, TRT + "a_plan_that_does_not_fit_is_refused_before_it_is_loaded"),
    "pageable memory": (_pageable_memory, TRT + "the_first_frame_is_right_too"),
    "views that keep nothing": (_views_that_keep_nothing, CARD + "numbers_come_back_once_they_were_waited_for"),
    "room for the plan not checked": (
        edited(TrtEngine, "__init__", "self._see_that_there_is_room(len(plan) + _OVERHEAD_BYTES)", "pass"),
        TRT + "a_plan_that_does_not_fit_is_refused",
    ),
    "room to work not checked": (
        edited(
            TrtEngine,
            "context",
            "self._see_that_there_is_room(working_bytes + sum(port.most_bytes for port in self.ports))",
            "pass",
        ),
        TRT + "working_memory_that_does_not_fit",
    ),
    "refused plan used": (
        edited(TrtEngine, "__init__", "if self._engine is None:", "if False:"),
        TRT + "a_damaged_plan_is_refused",
    ),
    "refused context used": (
        edited(TrtEngine, "context", "if made.things[0] is None:", "if False:"),
        TRT + "what_tensorrt_refuses_is_an_error",
    ),
    "kinds of numbers unchecked": (
        edited(TrtEngine, "_port", "dtype not in _HOST_TYPES or ", ""),
        TRT + "a_tensor_that_the_app_cannot_feed",
    ),
    "free sides unchecked": (edited(TrtEngine, "_port", " or -1 in shape[1:]", ""), TRT + "a_tensor_of_another_kind"),
    "places of tensors unchecked": (
        edited(TrtEngine, "_port", " or not on_card", ""),
        TRT + "a_tensor_that_the_app_cannot_feed",
    ),
    "no addresses": (
        edited(Lane, "_set_up", "context.set_tensor_address(name, memory.address)", "True"),
        TRT + "it_gives_what_onnx_runtime_gives",
    ),
    "refused shapes believed": (
        edited(
            Lane,
            "_set_up",
            "context.set_input_shape(name, shapes[name])",
            "context.set_input_shape(name, shapes[name]) or True",
        ),
        TRT + "what_tensorrt_refuses_is_an_error",
    ),
    "open shapes believed": (
        edited(Lane, "_set_up", "not context.infer_shapes()", "True"),
        TRT + "what_tensorrt_refuses_is_an_error",
    ),
    "refused addresses believed": (
        edited(
            Lane,
            "_set_up",
            "context.set_tensor_address(name, memory.address)",
            "context.set_tensor_address(name, memory.address) or True",
        ),
        TRT + "what_tensorrt_refuses_is_an_error",
    ),
    "other shapes believed": (
        edited(Lane, "_set_up", " or true != shapes", ""),
        TRT + "what_tensorrt_refuses_is_an_error",
    ),
    "feeds unchecked": (
        edited(TrtBackend, "_batch", "if got != wanted or batch < 1:", "if False:"),
        TRT + "feeds_that_do_not_fit",
    ),
    "arrays begin with what lay there": (
        edited(PinnedArray, "__init__", "owner[:] = 0", "pass"),
        CARD + "a_pinned_array_begins_with_zeros",
    ),
}
