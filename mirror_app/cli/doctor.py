"""Room: cli. `mirror-app doctor`: what is right and wrong on this computer."""

from __future__ import annotations

import argparse
from typing import Final

from mirror_app import __version__
from mirror_app.cli.console import say, say_json
from mirror_app.gui.probes import probe_cameras, probe_display
from mirror_app.resources import assets_dir, user_targets_dir
from mirror_app.tools.doctor import Finding, Health, examine, is_usable

_SIGNS: Final = {Health.OK: "ok", Health.NOTE: "note", Health.PROBLEM: "PROBLEM"}


def run(options: argparse.Namespace) -> int:
    """Examine and print; 0 when the mirror can be used, 1 when something stops it."""
    findings = []
    for finding in examine(assets_dir(), user_targets_dir(), probe_cameras, probe_display):
        findings.append(finding)
        if not options.json:
            say(_line(finding))
    usable = is_usable(findings)
    if options.json:
        say_json({"version": __version__, "usable": usable, "findings": [_as_json(finding) for finding in findings]})
    else:
        say("The mirror can be used." if usable else "Something above stops the mirror.")
    return 0 if usable else 1


def _line(finding: Finding) -> str:
    text = f"{_SIGNS[finding.health]:8} {finding.subject}: {finding.detail.rstrip('.')}."
    return f"{text} {finding.cure}" if finding.cure else text


def _as_json(finding: Finding) -> dict[str, str]:
    return {
        "subject": finding.subject,
        "health": finding.health.value,
        "detail": finding.detail,
        "cure": finding.cure,
    }
