"""Room: gui. What the window is given by the composition root. Data only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSettings

from mirror_app.gui.air.kinds import Opener
from mirror_app.gui.air.openers import open_microphone, open_output
from mirror_app.gui.air.sound_desk import MicrophoneLike
from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.camera.inputs import Inputs
from mirror_app.gui.faces.wardrobe import Wardrobe
from mirror_app.gui.live_worker import LiveWorker, Mirror
from mirror_app.gui.settings.desk import Answers
from mirror_app.settings import Settings


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What the window shows and steers; the composition root makes it.

    Attributes:
        worker: Turns frames into results.
        inputs: The cameras.
        wardrobe: The target faces.
        jobs: Work beside the window.
        settings: What is remembered from the last time.
        save_settings: Writes what is to be remembered.
        window_state: Where the window's place on the screen is kept.
        pictures_dir: Gives the folder for screenshots.
        presets_path: Gives the file of presets.
        label_log: Gives the file in which it is noted that the mark was turned off.
        answers: What the settings' pages ask for.
        open_mirror: Loads the mirror that some settings ask for; called in the background.
        open_output: Opens a way out; called in the background.
        open_microphone: Finds the microphones; called when one is first asked for.
        camera_problem: A sentence when this computer's cameras cannot be used at all, else "".
    """

    worker: LiveWorker
    inputs: Inputs
    wardrobe: Wardrobe
    jobs: BackgroundJobs
    settings: Settings
    save_settings: Callable[[Settings], None]
    window_state: QSettings
    pictures_dir: Callable[[], Path]
    presets_path: Callable[[], Path]
    label_log: Callable[[], Path]
    answers: Answers
    open_mirror: Callable[[Settings], Mirror]
    open_output: Opener = open_output
    open_microphone: Callable[[], MicrophoneLike] = open_microphone
    camera_problem: str = ""
