"""Room: tests. How long the rest of a batch takes."""

from __future__ import annotations

import pytest

from mirror_app.pipeline.batch_eta import BatchEta, Load

VIDEO, LARGE, PICTURE = Load(True, 100), Load(True, 300), Load(False, 5_000_000)


@pytest.mark.parametrize(
    ("done", "waiting", "now", "expected"),
    [
        ([], [VIDEO], None, None),
        ([], [], (VIDEO, 0.0, 3.0), None),
        ([], [], (VIDEO, 0.25, 10.0), 30.0),
        ([], [LARGE], (VIDEO, 0.5, 10.0), 70.0),
        ([(VIDEO, 20.0)], [LARGE], None, 60.0),
        ([(VIDEO, 20.0)], [LARGE], (VIDEO, 0.5, 10.0), 70.0),
        ([], [PICTURE, PICTURE], None, 2.0),
        ([(PICTURE, 4.0)], [PICTURE], None, 4.0),
        ([(PICTURE, 4.0)], [PICTURE, VIDEO], None, None),
        ([(PICTURE, 4.0), (VIDEO, 10.0)], [PICTURE, VIDEO], None, 14.0),
        ([(VIDEO, 10.0)], [], None, 0.0),
    ],
)
def test_the_time_left_follows_from_what_the_parts_took(
    done: list[tuple[Load, float]], waiting: list[Load], now: tuple[Load, float, float] | None, expected: float | None
) -> None:
    eta = BatchEta()
    for load, spent_s in done:
        eta.done(load, spent_s)
    left_s = eta.left_s(waiting, *now) if now is not None else eta.left_s(waiting)
    assert left_s == (None if expected is None else pytest.approx(expected))
