"""Room: tests. The fail-closed rule, for every order of events: what leaves never shows a bare face.

Camera pixels are painted in a colour that nothing else has. A picture that may leave must not hold one of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from numpy.typing import NDArray

from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import RenderedFrame, SafeFrame, Size, size_of
from mirror_app.pipeline.guard import HOLD_NS, Guard, why_unsafe
from mirror_app.pipeline.result import MirrorState, Unsafe

SIZES = [(32, 24), (24, 32), (64, 48)]
BARE_BGR = (255, 0, 255)
SWAPPED_BGR = (40, 160, 40)
CARD_BGR = (10, 10, 10)
EMPTY_BGR = (90, 80, 70)
MS = 1_000_000
# A cover asked for by the user is no judgement about a frame.
JUDGED = [reason for reason in Unsafe if reason not in (Unsafe.PANIC, Unsafe.RETURNING)]


def picture(size_wh: tuple[int, int], bgr: tuple[int, int, int]) -> NDArray[np.uint8]:
    image = np.empty((size_wh[1], size_wh[0], 3), np.uint8)
    image[:] = bgr
    return image


def card(size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    image = picture(size_wh, CARD_BGR)
    image.flags.writeable = False
    return image


def shows(safe: SafeFrame, bgr: tuple[int, int, int]) -> bool:
    return bool((safe.image_bgr == np.array(bgr, np.uint8)).all(-1).any())


def face(track_id: int) -> TrackedFace:
    return TrackedFace(track_id, None, np.array([1, 1, 9, 9], np.float32))


def rendered(
    index: int, time_ns: int, bgr: tuple[int, int, int], *covered_ids: int, size_wh: tuple[int, int] = SIZES[0]
) -> RenderedFrame:
    return RenderedFrame(picture(size_wh, bgr), index, time_ns, frozenset(covered_ids))


def judged(
    guard: Guard, frame: RenderedFrame, people: Sequence[TrackedFace], against: Unsafe | None
) -> tuple[MirrorState, Unsafe | None, SafeFrame]:
    """The verdict at the frame's own size."""
    state, unsafe, leaving = guard.judge(frame, people, against)
    return state, unsafe, leaving[size_of(frame.image_bgr)]


def replaced(guard: Guard, size_wh: Size, index: int, time_ns: int) -> tuple[MirrorState, SafeFrame]:
    state, leaving = guard.replace([size_wh], index, time_ns)
    return state, leaving[size_wh]


def covered_by(guard: Guard, size_wh: Size, index: int, time_ns: int) -> SafeFrame:
    return guard.cover([size_wh], index, time_ns)[size_wh]


def good_turn(guard: Guard, time_ns: int) -> None:
    """A frame whose only face is covered."""
    state, unsafe, safe = judged(guard, rendered(0, time_ns, SWAPPED_BGR, 1), [face(1)], None)
    assert (state, unsafe) == (MirrorState.LIVE, None)
    assert shows(safe, SWAPPED_BGR)


def unsafe_turn(guard: Guard, reason: Unsafe, time_ns: int, index: int = 1) -> tuple[MirrorState, SafeFrame]:
    """A frame that is not safe for this reason."""
    if reason is Unsafe.ERROR:
        return replaced(guard, SIZES[0], index, time_ns)
    covered_ids, people, against = {
        Unsafe.NO_FACE: ([], [], None),
        Unsafe.NOT_COVERED: ([], [face(1)], None),
        Unsafe.SEVERAL_FACES: ([1], [face(1), face(2)], None),
        Unsafe.SWAP_OFF: ([], [face(1)], Unsafe.SWAP_OFF),
        Unsafe.NO_TARGET: ([], [face(1)], Unsafe.NO_TARGET),
        Unsafe.LATE: ([1], [face(1)], Unsafe.LATE),
        Unsafe.NOT_CHOSEN: ([1], [face(1), face(2)], None),
    }[reason]
    frame = rendered(index, time_ns, BARE_BGR, *covered_ids)
    means = Unsafe.NOT_CHOSEN if reason is Unsafe.NOT_CHOSEN else None
    state, unsafe, leaving = guard.judge(frame, people, against, bare_means=means)
    safe = leaving[size_of(frame.image_bgr)]
    assert unsafe is reason
    return state, safe


@given(st.sets(st.integers(1, 6)), st.sets(st.integers(1, 9)))
def test_a_frame_is_safe_exactly_when_there_are_faces_and_each_is_covered(found: set[int], covered: set[int]) -> None:
    reason = why_unsafe([face(track_id) for track_id in sorted(found)], frozenset(covered))
    assert (reason is None) == (bool(found) and found <= covered)
    named = why_unsafe([face(track_id) for track_id in sorted(found)], frozenset(covered), Unsafe.NOT_CHOSEN)
    assert (named is None, named is Unsafe.NO_FACE) == (reason is None, reason is Unsafe.NO_FACE)
    if not found:
        assert reason is Unsafe.NO_FACE
    elif not found <= covered:
        assert named is Unsafe.NOT_CHOSEN
        assert reason is (Unsafe.SEVERAL_FACES if len(found) > 1 else Unsafe.NOT_COVERED)


@pytest.mark.parametrize(
    ("wait_ms", "state"),
    [(0, MirrorState.HOLD), (33, MirrorState.HOLD), (300, MirrorState.HOLD), (301, MirrorState.SHIELD)],
)
@pytest.mark.parametrize("unsafe", JUDGED)
def test_the_last_good_frame_is_held_for_300_ms_and_then_a_card_is_shown(
    wait_ms: int, state: MirrorState, unsafe: Unsafe
) -> None:
    guard = Guard(card, after_card=1)
    good_turn(guard, 0)
    found, safe = unsafe_turn(guard, unsafe, wait_ms * MS)
    assert found is state
    assert shows(safe, SWAPPED_BGR if state is MirrorState.HOLD else CARD_BGR)


def test_holding_does_not_prolong_itself() -> None:
    guard = Guard(card, after_card=1)
    good_turn(guard, 0)
    states = [unsafe_turn(guard, Unsafe.NOT_COVERED, i * 33 * MS, i)[0] for i in range(1, 15)]
    assert states == [MirrorState.HOLD] * 9 + [MirrorState.SHIELD] * 5


def test_a_clock_that_went_back_holds_nothing() -> None:
    guard = Guard(card, after_card=1)
    good_turn(guard, 500 * MS)
    state, _ = unsafe_turn(guard, Unsafe.ERROR, 400 * MS)
    assert state is MirrorState.SHIELD


def test_a_frame_too_old_to_hold_never_comes_back() -> None:
    guard = Guard(card, after_card=1)
    good_turn(guard, 0)
    unsafe_turn(guard, Unsafe.ERROR, 400 * MS, 1)
    state, _ = unsafe_turn(guard, Unsafe.ERROR, 100 * MS, 2)
    assert state is MirrorState.SHIELD


@pytest.mark.parametrize("unsafe", JUDGED)
def test_an_allowance_for_empty_frames_lets_empty_frames_pass_and_nothing_else(unsafe: Unsafe) -> None:
    state, safe = unsafe_turn(Guard(card, allow_empty=True, after_card=1), unsafe, 0)
    assert (state is MirrorState.LIVE) == (unsafe is Unsafe.NO_FACE)
    assert shows(safe, BARE_BGR) == (unsafe is Unsafe.NO_FACE)


@pytest.mark.parametrize("against", [Unsafe.SWAP_OFF, Unsafe.NO_TARGET])
@pytest.mark.parametrize("covered", [0, 1])
def test_a_reason_that_stands_before_all_others_is_given_whoever_is_covered(against: Unsafe, covered: int) -> None:
    guard, people = Guard(card, allow_empty=True, after_card=1), [face(1)][:covered]
    state, unsafe, safe = judged(guard, rendered(0, 0, BARE_BGR, *range(1, 1 + covered)), people, against)
    assert (state, unsafe) == (MirrorState.SHIELD, against)
    assert shows(safe, CARD_BGR)


@pytest.mark.parametrize("between", [None, *JUDGED])
def test_right_after_a_face_an_empty_frame_is_doubted_for_300_ms_even_where_empty_ones_may_leave(
    between: Unsafe | None,
) -> None:
    guard = Guard(card, allow_empty=True, after_card=1)
    good_turn(guard, 0)
    if between is not None:
        unsafe_turn(guard, between, 10 * MS)
    for wait_ms in (33, 150, 300):
        state, safe = unsafe_turn(guard, Unsafe.NO_FACE, wait_ms * MS)
        assert state is MirrorState.HOLD
        assert shows(safe, SWAPPED_BGR)
    for wait_ms in (311, 333, 5000):
        state, safe = unsafe_turn(guard, Unsafe.NO_FACE, wait_ms * MS)
        assert state is MirrorState.LIVE
        assert shows(safe, BARE_BGR)


def test_an_empty_frame_is_doubted_after_a_bare_face_too() -> None:
    guard = Guard(card, allow_empty=True, after_card=1)
    good_turn(guard, 0)
    states = [unsafe_turn(guard, Unsafe.NOT_COVERED, wait_ms * MS)[0] for wait_ms in range(33, 500, 33)]
    assert states[-1] is MirrorState.SHIELD
    assert unsafe_turn(guard, Unsafe.NO_FACE, 528 * MS)[0] is MirrorState.SHIELD
    assert unsafe_turn(guard, Unsafe.NO_FACE, 900 * MS)[0] is MirrorState.LIVE


def test_an_empty_frame_that_left_is_never_held() -> None:
    guard = Guard(card, allow_empty=True, after_card=1)
    unsafe_turn(guard, Unsafe.NO_FACE, 0)
    state, _ = unsafe_turn(guard, Unsafe.NOT_COVERED, 10 * MS)
    assert state is MirrorState.SHIELD


def test_what_leaves_cannot_be_painted_over() -> None:
    guard = Guard(card, allow_empty=True, after_card=1)
    leaving = [unsafe_turn(guard, Unsafe.NO_FACE, 0)[1]]
    leaving.append(judged(guard, rendered(0, 0, SWAPPED_BGR, 1), [face(1)], None)[2])
    leaving.append(unsafe_turn(guard, Unsafe.ERROR, 0)[1])
    guard.forget()
    leaving.append(unsafe_turn(guard, Unsafe.ERROR, 0)[1])
    for safe in leaving:
        with pytest.raises(ValueError, match="read-only"):
            safe.image_bgr[:] = 0


def test_a_cover_is_the_card_however_young_the_good_frame_is_and_that_frame_never_comes_back() -> None:
    guard = Guard(card, after_card=1)
    good_turn(guard, 0)
    safe = covered_by(guard, SIZES[0], 1, 1 * MS)
    assert shows(safe, CARD_BGR)
    assert not shows(safe, SWAPPED_BGR)
    state, safe = unsafe_turn(guard, Unsafe.NOT_COVERED, 2 * MS)
    assert state is MirrorState.SHIELD
    assert shows(safe, CARD_BGR)


@pytest.mark.parametrize("after_card", [1, 3, 5])
def test_after_a_card_so_many_good_frames_must_follow_each_other(after_card: int) -> None:
    guard = Guard(card, after_card=after_card)
    unsafe_turn(guard, Unsafe.NOT_COVERED, 0)
    fates: list[tuple[MirrorState, Unsafe | None]] = []
    for index in range(1, 2 * after_card):
        # One bad frame among them begins the count anew.
        if index == after_card - 1:
            unsafe_turn(guard, Unsafe.NOT_COVERED, index * 33 * MS)
            fates = []
            continue
        state, unsafe, safe = judged(guard, rendered(index, index * 33 * MS, SWAPPED_BGR, 1), [face(1)], None)
        fates.append((state, unsafe))
        assert shows(safe, SWAPPED_BGR if state is MirrorState.LIVE else CARD_BGR)
    waiting = [(MirrorState.SHIELD, Unsafe.RETURNING)] * (after_card - 1)
    assert fates[:after_card] == [*waiting, (MirrorState.LIVE, None)][: len(fates)]
    assert (MirrorState.LIVE, None) in fates


def test_a_held_frame_gives_way_to_the_first_good_one() -> None:
    guard = Guard(card, after_card=5)
    good_turn(guard, 0)
    assert unsafe_turn(guard, Unsafe.NOT_COVERED, 33 * MS)[0] is MirrorState.HOLD
    good_turn(guard, 66 * MS)


def test_one_decision_holds_for_all_sizes() -> None:
    guard = Guard(card, after_card=2)
    own, other, late = SIZES

    def turn(index: int, *, good: bool, sizes: Sequence[Size]) -> tuple[MirrorState, dict[Size, bytes]]:
        bgr = SWAPPED_BGR if good else BARE_BGR
        copies = {size: picture(size, bgr) for size in sizes}
        frame = rendered(index, index * 33 * MS, bgr, *([1] if good else []), size_wh=own)
        state, _, leaving = guard.judge(frame, [face(1)], None, copies)
        assert {size: size_of(safe.image_bgr) for size, safe in leaving.items()} == {size: size for size in leaving}
        assert not any(safe.image_bgr.flags.writeable for safe in leaving.values())
        return state, {size: bytes(safe.image_bgr[0, 0]) for size, safe in leaving.items()}

    swapped, shield = bytes(SWAPPED_BGR), bytes(CARD_BGR)
    assert turn(0, good=True, sizes=[other]) == (MirrorState.LIVE, {own: swapped, other: swapped})
    # Nothing of a size that was not wanted before can be held.
    assert turn(1, good=False, sizes=[other, late]) == (
        MirrorState.HOLD, {own: swapped, other: swapped, late: shield},
    )  # fmt: skip
    assert turn(20, good=False, sizes=[other]) == (MirrorState.SHIELD, {own: shield, other: shield})
    assert turn(21, good=True, sizes=[other]) == (MirrorState.SHIELD, {own: shield, other: shield})
    assert turn(22, good=True, sizes=[other]) == (MirrorState.LIVE, {own: swapped, other: swapped})


@pytest.mark.parametrize("wait_ms", [0, 33, 150, 301, 5000])
def test_empty_frames_may_leave_where_that_nobody_is_there_is_sure(wait_ms: int) -> None:
    guard = Guard(card, after_card=1)
    good_turn(guard, 0)
    state, unsafe, leaving = guard.judge(rendered(1, wait_ms * MS, EMPTY_BGR), [], None, nobody_is_sure=True)
    assert unsafe is Unsafe.NO_FACE
    assert state is (MirrorState.LIVE if wait_ms > 300 else MirrorState.HOLD)
    assert shows(leaving[SIZES[0]], EMPTY_BGR if wait_ms > 300 else SWAPPED_BGR)


class GuardMachine(RuleBasedStateMachine):
    """Any order of good, bare and broken frames, of time, size changes and forgetting."""

    @initialize(allow_empty=st.booleans())
    def begin(self, allow_empty: bool) -> None:
        self.allow_empty = allow_empty
        self.guard = Guard(card, allow_empty=allow_empty, after_card=1)
        self.index = -1
        self.now_ns = 10**12
        self.size_wh = SIZES[0]
        self.good: tuple[int, tuple[int, int]] | None = None
        """Time and size of the last frame with a covered face that was let through."""
        self.seen_ns: int | None = None
        """Time of the last frame with any face."""

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
        if found:
            self.seen_ns = self.now_ns
        doubtful = self.seen_ns is not None and self.now_ns - self.seen_ns <= HOLD_NS
        empty_is_fine = nobody and self.allow_empty and not doubtful
        image = SWAPPED_BGR if covered_all else EMPTY_BGR if empty_is_fine else BARE_BGR
        people = [face(track_id) for track_id in sorted(found)]
        self.index += 1
        frame = rendered(self.index, self.now_ns, image, *covered, size_wh=self.size_wh)
        state, unsafe, safe = judged(self.guard, frame, people, against)
        assert unsafe is (against or why_unsafe(people, frozenset(covered)))
        if image != BARE_BGR:
            assert state is MirrorState.LIVE
            assert shows(safe, image)
        else:
            self.check_replacement(state, safe)
        if covered_all:
            self.good = (self.now_ns, self.size_wh)
        self.check(safe)

    @rule()
    def a_failure(self) -> None:
        self.index += 1
        state, safe = replaced(self.guard, self.size_wh, self.index, self.now_ns)
        self.check_replacement(state, safe)
        self.check(safe)

    @rule()
    def a_cover(self) -> None:
        self.index += 1
        safe = covered_by(self.guard, self.size_wh, self.index, self.now_ns)
        assert shows(safe, CARD_BGR)
        self.good = None
        self.check(safe)

    def check_replacement(self, state: MirrorState, safe: SafeFrame) -> None:
        holdable = self.good is not None and self.now_ns - self.good[0] <= HOLD_NS and self.good[1] == self.size_wh
        assert state is (MirrorState.HOLD if holdable else MirrorState.SHIELD)
        assert shows(safe, SWAPPED_BGR if holdable else CARD_BGR)
        if not holdable:
            self.good = None

    def check(self, safe: SafeFrame) -> None:
        assert not shows(safe, BARE_BGR)
        assert safe.image_bgr.shape == (self.size_wh[1], self.size_wh[0], 3)
        # An output that hears nothing more counts from when the picture was taken, held or not.
        held = self.good is not None and shows(safe, SWAPPED_BGR)
        assert (safe.index, safe.captured_ns) == (self.index, self.good[0] if held and self.good else self.now_ns)
        assert not safe.image_bgr.flags.writeable


TestGuardMachine = GuardMachine.TestCase
TestGuardMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
