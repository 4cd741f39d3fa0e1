"""Room: imaging. Picture files in and out, on any path. Decides nothing about what the picture shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import InputError, OutputError
from mirror_app.domain.system_reason import system_reason
from mirror_app.imaging.picture_header import PictureHeader, read_header, tiff_tags
from mirror_app.imaging.xmp import with_xmp
from mirror_app.whole_file import whole_file

MAX_SIDE_PX: Final = 12000
"""Longest side that is read: 12000 x 12000 BGR takes 430 MB."""
_MAX_FILE_BYTES: Final = 512 * 2**20
_HEADER_BYTES: Final = 4 * 2**20
"""Camera JPEGs carry previews and notes of a megabyte and more before the size."""
_JPEG_OPTIONS: Final = (
    *(cv2.IMWRITE_JPEG_QUALITY, 95),
    *(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444),
)
_BAND_ROWS: Final = 256
"""Rows blended at a time, so that a large picture needs no large floating-point copy."""

PICTURE_ENDINGS: Final = (".png", ".jpg", ".jpeg")
"""Endings that can be written."""


def is_picture(path: Path) -> bool:
    """Tell by its content whether a file is a still picture; a GIF counts as a video.

    Raises:
        InputError: The file does not exist, is a folder, is empty or cannot be opened.
    """
    header = read_header(_read_bytes(path, _HEADER_BYTES))
    return header is not None and header.kind != "GIF"


def read_image(path: Path) -> NDArray[np.uint8]:
    """Read a picture as the camera meant it: turned upright by its EXIF note, transparency laid on white, 8 bit.

    Returns:
        (H, W, 3) uint8, BGR; the caller owns it.

    Raises:
        InputError: The file cannot be read, is no picture, is cut off, or is too large.
    """
    data = _read_bytes(path, _MAX_FILE_BYTES + 1)
    header = read_header(data)
    _check(path, data, header)
    with _quiet_opencv():
        try:
            image = _decode(np.frombuffer(data, np.uint8), header)
        except cv2.error:
            image = None
    if image is None:
        raise InputError("The picture {path} is damaged or cut off. Copy or export it again.", path=path)
    return image


def write_image(path: Path, image_bgr: NDArray[np.uint8], xmp: bytes = b"") -> None:
    """Write a picture, whole or not at all: PNG without loss, JPEG at quality 95 with full colour resolution.

    Args:
        path: Ends in .png, .jpg or .jpeg; its folder exists.
        image_bgr: (H, W, 3) uint8, BGR.
        xmp: What the file is to say about itself, UTF-8; b"" = nothing.

    Raises:
        OutputError: The ending is unknown, the picture is too large for its kind, or the file cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in PICTURE_ENDINGS:
        raise OutputError("{path} was not written: its name must end in .png, .jpg or .jpeg.", path=path)
    with _quiet_opencv():
        try:
            ok, data = cv2.imencode(ending, image_bgr, [] if ending == ".png" else _JPEG_OPTIONS)
        except cv2.error:
            ok = False
    if not ok:
        raise OutputError(
            "{path} was not written: the picture cannot be stored as {ending}. Try .png.", path=path, ending=ending
        )
    with whole_file(path) as part:
        part.write_bytes(with_xmp(data.tobytes(), xmp) if xmp else data.tobytes())


def require_readable(path: Path) -> None:
    """Check that a path is an ordinary file with something in it.

    Raises:
        InputError: The file does not exist, is a folder, is empty or cannot be opened.
    """
    _read_bytes(path, 1)


def _read_bytes(path: Path, limit: int) -> bytes:
    """Read the first `limit` bytes of a file that must be an ordinary one."""
    try:
        if path.is_dir():
            raise InputError("{path} is a folder, not a file.", path=path)
        if not path.is_file():
            raise InputError("There is no file {path}.", path=path)
        with path.open("rb") as file:
            data = file.read(limit)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        raise InputError("{path} cannot be read: {why}.", path=path, why=system_reason(error)) from error
    if not data:
        raise InputError("The file {path} is empty.", path=path)
    return data


def _check(path: Path, data: bytes, header: PictureHeader | None) -> None:
    """Refuse, before memory is spent, what cannot be decoded."""
    if header is None:
        raise InputError("{path} is not a picture. Use a JPEG, PNG, WebP, AVIF, BMP or TIFF file.", path=path)
    if header.kind == "HEIC":
        raise InputError("{path} is a HEIC picture, which cannot be read. Save it as JPEG or PNG first.", path=path)
    if len(data) > _MAX_FILE_BYTES:
        raise InputError(
            "{path} is larger than {size} MB. Save a smaller copy and use that.", path=path, size=_MAX_FILE_BYTES >> 20
        )
    width, height = header.size_wh
    if max(width, height) > MAX_SIDE_PX:
        raise InputError(
            "The picture {path} is {width} x {height} pixels; at most {most} per side can be used. "
            "Save a smaller copy and use that.",
            path=path,
            width=width,
            height=height,
            most=MAX_SIDE_PX,
        )
    # Looked for here because libpng would write its own line about it to the terminal.
    if header.kind == "PNG" and b"IEND" not in data[-4096:]:
        raise InputError("The picture {path} is damaged or cut off. Copy or export it again.", path=path)


def _decode(data: NDArray[np.uint8], header: PictureHeader | None) -> NDArray[np.uint8] | None:
    """Decode to BGR; only the kinds that can be transparent are looked at for alpha."""
    if header is not None and header.kind in ("PNG", "WebP", "AVIF", "GIF"):
        raw, kinds, blocks = cv2.imdecodeWithMetadata(data, flags=cv2.IMREAD_UNCHANGED)
        exif = [np.asarray(block).tobytes() for kind, block in zip(kinds, blocks, strict=True)
                if kind == cv2.IMAGE_METADATA_EXIF]  # fmt: skip
        orientation = tiff_tags(exif[0]).get(274, 1) if exif else 1
        if raw is not None and raw.ndim == 3 and raw.shape[2] == 4:
            return _turn_upright(_on_white(raw), orientation)
        if raw is not None and raw.ndim == 3 and raw.dtype == np.uint8:
            return _turn_upright(np.asarray(raw, np.uint8), orientation)
        del raw  # large pictures: two at a time would be one too many
    image = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return None if image is None else np.ascontiguousarray(image, np.uint8)


def _on_white(bgra: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Lay a transparent picture, 8 or 16 bit, on white."""
    top = np.float32(65535 if bgra.dtype == np.uint16 else 255)
    mixed = np.empty((*bgra.shape[:2], 3), np.uint8)
    for row in range(0, len(bgra), _BAND_ROWS):
        band = bgra[row : row + _BAND_ROWS].astype(np.float32) / top
        alpha = band[:, :, 3:]
        mixed[row : row + _BAND_ROWS] = np.rint(255 * (band[:, :, :3] * alpha + 1 - alpha))
    return mixed


def _turn_upright(image: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Apply an EXIF orientation 1..8 (CIPA DC-008, tag 274)."""
    if orientation in (5, 6, 7, 8):
        image = image.transpose(1, 0, 2)
    if orientation in (2, 3, 6, 7):
        image = image[:, ::-1]
    if orientation in (3, 4, 7, 8):
        image = image[::-1]
    return np.ascontiguousarray(image)


@contextmanager
def _quiet_opencv() -> Iterator[None]:
    """Keep OpenCV's own lines about bad files off the terminal: the user gets one sentence instead."""
    logging = cv2.utils.logging
    before = logging.setLogLevel(logging.LOG_LEVEL_SILENT)
    try:
        yield
    finally:
        logging.setLogLevel(before)
