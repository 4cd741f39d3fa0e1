"""Room: deliver. One life of the virtual camera's process, seen from the app: start, pictures, words, end.

Decides nothing about what an end means.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Final

from mirror_app.deliver.shared_picture import CARD, PLACES, made_pictures
from mirror_app.deliver.virtual_camera_words import END, FREE, SHOW, STUCK_S
from mirror_app.domain.frame import SafeFrame, size_of
from mirror_app.domain.sentence import Sentence
from mirror_app.runtime.child import child_command

Serve = Callable[[str, str, str], None]
"""A module-level function like `virtual_camera_process.serve`."""
_PATIENCE_S: Final = 5.0
_STUCK_CODE: Final = 1
"""How `faulthandler` ends a process that is stuck."""


class CameraRun:
    """A process that sends pictures to the device. It ends when `end` is called, with the app, or by itself."""

    def __init__(self, card: SafeFrame, serve: Serve) -> None:
        """Start it; `words` says how that went.

        Args:
            card: What it sends when it has nothing fresh; its size is the camera's.
            serve: What it runs.

        Raises:
            OSError: It cannot be started.
        """
        size = size_of(card.image_bgr)
        self._lock = threading.Lock()
        self._waiting: SafeFrame | None = None
        self._free = list(range(PLACES))
        with made_pictures(size) as (self._pictures, word, inherited):
            self._pictures.places[CARD] = card.image_bgr
            self._child = subprocess.Popen(
                child_command(serve.__module__, serve.__name__, word, *map(str, size)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # A driver may complain there 30 times a second.
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                pass_fds=inherited,
                # Ctrl-C in the terminal goes to the app only, which ends the process in good order.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )

    @property
    def counts(self) -> tuple[int, int]:
        """Pictures that went out, and pictures that should have."""
        frames, missing = self._pictures.counters
        return int(frames), int(missing)

    def show(self, frame: SafeFrame) -> None:
        """Send this next; newest wins. Never waits: the process is told of no more than `PLACES` pictures at once."""
        with self._lock:
            self._waiting = frame
            self._pass_on()

    def _pass_on(self) -> None:
        if self._waiting is None or not self._free:
            return
        frame, place = self._waiting, self._free.pop()
        self._waiting = None
        self._pictures.places[place] = frame.image_bgr
        # Only now does the process know of it. The pipe also orders memory: what was written before is seen after.
        self._say(SHOW, place, frame.captured_ns)

    def _say(self, *words: object) -> None:
        if self._child.stdin is not None and not self._child.stdin.closed:
            # Its end is heard by whoever reads `words`.
            with contextlib.suppress(OSError):
                self._child.stdin.write(" ".join(map(str, words)).encode() + b"\n")
                self._child.stdin.flush()

    def words(self) -> Iterator[tuple[str, str]]:
        """What it says of the camera, as it says it; over when it has ended. To be read to the end, by one thread."""
        if self._child.stdout is None:
            raise TypeError("expected a pipe")
        with self._child.stdout as lines:
            for what, value in filter(None, map(_parsed, lines)):
                if what == FREE:
                    with self._lock:
                        self._free.append(int(value))
                        self._pass_on()
                else:
                    yield what, value
        self._wait()

    def ending(self) -> str:
        """Why it ended without a word; after `words` is over."""
        code = self._child.returncode
        if code == _STUCK_CODE:
            return Sentence("no answer within {seconds} s", seconds=f"{STUCK_S:.0f}")
        if code is not None and code < 0:
            return Sentence("it crashed (signal {number})", number=-code)
        return Sentence("it ended with exit code {number}", number=code)

    def end(self) -> None:
        """Ask it to give the device back."""
        with self._lock:
            self._say(END)
            if self._child.stdin is not None:
                with contextlib.suppress(OSError):
                    self._child.stdin.close()

    def kill(self) -> None:
        """End it without asking."""
        self._child.kill()

    def _wait(self) -> None:
        try:
            self._child.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            # One that hangs inside the kernel stays until its driver lets it go.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(_PATIENCE_S)
        self.end()


def _parsed(line: bytes) -> tuple[str, str] | None:
    """A word and what it is about; None for what a library printed before the process began to listen to itself."""
    try:
        what, value = json.loads(line)
    except (TypeError, ValueError):
        return None
    return str(what), str(value)
