"""Room: tests. A window that starts on a computer of a test's choice, in a process of its own, and what it said.

`python -m tests.runtime.start_case COUNT PATIENCE` is that process: the app as it is, with a shorter patience with
children that hang. The caller sets the environment.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer

from mirror_app import app
from mirror_app.gui.live_meter import process_start_ns
from mirror_app.gui.live_worker import LiveTurn, LiveWorker
from mirror_app.gui.main_window import MainWindow
from mirror_app.pipeline.result import MirrorState
from mirror_app.resources import assets_dir, recipes_dir
from mirror_app.runtime import providers
from mirror_app.runtime.build_process import BuildPlace
from mirror_app.runtime.catalogue import load_catalogue
from mirror_app.runtime.cuda_card import GraphicsCard
from mirror_app.runtime.model_file import digest
from mirror_app.runtime.models import ModelStore
from mirror_app.runtime.plan_file import Plan, plan_path, write_sidecar
from mirror_app.runtime.plan_store import Wanted
from mirror_app.runtime.recipe import load_recipe
from mirror_app.settings import Settings
from tests.fake_cuda.plan import FakePlan, packed
from tests.twins import analytic

_ROOT: Final = Path(__file__).parents[2]
_MODELS: Final = ("inswapper_128", "arcface_w600k_r50")
_LONGEST_S: Final = 120
FAKE_CARD: Final = GraphicsCard("Fake GPU", "8.6", 8 << 30, "13.0")
"""What the fake driver says of itself."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What the window said of its engine at one moment.

    Attributes:
        name: "mesh" or the model's.
        device: Where it runs.
        why: The sentence that the window shows.
        at_ms: Since the start of the process.
    """

    name: str
    device: str
    why: str
    at_ms: float


@dataclass(frozen=True, slots=True)
class Start:
    """How a start went.

    Attributes:
        engines: In the order in which they were told.
        first_live_ms: Since the start of the process, the end of the first paint with a face replaced; None = never.
    """

    engines: tuple[Engine, ...]
    first_live_ms: float | None


class Home:
    """A user's folders with two analytic models in the store; plans can be put beside them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        data = folder / "data" / "mirror-app"
        self.store = ModelStore(load_catalogue(assets_dir() / "models" / "catalogue.toml"), data / "models")
        (data / "models").mkdir(parents=True)
        for name in _MODELS:
            self.store.import_file(analytic(name, folder / "twins"), name)
        self.plans = data / "engines"
        self.plans.mkdir(mode=0o700)
        (folder / "config" / "mirror-app").mkdir(parents=True)
        (folder / "config" / "mirror-app" / "settings.toml").write_text('welcomed = true\nlanguage = "en"\n')

    def put_plans(self, tensorrt: str, card: GraphicsCard = FAKE_CARD) -> list[Path]:
        """A fake plan of each model, as if built for that card by that TensorRT."""
        return [self._put_plan(name, BuildPlace(card, tensorrt)) for name in _MODELS]

    def _put_plan(self, name: str, place: BuildPlace) -> Path:
        model = self.store.require(name)
        wanted = Wanted(model, "fp16", load_recipe(recipes_dir(), model.spec), place)
        path = plan_path(self.plans, name, "fp16")
        path.write_bytes(packed(model.path.read_bytes(), FakePlan()))
        path.chmod(0o600)
        with path.open("rb") as file:
            sha256 = digest(file)
        write_sidecar(path, Plan(wanted.facts(), sha256, path.stat().st_size, 1, 1.0, place.card.cuda))
        return path

    def start(self, surroundings: Mapping[str, str], *, engines_until: int, patience_s: float) -> Start:
        """Open the window until it is live and has told so often of its engine.

        Args:
            surroundings: Variables that differ from this process's own.
            engines_until: 1 = the one that it starts with, 2 = also what came of the models.
            patience_s: With children that hang.
        """
        environment = {
            **os.environ,
            "HOME": str(self.folder),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "QT_QPA_PLATFORM": "offscreen",
            **surroundings,
        }
        command = [sys.executable, "-m", "tests.runtime.start_case", str(engines_until), str(patience_s)]
        done = subprocess.run(
            command, cwd=_ROOT, env=environment, capture_output=True, text=True, timeout=_LONGEST_S, check=False
        )
        if done.returncode != 0:
            raise AssertionError(f"exit code {done.returncode}: {done.stderr[-2000:]}")
        said = json.loads(done.stdout.splitlines()[-1])
        return Start(tuple(Engine(*one) for one in said["engines"]), said["first_live_ms"])


class _Listener:
    """Writes down what a window tells of its engine, and closes it when all is told."""

    def __init__(self, engines_until: int) -> None:
        self.engines: list[tuple[str, str, str, float]] = []
        self._until = engines_until
        self._is_live = False

    def listen(self, worker: LiveWorker, window: MainWindow) -> None:
        worker.engine_changed.connect(lambda: self._tell(worker, window))
        window.preview.painted.connect(lambda turn, _done_ns: self._look(turn, window))

    def _tell(self, worker: LiveWorker, window: MainWindow) -> None:
        at_ms = (time.monotonic_ns() - process_start_ns()) / 1e6
        self.engines.append((worker.engine, worker.device, worker.trouble or worker.why, at_ms))
        self._close(window)

    def _look(self, turn: LiveTurn, window: MainWindow) -> None:
        if not self._is_live and turn.result.state is MirrorState.LIVE:
            self._is_live = True
            self._close(window)

    def _close(self, window: MainWindow) -> None:
        if self._is_live and len(self.engines) >= self._until:
            QTimer.singleShot(0, window, window.close)


def _listened(engines_until: int) -> dict[str, object]:
    """Run the app's own window until it is live and has told so often of its engine."""
    listener = _Listener(engines_until)
    build = app.build_window

    def build_and_listen(worker: LiveWorker, settings: Settings) -> MainWindow:
        window = build(worker, settings)
        listener.listen(worker, window)
        return window

    app.build_window = build_and_listen
    report = app.run_window(_LONGEST_S / 2)
    return {"engines": listener.engines, "first_live_ms": report.first_swapped_paint_ms}


if __name__ == "__main__":
    providers._PATIENCE_S = float(sys.argv[2])  # type: ignore[misc]
    sys.stdout.write("\n" + json.dumps(_listened(int(sys.argv[1]))) + "\n")
    sys.stdout.flush()
