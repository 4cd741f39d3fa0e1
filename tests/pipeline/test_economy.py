"""Room: tests. What is saved, in which order, from which budget, and what people are told of it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.frame import Frame
from mirror_app.domain.sentence import Sentence
from mirror_app.faces.scrfd import ScrfdDetector
from mirror_app.faces.specs import SCRFD_RGB
from mirror_app.pipeline.assembly import open_tracker
from mirror_app.pipeline.economy import Economy, Knobs, Savings
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.runtime.backend import TensorSpec
from mirror_app.swap.key_frames import KeyFrameSwapper
from mirror_app.swap.neural.identity import IdentityMaker
from mirror_app.swap.neural.swapper import NeuralSwapper
from tests.pipeline.scripted import ScriptedRenderer, ScriptedTracker
from tests.swap.neural import networks

PICTURE = np.zeros((90, 160, 3), np.uint8)
FRAME_NS = 33_333_333


class FreeScrfd:
    """A detector network that takes pictures of any size and sees nobody."""

    device = "CPU"
    inputs = (TensorSpec("input.1", (1, 3, -1, -1)),)
    outputs = tuple(TensorSpec(str(number), (-1, (1, 4, 10)[number // 3])) for number in range(9))

    def __init__(self) -> None:
        self.seen: list[tuple[int, ...]] = []

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        height, width = feeds["input.1"].shape[2:]
        self.seen.append((height, width))
        return [
            np.zeros((height // stride * (width // stride) * 2, numbers), np.float32)
            for numbers in (1, 4, 10)
            for stride in (8, 16, 32)
        ]


def swapping(tiles: int = 1) -> tuple[KeyFrameSwapper, NeuralSwapper, networks.ScriptedNetwork]:
    network = networks.ScriptedNetwork(networks.PLAIN)
    recogniser = networks.ScriptedRecogniser({1: networks.raw_embedding(1)})
    swapper = NeuralSwapper(
        networks.PLAIN, network, IdentityMaker(networks.PLAIN, recogniser), networks.WholeMask(), tiles=tiles
    )
    return KeyFrameSwapper(swapper), swapper, network


def all_knobs() -> Knobs:
    keys, network, _ = swapping(tiles=2)
    return Knobs(keys, network, ScrfdDetector(FreeScrfd(), SCRFD_RGB))


def run(economy: Economy, cost_ms: float, seconds: float, interval_ns: int = FRAME_NS, first: int = 0) -> int:
    """Feed frames; the index after the last."""
    last = first + round(seconds * 1e9 / interval_ns)
    for index in range(first, last):
        economy.end_frame(Frame(PICTURE, index, index * interval_ns), cost_ms)
    return last


def test_a_mirror_without_networks_of_the_users_own_saves_on_the_mesh_only() -> None:
    assert Knobs().levels() == (Savings(), Savings(mesh_every=2), Savings(mesh_every=3))


def test_the_levels_save_one_thing_more_at_a_time_and_never_take_one_back() -> None:
    levels = all_knobs().levels()
    assert [level.key_every for level in levels] == [1, 2, 3, 3, 4, 4, 4, 4]
    for less, more in itertools.pairwise(levels):
        assert more.key_every >= less.key_every
        assert more.mesh_every >= less.mesh_every
        assert more.enlarges <= less.enlarges
        assert more.searches_fully <= less.searches_fully
        assert less != more
    assert levels[0].sentence == ""
    assert all(isinstance(level.sentence, Sentence) for level in levels[1:])
    assert "one frame in 3" in levels[2].sentence


def test_under_load_every_knob_is_turned_and_afterwards_all_are_back() -> None:
    tracker, knobs = open_tracker(), all_knobs()
    assert knobs.keys is not None
    assert knobs.network is not None
    assert knobs.detector is not None
    economy = Economy(tracker, knobs)
    last = run(economy, 200, 10)
    assert (knobs.keys.every, tracker.mesh_every) == (4, 3)
    assert (knobs.network.enlarges, knobs.detector.is_reduced) == (False, True)
    run(economy, 3, 40, first=last)
    assert (knobs.keys.every, tracker.mesh_every) == (1, 1)
    assert (knobs.network.enlarges, knobs.detector.is_reduced) == (True, False)
    assert economy.sentence("plain") == ""


@pytest.mark.parametrize(("fps", "budget_ms"), [(60, 30.0), (30, 30.0), (25, 36.0), (15, 60.0), (5, 75.0)])
def test_the_budget_is_most_of_the_cameras_interval_within_reason(fps: int, budget_ms: float) -> None:
    economy = Economy(open_tracker(), Knobs())
    run(economy, 1, 2, interval_ns=round(1e9 / fps))
    assert economy.budget_ms == pytest.approx(budget_ms, rel=1e-3)


def test_frames_that_were_dropped_do_not_make_the_camera_slower() -> None:
    economy = Economy(open_tracker(), Knobs())
    for index in range(0, 60, 3):
        economy.end_frame(Frame(PICTURE, index, index * FRAME_NS), 90)
    assert economy.budget_ms == pytest.approx(30, rel=1e-3)


def test_work_between_frames_counts() -> None:
    tracker = open_tracker()
    economy = Economy(tracker, Knobs())
    for index in range(60):
        economy.spend_spare(25)
        economy.end_frame(Frame(PICTURE, index, index * FRAME_NS), 10)
    assert tracker.mesh_every > 1


def test_what_the_network_saves_is_not_said_while_another_engine_covers() -> None:
    knobs = all_knobs()
    economy = Economy(open_tracker(), knobs)
    run(economy, 200, 0.8)
    assert knobs.keys is not None
    assert knobs.keys.every == 2 or knobs.keys.every == 3
    assert "network" in economy.sentence("plain")
    assert economy.sentence("mesh") == ""


def test_the_mirror_says_what_it_saves_while_it_does() -> None:
    tracker = ScriptedTracker()
    economy = Economy(tracker, Knobs())
    mirror = MirrorPipeline(tracker, ScriptedRenderer(), economy=economy)
    said = []
    for index in range(40):
        economy.spend_spare(0.0 if index < 12 else 60.0)
        said.append(mirror.process(Frame(PICTURE, index, index * FRAME_NS)).economy)
    assert set(said[:12]) == {""}
    assert "one frame in" in said[-1]
    assert tracker.mesh_every > 1


def test_a_network_that_may_not_enlarge_sees_one_picture_of_its_own_size() -> None:
    _, swapper, network = swapping(tiles=2)
    frame, worn = networks.frame_of(networks.picture(96, 96)), networks.target(networks.view(1))
    for enlarges, pictures in ((True, 4), (False, 1), (True, 4)):
        network.feeds.clear()
        swapper.enlarges = enlarges
        (patch,) = swapper.generate(frame, [networks.wear(networks.landmarks_at((48, 48), 60), worn)])
        assert patch.valid
        assert sum(len(feed["target"]) for feed in network.feeds) == pictures


def test_a_reduced_detector_sees_a_smaller_picture_of_the_same_frame() -> None:
    network = FreeScrfd()
    detector = ScrfdDetector(network, SCRFD_RGB)
    for is_reduced in (False, True, False):
        detector.is_reduced = is_reduced
        detector.detect(PICTURE)
    assert network.seen == [(384, 640), (288, 480), (384, 640)]
