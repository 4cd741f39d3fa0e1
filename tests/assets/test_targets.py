"""Room: tests. The built-in target faces as files: complete, well-formed, credited. Wears none of them."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as mesh
from mirror_app.resources import assets_dir

FOLDER = assets_dir() / "targets"
CATALOGUE: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "catalogue.toml").read_text(encoding="utf-8"))
CREDITS = (FOLDER / "CREDITS.md").read_text(encoding="utf-8")
FIELDS = {"title_en", "title_zh", "kind", "file", "thumbnail", "colour_follow", "credit", "licence"}
TEXTURES = [name for name, entry in CATALOGUE.items() if entry["kind"] == "texture"]
LARGEST_BYTES = 12_000_000
THIS_CENTURY = 2000

every_face = pytest.mark.parametrize("name", CATALOGUE)
every_texture = pytest.mark.parametrize("name", TEXTURES)


def picture_of(file: str) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer((FOLDER / file).read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture is not None, f"{file} is not a picture"
    return np.asarray(picture, np.uint8)


@cache
def alpha_of(name: str) -> NDArray[np.uint8]:
    """(T, T) uint8; many tests look at it, so it is decoded once."""
    alpha = picture_of(CATALOGUE[name]["file"])[..., 3].copy()
    alpha.flags.writeable = False
    return alpha


def texel(alpha: NDArray[np.uint8], uv: NDArray[np.float32]) -> int:
    column, row = (int(share * side) for share, side in zip(uv, alpha.shape[::-1], strict=True))
    return int(alpha[row, column])


def test_a_stranger_finds_at_least_ten_faces() -> None:
    assert len(CATALOGUE) >= 10


@every_face
def test_a_face_has_every_field_and_no_other(name: str) -> None:
    assert set(CATALOGUE[name]) == FIELDS


@every_face
def test_a_face_is_named_in_both_languages(name: str) -> None:
    assert re.fullmatch(r"[ -~]{3,30}", CATALOGUE[name]["title_en"])
    assert re.fullmatch(r"[\u4e00-\u9fff]{2,8}", CATALOGUE[name]["title_zh"])


@pytest.mark.parametrize("field", ["title_en", "title_zh", "file", "thumbnail"])
def test_no_two_faces_share_a_name_or_a_file(field: str) -> None:
    values = [entry[field] for entry in CATALOGUE.values()]
    assert len(set(values)) == len(values)


@every_face
def test_a_name_is_what_a_person_can_type(name: str) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)


@every_face
def test_colour_follow_is_a_share(name: str) -> None:
    assert 0.0 <= CATALOGUE[name]["colour_follow"] <= 1.0


@every_face
def test_a_face_is_credited_and_licensed(name: str) -> None:
    entry = CATALOGUE[name]
    assert len(entry["credit"]) > 10
    assert entry["licence"].startswith(("Apache-2.0", "Public domain"))
    assert f"`{entry['file']}`" in CREDITS


@every_face
def test_nobody_living_is_shown(name: str) -> None:
    credit = CATALOGUE[name]["credit"]
    died = [int(year) for year in re.findall(r"\(\d{4}-(\d{4})\)", credit)]
    assert credit.startswith("Painted by this project's own code") or died, "a picture names its maker's years"
    assert all(year < THIS_CENTURY for year in died)


@every_texture
def test_a_texture_is_a_square_sheet_with_alpha(name: str) -> None:
    assert picture_of(CATALOGUE[name]["file"]).shape == (1024, 1024, 4)


@every_texture
@pytest.mark.parametrize("vertex", [mesh.NOSE_TIP, 151, 50, 280, 200, 0, 17, 105, 334, 27, 257, 118, 347])
def test_a_texture_covers_the_face(name: str, vertex: int) -> None:
    assert texel(alpha_of(name), mesh.UV[vertex]) == 255


@every_texture
@pytest.mark.parametrize("ring", [mesh.IMAGE_LEFT_EYE, mesh.IMAGE_RIGHT_EYE, mesh.LIPS_INNER])
def test_a_texture_leaves_eyes_and_mouth_open(name: str, ring: tuple[int, ...]) -> None:
    assert texel(alpha_of(name), mesh.UV[list(ring)].mean(0)) <= 2


@every_texture
def test_a_texture_fades_out_at_the_oval(name: str) -> None:
    alpha = alpha_of(name)
    rim = mesh.UV[list(mesh.FACE_OVAL)]
    middle = rim.mean(0)
    assert max(texel(alpha, middle + (point - middle) * 1.01) for point in rim) < 60
    assert min(texel(alpha, middle + (point - middle) * 0.90) for point in rim) == 255
    assert not alpha[[0, 0, -1, -1], [0, -1, 0, -1]].any()


@every_texture
def test_left_and_right_are_open_alike(name: str) -> None:
    alpha = alpha_of(name).astype(np.int16)
    assert np.abs(alpha - alpha[:, ::-1]).mean() < 1.5


@every_face
def test_a_thumbnail_is_a_small_lively_picture(name: str) -> None:
    thumbnail = picture_of(CATALOGUE[name]["thumbnail"])
    assert thumbnail.shape == (256, 256, 3)
    assert thumbnail.std() > 20


def test_the_folder_holds_nothing_that_the_catalogue_does_not_name() -> None:
    named = {entry[field] for entry in CATALOGUE.values() for field in ("file", "thumbnail")}
    found = {path.name for path in FOLDER.iterdir() if path.is_file()}
    assert found == named | {"catalogue.toml", "CREDITS.md"}


def test_the_faces_stay_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < LARGEST_BYTES
