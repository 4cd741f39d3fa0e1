"""Room: tests. What NVIDIA's driver says of its card, and what is made of a driver that says less."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest

from mirror_app.runtime.cuda_card import CardMakeup, GraphicsCard, card_makeup, cuda_card, graphics_card

NO_DEVICE = 100
"""CUDA_ERROR_NO_DEVICE of cuda.h."""


class Driver:
    """The functions of the driver that are asked, with their answers; a number other than 0 is an error."""

    def __init__(self, device: int = 0, extras: int = 0) -> None:
        self._device = device
        self._extras = extras

    def cuInit(self, flags: int) -> int:  # noqa: N802
        return flags

    def cuDeviceGet(self, device: Any, ordinal: int) -> int:  # noqa: N802
        device._obj.value = ordinal
        return self._device

    def cuDeviceGetName(self, name: Any, size: int, device: Any) -> int:  # noqa: N802
        if not self._device:
            name.value = b"NVIDIA GeForce RTX 3060"[: size - 1]
        return self._device

    def cuDeviceGetAttribute(self, value: Any, attribute: int, device: Any) -> int:  # noqa: N802
        value._obj.value = {75: 8, 76: 6, 16: 28, 13: 1_777_000, 36: 7_501_000, 37: 192}[attribute]
        return self._extras

    def cuDeviceTotalMem_v2(self, size: Any, device: Any) -> int:  # noqa: N802
        size._obj.value = 12 * 2**30
        return self._extras

    def cuDriverGetVersion(self, version: Any) -> int:  # noqa: N802
        version._obj.value = 13010
        return self._extras


@pytest.mark.parametrize(
    ("driver", "card"),
    [
        (Driver(), GraphicsCard("NVIDIA GeForce RTX 3060", "8.6", 12 * 2**30, "13.1")),
        (Driver(extras=1), GraphicsCard("NVIDIA GeForce RTX 3060", "", 0, "")),
        (Driver(device=NO_DEVICE), None),
        (object(), None),
    ],
)
def test_the_first_card_is_described_as_far_as_the_driver_tells(
    driver: object, card: GraphicsCard | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: driver)
    assert graphics_card() == card
    assert cuda_card() == (card.name if card else "")


def test_without_a_driver_there_is_no_card() -> None:
    assert graphics_card("no-such-driver.so.1") is None


@pytest.mark.parametrize(
    ("driver", "makeup"),
    [
        (Driver(), CardMakeup(GraphicsCard("NVIDIA GeForce RTX 3060", "8.6", 12 * 2**30, "13.1"), 28, 1777, 7501, 192)),
        (Driver(extras=1), None),
        (Driver(device=NO_DEVICE), None),
    ],
)
def test_the_parts_of_a_card_are_told_where_the_driver_tells_all_of_them(
    driver: object, makeup: CardMakeup | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: driver)
    assert card_makeup() == makeup
