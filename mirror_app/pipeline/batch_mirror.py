"""Room: pipeline. A mirror of its own for a batch, with a face of the library on. Reads no inputs."""

from __future__ import annotations

from dataclasses import replace

from mirror_app.pipeline.assembly import open_enroller, open_remembered_mirror
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.pipeline.result import MirrorControls
from mirror_app.pipeline.targets import load_target
from mirror_app.resources import assets_dir, user_targets_dir
from mirror_app.settings import Settings
from mirror_app.targets.library import TargetLibrary


def open_batch_mirror(target: str, controls: MirrorControls, settings: Settings) -> MirrorPipeline:
    """Load a mirror for files.

    Args:
        target: Name of a face of the library.
        controls: The other choices; its face does not matter.
        settings: Say which engine runs.

    Raises:
        UnknownTargetError: The library has no such face any more.
        MirrorError: The face or a network is missing or damaged.
    """
    record = TargetLibrary(assets_dir() / "targets", user_targets_dir()).find(target)
    face = load_target(record, open_enroller())
    mirror = open_remembered_mirror(settings, thorough=True)
    mirror.controls = replace(controls, target=face)
    return mirror
