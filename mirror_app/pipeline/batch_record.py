"""Room: pipeline. What became of every file of a batch, kept on disk so that a batch outlives a crash. Renders nothing.

The record is a file of JSON lines in the output folder. Every change is one line added at the end and flushed to the
disk, so that a killed process leaves at most half a last line, which is not read. The last line of a file counts.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import Enum
from pathlib import Path, PurePath
from types import TracebackType
from typing import IO, Final

from mirror_app.pipeline.batch_inputs import FoundFile
from mirror_app.pipeline.folder_lock import lock_file
from mirror_app.whole_file import cannot_write

RECORD_NAME: Final = ".mirror-batch.jsonl"
_WORK_NAME: Final = ".mirror-batch-work"
_LONGEST_NAME_BYTES: Final = 240
"""File systems allow 255; the rest is for a number that keeps two names apart."""


class ItemState(Enum):
    """What became of a file; the value is what the record and `--json` say."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class BatchItem:
    """A file of the batch.

    Attributes:
        source: Absolute path of the input.
        folder: Folder of the output below the output folder, with slashes; "" = right in it.
        worn: How the face is worn, as text: another face or another choice makes another item.
        size: Bytes of the input, when it was put into the batch.
        changed_ns: Its time of change then.
        state: What became of it.
        output: The output below the output folder, with slashes; "" before it has a name.
        sentence: Why it failed, or what is worth knowing about it; else "".
    """

    source: str
    folder: str
    worn: str
    size: int
    changed_ns: int
    state: ItemState = ItemState.WAITING
    output: str = ""
    sentence: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the others."""
        return self.source, self.worn


def read_record(folder: Path) -> list[BatchItem]:
    """The items of a folder's record, for looking only; none where there is no record or it cannot be read."""
    try:
        data = (folder / RECORD_NAME).read_bytes()
    except OSError:
        return []
    return list(_parsed(data).values())


class BatchRecord:
    """The record of one output folder, open for one batch; use it in a `with` block. Safe for several threads.

    Raises:
        OutputError: The folder cannot be written to, or another batch writes into it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._mutex = threading.Lock()
        path = self.folder / RECORD_NAME
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._file: IO[bytes] = path.open("ab", buffering=0)
        except OSError as error:
            raise cannot_write(path, error) from error
        try:
            lock_file(self._file, self.folder)
            self._items = {item.key: item for item in read_record(self.folder)}
            self._end_last_line(path)
        except BaseException:
            self._file.close()
            raise
        shutil.rmtree(self.work_dir, ignore_errors=True)

    def __enter__(self) -> BatchRecord:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let others into the folder."""
        shutil.rmtree(self.work_dir, ignore_errors=True)
        self._file.close()

    @property
    def work_dir(self) -> Path:
        """Where outputs are made before they get their names; what is left there by a crash is worth nothing."""
        return self.folder / _WORK_NAME

    @property
    def items(self) -> list[BatchItem]:
        """All items, of earlier batches too."""
        with self._mutex:
            return list(self._items.values())

    @property
    def own_outputs(self) -> set[Path]:
        """Every file that a batch has written here, absolute."""
        folder, written = self.folder.resolve(), (ItemState.DONE, ItemState.WORKING)
        return {folder / item.output for item in self.items if item.output and item.state in written}

    def plan(self, files: Iterable[FoundFile], worn: str, *, again: bool = False) -> list[BatchItem]:
        """Put files into the batch; what is done stays done unless the input changed or the output is gone.

        Args:
            files: The inputs.
            worn: See `BatchItem.worn`.
            again: Whether to do again what is done.

        Raises:
            OutputError: The record cannot be written.
        """
        planned = []
        for file in files:
            fresh = _fresh(file, worn)
            before = self._items.get(fresh.key)
            if before is not None:
                same = (before.size, before.changed_ns) == (fresh.size, fresh.changed_ns)
                if same and before.state is ItemState.DONE and not again and (self.folder / before.output).is_file():
                    planned.append(before)
                    continue
                fresh = replace(fresh, output=before.output)
            planned.append(fresh)
        self.save([item for item in planned if item.state is not ItemState.DONE])
        return planned

    def save(self, items: Sequence[BatchItem]) -> None:
        """Keep what became of items; on the disk when this returns.

        Raises:
            OutputError: The record cannot be written.
        """
        with self._mutex:
            self._items.update({item.key: item for item in items})
            try:
                self._add(b"".join(map(_line, items)))
            except OSError as error:
                raise cannot_write(self.folder / RECORD_NAME, error) from error

    def name_output(self, item: BatchItem, ending: str) -> str:
        """Choose the output of an item: the input's name with another ending, numbered where that name is taken.

        What an earlier try wrote for the same item is its own: it may be replaced.
        """
        if item.output and PurePath(item.output).suffix == ending:
            return item.output
        with self._mutex:
            taken = {other.output for other in self._items.values()}
        stem = _shortened(Path(item.source).stem, _LONGEST_NAME_BYTES - len(ending))
        number = 1
        while True:
            name = f"{stem}{ending}" if number == 1 else f"{stem} ({number}){ending}"
            output = (PurePath(item.folder) / name).as_posix()
            if output not in taken and not os.path.lexists(self.folder / output):
                return output
            number += 1

    def _end_last_line(self, path: Path) -> None:
        """Give half a last line its end, so that the next one begins anew."""
        try:
            if path.stat().st_size and not path.read_bytes().endswith(b"\n"):
                self._add(b"\n")
        except OSError as error:
            raise cannot_write(path, error) from error

    def _add(self, data: bytes) -> None:
        descriptor = self._file.fileno()
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)


def _fresh(file: FoundFile, worn: str) -> BatchItem:
    try:
        status = file.source.stat()
        size, changed_ns = status.st_size, status.st_mtime_ns
    except OSError:  # gone since it was found: reading it will say so
        size, changed_ns = 0, 0
    return BatchItem(str(file.source), file.folder, worn, size, changed_ns)


def _line(item: BatchItem) -> bytes:
    # File names may hold bytes that are no text; escaped they survive JSON.
    table = asdict(item) | {"state": item.state.value}
    return json.dumps(table).encode("ascii") + b"\n"


def _parsed(data: bytes) -> dict[tuple[str, str], BatchItem]:
    items: dict[tuple[str, str], BatchItem] = {}
    for line in data.splitlines():
        item = _item(line)
        if item is not None:
            items.pop(item.key, None)
            items[item.key] = item
    return items


def _item(line: bytes) -> BatchItem | None:
    """The item of a line; None when the line is damaged or was written by a version that is not known."""
    try:
        table = json.loads(line)
        state = ItemState(table.pop("state"))
        texts = {name: table.pop(name) for name in ("source", "folder", "worn", "output", "sentence")}
        numbers = {name: table.pop(name) for name in ("size", "changed_ns")}
        os.fsencode(texts["source"])  # JSON can write characters that no file name has
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return None
    if table or not all(isinstance(text, str) for text in texts.values()):
        return None
    if not all(isinstance(number, int) for number in numbers.values()) or not _stays_below(texts["output"]):
        return None
    return BatchItem(**texts, **numbers, state=state)


def _stays_below(output: str) -> bool:
    """Whether an output named by a record lies in its folder: a record from elsewhere must not reach other files."""
    path = PurePath(output)
    return not path.is_absolute() and ".." not in path.parts


def _shortened(stem: str, most_bytes: int) -> str:
    """A name cut to a number of bytes, between two characters."""
    while len(os.fsencode(stem)) > most_bytes:
        stem = stem[:-1]
    return stem
