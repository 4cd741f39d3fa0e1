"""Room: faces. One face's mesh carried by flow from frame to frame, looked for once in each, in either thread."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.frame import Frame
from mirror_app.faces.ahead import Ahead
from mirror_app.faces.flow import Carried, PointFlow

Points = NDArray[np.float32]


class Carrier:
    """Remembers one face in one frame and finds it in the next."""

    def __init__(self) -> None:
        self._flow = PointFlow()
        self._found: tuple[Frame, Carried | None] | None = None
        # What the other thread looks for.
        self._begun: tuple[Frame, Callable[[], Carried | None]] | None = None

    def begin(self, frame: Frame, guess: Points, ahead: Ahead) -> None:
        """Begin in the other thread what will be asked for in this frame; `guess` as of `PointFlow.carried`."""
        self._end()
        self._begun = frame, ahead.carry(self._flow, frame.image_bgr, guess)

    def carried(self, frame: Frame, guess: Points) -> Carried | None:
        """The remembered mesh in this frame, as `PointFlow.carried`; what was begun for it goes by its own guess."""
        self._end()
        if self._found is None or self._found[0] is not frame:
            self._found = frame, self._flow.carried(frame.image_bgr, guess)
        return self._found[1]

    def remember(self, frame: Frame, points: Points) -> None:
        """The face lies here in this frame, (468, 3) float32, px."""
        self._end()
        self._found = None
        self._flow.remember(frame.image_bgr, points)

    def _end(self) -> None:
        """What was begun is always waited for: the flow is in one thread at a time."""
        if self._begun is not None:
            (frame, seen), self._begun = self._begun, None
            self._found = frame, seen()
