"""Room: cli. `mirror-app models get`: shows the licences, asks, downloads."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from mirror_app.cli.console import INTERRUPTED, note, say, stop_requests
from mirror_app.cli.download_bar import DownloadBar
from mirror_app.cli.models import megabytes, say_licence, say_taken_in
from mirror_app.cli.question import agreed, can_ask
from mirror_app.domain.errors import InputError
from mirror_app.language import Words
from mirror_app.runtime.catalogue import Licence, ModelSpec
from mirror_app.runtime.model_get import get_model, published_file, to_get
from mirror_app.runtime.models import ModelStore, open_store


def run(options: argparse.Namespace, words: Words) -> int:
    """Get a model and what it needs.

    Raises:
        InputError: A licence was not accepted.
        ModelError: There is no such model, or no address gave it.
        OutputError: It cannot be written.
    """
    store = open_store()
    wanted = to_get(store, options.name)
    if options.precision and store.find(options.name, options.precision) is None:
        own = store.catalogue.find(options.name)
        wanted = [*(spec for spec in wanted if spec is not own), own]
    if not wanted:
        say(words("{name} is there already, with all that it needs.", name=options.name))
        return 0
    # Everything that cannot be downloaded is said before anybody reads a licence.
    precisions = {options.name: options.precision}
    files = {spec.name: published_file(spec, precisions.get(spec.name)) for spec in wanted}
    for spec in wanted:
        size = files[spec.name].size_bytes
        say(f"{spec.name}: {megabytes(size)} MB" if size else spec.name)
    if not _are_accepted(store, wanted, words, is_told=options.accept_licence):
        say(words("Nothing was downloaded."))
        return InputError.exit_code
    for spec in wanted:
        if not _get(store, spec, precisions.get(spec.name), words):
            note(words("Stopped. The same command goes on where this one stopped."))
            return INTERRUPTED
    return 0


def _are_accepted(store: ModelStore, wanted: Sequence[ModelSpec], words: Words, *, is_told: bool) -> bool:
    """Show each licence that was not accepted before, and ask."""
    models: dict[Licence, list[str]] = {}
    for spec in wanted:
        if not store.is_accepted(spec.licence):
            models.setdefault(spec.licence, []).append(spec.name)
    for licence, names in models.items():
        say("")
        say(", ".join(names))
        say_licence(licence, words)
        if (
            can_ask()
            and not is_told
            and not agreed(words("Do you accept it for {names}? [y/N] ", names=", ".join(names)))
        ):
            return False
    if models and not can_ask() and not is_told:
        raise InputError("Nothing was downloaded. Add --accept-licence to accept the licences shown.")
    for licence in models:
        store.accept(licence)
    return True


def _get(store: ModelStore, spec: ModelSpec, precision: str | None, words: Words) -> bool:
    bar = DownloadBar(words)
    with stop_requests() as stop:
        try:
            imported = get_model(store, spec, progress=bar, stop=stop, precision=precision)
        finally:
            bar.clear()
    if imported is None:
        return False
    say_taken_in(imported.model, words)
    if imported.warning:
        note(words(imported.warning))
    return True
