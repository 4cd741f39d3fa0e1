"""Room: pipeline. One file of a batch after the other through the mirror: whole, or as if it had not begun. No Qt."""

from __future__ import annotations

import errno
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from mirror_app.domain.assignment import Others
from mirror_app.domain.cast import Wearers
from mirror_app.domain.errors import MirrorError, ModelError, OutputError
from mirror_app.domain.label import LabelStyle
from mirror_app.domain.sentence import Sentence, joined
from mirror_app.imaging.files import PICTURE_ENDINGS, is_picture
from mirror_app.pipeline.batch_record import BatchItem, BatchRecord, ItemState
from mirror_app.pipeline.offline import Mirror, OfflineReport, render_file
from mirror_app.pipeline.result import MirrorControls
from mirror_app.whole_file import cannot_write

_LOG = logging.getLogger(__name__)

_ONE_FILES_FAULT: Final = (errno.ENAMETOOLONG, errno.EFBIG)
"""Of what the system says against an output, that which does not stand in the way of the next one."""


class BatchStopped(Exception):  # noqa: N818  # it is no error: somebody asked for it
    """Somebody asked to stop; the file in work is as if it had not begun."""


def worn_key(target: str, engine: str, controls: MirrorControls) -> str:
    """How the face is worn, as text that is the same for the same choices.

    Args:
        target: What tells the face from others.
        engine: The way of swapping, as it was asked for.
        controls: The other choices.
    """
    choices = {
        "target": target,
        "engine": engine,
        "label": controls.label_on,
        "likeness": controls.likeness,
        "joining": controls.joining.value,
        "glasses": controls.glasses.value,
    }
    if controls.label_on and controls.label_style != LabelStyle():  # as for what is kept, below
        style = controls.label_style
        choices["label_style"] = [style.text.value, style.corner.value, style.opacity]
    if controls.kept:  # left out where nothing is kept: records of earlier versions still tell what is done
        choices["kept"] = sorted(part.value for part in controls.kept)
    if controls.cast.wearers is not Wearers.ONE:
        choices["wearers"] = controls.cast.wearers.value
    if controls.others is not Others.SHIELD:
        choices["others"] = controls.others.value
    return json.dumps(choices, ensure_ascii=False, sort_keys=True)


def render_item(
    mirror: Mirror,
    record: BatchRecord,
    item: BatchItem,
    *,
    progress: Callable[[int, int | None], None],
    stop: Callable[[], bool],
) -> BatchItem:
    """Send one file of the batch through the mirror; its output appears under its name when it is whole.

    Args:
        mirror: Opened with `thorough=True`, its controls set.
        record: Keeps what becomes of the file.
        item: The file.
        progress: See `render_file`.
        stop: Asked after every frame; it may also take its time, which is a pause.

    Returns:
        The item, done or failed.

    Raises:
        BatchStopped: `stop` said so; the item waits again.
        OutputError: The output folder cannot be written to (full, taken away): no other file could be either.
        ModelError: A network failed for good.
    """
    try:
        return _keep(record, _rendered(mirror, record, item, progress, stop))
    except BatchStopped:
        _keep(record, replace(item, state=ItemState.WAITING))
        raise
    except (OutputError, ModelError) as error:
        if isinstance(error, ModelError) or _concerns_all(error):
            raise
        return _failed(record, item, error.sentence)
    except MirrorError as error:
        return _failed(record, item, error.sentence)
    except MemoryError:
        return _failed(record, item, Sentence("There is not enough memory for this. Use a smaller picture or video."))
    # A batch runs over night: whatever a broken file brings about, the others are still to be done.
    except Exception as error:  # noqa: BLE001
        _LOG.exception("a file of the batch failed")
        sentence = Sentence("The file could not be processed ({kind}).", kind=type(error).__name__)
        return _failed(record, item, sentence)


def _rendered(
    mirror: Mirror,
    record: BatchRecord,
    item: BatchItem,
    progress: Callable[[int, int | None], None],
    stop: Callable[[], bool],
) -> BatchItem:
    source = Path(item.source)
    output = record.name_output(item, _ending(source))
    item = _keep(record, replace(item, state=ItemState.WORKING, output=output, sentence=""))
    final, made = record.folder / output, record.work_dir / Path(output).name

    def stopped() -> bool:
        if stop():
            raise BatchStopped
        return False

    stopped()
    try:
        made.parent.mkdir(exist_ok=True)
        final.parent.mkdir(parents=True, exist_ok=True)
        report = render_file(mirror, source, made, progress=progress, stop=stopped)
        made.replace(final)
    except OSError as error:
        raise cannot_write(final, error) from error
    except MirrorError as error:
        raise _named(error, made, final) from error.__cause__
    finally:
        made.unlink(missing_ok=True)
    return replace(item, state=ItemState.DONE, sentence=remarks(report))


def remarks(report: OfflineReport) -> str:
    """What is worth knowing about a file that was done, in sentences; "" when all went well."""
    shielded = Sentence(
        "{count} of {frames} frames were replaced by a card, because a face in them could not be covered.",
        count=report.shielded,
        frames=report.frames,
    )
    nobody = Sentence("Nobody was found in it; it was kept as it is.")
    return joined(
        (
            report.damage,
            shielded if report.shielded else "",
            nobody if report.empty == report.frames else "",
            report.crowd,
            Sentence("The mirror failed on a frame: {why}", why=report.trouble) if report.trouble else "",
        )
    )


def _ending(source: Path) -> str:
    """The ending of the output: by what the file is, whatever it is called."""
    if not is_picture(source):
        return ".mp4"
    ending = source.suffix.lower()
    return ending if ending in PICTURE_ENDINGS else ".png"


def _concerns_all(error: OutputError) -> bool:
    """Whether no other output could be written either."""
    return isinstance(error.__cause__, OSError) and error.__cause__.errno not in _ONE_FILES_FAULT


def _named(error: MirrorError, made: Path, final: Path) -> MirrorError:
    """The same error, speaking of the output by the name that the user will look for."""
    values = {name: final if value == made else value for name, value in error.sentence.values.items()}
    return type(error)(error.sentence.template, **values)


def _failed(record: BatchRecord, item: BatchItem, sentence: str) -> BatchItem:
    return _keep(record, replace(item, state=ItemState.FAILED, sentence=sentence))


def _keep(record: BatchRecord, item: BatchItem) -> BatchItem:
    record.save([item])
    return item
