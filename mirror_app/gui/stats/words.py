"""Room: gui. What the numbers of the mirror are called. Measures nothing, draws nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication

from mirror_app.gui.stats.record import PAINT, WAIT, Skips
from mirror_app.gui.wording import filled
from mirror_app.pipeline.result import Stage

_SEPARATOR: Final = " · "


@dataclass(frozen=True, slots=True)
class Machine:
    """What does the work: the way of swapping and where it runs; both "" while the mirror is being opened."""

    engine: str
    device: str

    @property
    def precision(self) -> str:
        """The numbers the networks reckon in; "" where that is not known. Those that come with the app are FP32."""
        return "FP32" if self.engine == "mesh" and self.device.startswith("CPU") else ""

    @property
    def short(self) -> str:
        """Engine and device, for where there is little room."""
        return self._joined(self._name, self.device)

    @property
    def whole(self) -> str:
        """Engine, precision and device."""
        return self._joined(self._name, self.precision, self.device)

    @property
    def _name(self) -> str:
        return self.engine.replace("_", " ").capitalize()

    @staticmethod
    def _joined(*words: str) -> str:
        return _SEPARATOR.join(word for word in words if word)


def step_names() -> dict[str, str]:
    """A short name for each of `STEPS`."""
    return {
        WAIT: _tr("Waiting"),
        Stage.DECODE.value: _tr("Decoding"),
        Stage.MESH.value: _tr("Following"),
        Stage.DETECT.value: _tr("Finding"),
        Stage.SWAP.value: _tr("Swapping"),
        Stage.LABEL.value: _tr("Marking"),
        Stage.GUARD.value: _tr("Checking"),
        PAINT: _tr("Painting"),
    }


def skips_sentence(skips: Skips) -> str:
    """How many pictures were left out, and why."""
    return filled(
        _tr("Left out: {frames} before the work, {results} before the paint (newer ones came)"),
        frames=str(skips.frames),
        results=str(skips.results),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Stats", text)


def ms_text(time_ms: float) -> str:
    """A time in ms: tenths tell nothing beside thousands, and there is no room for them."""
    return f"{time_ms:.1f}" if time_ms < 1000 else f"{time_ms:.0f}"
