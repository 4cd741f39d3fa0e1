"""Room: pipeline. The fail-closed rule: the only maker of `SafeFrame`. Draws nothing, knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import RenderedFrame, SafeFrame
from mirror_app.pipeline.result import MirrorState, Unsafe

HOLD_NS: Final = 300_000_000
"""How long the last good frame may stand in for one that may not leave."""


def why_unsafe(faces: Sequence[TrackedFace], covered_ids: frozenset[int]) -> Unsafe | None:
    """Why a rendered frame may not leave; None when every face found in it carries a valid patch."""
    bare = [face for face in faces if face.track_id not in covered_ids]
    if not faces:
        return Unsafe.NO_FACE
    if not bare:
        return None
    return Unsafe.SEVERAL_FACES if len(faces) > 1 else Unsafe.NOT_COVERED


class Guard:
    """Decides for each frame what leaves the app: the frame, the last good one for a moment, or a card."""

    def __init__(self, card: Callable[[tuple[int, int]], NDArray[np.uint8]], *, allow_empty: bool = False) -> None:
        """Set up the guard.

        Args:
            card: Gives the read-only card for a width and height; it must hold no camera pixel.
            allow_empty: Let frames pass in which nobody was found. Only right for files, after full detection.
        """
        self._card = card
        self._allow_empty = allow_empty
        self._last_good: SafeFrame | None = None
        self._face_seen_ns: int | None = None

    def forget(self) -> None:
        """Drop the held frame: the input or the label changed."""
        self._last_good = None

    def judge(
        self, rendered: RenderedFrame, faces: Sequence[TrackedFace], against: Unsafe | None
    ) -> tuple[MirrorState, Unsafe | None, SafeFrame]:
        """Make this turn's safe frame.

        Args:
            rendered: The rendered, labelled frame; its pixels are frozen and kept when it is safe.
            faces: Every face found in it.
            against: A reason that stands before all others (swap off, no target), if there is one.

        Returns:
            The state, why the frame itself may not leave (or was empty), and the only picture that may leave.
        """
        unsafe = against or why_unsafe(faces, rendered.covered_ids)
        if faces:
            self._face_seen_ns = rendered.captured_ns
        if unsafe is None or (unsafe is Unsafe.NO_FACE and self._empty_is_fine(rendered.captured_ns)):
            rendered.image_bgr.flags.writeable = False
            safe = SafeFrame(rendered.image_bgr, rendered.index, rendered.captured_ns)
            if unsafe is None:
                self._last_good = safe
            return MirrorState.LIVE, unsafe, safe
        size_wh = (rendered.image_bgr.shape[1], rendered.image_bgr.shape[0])
        state, safe = self.replace(size_wh, rendered.index, rendered.captured_ns)
        return state, unsafe, safe

    def _empty_is_fine(self, captured_ns: int) -> bool:
        """Right after a face was seen an empty frame is doubtful: the face may be half out of the picture."""
        seen_ns = self._face_seen_ns
        return self._allow_empty and (seen_ns is None or not 0 <= captured_ns - seen_ns <= HOLD_NS)

    def replace(self, size_wh: tuple[int, int], index: int, captured_ns: int) -> tuple[MirrorState, SafeFrame]:
        """What leaves when a frame may not: the last good frame if it is young and of this size, else the card."""
        held = self._last_good
        if held is not None:
            young = 0 <= captured_ns - held.captured_ns <= HOLD_NS
            if young and held.image_bgr.shape[1::-1] == size_wh:
                return MirrorState.HOLD, SafeFrame(held.image_bgr, index, captured_ns)
        return MirrorState.SHIELD, self.cover(size_wh, index, captured_ns)

    def cover(self, size_wh: tuple[int, int], index: int, captured_ns: int) -> SafeFrame:
        """The card, however good the frame before was; that one is not held any more."""
        self.forget()
        return SafeFrame(self._card(size_wh), index, captured_ns)
