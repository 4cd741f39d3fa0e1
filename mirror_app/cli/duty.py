"""Room: cli. `--no-label`: says whose duty labelling is then, and puts it on record. Renders nothing."""

from __future__ import annotations

from typing import Final

from mirror_app.domain.sentence import Sentence
from mirror_app.language import Words
from mirror_app.resources import label_log_path
from mirror_app.tools.label_log import Reason, note_unlabelled

_DUTY: Final = Sentence(
    "Without the watermark it is your duty to label the result wherever others see it. This was noted on this computer."
)


def take_over_duty(words: Words) -> str:
    """Note that the mark was left out, and give the sentence that says what follows.

    Raises:
        OutputError: It could not be noted; then the mark must not be left out.
    """
    note_unlabelled(label_log_path(), Reason.COMMAND_LINE, words.language, words(_DUTY))
    return words(_DUTY)
