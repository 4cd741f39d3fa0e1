"""Room: swap. When another target is picked, the old one's looks become the new one's. No meshes, no frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.target import TargetFace
from mirror_app.imaging.resample import resized

_FADE_NS: Final = 300_000_000
# Looks older than this were not what was seen just before: the new ones are worn at once.
_LONGEST_GAP_NS: Final = 250_000_000


@dataclass(frozen=True, slots=True, eq=False)
class EyeWish:
    """What the live eyes are to look like.

    Attributes:
        tone: (3,) float32, see `TargetFace.eye_tone`.
        share: 0..1 of the way there; 0 leaves the live eyes as they are.
    """

    tone: NDArray[np.float32]
    share: float


class Fade:
    """How far the new looks have come."""

    def __init__(self) -> None:
        self._began_ns: int | None = None
        self._worn_ns: int | None = None

    def begin(self, now_ns: int) -> bool:
        """Start from what was worn last; False when that is too long ago to start from."""
        is_recent = self._worn_ns is not None and 0 <= now_ns - self._worn_ns <= _LONGEST_GAP_NS
        self._began_ns = now_ns if is_recent else None
        return is_recent

    def stop(self) -> None:
        """Wear what there is, from the next frame on."""
        self._began_ns = self._worn_ns = None

    def share(self, now_ns: int) -> float:
        """0..1, the part that the new looks have in this frame; slow at both ends."""
        self._worn_ns = now_ns
        if self._began_ns is None:
            return 1.0
        part = (now_ns - self._began_ns) / _FADE_NS
        if not 0 <= part < 1:
            self._began_ns = None
            return 1.0
        return part * part * (3 - 2 * part)


class Crossfade:
    """Blends a target's lit texture and eyes with what was worn before it, for 300 ms."""

    def __init__(self) -> None:
        self._fade = Fade()
        self._shown: NDArray[np.uint8] | None = None
        self._going: NDArray[np.uint8] | None = None
        self._blend = np.empty((0, 0, 4), np.uint8)
        self._shown_eyes = self._going_eyes = EyeWish(np.zeros(3, np.float32), 0.0)
        self.share = 1.0
        """The part that the new target has in the newest frame."""

    def begin(self, now_ns: int) -> None:
        """From this frame on another target comes; what was shown last, be it a blend itself, begins to go."""
        self._going = self._shown.copy() if self._fade.begin(now_ns) and self._shown is not None else None
        self._going_eyes = self._shown_eyes

    def stop(self) -> None:
        """Another face: what the last one wore is nothing to start from."""
        self._fade.stop()
        self._shown = self._going = None

    def step(self, now_ns: int) -> None:
        """Go on to this frame."""
        self.share = self._fade.share(now_ns)
        if self.share == 1:
            self._going = None

    def eyes(self, target: TargetFace) -> EyeWish:
        """What the eyes are to look like in this frame."""
        tone = target.eye_tone
        new = EyeWish(self._going_eyes.tone, 0.0) if tone is None else EyeWish(tone, target.colour_follow)
        self._shown_eyes = new if self._going is None else _mixed(self._going_eyes, new, self.share)
        return self._shown_eyes

    def texture(self, lit_bgra: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The texture to show in this frame.

        Args:
            lit_bgra: (side, side, 4) uint8, the new target's; not changed later.

        Returns:
            (side, side, 4) uint8; each value between those of the old texture and the new. Valid until the next call.
        """
        if self._going is None:
            self._shown = lit_bgra
            return lit_bgra
        side = lit_bgra.shape[0]
        if self._going.shape != lit_bgra.shape:
            self._going = resized(self._going, (side, side))
        if self._blend.shape != lit_bgra.shape:
            self._blend = np.empty_like(lit_bgra)
        cv2.addWeighted(lit_bgra, self.share, self._going, 1 - self.share, 0, dst=self._blend)
        self._shown = self._blend
        return self._blend


def _mixed(old: EyeWish, new: EyeWish, share: float) -> EyeWish:
    # A target without a tone has the other's tone at share 0: the mixture only grows or fades.
    old_tone = new.tone if old.share == 0 else old.tone
    tone = old_tone + np.float32(share) * (new.tone - old_tone)
    return EyeWish(tone, old.share + share * (new.share - old.share))
