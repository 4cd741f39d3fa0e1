"""Room: tests. The fail-closed rule, for every order of events: what leaves never shows a bare face.

Camera pixels are painted in a colour that nothing else has. A picture that may leave must not hold one of them.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from numpy.typing import NDArray

from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import RenderedFrame, SafeFrame
from mirror_app.pipeline.guard import HOLD_NS, Guard, why_unsafe
from mirror_app.pipeline.result import MirrorState, Unsafe

SIZES = [(32, 24), (24, 32), (64, 48)]
BARE_BGR = (255, 0, 255)
SWAPPED_BGR = (40, 160, 40)
CARD_BGR = (10, 10, 10)
MS = 1_000_000


def picture(size_wh: tuple[int, int], bgr: tuple[int, int, int]) -> NDArray[np.uint8]:
    image = np.empty((size_wh[1], size_wh[0], 3), np.uint8)
    image[:] = bgr
    return image


def card(size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    return picture(size_wh, CARD_BGR)


def shows(safe: SafeFrame, bgr: tuple[int, int, int]) -> bool:
    return bool((safe.image_bgr == np.array(bgr, np.uint8)).all(-1).any())


def face(track_id: int) -> TrackedFace:
    return TrackedFace(track_id, None, np.array([1, 1, 9, 9], np.float32))


def rendered(index: int, time_ns: int, size_wh: tuple[int, int], bgr: tuple[int, int, int]) -> RenderedFrame:
    return RenderedFrame(picture(size_wh, bgr), index, time_ns, frozenset())


@given(st.sets(st.integers(1, 6)), st.sets(st.integers(1, 9)))
def test_a_frame_is_safe_exactly_when_there_are_faces_and_each_is_covered(found: set[int], covered: set[int]) -> None:
    reason = why_unsafe([face(track_id) for track_id in sorted(found)], frozenset(covered))
    assert (reason is None) == (bool(found) and found <= covered)
    if not found:
        assert reason is Unsafe.NO_FACE
    elif not found <= covered:
        assert reason is (Unsafe.SEVERAL_FACES if len(found) > 1 else Unsafe.NOT_COVERED)


@pytest.mark.parametrize(
    ("wait_ms", "state"),
    [(0, MirrorState.HOLD), (33, MirrorState.HOLD), (300, MirrorState.HOLD), (301, MirrorState.SHIELD)],
)
@pytest.mark.parametrize("unsafe", list(Unsafe))
def test_the_last_good_frame_is_held_for_300_ms_and_then_a_card_is_shown(
    wait_ms: int, state: MirrorState, unsafe: Unsafe
) -> None:
    guard = Guard(card)
    guard.judge(rendered(0, 0, SIZES[0], SWAPPED_BGR), None)
    found, safe = guard.judge(rendered(1, wait_ms * MS, SIZES[0], BARE_BGR), unsafe)
    assert found is state
    assert shows(safe, SWAPPED_BGR if state is MirrorState.HOLD else CARD_BGR)


def test_holding_does_not_prolong_itself() -> None:
    guard = Guard(card)
    guard.judge(rendered(0, 0, SIZES[0], SWAPPED_BGR), None)
    states = [guard.judge(rendered(i, i * 33 * MS, SIZES[0], BARE_BGR), Unsafe.NOT_COVERED)[0] for i in range(1, 15)]
    assert states == [MirrorState.HOLD] * 9 + [MirrorState.SHIELD] * 5


def test_a_clock_that_went_back_holds_nothing() -> None:
    guard = Guard(card)
    guard.judge(rendered(0, 500 * MS, SIZES[0], SWAPPED_BGR), None)
    state, _ = guard.judge(rendered(1, 400 * MS, SIZES[0], BARE_BGR), Unsafe.ERROR)
    assert state is MirrorState.SHIELD


def test_a_frame_too_old_to_hold_never_comes_back() -> None:
    guard = Guard(card)
    guard.judge(rendered(0, 0, SIZES[0], SWAPPED_BGR), None)
    guard.judge(rendered(1, 400 * MS, SIZES[0], BARE_BGR), Unsafe.ERROR)
    state, _ = guard.judge(rendered(2, 100 * MS, SIZES[0], BARE_BGR), Unsafe.ERROR)
    assert state is MirrorState.SHIELD


@pytest.mark.parametrize("unsafe", list(Unsafe))
def test_an_allowance_for_empty_frames_lets_empty_frames_pass_and_nothing_else(unsafe: Unsafe) -> None:
    state, safe = Guard(card, allow_empty=True).judge(rendered(0, 0, SIZES[0], BARE_BGR), unsafe)
    assert (state is MirrorState.LIVE) == (unsafe is Unsafe.NO_FACE)
    assert shows(safe, BARE_BGR) == (unsafe is Unsafe.NO_FACE)


def test_what_leaves_cannot_be_painted_over() -> None:
    guard = Guard(card)
    for unsafe, image in ((None, SWAPPED_BGR), (Unsafe.ERROR, BARE_BGR)):
        _, safe = guard.judge(rendered(0, 0, SIZES[0], image), unsafe)
        assert not safe.image_bgr.flags.writeable
    guard.forget()
    _, safe = guard.replace(SIZES[0], 2, 0)
    assert not safe.image_bgr.flags.writeable


class GuardMachine(RuleBasedStateMachine):
    """Any order of good, bare and broken frames, of time, size changes and forgetting."""

    @initialize(allow_empty=st.booleans())
    def begin(self, allow_empty: bool) -> None:
        self.allow_empty = allow_empty
        self.guard = Guard(card, allow_empty=allow_empty)
        self.index = -1
        self.now_ns = 10**12
        self.size_wh = SIZES[0]
        self.good: tuple[int, tuple[int, int]] | None = None
        """Time and size of the last frame that was let through."""

    @rule(step_ms=st.integers(0, 400))
    def wait(self, step_ms: int) -> None:
        self.now_ns += step_ms * MS

    @rule(size_wh=st.sampled_from(SIZES))
    def change_size(self, size_wh: tuple[int, int]) -> None:
        self.size_wh = size_wh

    @rule()
    def forget(self) -> None:
        self.guard.forget()
        self.good = None

    @rule(
        found=st.sets(st.integers(1, 3)),
        covered=st.sets(st.integers(1, 3)),
        against=st.none() | st.sampled_from([Unsafe.SWAP_OFF, Unsafe.NO_TARGET]),
    )
    def a_frame(self, found: set[int], covered: set[int], against: Unsafe | None) -> None:
        covered_all = bool(found) and found <= covered and against is None
        nobody = not found and against is None
        image = SWAPPED_BGR if covered_all or (nobody and self.allow_empty) else BARE_BGR
        unsafe = against or why_unsafe([face(track_id) for track_id in found], frozenset(covered))
        self.index += 1
        state, safe = self.guard.judge(rendered(self.index, self.now_ns, self.size_wh, image), unsafe)
        if image == SWAPPED_BGR:
            assert state is MirrorState.LIVE
            self.good = (self.now_ns, self.size_wh)
        else:
            self.check_replacement(state, safe)
        self.check(state, safe)

    @rule()
    def a_failure(self) -> None:
        self.index += 1
        state, safe = self.guard.replace(self.size_wh, self.index, self.now_ns)
        self.check_replacement(state, safe)
        self.check(state, safe)

    def check_replacement(self, state: MirrorState, safe: SafeFrame) -> None:
        holdable = self.good is not None and self.now_ns - self.good[0] <= HOLD_NS and self.good[1] == self.size_wh
        assert state is (MirrorState.HOLD if holdable else MirrorState.SHIELD)
        assert shows(safe, SWAPPED_BGR if holdable else CARD_BGR)
        if not holdable:
            self.good = None

    def check(self, state: MirrorState, safe: SafeFrame) -> None:
        assert not shows(safe, BARE_BGR)
        assert safe.image_bgr.shape == (self.size_wh[1], self.size_wh[0], 3)
        assert (safe.index, safe.captured_ns) == (self.index, self.now_ns)
        assert not safe.image_bgr.flags.writeable


TestGuardMachine = GuardMachine.TestCase
TestGuardMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
