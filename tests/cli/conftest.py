"""Room: tests. A folder of inputs good and bad, and a user folder that is nobody's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mirror_app.imaging.files import write_image
from tests.fakes import make_video, picture
from tests.portrait import demo_frame

LONG_FRAMES = 400


@pytest.fixture(scope="session")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files that tests read and never change; the folder's name has Chinese characters and a space."""
    folder = tmp_path_factory.mktemp("输 入")
    face = demo_frame(0).frame.image_bgr
    write_image(folder / "face.png", face)
    write_image(folder / "two faces.jpg", np.hstack([face[:, 200:1080], face[:, 200:1080]]))
    write_image(folder / "nobody.png", picture(640, 480))
    make_video(folder / "nobody.mp4", size_wh=(128, 96), frames=6, audio="aac")
    (folder / "text.mp4").write_text("hello")
    (folder / "text.jpg").write_text("hello")
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "folder.mp4").mkdir()
    (folder / "cut.mp4").write_bytes((folder / "nobody.mp4").read_bytes()[:900])
    (folder / "cut.png").write_bytes((folder / "face.png").read_bytes()[:5000])
    return folder


@pytest.fixture(scope="session")
def long_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A video of `LONG_FRAMES` that takes seconds to render: every one of them is searched for faces in full."""
    return make_video(tmp_path_factory.mktemp("long") / "in.mp4", size_wh=(160, 120), frames=LONG_FRAMES)


@pytest.fixture(autouse=True)
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings are nobody's."""
    path = tmp_path / "settings.toml"
    monkeypatch.setattr("mirror_app.settings.settings_path", lambda: path)
    return path


@pytest.fixture(autouse=True)
def user_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own faces live in the test's folder."""
    folder = tmp_path / "user faces"
    monkeypatch.setattr("mirror_app.cli.target_option.user_targets_dir", lambda: folder)
    return folder
