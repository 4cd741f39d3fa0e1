"""Room: tests. Cameras that freeze, are busy, forbidden, damaged or paused: said calmly, back by themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from mirror_app.capture.knobs import Knob
from mirror_app.gui.camera.inputs import DEMO_ID, Pause
from mirror_app.gui.camera.watch import WAITS_S
from tests.gui.camera_stage import CameraStage, FakeCamera
from tests.gui.fakes import frame


def break_it(fault: str) -> Callable[[FakeCamera], None]:
    return lambda camera: setattr(camera, f"is_{fault}", True)


@pytest.fixture
def stage(qtbot: QtBot) -> CameraStage:
    """Front and Back; Front runs and gives pictures."""
    stage = CameraStage("Front", "Back")
    stage.inputs.start("")
    stage.wait(1)
    assert stage.delivers("Front")
    return stage


@pytest.mark.parametrize(
    ("fault", "sentence", "after_s"),
    [("frozen", "Front gives no more pictures", 2.5), ("damaged", "Front sends damaged pictures", 3.5)],
)
def test_a_camera_that_goes_wrong_unsaid_is_said_and_comes_back_by_itself(
    stage: CameraStage, fault: str, sentence: str, after_s: float
) -> None:
    camera = stage.cameras["Front"]
    break_it(fault)(camera)
    stage.wait(after_s)
    assert sentence in stage.said[-1]
    assert stage.inputs.running_id == ""
    camera.heal()
    stage.wait(WAITS_S[0] + 0.5)
    assert stage.delivers("Front")
    assert not stage.cameras["Back"].opened_modes


def test_a_short_hiccup_disturbs_nobody(stage: CameraStage) -> None:
    camera = stage.cameras["Front"]
    for fault in ("frozen", "damaged"):
        break_it(fault)(camera)
        stage.wait(1.5)
        camera.heal()
        stage.wait(1)
    assert stage.said == []
    assert len(stage.shelf.made) == 1


def test_a_camera_that_never_gives_a_first_picture_gets_time_to_open(qtbot: QtBot) -> None:
    stage = CameraStage("Front")
    stage.cameras["Front"].is_frozen = True
    stage.inputs.start("")
    stage.wait(7.5)
    assert stage.said == []
    stage.wait(1)
    assert "Front gives no picture" in stage.said[-1]


def test_a_busy_camera_is_tried_ever_more_rarely_said_once_and_back_when_it_is_free(qtbot: QtBot) -> None:
    stage = CameraStage("Front", "Back")
    camera = stage.cameras["Front"]
    camera.is_busy = True
    stage.inputs.start("")
    stage.settle()
    tries = len(camera.opened_modes)
    gaps: list[float] = []
    begun_s = stage.now_s
    while len(gaps) < 5:
        stage.wait(0.25)
        if len(camera.opened_modes) > tries:
            tries = len(camera.opened_modes)
            gaps.append(stage.now_s - begun_s)
            begun_s = stage.now_s
    assert gaps == [1, 2, 4, 8, 8]
    assert stage.said == ["Front is busy."]
    assert stage.starts == 1, "a try is no start: the sentence stays in the preview"
    camera.heal()
    stage.wait(8.5)
    assert stage.delivers("Front")
    assert stage.starts == 2


def test_after_a_good_while_the_waits_are_short_again(stage: CameraStage) -> None:
    camera = stage.cameras["Front"]
    for _ in range(3):
        camera.is_frozen = True
        stage.wait(40)
        camera.heal()
        stage.wait(9)
        assert stage.delivers("Front")
        stage.wait(6)
    camera.is_frozen = True
    stage.wait(2.5)
    camera.heal()
    stage.wait(1.5)
    assert stage.delivers("Front")


def test_a_pick_tries_at_once(stage: CameraStage) -> None:
    camera = stage.cameras["Front"]
    camera.is_frozen = True
    stage.wait(30)
    camera.heal()
    stage.inputs.choose("id-Front")
    assert stage.delivers("Front")


def test_a_camera_that_is_not_allowed_is_asked_for_again_when_the_user_returns_and_not_before(qtbot: QtBot) -> None:
    stage = CameraStage("Front")
    camera = stage.cameras["Front"]
    camera.is_forbidden = True
    stage.inputs.start("")
    stage.wait(60)
    assert stage.said == ["Front is not allowed."]
    assert len(stage.shelf.made) == 1
    stage.inputs.user_returned()
    stage.wait(1)
    assert stage.said == ["Front is not allowed."]
    assert len(stage.shelf.made) == 2
    camera.heal()
    stage.inputs.user_returned()
    stage.wait(1)
    assert stage.delivers("Front")
    stage.inputs.user_returned()
    assert len(stage.shelf.made) == 3, "a camera that runs is left alone"


def test_while_the_system_asks_the_user_nothing_is_wrong(stage: CameraStage) -> None:
    stage.shelf.made[-1].is_asking = True
    stage.wait(60)
    assert stage.said == []
    stage.shelf.made[-1].is_asking = False
    assert stage.delivers("Front")


def test_a_window_that_stood_still_does_not_blame_the_camera(stage: CameraStage) -> None:
    stage.now_s += 600
    stage.inputs.look_after()
    assert stage.said == []
    stage.wait(1)
    assert stage.delivers("Front")


def test_an_unplugged_camera_comes_back_from_the_demo_that_stood_in(qtbot: QtBot) -> None:
    stage = CameraStage("Front")
    stage.inputs.start("")
    stage.wait(1)
    stage.shelf.plug(stage.cameras["Front"], in_=False)
    stage.wait(1)
    assert stage.delivers("Demo")
    stage.shelf.plug(stage.cameras["Front"])
    stage.wait(1)
    assert stage.delivers("Front")


def test_a_camera_that_comes_back_under_another_number_is_known_by_its_name(stage: CameraStage) -> None:
    front = stage.cameras["Front"]
    stage.shelf.plug(front, in_=False)
    stage.wait(1)
    assert stage.inputs.running_id == ""
    returned = FakeCamera("Front")
    returned.__class__ = type("Renumbered", (FakeCamera,), {"camera_id": property(lambda self: "id-7")})
    stage.shelf.all[0] = returned
    stage.shelf.changed.emit()
    stage.wait(1)
    assert stage.inputs.running_id == "id-7"


def test_a_demo_that_cannot_be_made_is_said_and_tried_again_later(qtbot: QtBot) -> None:
    stage = CameraStage()
    stage.demo.is_busy = True
    stage.inputs.start("")
    stage.wait(1)
    assert stage.said == ["Demo is busy."]
    stage.demo.heal()
    stage.wait(4)
    assert stage.delivers("Demo")


def test_a_camera_that_vanishes_between_list_and_opening_is_tried_again(qtbot: QtBot) -> None:
    stage = CameraStage("Front", "Back")
    stage.cameras["Front"].vanishes = True
    stage.inputs.start("id-Front")
    assert "not plugged in" in stage.said[-1]
    stage.cameras["Front"].heal()
    stage.wait(2)
    assert stage.delivers("Front")


def test_a_pause_gives_the_camera_back_until_every_reason_is_gone(stage: CameraStage) -> None:
    stage.inputs.pause()
    stage.inputs.pause()
    stage.inputs.pause(Pause.HIDDEN)
    assert stage.open_providers == []
    assert stage.inputs.running_id == ""
    assert "paused" in stage.said[-1]
    stage.wait(60)
    assert stage.open_providers == []
    stage.inputs.resume()
    assert stage.open_providers == []
    stage.inputs.resume(Pause.HIDDEN)
    assert stage.delivers("Front")
    stage.inputs.resume()
    assert len(stage.shelf.made) == 2


def test_a_camera_picked_during_a_pause_runs_after_it(stage: CameraStage) -> None:
    stage.inputs.pause()
    stage.inputs.choose("id-Back")
    for name in ("Front", "Back"):
        stage.shelf.plug(stage.cameras[name], in_=False)
    stage.shelf.plug(stage.cameras["Back"])
    stage.wait(2)
    assert stage.open_providers == []
    assert len(stage.said) == 1, "what is plugged in and out during a pause is nobody's concern"
    stage.inputs.resume()
    assert stage.delivers("Back")


def test_a_pause_before_the_start_keeps_the_camera_closed(qtbot: QtBot) -> None:
    stage = CameraStage("Front")
    stage.inputs.pause(Pause.HIDDEN)
    stage.inputs.start("")
    assert stage.shelf.made == []
    stage.inputs.resume(Pause.HIDDEN)
    assert stage.delivers("Front")


def test_a_stop_is_final(stage: CameraStage) -> None:
    stage.cameras["Front"].is_frozen = True
    stage.wait(3)
    stage.inputs.stop()
    stage.inputs.resume()
    stage.cameras["Front"].heal()
    stage.shelf.plug(stage.cameras["Back"], in_=False)
    stage.wait(60)
    assert stage.open_providers == []


def test_a_stopped_provider_delivers_nothing_even_if_it_goes_on(stage: CameraStage) -> None:
    late = stage.shelf.made[0].late
    assert late is not None
    stage.inputs.choose("id-Back")
    before = stage.frames
    late(frame(99))
    assert stage.frames == before


def test_a_size_and_rate_is_used_at_once_and_again_at_every_opening(stage: CameraStage) -> None:
    stage.inputs.choose_mode("640x480@60")
    assert stage.inputs.camera_modes == {"id-Front": "640x480@60"}
    stage.inputs.choose("id-Back")
    stage.inputs.choose("id-Front")
    stage.inputs.choose_mode("")
    assert stage.cameras["Front"].opened_modes == ["", "640x480@60", "640x480@60", ""]
    assert stage.cameras["Back"].opened_modes == [""]
    assert stage.inputs.camera_modes == {}
    assert stage.delivers("Front")


def test_a_remembered_size_and_rate_is_used_from_the_start(qtbot: QtBot) -> None:
    stage = CameraStage("Front", camera_modes={"id-Front": "640x480@60"})
    stage.inputs.start("")
    assert stage.cameras["Front"].opened_modes == ["640x480@60"]


def test_a_size_that_does_not_work_can_be_changed_while_the_camera_is_off(stage: CameraStage) -> None:
    stage.cameras["Front"].is_frozen = True
    stage.wait(3)
    stage.cameras["Front"].heal()
    stage.inputs.choose_mode("640x480@60")
    assert stage.cameras["Front"].opened_modes[-1] == "640x480@60"
    assert stage.delivers("Front")


def test_a_size_that_never_gives_a_picture_is_given_up_with_a_word(qtbot: QtBot) -> None:
    stage = CameraStage("Front", camera_modes={"id-Front": "640x480@60"})
    camera = stage.cameras["Front"]
    camera.is_frozen = True
    stage.inputs.start("")
    stage.wait(8.5)
    assert stage.inputs.camera_modes == {"id-Front": "640x480@60"}, "the first time it may be anything"
    stage.wait(9.5)
    assert any("does not run with the size and rate chosen" in sentence for sentence in stage.said)
    camera.heal()
    stage.wait(3)
    assert camera.opened_modes == ["640x480@60", "640x480@60", ""]
    assert stage.delivers("Front")


def test_what_was_turned_stays_turned_when_the_camera_comes_back(stage: CameraStage) -> None:
    stage.inputs.turn(Knob.ZOOM, 2.0)
    stage.cameras["Front"].is_frozen = True
    stage.wait(3)
    assert stage.inputs.knobs == {}
    stage.cameras["Front"].heal()
    stage.wait(2)
    assert stage.shelf.made[-1] is not stage.shelf.made[0]
    assert stage.inputs.knobs[Knob.ZOOM].value == 2.0
    stage.inputs.choose("id-Back")
    stage.wait(1)
    assert stage.inputs.knobs[Knob.ZOOM].value == 1, "another camera has its own"


def test_the_demo_has_no_sizes_and_is_not_remembered(stage: CameraStage) -> None:
    stage.inputs.choose(DEMO_ID)
    stage.inputs.choose_mode("640x480@60")
    assert stage.inputs.modes == ()
    assert stage.inputs.camera_modes == {}
