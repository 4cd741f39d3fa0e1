"""Room: runtime. Networks through ONNX Runtime, on the CPU or an NVIDIA card. Chooses no device; see `factory`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.backend import TensorSpec
from mirror_app.runtime.cores import physical_cores
from mirror_app.runtime.providers import CPU, CUDA, load_cuda_libraries

_NUMPY_NAMES: Final = {
    "tensor(float)": "float32",
    "tensor(float16)": "float16",
    "tensor(double)": "float64",
    "tensor(int64)": "int64",
    "tensor(int32)": "int32",
    "tensor(uint8)": "uint8",
    "tensor(bool)": "bool",
}
# Convolutions are tried out once per input shape; the heuristic choice is made at once and is as fast within a few
# percent, so that a new size of input does not stall the picture. The arena grows by what is asked, not by doubling.
_CUDA_OPTIONS: Final = {"cudnn_conv_algo_search": "HEURISTIC", "arena_extend_strategy": "kSameAsRequested"}


class OrtBackend:
    """An ONNX file, loaded. Inputs and outputs are bound once; after that a run moves no memory that need not move.

    On the CPU the network reads the caller's own arrays. On the card each input has one place, filled at every run.
    Outputs are written again and again to the same place in the computer's memory.
    """

    def __init__(self, model: Path | bytes, *, name: str = "", card: str = "", threads: int | None = None) -> None:
        """Load a network.

        Args:
            model: The file, or what would stand in it.
            name: What to call it in messages; the file's own name unless given.
            card: Name of the NVIDIA card to run on; "" = the CPU.
            threads: How many the CPU may use; all physical cores unless given.

        Raises:
            ModelError: The file is missing or is no network that ONNX Runtime can load.
        """
        self._name = name or (model.name if isinstance(model, Path) else "")
        self._session = self._load(model, [(CUDA, _CUDA_OPTIONS), CPU] if card else [CPU], threads)
        self._on_card = CUDA in self.providers
        self._device = card if self._on_card else "CPU"
        self._inputs = tuple(self._spec(spec) for spec in self._session.get_inputs())
        self._outputs = tuple(self._spec(spec) for spec in self._session.get_outputs())
        self._binding = self._session.io_binding()
        self._bound = {spec.name: _Input(spec, self._on_card) for spec in self._inputs}
        self._keeps_outputs = False

    def _load(self, model: Path | bytes, providers: list[Any], threads: int | None) -> Any:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or physical_cores()
        options.inter_op_num_threads = 1
        # Idle threads that spin starve a two-core laptop.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # What goes wrong is raised and becomes a sentence; the runtime would write it to the terminal as well.
        options.log_severity_level = 4
        if len(providers) > 1:
            load_cuda_libraries()
            # CUDA's own trouble is told by a log that belongs to no session.
            onnxruntime.set_default_logger_severity(4)
        source = str(model) if isinstance(model, Path) else model
        try:
            # With its own fallback the runtime prints, and tries the CPU without saying so to the program.
            session = onnxruntime.InferenceSession(source, sess_options=options, providers=providers, enable_fallback=0)
        # ONNX Runtime's exceptions have no common public base below Exception.
        except Exception as error:
            raise ModelError(
                "The model file {name} cannot be loaded. Install mirror-app again or, if it is a model you added, get"
                " that again. ({why})",
                name=self._name,
                why=error,
            ) from error
        # The session would keep the file's bytes besides its own copy of the weights; they serve its fallback only.
        session._model_bytes = None
        return session

    def _spec(self, node: Any) -> TensorSpec:
        if node.type not in _NUMPY_NAMES:
            raise ModelError(
                "The network {name} has a tensor of a kind that mirror-app cannot handle: {tensor}, {kind}.",
                name=self._name,
                tensor=node.name,
                kind=node.type,
            )
        shape = tuple(size if isinstance(size, int) and size >= 0 else -1 for size in node.shape)
        return TensorSpec(str(node.name), shape, _NUMPY_NAMES[node.type])

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What `run` wants."""
        return self._inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What `run` gives, in this order."""
        return self._outputs

    @property
    def device(self) -> str:
        """Where it runs, for people."""
        return self._device

    @property
    def providers(self) -> tuple[str, ...]:
        """The runtime's own names of what really runs the network, first choice first."""
        return tuple(str(name) for name in self._session.get_providers())

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """Run the network once; see `InferenceBackend.run`."""
        if feeds.keys() != self._bound.keys():
            raise ModelError(
                "The network {name} failed: {why}",
                name=self._name,
                why=f"expected {sorted(self._bound)}, got {sorted(feeds)}",
            )
        try:
            for name, place in self._bound.items():
                place.bind(self._binding, feeds[name])
            if not self._keeps_outputs:
                for spec in self._outputs:
                    self._binding.bind_output(spec.name, "cpu")
            self._session.run_with_iobinding(self._binding)
            values = [value.numpy() for value in self._binding.get_outputs()]
        # As above: the runtime's errors share no public base class.
        except Exception as error:
            self._keeps_outputs = False
            raise self._failure(error) from error
        self._keeps_outputs = self._are_always_so([value.shape for value in values])
        return [np.asarray(value, np.float32) for value in values]

    def _are_always_so(self, shapes: list[tuple[int, ...]]) -> bool:
        """Whether outputs of these shapes can stay bound where they are; some files state sizes that are not true."""
        return all(-1 not in spec.shape for spec in self._inputs) and shapes == [spec.shape for spec in self._outputs]

    def _failure(self, error: Exception) -> ModelError:
        if self._on_card:
            return ModelError(
                "The network {name} failed on the graphics card {card}. Close other programs that use the card, or run"
                " this network on the CPU. ({why})",
                name=self._name,
                card=self._device,
                why=error,
            )
        return ModelError("The network {name} failed: {why}", name=self._name, why=error)


class OrtCpuBackend(OrtBackend):
    """One of the networks that come with the app, on the CPU.

    One thread: they take 1-5 ms, where a second one gains little.
    """

    def __init__(self, model: Path) -> None:
        """Load a network; see `OrtBackend`."""
        super().__init__(model, threads=1)


class _Input:
    """Where the network finds one input."""

    def __init__(self, spec: TensorSpec, on_card: bool) -> None:
        self._name = spec.name
        self._dtype = np.dtype(spec.dtype)
        self._on_card = on_card
        self._converted = np.empty(0, self._dtype)
        self._fed: NDArray[Any] | None = None
        self._on_device: Any = None

    def bind(self, binding: Any, array: NDArray[np.float32]) -> None:
        """Make the next run read these numbers."""
        fitting = self._fitting(array)
        if self._on_card:
            self._copy_to_card(binding, fitting)
        elif fitting is not self._fed:
            binding.bind_ortvalue_input(self._name, onnxruntime.OrtValue.ortvalue_from_numpy(fitting))
            self._fed = fitting

    def _fitting(self, array: NDArray[np.float32]) -> NDArray[Any]:
        if array.dtype == self._dtype and array.flags.c_contiguous:
            return array
        if self._converted.shape != array.shape:
            self._converted = np.empty(array.shape, self._dtype)
        np.copyto(self._converted, array, casting="unsafe")
        return self._converted

    def _copy_to_card(self, binding: Any, array: NDArray[Any]) -> None:
        if self._on_device is None or tuple(self._on_device.shape()) != array.shape:
            self._on_device = onnxruntime.OrtValue.ortvalue_from_shape_and_type(array.shape, self._dtype, "cuda", 0)
            binding.bind_ortvalue_input(self._name, self._on_device)
        self._on_device.update_inplace(array)
