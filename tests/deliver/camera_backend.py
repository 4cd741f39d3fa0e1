"""Room: tests. A backend of pyvirtualcam that is no driver: it writes down what it gets. Runs in the camera's process.

Where pyvirtualcam is not installed, the normal case as it is GPL-2.0, a stand-in with the same calls takes its place.
Files in the folder that the environment names tell the backend to misbehave.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
import types
import zlib
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mirror_app.deliver import virtual_camera_process

FOLDER = "MIRROR_TEST_CAMERA"
"""The environment variable that names the folder."""
OPENING, SENDING = "opening", "sending"
"""Files that hold a deed: what to do when the camera is opened, or when it gets its next picture."""


@dataclass(frozen=True, slots=True)
class Received:
    """One picture: when it came, and what it was."""

    at_ns: int
    digest: int


class Stage:
    """The backend seen from the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def misbehave(self, when: str, deed: str) -> None:
        (self.folder / when).write_text(deed, encoding="utf-8")

    def behave(self, when: str) -> None:
        (self.folder / when).unlink()

    def opened(self) -> list[str]:
        """The process, size, rate and format of every time that it was opened."""
        return self._lines("opened")

    def pids(self) -> list[int]:
        return [int(line.split()[0]) for line in self.opened()]

    def closed(self) -> int:
        return len(self._lines("closed"))

    def received(self) -> list[Received]:
        """All pictures so far, in the order in which they came."""
        return [Received(*map(int, line.split())) for line in self._lines("received")]

    def _lines(self, name: str) -> list[str]:
        with contextlib.suppress(FileNotFoundError):
            # The last line may not be whole yet.
            return (self.folder / name).read_text(encoding="utf-8").rpartition("\n")[0].splitlines()
        return []


class Backend:
    """What pyvirtualcam calls."""

    def __init__(self, *, width: int, height: int, fps: float, fourcc: int, **_: object) -> None:
        self.folder = Path(os.environ[FOLDER])
        self._do(OPENING)
        form = fourcc.to_bytes(4, "little").decode()
        with (self.folder / "opened").open("a") as opened:
            opened.write(f"{os.getpid()} {width}x{height} {fps:g} {form}\n")
        self.received = (self.folder / "received").open("a", buffering=1)

    def send(self, frame: NDArray[np.uint8]) -> None:
        at_ns, digest = time.monotonic_ns(), zlib.crc32(frame.data)
        self._do(SENDING)
        # A driver may take its time: the picture must not change under its hands.
        is_same = zlib.crc32(frame.data) == digest
        self.received.write(f"{at_ns} {digest if is_same else -1}\n")

    def close(self) -> None:
        with (self.folder / "closed").open("a") as closed:
            closed.write("closed\n")

    def device(self) -> str:
        return "a device for tests"

    def native_fourcc(self) -> None:
        """None: it converts nothing."""

    def _do(self, when: str) -> None:
        try:
            deed = (self.folder / when).read_text(encoding="utf-8")
        except FileNotFoundError:
            return
        if deed == "hang":
            time.sleep(3600)
        elif deed == "dwell":
            time.sleep(0.01)
        elif deed == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        elif deed == "print":
            os.write(1, b"a driver says hello\n" * 1000 + b"and does not end its line")
            os.write(2, b"a driver complains\n" * 1000)
            sys.stdout.write("so does a library\n")
        else:
            raise RuntimeError(deed)


def serve(word: str, width: str, height: str) -> None:
    """The camera's process with this backend, and with less patience, so that a test need not wait for long."""
    install()
    virtual_camera_process.serve(word, width, height, stuck_s=2)


def serve_nothing(word: str, width: str, height: str) -> None:
    """The camera's process where pyvirtualcam is not installed."""
    sys.modules["pyvirtualcam"] = None  # type: ignore[assignment]
    virtual_camera_process.serve(word, width, height)


def install() -> str:
    """Make it the only backend; the version of pyvirtualcam, "stand-in" where there is none."""
    try:
        import pyvirtualcam
    except ImportError:
        sys.modules["pyvirtualcam"] = _stand_in()
        return "stand-in"
    pyvirtualcam.camera.BACKENDS.clear()
    pyvirtualcam.register_backend("test", Backend)
    return str(pyvirtualcam.__version__)


class PixelFormat(Enum):
    """As in pyvirtualcam."""

    RGB = "raw "
    BGR = "24BG"


class Camera:
    """As in pyvirtualcam, with the one backend."""

    def __init__(self, width: int, height: int, fps: float, *, fmt: PixelFormat = PixelFormat.RGB) -> None:
        fourcc = int.from_bytes(fmt.value.encode(), "little")
        self._shape = height, width, 3
        try:
            self._backend = Backend(width=width, height=height, fps=fps, fourcc=fourcc, device=None)
        except Exception as error:
            raise RuntimeError(f"'test' backend: {error}") from error

    @property
    def device(self) -> str:
        return self._backend.device()

    def send(self, frame: NDArray[np.uint8]) -> None:
        if frame.shape != self._shape or frame.dtype != np.uint8:
            raise ValueError(f"unexpected frame: {frame.shape} {frame.dtype}")
        self._backend.send(frame.reshape(-1))

    def close(self) -> None:
        self._backend.close()


def _stand_in() -> types.ModuleType:
    module: Any = types.ModuleType("pyvirtualcam")
    module.Camera, module.PixelFormat = Camera, PixelFormat
    return module  # type: ignore[no-any-return]
