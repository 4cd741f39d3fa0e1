"""Room: settings. What the app remembers between two starts. Nothing about faces or pictures is kept here."""

from __future__ import annotations

import contextlib
import math
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

import tomli_w

from mirror_app.domain.errors import InputError
from mirror_app.resources import settings_path
from mirror_app.whole_file import whole_file

DEFAULT_LIKENESS: Final = 1.0
"""How far the live face's shape goes toward the target's unless the user says otherwise, 0..1."""
JOININGS: Final = ("alpha", "multi-band", "membrane", "poisson")
"""The values of `domain.assignment.Joining`, which is not imported here: its neighbours load NumPy."""
DEFAULT_JOINING: Final = "membrane"
"""How a patch is joined to the frame unless the user says otherwise; chosen by measurement, see `compose.joiner`."""
GLASSES: Final = ("keep", "replace")
"""The values of `domain.assignment.Glasses`."""
DEFAULT_GLASSES: Final = "replace"
"""What becomes of glasses on the live face unless the user says otherwise."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's choices. The watermark is not among them: it is on at every start.

    Attributes:
        target: Name of the target face picked last; "" = the first one.
        camera_id: The operating system's name of the camera picked last; "" = the default camera.
        flip_preview: Whether the window shows the picture as a mirror does. What leaves the app is never flipped.
        likeness: 0..1, how far the face's shape goes toward the target's.
        joining: One of `JOININGS`: how the face is joined to the picture.
        glasses: One of `GLASSES`: what becomes of glasses on the live face.
    """

    target: str = ""
    camera_id: str = ""
    flip_preview: bool = True
    likeness: float = DEFAULT_LIKENESS
    joining: str = DEFAULT_JOINING
    glasses: str = DEFAULT_GLASSES

    def __post_init__(self) -> None:
        for field, kind in (("target", str), ("camera_id", str), ("flip_preview", bool)):
            if not isinstance(getattr(self, field), kind):
                raise InputError(f"The setting {field} is not a {kind.__name__}.")
        likeness = self.likeness
        if isinstance(likeness, bool) or not isinstance(likeness, int | float) or not math.isfinite(likeness):
            raise InputError("The setting likeness is not a number.")
        if not 0 <= likeness <= 1:
            raise InputError(f"The setting likeness is {likeness}; it must lie between 0 and 1.")
        for field, choices in (("joining", JOININGS), ("glasses", GLASSES)):
            if getattr(self, field) not in choices:
                raise InputError(f"The setting {field} must be one of {', '.join(choices)}.")


def load_settings() -> Settings:
    """Read the settings; a missing, unreadable or damaged file gives the defaults.

    A damaged file is moved aside to `settings.damaged.toml`, so that nothing the user wrote is lost.
    """
    try:
        path = settings_path()
        text = path.read_bytes()
    except OSError:
        return Settings()
    try:
        return _parse(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, InputError):
        with contextlib.suppress(OSError):
            path.replace(damaged_path(path))
        return Settings()


def save_settings(settings: Settings) -> None:
    """Write the settings, whole or not at all.

    Raises:
        OutputError: The settings folder cannot be written to.
    """
    with whole_file(settings_path()) as part:
        part.write_bytes(tomli_w.dumps(asdict(settings)).encode())


def damaged_path(path: Path) -> Path:
    """Where a damaged settings file is moved to."""
    return path.with_name("settings.damaged.toml")


def _parse(text: bytes) -> Settings:
    """Read settings from TOML. Keys of a newer version are ignored."""
    table = tomllib.loads(text.decode("utf-8-sig"))
    known = {field.name for field in fields(Settings)}
    return Settings(**{key: value for key, value in table.items() if key in known})
