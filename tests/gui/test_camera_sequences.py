"""Room: tests. A thousand random histories of two cameras: nothing breaks, and in the end the mirror has a picture."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mirror_app.gui.camera.inputs import DEMO_ID, Pause
from mirror_app.gui.camera.watch import OPENING_S, WAITS_S
from tests.gui.camera_stage import CameraStage, FakeCamera
from tests.gui.fakes import frame

NAMES = ("Front", "Back")
EVENTS: dict[str, Callable[[CameraStage, FakeCamera], None]] = {
    "plug": lambda stage, camera: stage.shelf.plug(camera),
    "unplug": lambda stage, camera: stage.shelf.plug(camera, in_=False),
    "unplug unnoticed": lambda stage, camera: setattr(camera, "is_plugged", False),
    "freeze": lambda stage, camera: setattr(camera, "is_frozen", True),
    "busy": lambda stage, camera: setattr(camera, "is_busy", True),
    "damage": lambda stage, camera: setattr(camera, "is_damaged", True),
    "forbid": lambda stage, camera: setattr(camera, "is_forbidden", True),
    "vanish": lambda stage, camera: setattr(camera, "vanishes", True),
    "heal": lambda stage, camera: camera.heal(),
    "error": lambda stage, camera: stage.break_open_providers(),
    "demo breaks": lambda stage, camera: setattr(stage.demo, "is_frozen", True),
    "pick": lambda stage, camera: stage.inputs.choose(camera.camera_id),
    "pick demo": lambda stage, camera: stage.inputs.choose(DEMO_ID),
    "pause": lambda stage, camera: stage.inputs.pause(),
    "resume": lambda stage, camera: stage.inputs.resume(),
    "hide": lambda stage, camera: stage.inputs.pause(Pause.HIDDEN),
    "show": lambda stage, camera: stage.inputs.resume(Pause.HIDDEN),
    "return": lambda stage, camera: stage.inputs.user_returned(),
    "other size": lambda stage, camera: stage.inputs.choose_mode("640x480@60"),
    "best size": lambda stage, camera: stage.inputs.choose_mode(""),
    "sleep": lambda stage, camera: setattr(stage, "now_s", stage.now_s + 600),
    "a moment": lambda stage, camera: stage.wait(0.25),
    "a while": lambda stage, camera: stage.wait(3),
}
ENOUGH_S = OPENING_S + 2 * WAITS_S[-1] + 2


def no_stopped_provider_delivers(stage: CameraStage) -> None:
    before = stage.frames
    for provider in stage.shelf.made:
        if not provider.is_open and provider.late is not None:
            provider.late(frame(99))
    assert stage.frames == before


@pytest.mark.usefixtures("qapp")
@settings(max_examples=1000, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    cameras=st.sampled_from([(), ("Front",), NAMES]),
    remembered=st.sampled_from(["", "id-Front", "id-Gone", DEMO_ID]),
    events=st.lists(st.tuples(st.sampled_from(sorted(EVENTS)), st.sampled_from(NAMES)), min_size=3, max_size=12),
)
def test_whatever_happens_to_the_cameras_the_mirror_recovers_without_a_restart(
    cameras: tuple[str, ...], remembered: str, events: list[tuple[str, str]]
) -> None:
    stage = CameraStage(*NAMES)
    for name in NAMES:
        stage.cameras[name].is_plugged = name in cameras
    stage.inputs.start(remembered)
    for event, name in events:
        EVENTS[event](stage, stage.cameras[name])
        stage.settle()
        assert len(stage.open_providers) <= 1
        assert not (stage.inputs.is_paused and stage.open_providers)
    no_stopped_provider_delivers(stage)
    for camera in (*stage.cameras.values(), stage.demo):
        camera.heal()
        camera.is_plugged = True
    stage.shelf.changed.emit()
    for why in Pause:
        stage.inputs.resume(why)
    stage.inputs.user_returned()
    waited_s = 0
    while not any(stage.delivers(name) for name in (*NAMES, "Demo")):
        assert waited_s < ENOUGH_S, (stage.inputs.current, stage.said)
        stage.wait(1)
        waited_s += 1
    assert len(stage.open_providers) == 1
    assert stage.inputs.running_id == (stage.inputs.chosen_id or stage.inputs.running_id)
    stage.inputs.stop()
    assert stage.open_providers == []
    no_stopped_provider_delivers(stage)
