"""Room: runtime. The networks of the user: which are there, a new one taken in, one thrown away. Downloads nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from mirror_app.domain.errors import MirrorError, ModelError, OutputError
from mirror_app.domain.sentence import Sentence
from mirror_app.domain.system_reason import system_reason
from mirror_app.resources import assets_dir, insightface_dir, models_dir
from mirror_app.runtime.catalogue import Catalogue, Licence, ModelSpec, Role, load_catalogue
from mirror_app.runtime.model_file import copy_model, digest, move_model, opened_model
from mirror_app.runtime.model_index import ModelIndex, Seen
from mirror_app.runtime.model_scan import PRECISIONS, FoundFile, own_files, own_path, pack_files
from mirror_app.runtime.signature import Signature, fitting, read_signature, recognised
from mirror_app.whole_file import remove_leftovers

UNKNOWN_FILE: Final = Sentence(
    "This file is not one that the app knows: only its tensors were looked at. "
    "It could be another network, or one that was tampered with. Use it only if you trust where it comes from."
)


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model that can be run.

    Attributes:
        spec: Which one.
        path: Its file, in the store or in a pack of insightface.
        precision: One of `PRECISIONS`.
        sha256: Of the file, 64 hex digits.
        is_known: Whether the catalogue has this digest.
    """

    spec: ModelSpec
    path: Path
    precision: str
    sha256: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file that was handed over.

    Attributes:
        model: As it lies in the store now.
        warning: What the user should know of it, a `Sentence`; "" when all is well.
    """

    model: InstalledModel
    warning: str


class ModelStore:
    """The models in one folder, and those in packs of insightface, which are only read.

    A model's file in the folder is named `NAME.PRECISION.onnx`. Not safe for two threads at once.
    """

    def __init__(self, catalogue: Catalogue, folder: Path, packs: Sequence[Path] = ()) -> None:
        """Look after a folder.

        Args:
            catalogue: The models the app knows.
            folder: The store.
            packs: insightface's folders of networks.
        """
        self.catalogue = catalogue
        self.folder = folder
        self._packs = tuple(packs)
        self._index = ModelIndex(folder / "index.json")

    def installed(self) -> list[InstalledModel]:
        """The models that are there, the store's before those in packs; only files that changed are read."""
        return [model for _, model in self._files() if model]

    def damaged(self) -> list[Path]:
        """Files in the store that are not what their names say."""
        return [file.path for file, model in self._files() if file.is_own and not model]

    def find(self, name: str, precision: str | None = None) -> InstalledModel | None:
        """A model that is there, or None.

        Args:
            name: Its name in the catalogue.
            precision: One of `PRECISIONS`; without it the most exact file there is.

        Raises:
            ModelError: The catalogue has no such model.
        """
        self.catalogue.find(name)
        found = [one for one in self.installed() if one.spec.name == name and precision in (None, one.precision)]
        return min(found, key=lambda one: PRECISIONS.index(one.precision), default=None)

    def of_role(self, role: Role) -> list[InstalledModel]:
        """The models of a role that are there, the most exact file of each, in the catalogue's order."""
        found = (self.find(spec.name) for spec in self.catalogue.of_role(role))
        return [model for model in found if model is not None]

    def require(self, name: str) -> InstalledModel:
        """A model that must be there.

        Raises:
            ModelError: It is not; the sentence says how to get it.
        """
        found = self.find(name)
        if found is None:
            raise ModelError(
                "The model {name} is not installed. Get it with `mirror-app models get {name}`, "
                "or import its file with `mirror-app models import FILE`.",
                name=name,
            )
        return found

    def missing_needs(self, name: str) -> list[ModelSpec]:
        """The other models without which one cannot run, as far as they are not there."""
        there = {model.spec.name for model in self.installed()}
        return [self.catalogue.find(need) for need in self.catalogue.find(name).needs if need not in there]

    def import_file(self, path: Path, name: str | None = None) -> Imported:
        """Take a copy of a file: known by its digest, else by its tensors.

        Args:
            path: From where; a link is followed.
            name: Which model it is; needed only where the tensors fit several.

        Raises:
            ModelError: It is no model that the app knows, or not that one; nothing was written.
            OutputError: It cannot be written; nothing is left of it.
        """
        choices = [self.catalogue.find(name)] if name else list(self.catalogue)
        remove_leftovers(self.folder)
        with opened_model(path) as file:
            signature = read_signature(file, path.name)
            sha256 = digest(file)
            known = self._of_digest(sha256)
            if known and name not in (None, known.name):
                raise ModelError("The file {file} is {model}, not {name}.", file=path.name, model=known.name, name=name)
            spec = known or recognised(path.name, choices, signature)
            target = own_path(self.folder, spec.name, signature.precision)
            copy_model(file, sha256, target)
        return self._taken(spec, signature, sha256, target)

    def take_over(self, made: Path, name: str, *, sha256: str = "") -> Imported:
        """Move a file in that must be one model: a finished download.

        Args:
            made: The file; it is gone afterwards.
            name: Which model it must be.
            sha256: What it must hold; "" where that is not known.

        Raises:
            ModelError: It is something else; it still lies where it was.
            OutputError: It cannot be written; nothing is left of it.
        """
        spec = self.catalogue.find(name)
        with opened_model(made) as file:
            signature = read_signature(file, name)
            found = digest(file)
        if sha256 and found != sha256:
            raise ModelError(
                "The file of {name} is not the one that was published: expected SHA-256 {expected}, got {got}.",
                name=name,
                expected=sha256,
                got=found,
            )
        if found not in _digests(spec):
            recognised(name, [spec], signature)
        target = own_path(self.folder, spec.name, signature.precision)
        move_model(made, target)
        return self._taken(spec, signature, found, target)

    def add_converted(self, name: str, precision: str, made: Path) -> InstalledModel:
        """Take a file that was made here from another of the same model; `made` is gone afterwards.

        Args:
            name: Which model.
            precision: One of `PRECISIONS`, as it was made.
            made: The file.

        Raises:
            ModelError: It is not fit to be that model.
            OutputError: It cannot be written; nothing is left of it.
        """
        spec = self.catalogue.find(name)
        target = own_path(self.folder, spec.name, precision)
        with opened_model(made) as file:
            signature = read_signature(file, made.name)
            recognised(made.name, [spec], signature)
            sha256 = digest(file)
            copy_model(file, sha256, target)
        made.unlink(missing_ok=True)
        return self._taken(spec, signature, sha256, target).model

    def remove(self, name: str) -> None:
        """Delete a model's files from the store, also what a download left half done.

        Raises:
            ModelError: It is not there, or in a pack that is only read.
            OutputError: The system refused.
        """
        spec = self.catalogue.find(name)
        own = [own_path(self.folder, spec.name, precision) for precision in PRECISIONS]
        parts = [path.with_suffix(ending) for path in own for ending in (".part", ".part.json")]
        there = [path for path in own + parts if os.path.lexists(path)]
        remove_leftovers(self.folder)
        found = self.find(name)
        if not there and found:
            raise ModelError("{path} belongs to insightface and is only read here. Delete it there.", path=found.path)
        if not there:
            raise ModelError("The model {name} is not installed.", name=name)
        for path in there:
            try:
                path.unlink()
            except OSError as error:
                raise OutputError("{path} cannot be deleted: {why}.", path=path, why=system_reason(error)) from error

    def is_accepted(self, licence: Licence) -> bool:
        """Whether the user accepted a licence, as it was shown."""
        return _shown(licence) in self._index.accepted()

    def accept(self, licence: Licence) -> None:
        """Remember that the user accepted a licence.

        Raises:
            OutputError: It cannot be written down.
        """
        self._index.accept(_shown(licence))

    def _of_digest(self, sha256: str) -> ModelSpec | None:
        return next((spec for spec in self.catalogue if sha256 in _digests(spec)), None)

    def _taken(self, spec: ModelSpec, signature: Signature, sha256: str, path: Path) -> Imported:
        stats = path.stat()
        fits = tuple(one.name for one in fitting(self.catalogue, signature))
        self._index.remember({**self._index.seen(), str(path): Seen(stats.st_size, stats.st_mtime_ns, sha256, fits)})
        is_known = sha256 in _digests(spec)
        precision = path.suffixes[-2].removeprefix(".")
        return Imported(InstalledModel(spec, path, precision, sha256, is_known), "" if is_known else UNKNOWN_FILE)

    def _files(self) -> list[tuple[FoundFile, InstalledModel | None]]:
        """Every file that could be a model, and what it is; None where it is not what its name says."""
        before = self._index.seen()
        now: dict[str, Seen] = {}
        files: list[tuple[FoundFile, InstalledModel | None]] = []
        for file in chain(own_files(self.catalogue, self.folder), pack_files(self.catalogue, self._packs)):
            key = str(file.path)
            seen = now.get(key) or before.get(key)
            if not seen or (seen.size_bytes, seen.mtime_ns) != (file.size_bytes, file.mtime_ns):
                seen = self._look(file)
            now[key] = seen
            is_known = seen.sha256 in _digests(file.spec)
            is_model = is_known or (file.is_named and file.spec.name in seen.fits)
            model = InstalledModel(file.spec, file.path, file.precision, seen.sha256, is_known) if is_model else None
            files.append((file, model))
        if now != before:
            self._index.remember(now)
        return files

    def _look(self, found: FoundFile) -> Seen:
        """Read a file that is new here or changed."""
        try:
            with opened_model(found.path) as file:
                signature = read_signature(file, found.path.name)
                fits = tuple(spec.name for spec in fitting(self.catalogue, signature))
                return Seen(found.size_bytes, found.mtime_ns, digest(file), fits)
        except (MirrorError, OSError):
            return Seen(found.size_bytes, found.mtime_ns, "", ())


def open_store() -> ModelStore:
    """The user's own models, and those of insightface.

    Raises:
        ModelError: The app's catalogue of models is missing or damaged.
    """
    packs = insightface_dir()
    try:
        folders = [packs, *sorted(folder for folder in packs.iterdir() if folder.is_dir())]
    except OSError:
        folders = []
    return ModelStore(load_catalogue(assets_dir() / "models" / "catalogue.toml"), models_dir(), folders)


def _digests(spec: ModelSpec) -> set[str]:
    return {file.sha256 for file in spec.files if file.sha256}


def _shown(licence: Licence) -> str:
    """A licence by what was shown of it: when that changes it is asked for again."""
    return f"{licence.name}: {licence.allows_en}"
