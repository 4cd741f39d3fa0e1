"""Room: tests. Memory of finished frames is used again, and never while somebody can still see it."""

from __future__ import annotations

import gc
import threading

import numpy as np
import pytest

from mirror_app.render.frame_room import FrameRoom


def picture(level: int, size_hw: tuple[int, int] = (40, 60)) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((*size_hw, 3), level, np.uint8)


def test_a_copy_is_equal_and_its_own() -> None:
    given = picture(7)
    copy = FrameRoom().copy_of(given)
    assert (copy == given).all()
    copy[:] = 9
    assert (given == 7).all()


def test_a_copy_nobody_holds_gives_its_memory_to_the_next() -> None:
    room, addresses = FrameRoom(), set()
    for level in range(20):
        copy = room.copy_of(picture(level))
        addresses.add(copy.ctypes.data)
        del copy
    assert len(addresses) == 1


def test_copies_that_are_held_stay_as_they_are() -> None:
    room = FrameRoom()
    held = [room.copy_of(picture(level)) for level in range(10)]
    assert [int(one[5, 5, 0]) for one in held] == list(range(10))
    assert len({one.ctypes.data for one in held}) == 10


@pytest.mark.parametrize(
    "look",
    [
        lambda copy: copy[3:9, ::2],
        lambda copy: copy[3:9][1:3],
        lambda copy: copy.reshape(-1)[4:].view(np.int8),
        lambda copy: copy.data,
        lambda copy: np.asarray(copy[1:].data),
        lambda copy: np.frombuffer(copy, np.uint8),
    ],
    ids=["view", "view of a view", "other shape and type", "buffer", "array over a buffer", "from a buffer"],
)
def test_a_view_keeps_the_memory_too(look) -> None:  # type: ignore[no-untyped-def]
    room = FrameRoom()
    copy = room.copy_of(picture(5))
    view = look(copy)
    del copy
    gc.collect()
    others = [room.copy_of(picture(200)) for _ in range(3)]
    assert np.asarray(view).max() == 5
    assert len(others) == 3


def test_another_size_gets_other_memory() -> None:
    room = FrameRoom()
    for size_hw in ((40, 60), (60, 40), (20, 20), (40, 60)):
        assert room.copy_of(picture(3, size_hw)).shape == (*size_hw, 3)


def test_a_frozen_copy_gives_writable_memory_back() -> None:
    room = FrameRoom()
    copy = room.copy_of(picture(1))
    copy.flags.writeable = False
    del copy
    assert room.copy_of(picture(2)).flags.writeable


def test_the_last_reference_may_go_in_another_thread() -> None:
    room = FrameRoom()
    held = [room.copy_of(picture(1))]
    address = held[0].ctypes.data
    thread = threading.Thread(target=held.clear)
    thread.start()
    thread.join()
    assert room.copy_of(picture(2)).ctypes.data == address
