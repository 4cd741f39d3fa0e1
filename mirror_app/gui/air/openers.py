"""Room: gui. Opens the ways out. Loads what each needs when it is asked for, and touches no widget."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from mirror_app.deliver.protocol import Output
from mirror_app.domain.errors import OutputError
from mirror_app.domain.frame import SafeFrame
from mirror_app.gui.air.kinds import OutputKind, Wish, size_of_kind
from mirror_app.gui.air.sound_desk import MicrophoneLike
from mirror_app.gui.air.window_feed import WindowFeed


def open_output(kind: OutputKind, wish: Wish, card: SafeFrame) -> Output:
    """Open a way out that shows its card.

    Args:
        kind: Which.
        wish: How.
        card: Of its size.

    Raises:
        MirrorError: It cannot be opened; the sentence says what to do.
    """
    return _OPENERS[kind](wish, card)


def _camera(wish: Wish, card: SafeFrame) -> Output:
    from mirror_app.deliver.virtual_camera import open_virtual_camera

    return open_virtual_camera(size_of_kind(OutputKind.CAMERA, wish), card)


def _recording(wish: Wish, card: SafeFrame) -> Output:
    from mirror_app.deliver.recorder import open_recorder

    return open_recorder(_new_file(wish.folder), wish.size_wh, card, wish.sound)


def _stream(wish: Wish, card: SafeFrame) -> Output:
    from mirror_app.deliver.stream_address import parse_address
    from mirror_app.deliver.streamer import open_streamer

    return open_streamer(parse_address(wish.server, wish.key), wish.size_wh, card, wish.sound)


def _new_file(folder: Path) -> Path:
    """A name that tells when it was begun, and that is not taken."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError("The folder {name} cannot be made: choose another one.", name=folder) from error
    stem = time.strftime("mirror-%Y%m%d-%H%M%S")
    names = (f"{stem}.mp4", *(f"{stem}-{number}.mp4" for number in range(2, 1000)))
    return next(path for name in names if not (path := folder / name).exists())


_OPENERS: dict[OutputKind, Callable[[Wish, SafeFrame], Output]] = {
    OutputKind.WINDOW: lambda _wish, card: WindowFeed(card),
    OutputKind.CAMERA: _camera,
    OutputKind.RECORDING: _recording,
    OutputKind.STREAM: _stream,
}


def open_microphone() -> MicrophoneLike:
    """The computer's microphones; loads QtMultimedia.

    Raises:
        ImportError: A system library is missing.
    """
    from mirror_app.gui.air.microphone import Microphone

    return Microphone()
