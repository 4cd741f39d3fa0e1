"""Room: tests. "Prepare for my GPU": what the strip says, offers and is called, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mirror_app.gui.settings.model_words import plan_words
from mirror_app.gui.settings.prepare_strip import PrepareStrip
from mirror_app.gui.settings.preparer import Preparing
from mirror_app.gui.translator import Translator
from mirror_app.language import open_words
from mirror_app.tools.models.plan_rows import BuildStep, PlanRow, Standing, Survey
from tests.gui.model_fakes import GPU, plans_of

INSTALL = 'TensorRT is not installed. Install it with `pip install "mirror-app[nvidia]"`.'
NEW = plans_of(detect=Standing.MISSING, arc=Standing.READY)


def shown(strip: QWidget) -> set[str]:
    return {button.text() for button in strip.findChildren(QPushButton) if not button.isHidden()}


STEP = BuildStep("detect", "Detect 10", "fp16", 2, 5, 0.43, 200.0)


@pytest.mark.parametrize(
    ("state", "words", "note", "buttons"),
    [
        (Preparing(Survey(has_models=True, trouble="x")), "No NVIDIA graphics card was found, so", "", set()),
        (Preparing(Survey(GPU, INSTALL, has_models=True)), "TensorRT is not installed.", "", {"Copy command"}),
        (Preparing(NEW), f"models for {GPU}; takes minutes, once. 1 of 2 are ready.", "", {"Prepare"}),
        (Preparing(plans_of(arc=Standing.READY)), f"Your models are ready for {GPU}.", "", set()),
        (Preparing(plans_of(arc=Standing.IMPOSSIBLE)), "None of your models can be prepared", "", set()),
        (Preparing(NEW, is_busy=True), "takes minutes, once.", "Getting ready…", {"Cancel"}),
        (
            Preparing(NEW, is_busy=True, step=STEP),
            "takes minutes, once.",
            "Detect 10  ·  model 2 of 5  ·  43%  ·  3 min left",
            {"Cancel"},
        ),
        (
            Preparing(NEW, is_busy=True, step=replace(STEP, count=1, left_s=None)),
            "takes minutes, once.",
            "Detect 10  ·  43%",
            {"Cancel"},
        ),
        (Preparing(NEW, is_busy=True, is_stopping=True, step=STEP), "", "Stopping…", {"Cancel"}),
        (Preparing(NEW, troubles=("Arc 50: no",), remarks=("b",)), "once.", "Arc 50: no\nb", {"Prepare"}),
    ],
)
def test_the_strip_says_how_it_stands(qtbot: QtBot, state: Preparing, words: str, note: str, buttons: set[str]) -> None:
    strip = PrepareStrip()
    qtbot.addWidget(strip)
    strip.show_state(state)
    assert not strip.isHidden()
    assert words in strip.words.text()
    assert strip.note.text() == note
    assert shown(strip) == buttons
    assert strip.bar.isHidden() is not state.is_busy


@pytest.mark.parametrize("state", [Preparing(), Preparing(Survey())])
def test_nothing_is_shown_before_somebody_looked_or_where_no_model_is_installed(qtbot: QtBot, state: Preparing) -> None:
    strip = PrepareStrip()
    qtbot.addWidget(strip)
    strip.show_state(state)
    assert strip.isHidden()


def test_the_command_that_is_missing_can_be_copied(qtbot: QtBot) -> None:
    strip = PrepareStrip()
    qtbot.addWidget(strip)
    strip.show_state(Preparing(Survey(GPU, INSTALL, has_models=True)))
    strip.copy.click()
    assert QGuiApplication.clipboard().text() == 'pip install "mirror-app[nvidia]"'


def test_every_part_has_a_name_for_those_who_do_not_see_it(qtbot: QtBot) -> None:
    strip = PrepareStrip()
    qtbot.addWidget(strip)
    names = {}
    for part in (strip.prepare, strip.cancel, strip.copy, strip.bar):
        interface = QAccessible.queryAccessibleInterface(part)
        assert interface is not None
        names[part] = interface.text(QAccessible.Text.Name)
    assert names[strip.prepare] == "Prepare for my GPU"
    assert names[strip.cancel] == "Cancel preparing"
    assert all(names.values())


def test_the_strip_and_the_cards_speak_chinese(qapp: QApplication, qtbot: QtBot) -> None:
    translator = Translator(open_words("zh_CN"))
    qapp.installTranslator(translator)
    try:
        strip = PrepareStrip()
        qtbot.addWidget(strip)
        for state in (Preparing(NEW), Preparing(NEW, is_busy=True, step=STEP), Preparing(plans_of(arc=Standing.READY))):
            strip.show_state(state)
            words = [part.text() for part in (strip.prepare, strip.cancel, strip.copy)]
            words += [label.text() for label in strip.findChildren(QLabel)]
            said = " ".join(words) + strip.prepare.accessibleName() + strip.bar.accessibleName()
            assert re.findall(r"[A-Za-z]{3,}", said.replace(GPU, "").replace("Detect", "")) == []
        said = " ".join(plan_words(PlanRow("a", "A", kind), GPU)[0] for kind in Standing)
        assert re.findall(r"[A-Za-z]{3,}", said.replace(GPU, "")) == []
    finally:
        qapp.removeTranslator(translator)
