"""Room: tests. The tracker on real camera footage, which lies outside the project."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mirror_app.capture.video_file import VideoFile
from mirror_app.domain.frame import Frame
from mirror_app.pipeline.assembly import open_tracker

FOOTAGE = Path(__file__).parents[3] / "shared" / "footage"
FRAMES = 40

pytestmark = [
    pytest.mark.footage,
    pytest.mark.skipif(not FOOTAGE.is_dir(), reason="the footage folder ../shared/footage is not there"),
]


@pytest.mark.parametrize("clip", ["open-mouth-480.mp4", "low-light-480.mp4", "glasses-512.mp4", "turning-720p.mp4"])
def test_the_one_face_of_a_clip_is_followed_in_every_frame_under_one_id(clip: str) -> None:
    path = FOOTAGE / clip
    if not path.is_file():
        pytest.skip(f"the clip {clip} is not there")
    tracker = open_tracker()
    ids, centres, heights = set(), [], []
    with VideoFile(path) as video:
        for index, picture in zip(range(FRAMES), video.pictures(), strict=False):
            frame = Frame(picture.image_bgr, index, index * 33_333_333)
            tracker.follow(frame)
            tracker.scan(frame)
            (face,) = tracker.faces
            assert face.mesh is not None, f"frame {index}"
            ids.add(face.track_id)
            centres.append(face.mesh.points[:, :2].mean(0))
            heights.append(float(np.ptp(face.mesh.points[:, 1])))
    assert len(centres) == FRAMES
    assert len(ids) == 1
    steps = np.linalg.norm(np.diff(centres, axis=0), axis=1) / np.median(heights)
    assert steps.max() < 0.2, "a face does not jump by a fifth of its height within a frame"
    assert max(heights) < 2 * min(heights)
