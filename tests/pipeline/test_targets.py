"""Room: tests. Faces into the library and out of it, or a sentence that names what is wrong."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.errors import InputError, NoFaceError
from mirror_app.imaging.files import write_image
from mirror_app.pipeline.assembly import open_enroller
from mirror_app.pipeline.enrol import Enroller, Enrolment, target_from_texture, target_from_views
from mirror_app.pipeline.photo_views import PhotoViews
from mirror_app.pipeline.targets import keep_target, load_target, look_at_photo
from mirror_app.resources import assets_dir
from mirror_app.targets.consent import Consent
from mirror_app.targets.library import TargetLibrary
from mirror_app.targets.record import TargetRecord
from mirror_app.targets.remarks import PhotoCheck, Remark
from tests.portrait import placed_portrait, plain_target


@pytest.fixture(scope="module")
def enroller() -> Enroller:
    return open_enroller()


class RememberingEnroller(Enroller):
    """Gives one enrolment back for any photo and keeps what it was asked."""

    def __init__(self, enrolment: Enrolment) -> None:
        self.enrolment = enrolment
        self.asked: list[tuple[NDArray[np.uint8], str]] = []

    def from_photo(self, image_bgr: NDArray[np.uint8], name: str, face_index: int = 0) -> Enrolment:
        self.asked.append((image_bgr, name))
        return self.enrolment


def a_record(path: Path, kind: str = "texture", colour_follow: float = 0.25) -> TargetRecord:
    return TargetRecord("jade-mask", "Jade mask", "玉面具", kind, path, None, colour_follow, "", "", None, True)


def texture(side: int = 64, dtype: type[np.uint8 | np.uint16] = np.uint8) -> NDArray[np.integer]:
    """A BGRA picture in which every texel has its own colour, opaque above and clear below."""
    image: NDArray[np.integer] = np.zeros((side, side, 4), dtype)
    image[..., 0] = np.arange(side)[None]
    image[..., 1] = np.arange(side)[:, None]
    image[: side // 2, :, 3] = np.iinfo(dtype).max
    return image


def write_png(path: Path, image: NDArray[np.integer]) -> None:
    """Written through memory: OpenCV opens no file with Chinese characters in its name on Windows."""
    path.write_bytes(cv2.imencode(".png", image)[1].tobytes())


def test_a_texture_is_worn_as_it_was_painted(enroller: Enroller, tmp_path: Path) -> None:
    painted = np.asarray(texture(), np.uint8)
    write_png(tmp_path / "玉 面具.png", painted)
    target = load_target(a_record(tmp_path / "玉 面具.png"), enroller)
    expected = target_from_texture("jade-mask", painted, 0.25)
    assert (target.name, target.colour_follow) == ("jade-mask", 0.25)
    np.testing.assert_array_equal(target.texture_bgr, painted[..., :3])
    np.testing.assert_array_equal(target.texture_alpha, expected.texture_alpha)
    np.testing.assert_array_equal(target.shape, topology.CANONICAL)


def test_every_built_in_face_can_be_loaded(enroller: Enroller) -> None:
    records = TargetLibrary(assets_dir() / "targets", Path("no user folder")).records()
    assert len(records) >= 8
    for record in records:
        target = load_target(record, enroller)
        assert (target.name, target.colour_follow) == (record.name, record.colour_follow)
        assert target.texture_alpha.max() == 255


@pytest.mark.parametrize("colour_follow", [0.0, 0.4, 1.0])
def test_a_photo_is_enrolled_and_follows_colours_as_its_record_says(tmp_path: Path, colour_follow: float) -> None:
    enrolled = plain_target(side=32, colour_follow=0.9)
    enroller = RememberingEnroller(Enrolment(enrolled, 2, np.zeros(4, np.float32), PhotoCheck(())))
    image = np.asarray(texture()[..., :3], np.uint8)
    write_image(tmp_path / "照片.png", image)
    target = load_target(a_record(tmp_path / "照片.png", "photo", colour_follow), enroller)
    ((asked_bgr, name),) = enroller.asked
    np.testing.assert_array_equal(asked_bgr, image)
    assert name == "jade-mask"
    assert target.colour_follow == colour_follow
    assert target.texture_bgr is enrolled.texture_bgr
    assert target.texture_alpha is enrolled.texture_alpha
    assert target.shape is enrolled.shape


def test_the_face_of_a_photo_is_worn(enroller: Enroller, tmp_path: Path) -> None:
    image, _ = placed_portrait((480, 360), 220, (240, 180))
    write_image(tmp_path / "portrait.jpg", image)
    target = load_target(a_record(tmp_path / "portrait.jpg", "photo"), enroller)
    assert (target.name, target.colour_follow) == ("jade-mask", 0.25)
    assert np.abs(target.shape - topology.CANONICAL).max() > 0.05
    assert target.texture_bgr.std() > 10


def test_a_photo_that_shows_nobody_is_refused(enroller: Enroller, tmp_path: Path) -> None:
    write_image(tmp_path / "wall.png", np.full((120, 160, 3), 130, np.uint8))
    with pytest.raises(NoFaceError, match="No face was found in the photo"):
        load_target(a_record(tmp_path / "wall.png", "photo"), enroller)


@pytest.fixture
def library(tmp_path: Path) -> TargetLibrary:
    return TargetLibrary(assets_dir() / "targets", tmp_path / "user")


def group_photo() -> NDArray[np.uint8]:
    """A small face on the left, a large one on the right."""
    large, _ = placed_portrait((400, 480), 280, (200, 240))
    small, _ = placed_portrait((300, 480), 150, (150, 240), demo_index=100)
    return np.hstack([small, large])


def test_nobody_in_a_photo_is_a_sentence_that_names_the_file(enroller: Enroller, tmp_path: Path) -> None:
    write_image(tmp_path / "墙 wall.png", np.full((120, 160, 3), 130, np.uint8))
    with pytest.raises(NoFaceError, match=r"墙 wall\.png"):
        look_at_photo(tmp_path / "墙 wall.png", enroller)


def grey(image: NDArray[np.uint8]) -> NDArray[np.integer]:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)


def deep(image: NDArray[np.uint8]) -> NDArray[np.integer]:
    return image.astype(np.uint16) * np.uint16(257)


def deep_grey(image: NDArray[np.uint8]) -> NDArray[np.integer]:
    return grey(image).astype(np.uint16) * np.uint16(257)


def cut_out(image: NDArray[np.uint8]) -> NDArray[np.integer]:
    """Transparent but for an ellipse around the head."""
    alpha = np.zeros(image.shape[:2], np.uint8)
    cv2.ellipse(alpha, (240, 180), (150, 175), 0, 0, 360, 255, -1)
    return np.dstack([image, alpha])


def unchanged(image: NDArray[np.uint8]) -> NDArray[np.integer]:
    return image


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize(
    ("ending", "change"),
    [
        (".jpg", unchanged),
        (".jpg", grey),
        (".png", unchanged),
        (".png", grey),
        (".png", deep),
        (".png", deep_grey),
        (".png", cut_out),
        (".webp", cut_out),
    ],
)
def test_a_photo_of_any_kind_is_searched_as_it_was_meant(
    enroller: Enroller,
    tmp_path: Path,
    ending: str,
    change: Callable[[NDArray[np.uint8]], NDArray[np.integer]],
    orientation: int,
) -> None:
    image, points = placed_portrait((480, 360), 220, (240, 180))
    # Turned as a camera held that way stores it (CIPA DC-008, tag 274).
    stored = np.ascontiguousarray(np.rot90(change(image), {1: 0, 3: 2, 6: 1, 8: 3}[orientation]))
    exif = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 274, 3, 1, orientation, 0, 0)
    data = cv2.imencodeWithMetadata(ending, stored, [cv2.IMAGE_METADATA_EXIF], [np.frombuffer(exif, np.uint8)])[1]
    path = tmp_path / f"奶奶 1955{ending}"
    path.write_bytes(data.tobytes())
    found = look_at_photo(path, enroller)
    assert (found.photo_wh, found.quarter_turns) == ((480, 360), 0)
    np.testing.assert_allclose(found.faces[0].box_xyxy, [*points.min(0), *points.max(0)], atol=15)


def test_a_face_chosen_from_a_group_is_the_one_that_comes_back(
    enroller: Enroller, library: TargetLibrary, tmp_path: Path
) -> None:
    write_image(tmp_path / "group.png", group_photo())
    found = look_at_photo(tmp_path / "group.png", enroller)
    record = keep_target(library, [found.faces[1]], Consent.FICTIONAL, "left one")
    chosen, largest = (enroller.from_photo(group_photo(), "x", index).target for index in (1, 0))
    loaded = load_target(record, enroller)
    np.testing.assert_array_equal(loaded.texture_bgr, chosen.texture_bgr)
    np.testing.assert_array_equal(loaded.shape, chosen.shape)
    assert (loaded.texture_bgr != largest.texture_bgr).any()


def test_the_rest_of_a_group_photo_is_not_kept(enroller: Enroller, library: TargetLibrary, tmp_path: Path) -> None:
    write_image(tmp_path / "group.png", np.hstack([group_photo(), np.zeros((480, 900, 3), np.uint8), group_photo()]))
    found = look_at_photo(tmp_path / "group.png", enroller)
    assert len(found.faces) == 4
    record = keep_target(library, [found.faces[0]], Consent.SELF, "me")
    assert len(look_at_photo(record.image_path, enroller).faces) == 1


def test_a_face_from_several_photos_is_checked_kept_and_worn_as_one(enroller: Enroller, library: TargetLibrary) -> None:
    photos = [placed_portrait((480, 360), 260, (240, 180), demo_index=index)[0] for index in (0, 100)]
    faces = [enroller.look(photo).faces[0] for photo in photos]
    record = keep_target(library, faces, Consent.SELF, "me")
    assert len(record.photo_paths) == 2
    assert record.check is not None
    assert Remark.GLASSES in record.check.remarks
    together = load_target(record, enroller)
    at_once = target_from_views("me", [face.view for face in faces], PhotoViews())
    np.testing.assert_array_equal(together.texture_bgr, at_once.texture_bgr)


def nothing(path: Path) -> None:
    """Leave the file missing."""


def folder(path: Path) -> None:
    path.mkdir()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def text(path: Path) -> None:
    path.write_text("hello\n" * 100)


@pytest.mark.parametrize("kind", ["texture", "photo"])
@pytest.mark.parametrize("spoil", [nothing, folder, empty, text])
def test_a_file_that_is_missing_or_no_picture_is_one_sentence_that_names_it(
    enroller: Enroller, tmp_path: Path, kind: str, spoil: Callable[[Path], None]
) -> None:
    path = tmp_path / "jade-mask.png"
    spoil(path)
    with pytest.raises(InputError, match="jade-mask") as caught:
        load_target(a_record(path, kind), enroller)
    assert not isinstance(caught.value, NoFaceError)
    assert "\n" not in str(caught.value)
    assert "OpenCV" not in str(caught.value)


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(texture(dtype=np.uint16), id="16 bits"),
        pytest.param(texture()[:, :32], id="not square"),
        pytest.param(texture()[..., :3], id="no alpha"),
        pytest.param(texture()[..., 0], id="grey"),
        pytest.param(texture()[..., :3].astype(np.uint16), id="16 bits, no alpha"),
    ],
)
def test_a_picture_that_is_no_square_texture_with_alpha_is_refused(
    enroller: Enroller, tmp_path: Path, image: NDArray[np.integer]
) -> None:
    write_png(tmp_path / "mask.png", image)
    with pytest.raises(InputError, match="The target face jade-mask is damaged: it is no square RGBA picture"):
        load_target(a_record(tmp_path / "mask.png"), enroller)
