"""Room: deliver. Pictures and sound of the mirror into an MP4 file at a steady rate. Draws nothing, opens no device."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.container import OutputContainer
from numpy.typing import NDArray

from mirror_app.deliver.live_encoder import LiveEncoder
from mirror_app.deliver.protocol import OutputReport
from mirror_app.deliver.provenance import container_metadata
from mirror_app.deliver.recording_file import growing_file, make_whole, open_growing
from mirror_app.deliver.reel import Counts, Reel
from mirror_app.deliver.sound import SoundFormat
from mirror_app.domain.errors import OutputError
from mirror_app.domain.frame import SafeFrame, Size
from mirror_app.domain.sentence import Sentence, joined
from mirror_app.whole_file import cannot_write

RATE: Final = 30
"""Pictures per second of every recording."""
SPARE_BYTES: Final = 300_000_000
"""Disk space that a recording leaves to everything else: other programs fail badly without any."""
_NEARLY_FULL_S: Final = 600
"""When less than so much more fits, it is said."""
_BITS_PER_PIXEL: Final = 0.29
"""8 Mb/s at 720p30: where x264's fastest preset looks like its slower ones at the usual rates."""
_LEAST_BITS_PER_SECOND: Final = 2_000_000
_DELAY_NS: Final = 250_000_000
"""So long a picture may take from the camera to here and still find its own tick."""
_BEHIND_NS: Final = 2_000_000_000
"""Writing that is later than this gives ticks up: what waits must fit into memory."""
_PATIENCE_NS: Final = 1_000_000_000
"""For the first picture, and for sound before its absence is said."""
_MOST_BLOCKS: Final = 1000
"""Blocks of sound that may wait: 10 s in the usual 10 ms."""
_CHECK_NS: Final = 1_000_000_000
_logger = logging.getLogger(__name__)


class Recorder:
    """An output that writes a file, in a thread of its own. Made by `open_recorder`.

    Pictures and sound are laid down by the times at which camera and microphone took them, so lips and voice are in
    step however long the mirror took.
    """

    def __init__(
        self, path: Path, container: OutputContainer, encoder: LiveEncoder, card: SafeFrame, *, with_sound: bool
    ) -> None:
        self.path = path
        """What the file is called; final once the recording is over."""
        height, width = card.image_bgr.shape[:2]
        self.size_wh: Size = (width, height)
        self._part = growing_file(path)
        self._container = container
        self._encoder = encoder
        self._heard_ns = self._checked_ns = time.monotonic_ns()
        self._reel = Reel(card, self._heard_ns, RATE, _PATIENCE_NS)
        self._with_sound = with_sound
        self._blocks: deque[tuple[NDArray[np.int16], int]] = deque(maxlen=_MOST_BLOCKS)
        self._stop = threading.Event()
        self._why = ""
        self._warning = ""
        self._is_over = False
        self._thread = threading.Thread(target=self._run, name="recorder")
        self._thread.start()

    @property
    def counts(self) -> Counts:
        """What became of the pictures, in detail."""
        return self._reel.counts

    def send(self, frame: SafeFrame) -> None:
        """Take the newest picture."""
        if not self._stop.is_set():
            self._reel.put(frame)

    def sound(self, samples: NDArray[np.int16], at_ns: int) -> None:
        """Take what the microphone heard; returns at once, from any thread.

        Args:
            samples: (n, channels) int16, not changed afterwards.
            at_ns: `time.monotonic_ns()` at which the first of them sounded.
        """
        if self._with_sound and not self._stop.is_set():
            self._heard_ns = time.monotonic_ns()
            self._blocks.append((samples, at_ns))

    def report(self) -> OutputReport:
        """How long the file is, what is missing in it, and what is wrong."""
        counts = self.counts
        trouble = self._why
        if not trouble and not self._is_over:
            is_silent = self._with_sound and time.monotonic_ns() - self._heard_ns > 2 * _PATIENCE_NS
            silence = Sentence("No sound comes from the microphone: the recording is silent.") if is_silent else ""
            trouble = joined([self._warning, silence])
        return OutputReport(self._encoder.seconds, counts.written, counts.missing, trouble, self._is_over)

    def close(self) -> None:
        """End the recording and make the file whole: seconds for a long one."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._write()
        except OSError as error:
            self._why = cannot_write(self.path, error).sentence
        except av.FFmpegError as error:
            self._why = Sentence("The recording ended: the encoder failed ({why}).", why=error.strerror)
        # Whoever watches the recording must hear that it ended, whatever broke.
        except Exception:
            _logger.exception("the recording broke off")
            self._why = Sentence("The recording ended because of an unexpected error. What was recorded is kept.")
        finally:
            self._stop.set()
            self._close_file()
            self._is_over = True

    def _write(self) -> None:
        while not self._stop.wait(self._until_next_s()):
            self._advance(time.monotonic_ns() - _DELAY_NS)
            self._look_at_the_disk()
        # What is on its way belongs to the recording, and so do cards when no picture ever came.
        self._reel.begin(time.monotonic_ns() + _PATIENCE_NS)
        self._advance(time.monotonic_ns())
        self._encoder.finish()

    def _until_next_s(self) -> float:
        return max(self._reel.next_ns + _DELAY_NS - time.monotonic_ns(), 1_000_000) / 1e9

    def _advance(self, until_ns: int) -> None:
        """Write all ticks up to a time, and the sound that came."""
        if not self._reel.begin(until_ns):
            return
        self._reel.skip_until(until_ns - _BEHIND_NS)
        while self._reel.next_ns <= until_ns:
            frame, at_ns = self._reel.take()
            self._encoder.picture(frame, at_ns)
        while self._blocks:
            self._encoder.sound(*self._blocks.popleft())

    def _look_at_the_disk(self) -> None:
        now_ns = time.monotonic_ns()
        if now_ns - self._checked_ns < _CHECK_NS:
            return
        self._checked_ns = now_ns
        # A folder that was deleted takes everything without a word.
        written = self._part.stat().st_size
        left = shutil.disk_usage(self._part.parent).free - SPARE_BYTES
        per_second = max(written / max(self._encoder.seconds, 1.0), _LEAST_BITS_PER_SECOND / 8)
        if left <= 0:
            self._why = Sentence("The disk is nearly full: the recording ended. What was recorded is kept.")
            self._stop.set()
        elif left < per_second * _NEARLY_FULL_S:
            minutes = int(left / per_second / 60)
            self._warning = Sentence("The disk is nearly full: about {minutes} more minutes fit.", minutes=minutes)
        else:
            self._warning = ""

    def _close_file(self) -> None:
        try:
            self._container.close()
        except (av.FFmpegError, OSError, ValueError) as error:
            # What reached the disk can be played all the same.
            _logger.warning("%s was not closed well: %s", self._part, error)
        try:
            self.path = make_whole(self._part, self.path)
        except OutputError as error:
            self._why = self._why or error.sentence


def open_recorder(
    path: Path,
    size_wh: Size,
    card: SafeFrame,
    sound: SoundFormat | None,
    metadata: Mapping[str, str] | None = None,
) -> Recorder:
    """Begin to record; the first picture that comes within a second is the first in the file.

    Args:
        path: Ends in .mp4 and is not taken; its folder exists.
        size_wh: Of the picture, px, both even.
        card: Of that size; stands where pictures are missing for too long.
        sound: What `Recorder.sound` is going to get; None for a film without sound.
        metadata: What the file says about itself; None for the marks of AI content.

    Raises:
        OutputError: The name is taken, the disk is nearly full, or the system refuses.
    """
    try:
        free = shutil.disk_usage(path.parent).free
    except OSError as error:
        raise cannot_write(path, error) from error
    if free <= SPARE_BYTES:
        raise OutputError("{path} was not written: the disk is nearly full. Free some space and try again.", path=path)
    container = open_growing(path, container_metadata() if metadata is None else metadata)
    bits = max(round(size_wh[0] * size_wh[1] * RATE * _BITS_PER_PIXEL), _LEAST_BITS_PER_SECOND)
    encoder = LiveEncoder(container, size_wh, sound, RATE, bits)
    return Recorder(path, container, encoder, card, with_sound=sound is not None)
