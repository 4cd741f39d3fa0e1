"""Room: tests. Sentences are said in the user's language, with their values, and stay English where unknown."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from mirror_app.domain.errors import InputError
from mirror_app.domain.sentence import Sentence, either, joined
from mirror_app.domain.system_reason import system_reason
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


@pytest.mark.parametrize("damage", [None, b"\xff\xfe", b"msgid broken\nmsgstr"])
def test_without_its_catalogue_the_app_speaks_english(
    damage: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locale").mkdir()
    if damage is not None:
        (tmp_path / "locale" / "zh_CN.po").write_bytes(damage)
    monkeypatch.setattr("mirror_app.language.assets_dir", lambda: tmp_path)
    assert open_words("zh_CN")("Swap") == "Swap"


def test_a_locale_that_python_does_not_know_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> tuple[str, str]:
        raise ValueError("unknown locale: UTF-8")

    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("locale.getlocale", fail)
    assert system_language() == "en"


def test_sentences_are_joined_and_choices_named_in_the_users_language() -> None:
    chinese = open_words("zh_CN")
    whole = joined(["", Sentence("Nothing was deleted."), Sentence("Stopped; nothing was written."), ""])
    assert whole == "Nothing was deleted. Stopped; nothing was written."
    assert chinese(whole) == "没有删除任何内容。已停止；没有写入任何文件。"
    assert joined(["", ""]) == ""
    assert either([".mp4"]) == ".mp4"
    assert either([".png", ".jpg", ".jpeg"]) == ".png, .jpg or .jpeg"
    assert chinese(either([".png", ".jpg", ".jpeg"])) == ".png, .jpg 或 .jpeg"


@pytest.mark.parametrize(
    ("error", "english", "chinese"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "Permission denied", "没有访问权限"),
        (OSError(errno.ETXTBSY, "Text file busy."), "Text file busy", "Text file busy"),
        (ValueError("embedded null byte"), "embedded null byte", "embedded null byte"),
    ],
)
def test_the_systems_reasons_are_translated_where_they_are_known(
    error: OSError | ValueError, english: str, chinese: str
) -> None:
    assert system_reason(error) == english
    assert open_words("zh_CN")(system_reason(error)) == chinese
