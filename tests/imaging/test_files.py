"""Room: tests. Pictures in and out: every kind of picture, every kind of trouble."""

from __future__ import annotations

import base64
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.errors import InputError, OutputError
from mirror_app.imaging.files import is_picture, read_image, require_readable, write_image
from tests.fakes import picture

RED, GREEN, BLUE = (0, 0, 255), (0, 255, 0), (255, 0, 0)


def _flag() -> NDArray[np.uint8]:
    """40 high, 60 wide: left red, top right green, bottom right blue."""
    image = np.zeros((40, 60, 3), np.uint8)
    image[:, :30] = RED
    image[:20, 30:] = GREEN
    image[20:, 30:] = BLUE
    return image


def _save(path: Path, image: NDArray[np.integer], orientation: int | None = None) -> Path:
    exif = b"II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHIHHI", 274, 3, 1, orientation or 1, 0, 0)
    blocks = [] if orientation is None else [np.frombuffer(exif, np.uint8)]
    kinds = [cv2.IMAGE_METADATA_EXIF] * len(blocks)
    ok, data = cv2.imencodeWithMetadata(path.suffix, image, kinds, blocks)
    assert ok
    path.write_bytes(data.tobytes())
    return path


def _near(pixel: NDArray[np.uint8], colour: tuple[int, int, int]) -> bool:
    return bool(np.abs(pixel.astype(int) - colour).max() <= 3)


@pytest.mark.parametrize("ending", [".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tiff", ".gif"])
def test_every_usual_kind_is_read_as_bgr_from_a_path_with_chinese_and_spaces(tmp_path: Path, ending: str) -> None:
    path = _save(tmp_path / f"我的 照片{ending}", _flag())
    image = read_image(path)
    assert image.shape == (40, 60, 3)
    assert image.dtype == np.uint8
    for y, x, colour in ((20, 10, RED), (10, 50, GREEN), (30, 50, BLUE)):
        assert np.abs(image[y, x].astype(int) - colour).max() <= 12, ending


# For each EXIF orientation a pixel (y, x) that is red once the picture is upright, and one that is green.
TURNED = {
    1: ((20, 10), (10, 50)), 2: ((20, 50), (10, 10)), 3: ((20, 50), (30, 10)), 4: ((20, 10), (30, 50)),
    5: ((10, 20), (50, 10)), 6: ((10, 20), (50, 30)), 7: ((50, 20), (10, 30)), 8: ((50, 20), (10, 10)),
}  # fmt: skip


@pytest.mark.parametrize("orientation", TURNED)
@pytest.mark.parametrize(("ending", "channels"), [(".jpg", 3), (".png", 3), (".png", 4)])
def test_the_picture_is_turned_upright(tmp_path: Path, orientation: int, ending: str, channels: int) -> None:
    image = _flag() if channels == 3 else np.dstack([_flag(), np.full((40, 60), 255, np.uint8)])
    upright = read_image(_save(tmp_path / f"turned{ending}", image, orientation))
    assert upright.shape[:2] == ((40, 60) if orientation < 5 else (60, 40))
    (red, green) = TURNED[orientation]
    assert _near(upright[red], RED)
    assert _near(upright[green], GREEN)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        pytest.param(np.full((8, 8), 77, np.uint8), (77, 77, 77), id="grey"),
        pytest.param(np.full((8, 8), 257 * 77, np.uint16), (77, 77, 77), id="grey, 16 bit"),
        pytest.param(np.full((8, 8, 3), (257 * 10, 257 * 20, 257 * 30), np.uint16), (10, 20, 30), id="colour, 16 bit"),
        pytest.param(np.full((8, 8, 4), (10, 20, 30, 255), np.uint8), (10, 20, 30), id="opaque"),
        pytest.param(np.full((8, 8, 4), (10, 20, 30, 0), np.uint8), (255, 255, 255), id="transparent"),
        pytest.param(np.full((8, 8, 4), (0, 0, 0, 51), np.uint8), (204, 204, 204), id="a fifth opaque"),
        pytest.param(np.full((8, 8, 4), (0, 0, 0, 257 * 51), np.uint16), (204, 204, 204), id="the same in 16 bit"),
        pytest.param(np.full((600, 2, 4), (0, 0, 0, 51), np.uint8), (204, 204, 204), id="more than one band of rows"),
    ],
)
def test_grey_deep_and_transparent_pictures_become_8_bit_colour_on_white(
    tmp_path: Path, image: NDArray[np.integer], expected: tuple[int, int, int]
) -> None:
    read = read_image(_save(tmp_path / "x.png", image))
    assert read.shape == (*image.shape[:2], 3)
    assert np.abs(read.astype(int) - expected).max() <= 1


def test_a_four_colour_print_jpeg_is_read_as_bgr(tmp_path: Path) -> None:
    """OpenCV writes none: this one, of one colour, was made with ImageMagick."""
    data = """
        /9j/7gAOQWRvYmUAZAAAAAAC/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgW
        FBgSFBUU/9sAQwEDBAQFBAUJBQUJFA0LDRQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU/8AAFAgA
        KAA8BAERAAIRAQMRAQQRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAACCP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAVAQEBAAAAAAAAAAAAAAAA
        AAAACP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAOBAEAAhEDEQQAAD8AtQqCmwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAH/2Q=="""
    path = tmp_path / "打印.jpg"
    path.write_bytes(base64.b64decode(data))
    image = read_image(path)
    assert image.shape == (40, 60, 3)
    assert np.abs(image.astype(int) - (30, 60, 200)).max() <= 4


def _huge_png(path: Path) -> None:
    """A valid header that promises 20000 x 20000 pixels, as a decompression bomb does."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 20000, 20000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IEND\xaeB`\x82")


def _cut(ending: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        data = cv2.imencode(ending, picture(64, 48))[1].tobytes()
        path.write_bytes(data[: len(data) * 2 // 3])

    return write


@pytest.mark.parametrize(
    ("write", "words"),
    [
        pytest.param(lambda path: None, "There is no file", id="missing"),
        pytest.param(lambda path: path.mkdir(), "is a folder", id="folder"),
        pytest.param(lambda path: path.write_bytes(b""), "is empty", id="empty"),
        pytest.param(lambda path: path.write_text("hello"), "is not a picture", id="text"),
        pytest.param(_cut(".png"), "cut off", id="PNG cut off"),
        pytest.param(_cut(".jpg"), "cut off", id="JPEG cut off"),
        pytest.param(_cut(".webp"), "cut off", id="WebP cut off"),
        pytest.param(_huge_png, "20000 x 20000 pixels; at most 12000", id="too large"),
        pytest.param(lambda path: path.write_bytes(b"\0\0\0\x18ftypheic" + b"\0" * 40), "Save it as JPEG", id="HEIC"),
    ],
)
def test_trouble_with_a_picture_is_one_sentence_that_names_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], write: Callable[[Path], object], words: str
) -> None:
    path = tmp_path / "坏 的.png"
    write(path)
    with pytest.raises(InputError, match=words) as caught:
        read_image(path)
    assert str(path) in str(caught.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights do not bind this user")
def test_a_file_that_may_not_be_read_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(b"x")
    path.chmod(0)
    with pytest.raises(InputError, match="cannot be read"):
        require_readable(path)


def test_a_zero_byte_in_the_path_is_a_sentence() -> None:
    with pytest.raises(InputError):
        require_readable(Path("a\0b"))


def test_png_keeps_every_pixel_and_jpeg_nearly(tmp_path: Path) -> None:
    image = picture(65, 49)
    write_image(tmp_path / "一.PNG", image)
    write_image(tmp_path / "二.jpg", image)
    assert np.array_equal(read_image(tmp_path / "一.PNG"), image)
    assert np.abs(read_image(tmp_path / "二.jpg").astype(int) - image).mean() < 2


@pytest.mark.parametrize("name", ["x", "x.gif", "x.mp4", "x.png.txt", ".png"])
def test_an_unknown_ending_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"must end in \.png, \.jpg or \.jpeg"):
        write_image(tmp_path / name, picture(8, 8))
    assert not list(tmp_path.iterdir())


def test_a_picture_too_large_for_jpeg_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"Try \.png"):
        write_image(tmp_path / "x.jpg", np.zeros((70000, 1, 3), np.uint8))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "expected"), [("a.png", True), ("a.gif", False)])
def test_pictures_are_told_from_videos_by_content(tmp_path: Path, name: str, expected: bool) -> None:
    disguised = _save(tmp_path / name, _flag()).rename(tmp_path / "film.mp4")
    assert is_picture(disguised) is expected
