"""Room: tests. What is said about models: their state, their licence, how far a download is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from mirror_app.gui.settings.downloads import FetchProgress
from mirror_app.gui.settings.model_words import LICENCES_IN_WORDS, about, allows, progress_words, state_of
from mirror_app.resources import assets_dir
from mirror_app.runtime.catalogue import load_catalogue
from mirror_app.tools.models.rows import ModelRow
from tests.gui.model_fakes import ARC, DETECT, MIT, SWAP


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (ModelRow(SWAP), "not installed"),
        (ModelRow(SWAP, missing=("Arc 50",)), "not installed"),
        (ModelRow(SWAP, ("fp32", "fp16")), "installed, FP32 + FP16"),
        (ModelRow(SWAP, ("fp32",), missing=("Arc 50", "Ghost")), "needs Arc 50, Ghost"),
        (ModelRow(SWAP, ("int8",), is_known=False), "installed, INT8, unknown file"),
    ],
)
def test_the_state_is_said_in_words(qapp: QApplication, row: ModelRow, words: str) -> None:
    assert state_of(row)[0] == words


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (FetchProgress("a", "Arc", 50, 0, None, None), "Arc  ·  50 bytes"),
        (FetchProgress("a", "Arc", 5_000_000, 10_000_000, None, None), "Arc  ·  5 MB of 10 MB"),
        (
            FetchProgress("a", "Arc", 5_000_000, 10_000_000, 1_500_000.0, 3.4),
            "Arc  ·  5 MB of 10 MB  ·  1.5 MB per second  ·  3 s left",
        ),
        (
            FetchProgress("a", "Arc", 0, 10_000_000, 1000.0, 600.0),
            "Arc  ·  0 bytes of 10 MB  ·  1.0 kB per second  ·  10 min left",
        ),
    ],
)
def test_a_download_is_told_in_words(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, progress: FetchProgress, words: str
) -> None:
    monkeypatch.setattr("mirror_app.gui.settings.model_words.QLocale", _english)
    assert progress_words(progress) == words


class _english(QLocale):  # noqa: N801  # stands in for a class
    def __init__(self) -> None:
        super().__init__("en_US")


def test_licences_that_are_called_by_words_are_those_of_the_catalogue() -> None:
    names = {one.licence.name for one in load_catalogue(assets_dir() / "models" / "catalogue.toml")}
    assert set(LICENCES_IN_WORDS) <= names


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (ModelRow(SWAP, (), 550_000_000), "faces of 128 × 128 px  ·  550 MB  ·  MIT"),
        (ModelRow(DETECT, (), 0), "size not published  ·  MIT"),
        (ModelRow(ARC, (), 1_500), "2 kB  ·  Not published"),
    ],
)
def test_a_model_is_told_in_one_line(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, row: ModelRow, words: str
) -> None:
    monkeypatch.setattr("mirror_app.gui.settings.model_words.QLocale", _english)
    assert about(row) == words


@pytest.mark.parametrize(("locale", "words"), [("en_US", MIT.allows_en), ("zh_CN", MIT.allows_zh)])
def test_what_a_licence_allows_is_said_in_the_users_language(
    monkeypatch: pytest.MonkeyPatch, locale: str, words: str
) -> None:
    class Here(QLocale):
        def __init__(self) -> None:
            super().__init__(locale)

    monkeypatch.setattr("mirror_app.gui.settings.model_words.QLocale", Here)
    assert allows(MIT) == words
