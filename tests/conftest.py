"""Room: tests. What every test needs: no screen and no foreign Qt plugins before the first import of Qt, and time."""

from __future__ import annotations

import os

import cv2  # noqa: F401  # imported first on purpose: it points Qt at its own plugins, which do not fit PySide6
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LC_ALL"] = "C.UTF-8"  # the app speaks English, whatever the developer's computer speaks
for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
    os.environ.pop(name, None)

# A machine that is busy with other things is slow: no example fails for its time alone.
settings.register_profile("mirror", deadline=None)
settings.load_profile("mirror")
