"""Room: tests. The mark in the window: its looks, and that it goes off only when somebody takes over the duty."""

from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mirror_app.domain.errors import InputError
from mirror_app.domain.label import LabelCorner, LabelStyle, LabelText
from mirror_app.gui.label.duty_dialog import DUTY_TEXT, DutyDialog
from mirror_app.gui.label.mark_sample import MarkSample
from mirror_app.gui.label.watermark_page import WatermarkPage
from mirror_app.gui.settings.desk import Page
from mirror_app.gui.settings.privacy_page import PrivacyPage
from mirror_app.settings import Settings
from mirror_app.tools.label_log import Reason, Unlabelled
from tests.gui.conftest import Stage, build_stage


def log_lines(stage: Stage) -> list[str]:
    path = stage.pictures / "unlabelled.jsonl"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def question(stage: Stage) -> DutyDialog:
    dialog = stage.window.duty.dialog
    assert dialog is not None
    return dialog


def is_marked(stage: Stage) -> bool:
    """What the mirror was told, which is also what the switch and the line above the picture say."""
    label_on = stage.worker.controls.label_on
    assert stage.window.controls.watermark.isChecked() == label_on
    assert stage.window.state_bar.is_unlabelled == (not label_on)
    return label_on


def agree(stage: Stage, reason: Reason = Reason.PLATFORM) -> None:
    dialog = question(stage)
    dialog.choices[reason].click()
    dialog.turn_off.click()


def test_the_mark_stays_until_a_reason_was_given(stage: Stage) -> None:
    QTest.keyClick(stage.window, Qt.Key.Key_W)
    dialog = question(stage)
    assert is_marked(stage)
    assert dialog.reason is None
    assert not dialog.turn_off.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert stage.window.duty.dialog is None, "Enter keeps the mark"
    assert is_marked(stage)
    assert log_lines(stage) == []


@pytest.mark.parametrize("reason", [Reason.PLATFORM, Reason.OWN_MARK, Reason.OWN_USE])
def test_the_duty_is_taken_over_once_a_session_and_on_record(stage: Stage, reason: Reason) -> None:
    watermark = stage.window.controls.watermark
    watermark.click()
    agree(stage, reason)
    assert not is_marked(stage)
    watermark.click()
    assert is_marked(stage)
    watermark.click()
    assert stage.window.duty.dialog is None, "asked once"
    assert not is_marked(stage)
    [entry] = [json.loads(line) for line in log_lines(stage)]
    assert entry["reason"] == reason.value
    assert entry["text_sha256"] == hashlib.sha256(DUTY_TEXT.encode()).hexdigest()
    assert set(entry) == {"time", "version", "reason", "language", "text_sha256"}


def test_the_next_session_asks_again(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    stage.window.controls.watermark.click()
    agree(stage)
    stage.window.close()
    again = build_stage(qtbot, tmp_path, stage.saved[-1])
    assert is_marked(again)
    again.window.controls.watermark.click()
    assert is_marked(again)
    question(again).reject()
    again.window.close()


def test_without_a_record_the_mark_stays_on_and_the_window_says_why(stage: Stage) -> None:
    (stage.pictures / "unlabelled.jsonl").mkdir()
    stage.window.controls.watermark.click()
    agree(stage)
    assert is_marked(stage)
    assert "was not written" in stage.window.note.text
    (stage.pictures / "unlabelled.jsonl").rmdir()


def test_no_command_from_outside_touches_the_mark(stage: Stage) -> None:
    for request in ({"do": "watermark", "watermark": False}, {"do": "label"}):
        with pytest.raises(InputError):
            stage.window.remote.answer(request)
    assert stage.window.remote.answer({"do": "swap", "swap": True, "watermark": False})["watermark"] is True
    assert is_marked(stage)


def test_the_looks_go_to_the_mirror_at_once_and_are_remembered(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    stage.window.settings.open(Page.WATERMARK)
    page = stage.window.findChild(WatermarkPage)
    assert page is not None
    page.text.choose("modified")
    page.corner.choose("top-left")
    page.opacity.setValue(85)
    chosen = LabelStyle(LabelText.MODIFIED, LabelCorner.TOP_LEFT, 0.85)
    assert stage.worker.controls.label_style == chosen
    stage.window.close()
    assert stage.saved[-1].label_style == chosen
    again = build_stage(qtbot, tmp_path, stage.saved[-1])
    assert again.worker.controls.label_style == chosen
    again.window.close()


def test_the_sample_shows_the_real_mark(qtbot: QtBot) -> None:
    sample = MarkSample()
    qtbot.addWidget(sample)
    seen = []
    for corner in (LabelCorner.TOP_LEFT, LabelCorner.BOTTOM_RIGHT):
        sample.show_style(LabelStyle(LabelText.EN, corner, 1.0))
        image = sample.grab().toImage()
        dark = [(x, y) for x in range(8, image.width(), 4) for y in range(8, image.height(), 4)
                if image.pixelColor(x, y).value() < 12]  # fmt: skip
        seen.append((sum(x for x, _ in dark) / len(dark), sum(y for _, y in dark) / len(dark)))
    assert seen[0][0] < seen[1][0]
    assert seen[0][1] < seen[1][1]


def test_the_privacy_page_shows_when_and_why(qtbot: QtBot) -> None:
    page = PrivacyPage()
    qtbot.addWidget(page)
    page.show_unlabelled([])
    assert "Never" in page.unlabelled.text()
    page.show_unlabelled([Unlabelled("2026-11-01T10:00:00+00:00", "1", "own-use", "en", "x")] * 8)
    assert page.unlabelled.text().count("for one's own use") == 5
    assert "3 earlier" in page.unlabelled.text()


def test_the_log_is_for_its_user_alone(stage: Stage) -> None:
    stage.window.controls.watermark.click()
    agree(stage)
    assert stat.S_IMODE((stage.pictures / "unlabelled.jsonl").stat().st_mode) == 0o600


def test_settings_hold_the_looks_but_not_whether_there_is_a_mark() -> None:
    assert Settings().label_style == LabelStyle()
    assert not [name for name in Settings.__dataclass_fields__ if name in ("label_on", "watermark", "label")]
