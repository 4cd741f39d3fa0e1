"""Room: runtime. Which of ONNX Runtime's execution providers really work here. Says nothing to the user."""

from __future__ import annotations

import contextlib
import io
from typing import Final

import numpy as np
import onnxruntime

from mirror_app.runtime.cuda_card import cuda_card

CUDA: Final = "CUDAExecutionProvider"
CPU: Final = "CPUExecutionProvider"


def listed_providers() -> list[str]:
    """What this build of ONNX Runtime was compiled with; it says nothing about this computer."""
    return [str(name) for name in onnxruntime.get_available_providers()]


def usable_card() -> str:
    """Name of the NVIDIA card that a network could be loaded on; "" where there is none or CUDA was not built in.

    A network may still fail to load there: CUDA's own libraries may be missing.
    """
    return cuda_card() if CUDA in listed_providers() else ""


def load_cuda_libraries() -> None:
    """Load CUDA and cuDNN from NVIDIA's Python packages, where they are installed; ONNX Runtime does not look there.

    What is missing shows when a network is loaded. ONNX Runtime before 1.21 cannot do this, and later ones print.
    """
    preload = getattr(onnxruntime, "preload_dlls", None)
    if preload is not None:
        with contextlib.redirect_stdout(io.StringIO()):
            preload()


def try_provider(name: str, model_path: str) -> list[str]:
    """Load a network on one provider and run it once on zeros. Made to be called in a child process.

    Returns:
        The providers that the session really uses: ONNX Runtime falls back to the CPU without an error.
    """
    if name == CUDA:
        load_cuda_libraries()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(model_path, sess_options=options, providers=[name])
    feeds = {
        spec.name: np.zeros([size if isinstance(size, int) else 1 for size in spec.shape], np.float32)
        for spec in session.get_inputs()
    }
    session.run(None, feeds)
    return [str(used) for used in session.get_providers()]
