"""Room: tests. The window of somebody who reads Chinese: no English is left in what she sees, hears or is told."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from mirror_app import gui
from mirror_app.domain.errors import InputError
from mirror_app.domain.sentence import Sentence
from mirror_app.gui.faces.consent_dialog import ConsentDialog
from mirror_app.gui.faces.tile import tile_of
from mirror_app.gui.settings.desk import Page
from mirror_app.gui.settings.downloads import FetchProgress
from mirror_app.gui.settings.licence_dialog import LicenceDialog
from mirror_app.gui.settings.model_dialogs import ModelChoice
from mirror_app.gui.settings.models_page import ModelsPage
from mirror_app.gui.translator import Translator, spoken
from mirror_app.gui.wording import status_of
from mirror_app.language import open_words
from mirror_app.pipeline.result import Unsafe
from mirror_app.resources import assets_dir
from mirror_app.settings import Settings
from mirror_app.targets.library import TargetLibrary
from tests.gui.conftest import Stage, build_stage

ALLOWED: Final = re.compile(
    r"fps|ms|PNG|SVG|CSV|CPU|AI|Esc|Enter|Tab|Ctrl|Shift|Alt|Del|Return|p50|p95|p99|mirror-app [a-z]+|mirror-app|USB"
    r"|OBS|Zoom|MP4|RTMPS?|MPEG-TS|UDP|rtmps?|udp|GB"
    r"|Apache License 2\.0|English|FP32|FP16"
    r"|\b(Front|Anna|Bert|Carl|Own|fake)\b"  # what the fakes behind the window are called
)
_WORD: Final = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    """Qt speaks Chinese."""
    translator = Translator(open_words("zh_CN"))
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


@pytest.fixture
def window(chinese: None, qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    """A Chinese window that shows a swapped frame."""
    stage = build_stage(qtbot, tmp_path, Settings(language="zh_CN"))
    stage.wait_for_target("anna")
    stage.show_frame()
    yield stage
    stage.mirror.gate.set()
    stage.window.close()


def _texts(widget: QWidget) -> Iterator[str]:
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle())
    if isinstance(widget, QAbstractButton | QLabel):
        yield widget.text()
    if isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield widget.placeholderText()
        yield from (widget.itemText(row) for row in range(widget.count()))


def english_in(root: QWidget) -> list[str]:
    """What a widget and all in it say that is not Chinese."""
    widgets = [root, *root.findChildren(QWidget)]
    said = {(type(widget).__name__, text) for widget in widgets for text in _texts(widget)}
    return [f"{name}: {text}" for name, text in sorted(said) if _WORD.search(ALLOWED.sub("", text))]


def test_the_window_says_nothing_in_english(window: Stage) -> None:
    assert english_in(window.window) == []


def _simple_widgets() -> list[type[QWidget]]:
    """Every widget of the room that needs nothing to be made."""
    modules = [importlib.import_module(f"mirror_app.gui.{one.name}") for one in pkgutil.iter_modules(gui.__path__)]
    classes = {
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, QWidget) and one.__module__ == module.__name__
    }
    return sorted(filter(_needs_nothing, classes), key=lambda one: one.__name__)


def _needs_nothing(kind: type[QWidget]) -> bool:
    needed = [one for one in inspect.signature(kind.__init__).parameters.values() if one.default is one.empty]
    return [one.name for one in needed if one.kind is one.POSITIONAL_OR_KEYWORD or one.kind is one.KEYWORD_ONLY] == [
        "self"
    ]


@pytest.mark.parametrize("kind", _simple_widgets(), ids=lambda kind: kind.__name__)
def test_no_widget_says_anything_in_english(kind: type[QWidget], chinese: None, qtbot: QtBot) -> None:
    widget = kind()
    qtbot.addWidget(widget)
    assert english_in(widget) == []


def test_the_question_for_consent_is_asked_in_both_languages_and_all_else_in_chinese(
    chinese: None, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = ConsentDialog([tmp_path / "1.png", tmp_path / "2.png"])
    qtbot.addWidget(dialog)
    alone = [text for text in english_in(dialog) if not re.search(r"[\u3400-\u9fff]", text)]
    assert alone == []


def test_the_page_of_models_and_what_it_asks_speak_chinese(chinese: None, window: Stage, qtbot: QtBot) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale("zh_CN"))
    window.window.settings.open(Page.MODELS)
    page = window.window.findChild(ModelsPage)
    assert page is not None
    qtbot.waitUntil(lambda: len(page.cards) == 4)
    window.window.settings.show_engine("mesh", "CPU", Sentence("There is no file {path}.", path="x"))
    page.cards["swap_128"].show_fetch(None, FetchProgress("swap_128", "Swap 128", 5000, 9000, 2000.0, 90.0))
    page.cards["detect"].rest("")
    asked = [LicenceDialog(page.cards["swap_128"].row, page), ModelChoice(Path("1.onnx"), [], page)]
    said = [text for widget in (page, *asked) for text in english_in(widget)]
    QLocale.setDefault(before)
    names = re.compile(
        r"(Swap 128|Ghost|Arc 50|Detect 10|ghost.onnx|[iI]nsight[fF]ace|buffalo_l|MIT|<a .*</a>|https://\S+|kB|MB|px|onnx)"
    )
    assert [text for text in said if _WORD.search(ALLOWED.sub("", names.sub("", text.partition(": ")[2])))] == []


@pytest.mark.parametrize("unsafe", [None, *Unsafe])
def test_the_pill_speaks_chinese(window: Stage, unsafe: Unsafe | None) -> None:
    turn = window.window.preview.turn
    assert turn is not None
    message = Sentence("A frame could not be processed ({kind}).", kind="E")
    status = status_of(replace(turn.result, unsafe=unsafe, message=message if unsafe is Unsafe.ERROR else ""))
    assert not _WORD.search(status.word + status.reason)


def test_errors_of_other_rooms_are_said_in_chinese(chinese: None) -> None:
    assert spoken(InputError("There is no file {path}.", path="a.png")) == "文件 a.png 不存在。"


def test_background_work_fails_in_chinese(chinese: None, window: Stage, qtbot: QtBot) -> None:
    said: list[str] = []

    def fail() -> None:
        raise InputError("The file {path} is empty.", path="a.png")

    window.jobs.submit(fail, lambda _none: None, said.append)
    qtbot.waitUntil(lambda: bool(said), timeout=3000)
    assert said == ["文件 a.png 是空的。"]


def test_who_made_a_built_in_face_is_said_in_chinese(chinese: None, tmp_path: Path) -> None:
    tiles = [
        tile_of(record, QLocale("zh_CN")) for record in TargetLibrary(assets_dir() / "targets", tmp_path).records()
    ]
    assert tiles
    assert [tile.credit for tile in tiles if not tile.credit or _WORD.search(tile.credit)] == []
