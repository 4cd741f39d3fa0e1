"""Room: runtime. The name of the NVIDIA card, asked of its driver. Loads no CUDA libraries, takes no memory there."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_DRIVER: Final = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
_NAME_BYTES: Final = 256


def cuda_card(driver: str = _DRIVER) -> str:
    """The first card's name, e.g. "NVIDIA GeForce RTX 3060"; "" where there is no card or no driver.

    See the CUDA driver API, cuInit and cuDeviceGetName: 0 is success.

    Args:
        driver: File name of the driver's library.
    """
    try:
        library = ctypes.CDLL(driver)
        device = ctypes.c_int()
        name = ctypes.create_string_buffer(_NAME_BYTES)
        calls = (
            library.cuInit(0),
            library.cuDeviceGet(ctypes.byref(device), 0),
            library.cuDeviceGetName(name, _NAME_BYTES, device),
        )
    # AttributeError: a library of that name without these functions.
    except (OSError, AttributeError):
        return ""
    return name.value.decode(errors="replace") if not any(calls) else ""
