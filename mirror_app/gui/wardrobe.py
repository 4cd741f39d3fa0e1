"""Room: gui. Which face is worn: picking, loading beside the window, adding and removing. No widgets."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

from mirror_app.domain.target import TargetFace
from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.gallery import TileInfo
from mirror_app.gui.wording import remark_sentence, title_of
from mirror_app.targets.consent import Consent

if TYPE_CHECKING:
    from mirror_app.gui.target_desk import Desk, LookedAt
    from mirror_app.pipeline.photo_faces import PhotoFace
    from mirror_app.targets.library import TargetRecord

_KEPT_FACES: Final = 8
"""Loaded faces kept for quick changes; a face of 1024 texels takes 4 MB."""
_THUMBNAIL_PX: Final = 224


class Wardrobe(QObject):
    """Everything about target faces that is neither drawn nor painted.

    Reading, enrolling and writing happen in the background, one after the other; the face picked last wins.
    """

    faces_changed = Signal()
    current_changed = Signal()
    """Another face is current, or it finished loading."""
    thumbnail_ready = Signal(str, QImage)
    target_ready = Signal(object)
    """A `TargetFace` to wear from now on."""
    notice = Signal(str)
    """A sentence for the user."""

    def __init__(
        self, open_desk: Callable[[], Desk], jobs: BackgroundJobs, locale: QLocale, parent: QObject | None = None
    ) -> None:
        """Prepare; `open_desk` is called in the background thread."""
        super().__init__(parent)
        self._open_desk = open_desk
        self._opened: Desk | None = None
        self._jobs = jobs
        self.locale = locale
        self._records: dict[str, TargetRecord] = {}
        self._kept: OrderedDict[str, TargetFace] = OrderedDict()
        self._with_thumbnail: set[str] = set()
        self._worn = ""
        self.current = ""
        """Name of the face picked last; "" before the library was read."""

    @property
    def is_loading(self) -> bool:
        """Whether the current face is not worn yet."""
        return self.current != self._worn

    @property
    def tiles(self) -> list[TileInfo]:
        """What the gallery shows."""
        return [self._tile(record) for record in self._records.values()]

    def open(self, wanted: str) -> None:
        """Read the library and wear a face; the first one when the wanted one is not there."""

        def show(records: list[TargetRecord]) -> None:
            self._set_records(records)
            if records:
                self.pick(wanted if wanted in self._records else records[0].name)
            self._load_thumbnails()

        self._jobs.submit(lambda: self._desk().records(), show, self.notice.emit)

    def pick(self, name: str) -> None:
        """Wear a face as soon as it is loaded."""
        if name not in self._records or name == self.current:
            return
        self.current = name
        kept = self._kept.get(name)
        if kept is not None:
            self._wear(name, kept)
            return
        self.current_changed.emit()
        record = self._records[name]

        def load() -> TargetFace | None:
            # Faces passed over with the arrow keys are not worth the work.
            return self._desk().load(record) if self.current == name else None

        def failed(sentence: str) -> None:
            self.notice.emit(sentence)
            if self.current == name:
                self.current = self._worn
                self.current_changed.emit()

        self._jobs.submit(load, lambda target: self._loaded(name, target), failed)

    def look_at(
        self,
        photo: Path,
        is_wanted: Callable[[], bool],
        show: Callable[[LookedAt], None],
        failed: Callable[[str], None],
    ) -> None:
        """Find everybody in a photo, unless nobody wants to know any more when its turn comes."""

        def look() -> LookedAt | None:
            return self._desk().look(photo) if is_wanted() else None

        self._jobs.submit(look, lambda looked: None if looked is None else show(looked), failed)

    def add(self, faces: Sequence[PhotoFace], consent: Consent, title: str) -> None:
        """Add a face to the library, as one or more photos show it, and wear it."""

        def add() -> tuple[TargetRecord, TargetFace, list[TargetRecord]]:
            record = self._desk().add(faces, consent, title)
            return record, self._desk().load(record), self._desk().records()

        def show(outcome: tuple[TargetRecord, TargetFace, list[TargetRecord]]) -> None:
            record, target, records = outcome
            self._set_records(records)
            self.current = record.name
            self._loaded(record.name, target)
            self._load_thumbnails()

        self._jobs.submit(add, show, self.notice.emit)

    def remove(self, name: str) -> None:
        """Remove one of the user's own faces; the first face is worn when it was the current one."""

        def remove() -> list[TargetRecord]:
            self._desk().remove(name)
            return self._desk().records()

        def show(records: list[TargetRecord]) -> None:
            self._kept.pop(name, None)
            self._with_thumbnail.discard(name)
            self._set_records(records)
            if self.current == name and records:
                self.pick(records[0].name)
            self._load_thumbnails()
            self.current_changed.emit()

        self._jobs.submit(remove, show, self.notice.emit)

    def load_photo_view(self, photo: Path, show: Callable[[QImage], None]) -> None:
        """Read a photo small, for the eye only; an unreadable one is simply not shown."""
        self._jobs.submit(
            lambda: _read_small(photo), lambda image: None if image.isNull() else show(image), lambda sentence: None
        )

    def _desk(self) -> Desk:
        """The desk; called in the background thread only."""
        if self._opened is None:
            self._opened = self._open_desk()
        return self._opened

    def _tile(self, record: TargetRecord) -> TileInfo:
        check = record.check
        return TileInfo(
            name=record.name,
            title=title_of(record, self.locale),
            credit=record.credit,
            is_own=not record.builtin,
            badge=None if check is None else check.badge,
            remarks=() if check is None else tuple(remark_sentence(remark, self.locale) for remark in check.remarks),
        )

    def _set_records(self, records: list[TargetRecord]) -> None:
        self._records = {record.name: record for record in records}
        self.faces_changed.emit()

    def _loaded(self, name: str, target: TargetFace | None) -> None:
        if target is None:
            return
        self._kept[name] = target
        if len(self._kept) > _KEPT_FACES:
            self._kept.popitem(last=False)
        if self.current == name:
            self._wear(name, target)

    def _wear(self, name: str, target: TargetFace) -> None:
        self._worn = name
        self._kept.move_to_end(name)
        self.target_ready.emit(target)
        self.current_changed.emit()

    def _load_thumbnails(self) -> None:
        for record in self._records.values():
            if record.name not in self._with_thumbnail:
                self._with_thumbnail.add(record.name)
                self._load_thumbnail(record.name, record.thumbnail_path or record.image_path)

    def _load_thumbnail(self, name: str, path: Path) -> None:
        def show(image: QImage) -> None:
            if not image.isNull():
                self.thumbnail_ready.emit(name, image)

        self._jobs.submit(lambda: _read_small(path), show, lambda sentence: None)


def _read_small(path: Path) -> QImage:
    """Read a picture at the size of a tile, upright; a null image when it cannot be read. Safe in any thread."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    reader.setDecideFormatFromContent(True)
    size = reader.size()
    if size.isValid():
        small = QSize(_THUMBNAIL_PX, _THUMBNAIL_PX)
        reader.setScaledSize(size.scaled(small, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    return reader.read()
