"""Room: tests. `mirror-app models` shows, takes in, downloads and deletes models, and asks before it downloads."""

from __future__ import annotations

import io
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mirror_app.cli import main
from mirror_app.cli.download_bar import download_line
from mirror_app.domain.errors import ModelError
from mirror_app.language import open_words
from mirror_app.runtime.catalogue import Catalogue, ModelSpec
from mirror_app.runtime.model_get import get_model
from mirror_app.runtime.models import Imported, ModelStore
from tests.runtime.file_server import Manners, serving
from tests.runtime.model_files import CONVERTER, model_of, published, real_catalogue, saved, with_file

CATALOGUE = real_catalogue()
NEEDED = "arcface_w600k_r50"
SWAPPER = "ghost_1_256"


class Person(io.StringIO):
    """Somebody at the keyboard."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "models"
    made.mkdir()
    return made


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """A file of the swapper and one of each model that it needs."""
    names = (NEEDED, CONVERTER, SWAPPER)
    return {name: saved(model_of(CATALOGUE.find(name)), tmp_path / f"{name}.onnx") for name in names}


@pytest.fixture
def manners(files: dict[str, Path], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Manners]]:
    """Servers of those files, and a store whose catalogue knows their addresses."""
    served = {name: Manners(path.read_bytes()) for name, path in files.items()}
    with serving(served[NEEDED]) as needed, serving(served[CONVERTER]) as converter, serving(served[SWAPPER]) as own:
        catalogue = CATALOGUE
        for name, url in {NEEDED: needed, CONVERTER: converter, SWAPPER: own}.items():
            catalogue = with_file(catalogue, name, published(files[name], urls=[url]))
        use(monkeypatch, catalogue, folder)
        yield served


@pytest.fixture(autouse=True)
def store(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The models live in the test's folder."""
    use(monkeypatch, CATALOGUE, folder)


def use(monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue, folder: Path) -> None:
    for module in ("models", "models_get"):
        monkeypatch.setattr(f"mirror_app.cli.{module}.open_store", lambda: ModelStore(catalogue, folder))


def test_the_list_shows_every_model_with_role_state_and_licence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(list(CATALOGUE))
    line = next(line for line in lines if line.startswith("hyperswap_1a_256"))
    assert all(word in line for word in ("swapper", "not installed", "ResearchRAIL"))


def test_the_list_says_what_a_swapper_still_needs(
    capsys: pytest.CaptureFixture[str], files: dict[str, Path], folder: Path
) -> None:
    assert main(["models", "import", str(files[SWAPPER]), "--as", SWAPPER]) == 0
    said = capsys.readouterr()
    assert "is installed: fp32" in said.out
    assert "trust" in said.err
    assert f"{SWAPPER} cannot run yet: {NEEDED}, {CONVERTER}" in said.err
    assert main(["models", "list"]) == 0
    said = capsys.readouterr()
    assert f"{NEEDED}, {CONVERTER}" in said.err
    assert "fp32 0.0 MB" in next(line for line in said.out.splitlines() if line.startswith(SWAPPER))


def test_the_list_as_json(capsys: pytest.CaptureFixture[str], files: dict[str, Path], folder: Path) -> None:
    main(["models", "import", str(files[SWAPPER]), "--as", SWAPPER])
    (folder / f"{NEEDED}.fp32.onnx").write_bytes(b"damaged")
    capsys.readouterr()
    assert main(["models", "list", "--json"]) == 0
    table = json.loads(capsys.readouterr().out)
    rows = {row["name"]: row for row in table["models"]}
    assert rows[SWAPPER]["missing"] == [NEEDED, CONVERTER]
    assert rows[SWAPPER]["installed"][0]["path"] == str(folder / f"{SWAPPER}.fp32.onnx")
    assert rows[SWAPPER]["installed"][0]["is_known"] is False
    assert rows[NEEDED]["installed"] == []
    assert main(["models", "list"]) == 0
    assert "is damaged" in capsys.readouterr().err


def test_the_list_as_json_names_damaged_files(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / f"{NEEDED}.fp32.onnx").write_bytes(b"half")
    assert main(["models", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["damaged"] == [str(folder / f"{NEEDED}.fp32.onnx")]


def test_info_shows_licence_files_tensors_and_needs(capsys: pytest.CaptureFixture[str], files: dict[str, Path]) -> None:
    assert main(["models", "info", "inswapper_128"]) == 0
    out = capsys.readouterr().out
    for word in ("non-commercial", "github.com/deepinsight", "target 1×3×128×128", NEEDED, "e4a3f08c", "not installed"):
        assert word in out
    main(["models", "import", str(files[SWAPPER]), "--as", SWAPPER])
    capsys.readouterr()
    assert main(["models", "info", SWAPPER]) == 0
    assert "not in the catalogue" in capsys.readouterr().out
    assert main(["models", "info", SWAPPER, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["installed"][0]["precision"] == "fp32"


@pytest.mark.parametrize("action", ["info", "get", "remove"])
def test_an_unknown_name_is_refused(action: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", action, "no_such"]) == ModelError.exit_code
    assert "models list" in capsys.readouterr().err


def test_an_import_that_could_be_several_asks_for_the_name(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "import", str(files[CONVERTER])]) == ModelError.exit_code
    assert "--as NAME" in capsys.readouterr().err


def test_removing_deletes_the_file(files: dict[str, Path], folder: Path) -> None:
    main(["models", "import", str(files[SWAPPER]), "--as", SWAPPER])
    assert main(["models", "remove", SWAPPER]) == 0
    assert not list(folder.glob("*.onnx"))
    assert main(["models", "remove", SWAPPER]) == ModelError.exit_code


def test_without_anybody_to_ask_nothing_is_downloaded_unless_told(
    manners: dict[str, Manners], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert main(["models", "get", SWAPPER]) == 3
    said = capsys.readouterr()
    assert "--accept-licence" in said.err
    assert all(CATALOGUE.find(name).licence.allows_en in said.out for name in manners)
    assert [served.asked for served in manners.values()] == [[], [], []]
    assert main(["models", "get", SWAPPER, "--accept-licence"]) == 0
    assert sorted(path.name for path in folder.glob("*.onnx")) == [
        f"{NEEDED}.fp32.onnx", f"{CONVERTER}.fp32.onnx", f"{SWAPPER}.fp32.onnx",
    ]  # fmt: skip
    assert main(["models", "get", SWAPPER]) == 0
    assert "already" in capsys.readouterr().out


def test_every_licence_is_shown_and_asked_for_once(
    manners: dict[str, Manners], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Person("y\ny\ny\n"))
    assert main(["models", "get", SWAPPER]) == 0
    out = capsys.readouterr().out
    for name in (NEEDED, CONVERTER, SWAPPER):
        assert CATALOGUE.find(name).licence.allows_en in out
    assert main(["models", "remove", SWAPPER]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["models", "get", SWAPPER]) == 0


@pytest.mark.parametrize("answers", ["n\n", "\n", "y\nmaybe\n"])
def test_who_does_not_accept_gets_nothing(
    manners: dict[str, Manners], folder: Path, monkeypatch: pytest.MonkeyPatch, answers: str
) -> None:
    monkeypatch.setattr("sys.stdin", Person(answers))
    assert main(["models", "get", SWAPPER]) == 3
    assert not list(folder.glob("*.onnx"))
    assert [served.asked for served in manners.values()] == [[], [], []]


def test_a_model_without_address_is_refused_before_any_question(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "get", "scrfd_10g"]) == ModelError.exit_code
    said = capsys.readouterr()
    assert "buffalo_l" in said.err
    assert "licence" not in said.out


def test_a_precision_that_nobody_published_is_said(
    manners: dict[str, Manners], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "get", SWAPPER, "--precision", "fp16"]) == ModelError.exit_code
    assert "fp16" in capsys.readouterr().err


def test_a_stopped_download_says_how_to_go_on(
    manners: dict[str, Manners], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped_at_once(store: ModelStore, spec: ModelSpec, **others: Any) -> Imported | None:
        signal.raise_signal(signal.SIGINT)
        return get_model(store, spec, **others)

    monkeypatch.setattr("mirror_app.cli.models_get.get_model", stopped_at_once)
    assert main(["models", "get", SWAPPER, "--accept-licence"]) == 130
    assert "goes on" in capsys.readouterr().err


def test_a_failed_download_says_why_and_leaves_what_came_before(
    manners: dict[str, Manners], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manners[SWAPPER].status = 503
    assert main(["models", "get", SWAPPER, "--accept-licence"]) == ModelError.exit_code
    assert "503" in capsys.readouterr().err
    assert len(list(folder.glob("*.onnx"))) == 2
    assert not list(folder.glob("*.part"))


@pytest.mark.parametrize(
    ("done", "expected", "per_s", "line"),
    [
        (60_000_000, 120_000_000, 6e6, "[############............]  50%  60/120 MB  6.0 MB/s  0:10 left"),
        (60_000_000, None, 6e6, "60.0 MB  6.0 MB/s"),
        (0, 120_000_000, 0.0, "[........................]   0%  0/120 MB  0.0 MB/s"),
    ],
)
def test_the_bar(done: int, expected: int | None, per_s: float, line: str) -> None:
    assert download_line(open_words("en"), done, expected, per_s) == line
