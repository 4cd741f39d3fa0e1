"""Room: tests. Real footage tiled into a video of several people, which lies outside the project."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mirror_app.domain.errors import InputError
from mirror_app.tools.people_tiles import tiled_clip

FOOTAGE = Path(__file__).parents[3] / "shared" / "footage"


@pytest.mark.footage
@pytest.mark.skipif(not FOOTAGE.is_dir(), reason="the footage folder ../shared/footage is not there")
def test_four_videos_move_over_each_other_and_the_truth_moves_along() -> None:
    clip = tiled_clip(FOOTAGE, 0.2)
    shots = list(clip.shots())
    assert clip.frames == len(shots) == 6
    for shot in shots:
        assert shot.frame.image_bgr.shape == (720, 1280, 3)
        assert sum(one.visible > 0.9 for one in shot.people.values()) >= 3
    first, last = (shot.people[1].box_xyxy for shot in (shots[0], shots[-1]))
    assert first is not None
    assert last is not None
    assert last[0] > first[0], "the left tiles begin with a move to the right"
    assert not np.array_equal(shots[0].frame.image_bgr, shots[-1].frame.image_bgr)


def test_a_folder_without_videos_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="video"):
        tiled_clip(tmp_path, 1.0)
