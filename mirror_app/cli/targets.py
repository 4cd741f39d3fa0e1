"""Room: cli. `mirror-app targets`: list, add, remove."""

from __future__ import annotations

import argparse
from pathlib import Path

from mirror_app.cli.console import note, say, say_json
from mirror_app.cli.target_option import choose_faces, open_library
from mirror_app.pipeline.targets import keep_target
from mirror_app.targets.consent import Consent
from mirror_app.targets.library import TargetLibrary, TargetRecord
from mirror_app.targets.remarks import WORDS, Remark


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
        say(f"{record.name:{width}}  {record.title_en} / {record.title_zh}  ({_about(record)})")
    for folder in library.damaged():
        note(f"{folder} is damaged and was left out. Delete it, or add the photo again.")
    return 0


def _add(library: TargetLibrary, options: argparse.Namespace) -> int:
    photos: list[Path] = options.photos
    chosen = choose_faces(photos, options.face, options.consent)
    title = options.title or photos[0].stem
    record = keep_target(library, chosen.faces, Consent(options.consent), title)
    for sentence in chosen.notes:
        note(sentence)
    was = "was" if len(photos) == 1 else "were"
    say(f"{', '.join(map(str, photos))} {was} added as {record.name}.")
    if record.check is not None:
        say(f"As a target face: {record.check.badge.value}.")
        for remark in record.check.remarks:
            say(f"- {WORDS[remark][0]}")
    return 0


def _about(record: TargetRecord) -> str:
    if record.builtin:
        return record.credit
    photo = "" if record.check is None else f", photo: {record.check.badge.value}"
    return f"yours, consent: {record.consent}{photo}"


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
        "photos": len(record.photo_paths),
        "badge": record.check.badge.value if record.check else None,
        "remarks": [_remark_as_json(remark) for remark in record.check.remarks] if record.check else [],
    }


def _remark_as_json(remark: Remark) -> dict[str, str]:
    english, chinese = WORDS[remark]
    return {"key": remark.value, "en": english, "zh": chinese}
