"""Room: cli. The words of the command line: commands, flags, ranges. Standard library only: `--help` is fast."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from mirror_app import __version__
from mirror_app.cli.argument_parser import ArgumentParser
from mirror_app.cli.argument_types import MAX_SIZE_PX, count, face_numbers, number, picture_size
from mirror_app.cli.exit_codes import EXIT_CODES
from mirror_app.cli.models_parser import add_model_actions
from mirror_app.cli.shared_options import add_consent, add_json, add_picture, add_target, add_worn
from mirror_app.language import Words

_LONGEST_S: Final = 86400


def build_parser(words: Words) -> ArgumentParser:
    """The whole command line. `command` of the parsed options names the file in `cli` that carries it out.

    Args:
        words: The user's language.
    """
    codes = [f"  {code:<5}{words(meaning)}" for code, meaning in EXIT_CODES.items()]
    parser = ArgumentParser(
        words=words,
        prog="mirror-app",
        description=words(
            "A face mirror: see yourself, at camera speed, with another face. No command opens the window."
        ),
        epilog="\n".join([words("exit codes:"), *codes]),
    )
    version = words("show the version and exit")
    parser.add_argument("--version", action="version", version=f"mirror-app {__version__}", help=version)
    parser.set_defaults(command="run", seconds=None, json=False)
    commands = parser.add_subparsers(title=words("commands"), metavar=words("COMMAND"))
    _add_run(commands, words)
    _add_render(commands, words)
    _add_batch(commands, words)
    _add_bench(commands, words)
    _add_evaluate(commands, words)
    _add_targets(commands, words)
    text = words("List, get, import, check or delete neural models.")
    add_model_actions(_command(commands, words, "models", text), words)
    _add_doctor(commands, words)
    _add_marks(commands, words)
    _add_control(commands, words)
    _add_erase(commands, words)
    return parser


if TYPE_CHECKING:
    # argparse's class for a set of commands has no public name.
    _Commands: TypeAlias = argparse._SubParsersAction[ArgumentParser]


def _command(commands: _Commands, words: Words, name: str, text: str) -> ArgumentParser:
    parser = commands.add_parser(name, words=words, help=text, description=text)
    parser.set_defaults(command=name)
    return parser


def _add_run(commands: _Commands, words: Words) -> None:
    parser = _command(commands, words, "run", words("Open the window (also without any command)."))
    parser.add_argument(
        "--seconds",
        type=number(words, "seconds", 0.1, _LONGEST_S),
        metavar=words("SECONDS"),
        help=words("close by itself and print a report"),
    )
    add_json(parser, words)


def _add_render(commands: _Commands, words: Words) -> None:
    parser = _command(
        commands, words, "render", words("Put a face into a video or picture; an existing OUTPUT is replaced.")
    )
    parser.add_argument("input", type=Path, metavar=words("INPUT"), help=words("a video or a picture"))
    parser.add_argument(
        "output", type=Path, metavar=words("OUTPUT"), help=words(".mp4 for a video, .png or .jpg for a picture")
    )
    add_worn(parser, words, by_person=True)
    add_json(parser, words)


def _add_batch(commands: _Commands, words: Words) -> None:
    parser = _command(
        commands, words, "batch", words("Put a face into many files; the same command goes on after a stop or a crash.")
    )
    parser.add_argument(
        "inputs",
        type=Path,
        nargs="+",
        metavar=words("INPUT"),
        help=words("videos, pictures, and folders, which are looked through with all folders in them"),
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar=words("FOLDER"),
        help=words("where the results go, under the names of the inputs; nothing else in it is replaced"),
    )
    add_worn(parser, words, by_person=False)
    parser.add_argument("--again", action="store_true", help=words("do again what is done, and replace it"))
    add_json(parser, words)


def _add_bench(commands: _Commands, words: Words) -> None:
    parser = _command(commands, words, "bench", words("Measure the mirror without camera and window."))
    parser.add_argument(
        "--input", default="demo", metavar=words("FILE|demo"), help=words("a video or picture (default: demo)")
    )
    add_target(parser, words, is_required=False)
    add_picture(parser, words)
    parser.add_argument(
        "--size",
        type=picture_size(words),
        default=(1280, 720),
        metavar=words("WxH"),
        help=words("scale and pad the input (default: 1280x720)"),
    )
    parser.add_argument(
        "--face-height",
        type=number(words, "face height", 16, MAX_SIZE_PX),
        metavar=words("PX"),
        help=words("crop and scale the input until the face has this height"),
    )
    parser.add_argument(
        "--faces",
        type=count(words, "faces", 1, 6),
        default=1,
        metavar=words("NUMBER"),
        help=words("so many demo people stand in the picture and all wear the face (default: 1)"),
    )
    parser.add_argument(
        "--seconds",
        type=number(words, "seconds", 0.1, _LONGEST_S),
        default=10.0,
        metavar=words("SECONDS"),
        help=words("how long (default: 10)"),
    )
    parser.add_argument(
        "--realtime",
        type=number(words, "realtime", 1, 1000),
        metavar=words("FPS"),
        help=words("hand over frames at this pace, as a camera does; otherwise as fast as possible"),
    )
    parser.add_argument(
        "--budget",
        metavar=words("CARD"),
        help=words('measure nothing: what a frame needs at least on a graphics card, on paper, e.g. "RTX 3060"'),
    )
    add_json(parser, words)


def _add_evaluate(commands: _Commands, words: Words) -> None:
    parser = _command(
        commands, words, "evaluate", words("Judge the mirror's picture by figures, on the demo camera or on videos.")
    )
    parser.add_argument(
        "--footage",
        type=Path,
        metavar=words("FOLDER"),
        help=words("its videos with its pictures target-*.jpg (default: the demo)"),
    )
    add_target(parser, words, is_required=False)
    add_picture(parser, words)
    parser.add_argument("--only", metavar=words("WORDS"), help=words("only clips with these words in their name"))
    parser.add_argument(
        "--people",
        action="store_true",
        help=words("judge instead how several people are followed and told apart; with --footage, of its videos"),
    )
    parser.add_argument(
        "--seconds",
        type=number(words, "seconds", 0.1, _LONGEST_S),
        metavar=words("SECONDS"),
        help=words("with --people: length of each clip (default: 8)"),
    )
    parser.add_argument(
        "--frames",
        type=count(words, "frames", 3, 1_000_000),
        metavar=words("COUNT"),
        help=words("frames of a clip (default: 45 of the demo, 90 of videos)"),
    )
    parser.add_argument(
        "--sheets", type=Path, metavar=words("FOLDER"), help=words("write a contact sheet (PNG) of every pair")
    )
    parser.add_argument(
        "--check", action="store_true", help=words("exit with 11 when a figure is worse than it must be")
    )
    shape = parser.add_mutually_exclusive_group()
    add_json(shape, words)
    shape.add_argument("--markdown", action="store_true", help=words("print the table as Markdown"))


def _add_targets(commands: _Commands, words: Words) -> None:
    parser = _command(commands, words, "targets", words("List, add or delete target faces."))
    actions = parser.add_subparsers(title=words("actions"), metavar=words("ACTION"), dest="action", required=True)
    listing = actions.add_parser("list", words=words, help=words("show all target faces"))
    add_json(listing, words)
    adding = actions.add_parser(
        "add", words=words, help=words("add a face to your own target faces, from one photo of it or several")
    )
    adding.add_argument("photos", type=Path, metavar=words("PHOTO"), nargs="+")
    adding.add_argument(
        "--face",
        type=face_numbers(words),
        default=[],
        metavar="N",
        help=words("which face of the photo, 1 = the largest (default); with several photos one number each: 1,2,1"),
    )
    adding.set_defaults(refuse=adding.error)
    add_consent(adding, words)
    adding.add_argument("--title", metavar=words("TITLE"), help=words("its name for people (default: the file's name)"))
    removing = actions.add_parser(
        "remove", words=words, help=words("delete one of your own target faces; the trash keeps it for 7 days")
    )
    removing.add_argument("name", metavar=words("NAME"))
    removing.add_argument("--for-good", action="store_true", help=words("delete it at once, without the trash"))
    restoring = actions.add_parser("restore", words=words, help=words("bring a deleted face back from the trash"))
    restoring.add_argument("name", metavar=words("NAME"))
    actions.add_parser("empty-trash", words=words, help=words("delete everything in the trash for good"))


def _add_doctor(commands: _Commands, words: Words) -> None:
    text = words("Check this computer, and say what to do where something is wrong.")
    add_json(_command(commands, words, "doctor", text), words)


def _add_marks(commands: _Commands, words: Words) -> None:
    text = words("Show what a picture or a video says about how it was made.")
    parser = _command(commands, words, "marks", text)
    parser.add_argument("file", type=Path, metavar=words("FILE"), help=words("a PNG, a JPEG or a video"))
    add_json(parser, words)


def _add_erase(commands: _Commands, words: Words) -> None:
    text = words("Delete all that the app keeps on this computer: settings, own faces, their photos, models.")
    parser = _command(commands, words, "erase", text)
    parser.add_argument("--yes", action="store_true", help=words("delete without a question"))


def _add_control(commands: _Commands, words: Words) -> None:
    """What is asked of the window that is open; one file carries all of it out."""
    panic = _command(commands, words, "panic", words("Cover everything the open window shows and sends, at once."))
    release = _command(commands, words, "release", words("Take the cover of `panic` back."))
    face = _command(commands, words, "face", words("Wear another face in the open window."))
    face.add_argument(
        "face", metavar=words("NAME|next|previous"), help=words("a target face (see `mirror-app targets list`)")
    )
    swap = _command(commands, words, "swap", words("Switch the swap of the open window on or off."))
    swap.add_argument("swap", choices=("on", "off"))
    live = _command(commands, words, "live", words("Let others see the mirror of the open window, or cut."))
    live.add_argument("live", choices=("on", "off"))
    status = _command(commands, words, "status", words("Say what the open window is doing."))
    add_json(status, words)
    orders = {"panic": panic, "release": release, "face": face, "swap": swap, "live": live, "status": status}
    for order, parser in orders.items():
        parser.set_defaults(command="control", order=order)
