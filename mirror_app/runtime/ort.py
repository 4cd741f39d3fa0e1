"""Room: runtime. Networks through ONNX Runtime; the only file that imports it (besides `convert`)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.backend import TensorSpec


class OrtCpuBackend:
    """An ONNX file on the CPU.

    One thread and no spinning: our networks take 1-5 ms, where a second thread gains little, and idle threads that spin
    starve a two-core laptop.
    """

    def __init__(self, model: Path) -> None:
        """Load a network.

        Raises:
            ModelError: The file is missing or is no network that ONNX Runtime can load.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(model), sess_options=options, providers=["CPUExecutionProvider"]
            )
        # ONNX Runtime's exceptions have no common public base below Exception.
        except Exception as error:
            raise ModelError(
                "The model file {name} cannot be loaded. Install mirror-app again. ({why})", name=model.name, why=error
            ) from error
        self._name = model.name
        self._inputs = tuple(TensorSpec(spec.name, tuple(spec.shape)) for spec in self._session.get_inputs())
        self._outputs = tuple(TensorSpec(spec.name, tuple(spec.shape)) for spec in self._session.get_outputs())
        self._output_names = [spec.name for spec in self._outputs]

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
        return "CPU"

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """Run the network once; see `InferenceBackend.run`."""
        try:
            outputs: list[NDArray[np.float32]] = self._session.run(self._output_names, dict(feeds))
        # As above: the runtime's errors share no public base class.
        except Exception as error:
            raise ModelError("The network {name} failed: {why}", name=self._name, why=error) from error
        return outputs
