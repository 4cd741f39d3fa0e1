"""Room: resources. Where files live, in a source checkout and when installed. Opens none of them."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_APP = "mirror-app"
_PACKAGE = Path(__file__).resolve().parent


def assets_dir() -> Path:
    """The folder of shipped models and faces: inside the package when installed, beside it in a checkout."""
    installed = _PACKAGE / "assets"
    return installed if installed.is_dir() else _PACKAGE.parent / "assets"


def user_targets_dir() -> Path:
    """The user's own target faces; made with mode 0700 when it is missing."""
    return _private(Path(platformdirs.user_data_dir(_APP, appauthor=False)) / "targets")


def settings_path() -> Path:
    """The settings file; its folder is made with mode 0700 when it is missing."""
    return _private(Path(platformdirs.user_config_dir(_APP, appauthor=False))) / "settings.toml"


def pictures_dir() -> Path:
    """Where screenshots go; made when it is missing."""
    folder = Path(platformdirs.user_pictures_dir()) / "Mirror"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _private(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
