"""Room: tests. The faces people can pick: found, added, removed, and never half there."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mirror_app.domain.errors import InputError, UnknownTargetError
from mirror_app.imaging.files import read_image, write_image
from mirror_app.targets.consent import Consent
from mirror_app.targets.library import TargetLibrary
from tests.fakes import picture

CATALOGUE = """
[mona-lisa]
title_en = "Mona Lisa"
title_zh = "蒙娜丽莎"
kind = "photo"
file = "mona-lisa.png"
thumbnail = "mona-lisa.thumb.jpg"
colour_follow = 1.0
credit = "Leonardo da Vinci"
licence = "public domain"

[tiger]
title_en = "Tiger"
title_zh = "老虎"
kind = "texture"
file = "tiger.png"
colour_follow = 0
credit = "us"
licence = "Apache-2.0"
"""


@pytest.fixture
def library(tmp_path: Path) -> TargetLibrary:
    builtin = tmp_path / "builtin"
    builtin.mkdir()
    (builtin / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
    return TargetLibrary(builtin, tmp_path / "user")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "我的 奶奶.png"
    write_image(path, picture(300, 200))
    return path


def test_built_in_faces_come_first_in_the_catalogues_order(library: TargetLibrary, photo: Path) -> None:
    library.add_photo(photo, Consent.SELF, "Aaron")
    records = library.records()
    assert [record.name for record in records] == ["mona-lisa", "tiger", "aaron"]
    assert [record.builtin for record in records] == [True, True, False]
    assert records[1].thumbnail_path is None
    assert records[1].colour_follow == 0.0


@pytest.mark.parametrize("words", ["mona-lisa", "Mona Lisa", "MONA LISA", "蒙娜丽莎", " mona-lisa "])
def test_a_face_is_found_by_name_and_by_title_in_both_languages(library: TargetLibrary, words: str) -> None:
    assert library.find(words).name == "mona-lisa"


@pytest.mark.parametrize(
    ("words", "hint"),
    [("monalisa", "Did you mean mona-lisa"), ("tigre", "Did you mean tiger"), ("xyz", "There are: mona-lisa, tiger")],
)
def test_an_unknown_name_is_answered_with_the_nearest_ones(library: TargetLibrary, words: str, hint: str) -> None:
    with pytest.raises(UnknownTargetError, match=hint):
        library.find(words)


def test_an_added_photo_is_kept_whole_private_and_with_its_consent(
    library: TargetLibrary, photo: Path, tmp_path: Path
) -> None:
    record = library.add_photo(photo, Consent.PERMISSION, face_box_xyxy=np.array([100, 50, 200, 150], np.float32))
    assert record.name == "我的-奶奶"
    assert record.title_zh == "我的 奶奶"
    assert record.consent == "permission"
    assert record.image_path.read_bytes() == photo.read_bytes()
    assert record.thumbnail_path is not None
    assert read_image(record.thumbnail_path).shape == (256, 256, 3)
    folder = record.image_path.parent
    assert 'consent = "permission"' in (folder / "record.toml").read_text()
    if os.name != "nt":
        assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE((tmp_path / "user").stat().st_mode) == 0o700
    assert library.find("我的-奶奶") == record


def test_the_same_photo_with_the_same_consent_is_kept_once(library: TargetLibrary, photo: Path) -> None:
    first = library.add_photo(photo, Consent.SELF)
    assert library.add_photo(photo, Consent.SELF, "another title") == first
    assert library.add_photo(photo, Consent.FICTIONAL).name == first.name + "-2"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(title=st.text(max_size=300))
def test_any_title_becomes_a_name_that_is_one_plain_folder(library: TargetLibrary, photo: Path, title: str) -> None:
    record = library.add_photo(photo, Consent.SELF, title)
    assert record.image_path.parent.parent.name == "user"
    assert record.name
    assert not record.name.startswith((".", "-"))
    assert len(record.name.encode()) <= 255
    assert library.find(record.name) == record
    library.remove(record.name)


@pytest.mark.parametrize("title", ["Mona Lisa", "mona-lisa", "MONA_LISA"])
def test_a_name_of_the_built_in_shelf_is_not_taken_again(library: TargetLibrary, photo: Path, title: str) -> None:
    assert library.add_photo(photo, Consent.SELF, title).name == "mona-lisa-2"


def test_a_removed_face_is_gone_with_its_photo(library: TargetLibrary, photo: Path, tmp_path: Path) -> None:
    record = library.add_photo(photo, Consent.SELF)
    library.remove(record.name)
    assert not list((tmp_path / "user").iterdir())
    assert photo.exists()
    with pytest.raises(UnknownTargetError):
        library.remove(record.name)


def test_a_built_in_face_cannot_be_removed(library: TargetLibrary) -> None:
    with pytest.raises(InputError, match="is built in"):
        library.remove("tiger")


@pytest.mark.parametrize(
    "text", ["not toml = =", "title = 'x'", "", "title='x'\nphoto='no.png'\nthumbnail='t'\nconsent='self'"]
)
def test_a_damaged_record_is_left_out_and_told(library: TargetLibrary, photo: Path, text: str) -> None:
    folder = library.add_photo(photo, Consent.SELF).image_path.parent
    (folder / "record.toml").write_text(text)
    assert [record.name for record in library.records()] == ["mona-lisa", "tiger"]
    assert library.damaged() == [folder]


@pytest.mark.parametrize("text", [None, "broken =", "[x]\ntitle_en = 'no more'", "[x]\nkind = 'hologram'"])
def test_a_damaged_catalogue_is_one_sentence(library: TargetLibrary, tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "builtin" / "catalogue.toml"
    path.unlink()
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError, match="Install mirror-app again"):
        library.records()


def test_a_killed_add_leaves_nothing_to_see_and_the_rest_is_cleared_later(
    library: TargetLibrary, photo: Path, tmp_path: Path
) -> None:
    program = f"""
import os, signal, shutil
from pathlib import Path
from mirror_app.targets.consent import Consent
from mirror_app.targets.library import TargetLibrary
copy = shutil.copyfile
def copy_and_die(source, target):
    copy(source, target)
    os.kill(os.getpid(), signal.SIGKILL)
shutil.copyfile = copy_and_die
TargetLibrary(Path({str(tmp_path / "builtin")!r}), Path({str(tmp_path / "user")!r})).add_photo(
    Path({str(photo)!r}), Consent.SELF)
"""
    done = subprocess.run([sys.executable, "-c", program], check=False, timeout=60)
    assert done.returncode != 0
    (rest,) = (tmp_path / "user").iterdir()
    assert [record.name for record in library.records()] == ["mona-lisa", "tiger"]
    assert library.damaged() == []
    two_hours_ago = time.time() - 7200
    os.utime(rest, (two_hours_ago, two_hours_ago))
    record = library.add_photo(photo, Consent.SELF)
    assert list((tmp_path / "user").iterdir()) == [record.image_path.parent]
