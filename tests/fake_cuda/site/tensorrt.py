"""Room: tests. The running half of TensorRT on the fake driver: ONNX Runtime does the work when the stream gets to it.

Only names of the real bindings (`test_fake_names.py` compares them). Like them it returns False or None where
something is wrong, says why to the logger, and raises nothing. It is stricter where TensorRT would just go wrong.
"""

from __future__ import annotations

import ctypes
import enum
import itertools
import math
import os
import threading
from typing import Any

import numpy as np
import onnxruntime

from tests.fake_cuda.builder import Builder as Builder
from tests.fake_cuda.builder import BuilderFlag as BuilderFlag
from tests.fake_cuda.builder import IProgressMonitor as IProgressMonitor
from tests.fake_cuda.builder import MemoryPoolType as MemoryPoolType
from tests.fake_cuda.builder import NetworkDefinitionCreationFlag as NetworkDefinitionCreationFlag
from tests.fake_cuda.builder import OnnxParser as OnnxParser
from tests.fake_cuda.control import LAUNCH_FAILED, fake_driver
from tests.fake_cuda.plan import FakePlan, unpacked

__version__ = os.environ.get("FAKE_TENSORRT", "11.4.0.106")
_driver = ctypes.CDLL("libcuda.so.1")
_control = fake_driver()
_NO_CONTEXT = 201


class TensorIOMode(enum.Enum):
    NONE = 0
    INPUT = 1
    OUTPUT = 2


class TensorLocation(enum.Enum):
    DEVICE = 0
    HOST = 1


class DataType(enum.Enum):
    FLOAT = 0
    HALF = 1
    INT64 = 2


def nptype(trt_type: DataType) -> type:
    return {DataType.FLOAT: np.float32, DataType.HALF: np.float16, DataType.INT64: np.int64}[trt_type]


class ILogger:
    INTERNAL_ERROR = 0
    ERROR = 1
    WARNING = 2

    def log(self, severity: int, msg: str) -> None:
        raise NotImplementedError


def _has_context() -> bool:
    context = ctypes.c_void_p()
    return _driver.cuCtxGetCurrent(ctypes.byref(context)) == 0 and bool(context.value)


def _taken(size: int) -> int:
    """The address of so much of the card's memory; 0 where there is none left or none may be taken now."""
    address = ctypes.c_uint64()
    return address.value if _driver.cuMemAlloc_v2(ctypes.byref(address), ctypes.c_size_t(max(size, 1))) == 0 else 0


def _given_back(address: int, what: str) -> None:
    refused = _driver.cuMemFree_v2(ctypes.c_uint64(address)) if address else 0
    if refused == _NO_CONTEXT and _control is not None:
        _control.complain(f"{what} was dropped where no context is current")


def _room_at(address: int) -> int:
    """How many bytes of an allocation follow an address."""
    begin, size = ctypes.c_uint64(), ctypes.c_size_t()
    if _driver.cuMemGetAddressRange_v2(ctypes.byref(begin), ctypes.byref(size), ctypes.c_uint64(address)) != 0:
        return 0
    return begin.value + size.value - address


class Runtime:
    def __init__(self, logger: ILogger) -> None:
        if not _has_context():
            raise TypeError("pybind11::init(): factory function returned nullptr")
        self._logger = logger

    def deserialize_cuda_engine(self, serialized_engine: bytes) -> ICudaEngine | None:
        try:
            content, plan = unpacked(bytes(serialized_engine))
        except (ValueError, TypeError) as error:
            self._logger.log(ILogger.ERROR, f"Serialization assertion failed: {error}")
            return None
        weights = _taken(len(content))
        if not weights:
            self._logger.log(ILogger.ERROR, "Requested amount of GPU memory could not be allocated")
            return None
        return ICudaEngine(self._logger, content, plan, weights)


class ICudaEngine:
    def __init__(self, logger: ILogger, content: bytes, plan: FakePlan, weights: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 4
        self._logger, self._plan, self._weights = logger, plan, weights
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self._inputs = {node.name: node for node in self._session.get_inputs()}
        self._outputs = {node.name: node for node in self._session.get_outputs()}
        self._nodes: dict[str, Any] = {**self._inputs, **self._outputs}

    def __del__(self) -> None:
        _given_back(self._weights, "an engine")

    @property
    def num_io_tensors(self) -> int:
        return len(self._nodes)

    @property
    def device_memory_size_v2(self) -> int:
        return self._plan.working_bytes

    def get_tensor_name(self, index: int) -> str:
        return list(self._nodes)[index]

    def get_tensor_mode(self, name: str) -> TensorIOMode:
        return TensorIOMode.INPUT if name in self._inputs else TensorIOMode.OUTPUT

    def get_tensor_location(self, name: str) -> TensorLocation:
        return TensorLocation.DEVICE

    def get_tensor_dtype(self, name: str) -> DataType:
        kinds = {"tensor(float)": DataType.FLOAT, "tensor(float16)": DataType.HALF, "tensor(int64)": DataType.INT64}
        return kinds[self._nodes[name].type]

    def get_tensor_shape(self, name: str) -> tuple[int, ...]:
        return tuple(size if isinstance(size, int) else -1 for size in self._nodes[name].shape)

    def get_tensor_profile_shape(self, name: str, profile_index: int) -> list[tuple[int, ...]]:
        shape = self.get_tensor_shape(name)
        return [tuple(n if size == -1 else size for size in shape) for n in (1, 1, self._plan.most_batch)]

    def create_execution_context(self) -> IExecutionContext | None:
        return IExecutionContext(self) if _has_context() else None


class IExecutionContext:
    def __init__(self, engine: ICudaEngine) -> None:
        self._engine = engine
        self._shapes: dict[str, tuple[int, ...]] = {}
        self._addresses: dict[str, int] = {}
        self._working = 0
        self._is_ready = False
        self._busy = threading.Lock()
        self._alive = [True]

    def __del__(self) -> None:
        self._alive[0] = False
        _given_back(self._working, "an execution context")

    def set_input_shape(self, name: str, shape: tuple[int, ...]) -> bool:
        engine = self._engine
        if name not in engine._inputs:
            return self._no(f"{name} is no input")
        least, _, most = engine.get_tensor_profile_shape(name, 0)
        if len(shape) != len(least) or not all(a <= b <= c for a, b, c in zip(least, shape, most, strict=True)):
            return self._no(f"{name}: {shape} lies outside its profile")
        if self._shapes.get(name) != tuple(shape):
            self._is_ready = False
        self._shapes[name] = tuple(shape)
        return True

    def infer_shapes(self) -> list[str]:
        return [
            name
            for name in self._engine._inputs
            if name not in self._shapes and -1 in self._engine.get_tensor_shape(name)
        ]

    def get_tensor_shape(self, name: str) -> tuple[int, ...]:
        shape = self._shapes.get(name, self._engine.get_tensor_shape(name))
        free = {given[0] for key, given in self._shapes.items() if self._engine.get_tensor_shape(key)[0] == -1}
        return tuple(min(free, default=-1) if size == -1 else size for size in shape)

    def set_tensor_address(self, name: str, memory: int) -> bool:
        if name not in self._engine._nodes:
            return self._no(f"{name} is no tensor")
        self._addresses[name] = memory
        return True

    def execute_async_v3(self, stream_handle: int) -> bool:
        for name in self._engine._nodes:
            needed = (
                math.prod(self.get_tensor_shape(name)) * np.dtype(nptype(self._engine.get_tensor_dtype(name))).itemsize
            )
            if needed < 0 or _room_at(self._addresses.get(name, 0)) < needed:
                return self._no(f"{name} has no address, or too little memory there")
        if self._engine._plan.cannot_be_captured and _driver.cuStreamSynchronize(ctypes.c_void_p(stream_handle)) != 0:
            return self._no("a layer waits for its stream")
        if not self._is_ready:
            # The first run at a shape takes memory, which fails in a capture.
            taken = _taken(self._engine._plan.working_bytes)
            if not taken:
                return self._no("Requested amount of GPU memory could not be allocated")
            _given_back(self._working, "working memory")
            self._working, self._is_ready = taken, True
        shapes = {name: self.get_tensor_shape(name) for name in self._engine._nodes}
        number = next(_numbers)
        job = _jobs[number] = _Job(self._engine, shapes, dict(self._addresses), self._alive, self._busy)
        job.declare(self._working)
        return bool(_driver.cuLaunchHostFunc(ctypes.c_void_p(stream_handle), _WORK, ctypes.c_void_p(number)) == 0)

    def _no(self, why: str) -> bool:
        self._engine._logger.log(ILogger.ERROR, f"IExecutionContext: Error Code 3: API Usage Error ({why})")
        return False


class _Job:
    """A network that was asked for, with the addresses and shapes of that moment; a graph asks for it again."""

    def __init__(
        self, engine: ICudaEngine, shapes: dict[str, tuple[int, ...]], addresses: dict[str, int], alive: list[bool],
        busy: threading.Lock,
    ) -> None:  # fmt: skip
        # Not the engine itself: it must be possible to drop it too early.
        self.session, self.skew = engine._session, engine._plan.skew
        self.inputs, self.outputs = list(engine._inputs), list(engine._outputs)
        self.places = {
            name: (addresses[name], shape, np.dtype(nptype(engine.get_tensor_dtype(name))))
            for name, shape in shapes.items()
        }
        self.alive = alive
        self.busy = busy

    def declare(self, working: int) -> None:
        """Tell the driver what is read and written; the working memory too, so that no two runs share it."""
        if _control is None:
            return
        for name, (address, shape, dtype) in self.places.items():
            _control.uses(address, math.prod(shape) * dtype.itemsize, writes=name in self.outputs)
        _control.uses(working, 1, writes=True)

    def work(self) -> None:
        """Read what lies on the card now, and write what comes out."""
        if not self.busy.acquire(blocking=False):
            raise RuntimeError("one context in two threads")
        try:
            outputs = [self._array(name) for name in self.outputs]
            if not self.alive[0]:
                # A graph outlived its context: what it computes is anyone's guess.
                for array in outputs:
                    array.fill(np.nan)
                return
            results = self.session.run(self.outputs, {name: self._array(name) for name in self.inputs})
            for array, result in zip(outputs, results, strict=True):
                np.copyto(array, result + np.asarray(self.skew, result.dtype))
        finally:
            self.busy.release()

    def _array(self, name: str) -> Any:
        address, shape, dtype = self.places[name]
        size = math.prod(shape) * dtype.itemsize
        if _room_at(address) < size:
            raise RuntimeError(f"{name} lies in memory that was given back")
        return np.frombuffer(memoryview((ctypes.c_char * size).from_address(address)), dtype).reshape(shape)


_numbers = itertools.count(1)
_jobs: dict[int, _Job] = {}


def _work(number: int) -> None:
    try:
        _jobs[number].work()
    # A card would stop here.
    except Exception:  # noqa: BLE001
        if _control is not None:
            _control.lose_card(LAUNCH_FAILED)


_WORK = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(_work)
