"""Room: tests. Glasses and hair on real camera footage, which lies outside the project."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mirror_app.capture.video_file import VideoFile
from mirror_app.domain.frame import Frame
from mirror_app.pipeline.assembly import open_tracker
from mirror_app.swap.kept import KeptFinder
from tests.swap.test_kept import FACE, kept_hair, look

FOOTAGE = Path(__file__).parents[3] / "shared" / "footage"
FRAMES = 60

pytestmark = [
    pytest.mark.footage,
    pytest.mark.skipif(not FOOTAGE.is_dir(), reason="the footage folder ../shared/footage is not there"),
]


@pytest.mark.parametrize(
    ("clip", "glasses"),
    [
        ("glasses-512.mp4", True),
        ("open-mouth-480.mp4", False),
        ("low-light-480.mp4", False),
        ("turning-720p.mp4", False),
    ],
)
def test_only_the_face_with_glasses_has_glasses(clip: str, glasses: bool) -> None:
    path = FOOTAGE / clip
    if not path.is_file():
        pytest.skip(f"the clip {clip} is not there")
    tracker, finder, worn, hair = open_tracker(), KeptFinder(), [], []
    with VideoFile(path) as video:
        for index, picture in zip(range(FRAMES), video.pictures(), strict=False):
            frame = Frame(picture.image_bgr, index, index * 33_333_333)
            tracker.follow(frame)
            tracker.scan(frame)
            (face,) = tracker.faces
            assert face.mesh is not None
            if finder.due(frame.captured_ns):
                look(finder, frame.image_bgr, face.mesh.points, frame.captured_ns)
                worn.append(finder.glasses_band() is not None)
                hair.append(float(kept_hair(finder)[FACE].mean()))
    assert set(worn) == {glasses}
    assert min(hair) > 0
    assert max(hair) < 0.15
    assert np.ptp(hair[3:]) < 0.06, "what is kept does not flicker"
