"""Room: runtime. The NVIDIA card, asked of its driver. Loads no CUDA libraries, takes no memory there."""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass
from typing import Any, Final

_DRIVER: Final = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
_NAME_BYTES: Final = 256
# CUdevice_attribute of cuda.h.
_CAPABILITY_MAJOR: Final = 75
_CAPABILITY_MINOR: Final = 76


@dataclass(frozen=True, slots=True)
class GraphicsCard:
    """The first NVIDIA card.

    Attributes:
        name: For people, e.g. "NVIDIA GeForce RTX 3060".
        compute_capability: Of its processors, e.g. "8.6"; "" where the driver does not say.
        memory_bytes: All of its memory, also what is taken; 0 where the driver does not say.
        cuda: The newest CUDA that its driver knows, e.g. "13.0"; "" where the driver does not say.
    """

    name: str
    compute_capability: str
    memory_bytes: int
    cuda: str


def cuda_card(driver: str = _DRIVER) -> str:
    """The first card's name, e.g. "NVIDIA GeForce RTX 3060"; "" where there is no card or no driver.

    Args:
        driver: File name of the driver's library.
    """
    opened = _opened(driver)
    return opened[2] if opened else ""


def graphics_card(driver: str = _DRIVER) -> GraphicsCard | None:
    """What the driver says of the first card; None where there is no card or no driver.

    Args:
        driver: File name of the driver's library.
    """
    opened = _opened(driver)
    if not opened:
        return None
    library, device, name = opened
    major, minor, cuda = ctypes.c_int(), ctypes.c_int(), ctypes.c_int()
    memory = ctypes.c_size_t()
    capability = (
        library.cuDeviceGetAttribute(ctypes.byref(major), _CAPABILITY_MAJOR, device),
        library.cuDeviceGetAttribute(ctypes.byref(minor), _CAPABILITY_MINOR, device),
    )
    knows_memory = library.cuDeviceTotalMem_v2(ctypes.byref(memory), device) == 0
    knows_cuda = library.cuDriverGetVersion(ctypes.byref(cuda)) == 0
    return GraphicsCard(
        name=name,
        compute_capability="" if any(capability) else f"{major.value}.{minor.value}",
        memory_bytes=memory.value if knows_memory else 0,
        # 1000 * major + 10 * minor.
        cuda=f"{cuda.value // 1000}.{cuda.value % 1000 // 10}" if knows_cuda else "",
    )


def _opened(driver: str) -> tuple[Any, ctypes.c_int, str] | None:
    """The driver, the first card's handle and its name.

    See the CUDA driver API, cuInit and cuDeviceGetName: 0 is success.
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
        return None
    said = name.value.decode(errors="replace")
    return (library, device, said) if said and not any(calls) else None
