"""Room: pipeline. What a file looks like in a list: a small picture and its length. For the local window only.

The small picture shows the real face: it is for the eye of the person at this computer and is never written to a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.video_file import VideoFile
from mirror_app.imaging.files import is_picture, read_image

_LARGEST_WH: Final = (192, 108)


@dataclass(frozen=True, slots=True, eq=False)
class FileLook:
    """What is shown of a file.

    Attributes:
        image_bgr: (H, W, 3) uint8 BGR, at most 192 x 108 px, the shape of the picture.
        seconds: Length of a video as far as the file tells it; None for a picture.
    """

    image_bgr: NDArray[np.uint8]
    seconds: float | None


def look_at_file(path: Path) -> FileLook:
    """Read a picture, or the first picture of a video, small.

    Raises:
        InputError: The file cannot be read.
    """
    if is_picture(path):
        return FileLook(_small(read_image(path)), None)
    with VideoFile(path) as video:
        first = next(video.pictures())
        expected = video.expected_pictures
        seconds = None if expected is None else float(expected / video.traits.rate)
        return FileLook(_small(first.image_bgr), seconds)


def _small(image_bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = image_bgr.shape[:2]
    scale = min(_LARGEST_WH[0] / width, _LARGEST_WH[1] / height)
    size_wh = (max(round(width * scale), 1), max(round(height * scale), 1))
    return np.asarray(cv2.resize(image_bgr, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
