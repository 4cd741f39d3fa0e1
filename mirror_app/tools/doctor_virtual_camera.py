"""Room: tools. Doctor's look at what the virtual camera needs: package, driver, device, right to use it.

The mirror runs without, so nothing here is a problem; where a part is missing it is a note with its cure.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mirror_app.deliver.virtual_camera_help import INSTALL_DRIVER, JOIN_GROUP, LOAD_DRIVER, explain
from mirror_app.deliver.virtual_camera_words import BROKEN, CAMERA_SIZE, ENDED, MISSING, OPEN
from mirror_app.domain.sentence import Sentence
from mirror_app.tools.doctor_nvidia import Ask
from mirror_app.tools.finding import Finding, Health

_SUBJECT: Final = Sentence("Virtual camera")
_PROCESS: Final = "mirror_app.deliver.virtual_camera_process"
"""Not imported here: doctor must run where numpy cannot be imported."""
_DEVICES: Final = Path("sys/devices/virtual/video4linux")
"""Where Linux lists cameras that are no hardware, under the root."""
_LOADED: Final = Path("sys/module/v4l2loopback")
_CAPS: Final = _LOADED / "parameters" / "exclusive_caps"
_MODULES: Final = Path("lib/modules")
_LOAD: Final = Sentence("Run `{command}`.", command=LOAD_DRIVER)


def virtual_camera_finding(ask: Ask, *, system: str | None = None, root: Path = Path("/")) -> Finding:
    """Look at package, driver and device.

    Args:
        ask: Calls a function in a child: a driver may crash or hang there.
        system: "Linux", "Windows" or "Darwin"; this one when None.
        root: Of the file system.
    """
    trouble = ask("mirror_app.tools.doctor", "import_module", "pyvirtualcam").trouble
    if trouble:
        is_missing = trouble.startswith("ModuleNotFoundError") and "'pyvirtualcam'" in trouble
        what = MISSING if is_missing else BROKEN
        detail = Sentence("not installed") if is_missing else Sentence("not usable on this computer")
        return _note(detail, explain(what, trouble).sentence)
    if (system or platform.system()) == "Linux":
        return _on_linux(root)
    answer = ask(_PROCESS, "try_camera", *map(str, CAMERA_SIZE))
    what, said = answer.lines if answer.lines else (ENDED, answer.trouble)
    if what == OPEN:
        return Finding(_SUBJECT, Health.OK, said)
    return _note(Sentence("not usable on this computer"), explain(what, said, system).sentence)


def _on_linux(root: Path) -> Finding:
    """Opening a device would take it from a program that uses it: what Linux says of it is enough."""
    devices = dict(_loopback_devices(root))
    if not devices:
        if _has_driver(root):
            return _note(Sentence("the driver v4l2loopback is installed, but makes no device"), _LOAD)
        cure = Sentence("Run `{first}`, then `{second}`.", first=INSTALL_DRIVER, second=LOAD_DRIVER)
        return _note(Sentence("the driver v4l2loopback is not installed"), cure)
    usable = {path: name for path, name in devices.items() if os.access(path, os.W_OK)}
    if not usable:
        detail = Sentence("you may not write to {device}", device=", ".join(map(str, devices)))
        return _note(detail, Sentence("Run `{command}`, then log out and in again.", command=JOIN_GROUP))
    detail = Sentence("{name} at {device}", name=next(iter(usable.values())), device=next(iter(usable)))
    if _text(root / _CAPS).startswith("N"):
        cure = Sentence(
            "Some programs will not list it. Run `{first}`, then `{second}`.",
            first="sudo modprobe -r v4l2loopback",
            second=LOAD_DRIVER,
        )
        return _note(detail, cure)
    return Finding(_SUBJECT, Health.OK, detail)


def _loopback_devices(root: Path) -> Iterator[tuple[Path, str]]:
    """Their paths and names, those with low numbers first: pyvirtualcam takes the first."""
    folders = (root / _DEVICES).glob("video*")
    for folder in sorted(folders, key=lambda one: (len(one.name), one.name)):
        yield root / "dev" / folder.name, _text(folder / "name")


def _has_driver(root: Path) -> bool:
    modules = root / _MODULES / platform.release()
    return (root / _LOADED).is_dir() or any(modules.rglob("v4l2loopback.ko*"))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _note(detail: str, cure: str) -> Finding:
    return Finding(_SUBJECT, Health.NOTE, detail, cure)
