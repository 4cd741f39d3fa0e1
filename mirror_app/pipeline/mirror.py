"""Room: pipeline. One frame through all rooms, in order. No threads, no Qt."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from mirror_app.compose.card import shield_card
from mirror_app.compose.label import Label
from mirror_app.domain.assignment import Assignment
from mirror_app.domain.errors import MirrorError
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame, PendingFrame, RenderedFrame, SafeFrame
from mirror_app.domain.sentence import Sentence
from mirror_app.faces.track import FaceTracker
from mirror_app.pipeline.guard import Guard
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
        self, tracker: FaceTracker, renderer: FaceRenderer, *, allow_empty: bool = False, why: Callable[[], str] = str
    ) -> None:
        """Join the rooms.

        Args:
            tracker: Finds and follows faces.
            renderer: Replaces them.
            allow_empty: See `Guard`.
            why: Says why this way of swapping was taken, and what does not run as it was meant to; asked every frame.
        """
        self.controls = MirrorControls()
        self._why = why
        self._tracker = tracker
        self._renderer = renderer
        self._label = Label()
        self._guard = Guard(self._labelled_card, allow_empty=allow_empty)
        # Where empty frames may leave, the guard must hear of every face seen: the frame after it may be half empty.
        self._may_rest = not allow_empty
        self._label_was_on = True
        self._card = np.zeros((0, 0, 3), np.uint8)
        self._card_for: tuple[tuple[int, int], bool] | None = None
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

    def reset(self) -> None:
        """Forget faces and the held frame: the next frame comes from elsewhere."""
        self._tracker.reset()
        self._guard.forget()
        self._last_frame = None

    def process(self, pending: PendingFrame) -> MirrorResult:
        """Run one frame. Never raises for a bad frame or a failing network: it fails closed and says why."""
        controls, timer = self.controls, StageTimer()
        if controls.label_on != self._label_was_on:
            self._label_was_on = controls.label_on
            self._guard.forget()
        if controls.shield:
            return self._cover(pending, timer)
        result = self._attempt(pending, controls, timer)
        # The user may have covered the mirror while this frame was in work.
        return self._cover(pending, timer) if self.controls.shield else result

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
        """Look around for newcomers now, before the next frame comes, so that no frame waits for the look.

        May be called after each `process`, from the same thread; without it the looks run inside `process`.
        """
        if self._last_frame is None:
            return
        try:
            self._tracker.use_spare_time(self._last_frame)
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
        with timer(Stage.MESH):
            self._tracker.follow(frame)
        with timer(Stage.DETECT):
            self._tracker.scan(frame)
        self._last_frame = frame
        faces = self._tracker.faces
        with timer(Stage.SWAP):
            rendered = self._renderer.render(frame, _assign(faces, controls), controls.joining)
        with timer(Stage.LABEL):
            if controls.label_on and rendered.covered_ids:
                self._label.draw(rendered.image_bgr, [face.box_xyxy for face in faces])
        with timer(Stage.GUARD):
            state, unsafe, safe = self._guard.judge(rendered, faces, _against(controls))
        return _result(frame, rendered, state, unsafe, safe, faces, timer)

    def _rest(self, frame: Frame, timer: StageTimer) -> MirrorResult:
        """Without a swap nothing leaves, whoever is in the picture: the networks rest, and begin anew with the swap."""
        self._tracker.reset()
        with timer(Stage.GUARD):
            state, safe = self._guard.replace(self._last_size_wh, frame.index, frame.captured_ns)
        return MirrorResult(
            index=frame.index, captured_ns=frame.captured_ns, finished_ns=time.monotonic_ns(), state=state,
            unsafe=Unsafe.SWAP_OFF, message="", original_bgr=frame.image_bgr, preview_bgr=frame.image_bgr, safe=safe,
            faces=(), stages_ms=timer.milliseconds,
        )  # fmt: skip

    def _fail(self, pending: PendingFrame, message: str, timer: StageTimer) -> MirrorResult:
        self._last_failure = message
        self._tracker.reset()
        state, safe = self._guard.replace(self._last_size_wh, pending.index, pending.captured_ns)
        return self._card_result(state, Unsafe.ERROR, message, safe, timer)

    def _cover(self, pending: PendingFrame, timer: StageTimer) -> MirrorResult:
        """The panic card. A frame that comes while it is on is not even decoded."""
        self.reset()
        safe = self._guard.cover(self._last_size_wh, pending.index, pending.captured_ns)
        return self._card_result(MirrorState.SHIELD, Unsafe.PANIC, "", safe, timer)

    def _card_result(
        self, state: MirrorState, unsafe: Unsafe, message: str, safe: SafeFrame, timer: StageTimer
    ) -> MirrorResult:
        """A result that shows the card wherever the camera picture would be."""
        card = self._labelled_card(self._last_size_wh)
        return MirrorResult(
            index=safe.index, captured_ns=safe.captured_ns, finished_ns=time.monotonic_ns(), state=state,
            unsafe=unsafe, message=message, original_bgr=card, preview_bgr=card, safe=safe, faces=(),
            stages_ms=timer.milliseconds,
        )  # fmt: skip

    def _labelled_card(self, size_wh: tuple[int, int]) -> NDArray[np.uint8]:
        wanted = (size_wh, self._label_was_on)
        if self._card_for != wanted:
            card = shield_card(size_wh)
            if self._label_was_on:
                Label().draw(card)
            card.flags.writeable = False
            self._card, self._card_for = card, wanted
        return self._card


def _assign(faces: tuple[TrackedFace, ...], controls: MirrorControls) -> list[Assignment]:
    target = controls.target
    if not controls.swap_on or target is None:
        return []
    return [
        Assignment(face, target, controls.likeness, controls.glasses, controls.kept)
        for face in faces
        if face.mesh is not None
    ]


def _against(controls: MirrorControls) -> Unsafe | None:
    if not controls.swap_on:
        return Unsafe.SWAP_OFF
    return Unsafe.NO_TARGET if controls.target is None else None


def _result(
    frame: Frame,
    rendered: RenderedFrame,
    state: MirrorState,
    unsafe: Unsafe | None,
    safe: SafeFrame,
    faces: tuple[TrackedFace, ...],
    timer: StageTimer,
) -> MirrorResult:
    return MirrorResult(
        index=frame.index, captured_ns=frame.captured_ns, finished_ns=time.monotonic_ns(), state=state, unsafe=unsafe,
        message="", original_bgr=frame.image_bgr, preview_bgr=rendered.image_bgr, safe=safe, faces=faces,
        stages_ms=timer.milliseconds,
    )  # fmt: skip
