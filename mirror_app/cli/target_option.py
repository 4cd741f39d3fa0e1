"""Room: cli. From the words of `--target`, `--face` and `--consent` to a face ready to be worn."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mirror_app.cli.shared_options import CONSENTS
from mirror_app.domain.errors import ConsentError, InputError
from mirror_app.domain.sentence import Sentence, either, joined
from mirror_app.domain.target import TargetFace
from mirror_app.imaging.files import require_readable
from mirror_app.pipeline.assembly import open_enroller
from mirror_app.pipeline.enrol import chosen_face
from mirror_app.pipeline.photo_faces import PhotoFace, PhotoFaces
from mirror_app.pipeline.targets import load_target, look_at_photo
from mirror_app.resources import assets_dir, user_targets_dir
from mirror_app.targets.library import TargetLibrary

_PHOTO_ENDINGS: Final = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".avif", ".gif", ".heic")


@dataclass(frozen=True, slots=True, eq=False)
class ChosenTarget:
    """The face to wear.

    Attributes:
        face: Ready for `MirrorControls`.
        name: What the user called it.
        note: A sentence worth saying about it, else "".
    """

    face: TargetFace
    name: str
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class ChosenFaces:
    """One face from each of some photos.

    Attributes:
        faces: In the order of the photos.
        notes: A sentence for every photo in which somebody had to be chosen.
    """

    faces: list[PhotoFace]
    notes: list[str]


def open_library() -> TargetLibrary:
    """The built-in faces and the user's own."""
    return TargetLibrary(assets_dir() / "targets", user_targets_dir())


def choose_target(words: str | None, consent: str | None, face: int | None = None) -> ChosenTarget:
    """Find and load the target face.

    Args:
        words: A name or title from the library, or the path of a photo; None = the first built-in face.
        consent: Whose face a photo shows; needed for a photo only.
        face: Which face of the photo, counted from 1, the largest first; None = the largest.

    Raises:
        UnknownTargetError: Neither a face of the library nor a photo.
        ConsentError: A photo without consent.
        InputError: The photo cannot be read or does not show that face.
        ModelError: A network is missing or damaged.
    """
    if words is not None and _is_path(words):
        chosen = choose_faces([Path(words)], [] if face is None else [face], consent)
        target = open_enroller().from_views([one.view for one in chosen.faces], Path(words).stem)
        return ChosenTarget(target, words, joined(chosen.notes))
    if face is not None:
        raise InputError("--face says which face of a photo is meant; give a photo as target, or leave --face out.")
    library = open_library()
    record = library.records()[0] if words is None else library.find(words)
    return ChosenTarget(load_target(record, open_enroller()), record.name, "")


def choose_faces(photos: Sequence[Path], numbers: Sequence[int], consent: str | None) -> ChosenFaces:
    """Find one face in each of some photos.

    Args:
        photos: Files.
        numbers: Which face of each photo, counted from 1, as many as photos; empty = the largest ones.
        consent: Whose face it is.

    Raises:
        ConsentError: It was not said whose face it is.
        InputError: A photo cannot be read or does not show that face.
    """
    for photo in photos:
        require_readable(photo)
    if consent is None:
        choices = either(CONSENTS)
        if len(photos) > 1:
            raise ConsentError("Say whose face the photos show: add --consent {choices}.", choices=choices)
        raise ConsentError("Say whose face {photo} shows: add --consent {choices}.", photo=photos[0], choices=choices)
    enroller = open_enroller()
    chosen = ChosenFaces([], [])
    for photo, number in zip(photos, numbers or [1] * len(photos), strict=True):
        found = look_at_photo(photo, enroller)
        chosen.faces.append(chosen_face(found, number - 1))
        if len(found.faces) > 1 and not numbers:
            chosen.notes.append(_several_faces_note(photo, found))
    return chosen


def _several_faces_note(photo: Path, found: PhotoFaces) -> str:
    places = []
    for number, face in enumerate(found.faces, 1):
        left, top, right, bottom = face.box_xyxy
        places.append(f"{number}: x {(left + right) / 2:.0f}, y {(top + bottom) / 2:.0f}")
    return Sentence(
        "{photo} shows {count} faces ({places}); the largest is taken. Choose another one with --face N.",
        photo=photo,
        count=len(found.faces),
        places="; ".join(places),
    )


def _is_path(words: str) -> bool:
    """Whether the words can only mean a photo: no name in the library has a separator or a picture's ending."""
    has_separator = os.sep in words or (os.altsep is not None and os.altsep in words)
    return has_separator or words.lower().endswith(_PHOTO_ENDINGS)
