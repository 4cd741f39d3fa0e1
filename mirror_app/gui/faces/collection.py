"""Room: gui. Joins the gallery and the wardrobe: what is done in one is shown by the other. No widgets of its own."""

from __future__ import annotations

from PySide6.QtCore import QObject

from mirror_app.gui.faces.face_dialogs import FaceDialogs
from mirror_app.gui.faces.gallery import Gallery
from mirror_app.gui.faces.wardrobe import Wardrobe


class Collection(QObject):
    """The user's faces as the window has them: to pick, star, delete and bring back."""

    def __init__(self, gallery: Gallery, wardrobe: Wardrobe, dialogs: FaceDialogs) -> None:
        super().__init__(gallery)
        self._gallery, self._wardrobe = gallery, wardrobe
        wardrobe.faces_changed.connect(self._show_faces)
        wardrobe.current_changed.connect(self._show_current)
        wardrobe.thumbnail_ready.connect(gallery.set_thumbnail)
        wardrobe.deleted.connect(gallery.undo_strip.say)
        gallery.picked.connect(wardrobe.pick)
        gallery.star_toggled.connect(wardrobe.toggle_favourite)
        gallery.thumbnails_wanted.connect(wardrobe.want_thumbnails)
        gallery.remove_requested.connect(wardrobe.remove)
        gallery.discard_requested.connect(dialogs.confirm_removal)
        gallery.undo_requested.connect(self.undo)
        gallery.add_requested.connect(dialogs.choose_photo)

    def undo(self) -> None:
        """Bring the face deleted last back."""
        self._gallery.undo_strip.hide()
        self._wardrobe.undo_removal()

    def toggle_star(self) -> None:
        """Give the current face a star, or take it away."""
        if self._wardrobe.has(self._wardrobe.current):
            self._wardrobe.toggle_favourite(self._wardrobe.current)

    def _show_faces(self) -> None:
        self._gallery.show_faces(self._wardrobe.tiles)
        self._show_current()

    def _show_current(self) -> None:
        self._gallery.set_current(self._wardrobe.current, loading=self._wardrobe.is_loading)
