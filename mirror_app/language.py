"""Room: language. Looks sentences up in the user's language. Knows no windows and no commands.

The English sentences in the code are the keys; `assets/locale/<language>.po` holds the others.
"""

from __future__ import annotations

import locale
import logging
import os
from collections.abc import Mapping
from typing import Final

from mirror_app.domain.sentence import Sentence
from mirror_app.resources import assets_dir

_logger = logging.getLogger(__name__)

LANGUAGES: Final = ("en", "zh_CN")
"""What the app speaks; the first is the language of the code."""


class Words:
    """Says sentences in one language; what it does not know stays English."""

    def __init__(self, language: str, sentences: Mapping[str, str]) -> None:
        """Prepare.

        Args:
            language: One of `LANGUAGES`.
            sentences: English templates and what they are in that language.
        """
        self.language = language
        self._sentences = sentences

    def __call__(self, text: str, /, **values: object) -> str:
        """The text in the language, its {named} gaps filled; a `Sentence` brings its values along."""
        template = text
        if isinstance(text, Sentence):
            template, values = text.template, {**text.values, **values}
        said = self._sentences.get(template) or template
        if not values:
            return said
        return said.format(**{name: self(one) if isinstance(one, Sentence) else one for name, one in values.items()})


def open_words(language: str) -> Words:
    """The words of a language; "" means the system's."""
    chosen = language if language in LANGUAGES else system_language()
    return Words(chosen, {} if chosen == LANGUAGES[0] else _read(chosen))


def system_language() -> str:
    """The language the system is set to, as far as the app speaks it."""
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    wanted = next((name for name in names if name), "") or _known_to_python()
    return "zh_CN" if wanted.lower().startswith(("zh", "chinese")) else "en"


def _known_to_python() -> str:
    """The language where the environment says nothing, as on Windows; Python knows not every name there is."""
    try:
        return locale.getlocale()[0] or ""
    except ValueError:
        return ""


def _read(language: str) -> dict[str, str]:
    # Loaded late: English needs no catalogue.
    import polib

    path = assets_dir() / "locale" / f"{language}.po"
    try:
        entries = polib.pofile(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        # An incomplete installation still starts, in English: `mirror-app doctor` must run to say so.
        _logger.warning("the sentences of %s cannot be read: %s", language, error)
        return {}
    return {entry.msgid: entry.msgstr for entry in entries if not entry.obsolete}
