"""Room: gui. Which face is worn: picking, loading beside the window, adding, deleting and undoing that. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QObject, QTimer, Signal
from PySide6.QtGui import QImage

from mirror_app.domain.target import TargetFace
from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.faces.face_order import FaceOrder
from mirror_app.gui.faces.kept_faces import KeptFaces
from mirror_app.gui.faces.thumbnails import ThumbnailLoader, read_small
from mirror_app.gui.faces.tile import TileInfo, tile_of
from mirror_app.settings import Settings
from mirror_app.targets.consent import Consent

if TYPE_CHECKING:
    from mirror_app.gui.faces.target_desk import Desk, LookedAt
    from mirror_app.pipeline.photo_faces import PhotoFace
    from mirror_app.targets.record import TargetRecord

_WORN_MS: Final = 3000
"""A face worn for so long was not only passed over: it is remembered among the recent ones."""


@dataclass(frozen=True, slots=True)
class _Deleted:
    """A face that can be brought back: by what, and whether it was worn."""

    ticket: str
    was_current: bool


@dataclass(frozen=True, slots=True)
class _Shelf:
    """All faces of the library by name, and what their tiles show."""

    records: dict[str, TargetRecord]
    tiles: dict[str, TileInfo]


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
    deleted = Signal(str)
    """A face went to the trash; its title."""
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
        self._shelf = _Shelf({}, {})
        self._kept = KeptFaces()
        self._order = FaceOrder()
        self._deleted: list[_Deleted] = []
        self._thumbnails = ThumbnailLoader(jobs, self)
        self._thumbnails.ready.connect(self.thumbnail_ready)
        self._worn_for_a_while = QTimer(self)
        self._worn_for_a_while.setSingleShot(True)
        self._worn_for_a_while.setInterval(_WORN_MS)
        self._worn = ""
        self._worn_for_a_while.timeout.connect(lambda: self._order.wore(self._worn))
        self.current = ""
        """Name of the face picked last; "" before the library was read."""

    @property
    def is_loading(self) -> bool:
        """Whether the current face is not worn yet."""
        return self.current != self._worn

    @property
    def tiles(self) -> list[TileInfo]:
        """What the gallery shows, in its order."""
        tiles = {name: self._shelf.tiles[name] for name in self._order.arrange(self._shelf.records)}
        for name in filter(self.has, self._order.favourites):
            tiles[name] = replace(tiles[name], is_favourite=True)
        return list(tiles.values())

    def open(self, wanted: str, favourites: Sequence[str] = (), recent: Sequence[str] = ()) -> None:
        """Read the library and wear a face; the first one shown when the wanted one is not there.

        Args:
            wanted: The face worn last.
            favourites: Faces with a star, the oldest star first.
            recent: Faces worn lately, the newest first.
        """
        self._order = FaceOrder(favourites, recent)

        def show(shelf: _Shelf) -> None:
            self._show_shelf(shelf)
            self._wear_first_unless(wanted)
            self._jobs.submit(lambda: self._desk().discard_old(), lambda _done: None, self.notice.emit)

        self._jobs.submit(self._read_shelf, show, self.notice.emit)

    def has(self, name: str) -> bool:
        """Whether a face of that name is in the library."""
        return name in self._shelf.records

    def title(self, name: str) -> str:
        """A face's name in the user's language; "" when it is not in the library."""
        return self._shelf.tiles[name].title if name in self._shelf.tiles else ""

    def remembered_in(self, settings: Settings) -> Settings:
        """The settings with the current face, the stars and the faces worn lately; those that are gone are dropped."""
        if not self._shelf.records:
            return settings
        if self._worn:
            self._order.wore(self._worn)
        return replace(
            settings,
            target=self.current or settings.target,
            favourites=tuple(filter(self.has, self._order.favourites)),
            recent=tuple(filter(self.has, self._order.recent)),
        )

    def toggle_favourite(self, name: str) -> None:
        """Give a face a star, or take it away."""
        self._order.toggle_star(name)
        self.faces_changed.emit()

    def want_thumbnails(self, names: Sequence[str]) -> None:
        """Read the small pictures of these faces, and of no others."""
        records = [self._shelf.records[name] for name in names if name in self._shelf.records]
        self._thumbnails.want({record.name: record.thumbnail_path or record.image_path for record in records})

    def pick(self, name: str) -> None:
        """Wear a face as soon as it is loaded."""
        if name not in self._shelf.records or name == self.current:
            return
        self.current = name
        kept = self._kept.get(name)
        if kept is not None:
            self._wear(name, kept)
            return
        self.current_changed.emit()
        record = self._shelf.records[name]

        def load() -> TargetFace | None:
            # Faces passed over with the arrow keys are not worth the work.
            return self._desk().load(record) if self.current == name else None

        def failed(sentence: str) -> None:
            self.notice.emit(sentence)
            if self.current == name:
                self.current = self._worn
                self.current_changed.emit()

        self._jobs.submit(load, lambda target: self._loaded(name, target), failed)

    def fetch(self, name: str, take: Callable[[TargetFace], None]) -> None:
        """Load a face for one person among several, whatever is picked meanwhile."""
        if (kept := self._kept.get(name)) is not None:
            take(kept)
        elif name in self._shelf.records:
            record = self._shelf.records[name]

            def keep(target: TargetFace) -> None:
                self._kept.keep(name, target)
                take(target)

            self._jobs.submit(lambda: self._desk().load(record), keep, self.notice.emit)

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

        def add() -> tuple[TargetRecord, TargetFace, _Shelf]:
            record = self._desk().add(faces, consent, title)
            return record, self._desk().load(record), self._read_shelf()

        def show(outcome: tuple[TargetRecord, TargetFace, _Shelf]) -> None:
            record, target, shelf = outcome
            self._show_shelf(shelf)
            self.current = record.name
            self._loaded(record.name, target)

        self._jobs.submit(add, show, self.notice.emit)

    def remove(self, name: str) -> None:
        """Move one of the user's own faces to the trash; the first face is worn when it was the current one."""
        title, was_current = self.title(name), name == self.current

        def remove() -> tuple[str, _Shelf]:
            return self._desk().remove(name), self._read_shelf()

        def show(outcome: tuple[str, _Shelf]) -> None:
            ticket, shelf = outcome
            self._deleted.append(_Deleted(ticket, was_current))
            self._forget(name, shelf)
            self.deleted.emit(title)

        self._jobs.submit(remove, show, self.notice.emit)

    def remove_for_good(self, name: str) -> None:
        """Delete one of the user's own faces without the trash."""

        def remove() -> _Shelf:
            self._desk().remove_for_good(name)
            return self._read_shelf()

        self._jobs.submit(remove, lambda shelf: self._forget(name, shelf), self.notice.emit)

    def undo_removal(self) -> None:
        """Bring the face deleted last back, and wear it when it was worn; does nothing when there is none."""
        if not self._deleted:
            return
        last = self._deleted.pop()

        def restore() -> tuple[str, _Shelf]:
            return self._desk().restore(last.ticket), self._read_shelf()

        def show(outcome: tuple[str, _Shelf]) -> None:
            name, shelf = outcome
            self._show_shelf(shelf)
            if last.was_current:
                self.pick(name)

        self._jobs.submit(restore, show, self.notice.emit)

    def load_photo_view(self, photo: Path, show: Callable[[QImage], None]) -> None:
        """Read a photo small, for the eye only; an unreadable one is simply not shown."""
        self._jobs.submit(
            lambda: read_small(photo), lambda image: None if image.isNull() else show(image), lambda sentence: None
        )

    def _desk(self) -> Desk:
        """The desk; called in the background thread only."""
        if self._opened is None:
            self._opened = self._open_desk()
        return self._opened

    def _read_shelf(self) -> _Shelf:
        """All faces as they are now; called in the background thread only."""
        records = {record.name: record for record in self._desk().records()}
        return _Shelf(records, {name: tile_of(record, self.locale) for name, record in records.items()})

    def _show_shelf(self, shelf: _Shelf) -> None:
        self._shelf = shelf
        self.faces_changed.emit()

    def _forget(self, name: str, shelf: _Shelf) -> None:
        """A face is gone."""
        self._kept.drop(name)
        self._show_shelf(shelf)
        if self.current == name:
            self._wear_first_unless("")
        self.current_changed.emit()

    def _wear_first_unless(self, wanted: str) -> None:
        names = self._order.arrange(self._shelf.records)
        if names:
            self.pick(wanted if wanted in self._shelf.records else names[0])

    def _loaded(self, name: str, target: TargetFace | None) -> None:
        if target is None:
            return
        self._kept.keep(name, target)
        if self.current == name:
            self._wear(name, target)

    def _wear(self, name: str, target: TargetFace) -> None:
        self._worn = name
        self._worn_for_a_while.start()
        self.target_ready.emit(target)
        self.current_changed.emit()
