"""Room: capture. Gives a Linux camera its automatic exposure back. Nothing but that one ioctl."""

from __future__ import annotations

import contextlib
import os
import struct
from typing import Final

# linux/videodev2.h and linux/v4l2-controls.h
_VIDIOC_S_CTRL: Final = 0xC008561C
_EXPOSURE_AUTO_CONTROL: Final = 0x009A0901
_APERTURE_PRIORITY: Final = 3
_FULLY_AUTOMATIC: Final = 0


def set_automatic_exposure(device_path: str) -> bool:
    """Let the camera see to its exposure; Qt 6 on Linux takes every exposure mode for the manual one.

    Most webcams know the "aperture priority" kind only, as their aperture is fixed.

    Args:
        device_path: Such as /dev/video0.

    Returns:
        Whether the camera took it.
    """
    # Imported here because it exists on Unix only.
    from fcntl import ioctl

    try:
        device = os.open(device_path, os.O_RDWR | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        for kind in (_APERTURE_PRIORITY, _FULLY_AUTOMATIC):
            with contextlib.suppress(OSError):
                ioctl(device, _VIDIOC_S_CTRL, struct.pack("=Ii", _EXPOSURE_AUTO_CONTROL, kind))
                return True
        return False
    finally:
        os.close(device)
