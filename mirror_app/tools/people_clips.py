"""Room: tools. What the mirror is tried on with several people: scenes of the demo people, with their truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from mirror_app.capture.demo_lamp import Light
from mirror_app.capture.demo_paths import crossing, standing, turning, visiting
from mirror_app.capture.demo_people import DemoPeople, PeopleFrame, PeopleScene

FPS: Final = 30
PEOPLE_SECONDS: Final = 8.0
"""Length of a clip unless the user says otherwise."""

# The lamp goes off, on again, gives way to a light bulb, and comes back.
_LAMPS: Final = (
    Light(),
    Light(exposure_bgr=(0.5, 0.5, 0.5)),
    Light(),
    Light(exposure_bgr=(0.45, 0.7, 0.9)),
)
LAMP_EVERY_S: Final = 2.0
"""The light of `LAMP` changes at once after so many seconds, and again and again."""


@dataclass(frozen=True, slots=True)
class PeopleClip:
    """A named performance of several people that can be run from its beginning any number of times.

    Attributes:
        name: For people.
        frames: How many.
        shots: Starts the performance.
    """

    name: str
    frames: int
    shots: Callable[[], Iterator[PeopleFrame]]


def lamp_at(seconds: float) -> Light:
    """The light of a room in which the lamp is changed every two seconds."""
    return _LAMPS[int(seconds / LAMP_EVERY_S) % len(_LAMPS)]


CROSSING: Final = PeopleScene(
    (
        crossing(0.16, 0.84, 0.42, 0.26, 9.0, nearer=0.12),
        crossing(0.2, 0.8, 0.45, 0.24, 9.0, phase=0.5, nearer=0.12),
        crossing(0.3, 0.9, 0.4, 0.22, 13.0, phase=0.2, nearer=0.2),
        crossing(0.1, 0.7, 0.4, 0.3, 17.0, phase=0.7, nearer=0.1),
    )
)
"""Four people who pass each other again and again, each once in front and once behind."""

LEAVING: Final = PeopleScene(
    (
        visiting(standing(0.25, 0.42, 0.28), ((0.0, 3.0), (6.0, 9.0)), every_s=9.0),
        standing(0.52, 0.4, 0.25),
        visiting(standing(0.78, 0.44, 0.28), ((1.5, 5.0),), every_s=8.0),
    )
)
"""One stays; two leave and come back within some seconds."""

FAST_TURNS: Final = PeopleScene((turning(0.3, 0.45, 0.36), turning(0.72, 0.45, 0.32, 0.8)), shutter_s=1 / 60)
"""Two who throw their heads about, with the blur of a shutter that is open for half of the time."""

LIGHT: Final = PeopleScene(
    (
        crossing(0.2, 0.6, 0.42, 0.28, 11.0, nearer=0.12),
        crossing(0.3, 0.8, 0.44, 0.26, 11.0, phase=0.5, nearer=0.12),
        standing(0.88, 0.36, 0.18),
    ),
    light=lamp_at,
)
"""Two cross and one stands while somebody plays with the lamp."""

CROWD: Final = PeopleScene(
    (
        *CROSSING.paths[:3],
        standing(0.5, 0.32, 0.16),
        standing(0.08, 0.3, 0.15),
        visiting(standing(0.93, 0.32, 0.16), ((0.0, 4.0),), every_s=7.0),
    )
)
"""Six."""

STRANGERS: Final = PeopleScene(
    (
        visiting(standing(0.5, 0.42, 0.3), ((0.0, 11.0), (16.0, 30.0)), every_s=30.0),
        visiting(crossing(0.25, 0.75, 0.43, 0.34, 7.0), ((4.0, 9.0), (21.0, 27.0)), every_s=30.0),
        visiting(standing(0.5, 0.42, 0.3), ((12.6, 14.6),), every_s=30.0),
    )
)
"""The first one is the chosen one; strangers walk in front of her, and stand where she stood while she is away."""

LAMP: Final = PeopleScene((standing(0.5, 0.46, 0.42),), light=lamp_at)
"""One face in a room in which the lamp is changed."""


def lamp_held(from_s: float) -> PeopleClip:
    """The same face at the same moments as in `LAMP`, before and after a change, in the light that it brings."""
    light = lamp_at(from_s)
    return demo_clip("lamp held", replace(LAMP, light=lambda _: light), 2 * LAMP_EVERY_S, from_s - LAMP_EVERY_S)


def demo_clip(name: str, scene: PeopleScene, seconds: float, from_s: float = 0.0) -> PeopleClip:
    """A clip of a scene, or of so much of it from some moment on."""
    frames, first = max(round(seconds * FPS), 1), round(from_s * FPS)

    def shots() -> Iterator[PeopleFrame]:
        camera = DemoPeople(scene, fps=FPS)
        for index in range(first, first + frames):
            yield camera.frame_at(index)

    return PeopleClip(name, frames, shots)


def people_clips(seconds: float = PEOPLE_SECONDS) -> list[PeopleClip]:
    """The clips in which people are followed."""
    scenes = {"crossing": CROSSING, "leaving": LEAVING, "fast turns": FAST_TURNS, "light": LIGHT, "crowd": CROWD}
    return [demo_clip(name, scene, seconds) for name, scene in scenes.items()]
