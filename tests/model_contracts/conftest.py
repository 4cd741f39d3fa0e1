"""Room: tests. Stores full of twins."""

from __future__ import annotations

import pytest

from mirror_app.runtime.catalogue import Role
from mirror_app.runtime.models import ModelStore
from tests.model_contracts.pictures import CATALOGUE
from tests.twins import MODELS, analytic


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> ModelStore:
    """A store in which the analytic twin of every model is installed."""
    made = tmp_path_factory.mktemp("made")
    store = ModelStore(CATALOGUE, tmp_path_factory.mktemp("store"))
    for name in MODELS:
        store.import_file(analytic(name, made), name)
    return store


@pytest.fixture(scope="session")
def without_masks(store: ModelStore, tmp_path_factory: pytest.TempPathFactory) -> ModelStore:
    """The store without mask networks, so that all of a generated face shows."""
    bare = ModelStore(CATALOGUE, tmp_path_factory.mktemp("bare"))
    for model in store.installed():
        if model.spec.role not in (Role.PARSER, Role.OCCLUDER):
            bare.import_file(model.path, model.spec.name)
    return bare
