"""Room: settings. What the app remembers between two starts. Nothing about faces or pictures is kept here."""

from __future__ import annotations

import contextlib
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

import tomli_w

from mirror_app.domain.errors import InputError
from mirror_app.language import LANGUAGES
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

LOOKS: Final = ("", "dark", "light")
"""Colours of the window."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's choices. The watermark is not among them: it is on at every start.

    Attributes:
        target: Name of the target face picked last; "" = the first one.
        camera_id: The operating system's name of the camera picked last; "" = the default camera.
        camera_modes: The size and rate chosen for each camera id, such as "1280x720@30"; others run as suits a mirror.
        flip_preview: Whether the window shows the picture as a mirror does. What leaves the app is never flipped.
        likeness: 0..1, how far the face's shape goes toward the target's.
        joining: One of `JOININGS`: how the face is joined to the picture.
        glasses: One of `GLASSES`: what becomes of glasses on the live face.
        language: One of `language.LANGUAGES`; "" = the system's.
        look: One of `LOOKS`; "" = the desktop's.
        welcomed: Whether the first steps were shown.
        favourites: Names of the target faces with a star, the oldest star first.
        recent: Names of the target faces worn last, the newest first.
        keys: The user's own keys, by the names of the window's actions; the window leaves out what it cannot use.
    """

    target: str = ""
    camera_id: str = ""
    camera_modes: Mapping[str, str] = field(default_factory=dict)
    flip_preview: bool = True
    likeness: float = DEFAULT_LIKENESS
    joining: str = DEFAULT_JOINING
    glasses: str = DEFAULT_GLASSES
    language: str = ""
    look: str = ""
    welcomed: bool = False
    favourites: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, kind in (("target", str), ("camera_id", str), ("flip_preview", bool), ("welcomed", bool)):
            if not isinstance(getattr(self, name), kind):
                raise InputError("The setting {name} is not a {kind}.", name=name, kind=kind.__name__)
        for name in ("favourites", "recent"):
            names = getattr(self, name)
            if not isinstance(names, tuple) or not all(isinstance(one, str) for one in names):
                raise InputError("The setting {name} is not a list of names.", name=name)
        if not isinstance(self.keys, Mapping) or not all(isinstance(key, str) for key in self.keys.values()):
            raise InputError("The setting {name} is not a list of names.", name="keys")
        modes = self.camera_modes
        if not isinstance(modes, Mapping) or not all(_is_mode(mode) for mode in modes.values()):
            raise InputError("The setting {name} is not a list of sizes and rates.", name="camera_modes")
        likeness = self.likeness
        # A whole number may be too large to ask whether it is finite.
        is_number = isinstance(likeness, int) or (isinstance(likeness, float) and math.isfinite(likeness))
        if isinstance(likeness, bool) or not is_number:
            raise InputError("The setting {name} is not a number.", name="likeness")
        if not 0 <= likeness <= 1:
            raise InputError(
                "The setting {name} is {value}; it must lie between 0 and 1.", name="likeness", value=likeness
            )
        languages = ("", *LANGUAGES)
        for name, choices in (("joining", JOININGS), ("glasses", GLASSES), ("language", languages), ("look", LOOKS)):
            if getattr(self, name) not in choices:
                names = ", ".join(choice or '""' for choice in choices)
                raise InputError("The setting {name} must be one of {choices}.", name=name, choices=names)


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
    # ValueError: no TOML, no UTF-8, or a number of thousands of digits. RecursionError: brackets in brackets.
    except (ValueError, RecursionError, InputError):
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


def _is_mode(mode: object) -> bool:
    return isinstance(mode, str) and re.fullmatch(r"[1-9][0-9]{1,4}x[1-9][0-9]{1,4}@[0-9]{1,4}", mode) is not None


def damaged_path(path: Path) -> Path:
    """Where a damaged settings file is moved to."""
    return path.with_name("settings.damaged.toml")


def _parse(text: bytes) -> Settings:
    """Read settings from TOML. Keys of a newer version are ignored."""
    table = tomllib.loads(text.decode("utf-8-sig"))
    known = {field.name for field in fields(Settings)}
    # TOML knows lists only.
    kept: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in table.items() if key in known
    }
    return Settings(**kept)
