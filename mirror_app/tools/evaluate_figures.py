"""Room: tools. The figures of one clip worn with one target, and what each of them means. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """How good one pair of clip and target looks. None = not known, or nothing to measure.

    "Truth" is the demo camera's own mesh and masks; for videos the original picture takes its place. Meshes are found
    anew, frame by frame and without smoothing, on the original and on what leaves the mirror.

    Attributes:
        clip: Name of the clip.
        target: Name of the target.
        frames: Frames run.
        covered: Share of frames that left the mirror live, every face in them covered.
        lost: Frames in which a face is found on the original and none on what left the mirror.
        expression: For each feature (`evaluate_measures.FEATURES`) its correlation over time with the truth, as found
            on what left; None = the feature hardly moves.
        ceiling: The same, as found on the original picture (for videos: on the original compressed as JPEG at quality
            80); no swap can be expected to do better.
        yaw_error: Mean difference of yaw to the truth, in the unit of `evaluate_measures.features`.
        yaw_ceiling: The same for what the ceiling was found on.
        flicker_ratio: Mean `restlessness` of the stabilised face over that of the original; 1 = as still.
        sharpness_ratio: Mean `sharpness` over that of the original; 1 = as sharp.
        blotch_ratio: Mean `blotches` over that of the original.
        seam: Mean `seam`; 0 = the outline is no steeper than before.
        background_changed: Mean `background_changed`; should be 0.
        ms_p50: Median milliseconds of one frame through the whole mirror.
        landmark_error: Mean `landmark_error` of the mirror's own live mesh, as share of the eyes' distance.
        cover: Share of the face's true bare skin that the patches cover, weighed by alpha.
        spill: Share of the patches' alpha that lies outside the true face: on hat, hair, ears and neck.
        glasses_kept: Share of the true glasses that patches leave free, weighed by alpha.
        fringe_kept: The same for hair over the forehead.
        beard_kept: The same for a beard: near 1 it stays, near 0 it is covered; in between it is patchy.
        light_error: Mean of |log gain of the swapped skin - log gain of the live skin| between this lamp and the usual
            light, over both sides of the face, three channels and time; 0.1 = ten per cent off.
    """

    clip: str
    target: str
    frames: int
    covered: float
    lost: int
    expression: Mapping[str, float | None]
    ceiling: Mapping[str, float | None]
    yaw_error: float | None
    yaw_ceiling: float | None
    flicker_ratio: float | None
    sharpness_ratio: float | None
    blotch_ratio: float | None
    seam: float | None
    background_changed: float | None
    ms_p50: float | None
    landmark_error: float | None = None
    cover: float | None = None
    spill: float | None = None
    glasses_kept: float | None = None
    fringe_kept: float | None = None
    beard_kept: float | None = None
    light_error: float | None = None

    @property
    def least_kept(self) -> float | None:
        """The lowest correlation of a moving feature."""
        return min((value for value in self.expression.values() if value is not None), default=None)

    @property
    def expression_gap(self) -> float | None:
        """How far the worst moving feature stays below its ceiling; at least 0."""
        gaps = [(self.ceiling.get(name) or 0.0) - value for name, value in self.expression.items() if value is not None]
        return max(*gaps, 0.0) if gaps else None
