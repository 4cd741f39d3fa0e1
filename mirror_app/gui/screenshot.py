"""Room: gui. A picture of the mirror as a file: only what may leave the app. Knows no widgets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mirror_app.domain.errors import NotSafeError
from mirror_app.domain.frame import SafeFrame
from mirror_app.gui.new_file import new_file
from mirror_app.gui.wording import reason_of
from mirror_app.pipeline.result import MirrorResult, MirrorState


def safe_picture(result: MirrorResult | None) -> SafeFrame:
    """What a screenshot may show.

    Raises:
        NotSafeError: The newest frame could show the real face, or there is none; the message says which.
    """
    if result is None:
        raise NotSafeError("No screenshot was saved. There is no picture yet.")
    if result.state is not MirrorState.LIVE:
        raise NotSafeError("No screenshot was saved. {why}.", why=reason_of(result).rstrip(".。"))
    return result.safe


def save_picture(picture: SafeFrame, folder: Callable[[], Path]) -> Path:
    """Write a picture under a new name made from the time; called off the window's thread.

    Args:
        picture: What may leave.
        folder: See `new_file`.

    Raises:
        OutputError: The folder cannot be written to.
    """
    # Imported here because it loads cv2, which would keep the window from showing for half a second.
    from mirror_app.imaging.files import write_image

    path = new_file(folder, "mirror", ".png")
    write_image(path, picture.image_bgr)
    return path
