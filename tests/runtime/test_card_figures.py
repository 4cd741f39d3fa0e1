"""Room: tests. What cards can do at best: the shipped table, the driver's word, and tables that are damaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mirror_app.domain.errors import InputError, ModelError
from mirror_app.resources import assets_dir
from mirror_app.runtime.card_figures import Cards, read_paper
from mirror_app.runtime.cuda_card import CardMakeup, GraphicsCard

GOOD = (assets_dir() / "models" / "paper.toml").read_text(encoding="utf-8")


@pytest.fixture
def cards() -> Cards:
    return Cards(read_paper(assets_dir() / "models" / "paper.toml"))


@pytest.mark.parametrize(
    ("name", "fp16", "fp16_summed_in_fp32", "fp32", "gb_per_s"),
    [
        # Launch figures of NVIDIA: 13 TFLOPS, 101 tensor-TFLOPS with half of the weights left out.
        ("RTX 3060", 101 / 2, 101 / 4, 13, 360),
        ("RTX 4070", 466 / 4, 466 / 8, 29.1, 504),
        # Appendix A of the Ada paper.
        ("RTX 4090", 330.3, 165.2, 82.6, 1008),
    ],
)
def test_the_table_gives_the_published_throughputs(
    cards: Cards, name: str, fp16: float, fp16_summed_in_fp32: float, fp32: float, gb_per_s: float
) -> None:
    card = cards.named(name)
    flops = {precision: 2e-12 * card.macs_per_s(precision) for precision in card.rates}
    assert flops["fp16"] == pytest.approx(fp16, rel=0.03)
    assert flops["fp16_summed_in_fp32"] == pytest.approx(fp16_summed_in_fp32, rel=0.03)
    assert flops["fp32"] == pytest.approx(fp32, rel=0.03)
    assert card.memory_gb_per_s == gb_per_s
    assert card.pcie_gb_per_s == pytest.approx(31.5, abs=0.1)
    assert card.source


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("RTX 3060", "NVIDIA GeForce RTX 3060"),
        ("rtx3060 8gb", "NVIDIA GeForce RTX 3060 8GB"),
        ("4090", "NVIDIA GeForce RTX 4090"),
        ("NVIDIA GeForce RTX 4070", "NVIDIA GeForce RTX 4070"),
    ],
)
def test_a_card_is_found_by_the_end_of_its_name(cards: Cards, words: str, name: str) -> None:
    assert cards.named(words).name == name


@pytest.mark.parametrize("words", ["RTX 3060 Ti", "Radeon", "", " "])
def test_an_unknown_card_is_refused_with_the_names_of_the_known_ones(cards: Cards, words: str) -> None:
    with pytest.raises(InputError, match="RTX 3060, NVIDIA GeForce RTX 3060 8GB"):
        cards.named(words)


def makeup(name: str, capability: str = "8.6", gigabytes: int = 12, clock: float = 1777, bits: int = 192) -> CardMakeup:
    return CardMakeup(GraphicsCard(name, capability, gigabytes * 2**30, "13.1"), 38, clock, 7001, bits)


@pytest.mark.parametrize(
    ("asked", "source", "gb_per_s"),
    [
        (makeup("NVIDIA GeForce RTX 3060"), "page", 360),
        # Both bear the same name at the driver.
        (makeup("NVIDIA GeForce RTX 3060", gigabytes=8), "page", 240),
        # 2 x 7.001 GHz x 24 bytes.
        (makeup("NVIDIA GeForce RTX 3060 Ti"), "the driver", 336.048),
        (makeup("NVIDIA GeForce RTX 3060 Laptop GPU"), "the driver", 336.048),
    ],
)
def test_the_drivers_card_is_the_tables_or_what_the_driver_tells(
    cards: Cards, asked: CardMakeup, source: str, gb_per_s: float
) -> None:
    card = cards.of_driver(asked)
    assert card is not None
    assert source in card.source
    assert card.memory_gb_per_s == pytest.approx(gb_per_s)


@pytest.mark.parametrize(
    "asked",
    [
        makeup("Fake GPU", clock=0.001, bits=1),
        makeup("NVIDIA X", "9.9"),
        makeup("NVIDIA X", ""),
        makeup("NVIDIA X", bits=1),
        makeup("", clock=0),
    ],
)
def test_of_a_card_that_nobody_knows_nothing_is_said(cards: Cards, asked: CardMakeup) -> None:
    assert cards.of_driver(asked) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda text: text.replace("multiprocessors = 28", "multiprocessors = 0"), r"card\[0\].multiprocessors"),
        (lambda text: text.replace("= 360.0", '= "fast"'), r"card\[0\].memory_gb_per_s: expected a number above 0"),
        (lambda text: text.replace("lanes = 16", "lanes = true"), r"card\[0\].lanes"),
        (lambda text: text.replace("pcie = 4", "pcie = 9"), "pcie: expected 3 . 4 . 5, got 9"),
        (lambda text: text.replace('capability = "8.9"', 'capability = "8.7"'), "capability: expected 7.5 . 8.6"),
        (lambda text: text.replace("fp16 = 512", "fp16 = -1"), "7.5.fp16"),
        (lambda text: text.replace("[[card]]", "[[crad]]"), "card: expected a list of tables"),
        (lambda text: text.replace('source = "', 'source = ""  # '), "source: expected where the figures come from"),
        (lambda text: text + "=", "damaged"),
    ],
)
def test_a_damaged_table_is_refused_with_the_place(tmp_path: Path, change: Callable[[str], str], why: str) -> None:
    path = tmp_path / "paper.toml"
    path.write_text(change(GOOD), encoding="utf-8")
    with pytest.raises(ModelError, match=why):
        Cards(read_paper(path))
