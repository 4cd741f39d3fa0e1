"""Room: gui. The files of the batch window as Qt's lists want them. Paints nothing, reads nothing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QImage

from mirror_app.gui.batch.words import BatchRow, state_words
from mirror_app.gui.batch.worker import BatchProgress
from mirror_app.pipeline.batch_inputs import FoundFile
from mirror_app.pipeline.batch_record import BatchItem, ItemState

ROW_ROLE: Final = Qt.ItemDataRole.UserRole
_NOWHERE: Final = QModelIndex()


class BatchModel(QAbstractListModel):
    """Every file once, in the order in which it came."""

    look_wanted = Signal(str)
    """A file is shown for the first time: its small picture is wanted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[BatchRow] = []
        self._place: dict[str, int] = {}
        self._looked_at: set[str] = set()

    @property
    def rows(self) -> list[BatchRow]:
        """All files."""
        return list(self._rows)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """How many files."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row itself, or what is read out and shown as a tip."""
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.file.source.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.file.source.name}. {state_words(row)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.file.source}\n{state_words(row)}"
        return None

    def add(self, files: Iterable[FoundFile]) -> list[FoundFile]:
        """Put files at the end; gives those that were not there yet."""
        fresh = list({str(file.source): file for file in files if str(file.source) not in self._place}.values())
        if fresh:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
            self._rows.extend(BatchRow(file) for file in fresh)
            self._number()
            self.endInsertRows()
        return fresh

    def remove(self, sources: Iterable[str]) -> None:
        """Take files out of the list."""
        gone = {source for source in sources if source in self._place}
        if gone:
            self.beginResetModel()
            self._rows = [row for row in self._rows if str(row.file.source) not in gone]
            self._looked_at -= gone
            self._number()
            self.endResetModel()

    def show_item(self, item: BatchItem, folder: Path) -> None:
        """A file's state changed; `folder` is where its output goes."""
        row = self._row(item.source)
        if row is not None:
            row.state, row.sentence = item.state, item.sentence
            row.output = folder / item.output if item.state is ItemState.DONE else None
            row.part = row.left_s = None
            row.is_paused = False
            self._changed(item.source)

    def show_progress(self, progress: BatchProgress) -> None:
        """The file in work is further."""
        row = self._row(progress.source)
        if row is not None and row.state is ItemState.WORKING:
            row.part, row.left_s = progress.part, progress.left_s
            self._changed(progress.source)

    def show_paused(self, paused: bool) -> None:
        """The queue rests, or goes on."""
        for row in self._rows:
            if row.state is ItemState.WORKING:
                row.is_paused = paused
                self._changed(str(row.file.source))

    def show_look(self, source: str, image: QImage, seconds: float | None) -> None:
        """A file's small picture and length are known."""
        row = self._row(source)
        if row is not None:
            row.image, row.seconds = image, seconds
            self._changed(source)

    def want_look(self, row: BatchRow) -> None:
        """A row comes into sight; asks for its picture the first time."""
        source = str(row.file.source)
        if source not in self._looked_at:
            self._looked_at.add(source)
            self.look_wanted.emit(source)

    def _row(self, source: str) -> BatchRow | None:
        number = self._place.get(source)
        return None if number is None else self._rows[number]

    def _number(self) -> None:
        self._place = {str(row.file.source): number for number, row in enumerate(self._rows)}

    def _changed(self, source: str) -> None:
        index = self.index(self._place[source])
        self.dataChanged.emit(index, index)
