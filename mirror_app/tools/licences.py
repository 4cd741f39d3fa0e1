"""Room: tools. Whose work the app carries, and under which licence. Reads package metadata only; no Qt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

_OWN: Final = "mirror-app"
_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
_LICENCE_FILE: Final = re.compile(r"(licen[cs]e|copying|notice|credits)", re.IGNORECASE)
_MOST_CHARACTERS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Licence:
    """A package or a set of files, and its licence.

    Attributes:
        name: E.g. "numpy 2.1.0".
        licence: Its licence's name in short, as the package says; "" when it does not.
        text: The licence's text, cut where it is endless; "" when the package brings none.
    """

    name: str
    licence: str
    text: str


def licences(assets: Path) -> list[Licence]:
    """The app's own, those of its models and pictures, and those of every installed package it needs."""
    own = [Licence("Mirror", "Apache-2.0", _package_text(_OWN))]
    files = sorted(file for file in assets.glob("*/*") if _LICENCE_FILE.search(file.name) and file.is_file())
    carried = [Licence(f"{file.parent.name}/{file.name}", "", _read(file)) for file in files]
    return own + carried + [_of_package(name) for name in sorted(_needed(_OWN), key=str.lower)]


def _needed(root: str) -> set[str]:
    """Names of the installed packages that a package needs, directly or not."""
    found: set[str] = set()
    waiting = [root]
    while waiting:
        for name in _requirements(waiting.pop()):
            if name.lower() not in {one.lower() for one in found} and _is_installed(name):
                found.add(name)
                waiting.append(name)
    return found


def _requirements(name: str) -> Iterator[str]:
    try:
        lines: Iterable[str] = metadata.requires(name) or ()
    except metadata.PackageNotFoundError:
        return
    for line in lines:
        match = _NAME.match(line)
        if match and "extra ==" not in line:
            yield match[0]


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _of_package(name: str) -> Licence:
    about = metadata.metadata(name)
    said = [
        line.strip() for key in ("License-Expression", "License") for line in about.get_all(key) or [] if line.strip()
    ]
    short = said[0].splitlines()[0][:60] if said else _from_classifiers(about.get_all("Classifier") or [])
    return Licence(f"{about['Name']} {about['Version']}", short, _package_text(name))


def _from_classifiers(classifiers: list[str]) -> str:
    return ", ".join(line.rsplit("::", 1)[-1].strip() for line in classifiers if line.startswith("License ::"))


def _package_text(name: str) -> str:
    try:
        files = metadata.files(name) or []
    except metadata.PackageNotFoundError:
        return ""
    texts = [
        _read(Path(str(file.locate()))) for file in files if _LICENCE_FILE.search(file.name) and file.suffix != ".py"
    ]
    return "\n\n".join(text for text in texts if text)[:_MOST_CHARACTERS]


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")[:_MOST_CHARACTERS]
    except OSError:
        return ""
