"""Room: tests. Sentences are said in the user's language, with their values, and stay English where unknown."""

from __future__ import annotations

import pytest

from mirror_app.domain.errors import InputError
from mirror_app.domain.sentence import Sentence
from mirror_app.language import Words, open_words, system_language

WORDS = Words("zh_CN", {"{name} is missing.": "缺少 {name}。", "the camera": "摄像头"})


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (WORDS(Sentence("{name} is missing.", name="a.png")), "缺少 a.png。"),
        (WORDS("{name} is missing.", name="{x}"), "缺少 {x}。"),
        (WORDS(Sentence("{name} is missing.", name=Sentence("the camera"))), "缺少 摄像头。"),
        (WORDS(Sentence("{name} is here.", name=3)), "3 is here."),
        (WORDS("a {brace} left alone"), "a {brace} left alone"),
        (WORDS(InputError("{name} is missing.", name="b").sentence), "缺少 b。"),
    ],
)
def test_a_sentence_is_said_with_its_values(said: str, expected: str) -> None:
    assert said == expected


def test_a_sentence_is_its_english_text() -> None:
    error = InputError("{name} is missing.", name="a.png")
    assert str(error) == "a.png is missing."
    assert error.sentence == "a.png is missing."


@pytest.mark.parametrize(
    ("lang", "expected"),
    [("zh_CN.UTF-8", "zh_CN"), ("zh_TW", "zh_CN"), ("en_GB.UTF-8", "en"), ("de_DE", "en"), ("C", "en")],
)
def test_the_systems_language_is_followed(monkeypatch: pytest.MonkeyPatch, lang: str, expected: str) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", lang)
    assert system_language() == expected


def test_english_needs_no_catalogue_and_chinese_has_one() -> None:
    assert open_words("en")("Swap") == "Swap"
    assert open_words("zh_CN")("Swap") == "换脸"
