"""Room: runtime. Gets a published model into the store. Nothing is fetched whose licence was not accepted."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from mirror_app.domain.errors import InputError, ModelError
from mirror_app.resources import insightface_dir
from mirror_app.runtime.catalogue import ModelFile, ModelSpec
from mirror_app.runtime.download import TIMEOUT_S, Download, discard, fetch
from mirror_app.runtime.model_file import check_place
from mirror_app.runtime.models import Imported, ModelStore

_PACKS_PAGE: Final = "https://github.com/deepinsight/insightface/releases/tag/v0.7"


def to_get(store: ModelStore, name: str) -> list[ModelSpec]:
    """A model with all that it needs, as far as they are not there, what is needed first.

    Raises:
        ModelError: The catalogue has no such model.
    """
    spec = store.catalogue.find(name)
    there = {model.spec.name for model in store.installed()}
    found: dict[str, ModelSpec] = {}
    for need in spec.needs:
        found |= {one.name: one for one in to_get(store, need)}
    return [*found.values(), *([] if name in there else [spec])]


def published_file(spec: ModelSpec, precision: str | None = None) -> ModelFile:
    """The file that `get_model` downloads: the first that has an address.

    Args:
        spec: The model.
        precision: Only a file of this one, where given.

    Raises:
        ModelError: None has; the sentence says where to get it.
    """
    for file in spec.files:
        if file.urls and precision in (None, file.precision):
            return file
    if precision and any(file.urls for file in spec.files):
        raise ModelError("There is no file of {name} in {precision} to download.", name=spec.name, precision=precision)
    raise ModelError(
        "{name} cannot be downloaded by itself: {file} comes in a pack of insightface, such as buffalo_l from {page}. "
        "Unpack it in {folder}, or import the file with `mirror-app models import`.",
        name=spec.name,
        file=spec.files[0].name,
        page=_PACKS_PAGE,
        folder=insightface_dir(),
    )


def get_model(
    store: ModelStore,
    spec: ModelSpec,
    *,
    progress: Callable[[int, int | None], None],
    stop: Callable[[], bool],
    precision: str | None = None,
    timeout_s: float = TIMEOUT_S,
) -> Imported | None:
    """Download a model and take it into the store.

    Args:
        store: Where it goes.
        spec: Which one; others that it needs are not fetched, see `to_get`.
        progress: Told how many bytes have come, and how many there will be, None where that is not known.
        stop: Asked again and again; True stops the download, and what has come stays for the next time.
        precision: Only a file of this one, where given.
        timeout_s: How long a server may say nothing.

    Returns:
        What was taken in; None when it was stopped.

    Raises:
        InputError: The model's licence was not accepted.
        ModelError: No address gave the file; the last one's trouble is said.
        OutputError: The store cannot be written to.
    """
    if not store.is_accepted(spec.licence):
        raise InputError(
            "The licence of {name} was not accepted: {licence}.", name=spec.name, licence=spec.licence.name
        )
    file = published_file(spec, precision)
    part = store.folder / f"{spec.name}.{file.precision}.part"
    check_place(part, file.size_bytes)
    for url in file.urls[:-1]:
        with suppress(ModelError):
            return _from(store, spec, file, Download(url, part, file.size_bytes, progress, stop, timeout_s))
    return _from(store, spec, file, Download(file.urls[-1], part, file.size_bytes, progress, stop, timeout_s))


def _from(store: ModelStore, spec: ModelSpec, file: ModelFile, order: Download) -> Imported | None:
    """Download from one address; what turns out to be something else is deleted."""
    if not fetch(order):
        return None
    try:
        return store.take_over(order.part, spec.name, sha256=file.sha256)
    except ModelError:
        discard(order.part)
        raise
