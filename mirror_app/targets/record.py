"""Room: targets. What the library knows of a face before it is loaded, and how that is read. Writes nothing."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mirror_app.targets.consent import Consent
from mirror_app.targets.remarks import PhotoCheck, check_from_words

RECORD: Final = "record.toml"
MESHES: Final = "meshes.npy"


@dataclass(frozen=True, slots=True)
class TargetRecord:
    """One face of the library, not loaded yet.

    Attributes:
        name: Key, e.g. "mona-lisa"; a folder name for the user's own faces.
        title_en: For people, in English.
        title_zh: For people, in Chinese.
        kind: "texture" (unrolled RGBA picture) or "photo" (an ordinary picture, enrolled when loaded).
        image_path: The texture or the first photo.
        thumbnail_path: A small square picture, or None.
        colour_follow: 0..1, see `TargetFace.colour_follow`.
        credit: Who made the picture.
        licence: Under which terms.
        consent: Value of `Consent` for the user's own photos, None for built-in faces.
        builtin: Whether it ships with the app.
        photo_paths: All photos, the first one included; empty for textures.
        meshes_path: The mesh found in each of the photos; None when they have to be searched.
        check: What speaks against the photos; None where nobody looked.
    """

    name: str
    title_en: str
    title_zh: str
    kind: str
    image_path: Path
    thumbnail_path: Path | None
    colour_follow: float
    credit: str
    licence: str
    consent: str | None
    builtin: bool
    photo_paths: tuple[Path, ...] = ()
    meshes_path: Path | None = None
    check: PhotoCheck | None = None


def builtin_record(folder: Path, name: str, table: dict[str, Any]) -> TargetRecord:
    """A face of the catalogue, as its table there says.

    Raises:
        ValueError, KeyError, TypeError: The table is damaged.
    """
    if table["kind"] not in ("texture", "photo"):
        raise ValueError(f"{name}: kind is {table['kind']!r}")
    thumbnail = table.get("thumbnail")
    return TargetRecord(
        name=name,
        title_en=table["title_en"],
        title_zh=table["title_zh"],
        kind=table["kind"],
        image_path=folder / table["file"],
        thumbnail_path=folder / thumbnail if thumbnail else None,
        colour_follow=float(table["colour_follow"]),
        credit=table["credit"],
        licence=table["licence"],
        consent=None,
        builtin=True,
        photo_paths=(folder / table["file"],) if table["kind"] == "photo" else (),
    )


def record_table(folder: Path) -> dict[str, Any]:
    """What the record in a folder of the user's says.

    Raises:
        OSError, ValueError: It is missing or damaged.
    """
    return tomllib.loads((folder / RECORD).read_text(encoding="utf-8"))


def own_record(folder: Path) -> TargetRecord:
    """The user's face in a folder.

    Raises:
        OSError, ValueError, KeyError, TypeError: The record is damaged, or a photo is missing.
    """
    table = record_table(folder)
    photos = tuple(folder / Path(photo).name for photo in table.get("photos") or [table["photo"]])
    for photo in photos:
        if not photo.is_file():
            raise FileNotFoundError(photo)
    thumbnail, meshes = folder / Path(table["thumbnail"]).name, folder / MESHES
    return TargetRecord(
        name=folder.name,
        title_en=str(table["title"]),
        title_zh=str(table["title"]),
        kind="photo",
        image_path=photos[0],
        thumbnail_path=thumbnail if thumbnail.is_file() else None,
        colour_follow=1.0,
        credit="",
        licence="",
        consent=Consent(table["consent"]).value,
        builtin=False,
        photo_paths=photos,
        meshes_path=meshes if meshes.is_file() else None,
        check=check_from_words(table["remarks"]) if "remarks" in table else None,
    )
