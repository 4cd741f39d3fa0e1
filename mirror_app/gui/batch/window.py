"""Room: gui. The window for files: the list, the face they get, where the results go, start and pause."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices, QFontMetrics, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mirror_app.domain.cast import Cast, Wearers
from mirror_app.gui import theme
from mirror_app.gui.batch.dialogs import BatchDialogs
from mirror_app.gui.batch.list import BatchList
from mirror_app.gui.batch.queue import BatchQueue, worn_before
from mirror_app.gui.batch.words import time_words
from mirror_app.gui.faces.wardrobe import Wardrobe
from mirror_app.gui.label.duty_desk import DutyDesk
from mirror_app.gui.overlays import DropFrame
from mirror_app.gui.widgets.bar_buttons import ActionButton, SwitchButton
from mirror_app.gui.widgets.combo_box import ChoiceBox
from mirror_app.gui.widgets.icons import Icon
from mirror_app.gui.wording import filled
from mirror_app.pipeline.batch_record import BatchItem, ItemState
from mirror_app.pipeline.result import MirrorControls

_FIRST_WH: Final = (860, 620)
_SMALLEST_WH: Final = (680, 420)
_FACE_WIDTH: Final = 220


class BatchWindow(QWidget):
    """Shows the queue and steers it; closing it only hides it."""

    hidden = Signal()
    """The user closed the window."""

    def __init__(
        self,
        queue: BatchQueue,
        wardrobe: Wardrobe,
        controls: Callable[[], MirrorControls],
        duty: DutyDesk,
        parent: QWidget,
    ) -> None:
        """Build the window.

        Args:
            queue: The files.
            wardrobe: The faces to choose from.
            controls: How the mirror wears its face at this moment. All of it is taken over but the face, the mark, and
                people chosen by hand: they are people before the camera, not in files.
            duty: Asks before results get no watermark.
            parent: The mirror's window.
        """
        super().__init__(parent, Qt.WindowType.Window)
        self._queue, self._wardrobe, self._controls = queue, wardrobe, controls
        self._duty = duty
        self._dialogs = BatchDialogs(self)
        self._sentence = ""
        self._face_is_chosen = False
        self.setWindowTitle(self.tr("Videos and pictures from files"))
        self.setMinimumSize(*_SMALLEST_WH)
        self.resize(*_FIRST_WH)
        self._build()
        self._lay_out()
        self._connect()
        self._show_faces()
        self._refresh()

    def offer(self, items: list[BatchItem]) -> None:
        """Ask whether an earlier queue that was cut short shall go on."""
        self._dialogs.offer(len(items), lambda: self._go_on(items), lambda: self._queue.settle(items))

    def say(self, sentence: str) -> None:
        """Show a sentence at the lower edge until something else happens."""
        self._sentence = sentence
        self._refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing ends: the queue goes on, and the window can be opened again."""
        super().closeEvent(event)
        self.hidden.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the folder's name to the room it has."""
        super().resizeEvent(event)
        self._show_folder()

    # Putting together

    def _build(self) -> None:
        self.files = BatchList(self._queue.model)
        self.add_files = ActionButton(Icon.PLUS, self.tr("Add files…"), "Ctrl+O", self.tr("Choose videos and pictures"))
        self.add_folder = ActionButton(
            Icon.FOLDER, self.tr("Add folder…"), "", self.tr("All videos and pictures in a folder and its folders")
        )
        self.leave_out = ActionButton(
            Icon.CLOSE, self.tr("Take out"), "Del", self.tr("Take the marked files out of the list; the files stay")
        )
        self.clear_done = ActionButton(
            Icon.CHECK, self.tr("Clear done"), "", self.tr("Take done files out of the list; their results stay")
        )
        self.face = ChoiceBox({})
        self.face.setAccessibleName(self.tr("Face"))
        self.face.setFixedWidth(_FACE_WIDTH)
        self.label = SwitchButton(self.tr("Watermark"), "", self.tr("Writes “AI generated” into the results"), on=True)
        self.folder = QLabel()
        self.folder.setStyleSheet(f"color: {theme.TEXT_SOFT.name()};")
        self.choose_folder = ActionButton(Icon.FOLDER, self.tr("Save in…"), "", self.tr("Choose where the results go"))
        self.open_folder = ActionButton(Icon.OUTSIDE, self.tr("Open folder"), "", self.tr("Show the results"))
        self.status = QLabel()
        self.status.setWordWrap(True)
        self.go = QPushButton()
        self.go.setProperty("primary", True)
        self.go.setMinimumWidth(140)
        self.drop_frame = DropFrame(self)
        self.drop_frame.invite = lambda paths: (Icon.FILM, self.tr("Drop to add to the list"))

    def _lay_out(self) -> None:
        face_name = QLabel(self.tr("Face"))
        face_name.setBuddy(self.face)
        face_name.setStyleSheet(f"color: {theme.TEXT_SOFT.name()};")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE, theme.SPACE, theme.SPACE, theme.SPACE)
        column.setSpacing(theme.SPACE - 4)
        column.addLayout(_row(self.add_files, self.add_folder, None, self.leave_out, self.clear_done))
        column.addWidget(self.files, 1)
        column.addLayout(_row(face_name, self.face, self.label, None, self.choose_folder, self.open_folder))
        column.addWidget(self.folder)
        end = QHBoxLayout()
        end.setSpacing(theme.SPACE)
        end.addWidget(self.status, 1)
        end.addWidget(self.go)
        column.addLayout(end)

    def _connect(self) -> None:
        queue = self._queue
        queue.changed.connect(self._refresh)
        queue.notice.connect(self.say)
        queue.unfinished_found.connect(self.offer)
        queue.ended.connect(self._show_faces)
        self._wardrobe.faces_changed.connect(self._show_faces)
        self._wardrobe.current_changed.connect(self._show_faces)
        self.face.activated.connect(self._face_chosen)
        self.add_files.clicked.connect(self._choose_files)
        self.add_folder.clicked.connect(self._choose_input_folder)
        self.leave_out.clicked.connect(self._leave_out)
        self.clear_done.clicked.connect(queue.clear_done)
        self.choose_folder.clicked.connect(self._choose_output_folder)
        self.open_folder.clicked.connect(self._open_folder)
        self._duty.guard(self.label, lambda _on: self._refresh())
        self.go.clicked.connect(self._press_go)
        self.files.selectionModel().selectionChanged.connect(self._refresh)
        self.drop_frame.dropped.connect(queue.add)
        self.drop_frame.refused.connect(self.say)
        for key, action in (
            ("Ctrl+O", self._choose_files),
            ("Delete", self._leave_out),
            ("Escape", self.close),
            ("Ctrl+W", self.close),
        ):
            QShortcut(QKeySequence(key), self).activated.connect(action)

    # What is shown

    def _refresh(self) -> None:
        queue = self._queue
        rows = queue.model.rows
        is_running = queue.is_running
        done = sum(row.state is ItemState.DONE for row in rows)
        self.go.setText(self._go_words())
        self.go.setEnabled(is_running or (bool(queue.undone) and self.face.count() > 0))
        self.leave_out.setEnabled(bool(self.files.marked))
        self.clear_done.setEnabled(done > 0)
        for control in (self.face, self.label, self.choose_folder):
            control.setEnabled(not is_running)
        self._show_status(len(rows), done)
        self._show_folder()

    def _go_words(self) -> str:
        if not self._queue.is_running:
            return self.tr("Start")
        return self.tr("Go on") if self._queue.is_paused else self.tr("Pause")

    def _show_status(self, count: int, done: int) -> None:
        words = self._sentence
        if not words and not self.label.isChecked():
            words = self.tr("The results get no watermark. Tell people what they see.")
        if not words and count:
            words = filled(self.tr("Done: {done} of {count}."), done=str(done), count=str(count))
            failed = sum(row.state is ItemState.FAILED for row in self._queue.model.rows)
            if failed:
                words = f"{words}  {filled(self.tr('Failed: {count}.'), count=str(failed))}"
            progress = self._queue.progress
            if progress is not None and progress.all_left_s is not None:
                left = filled(self.tr("{time} left in all."), time=time_words(progress.all_left_s))
                words = f"{words}  {left}"
        colour = theme.HOLD if self._sentence or not self.label.isChecked() else theme.TEXT_SOFT
        self.status.setStyleSheet(f"color: {colour.name()};")
        self.status.setText(words)

    def _show_folder(self) -> None:
        words = filled(self.tr("Results go to {folder}"), folder=str(self._queue.folder))
        room = self.width() - 2 * theme.SPACE
        self.folder.setText(QFontMetrics(self.folder.font()).elidedText(words, Qt.TextElideMode.ElideMiddle, room))
        self.folder.setToolTip(str(self._queue.folder))

    def _show_faces(self) -> None:
        """Offer all faces; the one that the mirror wears is chosen until the user chooses here."""
        if self._queue.is_running:
            return
        wanted = self.face.value if self._face_is_chosen else self._wardrobe.current
        self.face.clear()
        for tile in self._wardrobe.tiles:
            self.face.addItem(tile.title, tile.name)
        self.face.setCurrentIndex(max(self.face.findData(wanted), min(self.face.count() - 1, 0)))
        self._refresh()

    def _face_chosen(self) -> None:
        self._face_is_chosen = True

    # What the controls do

    def _press_go(self) -> None:
        self._sentence = ""
        if self._queue.is_running:
            self._queue.set_paused(not self._queue.is_paused)
        else:
            worn = self._controls()
            wearers = Wearers.ONE if worn.cast.wearers is Wearers.CHOSEN else worn.cast.wearers
            controls = MirrorControls(
                label_on=self.label.isChecked(), label_style=worn.label_style, likeness=worn.likeness,
                joining=worn.joining, glasses=worn.glasses, kept=worn.kept, cast=Cast(wearers), others=worn.others,
            )  # fmt: skip
            self._queue.start(self.face.value, controls)

    def _go_on(self, items: list[BatchItem]) -> None:
        face, label_on = worn_before(items)
        row = self.face.findData(face)
        with QSignalBlocker(self.label):  # what the user agreed to last time is carried through as it was ordered
            self.label.setChecked(label_on)
        if row < 0:
            self._queue.settle(
                items, lambda: self.say(self.tr("The face of last time is gone: choose one, then start."))
            )
        else:
            self.face.setCurrentIndex(row)
            self._face_is_chosen = True
            self._queue.settle(items, self._press_go)

    def _leave_out(self) -> None:
        self._queue.leave_out(self.files.marked)

    def _choose_files(self) -> None:
        self.say("")
        self._dialogs.choose_files(self._queue.add)

    def _choose_input_folder(self) -> None:
        self.say("")
        self._dialogs.choose_input_folder(self._queue.add)

    def _choose_output_folder(self) -> None:
        self.say("")
        self._dialogs.choose_output_folder(self._set_folder)

    def _set_folder(self, chosen: list[Path]) -> None:
        if not self._queue.is_running:
            self._queue.folder = chosen[0]
            self._refresh()

    def _open_folder(self) -> None:
        folder = self._queue.folder
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.say(filled(self.tr("The folder {folder} could not be opened."), folder=str(folder)))


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets side by side; None takes the room that is left."""
    row = QHBoxLayout()
    row.setSpacing(theme.SPACE_SMALL)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
