"""Room: runtime. The NVIDIA card, asked of its driver. Loads no CUDA libraries, takes no memory there."""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass
from typing import Any, Final

DRIVER: Final = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
_NAME_BYTES: Final = 256
# CUdevice_attribute of cuda.h.
_CAPABILITY_MAJOR: Final = 75
_CAPABILITY_MINOR: Final = 76
_CLOCK_KHZ: Final = 13
_MULTIPROCESSORS: Final = 16
_MEMORY_CLOCK_KHZ: Final = 36
_BUS_BITS: Final = 37


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


@dataclass(frozen=True, slots=True)
class CardMakeup:
    """What a card is made of, as its driver says.

    Attributes:
        card: Which one.
        multiprocessors: How many.
        clock_mhz: Of its processors, the highest.
        memory_clock_mhz: Of its memory, the highest.
        bus_bits: Wires to its memory.
    """

    card: GraphicsCard
    multiprocessors: int
    clock_mhz: float
    memory_clock_mhz: float
    bus_bits: int


def cuda_card(driver: str = DRIVER) -> str:
    """The first card's name, e.g. "NVIDIA GeForce RTX 3060"; "" where there is no card or no driver.

    Args:
        driver: File name of the driver's library.
    """
    opened = _opened(driver)
    return opened[2] if opened else ""


def graphics_card(driver: str = DRIVER) -> GraphicsCard | None:
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


def card_makeup(driver: str = DRIVER) -> CardMakeup | None:
    """What the driver says of the first card's parts; None where there is no card, no driver, or it does not say.

    Args:
        driver: File name of the driver's library.
    """
    card, opened = graphics_card(driver), _opened(driver)
    if card is None or not opened:
        return None
    library, device, _ = opened
    said = [ctypes.c_int() for _ in range(4)]
    asked = (_MULTIPROCESSORS, _CLOCK_KHZ, _MEMORY_CLOCK_KHZ, _BUS_BITS)
    if any(library.cuDeviceGetAttribute(ctypes.byref(to), what, device) for to, what in zip(said, asked, strict=True)):
        return None
    count, clock_khz, memory_clock_khz, bus_bits = (one.value for one in said)
    return CardMakeup(card, count, clock_khz / 1e3, memory_clock_khz / 1e3, bus_bits)


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
