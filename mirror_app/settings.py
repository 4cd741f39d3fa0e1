"""Room: settings. What the app remembers between two starts. Nothing about faces or pictures is kept here."""

from __future__ import annotations

import contextlib
import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

import tomli_w

from mirror_app.domain.errors import InputError
from mirror_app.domain.label import DEFAULT_OPACITY, LEAST_OPACITY, MOST_OPACITY, LabelCorner, LabelStyle, LabelText
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

LIVE_PARTS: Final = ("eyes", "mouth")
"""The values of `domain.assignment.LivePart`."""
OTHERS: Final = ("shield", "blur")
"""The values of `domain.assignment.Others`; the first one counts unless the user says otherwise."""
WEARERS: Final = ("one", "all")
"""Those values of `domain.cast.Wearers` that outlive a start: people chosen by hand are known in their session only."""
EMPTY: Final = ("shield", "pass")
"""The values of `domain.assignment.Empty`; the first one counts unless the user says otherwise."""
DEVICES: Final = ("auto", "cpu", "gpu")
"""Where a model may be asked to run."""
OUTPUTS: Final = ("window", "camera")
"""The outputs that may be opened at the start: nothing is recorded or streamed unasked."""
OUTPUT_SIZES: Final = ("1280x720", "1920x1080")
"""Sizes of what others see, px; the virtual camera has always the first one."""
LABEL_TEXTS: Final = tuple(text.value for text in LabelText)
LABEL_CORNERS: Final = tuple(corner.value for corner in LabelCorner)
LOOKS: Final = ("", "dark", "light")
"""Colours of the window."""
_TEXTS: Final = (
    "target", "camera_id", "engine", "detector", "microphone", "recordings_dir", "stream_server",
)  # fmt: skip
"""The settings that may hold any text."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's choices. Whether there is a watermark is not among them: it is on at every start.

    Attributes:
        target: Name of the target face picked last; "" = the first one.
        camera_id: The operating system's name of the camera picked last; "" = the default camera.
        camera_modes: The size and rate chosen for each camera id, such as "1280x720@30"; others run as suits a mirror.
        flip_preview: Whether the window shows the picture as a mirror does. What leaves the app is never flipped.
        likeness: 0..1, how far the face's shape goes toward the target's.
        joining: One of `JOININGS`: how the face is joined to the picture.
        glasses: One of `GLASSES`: what becomes of glasses on the live face.
        kept: Some of `LIVE_PARTS`: what stays of the live face where a neural network makes the new one.
        wearers: One of `WEARERS`: who wears the target face. While people are chosen by hand the first one is kept.
        others: One of `OTHERS`: what becomes of faces that wear no target.
        empty: One of `EMPTY`: what leaves while nobody is in the picture.
        outputs: Some of `OUTPUTS`: opened at the start with their card. That the mirror was live is not kept.
        output_size: One of `OUTPUT_SIZES`.
        microphone: The operating system's name of the microphone; "" = its own choice, "none" = no sound.
        recordings_dir: The folder for recordings; "" = the system's for videos.
        stream_server: The streaming server's address; the key is never among the settings.
        live_agreed: Whether the user has confirmed going live once.
        label_text: One of `LABEL_TEXTS`: the words of the watermark.
        label_corner: One of `LABEL_CORNERS`: where it stands.
        label_opacity: Of its plate, `LEAST_OPACITY`..`MOST_OPACITY`.
        engine: The way of swapping: "auto", "mesh" or a model's name; one that is gone counts as "auto".
        detector: What finds faces: "auto", "builtin" or a model's name; one that is gone counts as "auto".
        devices: One of `DEVICES` for a role of models, see `runtime.catalogue.Role`; "auto" for those not named.
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
    kept: tuple[str, ...] = ()
    wearers: str = WEARERS[0]
    others: str = OTHERS[0]
    empty: str = EMPTY[0]
    outputs: tuple[str, ...] = ()
    output_size: str = OUTPUT_SIZES[0]
    microphone: str = ""
    recordings_dir: str = ""
    stream_server: str = ""
    live_agreed: bool = False
    label_text: str = LabelText.BOTH.value
    label_corner: str = LabelCorner.AUTO.value
    label_opacity: float = DEFAULT_OPACITY
    engine: str = "auto"
    detector: str = "auto"
    devices: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    look: str = ""
    welcomed: bool = False
    favourites: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        words = dict.fromkeys(_TEXTS, str)
        for name, kind in (*words.items(), ("flip_preview", bool), ("welcomed", bool), ("live_agreed", bool)):
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
        _require_known("kept", self.kept, tuple, LIVE_PARTS)
        _require_known("outputs", self.outputs, tuple, OUTPUTS)
        _require_known("devices", self.devices, Mapping, DEVICES)
        _require_number("likeness", self.likeness, 0, 1)
        _require_number("label_opacity", self.label_opacity, LEAST_OPACITY, MOST_OPACITY)
        languages = ("", *LANGUAGES)
        for name, choices in (
            ("joining", JOININGS), ("glasses", GLASSES), ("wearers", WEARERS), ("others", OTHERS), ("empty", EMPTY),
            ("language", languages), ("look", LOOKS), ("label_text", LABEL_TEXTS), ("label_corner", LABEL_CORNERS),
            ("output_size", OUTPUT_SIZES),
        ):  # fmt: skip
            if getattr(self, name) not in choices:
                names = ", ".join(choice or '""' for choice in choices)
                raise InputError("The setting {name} must be one of {choices}.", name=name, choices=names)

    @property
    def label_style(self) -> LabelStyle:
        """How the watermark looks."""
        return LabelStyle(LabelText(self.label_text), LabelCorner(self.label_corner), self.label_opacity)


def load_settings() -> Settings:
    """Read the settings; a missing, unreadable or damaged file gives the defaults.

    Values that cannot be used are left out, all others count. Whatever is damaged is kept beside as
    `settings.damaged.toml`, so that nothing the user wrote is lost.
    """
    try:
        path = settings_path()
        text = path.read_bytes()
    except OSError:
        return Settings()
    try:
        settings, is_whole = _parse(text)
    # ValueError: no TOML, no UTF-8, or a number of thousands of digits. RecursionError: brackets in brackets.
    except (ValueError, RecursionError):
        with contextlib.suppress(OSError):
            path.replace(damaged_path(path))
        return Settings()
    if not is_whole:
        with contextlib.suppress(OSError):
            damaged_path(path).write_bytes(text)
    return settings


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
    """Where a damaged settings file is kept."""
    return path.with_name("settings.damaged.toml")


def _require_known(name: str, value: object, kind: type, known: tuple[str, ...]) -> None:
    """Raise unless a value is a list or table whose entries are all known words."""
    entries = value.values() if isinstance(value, Mapping) else value
    if not isinstance(value, kind) or not isinstance(entries, Iterable) or any(one not in known for one in entries):
        raise InputError("The setting {name} may only hold {choices}.", name=name, choices=", ".join(known))


def _require_number(name: str, value: object, least: float, most: float) -> None:
    """Raise unless a value is a number in a range."""
    # A whole number may be too large to ask whether it is finite.
    if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))):
        raise InputError("The setting {name} is not a number.", name=name)
    if not least <= value <= most:
        raise InputError(
            "The setting {name} is {value}; it must lie between {least} and {most}.",
            name=name, value=value, least=least, most=most,
        )  # fmt: skip


def _parse(text: bytes) -> tuple[Settings, bool]:
    """Read settings from TOML. Keys of a newer version are ignored.

    Returns:
        The settings, and whether all of them could be used as they stand.
    """
    table = tomllib.loads(text.decode("utf-8-sig"))
    known = [field.name for field in fields(Settings) if field.name in table]
    # TOML knows lists only.
    read = {name: tuple(table[name]) if isinstance(table[name], list) else table[name] for name in known}
    good = {name: _usable(name, value) for name, value in read.items()}
    kept = {name: value for name, value in good.items() if _fits(name, value)}
    return Settings(**kept), kept == read


def _usable(name: str, value: Any) -> Any:
    """A value as it is, or those entries of a list or table that can be used."""
    if _fits(name, value):
        return value
    if isinstance(value, dict):
        return {key: one for key, one in value.items() if _fits(name, {key: one})}
    return tuple(one for one in value if _fits(name, (one,))) if isinstance(value, tuple) else value


def _fits(name: str, value: Any) -> bool:
    try:
        Settings(**{name: value})
    except InputError:
        return False
    return True
