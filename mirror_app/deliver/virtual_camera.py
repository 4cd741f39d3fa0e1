"""Room: deliver. The virtual camera: what other programs see as a camera, unmirrored, 30.0 pictures a second.

The work is done by a process of its own, see `virtual_camera_process`; here it is fed, watched and started again.
"""

from __future__ import annotations

import threading
import time
from typing import Final

from mirror_app.deliver.protocol import OutputReport
from mirror_app.deliver.virtual_camera_help import explain
from mirror_app.deliver.virtual_camera_process import serve
from mirror_app.deliver.virtual_camera_run import CameraRun, Serve
from mirror_app.deliver.virtual_camera_words import CAMERA_SIZE as CAMERA_SIZE
from mirror_app.deliver.virtual_camera_words import ENDED, OPEN, RATE, STUCK_S
from mirror_app.domain.errors import MirrorError, OutputError
from mirror_app.domain.frame import SafeFrame, Size, size_of
from mirror_app.domain.sentence import Sentence
from mirror_app.domain.system_reason import system_reason

_OPENING_S: Final = STUCK_S + 5.0
"""Longer than the process waits for the driver: it has to start, too."""
_CLOSING_S: Final = 3.0
_SOUND_S: Final = 60.0
"""A process that lived so long may be started again; one that ends sooner was the second chance of the one before."""


def open_virtual_camera(size_wh: Size, card: SafeFrame, *, serve: Serve = serve) -> VirtualCamera:
    """Start the camera; it shows the card until pictures come. Takes about half a second.

    Args:
        size_wh: `CAMERA_SIZE`.
        card: Of this size, labelled.
        serve: What its process runs.

    Raises:
        MissingLibraryError: pyvirtualcam is not installed; the sentence says how to get it.
        OutputError: There is no device, it is in use, or may not be used; the sentence says what to do.
    """
    if size_of(card.image_bgr) != size_wh:
        raise ValueError(f"expected a card of {size_wh}, got {size_of(card.image_bgr)}")
    camera = VirtualCamera(card, serve)
    camera.wait_until_open()
    return camera


class VirtualCamera:
    """An `Output`. Made by `open_virtual_camera`."""

    def __init__(self, card: SafeFrame, serve: Serve) -> None:
        self.size_wh = size_of(card.image_bgr)
        self._card = card
        self._serve = serve
        self._lock = threading.Lock()
        self._run: CameraRun | None = None
        self._is_closing = False
        self._is_decided = threading.Event()
        self._failure: MirrorError | None = None
        self._device = ""
        self._trouble = ""
        self._begun_s = time.monotonic()
        self._ended_s: float | None = None
        self._counts = (0, 0)
        self._thread = threading.Thread(target=self._live, name="virtual-camera", daemon=True)
        self._thread.start()

    @property
    def device(self) -> str:
        """What the device is called; "" while it is not open."""
        return self._device

    def wait_until_open(self) -> None:
        """Wait for the device.

        Raises:
            MirrorError: It cannot be opened.
        """
        if not self._is_decided.wait(_OPENING_S):
            self.close()
            raise explain(ENDED, Sentence("no answer within {seconds} s", seconds=f"{_OPENING_S:.0f}"))
        if self._failure is not None:
            raise self._failure

    def send(self, frame: SafeFrame) -> None:
        """Show this next."""
        if size_of(frame.image_bgr) != self.size_wh:
            raise ValueError(f"expected {self.size_wh}, got {size_of(frame.image_bgr)}")
        with self._lock:
            run = self._run
        if run is not None:
            run.show(frame)

    def report(self) -> OutputReport:
        """How it is doing; pictures are missing also while its process is started again."""
        with self._lock:
            frames, missing = self._sum(self._run)
            ended_s = self._ended_s or time.monotonic()
            return OutputReport(ended_s - self._begun_s, frames, missing, self._trouble, self._failure is not None)

    def close(self) -> None:
        """Give the device back."""
        with self._lock:
            self._is_closing = True
            run = self._run
        if run is not None:
            run.end()
        self._thread.join(_CLOSING_S)
        if run is not None and self._thread.is_alive():
            run.kill()
            self._thread.join(_CLOSING_S)

    def _sum(self, run: CameraRun | None) -> tuple[int, int]:
        frames, missing = run.counts if run is not None else (0, 0)
        return self._counts[0] + frames, self._counts[1] + missing

    def _live(self) -> None:
        """One life of the process after the other, until it is closed or not worth another try."""
        is_last = False
        while True:
            begun_s = time.monotonic()
            error = self._one_life()
            if self._is_closing:
                break
            was_sound = time.monotonic() - begun_s >= _SOUND_S
            if not self._is_decided.is_set() or (is_last and not was_sound):
                self._give_up(error)
                break
            is_last = True
            self._trouble = Sentence("The virtual camera stopped and was started again. {why}", why=error.sentence)
        self._ended_s = time.monotonic()
        self._is_decided.set()

    def _give_up(self, error: MirrorError) -> None:
        with self._lock:
            self._failure = error
            self._trouble = Sentence("The virtual camera stopped and stays off. {why}", why=error.sentence)

    def _one_life(self) -> MirrorError:
        """Run the process until it ends; why it did."""
        ended_s = time.monotonic()
        try:
            run = CameraRun(self._card, self._serve)
        except OSError as error:
            return OutputError("The virtual camera's process cannot be started: {why}.", why=system_reason(error))
        with self._lock:
            self._run = run
            is_closing = self._is_closing
        if is_closing:
            run.end()
        why = None
        for what, said in run.words():
            if what != OPEN:
                why = explain(what, said)
                continue
            self._device = said
            with self._lock:
                if self._is_decided.is_set():
                    gap = round((time.monotonic() - ended_s) * RATE)
                    self._counts = self._counts[0], self._counts[1] + gap
            self._is_decided.set()
        with self._lock:
            self._counts, self._run, self._device = self._sum(run), None, ""
        return why or explain(ENDED, run.ending())
