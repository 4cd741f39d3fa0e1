"""Makes the film of the demo camera with four people: `uv run python assets/pictures/make_people.py`, some minutes."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import av
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from mirror_app.capture.demo_people_camera import FILM_FPS, FILM_FRAMES, FourPeople, film_path

_WH: Final = (1280, 720)
_X264: Final = {"crf": "26", "preset": "slow", "x264-params": "keyint=140"}
_EXACT: Final = Interpolation.BILINEAR | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
_BT709: Final = 1


def main() -> None:
    """Draw and write."""
    people = FourPeople()
    with av.open(str(film_path()), "w", options={"movflags": "+faststart"}) as film:
        stream = film.add_stream("libx264", rate=Fraction(FILM_FPS), options=_X264)
        stream.width, stream.height = _WH
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = ColorRange.MPEG
        for number in range(FILM_FRAMES):
            drawn = VideoFrame.from_ndarray(people.draw(number).frame.image_bgr, "bgr24")
            picture = drawn.reformat(
                format="yuv420p",
                dst_colorspace=Colorspace.ITU709,
                dst_color_range=ColorRange.MPEG,
                interpolation=_EXACT,
            )
            picture.pts = number
            film.mux(stream.encode(picture))
        film.mux(stream.encode())


if __name__ == "__main__":
    main()
