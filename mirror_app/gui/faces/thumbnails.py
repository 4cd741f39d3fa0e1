"""Room: gui. Small pictures for the eye, read beside the window and only while they are wanted. Keeps none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

from mirror_app.gui.background import BackgroundJobs

_THUMBNAIL_PX: Final = 224


class ThumbnailLoader(QObject):
    """Reads what is wanted now; what scrolled out of sight before its turn came is passed over."""

    ready = Signal(str, QImage)

    def __init__(self, jobs: BackgroundJobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._wanted: dict[str, Path] = {}
        self._waiting: set[str] = set()

    def want(self, paths: Mapping[str, Path]) -> None:
        """Read these pictures, and no others that were wanted before and still wait."""
        self._wanted = dict(paths)
        for name, path in paths.items():
            if name not in self._waiting:
                self._waiting.add(name)
                self._load(name, path)

    def _load(self, name: str, path: Path) -> None:
        def load() -> QImage | None:
            return read_small(path) if name in self._wanted else None

        def show(image: QImage | None) -> None:
            self._waiting.discard(name)
            if image is not None and not image.isNull():
                self.ready.emit(name, image)
            elif image is None and name in self._wanted:  # wanted again since it was passed over
                self.want(self._wanted)

        self._jobs.submit(load, show, lambda sentence: self._waiting.discard(name))


def read_small(path: Path) -> QImage:
    """Read a picture at the size of a tile, upright; a null image when it cannot be read. Safe in any thread."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    reader.setDecideFormatFromContent(True)
    size = reader.size()
    if size.isValid():
        small = QSize(_THUMBNAIL_PX, _THUMBNAIL_PX)
        reader.setScaledSize(size.scaled(small, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    return reader.read()
