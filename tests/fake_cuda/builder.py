"""Room: tests. The building half of the fake TensorRT: it packs the network that it is given, and times nothing.

Only names of the real bindings (`test_fake_names.py` compares them). `INEXACT` in the environment makes plans that go
wrong as half precision does: they are wrong as long as one of the operators named there runs in FP16.
"""

from __future__ import annotations

import enum
import os
from typing import Any, Final

import onnx

from tests.fake_cuda.plan import FakePlan, packed

INEXACT: Final = "FAKE_TENSORRT_INEXACT"
"""Environment variable: ONNX operators that go wrong in half precision, with commas; `ALWAYS` = in any."""
ALWAYS: Final = "always"
# Also far from what a twin with random weights gives, whose vectors are long.
_SKEW: Final = 100.0
_ERROR: Final = 1
_STEPS: Final = 4


class NetworkDefinitionCreationFlag(enum.IntEnum):
    STRONGLY_TYPED = 1


class MemoryPoolType(enum.Enum):
    WORKSPACE = 0


class BuilderFlag(enum.Enum):
    TF32 = 7


class IProgressMonitor:
    def phase_start(self, phase_name: str, parent_phase: str | None, num_steps: int) -> None:
        raise NotImplementedError

    def step_complete(self, phase_name: str, step: int) -> bool:
        raise NotImplementedError

    def phase_finish(self, phase_name: str) -> None:
        raise NotImplementedError


class ITensor:
    def __init__(self, value: onnx.ValueInfoProto) -> None:
        self.name = value.name
        self.shape = tuple(one.dim_value or -1 for one in value.type.tensor_type.shape.dim)


class INetworkDefinition:
    def __init__(self) -> None:
        self._content = b""
        self._inputs: list[ITensor] = []

    @property
    def num_inputs(self) -> int:
        return len(self._inputs)

    def get_input(self, index: int) -> ITensor:
        return self._inputs[index]


class ParserError:
    def __init__(self, why: str) -> None:
        self._why = why

    def desc(self) -> str:
        return self._why

    def node_name(self) -> str:
        return "the whole file"


class OnnxParser:
    def __init__(self, network: INetworkDefinition, logger: Any) -> None:
        self._network = network
        self._errors: list[ParserError] = []

    def parse(self, model: bytes) -> bool:
        try:
            proto = onnx.load_from_string(model)
            onnx.checker.check_model(proto)
        # What its parser and its checker raise has no common base.
        except Exception as error:  # noqa: BLE001
            self._errors.append(ParserError(str(error)))
            return False
        weights = {one.name for one in proto.graph.initializer}
        self._network._content = model
        self._network._inputs = [ITensor(one) for one in proto.graph.input if one.name not in weights]
        return True

    @property
    def num_errors(self) -> int:
        return len(self._errors)

    def get_error(self, index: int) -> ParserError:
        return self._errors[index]


class IOptimizationProfile:
    def __init__(self) -> None:
        self._most: dict[str, tuple[int, ...]] = {}

    def set_shape(self, input: str, min: tuple[int, ...], opt: tuple[int, ...], max: tuple[int, ...]) -> None:
        if not all(a <= b <= c for a, b, c in zip(min, opt, max, strict=True)):
            raise ValueError(f"{input}: {min}, {opt}, {max}")
        self._most[input] = max


class ITimingCache:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def serialize(self) -> bytes:
        return self._content + b"timed\n"


class IBuilderConfig:
    def __init__(self) -> None:
        self.builder_optimization_level = 3
        self.max_aux_streams = -1
        self.progress_monitor: IProgressMonitor | None = None
        self._limit = 0
        self._flags = {BuilderFlag.TF32}
        self._profile: IOptimizationProfile | None = None
        self._timings: ITimingCache | None = None

    def set_memory_pool_limit(self, pool: MemoryPoolType, pool_size: int) -> None:
        self._limit = pool_size

    def clear_flag(self, flag: BuilderFlag) -> None:
        self._flags.discard(flag)

    def create_timing_cache(self, serialized_timing_cache: bytes) -> ITimingCache:
        return ITimingCache(serialized_timing_cache)

    def set_timing_cache(self, cache: ITimingCache, ignore_mismatch: bool) -> bool:
        self._timings = cache
        return True

    def get_timing_cache(self) -> ITimingCache | None:
        return self._timings

    def add_optimization_profile(self, profile: IOptimizationProfile) -> int:
        self._profile = profile
        return 0


class Builder:
    def __init__(self, logger: Any) -> None:
        self._logger = logger

    def create_network(self, flags: int) -> INetworkDefinition:
        if not flags & 1 << NetworkDefinitionCreationFlag.STRONGLY_TYPED:
            raise ValueError("TensorRT 10 would choose types by itself")
        return INetworkDefinition()

    def create_builder_config(self) -> IBuilderConfig:
        return IBuilderConfig()

    def create_optimization_profile(self) -> IOptimizationProfile:
        return IOptimizationProfile()

    def build_serialized_network(self, network: INetworkDefinition, config: IBuilderConfig) -> bytes | None:
        most = config._profile._most if config._profile else {}
        unset = [one.name for one in network._inputs if -1 in one.shape and one.name not in most]
        if unset or not config._limit:
            self._logger.log(_ERROR, f"no shapes for {unset}, or no limit: {config._limit}")
            return None
        if not _told(config.progress_monitor):
            self._logger.log(_ERROR, "Error Code 7: BuildCanceled")
            return None
        free = [shape[0] for shape in most.values()]
        return packed(network._content, FakePlan(most_batch=min(free, default=1), skew=_skew(network._content)))


def _told(monitor: IProgressMonitor | None) -> bool:
    """Tell of a few steps; whether to go on."""
    if monitor is None:
        return True
    monitor.phase_start("Building engine", None, _STEPS)
    goes_on = all(monitor.step_complete("Building engine", step) for step in range(_STEPS))
    monitor.phase_finish("Building engine")
    return goes_on


def _skew(content: bytes) -> float:
    inexact = set(filter(None, os.environ.get(INEXACT, "").split(",")))
    graph = onnx.shape_inference.infer_shapes(onnx.load_from_string(content)).graph
    kinds = {one.name: one.type.tensor_type.elem_type for one in (*graph.value_info, *graph.output)}
    halved = {node.op_type for node in graph.node if kinds.get(node.output[0]) == onnx.TensorProto.FLOAT16}
    return _SKEW if inexact & {ALWAYS, *halved} else 0.0
