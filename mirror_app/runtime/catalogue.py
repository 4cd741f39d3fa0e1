"""Room: runtime. The models the app knows, read from one data file. Downloads nothing, opens no model."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.data_table import DataTable

_NAME_CHARS: Final = 60
"""No more of a name that somebody typed is repeated in a message."""
_PRECISIONS: Final = ("fp32", "fp16")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.]*")
"""A model's name becomes part of a file's name: nothing in it can leave the folder."""
_RELEASE: Final = re.compile(r"[a-z0-9.-]+")
_FILE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*\.onnx")


class Role(Enum):
    """What a model is for; the value is its word in the catalogue."""

    DETECTOR = "detector"
    LANDMARKS = "landmarks"
    RECOGNISER = "recogniser"
    SWAPPER = "swapper"
    CONVERTER = "converter"
    """From a recogniser's embedding to the one a swapper was trained with."""
    PARSER = "parser"
    OCCLUDER = "occluder"


@dataclass(frozen=True, slots=True)
class TensorContract:
    """One input or output a model must have.

    Attributes:
        name: As the file names it; "" where files differ and only the shape tells.
        shape: -1 where any size fits.
    """

    name: str
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One published file of a model.

    Attributes:
        name: File name.
        precision: "fp32" or "fp16".
        size_bytes: 0 where unknown.
        sha256: 64 hex digits, "" where unknown.
        urls: Where it can be downloaded, best first; may be empty.
    """

    name: str
    precision: str
    size_bytes: int
    sha256: str
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Licence:
    """Under which terms a model may be used.

    Attributes:
        name: Short name, e.g. "InsightFace non-commercial".
        url: Where its text stands; "" where none was published.
        allows_en: What it allows, in a sentence.
        allows_zh: The same in Chinese.
    """

    name: str
    url: str
    allows_en: str
    allows_zh: str


@dataclass(frozen=True, slots=True, eq=False)
class ModelSpec:
    """One model the app can run.

    Attributes:
        name: Key, e.g. "inswapper_128"; swappers are chosen by it with `--engine`.
        title: For people.
        role: What it is for.
        family: Models of one family run through the same code with the same contract keys.
        licence: Under which terms.
        files: Published files; the first is the usual one.
        needs: Names of models without which it cannot run.
        inputs: What `run` must want, in any order.
        outputs: What it must give, in this order.
        contract: The family's own facts (template, side, mean, std…), read by the room that runs it.
    """

    name: str
    title: str
    role: Role
    family: str
    licence: Licence
    files: tuple[ModelFile, ...]
    needs: tuple[str, ...]
    inputs: tuple[TensorContract, ...]
    outputs: tuple[TensorContract, ...]
    contract: Mapping[str, object]


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """All models the app knows, in the order of the data file.

    Attributes:
        models: By name.
    """

    models: Mapping[str, ModelSpec]

    def __iter__(self) -> Iterator[ModelSpec]:
        return iter(self.models.values())

    def find(self, name: str) -> ModelSpec:
        """The model of that name.

        Raises:
            ModelError: There is none.
        """
        if name not in self.models:
            raise ModelError(
                "There is no model named {name}. See `mirror-app models list` for the names.", name=name[:_NAME_CHARS]
            )
        return self.models[name]

    def of_role(self, role: Role) -> list[ModelSpec]:
        """The models of one role, in the catalogue's order."""
        return [spec for spec in self if spec.role is role]


def load_catalogue(path: Path) -> Catalogue:
    """Read the models the app knows.

    Raises:
        ModelError: The file is missing, or what it says is not a catalogue; the sentence says where.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ModelError("The model catalogue {path} cannot be read: {why}.", path=path, why=error) from error
    root = DataTable(values, path.name)
    addresses = root.texts("addresses")
    licences = {name: _licence(DataTable(one, f"licence.{name}")) for name, one in root.table("licence").values.items()}
    tables = {name: DataTable(one, f"model.{name}") for name, one in root.table("model").values.items()}
    specs = {name: _model(name, table, licences, addresses) for name, table in tables.items()}
    for name, spec in specs.items():
        if not set(spec.needs) <= set(specs) - {name}:
            raise tables[name].wrong("needs", "names of other models")
    return Catalogue(specs)


def _licence(table: DataTable) -> Licence:
    return Licence(
        name=table.text("name", bool, "a name"),
        url=table.text("url", lambda url: not url or url.startswith("https://"), 'an https address or ""'),
        allows_en=table.text("allows_en", bool, "a sentence"),
        allows_zh=table.text("allows_zh", bool, "a sentence"),
    )


def _model(name: str, table: DataTable, licences: Mapping[str, Licence], addresses: tuple[str, ...]) -> ModelSpec:
    if not _NAME.fullmatch(name):
        raise ModelError("The model catalogue is damaged: {name} is no name of a model.", name=name[:60])
    roles = [role.value for role in Role]
    files = tuple(_file(row, addresses) for row in table.tables("file"))
    return ModelSpec(
        name=name,
        title=table.text("title", bool, "a title"),
        role=Role(table.text("role", roles.__contains__, " | ".join(roles))),
        family=table.text("family", _NAME.fullmatch, "a family's name"),
        licence=licences[table.text("licence", licences.__contains__, "a key of [licence]")],
        files=files,
        needs=table.texts("needs"),
        inputs=_tensors(table, "inputs"),
        outputs=_tensors(table, "outputs"),
        contract=dict(table.table("contract").values),
    )


def _tensors(table: DataTable, key: str) -> tuple[TensorContract, ...]:
    rows = table.tables(key)
    return tuple(TensorContract(row.text("name", lambda _: True, "a text"), _shape(row)) for row in rows)


def _shape(row: DataTable) -> tuple[int, ...]:
    # TOML's true is a bool, which Python counts among the whole numbers.
    return tuple(
        row.items("shape", "sizes above 0, or -1", lambda size: type(size) is int and (size == -1 or size > 0))
    )


def _file(row: DataTable, addresses: tuple[str, ...]) -> ModelFile:
    name = row.text("name", _FILE_NAME.fullmatch, "a file name that ends in .onnx")
    urls = row.texts("urls") if "urls" in row.values else ()
    if "release" in row.values:
        release = row.text("release", _RELEASE.fullmatch, "a release")
        urls += tuple(address.replace("{release}", release).replace("{file}", name) for address in addresses)
    if not all(url.startswith("https://") for url in urls):
        raise row.wrong("urls", "https addresses")
    return ModelFile(
        name=name,
        precision=row.text("precision", _PRECISIONS.__contains__, " | ".join(_PRECISIONS)),
        size_bytes=row.get("size_bytes", int, "a whole number, 0 or more", lambda size: size >= 0),
        sha256=row.text("sha256", lambda text: not text or _SHA256.fullmatch(text), '64 hex digits or ""'),
        urls=urls,
    )
