"""Room: targets. Presets: a face and how it is worn, under a name. Watermark and consent are never part of one."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import tomli_w

from mirror_app.domain.errors import InputError
from mirror_app.settings import DEFAULT_GLASSES, DEFAULT_JOINING, DEFAULT_LIKENESS, Settings
from mirror_app.targets.names import folded
from mirror_app.whole_file import whole_file

MOST_PRESETS: Final = 20
NAME_CHARS: Final = 40


@dataclass(frozen=True, slots=True)
class Preset:
    """A face and how it is worn; the ranges are those of `Settings`.

    Attributes:
        name: For people: one line, 1..`NAME_CHARS` characters.
        target: Name of the target face; it may have been deleted since.
        likeness: 0..1.
        joining: One of `settings.JOININGS`.
        glasses: One of `settings.GLASSES`.
        kept: Some of `settings.LIVE_PARTS`.
        flip_preview: Whether the window shows the picture as a mirror does.
    """

    name: str
    target: str
    likeness: float = DEFAULT_LIKENESS
    joining: str = DEFAULT_JOINING
    glasses: str = DEFAULT_GLASSES
    kept: tuple[str, ...] = ()
    flip_preview: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or self.name != tidy_name(self.name) or not self.name:
            raise InputError("A preset needs a name of one line.")
        Settings(
            target=self.target,
            likeness=self.likeness,
            joining=self.joining,
            glasses=self.glasses,
            kept=self.kept,
            flip_preview=self.flip_preview,
        )


def tidy_name(text: str) -> str:
    """A preset's name as it is kept: one line, single spaces, not too long; "" when nothing is left."""
    return " ".join(text.split())[:NAME_CHARS].strip()


def with_preset(presets: Sequence[Preset], preset: Preset) -> tuple[Preset, ...]:
    """Add a preset; one of the same name is replaced where it stands.

    Raises:
        InputError: There are `MOST_PRESETS` already.
    """
    same = [folded(one.name) == folded(preset.name) for one in presets]
    if any(same):
        return tuple(preset if is_same else one for one, is_same in zip(presets, same, strict=True))
    if len(presets) >= MOST_PRESETS:
        raise InputError("There are {count} presets already. Delete one first.", count=MOST_PRESETS)
    return (*presets, preset)


def load_presets(path: Path) -> tuple[Preset, ...]:
    """Read the presets; a missing or unreadable file gives none.

    A damaged file is moved aside to `presets.damaged.toml`, so that nothing the user made is lost.
    """
    try:
        text = path.read_bytes()
    except OSError:
        return ()
    try:
        return _parse(text)
    except (ValueError, TypeError, RecursionError, InputError):
        with contextlib.suppress(OSError):
            path.replace(path.with_name("presets.damaged.toml"))
        return ()


def save_presets(path: Path, presets: Sequence[Preset]) -> None:
    """Write the presets, whole or not at all.

    Raises:
        OutputError: The file cannot be written.
    """
    with whole_file(path) as part:
        part.write_bytes(tomli_w.dumps({"preset": [asdict(preset) for preset in presets]}).encode())


def _parse(text: bytes) -> tuple[Preset, ...]:
    """Read presets from TOML. Keys of a newer version are ignored."""
    table = tomllib.loads(text.decode("utf-8-sig"))
    known = Preset.__dataclass_fields__
    rows = table.get("preset", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError("The presets are damaged.")
    presets: tuple[Preset, ...] = ()
    for one in rows:
        # TOML knows lists only.
        read: dict[str, Any] = {
            key: tuple(one[key]) if isinstance(one[key], list) else one[key] for key in one if key in known
        }
        presets = with_preset(presets, Preset(**read))
    return presets
