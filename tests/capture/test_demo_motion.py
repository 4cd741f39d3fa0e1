"""Room: tests. The demo head's choreography: ranges, rhythm, and that it is a function of time."""

from __future__ import annotations

import math
from dataclasses import astuple
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror_app.capture.demo_motion import Expression, HeadPose, blink_window, expression_at, pose_at, speech_level

_MINUTES = np.arange(0, 600, 1 / 30)
_ANY_TIME = st.floats(0, 1e6, allow_nan=False)


@cache
def _poses() -> list[HeadPose]:
    return [pose_at(seconds) for seconds in _MINUTES]


@cache
def _expressions() -> list[Expression]:
    return [expression_at(seconds) for seconds in _MINUTES]


@pytest.mark.parametrize(("angle", "most", "at_least"), [("yaw", 18, 15), ("pitch", 8, 6), ("roll", 6, 4.5)])
def test_the_head_turns_both_ways_and_never_too_far(angle: str, most: float, at_least: float) -> None:
    degrees = np.degrees([getattr(pose, angle) for pose in _poses()])
    assert np.abs(degrees).max() <= most
    assert degrees.max() > at_least
    assert degrees.min() < -at_least


@given(_ANY_TIME)
def test_every_moment_has_one_pose_and_one_expression_within_their_ranges(seconds: float) -> None:
    pose, expression = pose_at(seconds), expression_at(seconds)
    assert (pose, expression) == (pose_at(seconds), expression_at(seconds))
    assert max(abs(pose.shift_xy[0]), abs(pose.shift_xy[1])) <= 40
    assert abs(pose.nearer) <= 0.04
    assert all(0 <= value <= 1 for value in (expression.jaw, expression.smile, expression.brow, expression.blink))
    assert -1 <= expression.wide <= 1


def test_the_head_starts_nearly_straight_with_the_mouth_shut_and_the_eyes_open() -> None:
    pose, expression = pose_at(0.0), expression_at(0.0)
    assert max(abs(math.degrees(angle)) for angle in (pose.yaw, pose.pitch, pose.roll)) < 6
    assert expression.jaw == expression.blink == 0


def test_blinks_start_two_to_five_seconds_apart_and_last_a_moment() -> None:
    windows = [blink_window(slot) for slot in range(2000)]
    apart = np.diff([start for start, _ in windows])
    lengths = np.array([length for _, length in windows])
    assert apart.min() >= 2.0
    assert apart.max() <= 5.0
    assert lengths.min() >= 0.12
    assert lengths.max() <= 0.20


def test_every_blink_shuts_the_eyes_and_opens_them_again() -> None:
    for slot in range(200):
        start, length = blink_window(slot)
        inside = [expression_at(start + part * length).blink for part in np.linspace(0, 1, 41)]
        assert max(inside) == 1.0
        assert expression_at(start - 0.01).blink == expression_at(start + length + 0.01).blink == 0.0


def test_eyes_are_open_nine_tenths_of_the_time() -> None:
    assert np.mean([expression.blink > 0 for expression in _expressions()]) < 0.1


def test_speech_has_pauses_with_the_mouth_shut_and_phrases_with_syllables() -> None:
    level = np.array([speech_level(seconds) for seconds in _MINUTES])
    jaw = np.array([expression.jaw for expression in _expressions()])
    assert 0.3 < np.mean(level > 0.5) < 0.85
    assert jaw[level == 0].max() == 0
    assert jaw.max() > 0.8
    speaking = jaw[level == 1]
    assert np.quantile(speaking, 0.1) < 0.15 < 0.35 < np.quantile(speaking, 0.9)


def test_nothing_but_the_lids_jumps_from_one_frame_to_the_next() -> None:
    yaw = np.degrees([pose.yaw for pose in _poses()])
    assert np.abs(np.diff(yaw)).max() < 1.5
    others = np.array([astuple(expression)[:4] for expression in _expressions()])
    assert np.abs(np.diff(others, axis=0)).max() < 0.5


def test_all_zero_is_the_portrait_as_it_is() -> None:
    assert astuple(Expression()) == (0.0,) * 5
