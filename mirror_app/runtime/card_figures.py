"""Room: runtime. What graphics cards can do at best, from a shipped table or from the driver. Measures nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mirror_app.domain.errors import InputError, ModelError
from mirror_app.domain.sentence import Sentence
from mirror_app.runtime.cuda_card import CardMakeup
from mirror_app.runtime.data_table import DataTable

PAPER: Final = Sentence("The table of graphics cards")
_PRECISIONS: Final = ("fp16", "fp16_summed_in_fp32", "fp32", "int8")
# 16 GT/s for each lane of the fourth generation, half or twice that beside it; 128 of 130 bits are content (PCI-SIG).
_GB_PER_S_AND_LANE: Final = {3: 0.985, 4: 1.969, 5: 3.938}
# What a driver says of a card that is none.
_LEAST_CLOCK_MHZ: Final = 100.0
_LEAST_BUS_BITS: Final = 32
# Where the driver does not tell: what cards of the last years have.
_USUAL_PCIE: Final = (4, 16)


@dataclass(frozen=True, slots=True)
class CardFigures:
    """The limits of a card.

    Attributes:
        name: As the driver says it.
        multiprocessors: How many.
        clock_mhz: The highest usual one.
        rates: Multiplications with an addition per clock and multiprocessor, dense, by precision.
        memory_gb_per_s: Between the card's memory and its processors, units of 10**9 bytes.
        memory_bytes: All of it; 0 where it is not known.
        pcie_gb_per_s: Each way between the computer and the card, units of 10**9 bytes.
        source: Where the figures come from.
    """

    name: str
    multiprocessors: int
    clock_mhz: float
    rates: Mapping[str, int]
    memory_gb_per_s: float
    memory_bytes: int
    pcie_gb_per_s: float
    source: str

    def macs_per_s(self, precision: str) -> float:
        """Multiplications with an addition per second at best."""
        return self.multiprocessors * self.clock_mhz * 1e6 * self.rates[precision]


class Cards:
    """The table."""

    def __init__(self, table: DataTable) -> None:
        """Read it.

        Raises:
            ModelError: It is damaged; the sentence says where.
        """
        rates = table.table("rate")
        self._rates = {capability: _rates(rates.table(capability)) for capability in rates.values}
        self._cards = [_card(row, self._rates) for row in table.tables("card")]

    def named(self, words: str) -> CardFigures:
        """The card that somebody means by its name or the end of it, e.g. "rtx 3060".

        Raises:
            InputError: There is none of that name.
        """
        wanted = _plain(words)
        found = next((card for card in self._cards if wanted and _plain(card.name).endswith(wanted)), None)
        if found is None:
            raise InputError(
                "The card {card} is not in the table. It has: {cards}.",
                card=words,
                cards=", ".join(card.name for card in self._cards),
            )
        return found

    def of_driver(self, makeup: CardMakeup) -> CardFigures | None:
        """The card that the driver tells of: from the table, else as far as the driver knows; None where it does not.

        Two cards of one name are told apart by their memory.
        """
        same = [card for card in self._cards if _plain(card.name).startswith(_plain(makeup.card.name))]
        if any(card.name == makeup.card.name for card in same):
            return min(same, key=lambda card: abs(card.memory_bytes - makeup.card.memory_bytes))
        rates = self._rates.get(makeup.card.compute_capability)
        if rates is None or makeup.clock_mhz < _LEAST_CLOCK_MHZ or makeup.bus_bits < _LEAST_BUS_BITS:
            return None
        # Memory of this kind moves two bits per clock and wire.
        memory_gb_per_s = 2 * makeup.memory_clock_mhz * 1e6 * makeup.bus_bits / 8 / 1e9
        return CardFigures(
            name=makeup.card.name,
            multiprocessors=makeup.multiprocessors,
            clock_mhz=makeup.clock_mhz,
            rates=rates,
            memory_gb_per_s=memory_gb_per_s,
            memory_bytes=makeup.card.memory_bytes,
            pcie_gb_per_s=_pcie(*_USUAL_PCIE),
            source="the driver",
        )


def read_paper(path: Path) -> DataTable:
    """The file of cards and assumptions.

    Raises:
        ModelError: It cannot be read.
    """
    try:
        return DataTable(tomllib.loads(path.read_text(encoding="utf-8")), path.name, PAPER)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ModelError("{file} is damaged: {why}", file=PAPER, why=error) from error


def above_zero(table: DataTable, key: str, kind: type[Any] = float) -> Any:
    """A number above zero."""
    return table.get(key, kind, "a number above 0", lambda value: value > 0)


def _rates(table: DataTable) -> Mapping[str, int]:
    return {precision: above_zero(table, precision, int) for precision in _PRECISIONS}


def _card(row: DataTable, rates: Mapping[str, Mapping[str, int]]) -> CardFigures:
    capability = row.text("capability", rates.__contains__, _choice(list(rates)))
    pcie = row.get("pcie", int, _choice(list(_GB_PER_S_AND_LANE)), _GB_PER_S_AND_LANE.__contains__)
    return CardFigures(
        name=row.text("name", bool, "a name"),
        multiprocessors=above_zero(row, "multiprocessors", int),
        clock_mhz=above_zero(row, "clock_mhz", int),
        rates=rates[capability],
        memory_gb_per_s=above_zero(row, "memory_gb_per_s"),
        memory_bytes=above_zero(row, "memory_gb", int) * 2**30,
        pcie_gb_per_s=_pcie(pcie, above_zero(row, "lanes", int)),
        source=row.text("source", bool, "where the figures come from"),
    )


def _pcie(generation: int, lanes: int) -> float:
    return _GB_PER_S_AND_LANE[generation] * lanes


def _choice(values: Sequence[object]) -> str:
    return " | ".join(map(str, values))


def _plain(name: str) -> str:
    return name.lower().replace(" ", "")
