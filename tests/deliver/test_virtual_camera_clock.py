"""Room: tests. The virtual camera's clock: no drift, late pictures are caught up or counted, never a burst."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.deliver import virtual_camera_process
from mirror_app.deliver.shared_picture import SharedPictures, made_pictures
from mirror_app.deliver.virtual_camera_process import _Desk, _Parent, _send_all

_NS = 1_000_000_000


class _Time:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now_ns = 5 * _NS

    def monotonic_ns(self) -> int:
        return self.now_ns

    def sleep(self, seconds: float) -> None:
        # A system wakes nobody early, and everybody a little late.
        self.now_ns += round(seconds * _NS) + 70_000


class _Camera:
    """A device that takes its time, more at some pictures; full after so many."""

    def __init__(self, time: _Time, count: int, stalls: dict[int, float], device: str = "a device") -> None:
        self.time, self.count, self.stalls, self.device = time, count, stalls, device
        self.times_ns: list[int] = []

    def send(self, frame: NDArray[np.uint8]) -> None:
        self.times_ns.append(self.time.now_ns)
        self.time.now_ns += round(self.stalls.get(len(self.times_ns), 0.003) * _NS)

    @property
    def is_full(self) -> bool:
        return len(self.times_ns) >= self.count


class _FullDesk(_Desk):
    """Over when the camera is full."""

    def __init__(self, pictures: SharedPictures, parent: _Parent, camera: _Camera) -> None:
        super().__init__(pictures.places, parent)
        self._camera = camera

    @property
    def is_over(self) -> bool:
        return self._camera.is_full


class _Silent(_Parent):
    """Says nothing, and leaves the test's own output alone."""

    def __init__(self) -> None:
        """Take no descriptor."""

    def hear(self, *words: str) -> None:
        """Forget it."""


def run(
    monkeypatch: pytest.MonkeyPatch, count: int, stalls: dict[int, float], device: str = "a device"
) -> tuple[NDArray[np.int64], int]:
    """When the pictures went out, ns from the first on, and how many were counted as missing."""
    time = _Time()
    monkeypatch.setattr(virtual_camera_process, "time", time)
    # It is for a process of its own.
    monkeypatch.setattr("faulthandler.dump_traceback_later", lambda *_, **__: None)
    camera = _Camera(time, count, stalls, device)
    with made_pictures((4, 2)) as (pictures, _, _):
        _send_all(camera, _FullDesk(pictures, _Silent(), camera), pictures, 10)
        assert pictures.counters[0] == count
        times = np.array(camera.times_ns) - camera.times_ns[0]
        return times, int(pictures.counters[1])


def test_an_hour_has_as_many_pictures_as_it_should(monkeypatch: pytest.MonkeyPatch) -> None:
    times, missing = run(monkeypatch, 30 * 3600 + 1, {})
    assert abs(times[-1] - 3600 * _NS) < 200_000
    assert np.abs(np.diff(times) - _NS / 30).max() < 200_000
    assert missing == 0


@pytest.mark.parametrize(
    ("stall_s", "missing"), [(0.03, 0), (0.05, 0), (0.099, 0), (0.1345, 3), (1.0, 29), (3600.0, 107_999)]
)
def test_a_stall_is_caught_up_when_short_and_counted_when_long(
    monkeypatch: pytest.MonkeyPatch, stall_s: float, missing: int
) -> None:
    times, counted = run(monkeypatch, 60, {20: stall_s})
    assert counted == missing
    assert abs(times[-1] - (59 + missing) * _NS / 30) < 200_000
    burst = int((np.diff(times) < _NS / 60).sum())
    assert burst <= 2


def test_a_device_file_that_is_gone_ends_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="is gone"):
        run(monkeypatch, 60, {}, str(tmp_path / "video7"))
    (tmp_path / "video7").touch()
    run(monkeypatch, 60, {}, str(tmp_path / "video7"))
