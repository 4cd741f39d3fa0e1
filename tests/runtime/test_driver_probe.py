"""Room: tests. What is found out of NVIDIA's driver, also of broken ones, in a child process."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mirror_app.runtime.child import Answer, ask_child
from mirror_app.runtime.driver_probe import BROKEN, NO_CARD, NO_DRIVER, REFUSED, look_at_driver
from tests.runtime.broken_drivers import broken_driver, missing

compiled = pytest.mark.skipif(bool(missing()), reason=missing())
NO_DRIVER_FILE = "libnowhere.so.1"


def asked(driver: str | Path, bus: Path, patience_s: float = 60) -> Answer:
    return ask_child(look_at_driver, str(driver), str(bus), patience_s=patience_s)


@compiled
@pytest.mark.parametrize(
    ("kind", "state", "words"),
    [
        ("lacks functions", BROKEN, "undefined symbol: cuInit"),
        ("lacks later functions", BROKEN, "undefined symbol: cuDeviceGetAttribute"),
        ("lacks a library", BROKEN, "libgone.so: cannot open shared object file"),
        ("refuses", REFUSED, "803"),
    ],
)
def test_a_broken_driver_is_told_with_its_reason(kind: str, state: str, words: str, tmp_path: Path) -> None:
    answer = asked(broken_driver(kind, tmp_path), tmp_path)
    assert answer.trouble == ""
    assert answer.lines[0] == state
    assert words in answer.lines[1]


@compiled
def test_a_driver_that_crashes_ends_only_the_child(tmp_path: Path) -> None:
    assert asked(broken_driver("crashes", tmp_path), tmp_path).trouble == "it crashed (signal 6)"


@compiled
def test_a_driver_that_hangs_is_given_up(tmp_path: Path) -> None:
    assert asked(broken_driver("hangs", tmp_path), tmp_path, patience_s=2).trouble == "no answer within 2 s"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lists what is plugged in")
@pytest.mark.parametrize(
    ("vendor", "kind", "state"),
    [
        ("0x10de\n", "0x030000\n", NO_DRIVER),
        ("0x10de\n", "0x040300\n", NO_CARD),
        ("0x1002\n", "0x030000\n", NO_CARD),
        ("\N{LATIN SMALL LETTER E WITH ACUTE}", "", NO_CARD),
    ],
)
def test_a_card_without_a_driver_is_seen_on_the_bus(vendor: str, kind: str, state: str, tmp_path: Path) -> None:
    device = tmp_path / "0000:01:00.0"
    device.mkdir()
    (device / "vendor").write_text(vendor, encoding="utf-8")
    (device / "class").write_text(kind, encoding="utf-8")
    assert asked(NO_DRIVER_FILE, tmp_path) == Answer((state,), "")


def test_where_nothing_is_listed_there_is_no_card(tmp_path: Path) -> None:
    assert asked(NO_DRIVER_FILE, tmp_path / "none") == Answer((NO_CARD,), "")
