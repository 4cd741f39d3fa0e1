"""Room: gui. Who wears what, chosen by hand: a click on a face or a key, then a target face. Paints nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QWidget

from mirror_app.domain.assignment import Others
from mirror_app.domain.cast import Cast, Wearers, with_target, without
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.target import TargetFace
from mirror_app.gui.faces.gallery import Gallery
from mirror_app.gui.faces.wardrobe import Wardrobe
from mirror_app.gui.live_worker import LiveWorker
from mirror_app.gui.people.face_layer import Caption, FaceLayer
from mirror_app.gui.people.face_places import FacePlace
from mirror_app.gui.people.face_popover import MOST_TILES, FacePopover, Subject
from mirror_app.gui.people.ways_strip import WaysStrip
from mirror_app.gui.people.words import caption_of, person_words
from mirror_app.gui.picture_panel import PicturePanel
from mirror_app.gui.views.preview import Preview
from mirror_app.gui.wording import filled
from mirror_app.pipeline.result import MirrorResult


class CastDesk(QObject):
    """Brings what the user says about single people to the worker's controls.

    In `Wearers.CHOSEN` one person at a time is the one whose target the gallery changes: the one chosen for last.
    """

    notice = Signal(str)
    """A sentence for the user."""

    def __init__(
        self,
        worker: LiveWorker,
        wardrobe: Wardrobe,
        preview: Preview,
        gallery: Gallery,
        picture: PicturePanel,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._worker, self._wardrobe, self._preview = worker, wardrobe, preview
        self._gallery, self._picture, self._window = gallery, picture, window
        self.layer = FaceLayer(preview, self._caption)
        self.popover = FacePopover(preview, window)
        self.strip = WaysStrip(preview)
        self.selected: int | None = None
        """The person whose target the gallery changes."""
        self._open_track: int | None = None
        self._unnamed: dict[int, TargetFace] = {}
        """By track: they are covered and stay so, but who they are is not known yet."""
        self._connect()

    # What the user does

    def open_next(self) -> None:
        """Choose for the next person in the picture, from left to right; after the last comes the first."""
        places = self.layer.places
        if not places:
            self.notice.emit(self.tr("Nobody is in the picture"))
            return
        tracks = [place.face.track_id for place in places]
        following = tracks.index(self._open_track) + 1 if self._open_track in tracks else 0
        self.open(places[following % len(places)])

    def open_person(self, number: int) -> None:
        """Choose for a person by her number."""
        found = [place for place in self.layer.places if place.face.person == number]
        if found:
            self.open(found[0])
        else:
            self.notice.emit(filled(self.tr("Person {number} is not in the picture"), number=str(number)))

    def open(self, place: FacePlace) -> None:
        """Choose for a face."""
        self.popover.close_panel()
        self._open_track = place.face.track_id
        self.layer.select(self._open_track)
        self._recognise_as_needed()
        self._select(place.face.person)
        self._show_subject(place.face)
        corner = self.layer.mapTo(self._window, QPoint(0, 0))
        self.popover.open_beside(place.rect.translated(corner.x(), corner.y()))

    def give(self, person: int, name: str) -> None:
        """Let a person wear a target face as soon as it is loaded; whoever is covered stays so."""
        self._choose_by_hand()
        self.selected = person
        self._wardrobe.fetch(name, lambda target: self._assign(person, target))

    def leave_out(self, person: int) -> None:
        """Let a person wear nothing; whoever else is covered stays so."""
        self._choose_by_hand()
        self._use(without(self._worker.controls.cast, person))
        if self._open_track is not None:
            self._unnamed.pop(self._open_track, None)
        self._say_selected()

    # How it is done

    def _connect(self) -> None:
        self.layer.clicked.connect(self.open)
        self.layer.missed.connect(self.popover.close_panel)
        self.popover.given.connect(self._given)
        self.popover.left_out.connect(self._left_out)
        self.popover.closed.connect(self._closed)
        self._preview.changed.connect(self._follow)
        self._gallery.picked.connect(self._picked)
        self._wardrobe.target_ready.connect(self._worn)
        self._wardrobe.faces_changed.connect(lambda: self._replace_deleted(self._worker.controls.target))
        self._picture.boxes.toggled.connect(self.layer.set_boxes)
        self._picture.boxes.toggled.connect(self._recognise_as_needed)
        self._picture.wearers.currentIndexChanged.connect(self._wearers_changed)
        self.strip.cover_all_requested.connect(lambda: self._picture.wearers.choose(Wearers.ALL.value))
        self.strip.blur_requested.connect(lambda: self._picture.others.choose(Others.BLUR.value))

    @property
    def _wearers(self) -> Wearers:
        return Wearers(self._picture.wearers.value)

    @property
    def _targets(self) -> Mapping[int, TargetFace]:
        return self._worker.controls.cast.targets

    @property
    def _result(self) -> MirrorResult | None:
        turn = self._preview.turn
        return None if turn is None else turn.result

    def _caption(self, face: TrackedFace) -> Caption:
        return caption_of(face, self._result, self._worker.controls, self._wardrobe.title)

    def _only_person(self) -> int | None:
        """Who is meant where nobody was clicked: whoever is alone in the picture."""
        faces = self._result.faces if self._result is not None else ()
        return faces[0].person if len(faces) == 1 else None

    def _choose_by_hand(self) -> None:
        """From one or all to chosen people; at first these are the people who are covered now."""
        if self._wearers is not Wearers.CHOSEN:
            self._keep_covered()
            self._picture.wearers.choose(Wearers.CHOSEN.value)

    def _keep_covered(self) -> None:
        result, target = self._result, self._worker.controls.target
        if result is not None and target is not None:
            covered = [one for one in result.faces if one.track_id in result.worn]
            named = {one.person: target for one in covered if one.person is not None}
            self._unnamed = {one.track_id: target for one in covered if one.person is None}
            self._use(Cast(self._wearers, MappingProxyType(named)))

    def _wearers_changed(self) -> None:
        """Chosen in the panel: whoever is covered stays so."""
        if self._wearers is not Wearers.CHOSEN:
            self._unnamed.clear()
        elif not self._targets:
            self._keep_covered()
        self._say_selected()

    def _use(self, cast: Cast) -> None:
        self._worker.controls = replace(self._worker.controls, cast=cast)

    def _assign(self, person: int, target: TargetFace) -> None:
        if self._wearers is not Wearers.CHOSEN:  # changed while the face was loaded
            return
        self._use(with_target(self._worker.controls.cast, person, target))
        if self.selected == person:
            self._wardrobe.pick(target.name)
        self._say_selected()

    def _picked(self, name: str) -> None:
        """A face of the gallery while the panel is open is for the person it is about."""
        if not self.popover.isHidden() and self.popover.subject.person is not None:
            self.give(self.popover.subject.person, name)

    def _replace_deleted(self, current: TargetFace | None) -> None:
        """Whoever wore a face that was deleted wears the current one, as soon as it is another."""
        gone = [person for person, target in self._targets.items() if not self._wardrobe.has(target.name)]
        if gone and current is not None and self._wardrobe.has(current.name):
            targets = {**self._targets, **dict.fromkeys(gone, current)}
            self._use(replace(self._worker.controls.cast, targets=MappingProxyType(targets)))

    def _worn(self, target: TargetFace) -> None:
        """A face of the gallery is for the person chosen for last."""
        self._replace_deleted(target)
        if self._wearers is not Wearers.CHOSEN:
            return
        if self.selected is None:
            self.selected = self._only_person()
        if self.selected is not None:
            self._use(with_target(self._worker.controls.cast, self.selected, target))
            self._say_selected()

    def _select(self, person: int | None) -> None:
        """The gallery shows and changes what this person wears."""
        self.selected = person
        target = None if person is None else self._targets.get(person)
        if target is not None and self._wearers is Wearers.CHOSEN and self._wardrobe.has(target.name):
            self._wardrobe.pick(target.name)
        self._say_selected()

    def _say_selected(self) -> None:
        is_chosen = self._wearers is Wearers.CHOSEN and self.selected is not None
        self._gallery.show_wearer(person_words(self.selected) if is_chosen else "")

    def _given(self, name: str) -> None:
        if self.popover.subject.person is not None:
            self.give(self.popover.subject.person, name)
            self.popover.close_panel()

    def _left_out(self) -> None:
        if self.popover.subject.person is not None:
            self.leave_out(self.popover.subject.person)
            self.popover.close_panel()

    def _closed(self) -> None:
        self._open_track = None
        self.layer.select(None)
        self._recognise_as_needed()

    def _recognise_as_needed(self) -> None:
        """Numbers are wanted where they are shown, and where somebody is being chosen for."""
        wanted = self.layer.boxes_on or self._open_track is not None
        if wanted != self._worker.controls.recognises:
            self._worker.controls = replace(self._worker.controls, recognises=wanted)

    def _name(self, result: MirrorResult) -> None:
        """Whoever was covered when people began to be chosen keeps the target as soon as it is known who it is."""
        for face in result.faces:
            target = self._unnamed.get(face.track_id)
            if target is not None and face.person is not None:
                del self._unnamed[face.track_id]
                if face.person not in self._targets:
                    self._use(with_target(self._worker.controls.cast, face.person, target))

    def _follow(self) -> None:
        """What is shown has changed."""
        result = self._result
        if result is None:
            self.popover.close_panel()
            self.strip.clear()
            return
        if self._unnamed:
            self._name(result)
        self.strip.show_result(result, self._worker.controls, is_choosing=self._open_track is not None)
        if self._open_track is not None:
            self._follow_subject(self._open_track)

    def _follow_subject(self, track_id: int) -> None:
        """The panel is about a person: if she is known, also after she has left and come back as another track."""
        person = self.popover.subject.person
        again = [one for one in self.layer.places if person is not None and one.face.person == person]
        place = next(iter(again), None) or self.layer.where_is(track_id)
        if place is None and person is None:
            self.popover.close_panel()
        elif place is None:
            self._offer(Subject(person, self._kept_by(person), self.tr("not in the picture")))
        else:
            self._open_track = place.face.track_id
            self.layer.select(self._open_track)
            if self._subject(place.face) != self.popover.subject:
                if self.selected is None:
                    self._select(place.face.person)
                self._show_subject(place.face)

    def _kept_by(self, person: int | None) -> str:
        """The name of the target a person wears as soon as she is there; "" = none."""
        target = None if person is None else self._targets.get(person)
        return "" if target is None or self._wearers is not Wearers.CHOSEN else target.name

    def _subject(self, face: TrackedFace) -> Subject:
        result = self._result
        worn = "" if result is None else result.worn.get(face.track_id, "")
        return Subject(face.person, worn, self._caption(face).words)

    def _show_subject(self, face: TrackedFace) -> None:
        self._offer(self._subject(face))

    def _offer(self, subject: Subject) -> None:
        if subject == self.popover.subject and self.popover.isVisible():
            return
        tiles = {info.name: info for info in self._wardrobe.tiles}
        names = dict.fromkeys(name for name in (self._wardrobe.current, *tiles) if name in tiles)
        offered = [(tiles[name], self._gallery.shelf.picture(name)) for name in [*names][:MOST_TILES]]
        self.popover.show_subject(subject, offered)
