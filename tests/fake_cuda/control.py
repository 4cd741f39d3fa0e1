"""Room: tests. What tests ask of the fake driver: counts, failures, what was left behind."""

from __future__ import annotations

import ctypes
from typing import Final

OUT_OF_MEMORY: Final = 2
ILLEGAL_ADDRESS: Final = 700
LAUNCH_FAILED: Final = 719
_LIST_BYTES: Final = 4096


class FakeDriver:
    """The fake driver of this process."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        library.fake_executed_ns.restype = ctypes.c_longlong
        library.fake_count.restype = ctypes.c_long
        library.fake_left_behind.restype = ctypes.c_size_t

    def count(self, call: str) -> int:
        """How often a function of the driver was called since the counts were forgotten."""
        return int(self._library.fake_count(call.encode()))

    def forget_counts(self) -> None:
        self._library.fake_forget_counts()

    def executed_ms(self) -> float:
        """How long the queued work itself took, which on a card would be the card's time."""
        return float(self._library.fake_executed_ns()) / 1e6

    def fail(self, call: str, nth: int, code: int, *, sticky: bool = False) -> None:
        """Let the nth call from now fail; a sticky failure loses the card."""
        self._library.fake_fail(call.encode(), ctypes.c_long(nth), code, int(sticky))

    def lose_card(self, code: int = LAUNCH_FAILED) -> None:
        self._library.fake_lose_card(code)

    def recover(self) -> None:
        """Undo all that was set up to fail."""
        self._library.fake_find_card_again()
        self.set_memory(8 << 30)

    def hide_card(self) -> None:
        self._library.fake_hide_card()

    def set_memory(self, size_bytes: int) -> None:
        """Give the card so much memory in all."""
        self._library.fake_set_memory(ctypes.c_size_t(size_bytes))

    def seed(self, number: int) -> None:
        """Do queued work at any moment that streams and events allow; 0: as late as possible."""
        self._library.fake_seed(ctypes.c_long(number))

    def uses(self, address: int, size_bytes: int, *, writes: bool) -> None:
        """Say what the host function that this thread queues next will read or write."""
        self._library.fake_uses(ctypes.c_size_t(address), ctypes.c_size_t(size_bytes), int(writes))

    def complain(self, what: str) -> None:
        """Add a line to what was left behind."""
        self._library.fake_complain(what.encode())

    def forget_complaints(self) -> None:
        self._library.fake_forget_complaints()

    def left_behind(self) -> str:
        """What nobody has given back, a line each."""
        text = ctypes.create_string_buffer(_LIST_BYTES)
        self._library.fake_left_behind(text, ctypes.c_size_t(_LIST_BYTES))
        return text.value.decode()


def fake_driver() -> FakeDriver | None:
    """The fake driver, where it takes the real one's place; else None."""
    try:
        library = ctypes.CDLL("libcuda.so.1")
        return FakeDriver(library) if hasattr(library, "fake_count") else None
    except OSError:
        return None
