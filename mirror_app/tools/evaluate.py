"""Room: tools. Judges the mirror's picture: every clip worn with every target becomes figures. Prints nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import FaceMesh
from mirror_app.domain.frame import Frame
from mirror_app.faces.mesh import MODEL_FILE, FaceMeshNet, crop_around_mesh
from mirror_app.pipeline.assembly import open_tracker
from mirror_app.resources import assets_dir
from mirror_app.runtime.ort import OrtCpuBackend
from mirror_app.tools.evaluate_clips import Clip, Shot
from mirror_app.tools.evaluate_cover import LastPatch
from mirror_app.tools.evaluate_figures import Figures
from mirror_app.tools.evaluate_measures import FEATURES, features, kept, sides_light
from mirror_app.tools.evaluate_seen import SeenFace, share
from mirror_app.tools.evaluate_wearer import Mirror, Wearer

# Below this score the mesh network sees no face (as in `faces.track`).
_LEAST_SCORE: Final = 0.5
# What a video costs when it is stored once more; stands in for a renderer that changes nothing.
_JPEG_QUALITY: Final = 80

Features = dict[int, NDArray[np.float32]]
"""(5,) features by turn."""

Look = Callable[[Clip, str, int, Frame, NDArray[np.uint8], NDArray[np.float32] | None], None]
"""Called with every pair's clip, target, turn, original, picture that left and mesh of the original (for sheets)."""


@dataclass(frozen=True, slots=True, eq=False)
class Outfit:
    """A target ready to be worn.

    Attributes:
        name: The target's name.
        mirror: Its controls are set; nobody else uses it meanwhile.
        last_patch: What `mirror` shows its patches to.
    """

    name: str
    mirror: Mirror
    last_patch: LastPatch


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A face found in a picture.

    Attributes:
        anchor: The mesh around which it was looked for. Every picture of one moment is searched around the same one:
            the network's answer depends a little on where it looks.
        mesh: Where the face is.
    """

    anchor: FaceMesh
    mesh: FaceMesh


class FaceFinder:
    """Finds the mesh of the one face in a picture, without smoothing over time."""

    def __init__(self) -> None:
        """Load the networks.

        Raises:
            ModelError: A model file is missing or damaged.
        """
        self._tracker = open_tracker()
        self._net = FaceMeshNet(OrtCpuBackend(assets_dir() / "models" / MODEL_FILE))
        self._last: FaceMesh | None = None

    def follow(self, frame: Frame) -> Sight | None:
        """The face, looked for where it was in the frame before, else everywhere; None when there is none."""
        if self._last is not None:
            mesh = self.near(frame.image_bgr, self._last)
            if mesh is not None:
                sight, self._last = Sight(self._last, mesh), mesh
                return sight
        self._tracker.reset()
        self._tracker.scan(frame)
        anchor = next((face.mesh for face in self._tracker.faces if face.mesh is not None), None)
        self._last = None if anchor is None else self.near(frame.image_bgr, anchor)
        return None if anchor is None or self._last is None else Sight(anchor, self._last)

    def near(self, image_bgr: NDArray[np.uint8], anchor: FaceMesh) -> FaceMesh | None:
        """The face about where another mesh is; None when the network sees no face there."""
        found = self._net.locate(image_bgr, crop_around_mesh(anchor))
        return found if found is not None and found.score >= _LEAST_SCORE else None

    def forget(self) -> None:
        """Another clip begins."""
        self._last = None


class Evaluation:
    """Runs clips one after the other, each with all outfits at once.

    Args:
        outfits: What is worn.
        look: Called with every picture that left.
        progress: Called after every frame.
    """

    def __init__(self, outfits: Sequence[Outfit], look: Look, progress: Callable[[], None]) -> None:
        self._outfits, self._look, self._progress = outfits, look, progress
        self._finder = FaceFinder()
        self._done: dict[str, _ClipRun] = {}

    def run(self, clip: Clip) -> list[Figures]:
        """Evaluate one clip; the clip that shows the same without its lamp must have been run before.

        Raises:
            InputError: The clip cannot be read.
            ModelError: A network failed.
        """
        self._finder.forget()
        run = _ClipRun(clip, self._outfits)
        for turn, shot in enumerate(clip.shots()):
            sight = self._finder.follow(shot.frame)
            points = None if sight is None else sight.mesh.points
            run.note_original(turn, shot, points, self._recompressed(shot, sight))
            for outfit in self._outfits:
                swapped = run.wearers[outfit.name].wear(shot)
                found = None if sight is None else self._finder.near(swapped, sight.anchor)
                run.wearers[outfit.name].judge(turn, shot, swapped, None if found is None else found.points, points)
                self._look(clip, outfit.name, turn, shot.frame, swapped, points)
            self._progress()
        self._done[clip.name] = run
        return [run.figures(outfit.name, self._done.get(clip.unlit)) for outfit in self._outfits]

    def _recompressed(self, shot: Shot, sight: Sight | None) -> NDArray[np.float32] | None:
        """The mesh on the original stored once more; None where the truth is known, or no face is found."""
        if shot.true_points is not None or sight is None:
            return None
        _, data = cv2.imencode(".jpg", shot.frame.image_bgr, (cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY))
        found = self._finder.near(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8), sight.anchor)
        return None if found is None else found.points


class _ClipRun:
    """What one clip gave: the truth, what was found on the original, and one `Wearer` per outfit."""

    def __init__(self, clip: Clip, outfits: Sequence[Outfit]) -> None:
        self.wearers = {outfit.name: Wearer(outfit.mirror, outfit.last_patch) for outfit in outfits}
        self._clip = clip
        self._frames = 0
        self._original = SeenFace()
        self._light: list[NDArray[np.float32]] = []
        self._reference: Features = {}
        self._best: Features = {}

    def note_original(
        self, turn: int, shot: Shot, points: NDArray[np.float32] | None, recompressed: NDArray[np.float32] | None
    ) -> None:
        """Take in the original of one frame, the mesh found on it, and that found on it stored once more."""
        self._frames += 1
        self._original.add(turn, shot.frame.image_bgr, points)
        reference, best = (points, recompressed) if shot.true_points is None else (shot.true_points, points)
        if reference is not None:
            self._reference[turn] = features(reference)
        if best is not None:
            self._best[turn] = features(best)
        if shot.masks is not None and shot.true_points is not None:
            self._light.append(sides_light(shot.frame.image_bgr, shot.masks.face_skin, shot.true_points))

    def figures(self, target: str, unlit: _ClipRun | None) -> Figures:
        """Sum up one outfit; `unlit` is the same performance under the usual light."""
        wearer, original = self.wearers[target], self._original
        expression, yaw_error = _followed(self._reference, wearer.seen.features)
        ceiling, yaw_ceiling = _followed(self._reference, self._best)
        return Figures(
            clip=self._clip.name,
            target=target,
            frames=self._frames,
            covered=wearer.live / max(self._frames, 1),
            lost=wearer.lost,
            expression=expression,
            ceiling=ceiling,
            yaw_error=yaw_error,
            yaw_ceiling=yaw_ceiling,
            flicker_ratio=share(wearer.seen.restlessness, original.restlessness),
            sharpness_ratio=share(wearer.seen.sharpness, original.sharpness),
            blotch_ratio=share(wearer.seen.blotches, original.blotches),
            seam=wearer.seam,
            background_changed=wearer.background_changed,
            ms_p50=wearer.ms_p50,
            landmark_error=wearer.landmark_error,
            cover=wearer.cover.cover,
            spill=wearer.cover.spill,
            glasses_kept=wearer.cover.left_free("glasses"),
            fringe_kept=wearer.cover.left_free("fringe"),
            beard_kept=wearer.cover.left_free("beard"),
            light_error=None if unlit is None else self._light_error(target, unlit),
        )

    def _light_error(self, target: str, unlit: _ClipRun) -> float | None:
        swapped = zip(self.wearers[target].light, unlit.wearers[target].light, strict=True)
        live = zip(self._light, unlit._light, strict=True)
        errors = [np.abs((lit - plain) - (live_lit - live_plain)).mean()
                  for (lit, plain), (live_lit, live_plain) in zip(swapped, live, strict=True)]  # fmt: skip
        return float(np.mean(errors)) if errors else None


def _followed(reference: Features, seen: Features) -> tuple[dict[str, float | None], float | None]:
    """How well each feature follows its reference in the frames that have both, and the mean error of yaw."""
    turns = sorted(reference.keys() & seen.keys())
    if not turns:
        return dict.fromkeys(FEATURES), None
    true, found = (np.array([table[turn] for turn in turns]) for table in (reference, seen))
    correlations = {name: kept(true[:, place], found[:, place]) for place, name in enumerate(FEATURES)}
    yaw = FEATURES.index("yaw")
    return correlations, float(np.abs(true[:, yaw] - found[:, yaw]).mean())
