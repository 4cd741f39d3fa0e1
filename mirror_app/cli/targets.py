"""Room: cli. `mirror-app targets`: list, add, remove, restore, empty-trash."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from mirror_app.cli.columns import cells, left
from mirror_app.cli.console import note, say, say_json
from mirror_app.cli.target_option import choose_faces, open_library
from mirror_app.domain.errors import UnknownTargetError
from mirror_app.domain.sentence import Sentence
from mirror_app.language import Words, open_words
from mirror_app.pipeline.targets import keep_target
from mirror_app.targets.consent import Consent
from mirror_app.targets.library import TargetLibrary
from mirror_app.targets.names import folded
from mirror_app.targets.record import TargetRecord
from mirror_app.targets.remarks import REMARKS, Badge, Remark
from mirror_app.targets.trash import KEEP_DAYS

_DAMAGED: Final = Sentence("{folder} is damaged and was left out. Delete it with “mirror-app targets remove {name}”.")
_IN_TRASH: Final = Sentence("In the trash until {day}: {name}. Bring it back with “mirror-app targets restore {name}”.")
_REMOVED: Final = Sentence(
    "{name} was deleted. Its photos stay in the trash for {days} days; "
    "bring it back with “mirror-app targets restore {name}”."
)
_BADGES: Final = {Badge.GOOD: Sentence("good"), Badge.FAIR: Sentence("fair"), Badge.POOR: Sentence("poor")}


def run(options: argparse.Namespace, words: Words) -> int:
    """Carry out one action on the library.

    Raises:
        MirrorError: The photo, the name or the library cannot be used; the message says which.
    """
    library = open_library()
    library.discard_old()
    match options.action:
        case "add":
            _add(library, options, words)
        case "remove":
            _remove(library, options, words)
        case "restore":
            _restore(library, options.name, words)
        case "empty-trash":
            say(words("Deleted for good from the trash: {count}.", count=library.empty_trash()))
        case _:
            _list(library, words, as_json=options.json)
    return 0


def _list(library: TargetLibrary, words: Words, *, as_json: bool) -> None:
    records = library.records()
    if as_json:
        say_json({"targets": [_as_json(record) for record in records]})
        return
    width = max((cells(record.name) for record in records), default=0)
    for record in records:
        say(f"{left(record.name, width)}  {record.title_en} / {record.title_zh}  ({words(_about(record))})")
    for folder in library.damaged():
        note(words(_DAMAGED, folder=folder, name=folder.name))
    for face in library.trashed():
        note(words(_IN_TRASH, name=face.name, day=f"{face.kept_until.astimezone():%Y-%m-%d}"))


def _remove(library: TargetLibrary, options: argparse.Namespace, words: Words) -> None:
    if options.for_good:
        library.remove_for_good(options.name)
        say(words("{name} was deleted for good.", name=options.name))
    else:
        library.remove(options.name)
        say(words(_REMOVED, name=options.name, days=KEEP_DAYS))


def _restore(library: TargetLibrary, name: str, words: Words) -> None:
    ticket = next((face.ticket for face in library.trashed() if folded(face.name) == folded(name)), None)
    if ticket is None:
        raise UnknownTargetError("There is no face called {name} in the trash.", name=name)
    say(words("{name} is back.", name=library.restore(ticket)))


def _add(library: TargetLibrary, options: argparse.Namespace, words: Words) -> None:
    photos: list[Path] = options.photos
    if options.face and len(options.face) != len(photos):
        options.refuse(words("--face needs one number for each photo, separated by commas, as in --face 1,2."))
    chosen = choose_faces(photos, options.face, options.consent)
    title = options.title or photos[0].stem
    record = keep_target(library, chosen.faces, Consent(options.consent), title)
    for sentence in chosen.notes:
        note(words(sentence))
    if len(photos) == 1:
        say(words("{photo} was added as {name}.", photo=photos[0], name=record.name))
    else:
        say(words("{photos} were added as {name}.", photos=", ".join(map(str, photos)), name=record.name))
    if record.check is not None:
        say(words("As a target face: {badge}.", badge=_BADGES[record.check.badge]))
        for remark in record.check.remarks:
            say(f"- {words(REMARKS[remark])}")


def _about(record: TargetRecord) -> str:
    if record.builtin:
        return record.credit
    if record.check is None:
        return Sentence("yours, consent: {consent}", consent=record.consent)
    badge = _BADGES[record.check.badge]
    return Sentence("yours, consent: {consent}, photo: {badge}", consent=record.consent, badge=badge)


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
    return {"key": remark.value, "en": REMARKS[remark], "zh": open_words("zh_CN")(REMARKS[remark])}
