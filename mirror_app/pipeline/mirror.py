"""Room: pipeline. One frame through all rooms, in order. No threads, no Qt."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from mirror_app.compose.label import Label
from mirror_app.domain.assignment import Empty, Others
from mirror_app.domain.errors import MirrorError
from mirror_app.domain.frame import Frame, PendingFrame, SafeFrame, Size
from mirror_app.domain.label import LabelStyle
from mirror_app.domain.sentence import Sentence
from mirror_app.faces.hands import HandFinder
from mirror_app.faces.people import People
from mirror_app.faces.track import FaceTracker
from mirror_app.pipeline.cards import Cards
from mirror_app.pipeline.casting import MOST_FOLLOWED, cast_faces, followed_by, why_against, with_others_hidden
from mirror_app.pipeline.economy import Economy
from mirror_app.pipeline.guard import GOOD_FRAMES, SURELY_EMPTY_FRAMES, Guard
from mirror_app.pipeline.programme import Programme
from mirror_app.pipeline.result import MirrorControls, MirrorResult, MirrorState, Stage, Unsafe
from mirror_app.render.protocol import FaceRenderer

_LOG = logging.getLogger(__name__)
_UNKNOWN_SIZE_WH = (1280, 720)


class StageTimer:
    """Milliseconds per stage of one frame."""

    def __init__(self) -> None:
        self._ms = {stage.value: 0.0 for stage in Stage}

    @contextmanager
    def __call__(self, stage: Stage) -> Iterator[None]:
        """Time what runs inside the `with` block."""
        begun = time.perf_counter_ns()
        try:
            yield
        finally:
            self._ms[stage.value] += (time.perf_counter_ns() - begun) * 1e-6

    @property
    def milliseconds(self) -> Mapping[str, float]:
        """Milliseconds per `Stage` value."""
        return self._ms


class MirrorPipeline:
    """The mirror: a camera frame in, what to show and what may leave out.

    `process` and `reset` belong to one thread; `controls` may be replaced from any thread.
    """

    def __init__(
        self,
        tracker: FaceTracker,
        renderer: FaceRenderer,
        *,
        allow_empty: bool = False,
        after_card: int = GOOD_FRAMES,
        late_after_ns: int | None = None,
        why: Callable[[], str] = str,
        economy: Economy | None = None,
        hands: HandFinder | None = None,
    ) -> None:
        """Join the rooms.

        Args:
            tracker: Finds and follows faces.
            renderer: Replaces them.
            allow_empty: See `Guard`.
            after_card: See `Guard`.
            late_after_ns: A frame that is older than this when it is ready may not leave; None = it may, however old.
            why: Says why this way of swapping was taken, and what does not run as it was meant to; asked every frame.
            economy: Saves time where frames do not keep up with the camera; None = every frame takes what it takes.
            hands: Finds hands before faces; None = nobody looks for them.
        """
        self.controls = MirrorControls()
        self.sizes: tuple[Size, ...] = ()
        """The sizes that ways out want, besides the camera's own; replaced as a whole, from any thread."""
        self._why = why
        self._economy = economy
        self._late_after_ns = late_after_ns
        self._tracker = tracker
        self._hands = hands
        self._renderer = renderer
        self._label = Label()
        self._guard = Guard(self._labelled_card, allow_empty=allow_empty, after_card=after_card)
        self._programme = Programme()
        # Where empty frames may leave, the guard must hear of every face seen: the frame after it may be half empty.
        self._may_rest = not allow_empty
        self._label_was_on, self._label_style = True, LabelStyle()
        self._cards = Cards()
        self._last_size_wh = _UNKNOWN_SIZE_WH
        self._last_failure = ""
        self._last_frame: Frame | None = None

    @property
    def engine(self) -> str:
        """Name of the way of swapping, as in `--engine`."""
        return self._renderer.engine

    @property
    def device(self) -> str:
        """Where it runs, for people."""
        return self._renderer.device

    @property
    def why(self) -> str:
        """A sentence about why it is this engine."""
        return self._renderer.aside or self._why()

    @property
    def trouble(self) -> str:
        """A sentence about why the way of swapping that was taken is out of use; "" while it is not."""
        return self._renderer.trouble

    @property
    def people(self) -> People:
        """Whom it knows by the numbers in `MirrorControls.cast`.

        A mirror that takes another one's place gets that one's people: numbers of its own would mean others.
        """
        return self._tracker.people

    @people.setter
    def people(self, people: People) -> None:
        self._tracker.people = people

    def reset(self) -> None:
        """Forget faces and the held frame: the next frame comes from elsewhere."""
        self._tracker.reset()
        if self._hands is not None:
            self._hands.forget()
        self._guard.forget()
        self._last_frame = None

    def process(self, pending: PendingFrame) -> MirrorResult:
        """Run one frame. Never raises for a bad frame or a failing network: it fails closed and says why."""
        controls, timer = self.controls, StageTimer()
        self._heed_label(controls)
        if controls.shield:
            return self._cover(pending, timer)
        result = self._attempt(pending, controls, timer)
        # The user may have covered the mirror while this frame was in work.
        return self._cover(pending, timer) if self.controls.shield else result

    def _heed_label(self, controls: MirrorControls) -> None:
        """A held frame with another label, or none, must not stand in for one of now."""
        if (controls.label_on, controls.label_style) == (self._label_was_on, self._label_style):
            return
        if controls.label_style != self._label_style:
            self._label = Label(controls.label_style)
        self._label_was_on, self._label_style = controls.label_on, controls.label_style
        self._guard.forget()

    def _attempt(self, pending: PendingFrame, controls: MirrorControls, timer: StageTimer) -> MirrorResult:
        try:
            result = self._run(pending, controls, timer)
        except MirrorError as error:
            return self._fail(pending, error.sentence, timer)
        # The one catch point: whatever goes wrong inside a frame, no camera picture may leave.
        except Exception as error:  # noqa: BLE001
            message = Sentence("A frame could not be processed ({kind}).", kind=type(error).__name__)
            if message != self._last_failure:
                _LOG.exception("frame %d failed", pending.index)
            return self._fail(pending, message, timer)
        self._last_failure = ""
        return result

    def use_spare_time(self) -> None:
        """Look around for newcomers or for hands, before the next frame comes, so that no frame waits for the look.

        May be called after each `process`, from the same thread; without it the looks run inside `process`.
        """
        if self._last_frame is None:
            return
        try:
            begun = time.perf_counter_ns()
            has_looked = self._tracker.use_spare_time(self._last_frame)
            if self._hands is not None and not has_looked:
                self._hands.use_spare_time(self._last_frame, self._tracker.faces)
            if self._economy is not None:
                self._economy.spend_spare((time.perf_counter_ns() - begun) * 1e-6)
        # As for a frame, whatever goes wrong: the next one starts anew, and reports it if it lasts.
        except Exception:  # noqa: BLE001
            self._tracker.reset()

    def _run(self, pending: PendingFrame, controls: MirrorControls, timer: StageTimer) -> MirrorResult:
        with timer(Stage.DECODE):
            self._last_frame = None
            frame = pending.decode()
        self._last_size_wh = (frame.image_bgr.shape[1], frame.image_bgr.shape[0])
        if self._may_rest and not controls.swap_on:
            return self._rest(frame, timer)
        self._tracker.minds_others = controls.others is Others.BLUR
        self._tracker.follows = MOST_FOLLOWED if controls.recognises else followed_by(controls.cast.wearers)
        self._tracker.minds_empty = controls.empty is Empty.PASS
        with timer(Stage.MESH):
            self._tracker.follow(frame)
        with timer(Stage.DETECT):
            self._tracker.scan(frame)
            faces = self._tracker.faces if self._hands is None else self._hands.seen_at(frame, self._tracker.faces)
        self._last_frame = frame
        with timer(Stage.SWAP):
            casting = cast_faces(faces, controls)
            hidden = casting.to_hide(faces) if controls.others is Others.BLUR else ()
            rendered = self._renderer.render(frame, casting.assignments, controls.joining, hidden)
            rendered = with_others_hidden(rendered, hidden, controls.cast.wearers)
        self._tracker.behind_things = rendered.behind_ids | {face.track_id for face in faces if len(face.hands)}
        with timer(Stage.LABEL):
            copies = self._programme.draw(
                rendered, faces, self.sizes, label_on=controls.label_on, style=controls.label_style
            )
            if controls.label_on and rendered.covered_ids:
                self._label.draw(rendered.image_bgr, [face.box_xyxy for face in faces])
        with timer(Stage.GUARD):
            against = why_against(controls) or self._lateness(frame) or self._missing()
            is_sure = controls.empty is Empty.PASS and self._tracker.empty_frames >= SURELY_EMPTY_FRAMES
            complaint = casting.complaint(controls.cast.wearers, rendered.covered_ids)
            state, unsafe, leaving = self._guard.judge(
                rendered, faces, against, copies, nobody_is_sure=is_sure, bare_means=complaint
            )
        return MirrorResult(
            index=frame.index, captured_ns=frame.captured_ns, finished_ns=time.monotonic_ns(), state=state,
            unsafe=unsafe, message="", original_bgr=frame.image_bgr, preview_bgr=rendered.image_bgr,
            safe=leaving[self._last_size_wh], leaving=leaving, faces=faces, stages_ms=timer.milliseconds,
            label_style=controls.label_style, worn=casting.worn(rendered), economy=self._balance(frame, timer),
        )  # fmt: skip

    def _balance(self, frame: Frame, timer: StageTimer) -> str:
        """Count what a frame took; what is saved, for people."""
        if self._economy is None:
            return ""
        self._economy.end_frame(frame, sum(timer.milliseconds.values()))
        return self._economy.sentence(self.engine)

    def _lateness(self, frame: Frame) -> Unsafe | None:
        late = self._late_after_ns is not None and time.monotonic_ns() - frame.captured_ns > self._late_after_ns
        return Unsafe.LATE if late else None

    def _missing(self) -> Unsafe | None:
        """The face that should be covered may be there, unseen, beside one that is."""
        return Unsafe.NOT_COVERED if self._tracker.misses_one else None

    def _rest(self, frame: Frame, timer: StageTimer) -> MirrorResult:
        """Without a swap nothing leaves, whoever is in the picture: the networks rest, and begin anew with the swap."""
        self._tracker.reset()
        with timer(Stage.GUARD):
            state, leaving = self._guard.replace(self._all_sizes(), frame.index, frame.captured_ns)
        return MirrorResult(
            index=frame.index, captured_ns=frame.captured_ns, finished_ns=time.monotonic_ns(), state=state,
            unsafe=Unsafe.SWAP_OFF, message="", original_bgr=frame.image_bgr, preview_bgr=frame.image_bgr,
            safe=leaving[self._last_size_wh], leaving=leaving, faces=(), stages_ms=timer.milliseconds,
        )  # fmt: skip

    def _all_sizes(self) -> tuple[Size, ...]:
        """The camera's own size first."""
        return tuple(dict.fromkeys((self._last_size_wh, *self.sizes)))

    def _fail(self, pending: PendingFrame, message: str, timer: StageTimer) -> MirrorResult:
        self._last_failure = message
        self._tracker.reset()
        state, leaving = self._guard.replace(self._all_sizes(), pending.index, pending.captured_ns)
        return self._card_result(pending, state, Unsafe.ERROR, message, leaving, timer)

    def _cover(self, pending: PendingFrame, timer: StageTimer) -> MirrorResult:
        """The panic card. A frame that comes while it is on is not even decoded."""
        self.reset()
        leaving = self._guard.cover(self._all_sizes(), pending.index, pending.captured_ns)
        return self._card_result(pending, MirrorState.SHIELD, Unsafe.PANIC, "", leaving, timer)

    def _card_result(
        self,
        pending: PendingFrame,
        state: MirrorState,
        unsafe: Unsafe,
        message: str,
        leaving: Mapping[Size, SafeFrame],
        timer: StageTimer,
    ) -> MirrorResult:
        """A result that shows the card wherever the camera picture would be."""
        card = self._labelled_card(self._last_size_wh)
        return MirrorResult(
            index=pending.index, captured_ns=pending.captured_ns, finished_ns=time.monotonic_ns(), state=state,
            unsafe=unsafe, message=message, original_bgr=card, preview_bgr=card, safe=leaving[self._last_size_wh],
            leaving=leaving, faces=(), stages_ms=timer.milliseconds,
        )  # fmt: skip

    def _labelled_card(self, size_wh: Size) -> NDArray[np.uint8]:
        return self._cards.of(size_wh, label_on=self._label_was_on, style=self._label_style)
