"""Room: gui. What the window says about outputs and about being live. No widgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from mirror_app.deliver.protocol import OutputReport
from mirror_app.gui import theme
from mirror_app.gui.air.air_desk import AirState
from mirror_app.gui.air.kinds import ON_AIR, OutputKind
from mirror_app.gui.air.way_out import Phase
from mirror_app.gui.translator import spoken
from mirror_app.gui.wording import Status, covered_status, filled, reason_of
from mirror_app.pipeline.result import MirrorResult, MirrorState


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and its colour."""

    text: str
    colour: QColor


def kind_name(kind: OutputKind) -> str:
    """An output's name."""
    match kind:
        case OutputKind.WINDOW:
            return _tr("Output window")
        case OutputKind.CAMERA:
            return _tr("Virtual camera")
        case OutputKind.RECORDING:
            return _tr("Recording")
        case OutputKind.STREAM:
            return _tr("Stream")


def kind_purpose(kind: OutputKind) -> str:
    """What an output is for."""
    match kind:
        case OutputKind.WINDOW:
            return _tr("A clean window for OBS and screen sharing; no driver needed")
        case OutputKind.CAMERA:
            return _tr("A camera for Zoom, Teams and browsers, 1280 × 720")
        case OutputKind.RECORDING:
            return _tr("An MP4 file on this computer, live or not")
        case OutputKind.STREAM:
            return _tr("To a server: RTMP, RTMPS, or MPEG-TS over UDP")


def said_of(
    kind: OutputKind, phase: Phase, report: OutputReport | None, trouble: str, *, is_live: bool, count: int
) -> Said:
    """How an output is doing."""
    match phase:
        case Phase.OPENING:
            return Said(_tr("Opening…"), theme.HOLD)
        case Phase.CLOSING:
            return Said(_tr("Closing…"), theme.QUIET)
        case Phase.OPEN:
            return _said_open(kind, report, is_live=is_live)
        case Phase.CLOSED:
            if count:
                return Said(filled(_tr("Begins in {count}"), count=str(count)), theme.HOLD)
            return Said(trouble, theme.SHIELD) if trouble else Said(kind_purpose(kind), theme.TEXT_SOFT)


def _said_open(kind: OutputKind, report: OutputReport | None, *, is_live: bool) -> Said:
    if report is not None and report.trouble:
        return Said(spoken(report.trouble), theme.HOLD)
    seconds = 0.0 if report is None else report.seconds
    # The output window skips what the screen has no time for, and nobody misses it.
    is_counted = report is not None and report.missing and kind is not OutputKind.WINDOW
    missing = _missing(report.missing) if report is not None and is_counted else ""
    if kind is OutputKind.RECORDING:
        return Said(filled(_tr("Recording, {time}"), time=clock(seconds)) + missing, theme.LIVE)
    if not is_live and kind in ON_AIR:
        return Said(_tr("Ready: others see the card"), theme.ACCENT)
    delay_ms = None if report is None else report.delay_ms
    delay = "" if delay_ms is None else " · " + filled(_tr("delay {ms} ms"), ms=f"{delay_ms:.0f}")
    return Said(_tr("Others see the mirror") + delay + missing, theme.LIVE)


def _missing(count: int) -> str:
    return " · " + filled(_tr("{count} pictures missing"), count=str(count))


def outputs_count(count: int) -> str:
    """How many outputs others see."""
    if count == 1:
        return _tr("1 output")
    return filled(_tr("{count} outputs"), count=str(count))


def open_words(kinds: Sequence[OutputKind], reports: Mapping[OutputKind, OutputReport]) -> str:
    """The open outputs in one line; a recording with its time."""
    said = []
    for kind in kinds:
        report = reports.get(kind)
        time = f" {clock(report.seconds)}" if kind is OutputKind.RECORDING and report is not None else ""
        said.append(kind_name(kind) + time)
    return " · ".join(said)


def programme_status(state: AirState, result: MirrorResult | None, why_none: str, is_covered: bool) -> Status:
    """What others see, and why.

    Args:
        state: What outputs get.
        result: What the mirror made; None while it makes nothing.
        why_none: A sentence for that case.
        is_covered: By the user.
    """
    if is_covered:
        return covered_status()
    reason = why_none if result is None else reason_of(result)
    if state is not AirState.LIVE:
        return Status(_tr("NOT LIVE"), theme.QUIET, reason or _tr("Others see a card until you go live."))
    if result is not None and result.state is MirrorState.LIVE:
        return Status(_tr("ON AIR"), theme.BARE_FACE, "")
    if result is not None and result.state is MirrorState.HOLD:
        return Status(_tr("HOLD"), theme.HOLD, reason)
    return Status(_tr("SHIELD"), theme.SHIELD, reason)


def clock(seconds: float) -> str:
    """A length of time as 1:05 or 1:01:05."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Air", text)
