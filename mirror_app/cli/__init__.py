"""The command line: one file per command, and `main`, the one place where errors become sentences and exit codes."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Sequence

from mirror_app.cli.console import INTERRUPTED
from mirror_app.cli.parser import build_parser
from mirror_app.domain.errors import InputError, MirrorError, MissingLibraryError, OutputError
from mirror_app.domain.sentence import Sentence
from mirror_app.domain.system_reason import system_reason
from mirror_app.language import Words, open_words
from mirror_app.settings import load_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: The words after the program's name; those of this process when None.

    Returns:
        The exit code.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that cannot show a Chinese name gets its code points, not a traceback.
        sys.stdout.reconfigure(errors="backslashreplace")
    words = open_words(load_settings().language)
    options = build_parser(words).parse_args(sys.argv[1:] if arguments is None else arguments)
    try:
        # Loaded by name, so that `--help` does not wait for OpenCV, Qt and the networks.
        return int(importlib.import_module(f"mirror_app.cli.{options.command}").run(options, words))
    except MirrorError as error:
        return _fail(words, error)
    except KeyboardInterrupt:
        sys.stderr.write(f"\nmirror-app: {words('stopped.')}\n")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (`mirror-app targets list | head`): nothing to say, and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OutputError.exit_code
    except MemoryError:
        return _fail(words, InputError("There is not enough memory for this. Use a smaller picture or video."))
    except OSError as error:
        name = error.filename or Sentence("A file")
        return _fail(words, OutputError("{name}: {why}.", name=name, why=system_reason(error)))
    except ImportError as error:
        missing = _missing_library(error)
        if missing is None:
            raise
        return _fail(words, missing)


def _fail(words: Words, error: MirrorError) -> int:
    sys.stderr.write(f"mirror-app: {words(error.sentence)}\n")
    return error.exit_code


def _missing_library(error: ImportError) -> MissingLibraryError | None:
    """The sentence for a system library that the loader did not find; None when something else went wrong."""
    from mirror_app.tools.system_libraries import explain

    sentence = explain(str(error))
    return None if sentence is None else MissingLibraryError(sentence)
