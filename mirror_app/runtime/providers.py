"""Room: runtime. Which of ONNX Runtime's execution providers really work here. Made to be called in a child process."""

from __future__ import annotations

import numpy as np
import onnxruntime


def listed_providers() -> list[str]:
    """What this build of ONNX Runtime was compiled with; it says nothing about this computer."""
    return [str(name) for name in onnxruntime.get_available_providers()]


def try_provider(name: str, model_path: str) -> list[str]:
    """Load a network on one provider and run it once on zeros.

    Returns:
        The providers that the session really uses: ONNX Runtime falls back to the CPU without an error.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(model_path, sess_options=options, providers=[name])
    feeds = {
        spec.name: np.zeros([size if isinstance(size, int) else 1 for size in spec.shape], np.float32)
        for spec in session.get_inputs()
    }
    session.run(None, feeds)
    return [str(used) for used in session.get_providers()]
