"""Room: tests. Names for files that the user did not name: free ones, or a sentence."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest

from mirror_app.domain.errors import OutputError
from mirror_app.gui.new_file import new_file


def test_names_come_from_the_time_and_none_is_given_twice(tmp_path: Path) -> None:
    for _ in range(3):
        path = new_file(lambda: tmp_path, "mirror", ".png")
        assert re.fullmatch(r"mirror-\d{4}-\d\d-\d\d-\d{6}(-[23])?\.png", path.name)
        assert not path.exists()
        path.touch()
    assert len(list(tmp_path.iterdir())) == 3


def test_a_folder_that_cannot_be_made_is_a_sentence() -> None:
    def folder() -> Path:
        raise PermissionError(errno.EACCES, "Permission denied", "/home/Pictures/Mirror")

    with pytest.raises(OutputError, match="/home/Pictures/Mirror was not written: this folder may not be written to"):
        new_file(folder, "mirror", ".png")
