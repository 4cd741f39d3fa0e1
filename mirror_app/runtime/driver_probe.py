"""Room: runtime. How NVIDIA's driver is, found out in a child process. Says nothing to the user."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Final

from mirror_app.runtime.cuda_card import DRIVER, graphics_card

CARD: Final = "card"
NO_CARD: Final = "no card"
NO_DRIVER: Final = "no driver"
BROKEN: Final = "broken"
REFUSED: Final = "refused"

_BUS: Final = Path("/sys/bus/pci/devices")
_NVIDIA: Final = "0x10de"
# Of the PCI class codes, 0x03 are displays; NVIDIA's sound and USB functions have others.
_DISPLAY: Final = "0x03"


def look_at_driver(driver: str = DRIVER, bus: str = str(_BUS)) -> list[str]:
    """Look at the driver and the first card. A broken driver may end or hang the process: to be called in a child.

    Args:
        driver: File name of the driver's library.
        bus: Linux's folder of what is plugged in; elsewhere it is missing, and nothing is known without a driver.

    Returns:
        `CARD` with the four fields of `GraphicsCard`, `NO_CARD`, `NO_DRIVER` for a card without one, `BROKEN` with the
        loader's words, or `REFUSED` with the code of cuInit.
    """
    try:
        library = ctypes.CDLL(driver)
    except OSError as error:
        if not _is_missing(error, driver):
            return [BROKEN, str(error)]
        return [NO_DRIVER if _is_plugged_in(Path(bus)) else NO_CARD]
    try:
        code = int(library.cuInit(0))
        card = graphics_card(driver)
    except AttributeError as error:
        return [BROKEN, str(error)]
    if card is None:
        return [REFUSED, str(code)]
    return [CARD, card.name, card.compute_capability, str(card.memory_bytes), card.cuda]


def is_driver_there(driver: str = DRIVER) -> bool:
    """Whether there is a driver to be looked at; calls nothing of it.

    Args:
        driver: File name of the driver's library.
    """
    try:
        ctypes.CDLL(driver)
    except OSError as error:
        return not _is_missing(error, driver)
    return True


def _is_missing(error: OSError, driver: str) -> bool:
    """Whether it is the driver itself that was not found, not something that it needs."""
    return isinstance(error, FileNotFoundError) or str(error).startswith(f"{driver}: cannot open shared object file")


def _is_plugged_in(bus: Path) -> bool:
    for device in bus.glob("*"):
        try:
            kind, vendor = ((device / name).read_text(encoding="ascii") for name in ("class", "vendor"))
        except (OSError, ValueError):
            continue
        if vendor.strip() == _NVIDIA and kind.startswith(_DISPLAY):
            return True
    return False
