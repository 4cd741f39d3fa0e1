"""Room: cli. The words of the command line: commands, flags, ranges. Standard library only: `--help` is fast."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias

from mirror_app import __version__
from mirror_app.settings import DEFAULT_GLASSES, DEFAULT_JOINING, DEFAULT_LIKENESS, GLASSES, JOININGS

ENGINES: Final = ("auto", "mesh")
CONSENTS: Final = ("self", "permission", "public-domain", "fictional")
"""The values of `targets.consent.Consent`, which is not imported here: its neighbours load OpenCV."""
MAX_SIZE_PX: Final = 7680

_EXIT_CODES: Final = """\
exit codes:
  0    done
  1    doctor found something that stops the mirror; any other error
  2    the command line itself is wrong
  3    an input file or option value cannot be used
  4    a target photo shows no face
  5    a photo was offered without saying whose face it is (--consent)
  6    there is no target face of that name
  7    the output cannot be written (name, folder, disk space)
  8    the picture may not leave, it could show the real face
  9    a network's file is missing or damaged
  10   a system library is missing
  11   evaluate --check: a figure is worse than it must be
  130  stopped by Ctrl-C; a video rendered so far was finished and can be played
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line instead of repeating the usage."""

    def error(self, message: str) -> NoReturn:
        sentence = message[:1].upper() + message[1:]
        self.exit(2, f"mirror-app: {sentence.rstrip('.')}. See `{self.prog} --help`.\n")


def build_parser() -> argparse.ArgumentParser:
    """The whole command line. `command` of the parsed options names the file in `cli` that carries it out."""
    parser = _Parser(
        prog="mirror-app",
        description="A face mirror: see yourself, at camera speed, with another face. No command opens the window.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"mirror-app {__version__}")
    parser.set_defaults(command="run", seconds=None, json=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_run(commands)
    _add_render(commands)
    _add_bench(commands)
    _add_evaluate(commands)
    _add_targets(commands)
    _add_doctor(commands)
    return parser


if TYPE_CHECKING:
    # argparse's class for a set of commands has no public name.
    _Commands: TypeAlias = argparse._SubParsersAction[_Parser]


def _command(commands: _Commands, name: str, text: str) -> _Parser:
    parser = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
    parser.set_defaults(command=name)
    return parser


def _add_run(commands: _Commands) -> None:
    parser = _command(commands, "run", "Open the window (also without any command).")
    parser.add_argument("--seconds", type=_number("seconds", 0.1, 86400), help="close by itself and print a report")
    _add_json(parser)


def _add_render(commands: _Commands) -> None:
    parser = _command(commands, "render", "Put a face into a video or picture; an existing OUTPUT is replaced.")
    parser.add_argument("input", type=Path, metavar="INPUT", help="a video or a picture")
    parser.add_argument("output", type=Path, metavar="OUTPUT", help=".mp4 for a video, .png or .jpg for a picture")
    _add_target(parser, is_required=True)
    _add_engine(parser)
    _add_picture(parser)
    parser.add_argument("--no-label", action="store_true", help="leave out the visible mark “AI generated”")
    _add_json(parser)


def _add_bench(commands: _Commands) -> None:
    parser = _command(commands, "bench", "Measure the mirror without camera and window.")
    parser.add_argument("--input", default="demo", metavar="FILE|demo", help="a video or picture (default: demo)")
    _add_target(parser, is_required=False)
    _add_engine(parser)
    _add_picture(parser)
    parser.add_argument(
        "--size", type=_size, default=(1280, 720), metavar="WxH", help="scale and pad the input (default: 1280x720)"
    )
    parser.add_argument(
        "--face-height",
        type=_number("face height", 16, MAX_SIZE_PX),
        metavar="PX",
        help="crop and scale the input until the face has this height",
    )
    parser.add_argument("--seconds", type=_number("seconds", 0.1, 86400), default=10.0, help="how long (default: 10)")
    parser.add_argument(
        "--realtime",
        type=_number("realtime", 1, 1000),
        metavar="FPS",
        help="hand over frames at this pace, as a camera does; otherwise as fast as possible",
    )
    _add_json(parser)


def _add_evaluate(commands: _Commands) -> None:
    parser = _command(commands, "evaluate", "Judge the mirror's picture by figures, on the demo camera or on videos.")
    parser.add_argument(
        "--footage", type=Path, metavar="FOLDER", help="its videos with its pictures target-*.jpg (default: the demo)"
    )
    _add_target(parser, is_required=False)
    _add_picture(parser)
    parser.add_argument("--only", metavar="WORDS", help="only clips with these words in their name")
    parser.add_argument(
        "--frames",
        type=_count("frames", 3, 1_000_000),
        help="frames of a clip (default: 45 of the demo, 90 of videos)",
    )
    parser.add_argument("--sheets", type=Path, metavar="FOLDER", help="write a contact sheet (PNG) of every pair")
    parser.add_argument("--check", action="store_true", help="exit with 11 when a figure is worse than it must be")
    shape = parser.add_mutually_exclusive_group()
    _add_json(shape)
    shape.add_argument("--markdown", action="store_true", help="print the table as Markdown")


def _add_targets(commands: _Commands) -> None:
    parser = _command(commands, "targets", "List, add or remove target faces.")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", dest="action", required=True)
    listing = actions.add_parser("list", help="show all target faces", allow_abbrev=False)
    _add_json(listing)
    adding = actions.add_parser(
        "add", help="add a face to your own target faces, from one photo of it or several", allow_abbrev=False
    )
    adding.add_argument("photos", type=Path, metavar="PHOTO", nargs="+")
    adding.add_argument(
        "--face",
        type=_numbers,
        default=[],
        metavar="N",
        help="which face of the photo, 1 = the largest (default); with several photos one number each: 1,2,1",
    )
    _add_consent(adding)
    adding.add_argument("--title", help="its name for people (default: the file's name)")
    removing = actions.add_parser("remove", help="delete one of your own target faces", allow_abbrev=False)
    removing.add_argument("name", metavar="NAME")


def _add_doctor(commands: _Commands) -> None:
    _add_json(_command(commands, "doctor", "Check this computer, and say what to do where something is wrong."))


def _add_target(parser: _Parser, *, is_required: bool) -> None:
    parser.add_argument(
        "--target",
        required=is_required,
        metavar="NAME|PHOTO",
        help="a target face (see `mirror-app targets list`) or a photo",
    )
    parser.add_argument(
        "--face", type=_count("face", 1, 99), metavar="N", help="which face of the photo, 1 = the largest (default)"
    )
    _add_consent(parser)


def _add_consent(parser: _Parser) -> None:
    parser.add_argument("--consent", choices=CONSENTS, help="whose face a photo shows, and why it may be used")


def _add_engine(parser: _Parser) -> None:
    parser.add_argument("--engine", choices=ENGINES, default="auto", help="way of swapping (default: auto)")


def _add_picture(parser: _Parser) -> None:
    """How the face is worn: what the window's "Picture" panel offers."""
    parser.add_argument(
        "--likeness",
        type=_number("likeness", 0, 1),
        default=DEFAULT_LIKENESS,
        metavar="0..1",
        help=f"how far the face's shape goes toward the target's (default: {DEFAULT_LIKENESS})",
    )
    parser.add_argument(
        "--joining",
        choices=JOININGS,
        default=DEFAULT_JOINING,
        help=f"how the face is joined to the picture (default: {DEFAULT_JOINING})",
    )
    parser.add_argument(
        "--glasses",
        choices=GLASSES,
        default=DEFAULT_GLASSES,
        help=f"what becomes of glasses on the live face (default: {DEFAULT_GLASSES})",
    )


def _add_json(parser: argparse._ActionsContainer) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")


def _number(name: str, low: float, high: float) -> Callable[[str], float]:
    """A parser of finite numbers between two bounds, the bounds included."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{name} must be a number from {low:g} to {high:g}, not {text}")
        return value

    return parse


def _count(name: str, low: int, high: int) -> Callable[[str], int]:
    """A parser of whole numbers between two bounds, the bounds included."""

    def parse(text: str) -> int:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{name} must be a whole number from {low} to {high}, not {text}")
        return int(text)

    return parse


def _numbers(text: str) -> list[int]:
    """Whole numbers from 1 on, separated by commas."""
    parts = text.split(",")
    if not all(part.strip().isdecimal() and 1 <= int(part) <= 99 for part in parts):
        raise argparse.ArgumentTypeError(
            f"face must be a number from 1 to 99, or several separated by commas, not {text}"
        )
    return [int(part) for part in parts]


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([0-9]{1,5})[xX×]([0-9]{1,5})", text)
    width, height = (int(match[1]), int(match[2])) if match else (0, 0)
    if not (64 <= width <= MAX_SIZE_PX and 64 <= height <= MAX_SIZE_PX):
        raise argparse.ArgumentTypeError(
            f"size must look like 1280x720, from 64 to {MAX_SIZE_PX} pixels per side, not {text}"
        )
    return width, height
