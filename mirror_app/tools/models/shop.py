"""Room: tools. The models on this computer as the window sees them: over the store, for two threads. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mirror_app.domain.errors import ModelError
from mirror_app.tools.models.rows import CheckedStage, Fetch, ModelRow, TakenIn

if TYPE_CHECKING:
    from mirror_app.runtime.catalogue import ModelSpec
    from mirror_app.runtime.models import InstalledModel, ModelStore

# The store's modules are imported where they are needed: they load `onnx`, half a second that no start of the window
# should pay for.


class StoreShop:
    """Opens the store anew for every call, so that what another process changed is seen.

    A download runs beside everything else; all other access is one at a time, as the store asks for.
    """

    def __init__(self, open_store: Callable[[], ModelStore]) -> None:
        self._open_store = open_store
        self._lock = threading.Lock()

    def rows(self) -> list[ModelRow]:
        """Every model of the catalogue."""
        with self._lock:
            store = self._open_store()
            found: dict[str, list[InstalledModel]] = {}
            for model in store.installed():
                found.setdefault(model.spec.name, []).append(model)
        return [_row(spec, store, found) for spec in store.catalogue]

    def get(self, name: str, progress: Callable[[str, int, int], None], stop: Callable[[], bool]) -> bool:
        """Download a model and what it needs; the user has accepted the licences of all of them.

        `progress`, `stop` and what comes back are as in the window's `ModelShop.get`.

        Raises:
            MirrorError: It could not be downloaded.
        """
        from mirror_app.runtime.model_get import to_get

        with self._lock:
            store = self._open_store()
            specs = [spec for spec in to_get(store, name) if _address(spec) is not None]
            for spec in specs:
                store.accept(spec.licence)
        return all(self._get_one(store, spec, progress, stop) for spec in specs)

    def import_file(self, path: Path, name: str | None) -> TakenIn:
        """Copy a file into the store; without a name it is recognised, or the models that fit are named.

        Raises:
            MirrorError: It is no such model, or cannot be copied.
        """
        with self._lock:
            store = self._open_store()
            try:
                taken = store.import_file(path, name)
            except ModelError:
                fits = [] if name else _fitting(store, path)
                if len(fits) < 2:  # one alone would have been taken in
                    raise
                return TakenIn("", choices=tuple(spec.name for spec in fits))
        return TakenIn(taken.model.spec.title, taken.warning)

    def remove(self, name: str) -> None:
        """Delete a model's files from the store.

        Raises:
            MirrorError: They cannot be deleted.
        """
        with self._lock:
            self._open_store().remove(name)

    def check(self, name: str, stop: Callable[[], bool]) -> list[CheckedStage]:
        """Run a model on known input, step by step; `stop` is asked after each.

        Raises:
            MirrorError: It is not here, or cannot be run at all.
        """
        from mirror_app.tools.models.check import check_model

        stages = []
        for stage in check_model(self._open_store(), name):
            stages.append(stage)
            if stop():
                break
        return stages

    def _get_one(
        self, store: ModelStore, spec: ModelSpec, progress: Callable[[str, int, int], None], stop: Callable[[], bool]
    ) -> bool:
        from mirror_app.runtime.model_get import get_model

        def tell(done: int, total: int | None) -> None:
            progress(spec.title, done, total or 0)

        return get_model(store, spec, progress=tell, stop=stop) is not None


def _fitting(store: ModelStore, path: Path) -> list[ModelSpec]:
    """The models that a file could be, as far as its tensors tell."""
    from mirror_app.runtime.model_file import opened_model
    from mirror_app.runtime.signature import fitting, read_signature

    with opened_model(path) as file:
        return fitting(store.catalogue, read_signature(file, path.name))


def _row(spec: ModelSpec, store: ModelStore, found: dict[str, list[InstalledModel]]) -> ModelRow:
    here = found.get(spec.name, [])
    missing = [one for one in _needs(store, spec) if one.name not in found]
    wanted = ([] if here else [spec]) + missing
    fetches = tuple(fetch for one in wanted if (fetch := _address(one)) is not None)
    can_get = bool(here) or _address(spec) is not None
    own = [model for model in here if model.path.parent == store.folder]
    published = _address(spec) or Fetch(spec, spec.files[0].size_bytes)
    return ModelRow(
        spec=spec,
        installed=tuple(model.precision for model in here),
        size_bytes=sum(_size(model.path) for model in own or here) if here else published.size_bytes,
        is_known=all(model.is_known for model in here),
        is_own=bool(own),
        missing=tuple(one.title for one in missing),
        fetches=fetches if can_get else (),
        tiled=_tiled(spec),
    )


def _tiled(spec: ModelSpec) -> tuple[str, ...]:
    if "tile" not in spec.contract:
        return ()
    from mirror_app.pipeline.engines import engine_words

    return tuple(engine_words(spec)[1:])


def _needs(store: ModelStore, spec: ModelSpec) -> list[ModelSpec]:
    """All other models without which one cannot run, each once."""
    found: dict[str, ModelSpec] = {}
    for name in spec.needs:
        need = store.catalogue.find(name)
        found |= {one.name: one for one in (*_needs(store, need), need)}
    return list(found.values())


def _address(spec: ModelSpec) -> Fetch | None:
    """What would be downloaded of a model; None where it has no address."""
    from mirror_app.runtime.model_get import published_file

    try:
        return Fetch(spec, published_file(spec).size_bytes)
    except ModelError:
        return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
