"""Room: gui. What each action of the window does, by its name in `actions`. A table and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from mirror_app.gui.keys.actions import NUMBERED

if TYPE_CHECKING:
    from mirror_app.gui.main_window import MainWindow

IN_MENU: Final = (
    ("split", "full_screen", "compact"),
    ("boxes", "next_person"),
    ("outputs", "monitor"),
    ("camera", "pause", "stats"),
    ("presets", "batch"),
    ("settings", "help", "quit"),
)
"""What the menu offers, in groups."""


def deeds_of(window: MainWindow) -> dict[str, Callable[[], object]]:
    """From each action's name to what it does."""
    controls, gallery = window.controls, window.gallery
    return {
        "panic": window.shield.toggle,
        "live": window.air.toggle,
        "outputs": window.air.panel.toggle,
        "monitor": window.air.toggle_monitor,
        "swap": controls.swap.toggle,
        "split": window.preview.toggle_split,
        "picture": window.picture.toggle,
        "boxes": window.picture.boxes.toggle,
        "watermark": controls.watermark.toggle,
        "screenshot": window.screenshots.take,
        **{f"face_{number}": partial(gallery.pick_number, number) for number in NUMBERED},
        "next_face": partial(gallery.pick_neighbour, 1),
        "previous_face": partial(gallery.pick_neighbour, -1),
        "find_face": gallery.start_search,
        "favourite": window.collection.toggle_star,
        "presets": window.presets.toggle,
        **{f"preset_{number}": partial(window.preset_keeper.apply, number - 1) for number in NUMBERED},
        "next_person": window.people.open_next,
        **{f"person_{number}": partial(window.people.open_person, number) for number in NUMBERED},
        "add_photo": window.faces.choose_photo,
        "undo": window.collection.undo,
        "camera": window.camera.toggle,
        "pause": window.toggle_pause,
        "flip": controls.flip.toggle,
        "full_screen": window.full_screen.toggle,
        "compact": window.compact.toggle,
        "stats": window.stats.toggle,
        "batch": window.batch.open,
        "settings": window.settings.open,
        "quit": window.close,
    }
