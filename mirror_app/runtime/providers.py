"""Room: runtime. Which of ONNX Runtime's execution providers really work here. Says nothing to the user."""

from __future__ import annotations

import contextlib
import ctypes
import io
import sys
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime

from mirror_app.domain.sentence import Sentence
from mirror_app.runtime.child import Answer, ask_child
from mirror_app.runtime.driver_probe import BROKEN, CARD, NO_CARD, REFUSED, is_driver_there, look_at_driver

CUDA: Final = "CUDAExecutionProvider"
CPU: Final = "CPUExecutionProvider"
_PATIENCE_S: Final = 15.0
"""A driver that wakes a card up takes some seconds; one that takes longer hangs, and holds up what is opened next."""


def listed_providers() -> list[str]:
    """What this build of ONNX Runtime was compiled with; it says nothing about this computer."""
    return [str(name) for name in onnxruntime.get_available_providers()]


def usable_card() -> str:
    """Name of the NVIDIA card that a network could be loaded on; "" where there is none or CUDA was not built in.

    The driver is asked in a child process, which a broken one may end or hang, and once in this process. A network may
    still fail to load there: CUDA's own libraries may be missing.
    """
    kind, *said = _asked_driver().lines or (NO_CARD,)
    return said[0] if kind == CARD and CUDA in listed_providers() else ""


def driver_trouble() -> str:
    """Why a driver that is there cannot be used, a `Sentence`; "" where there is none or it can."""
    answer = _asked_driver()
    if answer.trouble:
        return Sentence(
            "NVIDIA's driver does not answer: {why}. `mirror-app doctor` says what to do.", why=answer.trouble
        )
    if answer.lines[0] in (BROKEN, REFUSED):
        return Sentence(
            "NVIDIA's driver does not work: {why}. `mirror-app doctor` says what to do.", why=answer.lines[1]
        )
    return ""


@cache
def _asked_driver() -> Answer:
    """What `look_at_driver` says. No child is started where there is no driver, as on most computers."""
    return ask_child(look_at_driver, patience_s=_PATIENCE_S) if is_driver_there() else Answer((NO_CARD,), "")


def load_cuda_libraries() -> None:
    """Load CUDA and cuDNN from NVIDIA's Python packages, where they are installed; ONNX Runtime does not look there.

    What is missing shows when a network is loaded. ONNX Runtime before 1.21 cannot do this, and later ones print.
    """
    preload = getattr(onnxruntime, "preload_dlls", None)
    if preload is not None:
        with contextlib.redirect_stdout(io.StringIO()):
            preload()


def cuda_trouble() -> list[str]:
    """Why CUDA's part of ONNX Runtime cannot be loaded: the loader's words, or nothing. For a child process.

    A session would only say that it runs on the CPU.
    """
    load_cuda_libraries()
    pattern = "onnxruntime_providers_{}.dll" if sys.platform == "win32" else "libonnxruntime_providers_{}.so"
    folder = Path(onnxruntime.__file__).parent / "capi"
    try:
        # The second one calls functions of the first.
        for part in ("shared", "cuda"):
            ctypes.CDLL(str(folder / pattern.format(part)))
    except OSError as error:
        return [str(error)]
    return []


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
