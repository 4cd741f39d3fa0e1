"""Room: tests. A picture stands for 350 ms after it was taken and after it came, by the output's clock; then a card."""

from __future__ import annotations

import numpy as np
import pytest

from mirror_app.deliver.current import PATIENCE_NS, Current
from mirror_app.domain.frame import SafeFrame

MS = 1_000_000
NOW = 10**12


def picture(captured_ns: int, side: int = 4) -> SafeFrame:
    return SafeFrame(np.zeros((side, side, 3), np.uint8), 0, captured_ns)


@pytest.mark.parametrize(
    ("taken_ms", "looked_ms", "is_shown"),
    [
        (0, 0, True), (0, 350, True), (0, 351, False), (-200, 150, True), (-200, 151, False), (-400, 0, False),
        (0, -1, False), (1000, 0, False), (1000, 1000, False), (1000, 1200, False), (100, 100, True), (100, 351, False),
    ],
)  # fmt: skip
def test_a_picture_stands_while_it_is_young(taken_ms: int, looked_ms: int, is_shown: bool) -> None:
    now_ns, card = [NOW], picture(NOW)
    current = Current(card, now_ns=lambda: now_ns[0])
    taken = picture(NOW + taken_ms * MS)
    current.put(taken)
    now_ns[0] += looked_ms * MS
    assert current.now() is (taken if is_shown else card)
    assert PATIENCE_NS == 350 * MS


def test_a_picture_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="expected"):
        Current(picture(NOW)).put(picture(NOW, 5))
