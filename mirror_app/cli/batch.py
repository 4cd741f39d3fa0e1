"""Room: cli. `mirror-app batch`: files and folders in, a folder out, and on again after a crash."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mirror_app.cli.batch_bar import BatchBar
from mirror_app.cli.console import INTERRUPTED, note, say, say_json, stop_requests
from mirror_app.cli.duty import take_over_duty
from mirror_app.cli.engine_note import engine_note, engine_table
from mirror_app.cli.picture_options import controls_from
from mirror_app.cli.target_option import choose_target
from mirror_app.domain.errors import InputError
from mirror_app.language import Words
from mirror_app.pipeline.assembly import open_mirror
from mirror_app.pipeline.batch import BatchStopped, render_item, worn_key
from mirror_app.pipeline.batch_inputs import FoundFiles, find_files
from mirror_app.pipeline.batch_record import BatchItem, BatchRecord, ItemState
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.pipeline.result import MirrorControls


@dataclass(frozen=True, slots=True, eq=False)
class _Outcome:
    """What became of a batch.

    Attributes:
        found: The inputs.
        before: Files that an earlier run had done.
        ended: Files that this run did, well or not.
        waiting: Files that it was stopped before.
        notes: What the user should know besides, in sentences.
        seconds: How long it took.
        mirror: What did it; None when nothing was to do.
    """

    found: FoundFiles
    before: Sequence[BatchItem]
    ended: Sequence[BatchItem]
    waiting: Sequence[BatchItem]
    notes: Sequence[str]
    seconds: float
    mirror: MirrorPipeline | None

    @property
    def failed(self) -> int:
        """Files and folders that could not be used."""
        return sum(item.state is ItemState.FAILED for item in self.ended) + len(self.found.unreadable)

    @property
    def done(self) -> int:
        """Files that have their output now."""
        return len(self.before) + sum(item.state is ItemState.DONE for item in self.ended)


def run(options: argparse.Namespace, words: Words) -> int:
    """Render every video and picture that was named, and those in the folders that were named.

    Returns:
        0 when all are done, 3 when some failed, 130 after Ctrl-C.

    Raises:
        InputError: An input does not exist, or nothing was found.
        OutputError: The output folder cannot be written to; the same command goes on from there.
        MirrorError: See `choose_target`.
    """
    _refuse_none(find_files(options.inputs))  # before anything is loaded or written: a wrong name is told at once
    chosen = choose_target(options.target, options.consent, options.face)
    if options.no_label:
        note(take_over_duty(words))
    controls = controls_from(options, chosen.face, label_on=not options.no_label)
    target = chosen.name if options.face is None else f"{chosen.name} {options.face}"
    start_s = time.monotonic()
    with BatchRecord(options.out) as record:
        found = find_files(options.inputs, record.folder, record.own_outputs)
        _refuse_none(found)
        planned = record.plan(found.files, worn_key(target, options.engine, controls), again=options.again)
        before = [item for item in planned if item.state is ItemState.DONE]
        todo = [item for item in planned if item.state is not ItemState.DONE]
        notes = [*filter(None, (chosen.note,)), *found.unreadable]
        mirror = open_mirror(options.engine, thorough=True) if todo else None
        ended = _work(mirror, record, todo, options, controls, words) if mirror is not None else []
    if mirror is not None and mirror.trouble:
        notes.append(mirror.trouble)
    outcome = _Outcome(found, before, ended, todo[len(ended) :], notes, time.monotonic() - start_s, mirror)
    if options.json:
        say_json(_table(outcome, record.folder, chosen.name))
    else:
        _say_outcome(outcome, record.folder, words)
    if outcome.waiting:
        return INTERRUPTED
    return InputError.exit_code if outcome.failed else 0


def _work(
    mirror: MirrorPipeline,
    record: BatchRecord,
    todo: Sequence[BatchItem],
    options: argparse.Namespace,
    controls: MirrorControls,
    words: Words,
) -> list[BatchItem]:
    """Do one file after the other.

    Returns:
        The files that came to an end; Ctrl-C leaves the one in work and the rest as they are.
    """
    mirror.controls = controls
    bar = BatchBar(todo, words)
    ended: list[BatchItem] = []
    with stop_requests() as stop:
        for number, item in enumerate(todo):
            bar.begin(number)
            try:
                ended.append(render_item(mirror, record, item, progress=bar, stop=stop))
            except BatchStopped:
                break
            finally:
                bar.end()
            if not options.json:
                _say_item(ended[-1], record.folder, words)
    return ended


def _refuse_none(found: FoundFiles) -> None:
    if not found.files and not found.unreadable:
        raise InputError("No video or picture was found. Name files, or folders that hold some.")


def _say_item(item: BatchItem, folder: Path, words: Words) -> None:
    if item.state is ItemState.FAILED:
        note(words("{file} was left out: {why}", file=item.source, why=item.sentence))
    else:
        say(words("{file} is done: {output}", file=item.source, output=folder / item.output))
        if item.sentence:
            note(words(item.sentence))


def _say_outcome(outcome: _Outcome, folder: Path, words: Words) -> None:
    if outcome.mirror is not None and not outcome.mirror.trouble:
        note(engine_note(outcome.mirror, words))
    for sentence in outcome.notes:
        note(words(sentence))
    if outcome.found.skipped:
        note(words("Skipped, because they are no videos or pictures: {count}.", count=outcome.found.skipped))
    if outcome.before:
        note(words("Done before: {count}. Add --again to do them anew.", count=len(outcome.before)))
    if outcome.failed:
        note(words("Could not be used: {count}. The same command tries them again.", count=outcome.failed))
    count = len(outcome.found.files)
    seconds = round(outcome.seconds, 2)
    say(words("{done} of {count} files are done, in {seconds} s: {folder}", done=outcome.done, count=count,
              seconds=seconds, folder=folder))  # fmt: skip
    if outcome.waiting:
        note(words("Stopped. The same command goes on where this one stopped."))


def _table(outcome: _Outcome, folder: Path, target: str) -> dict[str, object]:
    """The outcome for `--json`."""
    files = [*outcome.before, *outcome.ended, *outcome.waiting]
    return {
        "folder": str(folder),
        "target": target,
        "files": [
            {
                "input": item.source,
                "output": str(folder / item.output) if item.state is ItemState.DONE else None,
                "state": item.state.value,
                "note": item.sentence,
            }
            for item in files
        ],
        "done": outcome.done,
        "done_before": len(outcome.before),
        "failed": outcome.failed,
        "skipped": outcome.found.skipped,
        "seconds": round(outcome.seconds, 2),
        "complete": not outcome.waiting,
        **engine_table(outcome.mirror),
        "notes": list(outcome.notes),
    }
