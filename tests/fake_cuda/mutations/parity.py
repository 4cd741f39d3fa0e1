"""Room: tests. Safeguards to take away. What is compared before and while a network runs, and what is done then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mirror_app.runtime import chain, factory, parity_gate
from mirror_app.runtime.chain import ChainBackend
from mirror_app.runtime.parity_gate import Parity
from tests.fake_cuda.mutations.mutant import CHAIN, MEANS, PARITY, SAMPLES, Mutants, edited


def _no_parity_check() -> None:
    factory.parity = lambda *_: Parity(True, 0.0, 0.0, float("inf"), 1.0)  # type: ignore[attr-defined]


def _trouble_unless(is_overlooked: Callable[[Parity, bool], bool]) -> None:
    whole = parity_gate.parity_trouble

    def trouble(found: Parity, *, is_embedding: bool) -> str:
        return "" if is_overlooked(found, is_embedding) else whole(found, is_embedding=is_embedding)

    factory.parity_trouble = trouble  # type: ignore[attr-defined]


def _no_finite_check() -> None:
    _trouble_unless(lambda found, _: not found.is_finite)


def _parity_blind_to_angles() -> None:
    _trouble_unless(lambda _, is_embedding: is_embedding)


def _chain_stops() -> None:
    chain.ChainBackend._go_on = lambda self, trouble: (_ for _ in ()).throw(trouble)  # type: ignore[method-assign]


MUTANTS: Final[Mutants] = {
    "no parity check": (_no_parity_check, CHAIN + "a_plan_that_gives_something_else_is_not_used"),
    "no check for finite numbers": (_no_finite_check, CHAIN + "a_plan_that_gives_something_else_is_not_used"),
    "parity blind to angles": (_parity_blind_to_angles, CHAIN + "vectors_are_compared_by_their_angle"),
    "chain stops at the first": (_chain_stops, CHAIN + "a_frame_that_fails_is_made_by_onnx_runtime"),
    "worst number not looked at": (
        edited(parity_gate, "parity_trouble", "found.largest <= _MOST_LARGEST and ", ""),
        PARITY + "what_is_near_enough",
    ),
    "mean error not looked at": (
        edited(parity_gate, "parity_trouble", "found.mean <= _MOST_MEAN and ", ""),
        PARITY + "what_is_near_enough",
    ),
    "angle not looked at": (
        edited(parity_gate, "parity_trouble", "if found.cosine >= _LEAST_COSINE:", "if True:"),
        PARITY + "what_is_near_enough",
    ),
    "shapes not compared": (
        edited(parity_gate, "parity", "if [one.shape for one in got] != [one.shape for one in expected]:", "if False:"),
        PARITY + "outputs_of_other_shapes",
    ),
    "only the first input compared": (
        edited(parity_gate, "parity", "for feeds in samples:", "for feeds in samples[:1]:"),
        SAMPLES + "each_input_counts",
    ),
    "best error instead of the worst": (
        edited(parity_gate, "parity", "largest=max(", "largest=min("),
        SAMPLES + "each_input_counts",
    ),
    "TensorRT though the CPU was asked for": (
        edited(factory, "open_backend", " or device is Device.CPU:", ":"),
        CHAIN + "whoever_wants_the_cpu_gets_it",
    ),
    "trouble of TensorRT ends the app": (
        edited(factory, "open_backend", "except MirrorError as error:", "except ZeroDivisionError as error:"),
        CHAIN + "a_plan_that_may_not_be_read",
    ),
    "bad comparison remembered": (
        edited(factory, "_like_the_reference", "    if why:", "    ready.remember(found)\n    if why:"),
        CHAIN + "only_a_good_comparison_is_remembered",
    ),
    "good comparison forgotten": (
        edited(factory, "_like_the_reference", "ready.remember(found)", "pass"),
        CHAIN + "only_a_good_comparison_is_remembered",
    ),
    "change of means not told": (
        edited(ChainBackend, "_go_on", "self.note = Sentence(", "_ = Sentence("),
        CHAIN + "a_frame_that_fails_is_made_by_onnx_runtime",
    ),
    "several faces at once for one": (
        edited(ChainBackend, "run", "run_in_its_batches(self._now, feeds)", "self._now.run(feeds)"),
        CHAIN + "several_faces_go_on_one_by_one",
    ),
    "what cannot be opened ends the chain": (
        edited(ChainBackend, "_go_on", "except ModelError:", "except ZeroDivisionError:"),
        MEANS + "each_means_takes_over",
    ),
}
