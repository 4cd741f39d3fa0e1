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
from mirror_app.domain.mesh_topology import CANONICAL
from mirror_app.imaging.files import read_image, write_image
from mirror_app.targets.consent import Consent
from mirror_app.targets.kept_face import KeptFace, read_meshes
from mirror_app.targets.library import TargetLibrary
from mirror_app.targets.remarks import PhotoCheck, Remark
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


NOTHING = PhotoCheck(())


@pytest.fixture
def face() -> KeptFace:
    return kept_face(300, 200)


def kept_face(width: int, height: int) -> KeptFace:
    points = CANONICAL * np.float32(height / 40) + np.array([width / 2, height / 2, 0], np.float32)
    return KeptFace(picture(width, height), points)


def test_built_in_faces_come_first_in_the_catalogues_order(library: TargetLibrary, face: KeptFace) -> None:
    library.add([face], Consent.SELF, "Aaron", NOTHING)
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
    library: TargetLibrary, face: KeptFace, tmp_path: Path
) -> None:
    record = library.add([face], Consent.PERMISSION, "我的 奶奶", PhotoCheck((Remark.SMALL, Remark.DARK)))
    assert record.name == "我的-奶奶"
    assert record.title_zh == "我的 奶奶"
    assert record.consent == "permission"
    assert record.check == PhotoCheck((Remark.SMALL, Remark.DARK))
    np.testing.assert_array_equal(read_image(record.image_path), face.image_bgr)
    assert record.meshes_path is not None
    np.testing.assert_array_equal(read_meshes(record.meshes_path, 1), [face.points])
    assert record.thumbnail_path is not None
    assert read_image(record.thumbnail_path).shape == (256, 256, 3)
    folder = record.image_path.parent
    assert 'consent = "permission"' in (folder / "record.toml").read_text()
    if os.name != "nt":
        assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE((tmp_path / "user").stat().st_mode) == 0o700
    assert library.find("我的-奶奶") == record


def test_all_photos_of_a_face_are_kept_in_their_order(library: TargetLibrary) -> None:
    faces = [kept_face(300, 200), kept_face(100, 120), kept_face(64, 64)]
    record = library.add(faces, Consent.SELF, "me", NOTHING)
    assert [read_image(path).shape[:2] for path in record.photo_paths] == [(200, 300), (120, 100), (64, 64)]
    assert record.image_path == record.photo_paths[0]
    assert record.meshes_path is not None
    np.testing.assert_array_equal(read_meshes(record.meshes_path, 3), [face.points for face in faces])


def test_the_same_photos_with_the_same_consent_are_kept_once(library: TargetLibrary, face: KeptFace) -> None:
    first = library.add([face], Consent.SELF, "me", NOTHING)
    assert library.add([face], Consent.SELF, "another title", NOTHING) == first
    assert library.add([face], Consent.FICTIONAL, "me", NOTHING).name == first.name + "-2"
    assert library.add([face, kept_face(64, 64)], Consent.SELF, "me", NOTHING).name == first.name + "-3"


def test_another_face_of_the_same_photo_is_another_face(library: TargetLibrary, face: KeptFace) -> None:
    beside = KeptFace(face.image_bgr, face.points + np.array([5, 0, 0], np.float32))
    names = {library.add([one], Consent.SELF, "me", NOTHING).name for one in (face, beside)}
    assert names == {"me", "me-2"}


def test_a_face_added_by_an_earlier_version_is_still_there(library: TargetLibrary, tmp_path: Path) -> None:
    folder = tmp_path / "user" / "grandma"
    folder.mkdir(parents=True)
    write_image(folder / "photo.jpg", picture(64, 48))
    lines = ["title = 'Grandma'", "photo = 'photo.jpg'", "thumbnail = 'thumbnail.jpg'", "consent = 'self'"]
    (folder / "record.toml").write_text("\n".join(lines))
    record = library.find("Grandma")
    assert record.photo_paths == (folder / "photo.jpg",)
    assert record.meshes_path is None
    assert record.check is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(title=st.text(max_size=300))
def test_any_title_becomes_a_name_that_is_one_plain_folder(library: TargetLibrary, face: KeptFace, title: str) -> None:
    record = library.add([face], Consent.SELF, title, NOTHING)
    assert record.image_path.parent.parent.name == "user"
    assert record.name
    assert not record.name.startswith((".", "-"))
    assert len(record.name.encode()) <= 255
    assert library.find(record.name) == record
    library.remove(record.name)


@pytest.mark.parametrize("title", ["Mona Lisa", "mona-lisa", "MONA_LISA"])
def test_a_name_of_the_built_in_shelf_is_not_taken_again(library: TargetLibrary, face: KeptFace, title: str) -> None:
    assert library.add([face], Consent.SELF, title, NOTHING).name == "mona-lisa-2"


def test_a_removed_face_is_gone_from_the_shelf_and_comes_back_as_it_was(
    library: TargetLibrary, face: KeptFace, tmp_path: Path
) -> None:
    record = library.add([face], Consent.SELF, "me", NOTHING)
    ticket = library.remove(record.name)
    assert not list((tmp_path / "user").iterdir())
    with pytest.raises(UnknownTargetError):
        library.remove(record.name)
    assert [one.name for one in library.trashed()] == ["me"]
    assert library.restore(ticket) == "me"
    assert library.find("me") == record
    assert library.trashed() == []
    with pytest.raises(InputError, match="no longer in the trash"):
        library.restore(ticket)


def test_a_face_comes_back_with_a_number_when_its_name_was_taken_meanwhile(
    library: TargetLibrary, face: KeptFace
) -> None:
    ticket = library.remove(library.add([face], Consent.SELF, "me", NOTHING).name)
    library.add([KeptFace(face.image_bgr, face.points + 1)], Consent.SELF, "me", NOTHING)
    assert library.restore(ticket) == "me-2"
    assert {"me", "me-2"} <= {record.name for record in library.records()}


def test_a_face_removed_for_good_is_nowhere(library: TargetLibrary, face: KeptFace, tmp_path: Path) -> None:
    library.remove_for_good(library.add([face], Consent.SELF, "me", NOTHING).name)
    assert library.trashed() == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "builtin" / "catalogue.toml"]


def test_the_trash_is_emptied_on_request(library: TargetLibrary, face: KeptFace) -> None:
    library.remove(library.add([face], Consent.SELF, "me", NOTHING).name)
    library.discard_old()
    assert len(library.trashed()) == 1
    assert library.empty_trash() == 1
    assert library.trashed() == []


@pytest.mark.parametrize("name", ["wreck", "  WRECK", "a wreck!"])
def test_a_damaged_face_can_be_removed_and_brought_back(library: TargetLibrary, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "user" / name.strip().lower()
    folder.mkdir(parents=True)
    ticket = library.remove(name)
    assert library.damaged() == []
    library.restore(ticket)
    assert library.damaged() == [folder]
    library.remove_for_good(name)
    assert library.damaged() == []


def test_a_damaged_face_is_named_instead_of_another_one_of_that_title(library: TargetLibrary, tmp_path: Path) -> None:
    (tmp_path / "user" / "老虎").mkdir(parents=True)
    with pytest.raises(InputError, match="The target face 老虎 is damaged"):
        library.find("老虎")
    assert library.find("tiger").name == "tiger"


def test_removing_a_face_twice_leaves_another_one_of_the_same_title_alone(
    library: TargetLibrary, face: KeptFace
) -> None:
    first = library.add([face], Consent.SELF, "Grandma", NOTHING)
    second = library.add([KeptFace(face.image_bgr, face.points + 1)], Consent.SELF, "Grandma", NOTHING)
    library.remove(first.name)
    with pytest.raises(UnknownTargetError, match=second.name):
        library.remove(first.name)
    assert second in library.records()


def test_a_name_is_found_before_a_title(library: TargetLibrary, face: KeptFace) -> None:
    library.add([face], Consent.SELF, "b", NOTHING).image_path.parent.rename(library._user_dir / "a")
    named = library.add([KeptFace(face.image_bgr, face.points + 1)], Consent.SELF, "b", NOTHING)
    assert named.name == "b"
    assert library.find("b") == named


def test_a_built_in_face_cannot_be_removed(library: TargetLibrary) -> None:
    with pytest.raises(InputError, match="is built in"):
        library.remove("tiger")
    with pytest.raises(InputError, match="is built in"):
        library.remove_for_good("Tiger")


@pytest.mark.parametrize(
    "text",
    [
        "not toml = =",
        "title = 'x'",
        "",
        "title='x'\nphoto='no.png'\nthumbnail='t'\nconsent='self'",
        "title='x'\nphotos=['photo-1.png', 'no.png']\nthumbnail='t'\nconsent='self'",
        "title='x'\nphotos=[7]\nthumbnail='t'\nconsent='self'",
        "title='x'\nphotos=['photo-1.png']\nthumbnail='t'\nconsent='self'\nremarks=7",
        "title='x'\nphotos=['photo-1.png']\nthumbnail='t'\nconsent='whatever'",
    ],
)
def test_a_damaged_record_is_left_out_and_told(library: TargetLibrary, face: KeptFace, text: str) -> None:
    folder = library.add([face], Consent.SELF, "me", NOTHING).image_path.parent
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
    library: TargetLibrary, face: KeptFace, tmp_path: Path
) -> None:
    program = f"""
import os, signal
from pathlib import Path
import numpy as np
from mirror_app.targets import library
from mirror_app.targets.consent import Consent
from mirror_app.targets.kept_face import KeptFace
from mirror_app.targets.remarks import PhotoCheck
library.write_meshes = lambda path, faces: os.kill(os.getpid(), signal.SIGKILL)
face = KeptFace(np.zeros((64, 64, 3), np.uint8), np.zeros((468, 3), np.float32))
shelf = library.TargetLibrary(Path({str(tmp_path / "builtin")!r}), Path({str(tmp_path / "user")!r}))
shelf.add([face], Consent.SELF, "me", PhotoCheck(()))
"""
    done = subprocess.run([sys.executable, "-c", program], check=False, timeout=60)
    assert done.returncode != 0
    (rest,) = (tmp_path / "user").iterdir()
    assert [record.name for record in library.records()] == ["mona-lisa", "tiger"]
    assert library.damaged() == []
    two_hours_ago = time.time() - 7200
    os.utime(rest, (two_hours_ago, two_hours_ago))
    record = library.add([face], Consent.SELF, "me", NOTHING)
    assert list((tmp_path / "user").iterdir()) == [record.image_path.parent]
