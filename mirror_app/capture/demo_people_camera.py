"""Room: capture. A camera before which four demo people walk about: a film drawn once, played over and over. No Qt."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mirror_app import resources
from mirror_app.capture.demo_paths import crossing, standing, visiting
from mirror_app.capture.demo_people import DemoPeople, PeopleFrame, PeopleScene
from mirror_app.capture.picture_loop import PictureLoop, loop_video

FILM_FPS: Final = 25
FILM_FRAMES: Final = 280
_FILM_S: Final = FILM_FRAMES / FILM_FPS
# Their motion never repeats. Of sixteen hours these are the seconds whose end is most like their beginning: no head
# jumps by more than five degrees where the film begins anew.
_FIRST_TICK: Final = 267_415

_FOUR: Final = PeopleScene(
    (
        crossing(0.17, 0.83, 0.43, 0.27, _FILM_S, nearer=0.12),
        crossing(0.22, 0.78, 0.45, 0.25, _FILM_S, phase=0.5, nearer=0.12),
        standing(0.5, 0.33, 0.19),
        visiting(standing(0.87, 0.38, 0.21), ((0.0, 5.6),), every_s=_FILM_S),
    )
)
"""Two walk before one who stands still; the fourth leaves and comes back."""


class FourPeople:
    """Draws the film; a picture takes longer than it lasts, so that the camera plays it from a file."""

    def __init__(self) -> None:
        self._people = DemoPeople(_FOUR, fps=FILM_FPS)

    def draw(self, number: int) -> PeopleFrame:
        """A picture of the film, 1280x720, as it was before it was encoded, and who is where in it.

        Args:
            number: 0 to `FILM_FRAMES` - 1.
        """
        return self._people.frame_at(_FIRST_TICK + number)


def film_path() -> Path:
    """Where the film is."""
    return resources.assets_dir() / "demo" / "four-people.mp4"


def demo_people_camera() -> PictureLoop:
    """A `FrameProvider` that needs no device; where the computer is slow, the film is, too.

    Raises:
        InputError: The film is missing or cannot be read.
    """
    return loop_video(film_path(), may_slow_down=True)
