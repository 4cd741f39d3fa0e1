"""Room: capture. The names of the pixel layouts that cameras use. No pixels here."""

from __future__ import annotations

from enum import Enum


class PixelLayout(Enum):
    """How a camera packs its pixels; names follow FourCC, memory order for the RGB family."""

    NV12 = "NV12"
    NV21 = "NV21"
    YUYV = "YUYV"
    UYVY = "UYVY"
    YUV420P = "YUV420P"
    BGRA = "BGRA"
    RGBA = "RGBA"
    JPEG = "JPEG"
