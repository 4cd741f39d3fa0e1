"""Room: pipeline. A file through the mirror: every frame kept, in order, at its own time. Knows no terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.video_file import VideoFile, open_media
from mirror_app.deliver.provenance import still_xmp
from mirror_app.deliver.video_writer import VIDEO_ENDINGS, VideoWriter, open_video_writer
from mirror_app.domain.errors import NotSafeError, OutputError
from mirror_app.domain.frame import Frame
from mirror_app.domain.sentence import Sentence, either, joined
from mirror_app.imaging.files import PICTURE_ENDINGS, is_picture, read_image, write_image
from mirror_app.pipeline.result import MirrorResult, MirrorState, Unsafe


class Mirror(Protocol):
    """What of `MirrorPipeline` is used here."""

    def process(self, frame: Frame, /) -> MirrorResult:
        """Turn one frame into a result; never raises for a bad frame."""

    def reset(self) -> None:
        """Forget the frames before."""


_CROWD: Final = 10
"""In a picture tiled of 24 faces of 100 px five were missed, of 96 faces of 60 px forty."""


@dataclass(frozen=True, slots=True)
class OfflineReport:
    """What became of a file.

    Attributes:
        frames: Frames written.
        swapped: Frames in which every face found wears the target.
        empty: Frames kept as they are because full detection found nobody in them.
        held: Frames replaced by the last good one.
        shielded: Frames replaced by a card.
        complete: False when the run was stopped before the end.
        damage: A sentence about what of the input could not be decoded, else "".
        trouble: The first sentence with which the mirror failed on a frame, else "".
        most_faces: How many faces were found in the frame in which most were.
    """

    frames: int
    swapped: int
    empty: int
    held: int
    shielded: int
    complete: bool
    damage: str
    trouble: str
    most_faces: int = 0

    @property
    def crowd(self) -> str:
        """A sentence about a crowd, in which faces are too small or too close together to be found all; else ""."""
        if self.most_faces < _CROWD:
            return ""
        return Sentence(
            "It shows {count} faces or more at a time. In such a crowd some may be missed and stay as they are: look at"
            " the result before you pass it on.",
            count=self.most_faces,
        )


class _Tally:
    """Counts the frames by what became of them."""

    def __init__(self) -> None:
        self._fates: Counter[str] = Counter()
        self._trouble = ""
        self._most_faces = 0

    def add(self, result: MirrorResult) -> None:
        """Count one frame."""
        self._trouble = self._trouble or result.message
        self._most_faces = max(self._most_faces, len(result.faces))
        if result.state is not MirrorState.LIVE:
            self._fates[result.state.value] += 1
        else:
            self._fates["empty" if result.unsafe is Unsafe.NO_FACE else "swapped"] += 1

    def report(self, *, complete: bool, damage: str = "") -> OfflineReport:
        """Sum up."""
        return OfflineReport(
            frames=self._fates.total(),
            swapped=self._fates["swapped"],
            empty=self._fates["empty"],
            held=self._fates[MirrorState.HOLD.value],
            shielded=self._fates[MirrorState.SHIELD.value],
            complete=complete,
            damage=damage,
            trouble=self._trouble,
            most_faces=self._most_faces,
        )


LOOKS_TO_KNOW: Final = 6
"""So often the first picture is shown to a mirror that is to recognise people: it believes no single look."""
_LOOK_NS: Final = 33_000_000


def never_stop() -> bool:
    """The `stop` of a run that goes on to the end."""
    return False


def check_paths(source: Path, output: Path) -> None:
    """Find out, before any work is spent, whether `source` can become `output`.

    Raises:
        InputError: The input cannot be read.
        OutputError: The output is the input, is no ordinary file, has no folder, or its ending does not fit the input.
    """
    picture = is_picture(source)
    endings = PICTURE_ENDINGS if picture else VIDEO_ENDINGS
    if output.suffix.lower() not in endings:
        raise _wrong_ending(source, output, endings, is_picture=picture)
    if not output.parent.is_dir():
        raise OutputError("{output} was not written: its folder does not exist. Make the folder first.", output=output)
    if output.exists():
        if output.samefile(source):
            raise OutputError("{output} was not written: it is the input itself. Choose another name.", output=output)
        if not output.is_file():
            raise OutputError(
                "{output} was not written: something that is not an ordinary file has this name.", output=output
            )


def render_file(
    mirror: Mirror,
    source: Path,
    output: Path,
    *,
    progress: Callable[[int, int | None], None],
    stop: Callable[[], bool] = never_stop,
    knows_people: bool = False,
) -> OfflineReport:
    """Send a picture or a video through the mirror and write what may leave.

    Args:
        mirror: Opened with `thorough=True`, its controls set.
        source: A picture or a video; it is never changed.
        output: Ends in .mp4 for a video, in .png, .jpg or .jpeg for a picture.
        progress: Called after every frame with the frames done and, where it is known, their number.
        stop: Asked before the first and after every frame; at True, what is done is finished into a playable file, or
            no file is written when nothing is done yet.
        knows_people: The mirror recognises people: it gets time for those who are there from the start.

    Raises:
        InputError: The input cannot be read.
        NotSafeError: A picture may not leave: a face in it could not be covered.
        OutputError: The output cannot be written; nothing is left behind.
    """
    check_paths(source, output)
    mirror.reset()
    known = _PeopleFirst(mirror) if knows_people else mirror
    if is_picture(source):
        return _render_picture(known, source, output)
    return _render_video(known, source, output, progress, stop)


class _PeopleFirst:
    """A `Mirror` that shows another one the first frame several times before it counts."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self._looks = LOOKS_TO_KNOW

    def process(self, frame: Frame, /) -> MirrorResult:
        """Turn one frame into a result; frames with numbers below zero are looks that do not count."""
        while self._looks > 0:
            before = replace(frame, index=-self._looks, captured_ns=frame.captured_ns - self._looks * _LOOK_NS)
            self._mirror.process(before)
            self._looks -= 1
        return self._mirror.process(frame)

    def reset(self) -> None:
        """Forget the frames before."""
        self._mirror.reset()


def _render_picture(mirror: Mirror, source: Path, output: Path) -> OfflineReport:
    result = mirror.process(_frame(read_image(source), 0, 0))
    if result.state is not MirrorState.LIVE:
        why = result.message or Sentence("A face in it could not be covered.")
        raise NotSafeError("{output} was not written. {why}", output=output, why=why)
    write_image(output, result.safe.image_bgr, still_xmp())
    tally = _Tally()
    tally.add(result)
    return tally.report(complete=True)


def _render_video(
    mirror: Mirror,
    source: Path,
    output: Path,
    progress: Callable[[int, int | None], None],
    stop: Callable[[], bool],
) -> OfflineReport:
    tally = _Tally()
    if stop():
        return tally.report(complete=False)
    with ExitStack() as stack:
        video = stack.enter_context(VideoFile(source))
        sound = stack.enter_context(open_media(source))
        writer = stack.enter_context(open_video_writer(output, video.traits, sound))
        complete = _run(mirror, video, writer, tally, progress, stop)
        damage = joined((video.damage() if complete else "", writer.damage()))
        return tally.report(complete=complete, damage=damage)


def _run(
    mirror: Mirror,
    video: VideoFile,
    writer: VideoWriter,
    tally: _Tally,
    progress: Callable[[int, int | None], None],
    stop: Callable[[], bool],
) -> bool:
    """Frame by frame; the mirror lives in the file's time, so that holding and smoothing work as they do live.

    Returns:
        Whether the end was reached.
    """
    expected = video.expected_pictures
    tick_ns = video.traits.time_base * 1_000_000_000
    for index, picture in enumerate(video.pictures()):
        result = mirror.process(_frame(picture.image_bgr, index, round(picture.pts * tick_ns)))
        writer.write(result.safe, picture.pts, picture.duration)
        tally.add(result)
        progress(index + 1, expected)
        if stop():
            writer.cut_sound()
            return False
    return True


def _frame(image_bgr: NDArray[np.uint8], index: int, shown_ns: int) -> Frame:
    return Frame(image_bgr=image_bgr, index=index, captured_ns=shown_ns)


def _wrong_ending(source: Path, output: Path, endings: tuple[str, ...], *, is_picture: bool) -> OutputError:
    values = {"output": output, "source": source, "endings": either(endings)}
    if is_picture:
        return OutputError(
            "{output} was not written: {source} is a picture, so the name must end in {endings}.", **values
        )
    return OutputError("{output} was not written: {source} is a video, so the name must end in {endings}.", **values)
