"""Room: cli. From the words of `--target` and `--consent` to a face ready to be worn."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mirror_app.cli.parser import CONSENTS
from mirror_app.domain.errors import ConsentError, NoFaceError
from mirror_app.domain.target import TargetFace
from mirror_app.imaging.files import read_image, require_readable
from mirror_app.pipeline.assembly import open_enroller
from mirror_app.pipeline.enrol import Enrolment
from mirror_app.pipeline.targets import load_target
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


def open_library() -> TargetLibrary:
    """The built-in faces and the user's own."""
    return TargetLibrary(assets_dir() / "targets", user_targets_dir())


def choose_target(words: str | None, consent: str | None) -> ChosenTarget:
    """Find and load the target face.

    Args:
        words: A name or title from the library, or the path of a photo; None = the first built-in face.
        consent: Whose face a photo shows; needed for a photo only.

    Raises:
        UnknownTargetError: Neither a face of the library nor a photo.
        ConsentError: A photo without consent.
        InputError: The photo cannot be read or shows no face.
        ModelError: A network is missing or damaged.
    """
    if words is not None and _is_path(words):
        return _from_photo(Path(words), consent)
    library = open_library()
    record = library.records()[0] if words is None else library.find(words)
    return ChosenTarget(load_target(record, open_enroller()), record.name, "")


def enrol_photo(photo: Path, consent: str | None) -> Enrolment:
    """Enrol the largest face of a photo.

    Raises:
        ConsentError: It was not said whose face it is.
        InputError: The photo cannot be read or shows no face.
    """
    require_readable(photo)
    if consent is None:
        raise ConsentError(f"Say whose face {photo} shows: add --consent {', '.join(CONSENTS[:-1])} or {CONSENTS[-1]}.")
    image = read_image(photo)
    try:
        return open_enroller().from_photo(image, photo.stem)
    except NoFaceError as error:
        raise NoFaceError(f"No face was found in {photo}. Use a photo that shows a face from the front.") from error


def several_faces_note(photo: Path, faces_found: int) -> str:
    """What to say when a photo shows more than one face, else ""."""
    return f"{photo} shows {faces_found} faces; the largest one was taken." if faces_found > 1 else ""


def _from_photo(photo: Path, consent: str | None) -> ChosenTarget:
    enrolment = enrol_photo(photo, consent)
    return ChosenTarget(enrolment.target, str(photo), several_faces_note(photo, enrolment.faces_found))


def _is_path(words: str) -> bool:
    """Whether the words can only mean a photo: no name in the library has a separator or a picture's ending."""
    has_separator = os.sep in words or (os.altsep is not None and os.altsep in words)
    return has_separator or words.lower().endswith(_PHOTO_ENDINGS)
