"""Room: tests. The budget of a whole frame: the shipped tables in order, their sums, and tables that are damaged."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from mirror_app.domain.errors import ModelError
from mirror_app.resources import assets_dir
from mirror_app.runtime.card_figures import read_paper
from mirror_app.runtime.catalogue import load_catalogue
from mirror_app.runtime.data_table import DataTable
from mirror_app.runtime.models import ModelStore
from mirror_app.tools.budget.frame import Paper, PaperStage, open_paper
from mirror_app.tools.budget.networks import Basis, counted, read_costs
from tests.twins import costs
from tests.twins.architecture import architecture, layers_of
from tests.twins.layers import Layers

FOLDER = assets_dir() / "models"
CARDS = ("RTX 3060", "RTX 3060 8GB", "RTX 4070", "RTX 4090")


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    folder = tmp_path / "models"
    folder.mkdir()
    return ModelStore(load_catalogue(FOLDER / "catalogue.toml"), folder)


@pytest.mark.parametrize("name", costs.NAMES)
def test_the_shipped_counts_are_those_of_the_twins_at_full_width(name: str) -> None:
    shipped = read_costs(read_paper(FOLDER / "costs.toml"))[name]
    plan = layers_of(name, Layers(is_plan=True))
    if shipped.basis is not Basis.PUBLISHED:
        assert shipped.cost.macs == plan.macs
    if shipped.basis is Basis.PLAN:
        assert shipped.cost.weights == pytest.approx(plan.parameters, rel=0.001)
    assert shipped.cost.inputs + shipped.cost.outputs <= shipped.cost.moved


def test_the_shipped_counts_are_for_the_listed_models_and_the_heaviest_is_the_known_one() -> None:
    shipped = read_costs(read_paper(FOLDER / "costs.toml"))
    assert set(shipped) == set(costs.NAMES)
    assert max(shipped, key=lambda name: shipped[name].cost.macs) == "inswapper_128"
    assert shipped["inswapper_128"].basis is Basis.PLAN
    assert shipped["ghost_1_256"].basis is Basis.GUESS


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_the_sum_of_a_frame_is_the_sum_of_its_stages_but_the_detector(store: ModelStore, size: tuple[int, int]) -> None:
    paper = open_paper(store)
    host = paper.host(size)
    assert host.size_wh == size
    for card in map(paper.cards.named, CARDS):
        for row in paper.budgets(card, host):
            assert set(row.stages_ms) == set(PaperStage)
            assert min(row.stages_ms.values()) > 0
            detect_ms = row.stages_ms[PaperStage.DETECT]
            assert row.total_ms == pytest.approx(sum(row.stages_ms.values()) - detect_ms)
            assert row.usual_ms >= row.total_ms
            assert paper.assumed.context_bytes < row.memory_bytes < card.memory_bytes


def test_a_faster_card_needs_less_and_a_narrower_memory_never_helps(store: ModelStore) -> None:
    paper = open_paper(store)
    host = paper.host((1280, 720))
    slow, narrow, _, fast = (
        [row.stages_ms[PaperStage.NETWORK] for row in paper.budgets(card, host)]
        for card in map(paper.cards.named, CARDS)
    )
    assert all(quick < one <= less for quick, one, less in zip(fast, slow, narrow, strict=True))


def test_every_mask_network_has_its_own_floor(store: ModelStore) -> None:
    paper = open_paper(store)
    slow, fast = (paper.masks_ms(paper.cards.named(name)) for name in ("RTX 3060", "RTX 4090"))
    assert slow.keys() == {"bisenet_resnet_34", "xseg_3"}
    assert all(0 < fast[name] < slow[name] for name in slow)


@pytest.mark.parametrize(("size", "nearest"), [((640, 480), (1280, 720)), ((3840, 2160), (1920, 1080))])
def test_another_size_takes_the_nearest_that_was_measured(
    store: ModelStore, size: tuple[int, int], nearest: tuple[int, int]
) -> None:
    assert open_paper(store).host(size).size_wh == nearest


def test_an_installed_file_is_counted_itself(store: ModelStore, tmp_path: Path) -> None:
    store.import_file(architecture("simswap_256", tmp_path / "made", 1 / 64), "simswap_256")
    shipped = read_costs(read_paper(FOLDER / "costs.toml"))
    found = counted("simswap_256", store, shipped)
    assert found.basis is Basis.FILE
    assert found.cost.macs == layers_of("simswap_256", Layers(is_plan=True), 1 / 64).macs
    assert counted("ghost_1_256", store, shipped) is shipped["ghost_1_256"]


@pytest.mark.parametrize(
    ("file", "change", "why"),
    [
        (
            "paper.toml",
            lambda text: text.replace("launch_us = 15.0", "launch_us = 0.0"),
            "launch_us: expected a number",
        ),
        ("paper.toml", lambda text: text.replace("[assumed]", "[assumption]"), "assumed: expected a table"),
        ("paper.toml", lambda text: text.replace("width = 1280", "width = -1"), r"host\[0\].width"),
        ("costs.toml", lambda text: text.replace("macs = ", "macs = -"), "inswapper_128.macs: expected a number of 0"),
        ("costs.toml", lambda text: text.replace("peak = ", "peek = "), "inswapper_128.peak"),
        (
            "costs.toml",
            lambda text: text.replace('"plan"', '"hope"'),
            "basis: expected file . plan . published . guess",
        ),
        ("costs.toml", lambda text: text.replace("[scrfd_10g]", "[scrfd]"), "damaged: scrfd_10g"),
    ],
)
def test_a_damaged_table_is_refused_with_the_place(
    store: ModelStore, tmp_path: Path, file: str, change: Callable[[str], str], why: str
) -> None:
    for name in ("paper.toml", "costs.toml"):
        text = (FOLDER / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(change(text) if name == file else text, encoding="utf-8")
    tomllib.loads((tmp_path / file).read_text(encoding="utf-8"))
    with pytest.raises(ModelError, match=why):
        _reckon(read_paper(tmp_path / "paper.toml"), read_paper(tmp_path / "costs.toml"), store)


def _reckon(paper: DataTable, counts: DataTable, store: ModelStore) -> None:
    tables = Paper(paper, counts, store)
    tables.budgets(tables.cards.named("RTX 3060"), tables.host((1280, 720)))
