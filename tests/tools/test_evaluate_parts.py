"""Room: tests. What the evaluation runs on, its limits, and its contact sheets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mirror_app.capture.demo_look import LOOKS
from mirror_app.domain.errors import InputError
from mirror_app.imaging.files import write_image
from mirror_app.tools.evaluate_clips import MASKS_EVERY, demo_clips, demo_photo, footage_clips, footage_targets
from mirror_app.tools.evaluate_figures import Figures
from mirror_app.tools.evaluate_limits import LIMITS, PHOTO, Limit, limits_broken
from mirror_app.tools.evaluate_sheet import MOMENTS, ContactSheet
from tests.fakes import make_video, picture
from tests.portrait import demo_frame


def _figures(clip: str = "plain", target: str = PHOTO, **changed: object) -> Figures:
    good: dict[str, float | None] = dict.fromkeys(
        ("yaw_error", "yaw_ceiling", "flicker_ratio", "sharpness_ratio", "blotch_ratio", "seam", "background_changed",
         "ms_p50")
    )  # fmt: skip
    return Figures(clip, target, 10, **{"covered": 1.0, "lost": 0, **good, **changed}, expression={}, ceiling={})  # type: ignore[arg-type]


def test_the_demo_has_every_look_and_lamps_know_what_they_are_compared_with() -> None:
    clips = demo_clips(3)
    assert [clip.name for clip in clips] == list(LOOKS)
    assert clips[0].name == "plain"
    assert {clip.name: clip.unlit for clip in clips if clip.unlit} == dict.fromkeys(
        ("turning lamp", "mixed lamps", "warm lamp", "dim room", "over-exposed"), "plain"
    )


def test_a_demo_clip_tells_the_truth_of_every_frame_and_masks_of_some() -> None:
    shots = list(demo_clips(MASKS_EVERY + 1)[0].shots())
    assert len(shots) == MASKS_EVERY + 1
    assert all(shot.true_points is not None for shot in shots)
    assert [turn for turn, shot in enumerate(shots) if shot.masks is not None] == [0, MASKS_EVERY]


def test_the_demo_photo_shows_another_head_than_the_demo() -> None:
    photo = demo_photo()
    assert photo.shape == (720, 1280, 3)
    assert np.abs(photo[:, ::-1].astype(int) - demo_frame(15).frame.image_bgr).mean() > 3


def test_a_folder_gives_its_videos_and_its_target_pictures(tmp_path: Path) -> None:
    make_video(tmp_path / "b.mp4", frames=12)
    make_video(tmp_path / "a.mp4", frames=5)
    write_image(tmp_path / "target-one.jpg", picture(40, 30))
    write_image(tmp_path / "other.jpg", picture(40, 30))
    clips = footage_clips(tmp_path, 8)
    assert [(clip.name, clip.frames) for clip in clips] == [("a", 5), ("b", 8)]
    assert [[shot.frame.index for shot in clip.shots()] for clip in clips] == [list(range(5)), list(range(8))]
    assert footage_targets(tmp_path) == [tmp_path / "target-one.jpg"]


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_a_folder_with_nothing_to_run_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"\.$"):
        footage_clips(tmp_path / name)
    with pytest.raises(InputError, match=r"\.$"):
        footage_targets(tmp_path / name)


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: f"{limit.figure} {limit.target}")
def test_every_limit_names_a_figure_and_is_kept_between_its_ends_only(limit: Limit) -> None:
    assert hasattr(Figures, limit.figure) or limit.figure in Figures.__slots__
    assert limit.low <= limit.high
    if limit.figure in Figures.__slots__:
        worse = _figures("plain", PHOTO, **{limit.figure: limit.high + 0.01})
        assert any(limit.figure in sentence for sentence in limits_broken([worse]))


def test_a_painted_face_need_not_look_like_skin() -> None:
    assert limits_broken([_figures(sharpness_ratio=3.0)])
    assert not limits_broken([_figures(target="tiger", sharpness_ratio=3.0)])
    assert not limits_broken([_figures()])


def test_the_worst_moving_feature_counts() -> None:
    one = Figures(
        "c", "t", 9, covered=1, lost=0, expression={"yaw": 0.9, "mouth_open": 0.7, "left_eye": None},
        ceiling={"yaw": 0.95, "mouth_open": 0.72, "left_eye": 0.4}, yaw_error=0, yaw_ceiling=0, flicker_ratio=1,
        sharpness_ratio=1, blotch_ratio=1, seam=0, background_changed=0, ms_p50=1,
    )  # fmt: skip
    assert one.least_kept == 0.7
    assert one.expression_gap == pytest.approx(0.05)


def test_a_sheet_shows_equal_moments_of_original_and_swap_one_above_the_other() -> None:
    sheet = ContactSheet("plain - 照片", 20)
    demo = demo_frame(0)
    for turn in range(20):
        sheet.add(turn, demo.frame.image_bgr, np.zeros_like(demo.frame.image_bgr), demo.mesh_points)
    drawn = sheet.draw()
    head = drawn.shape[0] - 800
    assert drawn.shape == (800 + head, 320 * MOMENTS, 3)
    assert drawn[:head].max() > 150, "the title"
    assert drawn[head : head + 400].mean() > 60
    assert drawn[head + 400 :].max() == 0


def test_a_sheet_without_a_face_shows_the_whole_picture_and_one_without_frames_is_empty() -> None:
    sheet = ContactSheet("nobody", 3)
    assert sheet.draw().shape[1] == 320
    white = np.full((90, 160, 3), 255, np.uint8)
    for turn in range(3):
        sheet.add(turn, white, white, None)
    assert sheet.draw()[200, 160].min() == 255
