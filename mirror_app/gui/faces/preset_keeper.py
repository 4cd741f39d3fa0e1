"""Room: gui. Saves what is worn as presets and puts presets on. Paints nothing; files are touched beside the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractButton

from mirror_app.domain.errors import MirrorError
from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.faces.presets_panel import PresetsPanel
from mirror_app.gui.faces.wardrobe import Wardrobe
from mirror_app.gui.picture_panel import PicturePanel
from mirror_app.gui.translator import spoken
from mirror_app.gui.wording import filled
from mirror_app.settings import Settings
from mirror_app.targets.names import folded
from mirror_app.targets.presets import Preset, load_presets, save_presets, tidy_name, with_preset


class PresetKeeper(QObject):
    """Stands between the panel of presets and what they are made of: face, picture and flip."""

    notice = Signal(str)
    """A sentence for the user."""

    def __init__(
        self,
        panel: PresetsPanel,
        wardrobe: Wardrobe,
        picture: PicturePanel,
        flip: QAbstractButton,
        jobs: BackgroundJobs,
        presets_path: Callable[[], Path],
    ) -> None:
        """Join them; `open` reads the presets."""
        super().__init__(panel)
        self._panel, self._wardrobe, self._picture, self._flip = panel, wardrobe, picture, flip
        self._jobs, self._presets_path = jobs, presets_path
        self.presets: tuple[Preset, ...] = ()
        panel.save_requested.connect(self.save_as)
        panel.rows.apply_requested.connect(self.apply)
        # Later: the list is still closing the editor when it tells the new name.
        panel.rows.rename_requested.connect(self.rename, Qt.ConnectionType.QueuedConnection)
        panel.rows.delete_requested.connect(self.delete)
        wardrobe.faces_changed.connect(self._show)

    def open(self) -> None:
        """Read the presets, beside the window."""

        def show(presets: tuple[Preset, ...]) -> None:
            self.presets = presets
            self._show()

        self._jobs.submit(lambda: load_presets(self._presets_path()), show, self.notice.emit)

    def apply(self, row: int) -> None:
        """Wear a preset; when its face is gone that is said, and all else of it is used."""
        if not 0 <= row < len(self.presets):
            return
        preset = self.presets[row]
        with QSignalBlocker(self._picture):
            self._picture.likeness.setValue(round(preset.likeness * self._picture.likeness.maximum()))
            self._picture.joining.choose(preset.joining)
            self._picture.glasses.choose(preset.glasses)
            self._picture.keep(preset.kept)
        self._picture.changed.emit()
        self._flip.setChecked(preset.flip_preview)
        if self._wardrobe.has(preset.target):
            self._wardrobe.pick(preset.target)
            self.notice.emit(filled(self.tr("Preset: {name}"), name=preset.name))
        else:
            sentence = self.tr("The face of the preset {name} is gone. Its other choices are used.")
            self.notice.emit(filled(sentence, name=preset.name))

    def save_as(self, name: str) -> None:
        """Keep what is worn now under a name; a preset of that name is replaced."""
        worn = self._picture.remembered_in(Settings())
        try:
            preset = Preset(
                name=tidy_name(name),
                target=self._wardrobe.current,
                likeness=worn.likeness,
                joining=worn.joining,
                glasses=worn.glasses,
                kept=worn.kept,
                flip_preview=self._flip.isChecked(),
            )
            self._keep(with_preset(self.presets, preset))
        except MirrorError as error:
            self.notice.emit(spoken(error))
        else:
            self._panel.clear_name()

    def rename(self, row: int, name: str) -> None:
        """Give a preset another name; an empty one changes nothing, one that is taken is refused."""
        name, before = tidy_name(name), self.presets[row]
        others = self.presets[:row] + self.presets[row + 1 :]
        if not name or name == before.name:
            return
        if any(folded(one.name) == folded(name) for one in others):
            self.notice.emit(filled(self.tr("There is a preset called {name} already."), name=name))
            return
        self._keep((*self.presets[:row], replace(before, name=name), *self.presets[row + 1 :]))

    def delete(self, row: int) -> None:
        """Delete a preset; the face stays."""
        self._keep(self.presets[:row] + self.presets[row + 1 :])

    def _keep(self, presets: tuple[Preset, ...]) -> None:
        self.presets = presets
        self._show()
        self._jobs.submit(lambda: save_presets(self._presets_path(), presets), lambda _done: None, self.notice.emit)

    def _show(self) -> None:
        rows = []
        for preset in self.presets:
            face = self._wardrobe.title(preset.target) or self.tr("Its face is gone")
            about = filled(self.tr("{face} · likeness {percent}"), face=face, percent=f"{preset.likeness:.0%}")
            rows.append((preset.name, about))
        self._panel.show_presets(rows)
