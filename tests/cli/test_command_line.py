"""Room: tests. The words of the command line, and that every trouble is one sentence and a documented exit code."""

from __future__ import annotations

import argparse
import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mirror_app import __version__
from mirror_app.cli import main
from mirror_app.cli.parser import build_parser
from mirror_app.cli.shared_options import CONSENTS
from mirror_app.domain import errors
from mirror_app.domain.errors import MirrorError
from mirror_app.language import Words, open_words
from mirror_app.targets.consent import Consent
from mirror_app.tools.evaluate_limits import WORSE
from tests.fakes import first_face

USAGE = [
    (["render"], "required: INPUT, OUTPUT"),
    (["render", "a.mp4"], "required: OUTPUT"),
    (["render", "a.mp4", "b.mp4"], "--target"),
    (["render", "a", "b", "--target", "x", "--likeness", "7"], "likeness must be a number from 0 to 1, not 7"),
    (["render", "a", "b", "--target", "x", "--likeness", "nan"], "likeness must be a number"),
    (["render", "a", "b", "--target", "x", "--likeness", "much"], "likeness must be a number"),
    (["render", "a", "b", "--target", "x", "--joining", "glue"], "glue"),
    (["render", "a", "b", "--target", "x", "--glasses", "paint"], "paint"),
    (["bench", "--joining", "glue"], "glue"),
    (["bench", "--keep", "eyes,nose"], "keep may hold eyes, mouth, separated by commas, not eyes,nose"),
    (["bench", "--keep", ""], "keep may hold eyes, mouth"),
    (["render", "a", "b", "--target", "x", "--consent", "maybe"], "maybe"),
    (["render", "a", "b", "--target", "x", "--lik", "0"], "--lik"),
    (["bench", "--size", "3x"], "size must look like 1280x720"),
    (["bench", "--size", "0x0"], "size must look like 1280x720"),
    (["bench", "--size", "99999x99999"], "size must look like 1280x720"),
    (["bench", "--seconds", "-1"], "seconds must be a number from 0.1"),
    (["bench", "--seconds", "inf"], "seconds must be a number from 0.1"),
    (["bench", "--realtime", "0"], "realtime must be a number from 1"),
    (["bench", "--face-height", "5"], "face height must be a number from 16"),
    (["run", "--seconds", "soon"], "seconds must be a number"),
    (["targets"], "ACTION"),
    (["targets", "add"], "PHOTO"),
    (["targets", "remove"], "NAME"),
    (["dance"], "dance"),
    (["--nonsense"], "--nonsense"),
    (["doctor", "extra"], "extra"),
]


@pytest.mark.parametrize(
    ("words", "sentence"), USAGE, ids=lambda part: " ".join(part) if isinstance(part, list) else ""
)
def test_a_wrong_command_line_is_one_sentence_and_exit_code_2(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    out, err = capsys.readouterr()
    assert caught.value.code == 2
    assert out == ""
    assert err.startswith("mirror-app: ")
    assert err.count("\n") == 1
    assert sentence in err


TROUBLE = [
    # INPUT, OUTPUT, other words, exit code, part of the sentence; names are those of the folder of inputs.
    ("missing.mp4", "out.mp4", [], 3, "There is no file"),
    ("folder.mp4", "out.mp4", [], 3, "is a folder"),
    ("empty.mp4", "out.mp4", [], 3, "is empty"),
    ("text.mp4", "out.mp4", [], 3, "is not a video or picture"),
    ("cut.mp4", "out.mp4", [], 3, "damaged or cut off"),
    ("cut.png", "out.png", [], 3, "damaged or cut off"),
    ("nobody.mp4", "out.png", [], 7, "is a video, so the name must end in .mp4"),
    ("nobody.png", "out.mp4", [], 7, "is a picture, so the name must end in .png, .jpg or .jpeg"),
    ("nobody.mp4", "out", [], 7, "must end in .mp4"),
    ("nobody.mp4", "no/out.mp4", [], 7, "its folder does not exist"),
    ("nobody.mp4", "", [], 7, "must end in .mp4"),
    ("nobody.mp4", "out.mp4", ["--target", first_face().name[:-1]], 6, f"Did you mean {first_face().name}"),
    ("nobody.mp4", "out.mp4", ["--target", ""], 6, "There is no target face"),
    ("nobody.mp4", "out.mp4", ["--target", "./missing.png"], 3, "There is no file"),
    ("nobody.mp4", "out.mp4", ["--target", "face.png"], 5, "add --consent self"),
    ("nobody.mp4", "out.mp4", ["--target", "nobody.png", "--consent", "fictional"], 4, "No face was found in"),
    ("nobody.mp4", "out.mp4", ["--target", "text.jpg", "--consent", "self"], 3, "is not a picture"),
]


@pytest.mark.parametrize(("source", "output", "words", "code", "sentence"), TROUBLE)
def test_render_answers_every_trouble_with_one_sentence_and_writes_nothing(
    inputs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    source: str,
    output: str,
    words: list[str],
    code: int,
    sentence: str,
) -> None:
    monkeypatch.chdir(inputs)
    folder = tmp_path / "出 片"
    folder.mkdir()
    target = [] if "--target" in words else ["--target", first_face().name]
    assert main(["render", str(inputs / source), str(folder / output), *target, *words]) == code
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("mirror-app: ")
    assert err.count("\n") == 1
    assert sentence in err
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["bench", "--input", "missing.mp4"], 3, "There is no file"),
        (["bench", "--input", "text.mp4"], 3, "is not a video"),
        (["bench", "--input", "nobody.png", "--face-height", "300"], 3, "No face was found"),
        (["bench", "--target", "nobody at all"], 6, "There is no target face"),
        (["bench", "--target", "face.png"], 5, "--consent"),
        (["targets", "add", "missing.png", "--consent", "self"], 3, "There is no file"),
        (["targets", "add", "nobody.png", "--consent", "self"], 4, "No face was found"),
        (["targets", "add", "face.png"], 5, "--consent"),
        (["targets", "add", "text.jpg", "--consent", "self"], 3, "is not a picture"),
        (["targets", "remove", first_face().name], 3, "is built in"),
        (["targets", "remove", "nobody at all"], 6, "There is no target face"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, list) else "",
)
def test_the_other_commands_do_too(
    inputs: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
    sentence: str,
) -> None:
    monkeypatch.chdir(inputs)
    assert main(words) == code
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("mirror-app: ")
    assert err.count("\n") == 1
    assert sentence in err


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "film.mp4"), 7, "film.mp4: No space left on device."),
        (PermissionError(errno.EACCES, "Permission denied", "x"), 7, "x: Permission denied."),
        (MemoryError(), 3, "not enough memory"),
        (KeyboardInterrupt(), 130, "stopped"),
        (BrokenPipeError(), 7, ""),
        (ImportError("libEGL.so.1: cannot open shared object file: No such file or directory"), 10, "apt-get install"),
    ],
)
def test_whatever_the_system_refuses_becomes_a_sentence_at_the_one_catch_point(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], error: BaseException, code: int, sentence: str
) -> None:
    def fail(options: argparse.Namespace, words: Words) -> int:
        raise error

    monkeypatch.setattr("mirror_app.cli.doctor.run", fail)
    monkeypatch.setattr(os, "dup2", lambda source, target: None)
    assert main(["doctor"]) == code
    assert sentence in capfd.readouterr().err


def test_a_bug_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(options: argparse.Namespace, words: Words) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr("mirror_app.cli.doctor.run", fail)
    with pytest.raises(ZeroDivisionError):
        main(["doctor"])


def test_every_exit_code_is_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    documented = {int(code) for code in re.findall(r"^  (\d+) ", capsys.readouterr().out, re.MULTILINE)}
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, MirrorError)]
    assert documented == {0, 2, WORSE, 130, *(kind.exit_code for kind in kinds)}


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"mirror-app {__version__}\n"


def test_no_command_means_the_window() -> None:
    options = build_parser(open_words("en")).parse_args([])
    assert (options.command, options.seconds, options.json) == ("run", None, False)


def test_the_words_of_the_parser_are_those_of_the_rooms() -> None:
    assert {kind.value for kind in Consent} == set(CONSENTS)


def test_help_loads_none_of_the_heavy_libraries() -> None:
    program = (
        "import sys; from mirror_app.cli.parser import build_parser; from mirror_app.language import open_words; "
        "build_parser(open_words('zh_CN')).format_help(); "
        "print([name for name in ('numpy', 'cv2', 'av', 'onnxruntime', 'PySide6') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
