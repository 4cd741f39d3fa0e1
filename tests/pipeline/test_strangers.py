"""Room: tests. With the shipped networks: who walks by is pixelated, and only a picture that is surely empty leaves."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.assignment import Empty, Others
from mirror_app.domain.frame import Frame
from mirror_app.pipeline.assembly import open_mirror
from mirror_app.pipeline.guard import SURELY_EMPTY_FRAMES
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.pipeline.result import MirrorControls, MirrorResult, MirrorState
from tests.portrait import FRAME_NS, placed_portrait, plain_target

WIDTH, HEIGHT = 640, 360
# A newcomer of whom half is in the picture may pass so long: all quarters of the frame have had their turn then.
NOTICED_AFTER = 4


class Room:
    """A mirror, and who stands where."""

    def __init__(self, *, others: Others = Others.SHIELD, empty: Empty = Empty.SHIELD) -> None:
        self.mirror: MirrorPipeline = open_mirror("mesh")
        self.mirror.controls = MirrorControls(target=plain_target(), others=others, empty=empty)
        self.index = 0
        self.user = placed_portrait((WIDTH, HEIGHT), 150, (200, 190))[0]
        self.wall = cv2.GaussianBlur(self.user, (0, 0), 60)

    def turn(self, image: NDArray[np.uint8]) -> MirrorResult:
        image.flags.writeable = False
        self.index += 1
        result = self.mirror.process(Frame(image, self.index, 10**12 + self.index * FRAME_NS))
        self.mirror.use_spare_time()
        return result

    def with_face(
        self, image: NDArray[np.uint8], height: float, centre: tuple[float, float], light: float = 1.0
    ) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
        """The picture with one more person, and px of that face in the picture."""
        portrait, points = placed_portrait((WIDTH, HEIGHT), height, centre, demo_index=40)
        x0, y0 = np.clip(points.min(0) - 0.2 * height, 0, [WIDTH, HEIGHT]).astype(int)
        x1, y1 = np.clip(points.max(0) + 0.2 * height, 0, [WIDTH, HEIGHT]).astype(int)
        made = image.copy()
        made[y0:y1, x0:x1] = portrait[y0:y1, x0:x1] * light
        inside = ((points >= 0) & (points < [WIDTH, HEIGHT])).all(1)
        return made, points[inside].astype(np.intp)


@pytest.mark.parametrize(("height", "speed"), [(100, 8), (100, 40), (70, 20)])
def test_who_walks_by_behind_the_user_is_pixelated_soon_after_half_of_the_face_is_in(height: int, speed: int) -> None:
    room = Room(others=Others.BLUR)
    for _ in range(6):
        assert room.turn(room.user.copy()).state is MirrorState.LIVE
    seen = live = 0
    for x in range(WIDTH + height // 2, 380, -speed):
        image, face = room.with_face(room.user, height, (x, 120))
        result = room.turn(image)
        seen += len(face) > 234
        if result.state is MirrorState.LIVE and seen > NOTICED_AFTER:
            live += 1
            shown, real = (picture[face[:, 1], face[:, 0]].astype(int) for picture in (result.safe.image_bgr, image))
            assert (np.abs(shown - real).max(1) <= 2).mean() < 0.3, (x, seen)
    assert live > 0


@pytest.mark.parametrize("others", list(Others))
def test_the_user_who_is_lost_while_a_stranger_is_there_never_passes_bare(others: Others) -> None:
    room = Room(others=others)
    both, _ = room.with_face(room.user, 100, (480, 120))
    for _ in range(8):
        room.turn(both.copy())
    # The user's head is turned so far that no network sees it: a blot where the face was.
    lost = both.copy()
    lost[110:270, 130:270] = cv2.GaussianBlur(lost[110:270, 130:270], (0, 0), 25)
    for _ in range(30):
        assert room.turn(lost.copy()).state is not MirrorState.LIVE


@pytest.mark.parametrize(
    ("height", "centre", "light"),
    [(150, (0, 180), 1.0), (150, (WIDTH - 10, 180), 1.0), (45, (400, 120), 1.0), (150, (320, 180), 0.25)],
    ids=["half in at the left", "half in at the right", "far", "dark"],
)
def test_an_empty_picture_leaves_after_a_sure_search_and_no_more_when_anybody_comes(
    height: int, centre: tuple[int, int], light: float
) -> None:
    room = Room(empty=Empty.PASS)
    states = [room.turn(np.ascontiguousarray(room.wall)).state for _ in range(SURELY_EMPTY_FRAMES + 8)]
    assert MirrorState.LIVE not in states[: SURELY_EMPTY_FRAMES - 1]
    assert states[-1] is MirrorState.LIVE
    image, face = room.with_face(np.asarray(room.wall * light, np.uint8), height, centre, light)
    for _ in range(3):
        result = room.turn(image.copy())
        if result.state is MirrorState.LIVE:
            shown, real = (picture[face[:, 1], face[:, 0]].astype(int) for picture in (result.safe.image_bgr, image))
            assert (np.abs(shown - real).max(1) <= 2).mean() < 0.5
