"""Room: tools. Doctor's look at the models that the user brought: there, whole, and with all that they need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from mirror_app.domain.errors import MirrorError
from mirror_app.domain.sentence import Sentence
from mirror_app.tools.finding import Finding, Health

if TYPE_CHECKING:
    from mirror_app.runtime.models import InstalledModel, ModelStore

_SUBJECT: Final = Sentence("Neural models")
_RECOGNISER: Final = "recogniser"
"""Value of `runtime.catalogue.Role.RECOGNISER`, which is not imported, either."""


def users_store() -> ModelStore:
    """The user's own models; see `open_store`, which is not imported above: doctor must run where NumPy is missing."""
    from mirror_app.runtime.models import open_store

    return open_store()


def own_models(open_models: Callable[[], ModelStore]) -> Iterator[Finding]:
    """Look at the store and at insightface's packs.

    Args:
        open_models: Opens the store.
    """
    try:
        store = open_models()
        installed, damaged = store.installed(), store.damaged()
    # A file that is new here is looked at with a library that may be missing.
    except ImportError:
        yield Finding(_SUBJECT, Health.NOTE, Sentence("cannot be looked at"), Sentence("See the libraries above."))
        return
    except MirrorError as error:
        yield Finding(_SUBJECT, Health.PROBLEM, error.sentence, Sentence("Install mirror-app again."))
        return
    if installed:
        yield Finding(_SUBJECT, Health.OK, _listed(installed))
    elif not damaged:
        yield Finding(_SUBJECT, Health.OK, Sentence("none; the built-in engine needs none"))
    for path in damaged:
        yield Finding(
            _SUBJECT,
            Health.NOTE,
            Sentence("{path} is damaged and not used", path=path),
            Sentence("Delete it, or get the model again."),
        )
    for name in dict.fromkeys(model.spec.name for model in installed):
        missing = [need.name for need in store.missing_needs(name)]
        if missing:
            yield Finding(
                _SUBJECT,
                Health.NOTE,
                Sentence("{name} cannot run without {needs}", name=name, needs=", ".join(missing)),
                Sentence("Run `{command}`.", command=f"mirror-app models get {name}"),
            )


def who_is_who(open_models: Callable[[], ModelStore]) -> Iterator[Finding]:
    """By what several people are told apart; nothing where `own_models` says why it cannot be said.

    Args:
        open_models: Opens the store.
    """
    try:
        installed = open_models().installed()
    except (ImportError, MirrorError):
        return
    name = next((model.spec.title for model in installed if model.spec.role.value == _RECOGNISER), "")
    if name:
        detail = Sentence("told apart by {name}", name=name)
    else:
        detail = Sentence("told apart by what can be seen of them; a recogniser knows them in another light, too")
    yield Finding(Sentence("Several people"), Health.OK, detail)


def _listed(installed: list[InstalledModel]) -> str:
    """Names, each with its precisions: "inswapper_128 (FP32, INT8)"."""
    precisions: dict[str, list[str]] = {}
    for model in installed:
        known = precisions.setdefault(model.spec.name, [])
        if model.precision.upper() not in known:
            known.append(model.precision.upper())
    return ", ".join(f"{name} ({', '.join(known)})" for name, known in precisions.items())
