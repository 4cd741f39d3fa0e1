"""Room: pipeline. Opens the networks that the user brought, each on the device she wants. Runs no frame."""

from __future__ import annotations

from typing import Final

from mirror_app.faces.arcface import ArcFace
from mirror_app.faces.protocol import FaceDetector
from mirror_app.faces.scrfd import ScrfdDetector
from mirror_app.faces.specs import detector_spec, recogniser_spec
from mirror_app.pipeline.engines import AUTO, BUILT_IN, Wishes
from mirror_app.runtime.backend import InferenceBackend
from mirror_app.runtime.catalogue import Role
from mirror_app.runtime.factory import Device, open_backend
from mirror_app.runtime.initializer import read_initializer
from mirror_app.runtime.models import InstalledModel, ModelStore
from mirror_app.runtime.providers import usable_card
from mirror_app.swap.neural.identity import IdentityMaker
from mirror_app.swap.neural.masks.combined import usual_mask
from mirror_app.swap.neural.masks.network_spec import mask_net_spec
from mirror_app.swap.neural.masks.occluder import OccluderMask
from mirror_app.swap.neural.masks.protocol import MaskMaker
from mirror_app.swap.neural.masks.regions import RegionsMask
from mirror_app.swap.neural.spec import IdentityKind, swapper_spec
from mirror_app.swap.neural.swapper import NeuralSwapper

# The matrix that inswapper's files carry beside their network, which does not use it: name and shape.
_EMAP: Final = ("buff2fs", (512, 512))


class NeuralParts:
    """Opens what is installed, by role."""

    def __init__(self, store: ModelStore, wishes: Wishes) -> None:
        """Open nothing yet.

        Args:
            store: What is installed.
            wishes: Where each role is to run.
        """
        self._store, self._wishes = store, wishes

    def swapper(self, model: InstalledModel, tiles: int) -> tuple[NeuralSwapper, str]:
        """A swapper with the networks that tell it who the target is, and all installed mask networks.

        Args:
            model: The swapping network.
            tiles: The crop has so many times its side.

        Returns:
            The swapper, and a sentence when its network does not run where it was wanted, else "".

        Raises:
            ModelError: A network is missing or damaged.
        """
        contract = swapper_spec(model.spec)
        identity = IdentityMaker(
            contract,
            None if contract.identity is IdentityKind.PORTRAIT else self.recogniser(),
            emap=read_initializer(model.path, *_EMAP) if contract.identity is IdentityKind.EMAP else None,
            converter=self._converter(model),
        )
        opened = open_backend(model.path, self._wishes.device(Role.SWAPPER), free_batch=True)
        return NeuralSwapper(contract, opened.backend, identity, usual_mask(self._masks()), tiles=tiles), opened.note

    def recogniser(self) -> ArcFace:
        """The installed recogniser.

        Raises:
            ModelError: None is installed, or it is damaged.
        """
        model = self._store.require(self._store.catalogue.of_role(Role.RECOGNISER)[0].name)
        return ArcFace(self._open(model), recogniser_spec(model.spec.contract))

    def detector(self) -> FaceDetector | None:
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
        return [
            *(RegionsMask(self._open(model), mask_net_spec(model.spec)) for model in parsers),
            *(OccluderMask(self._open(model), mask_net_spec(model.spec)) for model in occluders),
        ]

    def _converter(self, model: InstalledModel) -> InferenceBackend | None:
        roles = {name: self._store.catalogue.find(name).role for name in model.spec.needs}
        for name, role in roles.items():
            if role is Role.CONVERTER:
                return self._open(self._store.require(name))
        return None

    def _open(self, model: InstalledModel) -> InferenceBackend:
        return open_backend(model.path, self._wishes.device(model.spec.role)).backend
