"""Room: runtime. A table of a shipped data file that says where it is wrong. Knows nothing of models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from mirror_app.domain.errors import ModelError
from mirror_app.domain.sentence import Sentence

CATALOGUE: Final = Sentence("The model catalogue")
_T = TypeVar("_T")


class DataTable:
    """A table read from TOML."""

    def __init__(self, values: object, where: str, file: Sentence = CATALOGUE) -> None:
        """Take a table.

        Args:
            values: What stands there.
            where: Its place in the file, for messages.
            file: What to call the file in messages.

        Raises:
            ModelError: It is no table.
        """
        if not isinstance(values, dict):
            raise ModelError("{file} is damaged: {where}: expected a table.", file=file, where=where)
        self.values: Mapping[str, object] = values
        self.where = where
        self.file = file

    def wrong(self, key: str, expected: str) -> ModelError:
        """The error to raise where a value is not what it must be."""
        return ModelError(
            "{file} is damaged: {where}: expected {expected}, got {got}.",
            file=self.file,
            where=f"{self.where}.{key}",
            expected=expected,
            got=repr(self.values.get(key))[:80],
        )

    def get(self, key: str, kind: type[_T], expected: str, fits: Callable[[_T], object]) -> _T:
        """A value of one kind that fits; `expected` says in words what does."""
        value = self.values.get(key)
        # TOML's true is a bool, which Python counts among the whole numbers.
        if not isinstance(value, kind) or isinstance(value, bool) or not fits(value):
            raise self.wrong(key, expected)
        return value

    def text(self, key: str, fits: Callable[[str], object], expected: str) -> str:
        """A text that fits."""
        return self.get(key, str, expected, fits)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(self.items(key, "a list of texts", lambda item: isinstance(item, str)))

    def items(self, key: str, expected: str, fits: Callable[[Any], object]) -> list[Any]:
        """A list whose every item fits."""
        values = self.values.get(key)
        if not isinstance(values, list) or not all(fits(item) for item in values):
            raise self.wrong(key, expected)
        return values

    def table(self, key: str) -> DataTable:
        """A table in this one."""
        return DataTable(self.values.get(key), f"{self.where}.{key}", self.file)

    def tables(self, key: str) -> list[DataTable]:
        """A list of tables, at least one."""
        rows = self.items(key, "a list of tables", lambda _: True)
        if not rows:
            raise self.wrong(key, "at least one table")
        return [DataTable(row, f"{self.where}.{key}[{number}]", self.file) for number, row in enumerate(rows)]
