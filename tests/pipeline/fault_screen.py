"""Room: tests. What a fault run looks at and counts: an output over the real `Current`, and the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from mirror_app.deliver.current import Current
from mirror_app.deliver.protocol import OutputReport
from mirror_app.domain.frame import SafeFrame, Size
from mirror_app.pipeline.cards import Cards


@dataclass
class Tally:
    """What a run found."""

    frames: int = 0
    live: int = 0
    pictures: int = 0
    unsafe: Counter[str] = field(default_factory=Counter)
    not_held: Counter[str] = field(default_factory=Counter)
    slow_returns: Counter[str] = field(default_factory=Counter)
    injected: Counter[str] = field(default_factory=Counter)
    longest_return: int = 0
    card_ms: float = 0.0
    panic_ms: float = 0.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.frames + other.frames, self.live + other.live, self.pictures + other.pictures,
            self.unsafe + other.unsafe, self.not_held + other.not_held, self.slow_returns + other.slow_returns,
            self.injected + other.injected, max(self.longest_return, other.longest_return),
            max(self.card_ms, other.card_ms), max(self.panic_ms, other.panic_ms),
        )  # fmt: skip


class Screen:
    """An output with the real `Current` that looks at everything it gets and shows."""

    def __init__(self, size_wh: Size, card: SafeFrame, now_ns: Callable[[], int], see: Callable[[SafeFrame], None]):
        self.size_wh, self.current, self.see = size_wh, Current(card, now_ns=now_ns), see
        self.error: Exception | None = None
        # The mirror's own card has no label where the user wants none.
        self.cards = (card.image_bgr, Cards().of(size_wh, label_on=False))

    def send(self, frame: SafeFrame) -> None:
        if self.error is not None:
            raise self.error
        self.see(frame)
        self.current.put(frame)

    def report(self) -> OutputReport:
        return OutputReport(0, 0, 0)

    def close(self) -> None:
        """Nothing to end."""

    @property
    def shows_card(self) -> bool:
        shown = self.current.now().image_bgr
        return any(np.array_equal(shown, card) for card in self.cards)
