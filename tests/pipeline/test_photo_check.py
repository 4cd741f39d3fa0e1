"""Room: tests. What the photo check says about good photos, and about ones with a defect put into them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.imaging.files import read_image
from mirror_app.pipeline.assembly import open_enroller
from mirror_app.pipeline.photo_check import check_photos, judge
from mirror_app.pipeline.photo_measures import PhotoMeasures, measure
from mirror_app.swap.target_texture import PhotoView
from mirror_app.targets.remarks import Badge, PhotoCheck, Remark
from tests.portrait import placed_portrait

FOOTAGE = Path(__file__).resolve().parents[2].parent / "shared" / "footage"

FLAWLESS = PhotoMeasures(
    yaw_deg=0,
    pitch_deg=0,
    face_height_px=400,
    outside_share=0,
    side_light=0,
    shadow_depth=0.3,
    forehead_hidden=0,
    cheeks_hidden=0,
    chin_hidden=0,
    bright_bridge=0.02,
    dark_bridge=0.05,
    rims_below_eyes=0.03,
    eye_opening=0.3,
    lid_colour=0.3,
    lid_light=0.3,
    mouth_opening=0.01,
    sharpness=0.6,
    block_edges=1.0,
    brightest=210,
    clipped_share=0,
)


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"yaw_deg": -25}, Remark.TURNED),
        ({"yaw_deg": 25}, Remark.TURNED),
        ({"yaw_deg": 50}, Remark.PROFILE),
        ({"yaw_deg": -50}, Remark.PROFILE),
        ({"pitch_deg": 20}, Remark.TILTED),
        ({"pitch_deg": -20}, Remark.TILTED),
        ({"face_height_px": 100}, Remark.SMALL),
        ({"face_height_px": 40}, Remark.TINY),
        ({"outside_share": 0.1}, Remark.CUT_OFF),
        ({"side_light": -0.8}, Remark.SHADOW),
        ({"shadow_depth": 1.1}, Remark.SHADOW),
        ({"forehead_hidden": 0.4}, Remark.FOREHEAD),
        ({"cheeks_hidden": 0.3}, Remark.COVERED),
        ({"chin_hidden": 0.6}, Remark.COVERED),
        ({"bright_bridge": 0.25}, Remark.GLASSES),
        ({"dark_bridge": 0.3}, Remark.GLASSES),
        ({"rims_below_eyes": 0.35}, Remark.GLASSES),
        ({"eye_opening": 0.1}, Remark.EYES_CLOSED),
        ({"lid_colour": 0.9, "lid_light": 0.5}, Remark.EYES_CLOSED),
        ({"mouth_opening": 0.12}, Remark.MOUTH_OPEN),
        ({"sharpness": 0.38}, Remark.BLURRED),
        ({"block_edges": 4.0}, Remark.BLOCKY),
        ({"brightest": 40}, Remark.DARK),
        ({"clipped_share": 0.6}, Remark.BRIGHT),
    ],
)
def test_one_measure_out_of_bounds_is_one_remark(changes: dict[str, float], remark: Remark) -> None:
    assert judge(FLAWLESS).remarks == ()
    assert judge(replace(FLAWLESS, **changes)).remarks == (remark,)


def test_remarks_come_in_one_order() -> None:
    remarks = judge(replace(FLAWLESS, clipped_share=1, mouth_opening=1, yaw_deg=30, sharpness=0)).remarks
    assert remarks == (Remark.TURNED, Remark.MOUTH_OPEN, Remark.BLURRED, Remark.BRIGHT)


@cache
def portrait() -> PhotoView:
    """The demo portrait: from the front, well lit, with dark glasses and a hat."""
    image, _ = placed_portrait((560, 480), 300, (280, 240))
    return open_enroller().look(image).faces[0].view


def checked(change: Callable[[PhotoView], NDArray[np.uint8]]) -> set[Remark]:
    return set(check_photos([PhotoView(change(portrait()), portrait().points)]).remarks)


def test_the_portraits_glasses_are_seen_and_nothing_but_its_hat_besides() -> None:
    remarks = set(check_photos([portrait()]).remarks)
    assert Remark.GLASSES in remarks
    assert remarks <= {Remark.GLASSES, Remark.FOREHEAD}


def times(gain: float) -> Callable[[PhotoView], NDArray[np.uint8]]:
    def change(view: PhotoView) -> NDArray[np.uint8]:
        changed: NDArray[np.uint8] = np.clip(view.image_bgr * np.float32(gain), 0, 255).astype(np.uint8)
        return changed

    return change


def blurred(view: PhotoView) -> NDArray[np.uint8]:
    return np.asarray(cv2.GaussianBlur(view.image_bgr, (0, 0), 3), np.uint8)


def compressed(view: PhotoView) -> NDArray[np.uint8]:
    data = cv2.imencode(".jpg", view.image_bgr, [cv2.IMWRITE_JPEG_QUALITY, 6])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def lit_from_one_side(view: PhotoView) -> NDArray[np.uint8]:
    x = np.arange(view.image_bgr.shape[1], dtype=np.float32)
    middle, width = float(view.points[:, 0].mean()), float(np.ptp(view.points[:, 0]))
    light = 0.3 + 0.7 / (1 + np.exp(-(x - middle) / width * 14))
    lit: NDArray[np.uint8] = (view.image_bgr * light[None, :, None]).astype(np.uint8)
    return lit


def ring_filled(ring: list[int], bgr: tuple[int, int, int]) -> Callable[[PhotoView], NDArray[np.uint8]]:
    def fill(view: PhotoView) -> NDArray[np.uint8]:
        image = view.image_bgr.copy()
        cv2.fillPoly(image, [np.round(view.points[ring, :2]).astype(np.int32)], bgr)
        return image

    return fill


FRINGE = [21, 54, 103, 67, 109, 10, 338, 297, 332, 284, 251, 333, 299, 337, 151, 108, 69, 104]
BEARD = [58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 410, 287, 375, 405, 314, 17, 84, 181,
         146, 57, 186]  # fmt: skip
HAND = [234, 116, 101, 36, 206, 57, 212, 214, 192, 213, 147, 123, 93]


@pytest.mark.parametrize(
    ("change", "remark"),
    [
        (blurred, Remark.BLURRED),
        (compressed, Remark.BLOCKY),
        (times(0.25), Remark.DARK),
        (times(1.8), Remark.BRIGHT),
        (lit_from_one_side, Remark.SHADOW),
        (ring_filled(FRINGE, (20, 24, 34)), Remark.FOREHEAD),
        (ring_filled(BEARD, (30, 36, 48)), Remark.COVERED),
        (ring_filled(HAND, (110, 90, 40)), Remark.COVERED),
    ],
)
def test_a_defect_put_into_the_portrait_is_seen(
    change: Callable[[PhotoView], NDArray[np.uint8]], remark: Remark
) -> None:
    assert remark not in check_photos([portrait()]).remarks or remark is Remark.FOREHEAD
    assert remark in checked(change)


def test_a_grey_photo_has_no_other_remarks_than_a_coloured_one() -> None:
    def grey(view: PhotoView) -> NDArray[np.uint8]:
        level = cv2.cvtColor(view.image_bgr, cv2.COLOR_BGR2GRAY)
        return np.asarray(cv2.cvtColor(level, cv2.COLOR_GRAY2BGR), np.uint8)

    assert checked(grey) <= {Remark.GLASSES, Remark.FOREHEAD}


@pytest.mark.parametrize(("yaw", "pitch"), [(0, 0), (30, 0), (-30, 0), (0, 25), (0, -25), (45, 10)])
def test_the_pose_is_measured(yaw: float, pitch: float) -> None:
    a, b = np.radians([yaw, pitch])
    about_y = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    points = (topology.CANONICAL @ about_x.T @ about_y.T * 10 + 150).astype(np.float32)
    found = measure(np.full((300, 300, 3), 120, np.uint8), points)
    assert found.yaw_deg == pytest.approx(yaw, abs=0.5)
    assert abs(found.pitch_deg - measure_level()) == pytest.approx(abs(pitch), abs=0.5)


def measure_level() -> float:
    """What a mesh without any tip measures: the network's own tip is taken off."""
    return measure(np.full((300, 300, 3), 120, np.uint8), topology.CANONICAL * np.float32(10) + 150).pitch_deg


@pytest.mark.parametrize("shape", [(12, 12), (40, 300), (300, 40)])
def test_a_mesh_that_reaches_far_out_of_a_small_picture_is_measured_without_trouble(shape: tuple[int, int]) -> None:
    image = np.random.default_rng(1).integers(0, 255, (*shape, 3)).astype(np.uint8)
    for scale, shift in ((0.4, 5.0), (10.0, 0.0), (10.0, 500.0)):
        found = measure(image, (topology.CANONICAL * scale + shift).astype(np.float32))
        assert all(np.isfinite(getattr(found, name)) for name in PhotoMeasures.__slots__)


PAINTINGS = {
    "la-velata": {Remark.TURNED, Remark.SHADOW},
    "mona-lisa": {Remark.SHADOW},
    "pearl-earring": {Remark.TURNED, Remark.SHADOW, Remark.FOREHEAD},
    "portrait-1884": {Remark.SMALL, Remark.SHADOW},
}


@pytest.mark.footage
@pytest.mark.skipif(not FOOTAGE.is_dir(), reason="no footage beside the checkout")
@pytest.mark.parametrize("name", PAINTINGS)
def test_paintings_get_the_remarks_that_a_person_would_make(name: str) -> None:
    found = open_enroller().look(read_image(FOOTAGE / f"target-{name}.jpg"))
    check = check_photos([found.faces[0].view])
    assert PAINTINGS[name] <= set(check.remarks)
    assert set(check.remarks) <= PAINTINGS[name] | {Remark.FOREHEAD}
    assert check.badge is Badge.FAIR


def test_several_photos_are_held_to_what_all_share() -> None:
    good = PhotoView(portrait().image_bgr, portrait().points)
    dark = PhotoView(times(0.25)(portrait()), portrait().points)
    assert check_photos([good, dark]) == PhotoCheck(
        tuple(remark for remark in check_photos([good]).remarks if remark in check_photos([dark]).remarks)
    )
    assert Remark.DARK in check_photos([dark]).remarks
    assert Remark.DARK not in check_photos([good, dark]).remarks


@pytest.mark.parametrize(("yaws", "is_turned"), [((30, 30), True), ((30, -30), False), ((30, 0), False), ((30,), True)])
def test_heads_turned_to_both_sides_make_a_whole_face(yaws: tuple[float, ...], is_turned: bool) -> None:
    views = []
    for yaw in yaws:
        a = np.radians(yaw)
        turn = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
        points = (topology.CANONICAL @ turn.T * 10 + 150).astype(np.float32)
        views.append(PhotoView(np.full((300, 300, 3), 120, np.uint8), points))
    assert (Remark.TURNED in check_photos(views).remarks) is is_turned
