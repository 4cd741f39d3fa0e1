"""Room: runtime. Builds in a process of its own: TensorRT may end or hang it, and nothing half-written stays behind.

The child is the app itself, which calls `answer` here. It gets an order through its standard input and answers through
its standard output: shares of the work while it goes on, then a result or a sentence. When nobody listens any more it
stops.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from mirror_app.domain.errors import MirrorError, MissingLibraryError, ModelError
from mirror_app.domain.sentence import Sentence
from mirror_app.runtime.build import BuildOrder, build_plan
from mirror_app.runtime.build_place import BuildPlace as BuildPlace
from mirror_app.runtime.child import child_command
from mirror_app.runtime.cuda_card import graphics_card
from mirror_app.runtime.plan_check import Checked, CheckOrder, check_plan
from mirror_app.runtime.trt_library import open_library
from mirror_app.whole_file import cannot_write

_PATIENCE_S: Final = 5.0
_EVERY_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class _Result:
    """The child's last word."""

    value: Any


def look_around() -> BuildPlace:
    """The card and the library, as a child finds them: a broken driver or library can end the process that asks.

    Raises:
        MissingLibraryError: There is no card, no driver or no TensorRT; the sentence says which.
    """
    place = _ask(_Look(), lambda _: None)
    if not isinstance(place, BuildPlace):
        raise TypeError(f"expected BuildPlace, got {place!r}")
    return place


def build_in_child(order: BuildOrder, tell: Callable[[float], None]) -> int:
    """Build a plan; see `build.build_plan`. What `tell` raises ends the child, and so does Ctrl-C.

    Raises:
        ModelError: It cannot be built.
        MissingLibraryError: TensorRT is not installed, or cannot be loaded.
        OutputError: The disk is full.
    """
    return int(_ask(order, tell))


def check_in_child(order: CheckOrder, tell: Callable[[float], None]) -> Checked:
    """Compare a plan with its file; see `plan_check.check_plan`. What `tell` raises ends the child.

    Raises:
        ModelError: The plan fails, or ends the process.
    """
    checked = _ask(order, tell)
    if not isinstance(checked, Checked):
        raise TypeError(f"expected Checked, got {checked!r}")
    return checked


@dataclass(frozen=True, slots=True)
class _Look:
    """The order to look around."""


def _ask(order: object, tell: Callable[[float], None]) -> Any:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    child = subprocess.Popen(
        child_command(__name__, answer.__name__),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # An app without a console has none, and the child writes there what libraries print.
        stderr=None if sys.stderr is not None else subprocess.DEVNULL,
        env=environment,
        # Ctrl-C in the terminal goes to the parent only, which ends the child in good order.
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    try:
        return _talk(child, order, tell)
    finally:
        _end(child)


def _talk(child: subprocess.Popen[bytes], order: object, tell: Callable[[float], None]) -> Any:
    if child.stdin is None or child.stdout is None:
        raise TypeError("expected pipes")
    with contextlib.suppress(BrokenPipeError), child.stdin as orders:
        pickle.dump(order, orders)
    while True:
        try:
            said = pickle.load(child.stdout)
        # Its last word may have been cut off.
        except (EOFError, pickle.UnpicklingError) as error:
            raise ModelError("TensorRT ended the process in which it worked: {why}.", why=_ending(child)) from error
        if isinstance(said, MirrorError):
            raise said
        if isinstance(said, _Result):
            return said.value
        tell(said)


def _ending(child: subprocess.Popen[bytes]) -> Sentence:
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(_PATIENCE_S)
    code = child.returncode
    if code is not None and code < 0:
        return Sentence("it crashed (signal {number})", number=-code)
    return Sentence("it ended with exit code {number}", number=code)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Stop the child: politely first, so that it gives the card back in good order."""
    try:
        if child.stdout:
            child.stdout.close()
        child.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    except KeyboardInterrupt:
        child.kill()
        child.wait()
        raise


def answer() -> None:
    """Be the child: do what the standard input says, and answer through the standard output."""
    # What libraries print must not get between the answers.
    with contextlib.suppress(BrokenPipeError), os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        # Not `sys.stdin`, which an app without a console does not have.
        with os.fdopen(0, "rb", closefd=False) as orders:
            order = pickle.load(orders)
        _say(answers, _carried_out(order, _Shares(answers)))


class _Shares:
    """Says how much is done, not too often. Where nobody listens any more it raises BrokenPipeError."""

    def __init__(self, answers: BinaryIO) -> None:
        self._answers = answers
        self._said_s = -_EVERY_S

    def __call__(self, share: float) -> None:
        now_s = time.monotonic()
        if now_s - self._said_s >= _EVERY_S:
            self._said_s = now_s
            _say(self._answers, share)


def _say(answers: BinaryIO, said: object) -> None:
    pickle.dump(said, answers)
    answers.flush()


def _carried_out(order: object, tell: Callable[[float], None]) -> object:
    try:
        if isinstance(order, BuildOrder):
            try:
                return _Result(build_plan(order, open_library(order.library), tell))
            except BrokenPipeError:
                raise
            except OSError as error:
                raise cannot_write(order.work, error) from error
        if isinstance(order, CheckOrder):
            return _Result(check_plan(order, tell))
        card = graphics_card()
        if card is None:
            raise MissingLibraryError(
                "No NVIDIA graphics card was found, or no driver for it. Plans are built on the computer that runs"
                " them; without a card the app needs none."
            )
        return _Result(BuildPlace(card, open_library().version))
    except MirrorError as error:
        return error
    except MemoryError:
        return ModelError("There is not enough memory to build this. Close other programs and try again.")
