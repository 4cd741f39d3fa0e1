"""Room: tests. How often a face that can be seen leaves bare: `python -m tests.benchmarks.bare`, some minutes.

The film of the demo camera with four people goes through the mirror for files; everybody wears a face, others are
pixelated. A face is bare where the picture round a point of its mesh that can be seen has hardly changed.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo_people import PersonTruth
from mirror_app.capture.demo_people_camera import FILM_FPS, FILM_FRAMES, FourPeople
from mirror_app.cli.target_option import choose_target
from mirror_app.domain.assignment import Others
from mirror_app.domain.cast import Cast, Wearers
from mirror_app.pipeline.assembly import open_mirror
from mirror_app.pipeline.result import MirrorControls, MirrorState

_LEAST_VISIBLE: Final = 0.25
_LEAST_POINTS: Final = 60
_CHANGED_LEVELS: Final = 9.0
_BARE: Final = 0.5
_NS_PER_FRAME: Final = 1_000_000_000 // FILM_FPS


def covered_share(truth: PersonTruth, changed: NDArray[np.float32]) -> float | None:
    """Share of her visible points round which the picture changed; None where too little of her is seen.

    Args:
        truth: Where she is.
        changed: (H, W) float32, mean change of the picture in grey levels.
    """
    if truth.mesh_points is None or truth.visible < _LEAST_VISIBLE:
        return None
    across, down = np.rint(truth.mesh_points[truth.visible_points, :2]).astype(int).T
    if len(across) < _LEAST_POINTS:
        return None
    return float((changed[down, across] > _CHANGED_LEVELS).mean())


def main() -> int:
    """Say who was bare in which frame."""
    people, mirror = FourPeople(), open_mirror("mesh", thorough=True)
    mirror.controls = MirrorControls(
        target=choose_target("tiger", None).face, cast=Cast(Wearers.ALL), others=Others.BLUR, label_on=False
    )
    seen = left = bare = 0
    for number in range(FILM_FRAMES):
        shot = people.draw(number)
        result = mirror.process(replace(shot.frame, index=number, captured_ns=number * _NS_PER_FRAME))
        if result.state is not MirrorState.LIVE:
            continue
        left += 1
        difference = cv2.absdiff(shot.frame.image_bgr, result.safe.image_bgr).max(axis=2)
        changed = cv2.blur(difference.astype(np.float32), (5, 5))
        for person, truth in shot.people.items():
            share = covered_share(truth, np.asarray(changed, np.float32))
            seen += share is not None
            if share is not None and share < _BARE:
                bare += 1
                line = f"frame {number}: person {person}, {truth.visible:.0%} of her seen, {share:.0%} covered\n"
                sys.stdout.write(line)
    sys.stdout.write(f"{left} of {FILM_FRAMES} frames left; {bare} of {seen} faces in them were bare\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
