"""Room: tests. People keep their numbers; whoever may be either of two, or nearly is one, gets none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mirror_app.faces.people import NEW, Identity, People
from mirror_app.faces.signature import ALIKE, UNLIKE, Signature, distance, read_signature
from tests.portrait import demo_frame

PLACES = 400


def looks(seed: int, noise: float = 0.0, noise_seed: int = 0) -> Signature:
    """Somebody, and a bad picture of her."""
    pattern = np.random.default_rng(seed).normal(0, 1, (PLACES, 3))
    pattern += np.random.default_rng([seed, noise_seed]).normal(0, 1, (PLACES, 3)) * noise
    return Signature(pattern.astype(np.float32), np.ones(PLACES, np.float32), np.zeros(3, np.float32))


def away(a: Signature, b: Signature) -> float:
    apart = distance(a, b)
    assert apart is not None
    return apart


def test_a_person_is_known_again_and_a_stranger_is_new() -> None:
    people = People()
    assert people.who(looks(1), ()) == NEW
    alice = people.welcome(looks(1))
    assert people.who(looks(1, 0.3), ()) == alice
    assert people.still_is(alice, looks(1, 0.3))
    assert people.who(looks(2), ()) == NEW
    assert not people.still_is(alice, looks(2))


def test_who_is_nearly_like_somebody_or_like_two_gets_no_number() -> None:
    people = People()
    people.welcome(looks(1))
    between = looks(1, 0.85, 1)
    assert ALIKE < away(looks(1), between) < UNLIKE
    assert people.who(between, ()) is None
    twins = People()
    first = twins.welcome(looks(1, 0.1, 1))
    second = twins.welcome(looks(1, 0.1, 2))
    assert twins.who(looks(1, 0.1, 3), ()) is None
    assert not twins.still_is(first, looks(1, 0.1, 3))
    assert twins.who(looks(1, 0.1, 3), {first}) == second


def test_whoever_looks_like_somebody_who_is_elsewhere_is_not_taken_for_the_next_best() -> None:
    people = People()
    alice = people.welcome(looks(1))
    people.welcome(looks(1, 0.6, 5))
    assert people.who(looks(1), {alice}) is None


def test_a_new_number_needs_looks_in_a_row_a_known_one_comes_back_with_one() -> None:
    people, identity = People(), Identity()
    for _ in range(5):
        identity.see(looks(1), people, ())
        assert identity.person is None
    identity.see(looks(1), people, ())
    number = identity.person
    assert number is not None
    identity.doubt()
    assert not identity.is_sure
    assert identity.see(looks(1, 0.3), people, ())
    assert identity.person == number
    other = Identity()
    other.see(looks(1), people, ())
    assert other.person == number


def test_half_a_face_may_look_less_like_its_person_if_it_looks_like_nobody_else() -> None:
    people = People()
    alice = people.welcome(looks(1))
    partly = looks(1, 0.82, 1)
    assert ALIKE < away(looks(1), partly) < 0.28
    assert people.who(partly, ()) is None
    assert people.who(partly, (), is_partial=True) == alice
    people.welcome(looks(1, 0.6, 2))
    assert people.who(partly, (), is_partial=True) is None


def test_a_followed_face_that_is_half_hidden_keeps_its_number_for_a_moment_only() -> None:
    people, identity = People(), Identity()
    for _ in range(6):
        identity.see(looks(1), people, ())
    seen = []
    for _ in range(4):
        identity.see(looks(2), people, (), is_partial=True)
        seen.append(identity.is_sure)
    assert seen == [True, True, True, False]
    identity.see(looks(1), people, ())
    assert identity.is_sure
    identity.see(looks(2), people, ())
    assert not identity.is_sure


def test_a_mesh_that_went_over_to_another_face_loses_its_number() -> None:
    people, identity = People(), Identity()
    for _ in range(6):
        identity.see(looks(1), people, ())
    bob = people.welcome(looks(2))
    identity.doubt()
    seen = [identity.see(looks(2), people, ()) for _ in range(2)]
    assert seen == [True, False]
    assert identity.person is None
    for _ in range(2):
        identity.see(looks(2), people, ())
    assert identity.person == bob


def test_nobody_new_is_made_of_a_face_that_does_not_stand_alone() -> None:
    people, identity = People(), Identity()
    for _ in range(20):
        identity.see(looks(1), people, (), is_clear=False)
    assert identity.person is None


def test_a_mesh_that_went_off_somebody_onto_nothing_in_particular_is_nobody_new_for_a_second() -> None:
    people, identity = People(), Identity()
    for _ in range(8):
        identity.see(looks(1), people, ())
    assert identity.person == 1
    for _ in range(24):
        identity.see(looks(2), people, ())
        assert identity.person is None
    for _ in range(20):
        identity.see(looks(2), people, ())
    assert identity.person == 2


def test_where_there_is_a_recogniser_it_alone_decides() -> None:
    one, other = np.eye(512, dtype=np.float32)[:2]
    assert away(replace(looks(1), embedding=one), replace(looks(2), embedding=one)) == 0
    assert away(replace(looks(1), embedding=one), replace(looks(1), embedding=other)) > UNLIKE
    mixed = replace(looks(1), embedding=one).blended(replace(looks(1), embedding=other), 0.5).embedding
    assert mixed is not None
    assert float(np.linalg.norm(mixed)) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("gains", [(0.6, 0.6, 0.6), (0.7, 1.0, 1.1), (1.1, 1.0, 0.8)])
def test_the_same_head_is_alike_however_it_turns_and_is_lit(gains: tuple[float, float, float]) -> None:
    first, later = demo_frame(0), demo_frame(45)
    lit = np.clip(later.frame.image_bgr * np.array(gains, np.float32), 0, 255).astype(np.uint8)
    one, other = read_signature(first.frame.image_bgr, first.mesh_points), read_signature(lit, later.mesh_points)
    assert one is not None
    assert other is not None
    assert away(one, other) < ALIKE


def test_nothing_is_read_of_faces_that_are_small_hidden_or_outside() -> None:
    demo = demo_frame(0)
    image, points = demo.frame.image_bgr, demo.mesh_points
    everything = np.array([[0, 0], [1280, 0], [1280, 720], [0, 720]], np.float32)
    for bad, hidden in (
        (points * np.float32(0.05), []),
        (points + np.float32(5000), []),
        (points, [everything]),
        (np.full_like(points, np.nan), []),
    ):
        assert read_signature(image, bad, hidden) is None


def test_whoever_is_expected_half_hidden_is_named_by_two_looks_that_are_like_her_and_like_nobody_else() -> None:
    people = People()
    alice = people.welcome(looks(1))
    partly = looks(1, 1.22, 1)
    assert 0.34 < away(looks(1), partly) < 0.4
    identity = Identity()
    identity.expect(alice)
    named = []
    for _ in range(2):
        identity.see(partly, people, (), is_partial=True)
        named.append(identity.person)
    assert named == [None, alice]
    identity.doubt()
    identity.see(partly, people, (), is_partial=True)
    assert identity.person == alice
    people.welcome(looks(1, 0.6, 2))
    identity.doubt()
    identity.see(partly, people, (), is_partial=True)
    assert identity.person is None


@pytest.mark.parametrize(("missing", "is_named"), [(1, True), (2, False)])
def test_half_a_face_is_the_only_one_who_is_missing_if_it_is_like_her(missing: int, is_named: bool) -> None:
    people, identity = People(), Identity()
    alice, _, carol = (people.welcome(looks(seed)) for seed in (1, 2, 3))
    elsewhere = range(carol + 1 - (3 - missing), carol + 1)
    for _ in range(2):
        identity.see(looks(1, 1.22, 1), people, elsewhere, is_partial=True)
    assert identity.person == (alice if is_named else None)


def test_whoever_was_expected_and_plainly_is_another_gets_that_ones_number_at_once() -> None:
    people, identity = People(), Identity()
    alice, bob = people.welcome(looks(1)), people.welcome(looks(2))
    identity.expect(alice)
    assert not identity.see(looks(2), people, (), is_partial=True)
    assert identity.person == bob
