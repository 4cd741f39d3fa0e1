"""Room: capture. What the demo head does when: pose and expression as functions of time. No pixels, no state."""

from __future__ import annotations

import math
from dataclasses import dataclass

_MASK = (1 << 64) - 1

_BLINK_EVERY_S = 3.5
_BLINK_JITTER_S = 1.5
_PHRASE_EVERY_S = 5.2
_SYLLABLE_S = 0.205


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Where the head and the body are, relative to the portrait.

    Attributes:
        yaw: Radians; positive turns the nose to the right of the picture.
        pitch: Radians; positive lowers the nose.
        roll: Radians; positive leans the crown to the right of the picture.
        shift_xy: How far the head moved, px of the 1280x720 scene.
        nearer: 0.03 = the head looks 3 % larger.
        body_xy: How far the shoulders moved, px of the scene.
        body_roll: Radians, as `roll`.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    shift_xy: tuple[float, float] = (0.0, 0.0)
    nearer: float = 0.0
    body_xy: tuple[float, float] = (0.0, 0.0)
    body_roll: float = 0.0


@dataclass(frozen=True, slots=True)
class Expression:
    """How much of each movement the face makes; all zero = the portrait as it is.

    Attributes:
        jaw: 0 = lips closed, 1 = lips 26 px apart at the portrait's own size.
        wide: -1 = lips rounded, +1 = lips spread.
        smile: 0..1, corners of the mouth and cheeks rise.
        brow: 0..1, eyebrows rise.
        blink: 0 = eyes open, 1 = eyes shut.
    """

    jaw: float = 0.0
    wide: float = 0.0
    smile: float = 0.0
    brow: float = 0.0
    blink: float = 0.0


def pose_at(seconds: float) -> HeadPose:
    """The pose at a time; within yaw 18, pitch 8 and roll 6 degrees, and never quite the same twice."""
    talk = speech_level(seconds)
    nod = 0.5 + 0.5 * math.sin(math.tau * seconds / 0.83)
    yaw = 18.0 * _sway(seconds, (0.62, 11.3, 0.0), (0.26, 4.73, 0.9), (0.12, 2.39, 2.1))
    pitch = 8.0 * (
        0.85 * _sway(seconds, (0.5, 8.9, 2.9), (0.35, 3.71, 0.0), (0.15, 1.93, 1.1)) + 0.15 * talk * (2 * nod - 1)
    )
    roll = 6.0 * _sway(seconds, (0.6, 12.7, 0.3), (0.3, 5.29, 2.6), (0.1, 2.03, 0.5))
    sway = _sway(seconds, (0.7, 13.9, 0.2), (0.3, 6.1, 1.7))
    breath = math.sin(math.tau * seconds / 3.9)
    body_xy = (16.0 * sway, 2.2 * breath)
    return HeadPose(
        yaw=math.radians(yaw),
        pitch=math.radians(pitch),
        roll=math.radians(roll),
        shift_xy=(
            26.0 * sway + 8.0 * _sway(seconds, (1.0, 3.3, 0.0)),
            body_xy[1] + 7.0 * _sway(seconds, (0.6, 7.7, 1.0), (0.4, 2.9, 0.0)),
        ),
        nearer=0.035 * _sway(seconds, (0.7, 9.7, 0.0), (0.3, 4.1, 2.0)) + 0.003 * breath,
        body_xy=body_xy,
        body_roll=math.radians(1.1 * sway),
    )


def expression_at(seconds: float) -> Expression:
    """The expression at a time: speech with pauses, a blink every 2 to 5 seconds, brows on some stressed syllables."""
    talk = speech_level(seconds)
    jaw, wide = _syllables(seconds)
    idle_smile = 0.5 + 0.5 * _sway(seconds, (0.7, 17.3, 1.0), (0.3, 6.7, 0.0))
    return Expression(
        jaw=min(1.0, talk * jaw),
        wide=max(-1.0, min(1.0, talk * wide)),
        smile=0.75 * idle_smile * (1.0 - 0.6 * talk),
        brow=_brow(seconds),
        blink=_blink(seconds),
    )


def speech_level(seconds: float) -> float:
    """0 in a pause, 1 inside a phrase, eased in between. A phrase lasts 2.6 to 4.2 s and starts every 5.2 s."""
    slot = math.floor(seconds / _PHRASE_EVERY_S)
    into = seconds - slot * _PHRASE_EVERY_S
    begin = 0.5
    end = begin + 2.6 + 1.6 * _chance(slot, 1)
    return _ease(into, begin, begin + 0.18) * (1.0 - _ease(into, end - 0.3, end))


def blink_window(slot: int) -> tuple[float, float]:
    """Start and length (0.12 to 0.2) in seconds of the one blink of a 3.5 s slot; starts lie 2.0 to 5.0 s apart."""
    return slot * _BLINK_EVERY_S + 0.9 + _BLINK_JITTER_S * _chance(slot, 2), 0.12 + 0.08 * _chance(slot, 3)


def _blink(seconds: float) -> float:
    start, length = blink_window(math.floor(seconds / _BLINK_EVERY_S))
    part = (seconds - start) / length
    # Lids fall faster than they rise and rest on each other for about a quarter of the time. The last eighth of the way
    # goes unseen behind the lashes.
    return min(1.0, 1.12 * _ease(part, 0.0, 0.36) * (1.0 - _ease(part, 0.55, 1.0)))


def _brow(seconds: float) -> float:
    slot = math.floor(seconds / 4.3)
    into = seconds - slot * 4.3 - 2.2 * _chance(slot, 4)
    return (0.35 + 0.65 * _chance(slot, 5)) * _ease(into, 0.0, 0.28) * (1.0 - _ease(into, 0.6, 1.3))


def _syllables(seconds: float) -> tuple[float, float]:
    """Jaw opening and lip width of a babble: about five syllables a second, each with its own vowel."""
    now = math.floor(seconds / _SYLLABLE_S)
    jaw = wide = 0.0
    for beat in (now - 1, now, now + 1, now + 2):
        centre = (beat + 0.22 * (_chance(beat, 6) - 0.5)) * _SYLLABLE_S
        reach = abs(seconds - centre) / (0.68 * _SYLLABLE_S)
        if reach < 1.0:
            bump = 0.5 + 0.5 * math.cos(math.pi * reach)
            jaw += bump * (0.12 + 0.83 * _chance(beat, 7) ** 1.3)
            wide += bump * (1.5 * _chance(beat, 8) - 0.85)
    return jaw, wide


def _sway(seconds: float, *waves: tuple[float, float, float]) -> float:
    """Sum of sines given as (amplitude, period in seconds, phase in radians); amplitudes add up to at most 1."""
    return sum(amplitude * math.sin(math.tau * seconds / period + phase) for amplitude, period, phase in waves)


def _ease(value: float, start: float, end: float) -> float:
    part = min(1.0, max(0.0, (value - start) / (end - start)))
    return part * part * (3.0 - 2.0 * part)


def _chance(slot: int, salt: int) -> float:
    """A number in 0..1 that looks random and depends on its arguments only (splitmix64's finaliser)."""
    mixed = (slot * 0x9E3779B97F4A7C15 + salt * 0xD1B54A32D192ED03) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
    return (mixed ^ (mixed >> 31)) / _MASK
