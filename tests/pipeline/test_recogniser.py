"""Room: tests. An installed recogniser is wired to the mirror's tracker, in files in place, live beside the picture."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.cast import Cast, Wearers
from mirror_app.domain.frame import Frame
from mirror_app.faces.arcface import ArcFace
from mirror_app.faces.recogniser_desk import RecogniserDesk
from mirror_app.faces.track import FaceTracker
from mirror_app.pipeline import assembly, neural
from mirror_app.pipeline.assembly import open_desk, open_mirror, open_remembered_mirror, open_tracker
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.pipeline.result import MirrorControls
from mirror_app.pipeline.wishes import MESH
from mirror_app.resources import assets_dir
from mirror_app.runtime.catalogue import load_catalogue
from mirror_app.runtime.models import ModelStore
from mirror_app.settings import Settings
from tests.faces.recognisers import Giving, unit
from tests.portrait import FRAME_NS, placed_portrait, plain_target
from tests.twins import analytic, zero_cost

ARCFACE = "arcface_w600k_r50"
WALL = np.full((360, 480, 3), 110, np.uint8)
EVERYBODY = MirrorControls(target=plain_target(side=64), cast=Cast(wearers=Wearers.ALL))


def store_with(twin: Callable[[str, Path], Path], folder: Path) -> ModelStore:
    """A store with a twin of ArcFace in it."""
    store = ModelStore(load_catalogue(assets_dir() / "models" / "catalogue.toml"), folder / "store")
    (folder / "store").mkdir()
    store.import_file(twin(ARCFACE, folder), ARCFACE)
    return store


def portrait(channels: tuple[int, int, int] = (0, 1, 2)) -> NDArray[np.uint8]:
    """Somebody; in other colours she is unlike herself."""
    image, _ = placed_portrait((480, 360), 150, (240, 180))
    return np.ascontiguousarray(image[..., channels])


def follow(tracker: FaceTracker, image: NDArray[np.uint8], frames: int, begin: int) -> int:
    """Show it a picture for so many frames, from this one on; returns the next frame."""
    for index in range(begin, begin + frames):
        frame = Frame(image, index, 10**9 + index * FRAME_NS)
        tracker.follow(frame)
        tracker.scan(frame)
    return begin + frames


def number_after_coming_back(recogniser: RecogniserDesk | None) -> tuple[int | None, int | None]:
    """Her number, and that after she was away and came back in another light."""
    tracker = open_tracker(recogniser=recogniser)
    tracker.follows = 2
    now = follow(tracker, portrait(), 25, 0)
    before = tracker.faces[0].person
    now = follow(tracker, WALL, 100, now)
    assert not tracker.faces
    follow(tracker, portrait((2, 0, 1)), 40, now)
    return before, tracker.faces[0].person


def test_through_the_shipped_networks_she_has_her_number_in_another_light_with_a_recogniser() -> None:
    assert number_after_coming_back(None) == (1, 2)
    assert number_after_coming_back(open_desk(lambda: Giving(unit(7)), is_live=False)) == (1, 1)


def turn(mirror: MirrorPipeline, image: NDArray[np.uint8], frames: int) -> list[int | None]:
    """The number she has in each of so many frames."""
    mirror.controls = EVERYBODY
    results = [mirror.process(Frame(image, index, 10**9 + index * FRAME_NS)) for index in range(frames)]
    assert not any(result.message for result in results)
    return [result.faces[0].person if result.faces else None for result in results]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The thread in which each face was shown to an ArcFace network."""
    threads: list[str] = []

    class Counted(ArcFace):
        def embed(self, image_bgr: NDArray[np.uint8], landmarks: NDArray[np.floating]) -> NDArray[np.float32]:
            threads.append(threading.current_thread().name)
            return super().embed(image_bgr, landmarks)

    monkeypatch.setattr(neural, "ArcFace", Counted)
    return threads


def test_a_file_waits_for_the_installed_recogniser(tmp_path: Path, asked: list[str]) -> None:
    mirror = open_mirror(MESH, thorough=True, store=store_with(analytic, tmp_path))
    assert not asked
    assert turn(mirror, portrait(), 25)[-1] == 1
    assert set(asked) == {threading.current_thread().name}
    # Two prove it, one says that she is nobody known, one vouches for her number.
    assert len(asked) == 4
    assert mirror.why == "You chose the built-in engine."


def test_the_live_mirror_does_not_wait_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    store = store_with(analytic, tmp_path)
    monkeypatch.setattr(assembly, "has_models", lambda: True)
    monkeypatch.setattr("mirror_app.runtime.models.open_store", lambda: store)
    mirror = open_remembered_mirror(Settings(engine=MESH, devices={"recogniser": "cpu"}))
    mirror.controls = EVERYBODY
    numbers: set[int | None] = set()
    for index in range(2000):
        result = mirror.process(Frame(portrait(), index, 10**9 + index * FRAME_NS))
        numbers.update(face.person for face in result.faces)
        if len(asked) > 2:
            break
    assert len(asked) > 2
    assert {name.split("_")[0] for name in asked} == {"recogniser"}
    assert numbers <= {1, None}


def test_without_one_there_is_none(tmp_path: Path, asked: list[str]) -> None:
    (tmp_path / "store").mkdir()
    store = ModelStore(load_catalogue(assets_dir() / "models" / "catalogue.toml"), tmp_path / "store")
    assert turn(open_mirror(MESH, thorough=True, store=store), portrait(), 25)[-1] == 1
    assert not asked


def test_a_useless_network_is_said_and_people_are_numbered_without_it(tmp_path: Path) -> None:
    mirror = open_mirror(MESH, thorough=True, store=store_with(zero_cost, tmp_path))
    assert turn(mirror, portrait(), 25)[-1] == 1
    assert mirror.why.startswith("You chose the built-in engine. People are told apart by what can be seen of them")


def test_a_network_that_does_not_load_is_said_and_people_are_numbered_without_it(tmp_path: Path) -> None:
    store = store_with(analytic, tmp_path)
    mirror = open_mirror(MESH, thorough=True, store=store)
    next((tmp_path / "store").glob(f"{ARCFACE}*.onnx")).write_bytes(b"wreck")
    assert turn(mirror, portrait(), 25)[-1] == 1
    assert "because the recogniser cannot be used" in mirror.why
    assert ARCFACE in mirror.why
