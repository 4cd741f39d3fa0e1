"""Room: cli. The words of `mirror-app models`: its actions and flags. Standard library only: `--help` is fast."""

from __future__ import annotations

from pathlib import Path

from mirror_app.cli.argument_parser import ArgumentParser
from mirror_app.language import Words


def add_model_actions(parser: ArgumentParser, words: Words) -> None:
    """Give the command its actions; `action` of the parsed options names the one that was asked for."""
    actions = parser.add_subparsers(title=words("actions"), metavar=words("ACTION"), dest="action", required=True)

    def action(name: str, text: str, *, has_name: bool = True, has_json: bool = False) -> ArgumentParser:
        made = actions.add_parser(name, words=words, help=text, description=text)
        if has_name:
            made.add_argument("name", metavar=words("NAME"), help=words("a model (see `mirror-app models list`)"))
        if has_json:
            made.add_argument("--json", action="store_true", help=words("print one JSON object instead of text"))
        return made

    action("list", words("Show all models the app can use, and which are there."), has_name=False, has_json=True)
    action("info", words("Show what is known of a model: licence, files, tensors."), has_json=True)
    getting = action("get", words("Download a model and what it needs, after its licence was shown and accepted."))
    getting.add_argument("--precision", choices=("fp32", "fp16"), help=words("only a file with weights of this kind"))
    getting.add_argument("--accept-licence", action="store_true", help=words("accept the licences without a question"))
    importing = action("import", words("Take a copy of a model's .onnx file."), has_name=False)
    importing.add_argument("file", type=Path, metavar=words("FILE"))
    importing.add_argument(
        "--as",
        dest="name",
        metavar=words("NAME"),
        help=words("which model it is; needed only where the file could be several"),
    )
    action("check", words("Run a model on known pictures, and say what of it is right."), has_json=True)
    converting = action("convert", words("Make a smaller model of one that is there."), has_json=True)
    converting.add_argument(
        "--precision", choices=("fp16", "int8"), required=True, help=words("kind of weights of the smaller model")
    )
    _add_preparing(
        action("prepare", words("Build fast versions of models for this NVIDIA card."), has_name=False), words
    )
    action("bench", words("Measure how fast a model runs here, in each precision that is there."), has_json=True)
    action("remove", words("Delete a model's files from the app's folder."))


def _add_preparing(parser: ArgumentParser, words: Words) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "names", nargs="*", default=[], metavar=words("NAME"), help=words("models (see `mirror-app models list`)")
    )
    which.add_argument("--all", action="store_true", help=words("every installed model"))
    parser.add_argument(
        "--precision", choices=("fp32", "fp16", "int8"), help=words("instead of the one in the model's recipe")
    )
    parser.add_argument("--force", action="store_true", help=words("also where a good one is there"))
