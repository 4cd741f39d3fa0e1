"""Room: cli. Python's argument parser in the user's language. Knows none of our commands."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from functools import partial
from typing import Any, Final, NoReturn

from mirror_app.cli.columns import cells, wrapped
from mirror_app.domain.sentence import Sentence
from mirror_app.language import Words

_COMPLAINTS: Final = (
    (r"the following arguments are required: (?P<names>.+)", Sentence("The following arguments are required: {names}")),
    (r"unrecognized arguments: (?P<names>.+)", Sentence("Unrecognized arguments: {names}")),
    (r"one of the arguments (?P<names>.+) is required", Sentence("One of the arguments {names} is required")),
    (r"argument (?P<name>[^:]+): (?P<why>.+)", Sentence("Argument {name}: {why}")),
    (
        r"invalid choice: (?P<value>.+?)(?:, maybe you meant .+)? \(choose from (?P<choices>.+)\)",
        Sentence("invalid choice: {value} (choose from {choices})"),
    ),
    (r"expected one argument", Sentence("expected one argument")),
    (r"expected at least one argument", Sentence("expected at least one argument")),
    (r"not allowed with argument (?P<name>.+)", Sentence("not allowed with argument {name}")),
    (r"ignored explicit argument (?P<value>.+)", Sentence("ignored explicit argument {value}")),
)
"""What argparse says, and how we say it. What stands in no line, of a later Python for example, stays English."""


_WIDE_NAMES: Final = 14
"""Places by which the names of values in one line of the usage are wider than their characters, at most."""


class ArgumentParser(argparse.ArgumentParser):
    """Says what is wrong in one line instead of repeating the usage, and speaks the user's language."""

    def __init__(self, *, words: Words, **options: Any) -> None:
        """Take what argparse takes.

        Args:
            words: The user's language.
            options: Passed on.
        """
        formatter = partial(_HelpFormatter, words=words)
        super().__init__(formatter_class=formatter, add_help=False, allow_abbrev=False, **options)
        self._words = words
        self._positionals.title = words("positional arguments")
        self._optionals.title = words("options")
        self.add_argument("-h", "--help", action="help", help=words("show this help message and exit"))

    def format_help(self) -> str:
        """The help; argparse itself ends every heading with a Western colon."""
        text = super().format_help()
        for group in self._action_groups:
            text = text.replace(f"\n{group.title}:\n", f"\n{self._words('{heading}:', heading=group.title)}\n")
        return text

    def error(self, message: str) -> NoReturn:
        """End with one sentence and exit code 2."""
        wrong = _complaint(message)
        sentence = wrong if isinstance(wrong, Sentence) else message[:1].upper() + message[1:]
        said = self._words(sentence).rstrip(".。")
        help_command = f"{self.prog} --help"
        self.exit(2, f"mirror-app: {self._words('{wrong}. See `{command}`.', wrong=said, command=help_command)}\n")


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Breaks lines between Chinese characters too, and keeps columns in line."""

    def __init__(self, *, words: Words, **options: Any) -> None:
        super().__init__(**options)
        self._words = words

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, self._words("usage: ") if prefix is None else prefix)

    def _format_usage(self, *arguments: Any) -> str:
        # Counts characters too: lines with Chinese names in them would become too wide.
        whole = self._width
        self._width = whole - (_WIDE_NAMES if self._words("usage: ") != "usage: " else 0)
        usage = super()._format_usage(*arguments)
        self._width = whole
        return usage

    def _format_action(self, action: argparse.Action) -> str:
        # argparse counts characters where a terminal counts places: the header gets too many spaces after it.
        header = self._format_action_invocation(action)
        surplus = " " * (cells(header) - len(header))
        return super()._format_action(action).replace(f"{header}{surplus}  ", f"{header}  ", 1)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = [line if line.startswith(" ") else "\n".join(wrapped(line, width)) for line in text.splitlines()]
        return "\n".join(indent + line for line in lines)


def _complaint(message: str) -> str:
    """What argparse says as a sentence of ours; the message itself where it is none that we know."""
    for pattern, sentence in _COMPLAINTS:
        found = re.fullmatch(pattern, message)
        if found is not None:
            values = {name: _complaint(value) if name == "why" else value for name, value in found.groupdict().items()}
            return _filled(sentence, values)
    return message


def _filled(sentence: Sentence, values: dict[str, str]) -> Sentence:
    return Sentence(sentence.template, **values) if values else sentence
