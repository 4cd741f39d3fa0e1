"""Room: tests. `mirror-app evaluate` on the demo camera, a few frames of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mirror_app.cli import main
from mirror_app.cli.evaluate_table import figures_table
from mirror_app.imaging.files import read_image
from mirror_app.language import open_words
from mirror_app.tools.evaluate_figures import Figures
from mirror_app.tools.evaluate_limits import Limit

_FEW = ["--only", "plain", "--frames", "4"]


def test_json_holds_every_figure_of_every_pair_and_sheets_are_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", *_FEW, "--json", "--sheets", str(tmp_path)]) == 0
    table = json.loads(capfd.readouterr().out)
    assert [(pair["clip"], pair["target"], pair["frames"]) for pair in table["pairs"]] == [
        ("plain", "photo", 4),
        ("plain", "starry-oils", 4),
    ]
    for pair in table["pairs"]:
        assert pair["covered"] == 1
        assert pair["lost"] == 0
        assert 0.5 < pair["cover"] <= 1
        assert pair["expression"].keys() == {"mouth_open", "mouth_width", "left_eye", "right_eye", "yaw"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plain---photo.png", "plain---starry-oils.png"]
    assert read_image(tmp_path / "plain---photo.png").shape[0] > 800


def test_check_exits_with_11_and_says_what_is_worse(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("mirror_app.tools.evaluate_limits.LIMITS", (Limit("cover", 2, 3),))
    assert main(["evaluate", *_FEW, "--target", "tiger", "--check"]) == 11
    out, err = capfd.readouterr()
    assert out.splitlines()[1].split()[:2] == ["plain", "tiger"]
    assert "plain with tiger: cover is 0." in err
    assert "not 2 to 3" in err


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["--only", "nothing"], 3, "there are: plain"),
        (["--people", "--only", "nothing"], 3, "there are: crossing"),
        (["--people", "--footage", "nowhere"], 3, "nowhere cannot be listed"),
        (["--sheets", "nowhere"], 3, "no folder nowhere"),
        (["--footage", "nowhere", "--consent", "public-domain"], 3, "nowhere cannot be listed"),
        (["--target", "nobody"], 6, "nobody"),
        (["--only", "plain", "--frames", "3", "--engine", "nonsense"], 3, "There is no engine “nonsense”"),
        (["--frames", "2"], 2, "frames must be a whole number from 3"),
        (["--json", "--markdown"], 2, "not allowed"),
    ],
)
def test_what_cannot_be_evaluated_is_said_in_a_sentence(
    capfd: pytest.CaptureFixture[str], words: list[str], code: int, sentence: str
) -> None:
    if code == 2:
        with pytest.raises(SystemExit) as stopped:
            main(["evaluate", *words])
        assert stopped.value.code == 2
    else:
        assert main(["evaluate", *words]) == code
    assert sentence in capfd.readouterr().err


def test_photos_of_a_folder_need_consent(inputs: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--footage", str(inputs)]) == 5
    assert "--consent" in capfd.readouterr().err


def test_people_are_judged_as_a_table_or_as_json_and_checked(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--people", "--only", "fast", "--seconds", "0.1", "--markdown"]) == 0
    heading, _, row = capfd.readouterr().out.splitlines()
    assert heading.startswith("| clip | people | frames | switches | MOTA | IDF1 |")
    assert row.startswith("| fast turns | 2 | 3 | 0 |")
    assert main(["evaluate", "--people", "--only", "strangers", "--seconds", "0.1", "--json", "--check"]) == 11
    table = json.loads(capfd.readouterr().out)
    assert table["people"] == []
    assert table["lamp"] is None
    assert table["strangers"]["wrong"] == 0
    assert len(table["broken"]) == 1, "three frames are too few to recognise anybody"


def test_the_table_leaves_out_what_nobody_has_and_can_be_pasted_as_markdown() -> None:
    row = Figures(
        "plain", "tiger", 9, covered=1, lost=0, expression={"yaw": None}, ceiling={"yaw": None}, yaw_error=0.01,
        yaw_ceiling=0.01, flicker_ratio=0.5, sharpness_ratio=None, blotch_ratio=1, seam=0, background_changed=0,
        ms_p50=7.25,
    )  # fmt: skip
    moving = Figures(**{**{name: getattr(row, name) for name in Figures.__slots__}, "expression": {"yaw": 0.5}})
    heading, _, first, second = figures_table([row, moving], open_words("en"), markdown=True).splitlines()
    assert heading.startswith("| clip | target | covered | lost | least kept |")
    assert "sharp" not in heading
    assert "fringe" not in heading
    assert first.split(" | ")[4] == "still"
    assert second.split(" | ")[4] == "0.50"
    assert heading.count("|") == first.count("|") == second.count("|")
    plain = figures_table([row], open_words("en")).splitlines()
    assert len({len(line) for line in plain}) == 1
