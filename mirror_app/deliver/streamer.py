"""Room: deliver. The network stream: safe frames, or the card, 30 times a second to a server. Draws nothing."""

from __future__ import annotations

import logging
import threading
import time
from enum import Enum
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from mirror_app.deliver.current import Current
from mirror_app.deliver.link import MUXER, Link
from mirror_app.deliver.live_encoder import LiveEncoder
from mirror_app.deliver.protocol import OutputReport
from mirror_app.deliver.rtmp import RtmpLink
from mirror_app.deliver.sound import SoundFormat
from mirror_app.deliver.stream_address import StreamAddress
from mirror_app.deliver.stream_meter import StreamFigures, StreamMeter
from mirror_app.deliver.stream_sound import StreamSound
from mirror_app.deliver.udp import UdpLink
from mirror_app.domain.errors import OutputError
from mirror_app.domain.frame import SafeFrame, Size, size_of
from mirror_app.domain.sentence import Sentence

_LOG = logging.getLogger(__name__)
RATE: Final = 30
"""Pictures per second, whatever the mirror does."""
BITS_PER_SECOND: Final = 4_000_000
"""Of the pictures: what the large services advise for 720p at 30 pictures per second."""
_PERIOD_NS: Final = 1_000_000_000 // RATE
_KEYFRAME_EVERY: Final = 2 * RATE
"""Pictures from one whole picture to the next: services ask for two seconds."""
_PAUSES_S: Final = (0.5, 1.0, 2.0, 4.0)
"""Waits before the next try; the last one stays."""
_STEADY_S: Final = 10.0
"""A connection that lasted so long was a good one: after it the waits begin anew."""
_BACKLOG_S: Final = 0.5
"""With more than this waiting for the network, pictures are left out before they are encoded."""
_HOPELESS_S: Final = 5.0
"""With more than this waiting not even the sound gets through."""
_CLOSING_S: Final = 1.5


class StreamState(Enum):
    """Where a stream stands."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    AWAY = "server gone: trying again"
    OVER = "over"


class _File:
    """What FFmpeg's muxer writes to: only that, so that it cannot close the connection."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def write(self, data: bytes) -> int:
        return self._link.write(data)


class Streamer:
    """Implements `Output`. Made by `open_streamer`; all work is done in a thread of its own."""

    def __init__(
        self, address: StreamAddress, card: SafeFrame, sound: SoundFormat | None, bits_per_second: int = BITS_PER_SECOND
    ) -> None:
        self.address = address
        self.state = StreamState.CONNECTING
        self._current = Current(card)
        self._sound = StreamSound(sound)
        self._meter = StreamMeter()
        self._bits_per_second = bits_per_second
        self._trouble = ""
        self._link_trouble = ""
        self._opened_s = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stream", daemon=True)
        self._thread.start()

    @property
    def size_wh(self) -> Size:
        """Width and height of the stream, px."""
        return size_of(self._current.card.image_bgr)

    def send(self, frame: SafeFrame) -> None:
        """Take the newest picture; at once."""
        if size_of(frame.image_bgr) == self.size_wh:
            self._current.put(frame)

    def sound(self, samples: NDArray[np.int16], at_ns: int) -> None:
        """Take sound; at once.

        Args:
            samples: (n, channels) int16, at the rate of the `SoundFormat`.
            at_ns: When the first of them sounded, `time.monotonic_ns()`.
        """
        self._sound.add(samples, at_ns)

    def figures(self) -> StreamFigures:
        """Its numbers, from any thread."""
        return self._meter.figures()

    def report(self) -> OutputReport:
        """How it is doing, from any thread."""
        figures = self._meter.figures()
        seconds = time.monotonic() - self._opened_s
        is_over = self.state is StreamState.OVER
        return OutputReport(seconds, figures.sent, figures.slow + figures.away, self._said(), is_over, figures.delay_ms)

    def close(self) -> None:
        """End it; takes a second or two at most, also while it connects."""
        self._over.set()
        # A look-up of a name cannot be stopped: its thread then ends by itself.
        self._thread.join(_CLOSING_S)

    def _said(self) -> str:
        if self.state is StreamState.CONNECTED:
            return self._link_trouble
        if self.state is StreamState.CONNECTING:
            return Sentence("Connecting to {server} …", server=self.address.shown)
        if self.state is StreamState.AWAY:
            return Sentence("{why} Trying again.", why=self._trouble)
        return self._trouble

    def _run(self) -> None:
        try:
            self._keep_streaming()
        # Whatever it is, nobody else must be taken along, and the user must see that the stream has ended.
        except Exception as error:  # noqa: BLE001
            why = self.address.hide(str(error)) or type(error).__name__
            self._trouble = Sentence("The stream has ended: {why}", why=why)
            _LOG.error("the stream to %s ended: %s", self.address.shown, why)
        finally:
            self.state = StreamState.OVER

    def _keep_streaming(self) -> None:
        tries = 0
        while not self._over.is_set():
            since = time.monotonic()
            try:
                self._stream_once()
            except OutputError as error:
                self._lose(error.sentence)
            except av.FFmpegError as error:
                self._lose(Sentence("The encoder failed ({why}).", why=error.strerror))
            tries = 0 if time.monotonic() - since > _STEADY_S else tries
            self._pause(_PAUSES_S[min(tries, len(_PAUSES_S) - 1)])
            tries += 1

    def _lose(self, why: str) -> None:
        if not self._over.is_set():
            self._trouble, self.state = why, StreamState.AWAY
            _LOG.warning("%s Trying again.", why)

    def _pause(self, seconds: float) -> None:
        begun = time.monotonic()
        self._over.wait(seconds)
        self._meter.missed(away=round((time.monotonic() - begun) * RATE))

    def _stream_once(self) -> None:
        """One connection, from its opening to its end."""
        begun = time.monotonic()
        try:
            link = self._linked()
        finally:
            self._meter.missed(away=round((time.monotonic() - begun) * RATE))
        try:
            self.state = StreamState.CONNECTED
            self._meter.connected()
            _LOG.info("streaming to %s", self.address.shown)
            self._feed(link)
        finally:
            link.close()

    def _linked(self) -> Link:
        if self.address.scheme == "udp":
            return UdpLink(self.address)
        return RtmpLink(self.address, self._over.is_set)

    def _feed(self, link: Link) -> None:
        container = av.open(_File(link), "w", format=link.container, options=MUXER, buffer_size=link.packet_bytes)
        encoder = LiveEncoder(container, self.size_wh, self._sound.format, RATE, self._bits_per_second)
        container.streams.video[0].codec_context.gop_size = _KEYFRAME_EVERY
        try:
            self._pace(encoder, link)
        finally:
            encoder.finish()
            container.close()
        link.end()

    def _pace(self, encoder: LiveEncoder, link: Link) -> None:
        due_ns = time.monotonic_ns()
        self._sound.begin(due_ns)
        while not self._over.is_set():
            self._one_turn(encoder, link, due_ns)
            due_ns += _PERIOD_NS
            link.pump(max(due_ns - time.monotonic_ns(), 0) / 1e9)
            self._meter.left(link.gone.take())
            self._meter.uploaded(link.sent)
            self._link_trouble = link.trouble
            late = (time.monotonic_ns() - due_ns) // _PERIOD_NS
            if late > 0:
                self._meter.missed(slow=late)
                due_ns += late * _PERIOD_NS

    def _one_turn(self, encoder: LiveEncoder, link: Link, due_ns: int) -> None:
        """The picture that is due, unless too much waits already; and the sound."""
        bytes_per_s = self._bits_per_second / 8
        if link.waiting > _HOPELESS_S * bytes_per_s:
            raise OutputError("The network is too slow for the stream.")
        if link.waiting > _BACKLOG_S * bytes_per_s:
            self._meter.missed(slow=1)
        else:
            frame = self._current.now()
            is_fresh = frame is not self._current.card
            self._meter.encoded(frame.index, frame.captured_ns, due_ns, is_fresh=is_fresh)
            encoder.picture(frame, due_ns)
        self._sound.feed(encoder, due_ns, self._meter.lag_ns())


def open_streamer(
    address: StreamAddress,
    size_wh: Size,
    card: SafeFrame,
    sound: SoundFormat | None,
    *,
    bits_per_second: int = BITS_PER_SECOND,
) -> Streamer:
    """Begin to connect, and stream as soon as the server takes it; tries again whenever it is gone.

    Args:
        address: Where to.
        size_wh: Of the stream, px, both even.
        card: Of that size, labelled; shown while no picture comes.
        sound: What `Streamer.sound` is going to get; None for a silent sound track.
        bits_per_second: Of the pictures.

    Raises:
        ValueError: A side is odd, or the card has another size.
    """
    if size_wh[0] % 2 or size_wh[1] % 2 or size_of(card.image_bgr) != size_wh:
        raise ValueError(f"expected even sides and a card of {size_wh}, got {size_of(card.image_bgr)}")
    return Streamer(address, card, sound, bits_per_second)
