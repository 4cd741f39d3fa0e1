"""Room: tests. A record of the library becomes a face to wear, or a sentence that names what is wrong with it."""

from __future__ import annotations

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
from mirror_app.pipeline.enrol import Enroller, Enrolment, target_from_texture
from mirror_app.pipeline.targets import load_target
from mirror_app.resources import assets_dir
from mirror_app.targets.library import TargetLibrary, TargetRecord
from tests.portrait import placed_portrait, plain_target


@pytest.fixture(scope="module")
def enroller() -> Enroller:
    return open_enroller()


class RememberingEnroller(Enroller):
    """Gives one enrolment back for any photo and keeps what it was asked."""

    def __init__(self, enrolment: Enrolment) -> None:
        self.enrolment = enrolment
        self.asked: list[tuple[NDArray[np.uint8], str]] = []

    def from_photo(self, image_bgr: NDArray[np.uint8], name: str) -> Enrolment:
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
    enroller = RememberingEnroller(Enrolment(enrolled, 2, np.zeros(4, np.float32)))
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
