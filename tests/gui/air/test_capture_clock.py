"""Room: tests. When samples sounded is told by their count, not by when a busy program came to read them."""

from __future__ import annotations

import random

from mirror_app.gui.air.capture_clock import CaptureClock

NS = 1_000_000_000
RATE_HZ = 48_000
BLOCK = 480


def test_late_reading_moves_no_sample() -> None:
    clock, chance = CaptureClock(RATE_HZ), random.Random(1)
    for number in range(2000):
        sounded_ns = number * BLOCK * NS // RATE_HZ
        late_ns = 0 if number % 50 == 0 else chance.randrange(400_000_000)
        at_ns = clock.first_ns(BLOCK, 0, sounded_ns + BLOCK * NS // RATE_HZ + late_ns)
        assert abs(at_ns - sounded_ns) <= 1000


def test_what_still_waits_in_the_device_counts_as_sounded() -> None:
    clock = CaptureClock(RATE_HZ)
    assert clock.first_ns(BLOCK, BLOCK, 3 * NS) == 3 * NS - 2 * BLOCK * NS // RATE_HZ


def test_a_clock_that_is_off_and_lost_samples_are_followed() -> None:
    clock, hz = CaptureClock(RATE_HZ), RATE_HZ * 1.0002
    gap_ns = 0
    for number in range(60_000):
        gap_ns = 500_000_000 if number >= 30_000 else 0
        sounded_ns = round(number * BLOCK / hz * NS) + gap_ns
        at_ns = clock.first_ns(BLOCK, 0, sounded_ns + BLOCK * NS // RATE_HZ)
        if not 30_000 <= number < 30_400:
            assert abs(at_ns - sounded_ns) < 2_000_000
