"""Makes the README's pictures with the app itself: `uv run python assets/pictures/make.py`. Needs no display."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from av.filter import Graph
from av.video.format import VideoFormat
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from mirror_app.app import build_window, forget_opencv_paths
from mirror_app.capture.demo import DemoCamera
from mirror_app.capture.demo_look import LOOKS
from mirror_app.cli.target_option import choose_target
from mirror_app.gui.live_worker import LiveWorker
from mirror_app.gui.main_window import MainWindow
from mirror_app.gui.theme import DARK, apply_theme
from mirror_app.imaging.resample import reduced
from mirror_app.pipeline.assembly import open_mirror
from mirror_app.pipeline.result import MirrorControls
from mirror_app.settings import Settings

HERE, QUALITY, WH = Path(__file__).parent, 90, (480, 270)
SIX: Final = ("starry-oils", "tiger", "monkey-king", "sugar-skull", "porcelain", "comic")
THREE: Final = ("monkey-king", "starry-oils", "galaxy")
TURN: Final = 40
"""Frames of the moving picture, at 30 a second, for which each face is worn; one in three is kept."""
CLIPS: Final = {"Birthday.avi": "plain", "Interview.avi": "beard", "Reading.avi": "fringe", "Poem.avi": "dark skin"}


def main() -> None:
    """Make all of them; settings and results of the windows go to a folder that vanishes."""
    cv2.setNumThreads(1)
    forget_opencv_paths()
    make_faces()
    make_moving()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ |= {"XDG_CONFIG_HOME": scratch, "XDG_DATA_HOME": scratch, "QT_QPA_PLATFORM": "offscreen"}
        os.chdir(scratch)
        make_windows()


def make_faces() -> None:
    """Six faces side by side, each after the second in which light and shape settle."""
    camera, mirror, tiles = DemoCamera(), open_mirror(), []
    for number, name in enumerate(SIX):
        mirror.controls = MirrorControls(target=choose_target(name, None).face)
        for index in range(40 + 12 * number, 75 + 12 * number):
            result = mirror.process(camera.frame_at(index).frame)
        tiles.append(reduced(result.safe.image_bgr, WH))
    cv2.imwrite(str(HERE / "faces.jpg"), np.vstack([np.hstack(tiles[:3]), np.hstack(tiles[3:])]))


def make_moving() -> None:
    """Three faces one after the other; in the middle of the first one's time the end meets the beginning."""
    camera, mirror, rate = DemoCamera(), open_mirror(), Fraction(10)
    faces = [choose_target(name, None).face for name in (*THREE, THREE[0])]
    painter = palette_painter(rate)
    for index in range(TURN * len(faces) - TURN // 2):
        mirror.controls = MirrorControls(target=faces[index // TURN])
        result = mirror.process(camera.frame_at(index).frame)
        if index >= TURN // 2 and index % 3 == 0:
            frame = av.VideoFrame.from_ndarray(reduced(result.safe.image_bgr, WH), "bgr24")
            frame.pts, frame.time_base = index // 3, 1 / rate
            painter.push(frame)
    painter.push(None)
    with av.open(HERE / "moving.gif", "w") as file:
        stream = file.add_stream("gif", rate=rate, width=WH[0], height=WH[1], pix_fmt="pal8")
        for _ in range(TURN):
            file.mux(stream.encode(painter.vpull()))
        file.mux(stream.encode(None))


def palette_painter(rate: Fraction) -> Graph:
    """Takes all pictures, then gives them in the 256 colours that suit them best."""
    graph = Graph()
    split, palette, sink = graph.add("split"), graph.add("palettegen"), graph.add("buffersink")
    painted = graph.add("paletteuse", "dither=bayer:bayer_scale=4")
    graph.add_buffer(width=WH[0], height=WH[1], format=VideoFormat("bgr24"), time_base=1 / rate).link_to(split)
    split.link_to(painted)
    split.link_to(palette, 1)
    palette.link_to(painted, 0, 1)
    painted.link_to(sink)
    graph.configure()
    return graph


def make_windows() -> None:
    """The window as it looks in use, its timing, and the window for files in the middle of its work."""
    apply_theme(QApplication([]), DARK)
    worker = LiveWorker(open_mirror)
    window = build_window(worker, Settings(target=SIX[0], welcomed=True, favourites=("tiger", "comic")))
    window.show()
    window.start()
    live(passed(15))
    window.grab().save(str(HERE / "window.jpg"), quality=QUALITY)
    window.stats.toggle()
    live(passed(11))
    window.stats.grab().save(str(HERE / "timing.png"))
    make_files_window(window)
    window.close()
    worker.wait()


def make_files_window(window: MainWindow) -> None:
    """Files at work: some are done, one is half done; the demo camera has another look in each."""
    for name, look in CLIPS.items():
        camera = DemoCamera((640, 360), look=LOOKS[look])
        writer = cv2.VideoWriter(name, cv2.VideoWriter.fourcc(*"MJPG"), 30, (640, 360))
        for index in range(90):
            writer.write(camera.frame_at(index).frame.image_bgr)
        writer.release()
    queue = window.batch.queue
    queue.folder = Path("Videos", "Mirror")
    window.batch.take([Path(name) for name in CLIPS])
    live(lambda: len(queue.model.rows) == len(CLIPS))
    files = window.batch.opened
    assert files is not None
    files.go.click()
    live(lambda: (queue.model.rows[2].part or 0) > 0.4)
    files.grab().save(str(HERE / "files.jpg"), quality=QUALITY)


def live(until: Callable[[], bool]) -> None:
    """Let the windows live until something has happened."""
    while not until():
        loop = QEventLoop()
        QTimer.singleShot(50, loop.quit)
        loop.exec()


def passed(seconds: float) -> Callable[[], bool]:
    """Whether so much time has passed since now."""
    end_s = time.monotonic() + seconds
    return lambda: time.monotonic() > end_s


if __name__ == "__main__":
    main()
