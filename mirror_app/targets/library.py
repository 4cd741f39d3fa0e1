"""Room: targets. The faces people can pick: the built-in ones and the user's own photos. Enrols none of them.

A user's face is one folder: `record.toml`, the face cut out of each of its photos (other people in a photo have agreed
to nothing and are not kept), the meshes found in them, and a thumbnail. The folder is filled under another name and
renamed at the end, so that a killed process leaves the face whole or not at all. Older folders have the whole photo and
no meshes.
"""

from __future__ import annotations

import difflib
import shutil
import time
import tomllib
import unicodedata
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import tomli_w

from mirror_app.domain.errors import InputError, UnknownTargetError
from mirror_app.imaging.files import write_image
from mirror_app.imaging.thumbnail import square_thumbnail
from mirror_app.targets.consent import Consent
from mirror_app.targets.kept_face import KeptFace, digest_of, write_meshes
from mirror_app.targets.remarks import PhotoCheck, check_from_words
from mirror_app.whole_file import cannot_write

_NAME_CHARS: Final = 48
"""Names become folder names; 48 Chinese characters are 144 bytes, file systems allow 255."""
_UNFINISHED: Final = ".unfinished-"
_UNFINISHED_OLD_S: Final = 3600
_MESHES: Final = "meshes.npy"


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


class TargetLibrary:
    """Reads both shelves anew on every call: there are few faces, and another process may have added one.

    Args:
        builtin_dir: Folder with `catalogue.toml` and the pictures it names.
        user_dir: Folder of the user's own faces, mode 0700.
    """

    def __init__(self, builtin_dir: Path, user_dir: Path) -> None:
        self._builtin_dir = builtin_dir
        self._user_dir = user_dir

    def records(self) -> list[TargetRecord]:
        """Built-in faces in the catalogue's order, then the user's by name; damaged user faces are left out.

        Raises:
            InputError: The catalogue of the built-in faces is missing or damaged.
        """
        return [*self._builtin(), *(record for _, record in self._user() if record is not None)]

    def damaged(self) -> list[Path]:
        """Folders of the user's faces whose record cannot be used."""
        return [folder for folder, record in self._user() if record is None]

    def find(self, name: str) -> TargetRecord:
        """Look a face up by its name or by its title in either language, whatever the case.

        Raises:
            UnknownTargetError: There is none; the message offers the nearest names.
        """
        records, wanted = self.records(), _folded(name)
        by_name = [record for record in records if _folded(record.name) == wanted]
        by_title = [record for record in records if wanted in (_folded(record.title_en), _folded(record.title_zh))]
        # One face's title can be another one's name.
        if by_name or by_title:
            return (by_name or by_title)[0]
        raise _unknown(name, records)

    def add(self, faces: Sequence[KeptFace], consent: Consent, title: str, check: PhotoCheck) -> TargetRecord:
        """Keep a face: what its photos show of it, and whose it is.

        The same photos with the same consent are kept once: adding them again gives the first record.

        Args:
            faces: The same person in one or more photos; the first one makes the thumbnail.
            consent: Whose face it is.
            title: For people.
            check: What speaks against the photos.

        Raises:
            OutputError: The library cannot be written to.
        """
        digest = digest_of(faces)
        for folder, record in self._user():
            if record is not None and record.consent == consent.value and _table(folder).get("sha256") == digest:
                return record
        # A file name on Linux need not be text; what is not becomes a question mark.
        title = " ".join(title.encode(errors="replace").decode().split()) or "face"
        photos = [f"photo-{number}.png" for number in range(1, len(faces) + 1)]
        table = {
            "title": title,
            "photos": photos,
            "thumbnail": "thumbnail.jpg",
            "consent": consent.value,
            "added": datetime.now(UTC).replace(microsecond=0),
            "sha256": digest,
            "remarks": [remark.value for remark in check.remarks],
        }
        try:
            with self._new_folder() as unfinished:
                for photo, face in zip(photos, faces, strict=True):
                    write_image(unfinished / photo, face.image_bgr)
                write_meshes(unfinished / _MESHES, faces)
                write_image(unfinished / "thumbnail.jpg", square_thumbnail(faces[0].image_bgr, faces[0].box_xyxy))
                (unfinished / "record.toml").write_bytes(tomli_w.dumps(table).encode())
                folder = unfinished.rename(self._free_folder(title))
        except OSError as error:
            raise cannot_write(self._user_dir, error) from error
        return _user_record(folder)

    def remove(self, name: str) -> None:
        """Delete one of the user's own faces with its photo.

        Args:
            name: Its name; a title does not do, as two faces can have the same.

        Raises:
            UnknownTargetError: There is no face of that name.
            InputError: The face is built in.
            OutputError: The library cannot be written to.
        """
        records = self.records()
        record = next((record for record in records if _folded(record.name) == _folded(name)), None)
        if record is None:
            raise _unknown(name, records)
        if record.builtin:
            raise InputError(f"{record.name} is built in and cannot be removed.")
        try:
            doomed = self._user_dir / f"{_UNFINISHED}{uuid.uuid4().hex[:12]}"
            shutil.rmtree((self._user_dir / record.name).rename(doomed))
        except OSError as error:
            raise cannot_write(self._user_dir, error) from error

    def _builtin(self) -> Iterator[TargetRecord]:
        path = self._builtin_dir / "catalogue.toml"
        try:
            catalogue = tomllib.loads(path.read_text(encoding="utf-8"))
            for name, table in catalogue.items():
                yield _builtin_record(self._builtin_dir, name, table)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"The list of built-in faces {path} is missing or damaged. Install mirror-app again."
            ) from error

    def _user(self) -> Iterator[tuple[Path, TargetRecord | None]]:
        if not self._user_dir.is_dir():
            return
        for folder in sorted(self._user_dir.iterdir()):
            if folder.is_dir() and not folder.name.startswith("."):
                try:
                    yield folder, _user_record(folder)
                except (OSError, ValueError, KeyError, TypeError):
                    yield folder, None

    @contextmanager
    def _new_folder(self) -> Iterator[Path]:
        """A private folder to fill and then rename; what a process killed an hour ago or more left is cleared away."""
        self._user_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self._user_dir.glob(f"{_UNFINISHED}*"):
            if time.time() - left.stat().st_mtime > _UNFINISHED_OLD_S:
                shutil.rmtree(left, ignore_errors=True)
        unfinished = self._user_dir / f"{_UNFINISHED}{uuid.uuid4().hex[:12]}"
        unfinished.mkdir(mode=0o700)
        try:
            yield unfinished
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def _free_folder(self, title: str) -> Path:
        """A folder name made from the title that neither shelf uses yet."""
        taken = {_folded(record.name) for record in self._builtin()}
        taken |= {_folded(folder.name) for folder in self._user_dir.iterdir()}
        base = _name_from(title)
        names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
        return self._user_dir / next(name for name in names if _folded(name) not in taken)


def _unknown(name: str, records: Sequence[TargetRecord]) -> UnknownTargetError:
    names = [record.name for record in records]
    near = difflib.get_close_matches(_folded(name), names, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(names)}."
    return UnknownTargetError(f"There is no target face called {name}. {hint}")


def _builtin_record(folder: Path, name: str, table: dict[str, Any]) -> TargetRecord:
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


def _table(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "record.toml").read_text(encoding="utf-8"))


def _user_record(folder: Path) -> TargetRecord:
    table = _table(folder)
    photos = tuple(folder / Path(photo).name for photo in table.get("photos") or [table["photo"]])
    for photo in photos:
        if not photo.is_file():
            raise FileNotFoundError(photo)
    thumbnail, meshes = folder / Path(table["thumbnail"]).name, folder / _MESHES
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


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _name_from(title: str) -> str:
    """Letters and digits of any script, everything else as single hyphens; never empty."""
    hyphens = "".join(char if char.isalnum() else "-" for char in _folded(title))
    return "-".join(part for part in hyphens.split("-") if part)[:_NAME_CHARS].strip("-") or "face"
