"""Room: cli. `mirror-app models convert`: makes a smaller file of a model and says what it costs and gains."""

from __future__ import annotations

import argparse

from mirror_app.cli.columns import right
from mirror_app.cli.console import note, say, say_json
from mirror_app.cli.models import megabytes
from mirror_app.domain.errors import ModelError
from mirror_app.language import Words
from mirror_app.runtime.models import open_store
from mirror_app.tools.models.convert import Conversion, FileFigures, convert_model


def run(options: argparse.Namespace, words: Words) -> int:
    """Convert, compare and print; 9 when the smaller file was not good enough to be kept.

    Raises:
        ModelError: The model is not there in FP32, or cannot be converted.
        OutputError: The new file cannot be written.
    """
    done = convert_model(open_store(), options.name, options.precision, lambda step: note(words(step)))
    if options.json:
        say_json(done.as_json())
    else:
        for line in _report(done, words):
            say(line)
    return 0 if done.path is not None else ModelError.exit_code


def _report(done: Conversion, words: Words) -> list[str]:
    loss = done.loss
    lines = [
        "".join(right(head, 11) for head in ["", "MB", words("median ms")]) + f"  {words('runs on')}",
        f"{_row('FP32', done.exact)}  {done.device}",
        f"{_row(done.precision.upper(), done.smaller)}  {done.device}",
    ]
    if loss.is_finite:
        lines.append(
            words(
                "Difference from FP32 on {pictures} pictures: {largest} at most, {mean} in the mean; {psnr} dB,"
                " cosine {cosine}",
                pictures=done.pictures,
                largest=f"{loss.largest:.3g}",
                mean=f"{loss.mean:.3g}",
                psnr=f"{loss.psnr_db:.1f}",
                cosine=f"{loss.cosine:.5f}",
            )
        )
    precision = done.precision.upper()
    if done.path is None:
        lines.append(words("The {precision} file was not kept: {why}.", precision=precision, why=done.trouble))
        return lines
    lines.append(words("The {precision} file was kept: {path}", precision=precision, path=done.path))
    if done.smaller.median_ms > done.exact.median_ms:
        lines.append(words("It is smaller, but not faster here; on another device it may be."))
    return lines


def _row(name: str, figures: FileFigures) -> str:
    cells = [name, megabytes(figures.size_bytes), f"{figures.median_ms:.2f}"]
    return "".join(right(cell, 11) for cell in cells)
