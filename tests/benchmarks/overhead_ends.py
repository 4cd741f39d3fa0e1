"""Room: tests. What a frame costs before and after the mirror's own work, on the processor: `python -m` this module.

These and "whole frame" of `overhead` are the figures under `[[host]]` in assets/models/paper.toml. One thread.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from mirror_app.capture.pixel_layout import PixelLayout
from mirror_app.capture.planes import planes_to_bgr
from mirror_app.domain.frame import Frame
from mirror_app.faces.mesh import MODEL_FILE
from mirror_app.gui.views.preview_painter import PreviewPainter
from mirror_app.resources import assets_dir
from mirror_app.runtime.ort import OrtCpuBackend
from tests.benchmarks.overhead_measures import Times, times_of
from tests.benchmarks.overhead_parts import SCENES, Scene, pictures_of
from tests.fakes import result_of

_ROUNDS: Final = 150
_WINDOW_WH: Final = (1280, 720)


def main() -> None:
    """Measure and print."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    cv2.setNumThreads(1)
    application = QGuiApplication([])
    for name, scene in SCENES.items():
        for what, times in _rows(scene):
            sys.stdout.write(f"{what}, {name}: least {times.least:.2f}, p50 {times.p50:.2f}, p99 {times.p99:.2f} ms\n")
    del application


def _rows(scene: Scene) -> Iterator[tuple[str, Times]]:
    image = pictures_of(scene)[0]
    width, height = scene.frame_wh
    packed = np.random.default_rng(0).integers(0, 256, (height, 2 * width), np.uint8)
    yield (
        "decode YUYV",
        times_of(lambda _: planes_to_bgr(PixelLayout.YUYV, [packed], scene.frame_wh, full_range=False), _ROUNDS),
    )
    network = OrtCpuBackend(assets_dir() / "models" / MODEL_FILE)
    feeds = {spec.name: np.zeros(spec.shape, np.float32) for spec in network.inputs}
    yield "mesh network", times_of(lambda _: network.run(feeds), _ROUNDS)
    result, painter = result_of(Frame(image, 0, 0)), PreviewPainter()
    window = QImage(*_WINDOW_WH, QImage.Format.Format_RGB32)

    def paint(_: int) -> None:
        pen = QPainter(window)
        pen.drawImage(0, 0, painter.picture(result, _WINDOW_WH, flip=True, bare=0.0))
        pen.end()

    yield "paint into 1280x720", times_of(paint, _ROUNDS)


if __name__ == "__main__":
    main()
