"""Room: imaging. XMP packets in PNG and JPEG files: put in and taken out. Knows nothing of what they say."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEY: Final = b"XML:com.adobe.xmp\x00"
_PNG_PLAIN: Final = b"\x00\x00\x00\x00"
"""Not compressed; no language, no translated keyword."""
_JPEG: Final = b"\xff\xd8"
_JPEG_KEY: Final = b"http://ns.adobe.com/xap/1.0/\x00"
_APP0, _APP1, _SCAN = 0xE0, 0xE1, 0xDA
_MOST_IN_SEGMENT: Final = 65533


def with_xmp(picture: bytes, xmp: bytes) -> bytes:
    """A PNG or JPEG file with a packet in it, where XMP Specification Part 3 wants it.

    Args:
        picture: A whole file without a packet.
        xmp: UTF-8; in a JPEG up to 65504 bytes.

    Raises:
        ValueError: It is neither PNG nor JPEG, or the packet is too long.
    """
    if picture.startswith(_PNG):
        after_header = len(_PNG) + 12 + struct.unpack(">I", picture[8:12])[0]
        body = b"iTXt" + _PNG_KEY + _PNG_PLAIN + xmp
        chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        return picture[:after_header] + chunk + picture[after_header:]
    if not picture.startswith(_JPEG):
        raise ValueError("expected a PNG or a JPEG")
    payload = _JPEG_KEY + xmp
    if len(payload) > _MOST_IN_SEGMENT:
        raise ValueError(f"a packet of {len(xmp)} bytes does not fit into a JPEG")
    first = next(iter(_jpeg_segments(picture)), None)
    start = len(_JPEG) if first is None or first[0] != _APP0 else first[2]
    segment = struct.pack(">BBH", 0xFF, _APP1, len(payload) + 2) + payload
    return picture[:start] + segment + picture[start:]


def xmp_of(picture: bytes) -> bytes:
    """The packet of a PNG or JPEG file, also of one that is cut off; b"" when it has none."""
    if picture.startswith(_PNG):
        bodies = (body for kind, body in _png_chunks(picture) if kind == b"iTXt" and body.startswith(_PNG_KEY))
        packets = (body[len(_PNG_KEY) :] for body in bodies)
        # The flag, the method, then the language and the translated keyword, each ended by a zero.
        return next((packet[2:].split(b"\x00", 2)[-1] for packet in packets if packet[:1] == b"\x00"), b"")
    if picture.startswith(_JPEG):
        found = (body for kind, body, _ in _jpeg_segments(picture) if kind == _APP1 and body.startswith(_JPEG_KEY))
        return next((body[len(_JPEG_KEY) :] for body in found), b"")
    return b""


def _png_chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at + 12 <= len(picture):
        length = struct.unpack(">I", picture[at : at + 4])[0]
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        at += 12 + length


def _jpeg_segments(picture: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Kind, contents and end of each segment before the pixels."""
    at = len(_JPEG)
    while at + 4 <= len(picture) and picture[at] == 0xFF and picture[at + 1] != _SCAN:
        length = struct.unpack(">H", picture[at + 2 : at + 4])[0]
        end = at + 2 + max(length, 2)
        yield picture[at + 1], picture[at + 4 : end], end
        at = end
