"""Room: tools. System libraries that Python packages load but do not carry. Imports none of them."""

from __future__ import annotations

import re
from typing import Final

from mirror_app.domain.sentence import Sentence

_OPENCV: Final = ("libgl1", "libglib2.0-0")
_MULTIMEDIA: Final = ("libpulse0", "libdbus-1-3")
_WINDOW: Final = (
    "libegl1", "libgl1", "libxkbcommon0", "libxkbcommon-x11-0", "libfontconfig1", "libfreetype6", "libglib2.0-0",
    "libdbus-1-3", "libzstd1", "libx11-xcb1", "libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1",
    "libxcb-randr0", "libxcb-render-util0", "libxcb-shape0", "libxcb-shm0", "libxcb-sync1", "libxcb-util1",
    "libxcb-xfixes0", "libxcb-xkb1", "libxrandr2", "libxext6", "libwayland-cursor0",
)  # fmt: skip
"""Found by loading every library of the PySide6 wheel on a bare Debian 12."""


def explain(loader_message: str) -> Sentence | None:
    """Turn the dynamic loader's complaint into one sentence with the install command.

    Args:
        loader_message: Text of an ImportError, e.g. "libEGL.so.1: cannot open shared object file: No such file…".

    Returns:
        The sentence, or None when the message names no missing library. The loader names only the first missing one,
        so the command installs the whole family.
    """
    match = re.search(r"(lib[\w.+-]+?\.so[.\d]*): cannot open shared object file", loader_message)
    if match is None:
        return None
    name = match[1].rstrip(".")
    if "pulse" in name:
        packages: tuple[str, ...] = _MULTIMEDIA
    elif name.startswith(("libGL.", "libglib", "libgthread", "libgobject")):
        packages = _OPENCV
    else:
        packages = _WINDOW
    return Sentence(
        "The system library {name} is missing. On Debian and Ubuntu it comes with `{command}`.",
        name=name,
        command=f"sudo apt-get install {' '.join(packages)}",
    )
