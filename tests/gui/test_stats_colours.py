"""Room: tests. The colours of the timing: seen on both grounds and told apart by every kind of eye."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from mirror_app.gui import theme
from mirror_app.gui.stats.colours import ON_DARK, ON_LIGHT, step_colours
from mirror_app.gui.stats.record import STEPS

# Machado, Oliveira, Fernandes: "A physiologically-based model for simulation of color vision deficiency" (2009),
# full severity, on linear RGB.
EYES = {
    "usual": np.eye(3),
    "protanope": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranope": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanope": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
LOOKS = [pytest.param(ON_DARK, theme.DARK, id="dark"), pytest.param(ON_LIGHT, theme.LIGHT, id="light")]


def linear(name: str) -> NDArray[np.float64]:
    colour = QColor(name)
    rgb = np.array([colour.redF(), colour.greenF(), colour.blueF()])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    lights = sorted(float(linear(name) @ (0.2126, 0.7152, 0.0722)) for name in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    xyz = np.clip(rgb, 0, 1) @ np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]])
    x, y, z = np.cbrt(xyz / (0.9505, 1.0, 1.089))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize(("colours", "look"), LOOKS)
def test_every_colour_stands_out_from_the_panel(colours: tuple[str, ...], look: dict[str, str]) -> None:
    assert len(colours) == len(STEPS)
    assert {colour: contrast(colour, look["PANEL"]) for colour in colours if contrast(colour, look["PANEL"]) < 3} == {}


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize(("colours", "look"), LOOKS)
def test_any_two_are_told_apart_and_neighbours_well(colours: tuple[str, ...], look: dict[str, str], eye: str) -> None:
    seen = np.array([lab(EYES[eye] @ linear(colour)) for colour in colours])
    apart = np.linalg.norm(seen[:, None] - seen[None], axis=-1)
    assert np.diag(apart, 1).min() > 40, apart
    assert apart[np.triu_indices(len(colours), 1)].min() > 20, apart


@pytest.mark.parametrize("look", [theme.DARK, theme.LIGHT])
def test_the_colours_follow_the_look(qapp: QApplication, look: dict[str, str]) -> None:
    theme.apply_theme(qapp, look)
    assert [colour.name() for colour in step_colours().values()] == list(ON_DARK if look is theme.DARK else ON_LIGHT)
    theme.apply_theme(qapp)
