"""Room: tests. Which engine is taken: by name, or the best usable one, and what is said about it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import pytest

from mirror_app.domain.errors import InputError, MirrorError, ModelError
from mirror_app.domain.frame import Frame
from mirror_app.domain.target import TargetFace
from mirror_app.pipeline import assembly, neural
from mirror_app.pipeline.assembly import open_mirror, open_remembered_mirror
from mirror_app.pipeline.engines import choose_engine, engine_names, remembered_wishes, usable_engines
from mirror_app.pipeline.result import MirrorControls, MirrorState
from mirror_app.pipeline.wishes import AUTO, BUILT_IN, MESH
from mirror_app.resources import assets_dir
from mirror_app.runtime import factory
from mirror_app.runtime.backend import InferenceBackend
from mirror_app.runtime.catalogue import Role, load_catalogue
from mirror_app.runtime.factory import Device
from mirror_app.runtime.models import ModelStore
from mirror_app.settings import Settings
from tests.benchmarks.overhead_parts import SCENES, as_frames, photographed_target, pictures_of
from tests.portrait import plain_target
from tests.twins import zero_cost

INSWAPPER = ("inswapper_128", "arcface_w600k_r50")
CARD = "NVIDIA Test 4060"
Stock = Callable[..., ModelStore]


def no_card() -> str:
    return ""


def a_card() -> str:
    return CARD


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    """Makes a store with twins of some models in it."""

    def fill(*names: str) -> ModelStore:
        store = ModelStore(load_catalogue(assets_dir() / "models" / "catalogue.toml"), tmp_path / "store")
        (tmp_path / "store").mkdir()
        for name in names:
            store.import_file(zero_cost(name, tmp_path / name), name)
        return store

    return fill


@pytest.mark.parametrize(
    ("installed", "wanted", "card", "taken", "words"),
    [
        ((), MESH, a_card, None, "You chose the built-in engine"),
        ((), AUTO, a_card, None, "No neural model is installed"),
        (("inswapper_128",), AUTO, a_card, None, "arcface_w600k_r50"),
        (INSWAPPER, AUTO, no_card, None, "without an NVIDIA graphics card"),
        (INSWAPPER, AUTO, a_card, ("inswapper_128", 1), CARD),
        (INSWAPPER, MESH, a_card, None, "You chose the built-in engine"),
        (INSWAPPER, "inswapper_128", no_card, ("inswapper_128", 1), "You chose the model"),
        (INSWAPPER, "inswapper_128@256", no_card, ("inswapper_128", 2), "You chose the model"),
        (("uniface_256",), AUTO, a_card, ("uniface_256", 1), "best installed"),
    ],
)
def test_the_engine_taken_and_why(
    stock: Stock,
    installed: tuple[str, ...],
    wanted: str,
    card: Callable[[], str],
    taken: tuple[str, int] | None,
    words: str,
) -> None:
    choice = choose_engine(wanted, stock(*installed), card)
    assert (None if choice.model is None else (choice.model.spec.name, choice.tiles)) == taken
    assert words in choice.why


@pytest.mark.parametrize(
    ("made", "card", "taken"),
    [
        ((), a_card, "fp32"),
        (("fp16",), a_card, "fp16"),
        (("fp16",), no_card, "fp32"),
        (("fp16", "int8"), no_card, "int8"),
        (("fp16", "int8"), a_card, "fp16"),
    ],
)
def test_of_a_models_files_the_one_that_runs_fastest_there_is_taken(
    stock: Stock, tmp_path: Path, made: tuple[str, ...], card: Callable[[], str], taken: str
) -> None:
    store = stock(*INSWAPPER)
    for precision in made:
        store.add_converted("inswapper_128", precision, zero_cost("inswapper_128", tmp_path / precision))
    model = choose_engine("inswapper_128", store, card).model
    assert model is not None
    assert model.precision == taken


@pytest.mark.parametrize(
    ("installed", "wanted", "error", "words"),
    [
        ((), "magic", InputError, "inswapper_128@256"),
        ((), "scrfd_10g", InputError, "no engine"),
        (INSWAPPER, "inswapper_128@512", InputError, "no engine"),
        (("uniface_256",), "uniface_256@512", InputError, "no engine"),
        ((), "inswapper_128", ModelError, "models get inswapper_128"),
        (("inswapper_128",), "inswapper_128", ModelError, "models get arcface_w600k_r50"),
    ],
)
def test_an_engine_that_cannot_be_taken_is_refused_with_what_to_do(
    stock: Stock, installed: tuple[str, ...], wanted: str, error: type[MirrorError], words: str
) -> None:
    with pytest.raises(error, match=words):
        choose_engine(wanted, stock(*installed), a_card)


def test_every_swapper_of_the_catalogue_is_an_engine_and_only_complete_ones_are_usable(stock: Stock) -> None:
    store = stock(*INSWAPPER, "ghost_1_256")
    names = engine_names(store)
    assert names[:2] == [AUTO, MESH]
    assert set(names[2:]) == {spec.name for spec in store.catalogue.of_role(Role.SWAPPER)} | {"inswapper_128@256"}
    assert usable_engines(store) == ["inswapper_128", "inswapper_128@256"]


@pytest.mark.parametrize(
    ("engine", "detector", "expected"),
    [
        ("inswapper_128", "scrfd_500m", ("inswapper_128", "scrfd_500m")),
        (MESH, BUILT_IN, (MESH, BUILT_IN)),
        ("ghost_1_256", "scrfd_10g", (AUTO, AUTO)),
        ("no such thing", "neither", (AUTO, AUTO)),
    ],
)
def test_what_is_gone_since_the_last_time_becomes_automatic(
    stock: Stock, engine: str, detector: str, expected: tuple[str, str]
) -> None:
    settings = Settings(engine=engine, detector=detector, devices={"swapper": "cpu"})
    wishes = remembered_wishes(settings, stock(*INSWAPPER, "scrfd_500m"))
    assert (wishes.engine, wishes.detector) == expected
    assert wishes.device(Role.SWAPPER) is Device.CPU
    assert wishes.device(Role.RECOGNISER) is Device.AUTO


@pytest.mark.parametrize(
    ("target", "engine"), [(photographed_target(), "inswapper_128"), (plain_target(side=64), "mesh")]
)
def test_a_photo_is_worn_by_the_network_and_a_painted_face_by_the_built_in_engine(
    stock: Stock, target: TargetFace, engine: str
) -> None:
    scene = SCENES["720p, face 280 px"]
    mirror = open_mirror("inswapper_128", store=stock(*INSWAPPER))
    mirror.controls = MirrorControls(target=target)
    results = [mirror.process(frame) for frame in as_frames(pictures_of(scene), 0, 3)]
    assert [result.state for result in results] == [MirrorState.LIVE] * 3
    assert (mirror.engine, mirror.device, mirror.trouble) == (engine, "CPU", "")
    assert ("needs a photo" in mirror.why) == (engine == "mesh")


@pytest.mark.parametrize("engine", [AUTO, "inswapper_128"])
def test_a_remembered_model_that_does_not_load_leaves_the_built_in_engine_and_says_why(
    stock: Stock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    store = with_broken_inswapper(stock, tmp_path)
    monkeypatch.setattr(assembly, "has_models", lambda: True)
    monkeypatch.setattr("mirror_app.runtime.models.open_store", lambda: store)
    monkeypatch.setattr("mirror_app.pipeline.neural.usable_card", a_card)
    mirror = open_remembered_mirror(Settings(engine=engine))
    assert mirror.engine == "mesh"
    assert "inswapper_128" in mirror.why
    wall = np.full((120, 160, 3), 120, np.uint8)
    assert mirror.process(Frame(wall, 0, 0)).state is MirrorState.SHIELD


def test_a_chosen_model_that_does_not_load_is_an_error_and_the_best_one_is_not(
    stock: Stock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = with_broken_inswapper(stock, tmp_path)
    monkeypatch.setattr("mirror_app.pipeline.neural.usable_card", a_card)
    with pytest.raises(ModelError, match="inswapper_128"):
        open_mirror("inswapper_128", store=store)
    assert open_mirror(AUTO, store=store).engine == "mesh"


def with_broken_inswapper(stock: Stock, folder: Path) -> ModelStore:
    """A store whose inswapper has the right tensors and a step that nothing can run."""
    store = stock("arcface_w600k_r50")
    broken = onnx.load(zero_cost("inswapper_128", folder))
    broken.graph.node[0].op_type = "NoSuchStep"
    onnx.save(broken, folder / "broken.onnx")
    store.import_file(folder / "broken.onnx", "inswapper_128")
    return store


def test_the_best_engine_is_not_run_on_the_cpu_where_the_card_cannot_run_it(
    stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = stock(*INSWAPPER)
    monkeypatch.setattr("mirror_app.pipeline.neural.usable_card", a_card)
    mirror = open_mirror(AUTO, store=store)
    assert mirror.engine == "mesh"
    assert "inswapper_128.fp32.onnx is not used" in mirror.why
    assert open_mirror("inswapper_128", store=store).engine == "inswapper_128"


def test_what_happens_to_a_network_while_it_runs_is_said(stock: Stock, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = []

    def opened(path: Path, device: Device, **_: object) -> factory.Opened:
        made = factory.open_backend(path, Device.CPU)
        notes.append(Noted(made.backend))
        return replace(made, backend=notes[-1])

    monkeypatch.setattr(neural, "open_backend", opened)
    mirror = open_mirror("inswapper_128", store=stock(*INSWAPPER))
    assert mirror.why == "You chose the model INSwapper 128."
    notes[-1].note = "It goes on with ONNX Runtime."
    assert mirror.why == "You chose the model INSwapper 128. It goes on with ONNX Runtime."


class Noted:
    """A network that can tell of a change while it runs."""

    def __init__(self, backend: InferenceBackend) -> None:
        self.inputs, self.outputs, self.device, self.run = backend.inputs, backend.outputs, backend.device, backend.run
        self.note = ""


@pytest.mark.parametrize(
    ("engine", "has_models", "why"),
    [
        (AUTO, False, "No neural model is installed"),
        (AUTO, True, "until your models are open"),
        ("inswapper_128", True, "until your models are open"),
        (MESH, True, "You chose the built-in engine"),
    ],
)
def test_the_window_starts_with_the_built_in_engine(
    monkeypatch: pytest.MonkeyPatch, engine: str, has_models: bool, why: str
) -> None:
    monkeypatch.setattr(assembly, "has_models", lambda: has_models)
    mirror = assembly.open_first_mirror(Settings(engine=engine))
    assert (mirror.engine, why in mirror.why) == ("mesh", True)


def test_where_nobody_brought_a_model_nothing_for_models_is_loaded() -> None:
    program = (
        "import sys; from mirror_app.pipeline.assembly import open_remembered_mirror; "
        "from mirror_app.settings import Settings; print(open_remembered_mirror(Settings()).why); "
        "heavy = ('onnx', 'mirror_app.runtime.models', 'mirror_app.pipeline.neural'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    with TemporaryDirectory() as home:
        environ = {**os.environ, "HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home}
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60, env=environ
        )
    why, loaded = done.stdout.splitlines()
    assert why.startswith("No neural model is installed")
    assert loaded == "[]"
