"""Room: tests. The fault run: a mirror with real tracker, guard and outlets whose every stage fails at random.

The camera paints a pattern on bare skin; every picture at every output is searched for it. Time is made up.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final
from unittest.mock import patch

import numpy as np

from mirror_app.domain.assignment import Empty, Joining, Others
from mirror_app.domain.cast import Cast, Wearers, with_target
from mirror_app.domain.frame import SafeFrame, Size
from mirror_app.faces.track import FaceTracker
from mirror_app.pipeline.enrol import target_from_texture
from mirror_app.pipeline.guard import GOOD_FRAMES, SURELY_EMPTY_FRAMES
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.pipeline.outlets import Outlets
from mirror_app.pipeline.programme import Programme
from mirror_app.pipeline.result import MirrorControls, MirrorResult, MirrorState, Unsafe
from mirror_app.render.cpu import CpuRenderer
from tests.pipeline.bare_skin import FOUND, strength
from tests.pipeline.fault_screen import Screen, Tally
from tests.pipeline.fault_stage import ERRORS, SIZES, Camera, Eyes, Net, Painter, Person, Scene

TARGET: Final = target_from_texture(
    "noise", np.random.default_rng(2).integers(60, 255, (64, 64, 4), dtype=np.uint8), 1.0
)
FRAME_NS: Final = 33_333_333
MS: Final = 1_000_000
LONGEST_RETURN: Final = GOOD_FRAMES + 5
"""Frames that a mirror may need after a fault until it is live again."""
OUTPUT_SIZES: Final[tuple[Size, ...]] = (SIZES[0], (192, 108), (80, 60))
# A newcomer whom nobody asked to be blurred is noticed within two looks of the tracker; so long he wears no pattern.
_UNNOTICED: Final = 9
_STAGES: Final = ("camera", "detector", "mesh", "swap", "label", "resize")
BROKEN: Final = (
    *(f"{stage} {kind}" for stage in _STAGES if stage != "detector" for kind in ERRORS),
    *(f"swap {way}" for way in ("invalid", "black", "flat", "live", "empty", "half", "elsewhere")),
    "swap alpha nan", "swap alpha none", "camera decode", "camera black", "camera garbage", "mesh nan",
    "swap off", "no target", "panic",
)  # fmt: skip
"""With these no frame may be live, from the first one on."""
OTHERS: Final = (
    *(f"detector {kind}" for kind in ERRORS),
    "camera lost", "camera repeats", "camera size", "detector blind", "detector ghost", "detector nan", "mesh astray",
    "mesh low, blind", "slow", "output raises", "output comes", "output goes", "label off", "stranger shield",
    "stranger blur", "stranger, mesh low", "stranger wears", "stranger, all blur", "chosen", "chosen blur", "nobody",
    "nobody passes", "worker dead", "clock back", "late clock", "cut", "mesh low",
)  # fmt: skip
_WITH_STRANGER: Final = (
    "stranger shield", "stranger blur", "stranger wears", "stranger, all blur", "chosen", "chosen blur",
)  # fmt: skip
_BLURRED: Final = ("stranger blur", "stranger, all blur", "chosen blur")


class FaultRun:
    """One mirror, its camera and its outputs, over made-up time."""

    def __init__(self, seed: int, *, with_faults: bool = True) -> None:
        self._seed = seed
        self.random = np.random.default_rng(seed)
        self.scene = Scene(self.random)
        self.now_ns = 10**12
        self.tally, self._with_faults = Tally(), with_faults
        self._next_tick_ns = self.now_ns
        self._seen: SafeFrame | None = None
        self._tracker = FaceTracker(Eyes(self.scene), Eyes(self.scene), Net(self.scene))
        painter = Painter(self.scene, self._in_mid_frame)
        self.mirror = MirrorPipeline(self._tracker, CpuRenderer(painter), late_after_ns=10**9)
        self.controls = MirrorControls(target=TARGET, joining=Joining.ALPHA)
        self.outlets = Outlets()
        self.screens = [self._screen(size) for size in OUTPUT_SIZES]
        for number, screen in enumerate(self.screens):
            self.outlets.add(screen, on_air=number > 0)
        self.outlets.go_live()
        self._index, self._left, self._since, self._age = -1, 0, 0, 0
        self._image = self.scene.picture()
        self._waited, self._last_faults = 0, set[str]()
        self._lost_ns: int | None = None
        self._panic_ns: int | None = None
        self._result_ns = 0

    def _screen(self, size: Size) -> Screen:
        return Screen(size, self.outlets.card(size), lambda: self.now_ns, self._look)

    # Time and what is shown

    def pass_time(self, step_ns: int) -> None:
        """Let the outputs' clocks run."""
        end_ns = self.now_ns + step_ns
        while self._next_tick_ns <= end_ns:
            self.now_ns = max(self._next_tick_ns, self.now_ns)
            self._next_tick_ns += FRAME_NS
            for screen in self.screens:
                self._look(screen.current.now())
            self._time_cards()
        self.now_ns = end_ns

    def _time_cards(self) -> None:
        tally = self.tally
        if self._panic_ns is not None:
            tally.panic_ms = max(tally.panic_ms, (self.now_ns - self._panic_ns) / MS)
        if self._lost_ns is not None:
            tally.card_ms = max(tally.card_ms, (self.now_ns - self._lost_ns) / MS)
        if self._all_cards():
            self._panic_ns = self._lost_ns = None

    def _all_cards(self) -> bool:
        """Whether all outputs that are fed show it."""
        fed = self.screens[:2] if self.scene.has("output raises") or self.scene.has("output goes") else self.screens
        return all(screen.shows_card for screen in fed)

    def _look(self, frame: SafeFrame) -> None:
        """Search a picture for skin."""
        if frame is self._seen:
            return
        self._seen = frame
        self.tally.pictures += 1
        height, width = frame.image_bgr.shape[:2]
        scales = {min(width / wide, height / high) for wide, high in SIZES}
        if max(strength(frame.image_bgr, scale) for scale in scales) > FOUND:
            self.tally.unsafe[", ".join(sorted(self.scene.faults)) or "no fault"] += 1

    # Faults

    def _plan(self) -> None:
        """Begin a fault, or end it."""
        scene = self.scene
        self._left -= 1
        if self._left == 0:
            self._end()
        if not self._with_faults or self._left > 0 or self._since < 4 or self.random.random() > 0.15:
            return
        names = (*BROKEN, *OTHERS)
        scene.faults = {names[int(self.random.integers(len(names)))]}
        if self.random.random() < 0.2:
            scene.faults.add(names[int(self.random.integers(len(names)))])
        self._left, self._age, self._waited = int(self.random.choice([1, 2, 3, 8, 15, 40])), 0, 0
        self.tally.injected.update(scene.faults)
        self._begin()

    def _begin(self) -> None:
        scene, has = self.scene, self.scene.has
        if has("stranger, mesh low"):
            scene.faults |= {"mesh low", "stranger shield"}
        if has("mesh low, blind"):
            scene.faults |= {"mesh low", "detector blind"}
        # Whom no detector can see at all nobody can hide.
        if scene.faults.intersection(_WITH_STRANGER) and not has("detector blind"):
            scene.stranger = Person(92, 40)
        others = Others.BLUR if scene.faults.intersection(_BLURRED) and not has("stranger shield") else Others.SHIELD
        is_chosen, is_all = has("chosen") or has("chosen blur"), has("stranger wears") or has("stranger, all blur")
        cast = with_target(Cast(), 1, TARGET) if is_chosen else Cast(Wearers.ALL if is_all else Wearers.ONE)
        scene.skin_of_stranger = others is Others.BLUR
        scene.user_is_there = not (has("nobody") or has("nobody passes"))
        if has("camera size"):
            scene.size_wh = SIZES[1 - SIZES.index(scene.size_wh)]
        if has("output raises"):
            self.screens[2].error = OSError("gone")
        if has("output goes"):
            self.outlets.remove(self.screens[2])
        if has("cut"):
            self.outlets.cut()
        self.controls = replace(
            self.controls, others=others, cast=cast, empty=Empty.PASS if has("nobody passes") else Empty.SHIELD,
            label_on=not has("label off"), swap_on=not has("swap off"), target=None if has("no target") else TARGET,
        )  # fmt: skip

    def _end(self) -> None:
        self._last_faults, self.scene.faults = self.scene.faults, set()
        self.scene.stranger, self.scene.user_is_there = None, True
        # Whoever turns an output back on opens it anew.
        self.outlets.remove(self.screens[2])
        self.screens[2] = self._screen(OUTPUT_SIZES[2])
        self.outlets.add(self.screens[2])
        self.outlets.go_live()
        self.outlets.cover(False)
        self.controls = MirrorControls(target=TARGET, joining=Joining.ALPHA)
        self._since = -1

    def _in_mid_frame(self) -> None:
        """What happens while a frame is in work, some of it in other threads."""
        self.pass_time(8 * MS)
        if self.scene.has("slow"):
            self._lost_ns = self._lost_ns or self.now_ns
            self.pass_time(int(self.random.integers(100, 1500)) * MS)
        if self.scene.has("panic") and not self.controls.shield:
            thread = threading.Thread(target=self._panic)
            thread.start()
            thread.join()
        if self.scene.has("output comes") and self._age == 1:
            self.outlets.add(self._screen((100, 100)), on_air=False)
            self.outlets.remove(self.screens[1])
            self.outlets.add(self.screens[1])

    def _panic(self) -> None:
        self._panic_ns = self.now_ns
        self.outlets.cover(True)
        self.controls = self.mirror.controls = replace(self.controls, shield=True)

    # Turns

    def run(self, frames: int) -> Tally:
        """So many camera frames."""
        with self._failing_rooms():
            for _ in range(frames):
                self._turn()
        return self.tally

    @contextmanager
    def _failing_rooms(self) -> Iterator[None]:
        draw = Programme.draw

        def drawn(programme: Programme, *given: object, **named: object) -> object:
            self.scene.fail("label")
            self.scene.fail("resize")
            return draw(programme, *given, **named)  # type: ignore[arg-type]

        clock = "mirror_app.pipeline.mirror.time.monotonic_ns"
        with patch.object(Programme, "draw", drawn), patch(clock, lambda: self.now_ns):
            yield

    def _turn(self) -> None:
        self._plan()
        self._age += 1
        self._since += 1
        self._index += 1
        scene = self.scene
        if not scene.has("camera repeats"):
            scene.walk()
        if scene.stranger is not None and self._age > _UNNOTICED:
            scene.skin_of_stranger = True
        begun_ns = self.now_ns
        if not (scene.has("camera lost") or scene.has("worker dead")):
            self._one_frame(begun_ns)
        elif self._lost_ns is None:
            self._lost_ns = begun_ns
        self.pass_time(max(FRAME_NS - (self.now_ns - begun_ns), 0))

    def _one_frame(self, captured_ns: int) -> None:
        scene, begun_ns = self.scene, captured_ns
        if not scene.has("camera repeats"):
            self._image = scene.picture()
        if scene.has("clock back"):
            captured_ns -= int(self.random.integers(0, 5000)) * MS
        if scene.has("late clock"):
            captured_ns += int(self.random.integers(0, 5000)) * MS
        self.mirror.controls = self.controls
        self.mirror.sizes = self.outlets.sizes
        result = self.mirror.process(Camera(scene, self._index, captured_ns, self._image.copy()))
        for frame in result.leaving.values():
            self._look(frame)
        self.outlets.send(result)
        self._judge(result, begun_ns)
        self.mirror.use_spare_time()

    def _judge(self, result: MirrorResult, begun_ns: int) -> None:
        tally, is_live = self.tally, result.state is MirrorState.LIVE
        tally.frames += 1
        tally.live += is_live
        hit = self.scene.faults.intersection(BROKEN)
        if is_live and hit and not self._may_pass(result):
            tally.not_held[", ".join(sorted(hit))] += 1
        if is_live:
            self._lost_ns = None
        elif self._lost_ns is None and not self._all_cards():
            self._lost_ns = begun_ns
        # Whoever was followed and is missed beside others is waited for, longer than for any fault.
        if self._tracker.misses_one:
            self._waited = 0
        if self.scene.faults or self._since < 0 or self._tracker.misses_one:
            return
        if is_live:
            tally.longest_return = max(tally.longest_return, self._waited)
            if self._waited > LONGEST_RETURN:
                tally.slow_returns[f"{', '.join(sorted(self._last_faults))} (seed {self._seed}, {self._index})"] += 1
            self._waited = 0
        else:
            self._waited += 1

    def _may_pass(self, result: MirrorResult) -> bool:
        """An empty picture that leaves on request, after a search that found nobody; or all are in pixels."""
        if self.controls.cast.wearers is Wearers.CHOSEN:
            return True
        is_sure = self._age >= SURELY_EMPTY_FRAMES and self.controls.empty is Empty.PASS
        return is_sure and result.unsafe is Unsafe.NO_FACE
