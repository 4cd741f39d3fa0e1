"""Room: cli. `mirror-app models`: list, info, import, remove; the other actions have files of their own."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Container, Sequence
from typing import Final

from mirror_app.cli.columns import cells, left
from mirror_app.cli.console import note, say, say_json
from mirror_app.domain.sentence import Sentence
from mirror_app.language import Words
from mirror_app.runtime.catalogue import Licence, ModelSpec, Role, TensorContract
from mirror_app.runtime.models import InstalledModel, ModelStore, open_store

_OWN_FILES: Final = ("get", "check", "convert", "prepare", "bench")
"""Actions that `cli.models_<action>` carries out, loaded only then: some of them load much."""
_ROLES: Final = {
    Role.DETECTOR: Sentence("finds faces"),
    Role.LANDMARKS: Sentence("landmarks"),
    Role.RECOGNISER: Sentence("recogniser"),
    Role.SWAPPER: Sentence("swapper"),
    Role.CONVERTER: Sentence("converter"),
    Role.PARSER: Sentence("face regions"),
    Role.OCCLUDER: Sentence("occlusion"),
}


def run(options: argparse.Namespace, words: Words) -> int:
    """Carry out one action on the models.

    Raises:
        MirrorError: The name, the file or the store cannot be used; the message says which.
    """
    if options.action in _OWN_FILES:
        return int(importlib.import_module(f"mirror_app.cli.models_{options.action}").run(options, words))
    store = open_store()
    match options.action:
        case "info":
            _info(store, options, words)
        case "import":
            imported = store.import_file(options.file, options.name)
            say_taken_in(imported.model, words)
            if imported.warning:
                note(words(imported.warning))
            _note_missing(store, imported.model.spec.name, words)
        case "remove":
            store.remove(options.name)
            say(words("{name} was deleted for good.", name=options.name))
        case _:
            _list(store, words, as_json=options.json)
    return 0


def say_taken_in(model: InstalledModel, words: Words) -> None:
    """Say that a model is there now."""
    size = megabytes(model.path.stat().st_size)
    say(
        words(
            "{name} is installed: {precision}, {size} MB.", name=model.spec.name, precision=model.precision, size=size
        )
    )


def megabytes(size_bytes: int) -> str:
    """A size for people, in units of a million bytes."""
    return f"{size_bytes / 1e6:.0f}" if size_bytes >= 10**7 else f"{size_bytes / 1e6:.1f}"


def say_licence(licence: Licence, words: Words) -> None:
    """Show under which terms a model may be used."""
    say(words("licence: {name}", name=licence.name))
    say(f"  {_allows(licence, words)}")
    say(f"  {licence.url or words('No text of it was published.')}")


def _allows(licence: Licence, words: Words) -> str:
    return licence.allows_zh if words.language == "zh_CN" else licence.allows_en


def _list(store: ModelStore, words: Words, *, as_json: bool) -> None:
    there: dict[str, list[InstalledModel]] = {}
    for model in store.installed():
        there.setdefault(model.spec.name, []).append(model)
    if as_json:
        rows = [_as_json(spec, there.get(spec.name, []), there.keys()) for spec in store.catalogue]
        damaged = [str(path) for path in store.damaged()]
        say_json({"folder": str(store.folder), "models": rows, "damaged": damaged})
        return
    table = [_row(spec, there.get(spec.name, []), words) for spec in store.catalogue]
    widths = [max(cells(row[column]) for row in table) for column in range(3)]
    for spec, row in zip(store.catalogue, table, strict=True):
        say("  ".join([*map(left, row, widths), spec.licence.name]))
        if spec.name in there:
            _note_missing(store, spec.name, words)
    for path in store.damaged():
        note(words("{path} is damaged or no model, and is not used. Delete it or get the model again.", path=path))


def _note_missing(store: ModelStore, name: str, words: Words) -> None:
    missing = ", ".join(need.name for need in store.missing_needs(name))
    if missing:
        note(words("{name} cannot run yet: {needs} must be installed too.", name=name, needs=missing))


def _row(spec: ModelSpec, there: Sequence[InstalledModel], words: Words) -> list[str]:
    files = [f"{one.precision} {megabytes(one.path.stat().st_size)} MB" for one in there]
    return [spec.name, words(_ROLES[spec.role]), ", ".join(dict.fromkeys(files)) or words("not installed")]


def _info(store: ModelStore, options: argparse.Namespace, words: Words) -> None:
    spec = store.catalogue.find(options.name)
    installed = store.installed()
    there = [model for model in installed if model.spec.name == spec.name]
    if options.json:
        names = {model.spec.name for model in installed}
        say_json(_as_json(spec, there, names))
        return
    say(f"{spec.name}: {spec.title}, {words(_ROLES[spec.role])}")
    say_licence(spec.licence, words)
    say(words("inputs: {tensors}", tensors=", ".join(map(_tensor, spec.inputs))))
    say(words("outputs: {tensors}", tensors=", ".join(map(_tensor, spec.outputs))))
    if spec.needs:
        say(words("needs: {names}", names=", ".join(spec.needs)))
    for file in spec.files:
        size = f"{megabytes(file.size_bytes)} MB" if file.size_bytes else words("size unknown")
        say(words("published: {file}, {precision}, {size}", file=file.name, precision=file.precision, size=size))
        for url in file.urls:
            say(f"  {url}")
        if file.sha256:
            say(_digest(file.sha256, words))
    for model in there:
        say(words("here: {path}, {precision}", path=model.path, precision=model.precision))
        say(_digest(model.sha256, words))
        if not model.is_known:
            say(f"  {words('This digest is not in the catalogue.')}")
    if not there:
        say(words("not installed"))


def _digest(sha256: str, words: Words) -> str:
    return f"  {words('SHA-256: {sha256}', sha256=sha256)}"


def _tensor(tensor: TensorContract) -> str:
    sizes = "×".join("?" if size == -1 else str(size) for size in tensor.shape)
    return f"{tensor.name} {sizes}".strip()


def _as_json(spec: ModelSpec, there: Sequence[InstalledModel], installed: Container[str]) -> dict[str, object]:
    licence = spec.licence
    return {
        "name": spec.name,
        "title": spec.title,
        "role": spec.role.value,
        "family": spec.family,
        "licence": {
            "name": licence.name,
            "url": licence.url,
            "allows_en": licence.allows_en,
            "allows_zh": licence.allows_zh,
        },
        "needs": list(spec.needs),
        "missing": [need for need in spec.needs if need not in installed],
        "installed": [
            {
                "path": str(model.path),
                "precision": model.precision,
                "size_bytes": model.path.stat().st_size,
                "sha256": model.sha256,
                "is_known": model.is_known,
            }
            for model in there
        ],
        "files": [
            {
                "name": file.name,
                "precision": file.precision,
                "size_bytes": file.size_bytes or None,
                "sha256": file.sha256 or None,
                "urls": list(file.urls),
            }
            for file in spec.files
        ],
    }
