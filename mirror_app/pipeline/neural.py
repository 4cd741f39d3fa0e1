"""Room: pipeline. Opens the networks that the user brought, each on the device she wants. Runs no frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from mirror_app.domain.errors import ModelError
from mirror_app.domain.sentence import joined
from mirror_app.faces.arcface import ArcFace
from mirror_app.faces.scrfd import ScrfdDetector
from mirror_app.faces.specs import detector_spec, recogniser_spec
from mirror_app.pipeline.economy import Knobs
from mirror_app.pipeline.engines import choose_engine, remembered_wishes
from mirror_app.pipeline.wishes import AUTO, BUILT_IN, MESH, Wishes
from mirror_app.resources import engines_dir, recipes_dir
from mirror_app.runtime.backend import InferenceBackend
from mirror_app.runtime.catalogue import Role
from mirror_app.runtime.factory import Device, open_backend
from mirror_app.runtime.factory import Opened as OpenedNetwork
from mirror_app.runtime.initializer import read_initializer
from mirror_app.runtime.models import InstalledModel, ModelStore
from mirror_app.runtime.ort import OrtBackend
from mirror_app.runtime.prepared_plans import PreparedPlans
from mirror_app.runtime.providers import driver_trouble, usable_card
from mirror_app.runtime.trt_door import TrtDoor
from mirror_app.settings import Settings
from mirror_app.swap.failover import FailoverSwapper
from mirror_app.swap.key_frames import KeyFrameSwapper
from mirror_app.swap.mesh_swap import MeshSwapper
from mirror_app.swap.neural.identity import IdentityMaker
from mirror_app.swap.neural.masks.combined import usual_mask
from mirror_app.swap.neural.masks.network_spec import mask_net_spec
from mirror_app.swap.neural.masks.occluder import OccluderMask
from mirror_app.swap.neural.masks.protocol import MaskMaker
from mirror_app.swap.neural.masks.regions import RegionsMask
from mirror_app.swap.neural.spec import IdentityKind, swapper_spec
from mirror_app.swap.neural.swapper import NeuralSwapper
from mirror_app.swap.protocol import Swapper

# The device of a network that runs on the processor.
_PROCESSOR: Final = "CPU"
# The matrix that inswapper's files carry beside their network, which does not use it: name and shape.
_EMAP: Final = ("buff2fs", (512, 512))


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """What a mirror swaps with, ready to run.

    Attributes:
        swapper: Makes the faces.
        detector: Finds them; None where it is the built-in one.
        why: Says, in a sentence, why it is this engine and whether its networks run as they were meant to; both may
            change while it runs.
        knobs: What of it can run less often or on less.
        open_recogniser: Opens what tells people apart, in any thread; None where none is installed.
    """

    swapper: Swapper
    detector: ScrfdDetector | None
    why: Callable[[], str]
    knobs: Knobs
    open_recogniser: Callable[[], ArcFace] | None


def open_wished(wishes: Wishes, store: ModelStore) -> Opened:
    """Load what the user wants to run; where that is the best there is and it does not load, the built-in engine.

    Raises:
        InputError: No engine of that name.
        ModelError: A model is missing or damaged.
    """
    on_cpu = wishes.device(Role.SWAPPER) is Device.CPU
    choice = choose_engine(wishes.engine, store, (lambda: "") if on_cpu else usable_card)
    parts = NeuralParts(store, wishes)
    why = joined((choice.why, "" if on_cpu or wishes.engine != AUTO else driver_trouble()))
    if choice.model is not None:
        try:
            network = parts.swapper(choice.model, choice.tiles)
            keys = KeyFrameSwapper(network)
            swapper = FailoverSwapper(keys, MeshSwapper(), choice.model.spec.title)
            detector = parts.detector()
            knobs = Knobs(keys, network, _reducible(detector))
            return Opened(
                swapper, detector, lambda: joined((choice.why, *parts.notes())), knobs, parts.recogniser_for_faces()
            )
        except ModelError as error:
            if wishes.engine != AUTO:
                raise
            why = error.sentence
            parts = NeuralParts(store, wishes)
    detector = parts.detector()
    knobs = Knobs(detector=_reducible(detector))
    return Opened(MeshSwapper(), detector, lambda: joined((why, *parts.notes())), knobs, parts.recogniser_for_faces())


def open_remembered(settings: Settings, store: ModelStore) -> Opened:
    """Load what the settings ask for; the built-in engine where a model of theirs cannot be used any more."""
    try:
        return open_wished(remembered_wishes(settings, store), store)
    except ModelError as error:
        why = error.sentence
        return replace(open_wished(Wishes(MESH, BUILT_IN), store), why=lambda: why)


class NeuralParts:
    """Opens what is installed, by role."""

    def __init__(self, store: ModelStore, wishes: Wishes) -> None:
        """Open nothing yet.

        Args:
            store: What is installed.
            wishes: Where each role is to run.
        """
        self._store, self._wishes = store, wishes
        self._door = TrtDoor()
        self._plans = PreparedPlans(engines_dir(), recipes_dir(), store, self._door)
        self._is_best_wanted = wishes.engine == AUTO
        self._opened: list[OpenedNetwork] = []
        self._left_out: list[str] = []

    def notes(self) -> list[str]:
        """What is to be said of the networks that do not run where or how they were meant to, as of now."""
        said = [note for one in self._opened for note in (one.note, _note(one.backend)) if note]
        return list(dict.fromkeys([*self._left_out, *said]))

    def swapper(self, model: InstalledModel, tiles: int) -> NeuralSwapper:
        """A swapper with the networks that tell it who the target is, and all installed mask networks.

        Args:
            model: The swapping network.
            tiles: The crop has so many times its side.

        Raises:
            ModelError: A network is missing or damaged, or too slow where it would run.
        """
        contract = swapper_spec(model.spec)
        identity = IdentityMaker(
            contract,
            None if contract.identity is IdentityKind.PORTRAIT else self.recogniser(),
            emap=read_initializer(model.path, *_EMAP) if contract.identity is IdentityKind.EMAP else None,
            converter=self._converter(model),
        )
        network = self._open(model, free_batch=True, needs_card=self._is_best_wanted)
        return NeuralSwapper(contract, network, identity, usual_mask(self._masks()), tiles=tiles)

    def recogniser(self) -> ArcFace:
        """The installed recogniser.

        Raises:
            ModelError: None is installed, or it is damaged.
        """
        model = self._store.require(self._store.catalogue.of_role(Role.RECOGNISER)[0].name)
        return ArcFace(self._open(model), recogniser_spec(model.spec.contract))

    def recogniser_for_faces(self) -> Callable[[], ArcFace] | None:
        """What opens a recogniser of the faces in the picture, in any thread; None where none is installed.

        On the processor it takes one core at most: it works beside the picture.
        """
        model = next(iter(self._store.of_role(Role.RECOGNISER)), None)
        if model is None:
            return None
        spec, path, plan = recogniser_spec(model.spec.contract), model.path, self._plans.find(model)
        device, load, door = self._wishes.device(model.spec.role), partial(OrtBackend, threads=1), self._door
        return lambda: ArcFace(open_backend(path, device, load=load, prepared=plan, door=door).backend, spec)

    def detector(self) -> ScrfdDetector | None:
        """The detector the user wants; None where it is the built-in one.

        The best one is the best installed one where the graphics card runs it: on the CPU the built-in ones are faster.

        Raises:
            ModelError: It is not installed, or it is damaged.
        """
        wanted = self._wishes.detector
        if wanted == BUILT_IN or (wanted == AUTO and self._wishes.device(Role.DETECTOR) is Device.CPU):
            return None
        if wanted != AUTO:
            return self._scrfd(self._store.require(wanted))
        installed = self._store.of_role(Role.DETECTOR)
        return self._scrfd(installed[0]) if installed and usable_card() else None

    def _scrfd(self, model: InstalledModel) -> ScrfdDetector:
        return ScrfdDetector(self._open(model), detector_spec(model.spec.contract))

    def _masks(self) -> list[MaskMaker]:
        parsers, occluders = self._store.of_role(Role.PARSER)[:1], self._store.of_role(Role.OCCLUDER)[:1]
        makers: list[tuple[type[RegionsMask | OccluderMask], InstalledModel]] = [
            *((RegionsMask, model) for model in parsers),
            *((OccluderMask, model) for model in occluders),
        ]
        masks: list[MaskMaker] = []
        for maker, model in makers:
            try:
                network = self._open(model, needs_card=self._is_best_wanted)
            except ModelError as error:
                if not self._is_best_wanted:
                    raise
                self._left_out.append(error.sentence)
            else:
                masks.append(maker(network, mask_net_spec(model.spec)))
        return masks

    def _converter(self, model: InstalledModel) -> InferenceBackend | None:
        needs = (self._store.catalogue.find(name) for name in model.spec.needs)
        converter = next((spec.name for spec in needs if spec.role is Role.CONVERTER), None)
        return None if converter is None else self._open(self._store.require(converter))

    def _open(self, model: InstalledModel, *, free_batch: bool = False, needs_card: bool = False) -> InferenceBackend:
        opened = open_backend(
            model.path,
            self._wishes.device(model.spec.role),
            free_batch=free_batch,
            needs_card=needs_card,
            prepared=self._plans.find(model),
            door=self._door,
        )
        self._opened.append(opened)
        return opened.backend


def _reducible(detector: ScrfdDetector | None) -> ScrfdDetector | None:
    """A detector that smaller pictures make faster; on a card they would not, and plans have one size."""
    return detector if detector is not None and detector.is_free and detector.device == _PROCESSOR else None


def _note(backend: InferenceBackend) -> str:
    """What a network says of a change while it ran."""
    return str(getattr(backend, "note", ""))
