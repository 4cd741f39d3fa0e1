"""Room: tests. A watched swapper shows every patch and changes none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import FacePatch
from mirror_app.swap.watched import WatchedSwapper
from tests.portrait import plain_target


class _Swapper:
    engine = "fake"
    device = "nowhere"
    trouble = "out of ink"
    aside = "for now"

    def __init__(self) -> None:
        self.made: list[FacePatch] = []

    def generate(self, frame: Frame, assignments: Sequence[Assignment]) -> list[FacePatch]:
        patches = [FacePatch(np.zeros((2, 2, 3), np.uint8), np.ones((2, 2), np.float32), (0, 0)) for _ in assignments]
        self.made += patches
        return patches


def test_every_patch_is_shown_as_it_is_handed_on() -> None:
    inner = _Swapper()
    seen: list[FacePatch] = []
    watched = WatchedSwapper(inner, seen.append)
    assert (watched.engine, watched.device) == ("fake", "nowhere")
    assert (watched.trouble, watched.aside) == ("out of ink", "for now")
    frame = Frame(np.zeros((4, 4, 3), np.uint8), 0, 0)
    assignment = Assignment(TrackedFace(1, None, np.zeros(4, np.float32)), plain_target(), 1.0)
    given = watched.generate(frame, [assignment, assignment])
    assert all(a is b is c for a, b, c in zip(given, seen, inner.made, strict=True))
