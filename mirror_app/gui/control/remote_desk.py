"""Room: gui. The commands that the open window understands. Knows no sockets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from mirror_app import __version__
from mirror_app.domain.errors import InputError
from mirror_app.gui.camera.inputs import Inputs
from mirror_app.gui.faces.wardrobe import Wardrobe
from mirror_app.gui.live_worker import LiveTurn, LiveWorker
from mirror_app.gui.shield import Shield
from mirror_app.gui.wording import reason_of
from mirror_app.pipeline.result import Unsafe
from mirror_app.targets.names import folded, unknown_face

_STEPS = {"next": 1, "previous": -1}


class Rate(Protocol):
    """How fast pictures come."""

    @property
    def frames_per_second(self) -> float:
        """Painted of late."""

    @property
    def delay_ms(self) -> float:
        """From hand-over to the end of the paint."""


@dataclass(frozen=True, slots=True, eq=False)
class Steering:
    """What commands can reach.

    Attributes:
        worker: Turns frames into results.
        wardrobe: The target faces.
        inputs: The cameras.
        shield: The panic cover.
        step_face: Wears the next (1) or the previous (-1) face of the gallery.
        set_swap: Turns the swap on or off, with its switch.
        turn: What the window shows at the moment.
        rate: How fast it is.
        set_live: Goes live, or cuts.
        air: Whether others see the mirror, and through which outputs.
    """

    worker: LiveWorker
    wardrobe: Wardrobe
    inputs: Inputs
    shield: Shield
    step_face: Callable[[int], object]
    set_swap: Callable[[bool], object]
    turn: Callable[[], LiveTurn | None]
    rate: Callable[[], Rate | None]
    set_live: Callable[[bool], object]
    air: Callable[[], Mapping[str, object]]


class RemoteDesk:
    """Carries out one request after the other, in the window's thread."""

    def __init__(self, steering: Steering) -> None:
        self._steering = steering

    def answer(self, request: Mapping[str, object]) -> Mapping[str, object]:
        """Do what is asked and say how things stand then.

        Args:
            request: `do` names the command; `face`, `swap` and `live` say more where the command needs it.

        Raises:
            InputError: There is no such command, it says too little, or the window will not go live.
            UnknownTargetError: There is no face of that name.
        """
        match request.get("do"):
            case "panic":
                self._steering.shield.set_on(True)
            case "release":
                self._steering.shield.set_on(False)
            case "face":
                self._wear(request.get("face"))
            case "swap":
                self._switch(request.get("swap"))
            case "live":
                self._go_live(request.get("live"))
            case "status":
                pass
            case other:
                raise InputError("The window knows no command {name}.", name=str(other)[:40])
        return self._status()

    def _switch(self, on: object) -> None:
        if not isinstance(on, bool):
            raise InputError("The command {name} needs more: see `mirror-app {name} --help`.", name="swap")
        self._steering.set_swap(on)

    def _go_live(self, on: object) -> None:
        if not isinstance(on, bool):
            raise InputError("The command {name} needs more: see `mirror-app {name} --help`.", name="live")
        self._steering.set_live(on)

    def _wear(self, asked: object) -> None:
        wardrobe = self._steering.wardrobe
        if not isinstance(asked, str) or not asked:
            raise InputError("The command {name} needs more: see `mirror-app {name} --help`.", name="face")
        faces = {folded(name): tile.name for tile in wardrobe.tiles for name in (tile.title, tile.name)}
        if not faces:
            raise InputError("The faces are not loaded yet. Try again in a moment.")
        if folded(asked) in faces:
            wardrobe.pick(faces[folded(asked)])
        elif asked in _STEPS:
            self._steering.step_face(_STEPS[asked])
        else:
            raise unknown_face(asked, [tile.name for tile in wardrobe.tiles])

    def _status(self) -> Mapping[str, object]:
        worker, wardrobe, inputs = self._steering.worker, self._steering.wardrobe, self._steering.inputs
        turn, rate = self._steering.turn(), self._steering.rate()
        result = None if turn is None else turn.result
        camera = next((choice.name for choice in inputs.choices if choice.camera_id == inputs.running_id), "")
        return {
            "version": __version__,
            "state": self._state(),
            "reason": "" if result is None or not self._steering.shield.lets_through(result) else reason_of(result),
            "covered": self._steering.shield.is_on,
            "swap": worker.controls.swap_on,
            "watermark": worker.controls.label_on,
            "face": wardrobe.current,
            "face_title": wardrobe.title(wardrobe.current),
            "fps": None if rate is None else round(rate.frames_per_second, 1),
            "delay_ms": None if rate is None else round(rate.delay_ms, 1),
            "dropped": worker.drops,
            "camera": camera,
            "demo": inputs.is_demo,
            "engine": worker.engine,
            "device": worker.device,
            **self._steering.air(),
        }

    def _state(self) -> str:
        """What the window shows: `MirrorState`, "off" for the real face, or "waiting" while there is no picture."""
        turn = self._steering.turn()
        if self._steering.shield.is_on:
            return "shield"
        if turn is None:
            return "waiting"
        return "off" if turn.result.unsafe is Unsafe.SWAP_OFF else turn.result.state.value
