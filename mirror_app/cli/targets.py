"""Room: cli. `mirror-app targets`: list, add, remove."""

from __future__ import annotations

import argparse

from mirror_app.cli.console import note, say, say_json
from mirror_app.cli.target_option import enrol_photo, open_library, several_faces_note
from mirror_app.targets.consent import Consent
from mirror_app.targets.library import TargetLibrary, TargetRecord


def run(options: argparse.Namespace) -> int:
    """Carry out one action on the library.

    Raises:
        MirrorError: The photo, the name or the library cannot be used; the message says which.
    """
    library = open_library()
    if options.action == "add":
        return _add(library, options)
    if options.action == "remove":
        library.remove(options.name)
        say(f"{options.name} was removed.")
        return 0
    return _list(library, as_json=options.json)


def _list(library: TargetLibrary, *, as_json: bool) -> int:
    records = library.records()
    if as_json:
        say_json({"targets": [_as_json(record) for record in records]})
        return 0
    width = max((len(record.name) for record in records), default=0)
    for record in records:
        about = record.credit if record.builtin else f"yours, consent: {record.consent}"
        say(f"{record.name:{width}}  {record.title_en} / {record.title_zh}  ({about})")
    for folder in library.damaged():
        note(f"{folder} is damaged and was left out. Delete it, or add the photo again.")
    return 0


def _add(library: TargetLibrary, options: argparse.Namespace) -> int:
    enrolment = enrol_photo(options.photo, options.consent)
    record = library.add_photo(options.photo, Consent(options.consent), options.title, face_box_xyxy=enrolment.box_xyxy)
    sentence = several_faces_note(options.photo, enrolment.faces_found)
    if sentence:
        note(sentence)
    say(f"{options.photo} was added as {record.name}.")
    return 0


def _as_json(record: TargetRecord) -> dict[str, object]:
    return {
        "name": record.name,
        "title_en": record.title_en,
        "title_zh": record.title_zh,
        "kind": record.kind,
        "builtin": record.builtin,
        "consent": record.consent,
        "credit": record.credit,
        "licence": record.licence,
    }
