"""Room: gui. The window: puts the parts together and passes what happens in one on to the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QEvent, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mirror_app.domain.errors import MirrorError
from mirror_app.domain.target import TargetFace
from mirror_app.gui import theme
from mirror_app.gui.controls_bar import ControlsBar
from mirror_app.gui.face_dialogs import FaceDialogs
from mirror_app.gui.gallery import Gallery
from mirror_app.gui.live_view import LiveView
from mirror_app.gui.overlays import DropFrame, Note
from mirror_app.gui.parts import Parts
from mirror_app.gui.picture_panel import PicturePanel
from mirror_app.gui.preview import Preview
from mirror_app.gui.screenshot import safe_picture, save_picture
from mirror_app.gui.state_bar import StateBar
from mirror_app.gui.wording import filled

_FIRST_WH: Final = (1312, 692)
"""The picture then fills its place without margins."""
_SMALLEST_WH: Final = (900, 560)


class MainWindow(QWidget):
    """The mirror's window. `start` begins, closing it ends every thread."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self.setWindowTitle(self.tr("Mirror"))
        self.setAcceptDrops(True)
        self.setMinimumSize(*_SMALLEST_WH)
        self.preview = Preview()
        self.state_bar = StateBar()
        self.gallery = Gallery()
        self.controls = ControlsBar(flip=parts.settings.flip_preview)
        self.preview.set_flip(parts.settings.flip_preview)
        self.live = LiveView(parts, self.preview, self.state_bar, self)
        self._lay_out()
        self.note = Note(self.preview)
        self.drop_frame = DropFrame(self)
        self.picture = PicturePanel(parts.settings, self.controls.picture, self)
        self.faces = FaceDialogs(parts.wardrobe, self)
        self._connect()
        self._add_shortcuts()
        self._restore_place()

    def start(self) -> None:
        """Load everything, beside the window, and begin to mirror."""
        parts = self._parts
        parts.worker.controls = self.picture.applied_to(parts.worker.controls)
        parts.worker.start()
        parts.wardrobe.open(parts.settings.target)
        parts.inputs.start(parts.settings.camera_id)
        self.live.start()
        if parts.camera_problem:
            self.note.say(parts.camera_problem)
        self.preview.setFocus()

    # Putting together

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(theme.SPACE - 4)
        left.addWidget(self.state_bar)
        left.addWidget(self.preview, 1)
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE)
        top.addLayout(left, 1)
        top.addWidget(self.gallery)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE, theme.SPACE, theme.SPACE, theme.SPACE)
        column.setSpacing(theme.SPACE)
        column.addLayout(top, 1)
        column.addWidget(self.controls)
        self.preview.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def _connect(self) -> None:
        inputs, wardrobe = self._parts.inputs, self._parts.wardrobe
        inputs.choices_changed.connect(self._show_cameras)
        inputs.notice.connect(self.note.say)
        wardrobe.faces_changed.connect(self._show_faces)
        wardrobe.current_changed.connect(self._show_current)
        wardrobe.thumbnail_ready.connect(self.gallery.set_thumbnail)
        wardrobe.target_ready.connect(self._wear)
        wardrobe.notice.connect(self.note.say)
        self.gallery.picked.connect(wardrobe.pick)
        self.gallery.remove_requested.connect(self.faces.confirm_removal)
        self.gallery.add_requested.connect(self.faces.choose_photo)
        self.drop_frame.dropped.connect(self.faces.add_photos)
        self.drop_frame.refused.connect(self.note.say)
        controls = self.controls
        controls.camera_picked.connect(self._camera_picked)
        controls.swap_toggled.connect(self._set_swap)
        controls.flip_toggled.connect(self.preview.set_flip)
        controls.watermark_toggled.connect(self._set_watermark)
        controls.picture_requested.connect(self.picture.toggle)
        self.picture.changed.connect(self._set_picture)
        controls.compare_held.connect(self.preview.set_compare)
        controls.screenshot_requested.connect(self.take_screenshot)

    def _add_shortcuts(self) -> None:
        actions: dict[str, Callable[[], None]] = {
            "X": self.controls.swap.toggle,
            "M": self.controls.flip.toggle,
            "W": self.controls.watermark.toggle,
            "S": self.take_screenshot,
            "P": self.picture.toggle,
            "Right": partial(self.gallery.pick_neighbour, 1),
            "Left": partial(self.gallery.pick_neighbour, -1),
            "Ctrl+O": self.faces.choose_photo,
            **{str(number): partial(self.gallery.pick_number, number) for number in range(1, 10)},
        }
        for key, action in actions.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setAutoRepeat(key in ("Right", "Left"))
            shortcut.activated.connect(action)

    # Cameras

    def _show_cameras(self) -> None:
        inputs = self._parts.inputs
        self.controls.show_cameras(inputs.choices, inputs.running_id)

    def _camera_picked(self, camera_id: str) -> None:
        self._parts.inputs.choose(camera_id)
        self.preview.setFocus()

    # Faces

    def _show_faces(self) -> None:
        self.gallery.show_faces(self._parts.wardrobe.tiles)
        self._show_current()

    def _show_current(self) -> None:
        wardrobe = self._parts.wardrobe
        self.gallery.set_current(wardrobe.current, loading=wardrobe.is_loading)

    def _wear(self, target: TargetFace) -> None:
        self._parts.worker.controls = replace(self._parts.worker.controls, target=target)

    # What the controls do

    def _set_swap(self, on: bool) -> None:
        self._parts.worker.controls = replace(self._parts.worker.controls, swap_on=on)

    def _set_picture(self) -> None:
        self._parts.worker.controls = self.picture.applied_to(self._parts.worker.controls)

    def _set_watermark(self, on: bool) -> None:
        self._parts.worker.controls = replace(self._parts.worker.controls, label_on=on)
        if on:
            self.note.hide()
        else:
            self.note.say(self.tr("The watermark is off until the next start. Tell people what they see."))

    def take_screenshot(self) -> None:
        """Save the picture that may leave, or say why there is none."""
        try:
            picture = safe_picture(self.preview.turn.result if self.preview.turn is not None else None)
        except MirrorError as error:
            self.note.say(filled(self.tr("No screenshot was saved. {why}."), why=str(error).rstrip(".")))
            return
        pictures_dir = self._parts.pictures_dir
        self._parts.jobs.submit(lambda: save_picture(picture, pictures_dir()), self._screenshot_saved, self.note.say)

    def _screenshot_saved(self, path: Path) -> None:
        self.note.say(filled(self.tr("Saved as {path}"), path=str(path)))

    # Keys, place, end

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space shows the real face as long as it is held."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.preview.set_compare(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Letting Space go covers the real face again."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.preview.set_compare(False)
        else:
            super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """A window not in front, or hidden, covers the real face: it would never hear Space being let go."""
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.preview.set_compare(False)
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the choices, give the camera back, end the threads."""
        self.live.stop()
        self._remember()
        self._parts.inputs.stop()
        self._parts.worker.stop()
        self._parts.jobs.stop()
        super().closeEvent(event)

    def _remember(self) -> None:
        parts = self._parts
        self._parts.window_state.setValue("geometry", self.saveGeometry())
        chosen = replace(
            self.picture.remembered_in(parts.settings),
            target=parts.wardrobe.current or parts.settings.target,
            camera_id=parts.inputs.chosen_id or parts.settings.camera_id,
            flip_preview=self.controls.flip.isChecked(),
        )
        try:
            parts.save_settings(chosen)
        except MirrorError as error:
            self.note.say(str(error))

    def _restore_place(self) -> None:
        self.resize(*_FIRST_WH)
        place = self._parts.window_state.value("geometry")
        if isinstance(place, QByteArray):
            self.restoreGeometry(place)
