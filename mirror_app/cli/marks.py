"""Room: cli. `mirror-app marks`: what a file says about itself, for everybody who wants to know."""

from __future__ import annotations

import argparse

from mirror_app.cli.console import say, say_json
from mirror_app.deliver.marks import marks_of
from mirror_app.language import Words


def run(options: argparse.Namespace, words: Words) -> int:
    """Read and say.

    Raises:
        InputError: The file cannot be read, or is neither a picture nor a video.
    """
    marks = marks_of(options.file)
    if options.json:
        say_json({"ai": marks.says_ai, "aigc": marks.aigc, "digital_source_type": marks.source_type})
        return 0
    if marks.says_ai:
        say(words("{file} says that an AI made its picture, or a part of it.", file=options.file))
    else:
        say(words("{file} does not say that an AI made it. Marks of this kind are easily lost.", file=options.file))
    for name, value in ((words("AIGC (GB 45438-2025)"), marks.aigc), (words("IPTC source type"), marks.source_type)):
        if value:
            say(f"{name}  {value}")
    return 0
