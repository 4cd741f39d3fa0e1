"""Room: pipeline. What goes into the mirror besides the frame, and what comes out. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.assignment import Empty, Glasses, Joining, LivePart, Others
from mirror_app.domain.cast import Cast
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import SafeFrame, Size
from mirror_app.domain.label import LabelStyle
from mirror_app.domain.target import TargetFace
from mirror_app.settings import DEFAULT_GLASSES, DEFAULT_JOINING, DEFAULT_LIKENESS

_JOINING: Final = Joining(DEFAULT_JOINING)
_GLASSES: Final = Glasses(DEFAULT_GLASSES)
_LABEL_STYLE: Final = LabelStyle()
_CAST: Final = Cast()
_NOTHING: Final[Mapping[int, str]] = MappingProxyType({})


class Stage(Enum):
    """The steps of one frame in the order of their record; the value is the key in `stages_ms`."""

    DECODE = "decode"
    MESH = "mesh"
    DETECT = "detect"
    SWAP = "swap"
    LABEL = "label"
    GUARD = "guard"


class MirrorState(Enum):
    """What leaves the app at this moment."""

    LIVE = "live"
    """Every face in the frame is covered: the frame itself may leave."""
    HOLD = "hold"
    """The last good frame is repeated, for at most 300 ms."""
    SHIELD = "shield"
    """A card is shown instead of the camera picture."""


class Unsafe(Enum):
    """Why the frame itself may not leave; the value is a stable key for translations and JSON."""

    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    NOT_COVERED = "not_covered"
    NOT_CHOSEN = "not_chosen"
    """Only chosen people wear a target, and somebody else is there, or somebody who is not recognised yet."""
    SWAP_OFF = "swap_off"
    NO_TARGET = "no_target"
    ERROR = "error"
    RETURNING = "returning"
    """The frame is good, but the card stays until some more are."""
    LATE = "late"
    """The frame was in work for too long: what it shows is over."""
    PANIC = "panic"
    """The user covered the mirror at once, see `MirrorControls.shield`."""


@dataclass(frozen=True, slots=True, eq=False)
class MirrorControls:
    """What the user chose; replaced as a whole, read once at the start of every frame.

    Attributes:
        target: The face to wear; None = none picked. Where people are chosen by hand, `cast` says what they wear.
        cast: Who wears it, or another one.
        recognises: True follows and recognises up to six people where one wears the target, too: the user wants to see
            who is who, or is choosing.
        swap_on: False shows the camera picture (locally only).
        label_on: The visible "AI generated" mark.
        label_style: How it looks.
        likeness: 0..1, how far the face's shape goes toward the target's.
        joining: How the face is joined to the picture.
        glasses: What becomes of glasses on the live face.
        kept: Parts of the live face that stay. The mesh engine always keeps both.
        others: What becomes of faces that wear no target.
        empty: What leaves while nobody is in the picture.
        shield: True covers everything, what leaves and what the window shows, until it is False again.
    """

    target: TargetFace | None = None
    cast: Cast = _CAST
    recognises: bool = False
    swap_on: bool = True
    label_on: bool = True
    label_style: LabelStyle = _LABEL_STYLE
    likeness: float = DEFAULT_LIKENESS
    joining: Joining = _JOINING
    glasses: Glasses = _GLASSES
    kept: frozenset[LivePart] = frozenset()
    others: Others = Others.SHIELD
    empty: Empty = Empty.SHIELD
    shield: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class MirrorResult:
    """One turn of the mirror.

    Attributes:
        index: Index of the camera frame.
        captured_ns: Its hand-over time, `time.monotonic_ns()`.
        finished_ns: When the result was ready.
        state: What `safe` holds.
        unsafe: Why the frame itself may not leave; None when state is LIVE.
        message: A sentence about it when `unsafe` is ERROR, else "".
        original_bgr: (H, W, 3) uint8, the camera picture, for hold-to-compare in the local window only; the card
            when `unsafe` is ERROR or PANIC.
        preview_bgr: (H, W, 3) uint8, the picture for the local window: the labelled swap, or the camera picture.
        safe: What may leave at the camera's own size: the frame, the held frame or the card.
        leaving: The same for every size that ways out asked for, each labelled for its size.
        faces: The faces found.
        worn: By `TrackedFace.track_id`, the name of the target that covers the face in this frame, whether it leaves or
            not. Whoever is pixelated or bare is not among them.
        stages_ms: Milliseconds spent per `Stage` value.
        economy: What is saved to keep up with the camera, a sentence; "" = nothing.
        label_style: How the mark in `preview_bgr` looks, where there is one.
    """

    index: int
    captured_ns: int
    finished_ns: int
    state: MirrorState
    unsafe: Unsafe | None
    message: str
    original_bgr: NDArray[np.uint8]
    preview_bgr: NDArray[np.uint8]
    safe: SafeFrame
    leaving: Mapping[Size, SafeFrame]
    faces: tuple[TrackedFace, ...]
    stages_ms: Mapping[str, float]
    label_style: LabelStyle = _LABEL_STYLE
    economy: str = ""
    worn: Mapping[int, str] = field(default_factory=lambda: _NOTHING)
