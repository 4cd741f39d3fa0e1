"""Room: pipeline. The fail-closed rule: the only maker of `SafeFrame`. Draws nothing, knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import RenderedFrame, SafeFrame, Size, size_of
from mirror_app.pipeline.result import MirrorState, Unsafe

HOLD_NS: Final = 300_000_000
"""How long the last good frame may stand in for one that may not leave."""


GOOD_FRAMES: Final = 5
"""So many frames in a row must be good before a live card gives way: one good frame between two bad ones is a flash."""


SURELY_EMPTY_FRAMES: Final = 10
"""So many frames in a row must hold nobody before that is believed: a face that was missed looks the same."""
LATE_NS: Final = 1_000_000_000
"""A live frame older than this shows what is over: nobody can trust that its maker still hears the panic key."""
NO_COPIES: Final[Mapping[Size, NDArray[np.uint8]]] = {}


def why_unsafe(
    faces: Sequence[TrackedFace], covered_ids: frozenset[int], bare_means: Unsafe | None = None
) -> Unsafe | None:
    """Why a rendered frame may not leave; None when every face found in it carries a valid patch or is pixelated.

    Args:
        faces: Every face found in it.
        covered_ids: Which of them are covered.
        bare_means: What it is called when a face is bare; None = that depends on how many there are.
    """
    bare = [face for face in faces if face.track_id not in covered_ids]
    if not faces:
        return Unsafe.NO_FACE
    if not bare:
        return None
    return bare_means or (Unsafe.SEVERAL_FACES if len(faces) > 1 else Unsafe.NOT_COVERED)


class Guard:
    """Decides for each frame what leaves the app: the frame, the last good one for a moment, or a card.

    Ways out may want pictures of several sizes: one decision holds for all of them.
    """

    def __init__(
        self,
        card: Callable[[Size], NDArray[np.uint8]],
        *,
        allow_empty: bool = False,
        after_card: int = GOOD_FRAMES,
    ) -> None:
        """Set up the guard.

        Args:
            card: Gives the read-only card for a width and height; it must hold no camera pixel.
            allow_empty: Let frames pass in which nobody was found. Only right for files, after full detection.
            after_card: So many good frames in a row end the card; the last of them is the first that leaves.
        """
        self._card = card
        self._allow_empty = allow_empty
        self._after_card = after_card
        self._last_good: dict[Size, SafeFrame] = {}
        self._face_seen_ns: int | None = None
        self._shows_card = False
        self._good_frames = 0

    def forget(self) -> None:
        """Drop the held frame: the input or the label changed."""
        self._last_good = {}

    def judge(
        self,
        rendered: RenderedFrame,
        faces: Sequence[TrackedFace],
        against: Unsafe | None,
        copies: Mapping[Size, NDArray[np.uint8]] = NO_COPIES,
        *,
        nobody_is_sure: bool = False,
        bare_means: Unsafe | None = None,
    ) -> tuple[MirrorState, Unsafe | None, Mapping[Size, SafeFrame]]:
        """Make this turn's safe frames.

        Args:
            rendered: The rendered, labelled frame; its pixels are frozen and kept when it is safe.
            faces: Every face found in it.
            against: A reason that stands before all others (swap off, no target), if there is one.
            copies: The frame at the other sizes that are wanted, labelled too; frozen and kept like the frame.
            nobody_is_sure: That nobody was found may be trusted, and the user lets empty pictures leave.
            bare_means: See `why_unsafe`.

        Returns:
            The state, why the frame itself may not leave (or was empty), and by size the only pictures that may leave.
        """
        unsafe = against or why_unsafe(faces, rendered.covered_ids, bare_means)
        if faces:
            self._face_seen_ns = rendered.captured_ns
        is_empty = unsafe is Unsafe.NO_FACE and (nobody_is_sure or self._allow_empty)
        if unsafe is None or (is_empty and not self._saw_a_face_lately(rendered.captured_ns)):
            self._good_frames += 1
            if not self._shows_card or self._good_frames >= self._after_card:
                self._shows_card = False
                pictures = {**copies, size_of(rendered.image_bgr): rendered.image_bgr}
                leaving = {size: _frozen(picture, rendered) for size, picture in pictures.items()}
                if unsafe is None:
                    self._last_good = leaving
                return MirrorState.LIVE, unsafe, leaving
            unsafe = unsafe or Unsafe.RETURNING
        else:
            self._good_frames = 0
        sizes = (size_of(rendered.image_bgr), *copies)
        state, replaced = self._replaced(sizes, rendered.index, rendered.captured_ns)
        return state, unsafe, replaced

    def _saw_a_face_lately(self, captured_ns: int) -> bool:
        """Right after a face was seen an empty frame is doubtful: the face may be half out of the picture."""
        return self._face_seen_ns is not None and 0 <= captured_ns - self._face_seen_ns <= HOLD_NS

    def replace(
        self, sizes: Sequence[Size], index: int, captured_ns: int
    ) -> tuple[MirrorState, Mapping[Size, SafeFrame]]:
        """What leaves when a frame may not: the last good frame if it is young, else the card.

        Args:
            sizes: The sizes that are wanted. The first one decides: where no good frame of it can be held, the state
                is SHIELD.
            index: Of the camera frame at whose turn it leaves.
            captured_ns: Its time.
        """
        self._good_frames = 0
        return self._replaced(sizes, index, captured_ns)

    def _replaced(
        self, sizes: Sequence[Size], index: int, captured_ns: int
    ) -> tuple[MirrorState, Mapping[Size, SafeFrame]]:
        held = self._last_good
        first = held.get(sizes[0])
        if first is None or not 0 <= captured_ns - first.captured_ns <= HOLD_NS:
            return MirrorState.SHIELD, self._covered(sizes, index, captured_ns)
        pictures = {size: held[size].image_bgr if size in held else self._card(size) for size in sizes}
        # With its own time: an output's patience runs from when it was taken, whatever becomes of the mirror meanwhile.
        since_ns = first.captured_ns
        return MirrorState.HOLD, {size: SafeFrame(picture, index, since_ns) for size, picture in pictures.items()}

    def cover(self, sizes: Sequence[Size], index: int, captured_ns: int) -> Mapping[Size, SafeFrame]:
        """The card at every size, however good the frame before was; that one is not held any more."""
        self._good_frames = 0
        return self._covered(sizes, index, captured_ns)

    def _covered(self, sizes: Sequence[Size], index: int, captured_ns: int) -> Mapping[Size, SafeFrame]:
        self.forget()
        self._shows_card = True
        return {size: SafeFrame(self._card(size), index, captured_ns) for size in sizes}


def _frozen(picture: NDArray[np.uint8], rendered: RenderedFrame) -> SafeFrame:
    picture.flags.writeable = False
    return SafeFrame(picture, rendered.index, rendered.captured_ns)
