"""Room: deliver. The sound of one file, carried into another beside new pictures. Knows no pictures."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet

_MP4_HOLDS: Final = frozenset({"aac", "mp3", "ac3", "eac3", "alac", "opus"})
"""Codecs that players expect in an MP4 file; any other is encoded anew as AAC."""
_AAC_RATES_HZ: Final = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_AAC_BITS_PER_CHANNEL: Final = 128_000


class Soundtrack:
    """Feeds every sound stream of a recording into an MP4 file, in step with the pictures.

    Args:
        source: The recording, used for nothing else meanwhile; the caller closes it.
        output: The MP4 file, before its first packet.
    """

    def __init__(self, source: InputContainer, output: OutputContainer) -> None:
        self._output = output
        self._start_s = max(Fraction(source.start_time or 0, av.time_base), Fraction(0))
        self._tracks = {
            stream.index: _track(stream, output) for stream in source.streams.audio if stream.codec_context is not None
        }
        streams = tuple(stream for stream in source.streams.audio if stream.index in self._tracks)
        self._packets: Iterator[Packet[AudioStream]] = source.demux(streams) if streams else iter(())
        self._waiting: Packet[AudioStream] | None = None
        self.damaged_packets = 0
        """Pieces that could not be read, decoded or written; they are left out."""

    def copy_until(self, seconds: Fraction | None) -> None:
        """Write all sound that starts before this time of the new file; None = all there is."""
        while (packet := self._next()) is not None:
            start = packet.pts if packet.pts is not None else packet.dts
            if seconds is not None and start is not None and start * packet.time_base - self._start_s >= seconds:
                self._waiting = packet
                return
            track = self._tracks[packet.stream_index]
            try:
                self._output.mux(list(track.packets(packet, self._start_s)))
            except (av.InvalidDataError, av.ArgumentError):
                self.damaged_packets += 1

    def finish(self) -> None:
        """Write what the encoders still hold."""
        for track in self._tracks.values():
            self._output.mux(list(track.flush()))

    def _next(self) -> Packet[AudioStream] | None:
        """The packet put back last time or the next one; None at the end or where the file breaks off."""
        if self._waiting is not None:
            packet, self._waiting = self._waiting, None
            return packet
        try:
            return next((packet for packet in self._packets if packet.size), None)
        except av.FFmpegError:
            self.damaged_packets += 1
            return None


class _CopiedTrack:
    """A sound stream that goes over as it is."""

    def __init__(self, source: AudioStream, output: OutputContainer) -> None:
        self._stream = output.add_stream_from_template(source)
        self._last_dts: int | None = None

    def packets(self, packet: Packet[AudioStream], start_s: Fraction) -> Iterator[Packet[AudioStream]]:
        """The packet on the new file's clock; MP4 takes no packet that is not later than the one before."""
        shift = round(start_s / packet.time_base)
        dts = packet.dts if packet.dts is not None else packet.pts
        if dts is None or (self._last_dts is not None and dts <= self._last_dts):
            return
        self._last_dts = dts
        packet.dts = dts - shift
        packet.pts = (dts if packet.pts is None else packet.pts) - shift
        packet.stream = self._stream
        yield packet

    def flush(self) -> Iterator[Packet[AudioStream]]:
        """Nothing is held back."""
        return iter(())


class _EncodedTrack:
    """A sound stream that MP4 cannot hold, encoded anew as AAC."""

    def __init__(self, source: AudioStream, output: OutputContainer) -> None:
        rate = source.rate if source.rate in _AAC_RATES_HZ else 48_000
        layout = source.layout.name if source.layout.name in ("mono", "stereo", "5.1", "7.1") else "stereo"
        self._stream = output.add_stream("aac", rate=rate, layout=layout)
        self._stream.codec_context.bit_rate = _AAC_BITS_PER_CHANNEL * self._stream.codec_context.channels
        self._resampler = AudioResampler(format="fltp", layout=layout, rate=rate)

    def packets(self, packet: Packet[AudioStream], start_s: Fraction) -> Iterator[Packet[AudioStream]]:
        """Decode, put on the new file's clock, encode."""
        for frame in packet.decode():
            if frame.pts is not None and frame.time_base is not None:
                frame.pts -= round(start_s / frame.time_base)
            yield from self._encode(frame)

    def flush(self) -> Iterator[Packet[AudioStream]]:
        """The last samples."""
        yield from self._encode(None)
        yield from self._stream.encode(None)

    def _encode(self, frame: AudioFrame | None) -> Iterator[Packet[AudioStream]]:
        for resampled in self._resampler.resample(frame):
            yield from self._stream.encode(resampled)


def _track(source: AudioStream, output: OutputContainer) -> _CopiedTrack | _EncodedTrack:
    holds = source.codec_context.codec.canonical_name in _MP4_HOLDS
    return _CopiedTrack(source, output) if holds else _EncodedTrack(source, output)
