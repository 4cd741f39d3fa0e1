"""Room: cli. `mirror-app doctor`: what is right and wrong on this computer."""

from __future__ import annotations

import argparse
from typing import Final

from mirror_app import __version__
from mirror_app.cli.columns import left
from mirror_app.cli.console import say, say_json
from mirror_app.domain.sentence import Sentence
from mirror_app.gui.probes import probe_cameras, probe_display
from mirror_app.language import Words
from mirror_app.resources import assets_dir, user_targets_dir
from mirror_app.tools.doctor import examine, is_usable
from mirror_app.tools.finding import Finding, Health

_SIGNS: Final = {Health.OK: Sentence("ok"), Health.NOTE: Sentence("note"), Health.PROBLEM: Sentence("PROBLEM")}


def run(options: argparse.Namespace, words: Words) -> int:
    """Examine and print; 0 when the mirror can be used, 1 when something stops it."""
    findings = []
    for finding in examine(assets_dir(), user_targets_dir(), probe_cameras, probe_display):
        findings.append(finding)
        if not options.json:
            say(_line(finding, words))
    usable = is_usable(findings)
    if options.json:
        say_json({"version": __version__, "usable": usable, "findings": [_as_json(finding) for finding in findings]})
    else:
        say(words("The mirror can be used.") if usable else words("Something above stops the mirror."))
    return 0 if usable else 1


def _line(finding: Finding, words: Words) -> str:
    # What a child process said may end with a full stop.
    detail = words(finding.detail).rstrip(".。")
    text = words("{subject}: {detail}.", subject=finding.subject, detail=detail)
    if finding.cure:
        text = words("{before} {after}", before=text, after=finding.cure)
    return f"{left(words(_SIGNS[finding.health]), 8)} {text}"


def _as_json(finding: Finding) -> dict[str, str]:
    return {
        "subject": finding.subject,
        "health": finding.health.value,
        "detail": finding.detail,
        "cure": finding.cure,
    }
