"""Room: tests. Whatever comes in whatever order: no bare face leaves; what leaves is in order, sized and labelled."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from mirror_app.domain.cast import Cast, Wearers
from mirror_app.domain.errors import InputError, ModelError
from mirror_app.domain.face import TrackedFace
from mirror_app.pipeline.result import MirrorControls, MirrorResult, MirrorState, Stage, Unsafe
from tests.pipeline.scripted import BARE_BGR, SIZE_WH, SWAPPED_BGR, TARGET, Studio, a_face, is_labelled, shows

HOLD_MS = 300
MOSTLY = st.sampled_from([True, True, True, False])
SEAT_SETS = st.sets(st.integers(0, 2))
FEW_SEATS = st.just(set[int]()) | SEAT_SETS


@dataclass(frozen=True)
class Step:
    """What happens in one frame."""

    seats: set[int]
    meshless: set[int]
    failing: set[int]
    swap_on: bool
    has_target: bool
    label_on: bool
    breaks: str
    step_ms: int
    size_wh: tuple[int, int]
    reset: bool

    def faces(self) -> list[TrackedFace]:
        return [a_face(seat + 1, seat, with_mesh=seat not in self.meshless) for seat in sorted(self.seats)]

    @property
    def swaps(self) -> bool:
        return self.swap_on and self.has_target and not self.breaks

    @property
    def is_covered(self) -> bool:
        """Whether this frame shows faces, all covered, told from the script alone."""
        return self.swaps and bool(self.seats) and not self.seats & (self.meshless | self.failing)

    @property
    def is_empty(self) -> bool:
        return self.swaps and not self.seats


def as_it_goes(step: Step, allow_empty: bool) -> Step:
    """What can break in a step: without a swap the live mirror asks neither networks nor renderer."""
    rests = not step.swap_on and not allow_empty
    return replace(step, breaks="") if rests and step.breaks != "decode" else step


class Doubt:
    """Whether an empty frame comes so soon after a face that the face may still be half there."""

    def __init__(self) -> None:
        self.seen_ns: int | None = None

    def empty_may_leave(self, step: Step, now_ns: int) -> bool:
        """Take one step; then tell."""
        if step.seats and not step.breaks:
            self.seen_ns = now_ns
        return self.seen_ns is None or now_ns - self.seen_ns > HOLD_MS * 1_000_000


steps = st.builds(
    Step,
    seats=SEAT_SETS,
    meshless=FEW_SEATS,
    failing=FEW_SEATS,
    swap_on=MOSTLY,
    has_target=MOSTLY,
    label_on=st.booleans(),
    breaks=st.sampled_from(["", "", "", "", "decode", "follow", "scan", "render"]),
    step_ms=st.sampled_from([1, 33, 33, 150, 400]),
    size_wh=st.sampled_from([SIZE_WH, SIZE_WH, (200, 150)]),
    reset=st.sampled_from([False, False, False, True]),
)


def play(studio: Studio, step: Step) -> MirrorResult:
    if step.reset:
        studio.mirror.reset()
    studio.mirror.controls = MirrorControls(
        target=TARGET if step.has_target else None,
        cast=Cast(Wearers.ALL),
        swap_on=step.swap_on,
        label_on=step.label_on,
    )
    error = ModelError("The network failed.")
    studio.renderer.failing = {seat + 1 for seat in step.failing}
    studio.tracker.follow_error = error if step.breaks == "follow" else None
    studio.tracker.scan_error = error if step.breaks == "scan" else None
    studio.renderer.error = error if step.breaks == "render" else None
    decode_error = InputError("No picture.") if step.breaks == "decode" else None
    return studio.turn(*step.faces(), step_ms=step.step_ms, size_wh=step.size_wh, decode_error=decode_error)


@given(st.booleans(), st.sampled_from([SIZE_WH, (200, 150)]), st.lists(steps, min_size=1, max_size=10))
@settings(max_examples=50)
def test_no_bare_face_ever_leaves(allow_empty: bool, size_wh: tuple[int, int], script: list[Step]) -> None:
    studio, doubt = Studio(allow_empty=allow_empty), Doubt()
    for step in script:
        # Frames may be allowed to be empty in files alone, and a file's frames are all of one size.
        if allow_empty:
            step = replace(step, size_wh=size_wh)
        result, step = play(studio, step), as_it_goes(step, allow_empty)
        assert not shows(result.safe.image_bgr, BARE_BGR)
        empty_may_leave = doubt.empty_may_leave(step, studio.now_ns) and allow_empty
        assert (result.state is MirrorState.LIVE) == (step.is_covered or (step.is_empty and empty_may_leave))
        assert (result.unsafe is None) == (result.state is MirrorState.LIVE and bool(step.seats))
        assert (result.unsafe is Unsafe.ERROR) == bool(step.breaks)
        assert bool(result.message) == bool(step.breaks)


@given(st.lists(steps, min_size=1, max_size=10))
@settings(max_examples=40)
def test_what_leaves_is_in_order_of_the_right_size_and_labelled_as_asked(script: list[Step]) -> None:
    studio, last_live_ns, sizes = Studio(), -(10**12), []
    for step in script:
        result = play(studio, step)
        image = result.safe.image_bgr
        taken_ns = last_live_ns if result.state is MirrorState.HOLD else studio.now_ns
        assert (result.safe.index, result.safe.captured_ns) == (studio.index, taken_ns)
        assert list(result.stages_ms) == [stage.value for stage in Stage]
        if result.state is MirrorState.LIVE:
            last_live_ns = studio.now_ns
        elif result.state is MirrorState.HOLD:
            assert shows(image, SWAPPED_BGR)
            assert studio.now_ns - last_live_ns <= HOLD_MS * 1_000_000
        assert is_labelled(image) == step.label_on
        if step.breaks != "decode":
            sizes.append(step.size_wh)
        assert (image.shape[1], image.shape[0]) == (sizes[-1] if sizes else (1280, 720))
