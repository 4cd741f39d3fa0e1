"""Room: deliver. The virtual camera's own process: sends 30.0 pictures a second, whatever becomes of the app.

It alone loads pyvirtualcam (GPL-2.0): a driver that crashes or hangs does so here. It gets "show PLACE CAPTURED_NS" and
"end", a line each, through its standard input, and says "free PLACE" when it is done with a place of the shared memory:
the app writes into free places only, so that no picture is sent that is half written, also where the app dies in the
middle of it. A picture that gets old, or an app that is gone, gives way to the card.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.deliver.current import PATIENCE_NS
from mirror_app.deliver.shared_picture import CARD, SharedPictures, open_pictures
from mirror_app.deliver.virtual_camera_words import (
    BROKEN,
    END,
    FREE,
    LOST,
    MISSING,
    OPEN,
    RATE,
    REFUSED,
    STUCK_S,
)
from mirror_app.domain.frame import Size

_WITHOUT_PARENT_NS: Final = 5_000_000_000
"""So long others see the card before the device is given back: an app that is started again finds them still there."""
_NS: Final = 1_000_000_000
_CATCH_UP: Final = 2
"""So many pictures are sent late rather than never; more would be a burst."""


def serve(word: str, width: str, height: str, stuck_s: float = STUCK_S) -> None:
    """Be the process, until the parent says "end", or is gone.

    Args:
        word: Of the shared memory.
        width: Of the pictures, px.
        height: Of the pictures, px.
        stuck_s: What the driver may take for one call.
    """
    size = int(width), int(height)
    parent, camera = _Parent(), None
    # It needs no thread of Python's: a driver may hang and let nothing else run.
    faulthandler.dump_traceback_later(stuck_s, exit=True, file=2)
    try:
        pictures = open_pictures(word, size)
        # Only the app writes pictures.
        pictures.places.flags.writeable = False
        desk = _Desk(pictures.places, parent)
        threading.Thread(target=desk.listen, name="parent", daemon=True).start()
        camera, *said = _opened(size)
        parent.hear(*said)
        if camera is not None:
            _send_all(camera, desk, pictures, stuck_s)
    # Backends raise what they like.
    except Exception as error:  # noqa: BLE001
        parent.hear(LOST, str(error))
    finally:
        if camera is not None:
            camera.close()
        faulthandler.cancel_dump_traceback_later()


def try_camera(width: str, height: str) -> list[str]:
    """Open the device and give it back; for a child process.

    Returns:
        `OPEN` and the device, or one of the other words and why.
    """
    camera, *said = _opened((int(width), int(height)))
    if camera is not None:
        camera.close()
    return said


class _Parent:
    """The way to the app, which may be gone."""

    def __init__(self) -> None:
        self._descriptor = os.dup(1)
        # What libraries print must not get between the lines.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)

    def hear(self, *words: str) -> None:
        """Say a line; nothing happens when nobody listens any more."""
        with contextlib.suppress(OSError):
            os.write(self._descriptor, json.dumps(words).encode() + b"\n")


class _Desk:
    """What lies ready to be sent. Filled by a thread that listens to the parent, emptied by the one that sends."""

    def __init__(self, places: NDArray[np.uint8], parent: _Parent) -> None:
        self._places = places
        self._parent = parent
        self._lock = threading.Lock()
        self._newest: int | None = None
        self._in_use: int | None = None
        self._captured_ns = 0
        self._parent_gone_ns: int | None = None
        self._is_told_to_end = False

    def listen(self) -> None:
        """Do what the parent says until it is gone."""
        try:
            # Not `sys.stdin`, which an app without a console does not have.
            with os.fdopen(0, "rb", closefd=False) as lines:
                for line in lines:
                    what, *values = line.decode().split()
                    if what == END:
                        self._is_told_to_end = True
                        return
                    self._take(*map(int, values))
        finally:
            self._parent_gone_ns = time.monotonic_ns()

    def _take(self, place: int, captured_ns: int) -> None:
        with self._lock:
            before, self._newest, self._captured_ns = self._newest, place, captured_ns
            if before is not None and before != self._in_use:
                self._parent.hear(FREE, str(before))

    @property
    def is_over(self) -> bool:
        """Whether the device is to be given back."""
        gone = self._parent_gone_ns
        return self._is_told_to_end or (gone is not None and time.monotonic_ns() - gone > _WITHOUT_PARENT_NS)

    @contextlib.contextmanager
    def picture(self) -> Iterator[NDArray[np.uint8]]:
        """What to send now; nobody writes into it meanwhile."""
        with self._lock:
            is_fresh = 0 <= time.monotonic_ns() - self._captured_ns <= PATIENCE_NS
            place = self._newest if is_fresh and self._parent_gone_ns is None else None
            self._in_use = place
        yield self._places[CARD if place is None else place]
        with self._lock:
            self._in_use = None
            if place is not None and place != self._newest:
                self._parent.hear(FREE, str(place))


def _send_all(camera: Any, desk: _Desk, pictures: SharedPictures, stuck_s: float) -> None:
    """Send at 30.0 per second: the deadlines stand from the start on, so that nothing adds up."""
    frames, missing = range(2)
    device = Path(str(camera.device))
    begun, tick, checked = time.monotonic_ns(), 0, -RATE
    while not desk.is_over:
        if tick - checked >= RATE:
            checked = tick
            faulthandler.dump_traceback_later(stuck_s, exit=True, file=2)
            _check(device)
        time.sleep(max(begun + tick * _NS // RATE - time.monotonic_ns(), 0) / _NS)
        with desk.picture() as picture:
            camera.send(picture)
        pictures.counters[frames] += 1
        tick += 1
        late = (time.monotonic_ns() - begun) * RATE // _NS - tick
        if late > _CATCH_UP:
            pictures.counters[missing] += late
            tick += late


def _check(device: Path) -> None:
    """v4l2loopback's way out takes pictures without a word when its device is gone."""
    if device.is_absolute() and not device.exists():
        raise OSError(f"{device} is gone")


def _opened(size_wh: Size) -> tuple[Any, str, str]:
    """The camera and `OPEN` and its device; or None, a word and why."""
    try:
        import pyvirtualcam
    except ImportError as error:
        return None, MISSING if error.name == "pyvirtualcam" else BROKEN, str(error)
    try:
        camera = pyvirtualcam.Camera(*size_wh, RATE, fmt=pyvirtualcam.PixelFormat.BGR)
    # Backends raise what they like.
    except Exception as error:  # noqa: BLE001
        return None, REFUSED, " ".join(str(error).split())
    return camera, OPEN, str(camera.device)
