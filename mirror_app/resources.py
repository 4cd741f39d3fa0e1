"""Room: resources. Where files live, in a source checkout and when installed. Opens none of them."""

from __future__ import annotations

import contextlib
import getpass
import sys
from pathlib import Path

import platformdirs

_APP = "mirror-app"
_MOST_WINDOWS = 4
"""More windows can be open, but no command reaches them."""
_PACKAGE = Path(__file__).resolve().parent


def assets_dir() -> Path:
    """The folder of shipped models and faces: inside the package when installed, beside it in a checkout."""
    installed = _PACKAGE / "assets"
    return installed if installed.is_dir() else _PACKAGE.parent / "assets"


def user_targets_dir() -> Path:
    """The user's own target faces; made with mode 0700 when it is missing."""
    return _private(Path(platformdirs.user_data_dir(_APP, appauthor=False)) / "targets")


def models_dir() -> Path:
    """The networks that the user got or imported; made with mode 0700 when it is missing."""
    return _private(Path(platformdirs.user_data_dir(_APP, appauthor=False)) / "models")


def engines_dir() -> Path:
    """The plans that TensorRT built for this computer's card; made with mode 0700 when it is missing."""
    return _private(Path(platformdirs.user_data_dir(_APP, appauthor=False)) / "engines")


def recipes_dir() -> Path:
    """The recipes by which plans are built: inside the package when installed, beside it in a checkout."""
    installed = _PACKAGE / "engines" / "recipes"
    return installed if installed.is_dir() else _PACKAGE.parent / "engines" / "recipes"


def has_models() -> bool:
    """Whether there is any file that could be a network of the user's: a look into folders, quick at every start."""
    try:
        return any(models_dir().glob("*.onnx")) or any(insightface_dir().glob("**/*.onnx"))
    except OSError:
        return True


def insightface_dir() -> Path:
    """Where insightface's Python package keeps its packs of networks, a folder each; not made here."""
    return Path.home() / ".insightface" / "models"


def settings_path() -> Path:
    """The settings file; its folder is made with mode 0700 when it is missing."""
    return _private(Path(platformdirs.user_config_dir(_APP, appauthor=False))) / "settings.toml"


def private_dirs() -> tuple[Path, ...]:
    """Every folder in which the app keeps something of the user by itself; none is made."""
    config = Path(platformdirs.user_config_dir(_APP, appauthor=False))
    data = Path(platformdirs.user_data_dir(_APP, appauthor=False))
    return tuple(dict.fromkeys((config, data)))


def presets_path() -> Path:
    """The file of presets, beside the settings; its folder is made with mode 0700 when it is missing."""
    return settings_path().with_name("presets.toml")


def label_log_path() -> Path:
    """The log of when the visible mark was off; its folder is made with mode 0700 when it is missing."""
    return _private(Path(platformdirs.user_data_dir(_APP, appauthor=False)) / "label-log") / "unlabelled.jsonl"


def pictures_dir() -> Path:
    """Where screenshots go; made when it is missing."""
    folder = Path(platformdirs.user_pictures_dir()) / "Mirror"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def videos_dir() -> Path:
    """Where rendered files go unless the user says otherwise; not made here."""
    return Path(platformdirs.user_videos_dir()) / "Mirror"


def control_names() -> tuple[str, ...]:
    """Where open windows listen to the user's commands, a name each: sockets' paths; on Windows names of pipes.

    The sockets lie beside the settings: nobody else can write there, and it is the same folder for every shell.
    """
    windows = sys.platform == "win32"
    first = f"{_APP}-{getpass.getuser()}" if windows else str(settings_path().with_name("control"))
    return first, *(f"{first}-{number}" for number in range(2, _MOST_WINDOWS + 1))


def _private(folder: Path) -> Path:
    # Where the home folder cannot be written to nothing can be kept, and whoever writes says so; all else works.
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
