"""Room: imaging. What a picture file is and how large, read from its first bytes without decoding it.

Layouts: PNG (ISO/IEC 15948, IHDR), JPEG (ITU-T T.81, SOFn), GIF89a, BMP (BITMAPINFOHEADER), WebP (RFC 9649),
TIFF 6.0 (IFD tags 256 and 257), HEIF/AVIF (ISO/IEC 23008-12, `ispe`).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_STILL_BRANDS = {b"avif": "AVIF", b"avis": "AVIF", b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"msf1": "HEIC"}


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """Kind and size of a picture file.

    Attributes:
        kind: "PNG", "JPEG", "GIF", "BMP", "WebP", "TIFF", "AVIF" or "HEIC".
        size_wh: Width and height in px as stored, before any rotation.
    """

    kind: str
    size_wh: tuple[int, int]


def read_header(data: bytes) -> PictureHeader | None:
    """Recognise a picture file by its content.

    Returns:
        Its kind and size, or None when the bytes are no picture of a known kind or end too early.
    """
    try:
        return _read(data)
    except (struct.error, IndexError, StopIteration):
        return None


def _read(data: bytes) -> PictureHeader | None:
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return PictureHeader("PNG", struct.unpack_from(">II", data, 16))
    if data[:3] == b"\xff\xd8\xff":
        return PictureHeader("JPEG", next(_jpeg_sizes(data)))
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return PictureHeader("GIF", struct.unpack_from("<HH", data, 6))
    if data[:2] == b"BM" and len(data) > 26 and struct.unpack_from("<I", data, 14)[0] >= 40:
        width, height = struct.unpack_from("<ii", data, 18)
        return PictureHeader("BMP", (abs(width), abs(height)))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return PictureHeader("WebP", _webp_size(data))
    if data[:4] in (b"II*\0", b"MM\0*"):
        tags = tiff_tags(data)
        return PictureHeader("TIFF", (tags[256], tags[257])) if {256, 257} <= tags.keys() else None
    if data[4:8] == b"ftyp" and data[8:12] in _STILL_BRANDS:
        kind = "AVIF" if b"avif" in data[8:64] else _STILL_BRANDS[data[8:12]]
        return PictureHeader(kind, max(_heif_sizes(data), default=(0, 0)))
    return None


def tiff_tags(data: bytes) -> dict[int, int]:
    """Whole-number tags of the first directory of a TIFF or EXIF block; empty when the block is damaged."""
    order = "<" if data[:2] == b"II" else ">"
    tags: dict[int, int] = {}
    try:
        (start,) = struct.unpack_from(order + "I", data, 4)
        (count,) = struct.unpack_from(order + "H", data, start)
        for entry in range(start + 2, start + 2 + 12 * count, 12):
            tag, field_type, values = struct.unpack_from(order + "HHI", data, entry)
            if field_type in (3, 4) and values == 1:
                (tags[tag],) = struct.unpack_from(order + ("H" if field_type == 3 else "I"), data, entry + 8)
    except struct.error:
        return tags
    return tags


def _jpeg_sizes(data: bytes) -> Iterator[tuple[int, int]]:
    """Walk the segments up to the first start-of-frame marker (SOF0-SOF15 without DHT, JPG and DAC)."""
    at = 2
    while True:
        marker, length = struct.unpack_from(">xBH", data, at)
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            yield width, height
        at += 2 + length


def _webp_size(data: bytes) -> tuple[int, int]:
    chunk = data[12:16]
    if chunk == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
        return width, height
    if chunk == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def _heif_sizes(data: bytes) -> Iterator[tuple[int, int]]:
    """Every `ispe` box: the picture and, in a grid, its tiles."""
    at = data.find(b"ispe")
    while at >= 0:
        yield struct.unpack_from(">II", data, at + 8)
        at = data.find(b"ispe", at + 4)
