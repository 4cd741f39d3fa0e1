"""Room: capture. A `FrameProvider` that plays pictures at an even pace: from memory, or a video over and over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.video_file import VideoFile
from mirror_app.domain.frame import Frame, PendingFrame


class PictureLoop:
    """Hands over one picture per tick, from a thread of its own, and leaves none out.

    Args:
        description: A name for people.
        pictures: Makes the pictures, (H, W, 3) uint8 BGR; called in the thread. The loop ends with them.
        fps: Pictures per second.
        may_slow_down: A picture that is late delays all that follow; otherwise they hurry until they are in time.
    """

    def __init__(
        self,
        description: str,
        pictures: Callable[[], Iterator[NDArray[np.uint8]]],
        fps: float,
        *,
        may_slow_down: bool = False,
    ) -> None:
        self._description = description
        self._pictures = pictures
        self._fps = fps
        self._may_slow_down = may_slow_down
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def description(self) -> str:
        """The name for people."""
        return self._description

    def start(self, deliver: Callable[[PendingFrame], None]) -> None:
        """Begin to deliver; starting twice changes nothing."""
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, args=(deliver,), name="picture-loop", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop delivering; when it returns no further frame comes. Safe to call twice."""
        self._stopping.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        self._thread = None

    def _run(self, deliver: Callable[[PendingFrame], None]) -> None:
        start_s = time.monotonic()
        for index, image_bgr in enumerate(self._pictures()):
            # `time.sleep` keeps to the millisecond on every system; a wait on the event does not on Windows.
            early_s = start_s + index / self._fps - time.monotonic()
            time.sleep(max(0.0, early_s))
            if self._may_slow_down and early_s < 0:
                start_s -= early_s
            if self._stopping.is_set():
                return
            deliver(Frame(image_bgr=image_bgr, index=index, captured_ns=time.monotonic_ns()))


def loop_video(path: Path, *, may_slow_down: bool = False) -> PictureLoop:
    """Play a video file over and over at its average rate.

    Args:
        path: The video.
        may_slow_down: See `PictureLoop`.

    Raises:
        InputError: The file cannot be read or holds no moving pictures.
    """
    with VideoFile(path) as video:
        rate = float(video.traits.rate)

    def pictures() -> Iterator[NDArray[np.uint8]]:
        while True:
            with VideoFile(path) as video:
                yield from (picture.image_bgr for picture in video.pictures())

    return PictureLoop(path.name, pictures, rate, may_slow_down=may_slow_down)
