"""Room: tests. An app that feeds a virtual camera until it is killed; a process of its own."""

from __future__ import annotations

import itertools
import sys
import time
import zlib

import numpy as np
from numpy.typing import NDArray

from mirror_app.deliver.virtual_camera import open_virtual_camera
from mirror_app.domain.frame import SafeFrame, Size
from tests.deliver.camera_backend import serve

CARD = 0


def picture(size_wh: Size, number: int) -> NDArray[np.uint8]:
    """Noise: no row, column or channel is like another. Number `CARD` is the card."""
    noise = np.random.default_rng(number).integers(0, 256, (size_wh[1], size_wh[0], 3), np.uint8)
    noise.flags.writeable = False
    return noise


def digest(image_bgr: NDArray[np.uint8]) -> int:
    return zlib.crc32(image_bgr.data)


def main() -> None:
    """Send two pictures in turn, as fast as it goes: most of the time one is being written."""
    size = int(sys.argv[1]), int(sys.argv[2])
    pictures = [picture(size, number) for number in (1, 2)]
    camera = open_virtual_camera(size, SafeFrame(picture(size, CARD), 0, 0), serve=serve)
    for number, image in enumerate(itertools.cycle(pictures)):
        camera.send(SafeFrame(image, number, time.monotonic_ns()))


if __name__ == "__main__":
    main()
