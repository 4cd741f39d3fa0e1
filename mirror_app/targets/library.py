"""Room: targets. The faces people can pick: the built-in ones and the user's own photos. Enrols none of them.

A user's face is one folder: `record.toml`, the face cut out of each of its photos (other people in a photo have agreed
to nothing and are not kept), the meshes found in them, and a thumbnail. The folder is filled under another name and
renamed at the end, so that a killed process leaves the face whole or not at all. Deleted faces go into a trash beside
the folder. Older folders have the whole photo and no meshes.
"""

from __future__ import annotations

import shutil
import time
import tomllib
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import tomli_w

from mirror_app.domain.errors import InputError
from mirror_app.imaging.files import write_image
from mirror_app.imaging.thumbnail import square_thumbnail
from mirror_app.targets.consent import Consent
from mirror_app.targets.kept_face import KeptFace, digest_of, write_meshes
from mirror_app.targets.names import folded, name_from, unknown_face
from mirror_app.targets.record import MESHES, RECORD, TargetRecord, builtin_record, own_record, record_table
from mirror_app.targets.remarks import PhotoCheck
from mirror_app.targets.trash import KEEP_DAYS, Trash, TrashedFace, erase
from mirror_app.whole_file import cannot_write

_UNFINISHED: Final = ".unfinished-"
_UNFINISHED_OLD_S: Final = 3600


class TargetLibrary:
    """Reads both shelves anew on every call: there are few faces, and another process may have added one.

    Args:
        builtin_dir: Folder with `catalogue.toml` and the pictures it names.
        user_dir: Folder of the user's own faces, mode 0700.
    """

    def __init__(self, builtin_dir: Path, user_dir: Path) -> None:
        self._builtin_dir = builtin_dir
        self._user_dir = user_dir
        self._trash = Trash(user_dir.resolve().with_name(f"{user_dir.name}-trash"))

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
            InputError: The face of that name is damaged.
        """
        records, wanted = self.records(), folded(name)
        # One face's title can be another one's name, and that one may be damaged: the name counts first.
        for record in records:
            if folded(record.name) == wanted:
                return record
        for folder in self.damaged():
            if folded(folder.name) == wanted:
                raise InputError(
                    "The target face {name} is damaged. Delete it with “mirror-app targets remove {name}” "
                    "and add its photo again.",
                    name=folder.name,
                )
        for record in records:
            if wanted in (folded(record.title_en), folded(record.title_zh)):
                return record
        raise unknown_face(name, [record.name for record in records])

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
            if record is not None and record.consent == consent.value and record_table(folder).get("sha256") == digest:
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
                write_meshes(unfinished / MESHES, faces)
                write_image(unfinished / "thumbnail.jpg", square_thumbnail(faces[0].image_bgr, faces[0].box_xyxy))
                (unfinished / RECORD).write_bytes(tomli_w.dumps(table).encode())
                folder = unfinished.rename(self._free_place(name_from(title)))
        except OSError as error:
            raise cannot_write(self._user_dir, error) from error
        return own_record(folder)

    def remove(self, name: str) -> str:
        """Move one of the user's own faces, damaged or not, to the trash.

        Args:
            name: Its name; a title does not do, as two faces can have the same.

        Returns:
            The ticket with which `restore` brings it back.

        Raises:
            UnknownTargetError: There is no face of that name.
            InputError: The face is built in.
            OutputError: The library cannot be written to.
        """
        return self._trash.put(self._own_folder(name))

    def remove_for_good(self, name: str) -> None:
        """Delete one of the user's own faces, damaged or not, with its photos and without the trash.

        Raises:
            UnknownTargetError, InputError, OutputError: See `remove`.
        """
        erase(self._own_folder(name), self._user_dir / f"{_UNFINISHED}{uuid.uuid4().hex[:12]}")

    def trashed(self) -> list[TrashedFace]:
        """The deleted faces that can be brought back, the one deleted last first."""
        return self._trash.faces()

    def restore(self, ticket: str) -> str:
        """Bring a deleted face back.

        Returns:
            Its name; one with a number when another face has taken its name meanwhile.

        Raises:
            InputError: It is not in the trash any more.
            OutputError: The library cannot be written to.
        """
        face = self._trash.find(ticket)
        try:
            self._user_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            place = self._free_place(face.name)
            self._trash.take_back(ticket, place)
        except OSError as error:
            raise cannot_write(self._user_dir, error) from error
        return place.name

    def discard_old(self) -> None:
        """Delete for good what has been in the trash for longer than was promised.

        Raises:
            OutputError: The trash cannot be written to.
        """
        self._trash.empty(older_than_days=KEEP_DAYS)

    def empty_trash(self) -> int:
        """Delete everything in the trash for good; gives the number of faces.

        Raises:
            OutputError: The trash cannot be written to.
        """
        return self._trash.empty()

    def _own_folder(self, name: str) -> Path:
        """The folder of one of the user's own faces."""
        wanted = folded(name)
        folder = next((folder for folder, _ in self._user() if folded(folder.name) == wanted), None)
        if folder is not None:
            return folder
        for record in self._builtin():
            if folded(record.name) == wanted:
                raise InputError("{name} is built in and cannot be removed.", name=record.name)
        raise unknown_face(name, [record.name for record in self.records()])

    def _builtin(self) -> Iterator[TargetRecord]:
        path = self._builtin_dir / "catalogue.toml"
        try:
            catalogue = tomllib.loads(path.read_text(encoding="utf-8"))
            for name, table in catalogue.items():
                yield builtin_record(self._builtin_dir, name, table)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                "The list of built-in faces {path} is missing or damaged. Install mirror-app again.", path=path
            ) from error

    def _user(self) -> Iterator[tuple[Path, TargetRecord | None]]:
        if not self._user_dir.is_dir():
            return
        for folder in sorted(self._user_dir.iterdir()):
            if folder.is_dir() and not folder.name.startswith("."):
                try:
                    yield folder, own_record(folder)
                except (OSError, ValueError, KeyError, TypeError, RecursionError):
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

    def _free_place(self, base: str) -> Path:
        """A folder of this name, or of this name and a number, that neither shelf uses yet."""
        taken = {folded(record.name) for record in self._builtin()}
        taken |= {folded(folder.name) for folder in self._user_dir.iterdir()}
        names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
        return self._user_dir / next(name for name in names if folded(name) not in taken)
