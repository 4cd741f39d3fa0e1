"""Room: gui. The window: puts the parts together and passes what happens in one on to the others."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mirror_app.domain.errors import MirrorError
from mirror_app.gui import theme
from mirror_app.gui.air.air_view import AirView
from mirror_app.gui.batch.door import BatchDoor
from mirror_app.gui.camera.panel import CameraPanel
from mirror_app.gui.camera.pause_while_hidden import PauseWhileHidden
from mirror_app.gui.control.remote_desk import RemoteDesk, Steering
from mirror_app.gui.controls_bar import ControlsBar
from mirror_app.gui.engine_desk import EngineDesk
from mirror_app.gui.faces.collection import Collection
from mirror_app.gui.faces.face_dialogs import FaceDialogs
from mirror_app.gui.faces.gallery import Gallery
from mirror_app.gui.faces.preset_keeper import PresetKeeper
from mirror_app.gui.faces.presets_panel import PresetsPanel
from mirror_app.gui.keys.key_desk import KeyDesk
from mirror_app.gui.label.duty_desk import DutyDesk
from mirror_app.gui.live_view import LiveView
from mirror_app.gui.mirror_switches import MirrorSwitches
from mirror_app.gui.more_menu import MoreMenu
from mirror_app.gui.overlays import DropFrame, Note
from mirror_app.gui.parts import Parts
from mirror_app.gui.people.cast_desk import CastDesk
from mirror_app.gui.picture_panel import PicturePanel
from mirror_app.gui.preload import Preload
from mirror_app.gui.screenshot import Screenshots
from mirror_app.gui.settings.desk import Page, SettingsDesk
from mirror_app.gui.settings.welcome import Welcome
from mirror_app.gui.shield import Shield
from mirror_app.gui.state_bar import StateBar
from mirror_app.gui.stats.panel import StatsPanel
from mirror_app.gui.translator import spoken
from mirror_app.gui.views.compact_mirror import CompactMirror
from mirror_app.gui.views.full_screen import FullScreen
from mirror_app.gui.views.preview import Preview
from mirror_app.gui.window_deeds import IN_MENU, deeds_of
from mirror_app.gui.window_place import keep_place, restore_place

_SMALLEST_WH: Final = (900, 560)


class MainWindow(QWidget):
    """The mirror's window. `start` begins, closing it ends every thread."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parts = parts
        self._is_forgetting = False
        self.setWindowTitle(self.tr("Mirror"))
        self.setAcceptDrops(True)
        self.setMinimumSize(*_SMALLEST_WH)
        self._make_picture()
        self._make_panels()
        self._make_windows()
        self._connect()
        restore_place(self, parts.window_state)

    def start(self) -> None:
        """Load everything, beside the window, and begin to mirror."""
        parts = self.parts
        self.switches.set_picture()
        self.air.start()
        self.switches.set_label_style(parts.settings.label_style)
        parts.worker.start()
        parts.wardrobe.open(parts.settings.target, parts.settings.favourites, parts.settings.recent)
        self.preset_keeper.open()
        parts.inputs.start(parts.settings.camera_id)
        self.live.start()
        self.settings.start()
        if parts.camera_problem:
            self.note.say(parts.camera_problem)
        self.preview.setFocus()
        if not parts.settings.welcomed:
            self.welcome.open_beside(self.preview)

    # Putting together

    def _make_picture(self) -> None:
        """What the window always shows, and what steers it."""
        parts = self.parts
        self.preview = Preview()
        self.preview.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.state_bar = StateBar()
        self.gallery = Gallery()
        self.controls = ControlsBar(flip=parts.settings.flip_preview)
        self.preview.set_flip(parts.settings.flip_preview)
        self.screenshots = Screenshots(lambda: self.preview.turn, parts.jobs, parts.pictures_dir, self)
        self.stats = StatsPanel(parts.worker, parts.jobs, parts.pictures_dir)
        self.shield = Shield(parts.worker, self)
        self.live = LiveView(parts, self.preview, self.state_bar, self.stats, self.shield, self)
        self.air = AirView(parts, self.preview, self.shield, self.controls.live, self.controls.outputs, self)
        self._lay_out()

    def _make_panels(self) -> None:
        """What lies over the window for a while."""
        parts = self.parts
        self.note = Note(self.preview)
        self.drop_frame = DropFrame(self)
        self.picture = PicturePanel(parts.settings, self.controls.picture, self)
        self.switches = MirrorSwitches(parts.worker, self.picture, self.note, self.state_bar, self)
        self.duty = DutyDesk(parts.label_log, self)
        self.camera = CameraPanel(parts.inputs, self.controls.camera, self)
        self.faces = FaceDialogs(parts.wardrobe, self)
        # Before the collection: whose face is picked in the gallery must be known before it is worn.
        self.people = CastDesk(parts.worker, parts.wardrobe, self.preview, self.gallery, self.picture, self)
        self.collection = Collection(self.gallery, parts.wardrobe, self.faces)
        self.presets = PresetsPanel(self.gallery.presets_button, self)
        self.preset_keeper = PresetKeeper(
            self.presets, parts.wardrobe, self.picture, self.controls.flip, parts.jobs, parts.presets_path
        )

    def _make_windows(self) -> None:
        """Other views of the mirror, other windows, and the keys of all of them."""
        parts = self.parts
        self.full_screen = FullScreen(self, self.preview, self.controls)
        self.compact = CompactMirror(
            self, self.preview, swap=self.controls.swap, flip=self.controls.flip, state=parts.window_state
        )
        self.welcome = Welcome(parts.inputs, self)
        PauseWhileHidden(parts.inputs, self, self.compact)
        Preload(self.preview, parts.jobs, self)
        self.settings = SettingsDesk(parts.settings, parts.answers, parts.jobs, self)
        self.batch = BatchDoor(
            parts.wardrobe, parts.window_state, lambda: parts.worker.controls,
            lambda: self.settings.remembered_in(parts.settings), self.duty, self,
        )  # fmt: skip
        self.engines = EngineDesk(parts, self.settings, self)
        deeds = deeds_of(self)
        self.keys = KeyDesk(self, deeds, parts.settings.keys)
        self.keys.label({**self.controls.by_action, **self.gallery.by_action, "boxes": self.picture.boxes})
        self.keys.keys.also_in(self.compact)
        self.air.key_of = self.keys.keys.shown
        self.air.window_opened.connect(self.keys.keys.also_in)
        self.menu = MoreMenu(self.keys.keys, {**deeds, "help": self.keys.toggle_help}, IN_MENU, self)
        self.remote = RemoteDesk(
            Steering(
                worker=parts.worker, wardrobe=parts.wardrobe, inputs=parts.inputs, shield=self.shield,
                step_face=self.gallery.pick_neighbour, set_swap=self.controls.swap.setChecked,
                turn=lambda: self.preview.turn, rate=lambda: self.stats.numbers(time.monotonic_ns()),
                set_live=self.air.steer, air=self.air.desk.status,
            )
        )  # fmt: skip

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(theme.SPACE - 4)
        left.addWidget(self.state_bar)
        left.addWidget(self.preview, 1)
        left.addWidget(self.stats)
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE)
        top.addLayout(left, 1)
        right = QVBoxLayout()
        right.setSpacing(theme.SPACE_SMALL)
        right.addWidget(self.air.monitor)
        right.addWidget(self.gallery, 1)
        top.addLayout(right)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE, theme.SPACE, theme.SPACE, theme.SPACE)
        column.setSpacing(theme.SPACE)
        column.addLayout(top, 1)
        column.addWidget(self.controls)

    def _connect(self) -> None:
        parts, controls = self.parts, self.controls
        for source in (
            parts.inputs, parts.wardrobe, self.stats, self.preview, self.preset_keeper, self.batch, self.settings,
            self.engines, self.duty, self.screenshots, self.air, self.people,
        ):  # fmt: skip
            source.notice.connect(self.note.say)
        self.drop_frame.refused.connect(self.note.say)
        self.batch.watch(self.drop_frame)
        self.batch.photos_dropped.connect(self.faces.add_photos)
        parts.inputs.choices_changed.connect(self._show_cameras)
        parts.inputs.stopped.connect(self._show_pause)
        parts.wardrobe.target_ready.connect(self.switches.wear)
        self.state_bar.details_requested.connect(self.stats.toggle)
        self.gallery.presets_button.clicked.connect(self.presets.toggle)
        controls.camera_picked.connect(self._camera_picked)
        controls.camera_settings_requested.connect(self.camera.toggle)
        controls.swap_toggled.connect(self.switches.set_swap)
        controls.flip_toggled.connect(self.preview.set_flip)
        self.duty.guard(controls.watermark, self.switches.set_watermark)
        self.settings.label_style_changed.connect(self.switches.set_label_style)
        controls.picture_requested.connect(self.picture.toggle)
        controls.compare_held.connect(self._compare)
        controls.screenshot_requested.connect(self.screenshots.take)
        controls.cover_toggled.connect(self.shield.set_on)
        controls.more_requested.connect(lambda: self.menu.open_above(controls.more))
        self.picture.changed.connect(self.switches.set_picture)
        parts.worker.engine_changed.connect(lambda: self.picture.show_engine(parts.worker.engine))
        self.shield.changed.connect(controls.cover.setChecked)
        self.settings.keys_requested.connect(self.keys.change_keys)
        self.settings.erased.connect(self._forget_and_close)
        self.welcome.photo_requested.connect(self.faces.choose_photo)
        self.welcome.help_requested.connect(self.keys.toggle_help)
        self.keys.doctor_requested.connect(lambda: self.settings.open(Page.DOCTOR))
        self.keys.privacy_requested.connect(lambda: self.settings.open(Page.PRIVACY))

    # What happens

    def _show_cameras(self) -> None:
        inputs = self.parts.inputs
        self.controls.show_cameras(inputs.choices, inputs.current.camera_id)

    def _camera_picked(self, camera_id: str) -> None:
        self.parts.inputs.choose(camera_id)
        self.preview.setFocus()

    def _show_pause(self) -> None:
        if self.parts.inputs.is_paused:
            self.preview.show_paused(self.keys.keys.shown("pause"))

    def toggle_pause(self) -> None:
        """Give the camera back to the system, or take it again."""
        inputs = self.parts.inputs
        if inputs.is_paused:
            inputs.resume()
        else:
            inputs.pause()

    def _compare(self, held: bool) -> None:
        self.preview.set_compare(held and not self.shield.is_on)

    # Keys, place, end

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space shows the real face as long as it is held; Escape closes the timing from wherever it was opened."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._compare(True)
        elif event.key() == Qt.Key.Key_Escape and self.stats.isVisible():
            self.stats.hide()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Letting Space go covers the real face again."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._compare(False)
        else:
            super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """A window not in front, or hidden, covers the real face: it would never hear Space being let go."""
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._compare(False)
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Cut, remember the choices, give the camera back, end the threads."""
        self.air.stop()
        self.live.stop()
        if not self._is_forgetting:
            self._remember()
        self.parts.inputs.stop()
        self.batch.stop()
        self.settings.stop()
        self.parts.worker.stop()
        self.parts.jobs.stop()
        if self._is_forgetting:
            self.settings.erase_rest(self.parts.window_state)
        super().closeEvent(event)

    def _remember(self) -> None:
        parts = self.parts
        keep_place(self, parts.window_state)
        chosen = self.keys.remembered_in(self.settings.remembered_in(parts.settings))
        chosen = parts.wardrobe.remembered_in(self.air.remembered_in(self.picture.remembered_in(chosen)))
        chosen = replace(
            chosen,
            camera_id=parts.inputs.chosen_id or parts.settings.camera_id,
            camera_modes=parts.inputs.camera_modes,
            flip_preview=self.controls.flip.isChecked(),
            welcomed=parts.settings.welcomed or self.welcome.is_seen,
        )
        try:
            parts.save_settings(chosen)
        except MirrorError as error:
            self.note.say(spoken(error))

    def _forget_and_close(self) -> None:
        """What was kept is erased: it must not be written anew."""
        self._is_forgetting = True
        self.close()
