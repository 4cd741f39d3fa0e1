"""Room: tools. Looks at this computer and this installation, and says what to do where something is wrong. No Qt."""

from __future__ import annotations

import hashlib
import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mirror_app.domain.errors import MirrorError
from mirror_app.domain.sentence import Sentence
from mirror_app.runtime.child import ask_child, ask_child_by_name
from mirror_app.tools.doctor_models import own_models, users_store, who_is_who
from mirror_app.tools.doctor_nvidia import Driver, ask_driver, cuda_finding, tensorrt_findings, tensorrt_version
from mirror_app.tools.doctor_plans import memory_findings, plan_findings
from mirror_app.tools.doctor_virtual_camera import virtual_camera_finding
from mirror_app.tools.finding import Finding, Health
from mirror_app.tools.system_libraries import explain

if TYPE_CHECKING:
    from mirror_app.runtime.models import ModelStore

Probe = Callable[[], list[str]]
"""A module-level function that names what it found; called in a child process, which it may end with a sentence."""

_LEAST_PYTHON: Final = (3, 11)
_LIBRARIES: Final = {
    "numpy": ("numpy",),
    "cv2": ("opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless"),
    "onnxruntime": ("onnxruntime-gpu", "onnxruntime"),
    "av": ("av",),
    "onnx": ("onnx",),
    "PySide6.QtWidgets": ("PySide6_Addons", "PySide6"),
    "PySide6.QtMultimedia": ("PySide6_Addons", "PySide6"),
}
"""What is imported, and the packages that bring it."""
_ONE_OF: Final = (_LIBRARIES["cv2"], _LIBRARIES["onnxruntime"])
"""Packages that write into the same folder: the one installed last wins, and removing one breaks the other."""
_PROVIDERS: Final = "mirror_app.runtime.providers"
"""Not imported here: doctor must run where ONNX Runtime, OpenCV or Qt cannot be imported."""
_CPU: Final = "CPUExecutionProvider"
_CUDA: Final = "CUDAExecutionProvider"
_ORT_TENSORRT: Final = "TensorrtExecutionProvider"
_PROBE_MODEL: Final = "face_detection_short_range.onnx"
_DIGEST: Final = re.compile(r"`([\w.-]+\.onnx)` *\| *`([0-9a-f]{64})`")
_LEAST_FREE_BYTES: Final = 500 * 2**20


def examine(
    assets: Path,
    user_targets: Path,
    probe_cameras: Probe,
    probe_display: Probe,
    open_models: Callable[[], ModelStore] = users_store,
) -> Iterator[Finding]:
    """Look at everything, one finding after the other.

    Args:
        assets: Folder of models and built-in faces.
        user_targets: Folder of the user's faces.
        probe_cameras: Names the cameras.
        probe_display: Names the screens.
        open_models: Opens the store of the user's models.
    """
    yield _python()
    yield from (_library(module, packages) for module, packages in _LIBRARIES.items())
    yield from _clashes()
    yield from _models(assets / "models")
    driver = ask_driver(ask_child_by_name)
    yield driver.finding
    yield from _providers(assets / "models" / _PROBE_MODEL, driver)
    yield from own_models(open_models)
    yield from who_is_who(open_models)
    yield from _tensorrt(driver, open_models)
    yield _faces(assets / "targets", user_targets)
    yield _devices(
        Sentence("Cameras"),
        probe_cameras,
        Sentence("no camera"),
        Sentence("Plug one in; until then the demo camera takes its place."),
    )
    yield _devices(
        Sentence("Display"),
        probe_display,
        Sentence("no screen"),
        Sentence("The window needs one; render and bench work without."),
    )
    yield virtual_camera_finding(ask_child_by_name)
    yield _disk(user_targets)


def is_usable(findings: Iterable[Finding]) -> bool:
    """Whether nothing found stops the mirror."""
    return all(finding.health is not Health.PROBLEM for finding in findings)


def import_module(name: str) -> list[str]:
    """Import a module; for a child process."""
    __import__(name)
    return []


def _python() -> Finding:
    version = Sentence(
        "{version} on {system}",
        version=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
    )
    if sys.version_info >= _LEAST_PYTHON:
        return Finding("Python", Health.OK, version)
    return Finding("Python", Health.PROBLEM, version, Sentence("Install Python 3.11 or newer."))


def _library(module: str, packages: tuple[str, ...]) -> Finding:
    installed = _installed(packages)
    if not installed:
        cure = Sentence("Run `{command}`, or install mirror-app again.", command=f"pip install {packages[0]}")
        return Finding(module, Health.PROBLEM, Sentence("not installed"), cure)
    trouble = ask_child(import_module, module).trouble
    if not trouble:
        return Finding(module, Health.OK, ", ".join(installed))
    cure = explain(trouble) or Sentence("Run `{command}`.", command=f"pip install --force-reinstall {packages[0]}")
    return Finding(module, Health.PROBLEM, trouble, cure)


def _clashes() -> Iterator[Finding]:
    for packages in _ONE_OF:
        installed = [name for name in packages if _installed((name,))]
        if len(installed) > 1:
            detail = Sentence("{packages} overwrite each other", packages=", ".join(installed))
            cure = Sentence(
                "Run `{first}`, then `{second}`.",
                first=f"pip uninstall {' '.join(installed)}",
                second=f"pip install {packages[0]}",
            )
            yield Finding(Sentence("Packages"), Health.PROBLEM, detail, cure)


def _models(folder: Path) -> Iterator[Finding]:
    """Compare the networks with the digests that stand in the folder's README."""
    subject, cure = Sentence("Networks"), Sentence("Install mirror-app again.")
    try:
        digests = dict(_DIGEST.findall((folder / "README.md").read_text(encoding="utf-8")))
    except OSError:
        digests = {}
    if not digests:
        yield Finding(subject, Health.PROBLEM, Sentence("{folder} is missing or incomplete", folder=folder), cure)
        return
    wrong = [name for name, digest in digests.items() if _sha256(folder / name) != digest]
    if wrong:
        detail = Sentence("missing or damaged: {names}", names=", ".join(wrong))
        yield Finding(subject, Health.PROBLEM, detail, cure)
    else:
        yield Finding(subject, Health.OK, Sentence("{count} files, digests right", count=len(digests)))


def _tensorrt(driver: Driver, open_models: Callable[[], ModelStore]) -> Iterator[Finding]:
    found = list(tensorrt_findings(ask_child_by_name, driver))
    yield from found
    version = tensorrt_version(found)
    if version and driver.card:
        yield from plan_findings(open_models, driver.card, version)
        yield from memory_findings(ask_child_by_name, open_models, driver.card.name)


def _providers(model: Path, driver: Driver) -> Iterator[Finding]:
    listed = ask_child_by_name(_PROVIDERS, "listed_providers")
    for name in listed.lines or (_CPU,):
        # mirror-app goes to TensorRT by itself; a driver that is broken would hang or end the next child as well.
        if name == _ORT_TENSORRT or (name == _CUDA and driver.is_broken):
            continue
        answer = ask_child_by_name(_PROVIDERS, "try_provider", name, str(model))
        if name in answer.lines:
            yield Finding(name, Health.OK, Sentence("runs a network"))
        elif name == _CPU:
            cure = Sentence(
                "Run `{command}`, or install mirror-app again.", command="pip install --force-reinstall onnxruntime"
            )
            yield Finding(name, Health.PROBLEM, answer.trouble or listed.trouble or Sentence("cannot be used"), cure)
        elif name == _CUDA:
            yield cuda_finding(name, ask_child_by_name, driver)
        else:
            yield Finding(
                name,
                Health.NOTE,
                Sentence("not usable on this computer"),
                Sentence("Nothing to do: the CPU is enough."),
            )


def _faces(builtin: Path, user: Path) -> Finding:
    subject = Sentence("Target faces")
    try:
        # Imported here for the same reason as above: it loads OpenCV.
        from mirror_app.targets.library import TargetLibrary

        library = TargetLibrary(builtin, user)
        records = library.records()
        missing = [record.name for record in records if not record.image_path.is_file()]
        damaged = [str(folder) for folder in library.damaged()]
    except ImportError as error:
        detail = Sentence("cannot be read: {why}", why=error)
        return Finding(subject, Health.PROBLEM, detail, Sentence("See the libraries above."))
    except MirrorError as error:
        return Finding(subject, Health.PROBLEM, error.sentence)
    if missing:
        detail = Sentence("no picture for {names}", names=", ".join(missing))
        return Finding(subject, Health.PROBLEM, detail, Sentence("Install mirror-app again."))
    if damaged:
        detail = Sentence("damaged: {folders}", folders=", ".join(damaged))
        return Finding(subject, Health.NOTE, detail, Sentence("Delete it and add the photo again."))
    own = sum(not record.builtin for record in records)
    detail = Sentence("{builtin} built in, {own} of your own", builtin=len(records) - own, own=own)
    return Finding(subject, Health.OK, detail)


def _devices(subject: str, probe: Probe, nothing: str, cure: str) -> Finding:
    answer = ask_child(probe)
    if answer.lines:
        return Finding(subject, Health.OK, ", ".join(answer.lines))
    return Finding(subject, Health.NOTE, answer.trouble or nothing, explain(answer.trouble) or cure)


def _disk(folder: Path) -> Finding:
    home = next(parent for parent in (folder, *folder.parents) if parent.is_dir())
    free = shutil.disk_usage(home).free
    detail = Sentence("{free} GB free in {folder}", free=f"{free / 2**30:.1f}", folder=home)
    if free >= _LEAST_FREE_BYTES:
        return Finding(Sentence("Disk"), Health.OK, detail)
    return Finding(Sentence("Disk"), Health.NOTE, detail, Sentence("Free some space before you render or add faces."))


def _installed(packages: Iterable[str]) -> list[str]:
    """Name and version of those packages that are installed."""
    found = []
    for name in packages:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return found


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
