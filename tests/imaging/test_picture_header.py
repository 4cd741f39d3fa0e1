"""Room: tests. Kind and size of a picture from its first bytes."""

from __future__ import annotations

import struct

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirror_app.imaging.picture_header import PictureHeader, read_header, tiff_tags

KINDS = {".png": "PNG", ".jpg": "JPEG", ".bmp": "BMP", ".webp": "WebP", ".tiff": "TIFF", ".gif": "GIF"}


@pytest.mark.parametrize("ending", KINDS)
@pytest.mark.parametrize("size_wh", [(1, 1), (37, 20), (300, 257)])
def test_what_opencv_writes_is_recognised(ending: str, size_wh: tuple[int, int]) -> None:
    data = cv2.imencode(ending, np.zeros((size_wh[1], size_wh[0], 3), np.uint8))[1].tobytes()
    assert read_header(data) == PictureHeader(KINDS[ending], size_wh)


def test_a_lossless_and_a_transparent_webp_are_recognised() -> None:
    image = np.full((20, 37, 4), 128, np.uint8)
    for quality in (50, 101):
        data = cv2.imencode(".webp", image, [cv2.IMWRITE_WEBP_QUALITY, quality])[1].tobytes()
        assert read_header(data) == PictureHeader("WebP", (37, 20))


@pytest.mark.parametrize(("brand", "kind"), [(b"heic", "HEIC"), (b"mif1", "HEIC"), (b"avif", "AVIF")])
def test_pictures_of_the_heif_family_are_told_apart(brand: bytes, kind: str) -> None:
    size = b"\0\0\0\x14ispe" + struct.pack(">III", 0, 640, 480)
    tile = b"\0\0\0\x14ispe" + struct.pack(">III", 0, 512, 512)
    data = b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0" + brand + b"\0\0\0\0" + tile + size
    assert read_header(data) == PictureHeader(kind, (640, 480))


@settings(deadline=None)
@given(st.binary(max_size=64), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"II*\0", b"RIFF"]))
def test_any_bytes_give_a_header_or_none_but_never_an_exception(rest: bytes, start: bytes) -> None:
    header = read_header(start + rest)
    assert header is None or header.kind in {*KINDS.values(), "AVIF", "HEIC"}


@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_orientation_is_read_in_both_byte_orders(order: str) -> None:
    mark = b"II*\0" if order == "<" else b"MM\0*"
    entry = struct.pack(order + "HHIHH", 274, 3, 1, 6, 0)
    assert tiff_tags(mark + struct.pack(order + "IH", 8, 1) + entry) == {274: 6}
