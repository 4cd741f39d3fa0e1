"""Room: deliver. The file that grows while recording, and what becomes of it. Encodes nothing, knows no clock."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import struct
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

from mirror_app.deliver.provenance import AIGC_KEY, SOURCE_TYPE_KEY, USE_METADATA_TAGS, xmp_box
from mirror_app.domain.errors import OutputError
from mirror_app.whole_file import cannot_write, whole_file

GROWING_ENDING: Final = ".mirror-recording.mp4"
"""Ends the name of a file in work: it can be played at any time, and is found again after a crash."""
_GROWING: Final = {
    # Without delay_moov pictures and sound would begin 21 ms late, as the index could not tell AAC's leading samples.
    "movflags": f"frag_keyframe+empty_moov+default_base_moof+delay_moov+{USE_METADATA_TAGS}",
    "frag_duration": "500000",
    "flush_packets": "1",
}
"""A piece every half second, written to the file at once."""
_WHOLE: Final = {"movflags": f"+faststart+{USE_METADATA_TAGS}", "movie_timescale": "90000"}
_LAYOUT_KEYS: Final = frozenset({"major_brand", "minor_version", "compatible_brands", "encoder"})
"""Metadata that speaks of the file's layout, which the whole file has of its own."""
_STILL_GROWING_S: Final = 3.0
"""A file in work changes twice a second."""
_BOX: Final = struct.Struct(">I4s")
"""Size and kind, with which every part of an MP4 file begins."""
_logger = logging.getLogger(__name__)


def growing_file(path: Path) -> Path:
    """Where the recording lies until it is whole."""
    return path.with_name(path.stem + GROWING_ENDING)


def open_growing(path: Path, metadata: Mapping[str, str]) -> OutputContainer:
    """Open the file in work; the caller adds streams and closes it.

    Raises:
        OutputError: The name is taken, or the system refuses.
    """
    if path.suffix.lower() != ".mp4":
        raise OutputError("{path} was not written: the name of a video must end in .mp4.", path=path)
    part = growing_file(path)
    try:
        if path.exists() or part.exists():
            raise OutputError("{path} was not written: there is a file of that name already.", path=path)
        # FFmpeg's own refusals are vaguer.
        part.touch(exist_ok=False)
        container = av.open(f"file:{part.absolute()}", "w", format="mp4", options=_GROWING)
    except OSError as error:
        raise cannot_write(path, error) from error
    container.metadata.update(metadata)
    return container


def make_whole(part: Path, path: Path) -> Path:
    """Turn the file in work into an ordinary MP4 file; it stays until that one is complete.

    Where that fails, as there is no room for a second copy, the file in work is only renamed: it plays as it is.

    Args:
        part: The file in work, closed.
        path: What to call it; a number is added when there is such a file by now.

    Returns:
        What it is called.

    Raises:
        OutputError: The file holds no picture, or the system refuses; it stays where it is.
    """
    try:
        _mend(part)
        if not _holds_pictures(part):
            raise OutputError("{path} holds no picture.", path=part)
        free_path = _free(path)
        if shutil.disk_usage(part.parent).free < part.stat().st_size * 1.1:
            return part.rename(free_path)
        try:
            with whole_file(free_path) as whole:
                _copy(part, whole)
        except (OutputError, av.FFmpegError) as error:
            _logger.warning("%s stays in pieces: %s", free_path, error)
            return part.rename(free_path)
        part.unlink()
    except OSError as error:
        raise cannot_write(path, error) from error
    return free_path


def recover(folder: Path) -> list[Path]:
    """Make whole what a crash or a power cut left in a folder; takes seconds, so call it beside the window.

    Recordings that are still going on are left alone; what cannot be read is too, and said in the log.

    Returns:
        The recordings that are whole now.
    """
    saved = []
    for part in sorted(_left_behind(folder)):
        try:
            saved.append(make_whole(part, part.with_name(part.name.removesuffix(GROWING_ENDING) + ".mp4")))
        except OutputError as error:
            _logger.warning("%s", error)
    return saved


def _left_behind(folder: Path, sleep: Callable[[float], None] = time.sleep) -> list[Path]:
    with contextlib.suppress(OSError):
        before = {part: part.stat() for part in folder.glob(f"*{GROWING_ENDING}")}
        if any(time.time() - stat.st_mtime < _STILL_GROWING_S for stat in before.values()):
            sleep(_STILL_GROWING_S)
        return [part for part, stat in before.items() if part.stat().st_mtime == stat.st_mtime]
    return []


def _free(path: Path) -> Path:
    """`path`, or the first of "name (2).mp4", "name (3).mp4" ... that is free."""
    names = (path if number == 1 else path.with_stem(f"{path.stem} ({number})") for number in count(1))
    return next(name for name in names if not name.exists())


def _mend(part: Path) -> None:
    """Cut off a last piece that is torn: FFmpeg would not read a file at all whose last index is."""
    with part.open("r+b") as file:
        end, at, whole = file.seek(0, os.SEEK_END), 0, 0
        while at + _BOX.size <= end:
            file.seek(at)
            size, kind = _BOX.unpack(file.read(_BOX.size))
            at += size
            if size < _BOX.size or at > end:
                break
            # An index is nothing without the pictures that follow it.
            whole = whole if kind == b"moof" else at
        file.truncate(whole)


def _holds_pictures(part: Path) -> bool:
    try:
        with av.open(f"file:{part.absolute()}") as source:
            return any(packet.stream.type == "video" for packet in _packets(source))
    except (av.InvalidDataError, av.EOFError):
        return False


def _copy(part: Path, whole: Path) -> None:
    with (
        av.open(f"file:{part.absolute()}") as source,
        av.open(f"file:{whole.absolute()}", "w", format="mp4", options=_WHOLE) as target,
    ):
        metadata = {key: value for key, value in source.metadata.items() if key not in _LAYOUT_KEYS}
        target.metadata.update(metadata)
        streams = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
        for packet in _packets(source):
            packet.stream = streams[packet.stream_index]
            target.mux(packet)
    if {AIGC_KEY, SOURCE_TYPE_KEY} <= metadata.keys():
        with whole.open("ab") as file:
            file.write(xmp_box(metadata))


def _packets(source: InputContainer) -> Iterator[Packet[Stream]]:
    """All whole packets up to where the file breaks off."""
    packets = source.demux()
    while True:
        try:
            packet = next(packets, None)
        except av.InvalidDataError:
            return
        if packet is None:
            return
        if packet.dts is not None and not packet.is_corrupt:
            yield packet
