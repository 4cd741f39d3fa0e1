"""Room: tests. The command line in Chinese: help, errors, results; what programs read stays English."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mirror_app.cli import main
from mirror_app.cli.columns import cells
from mirror_app.cli.console import progress_line
from mirror_app.cli.doctor import _line
from mirror_app.domain.sentence import Sentence
from mirror_app.language import open_words
from mirror_app.settings import Settings, save_settings
from mirror_app.tools.finding import Finding, Health
from tests.fakes import first_face

COMMANDS = ["", "run", "render", "batch", "bench", "evaluate", "targets", "doctor"]
_HAN = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of a Chinese system."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")


def help_of(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as caught:
        main([*command.split(), "--help"])
    assert caught.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_chinese_and_fits_the_terminal(
    command: str, chinese: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = help_of(command, capsys)
    assert text.startswith("用法：mirror-app")
    assert "\n选项：\n" in text
    assert "显示此帮助并退出" in text
    assert not re.search(r"\b(usage|options|positional|show|default)\b", text), text
    too_wide = [line for line in text.splitlines() if cells(line) > 80 and not re.search(r"\S{60}", line)]
    assert not too_wide


def test_the_columns_of_the_help_are_in_line(
    chinese: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    options = [line for line in help_of("render", capsys).splitlines() if re.match(r"  \S.*\S  +\S", line)]
    starts = {cells(line[: re.search(r"  +(?=\S+$|\S.*$)", line[2:]).end() + 2]) for line in options}  # type: ignore[union-attr]
    assert len(options) > 4
    assert starts == {24}


def test_the_setting_wins_over_the_system(
    chinese: None, settings_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_settings(Settings(language="en"))
    assert settings_file.is_file()
    assert help_of("", capsys).startswith("usage: mirror-app")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["render"], "缺少参数：输入, 输出。详见 `mirror-app render --help`。"),
        (["--nonsense"], "无法识别的参数：--nonsense。"),
        (["bench", "--seconds"], "参数 --seconds：需要一个值。"),
        (["bench", "--seconds", "-1"], "seconds 必须是 0.1 到 86400 之间的数字，不能是 -1。"),
        (["bench", "--size", "3x"], "size 的格式为 1280x720，每边 64 到 7680 像素，不能是 3x。"),
        (["bench", "--joining", "glue"], "无效的选项 'glue'（可选：'alpha'"),
        (["bench", "--face", "0"], "face 必须是 1 到 99 之间的整数"),
        (["evaluate", "--json", "--markdown"], "不能与参数 --json 同时使用"),
        (["targets", "add", "x.png", "--face", "a"], "多个用逗号分隔，不能是 a"),
    ],
)
def test_a_wrong_command_line_is_said_in_chinese(
    arguments: list[str], sentence: str, chinese: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    out, err = capsys.readouterr()
    assert (caught.value.code, out) == (2, "")
    assert err.startswith("mirror-app: ")
    assert err.count("\n") == 1
    assert sentence in err


@pytest.mark.parametrize(
    ("source", "target", "sentence"),
    [
        ("missing.mp4", first_face().name, "不存在。"),
        ("text.mp4", first_face().name, "不是可读取的视频或图片"),
        ("nobody.mp4", first_face().name[:-1], "您要找的是"),
        ("nobody.mp4", "face.png", "加上 --consent self, permission, public-domain 或 fictional。"),
    ],
)
def test_errors_are_said_in_chinese(
    source: str,
    target: str,
    sentence: str,
    inputs: Path,
    tmp_path: Path,
    chinese: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(inputs)
    assert main(["render", source, str(tmp_path / "out.mp4"), "--target", target]) != 0
    assert sentence in capsys.readouterr().err


def test_json_is_the_same_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for lang in ("C.UTF-8", "zh_CN.UTF-8"):
        monkeypatch.setenv("LC_ALL", lang)
        assert main(["targets", "list", "--json"]) == 0
        said.append(json.loads(capsys.readouterr().out))
    assert said[0] == said[1]


def test_a_finding_is_a_line_in_the_users_language() -> None:
    finding = Finding(
        Sentence("Disk"),
        Health.NOTE,
        Sentence("{free} GB free in {folder}", free="0.1", folder="/tmp"),
        Sentence("Free some space before you render or add faces."),
    )
    assert _line(finding, open_words("en")) == (
        "note     Disk: 0.1 GB free in /tmp. Free some space before you render or add faces."
    )
    assert (
        _line(finding, open_words("zh_CN")) == "提示     磁盘：/tmp 剩余 0.1 GB。渲染或添加人脸前，请先腾出一些空间。"
    )


def test_progress_is_told_in_chinese() -> None:
    assert progress_line(open_words("zh_CN"), 50, 100, 60.0).endswith("50/100 帧  剩余 1:00")
