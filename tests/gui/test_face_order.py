"""Room: tests. The order of the faces: stars, faces worn lately, the rest; and nothing jumps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mirror_app.gui.faces.face_order import FaceOrder

LIBRARY = ["anna", "bert", "carl", "dora", "emil"]
SOME = st.lists(st.sampled_from([*LIBRARY, "gone"]), max_size=6)


def test_favourites_come_first_then_recent_ones_then_the_rest() -> None:
    order = FaceOrder(favourites=["dora", "bert"], recent=["emil", "bert", "carl"])
    assert order.arrange(LIBRARY) == ["dora", "bert", "emil", "carl", "anna"]


def test_wearing_a_face_moves_nothing_until_the_next_start() -> None:
    order = FaceOrder()
    order.arrange(LIBRARY)
    order.wore("emil")
    order.wore("carl")
    order.wore("emil")
    assert order.arrange(LIBRARY) == LIBRARY
    assert FaceOrder(recent=order.recent).arrange(LIBRARY) == ["emil", "carl", "anna", "bert", "dora"]


def test_a_star_moves_its_face_only_and_without_it_the_face_goes_back() -> None:
    order = FaceOrder(recent=["carl"])
    before = order.arrange(LIBRARY)
    order.toggle_star("dora")
    assert order.arrange(LIBRARY) == ["dora", *(name for name in before if name != "dora")]
    order.toggle_star("dora")
    assert order.arrange(LIBRARY) == before


def test_a_new_face_comes_last_and_a_deleted_one_comes_back_to_its_place() -> None:
    order = FaceOrder()
    order.arrange(["bert", "dora"])
    assert order.arrange(["anna", "bert", "dora"]) == ["bert", "dora", "anna"]
    assert order.arrange(["anna", "dora"]) == ["dora", "anna"]
    assert order.arrange(["anna", "bert", "dora"]) == ["bert", "dora", "anna"]


def test_a_few_recent_faces_are_remembered() -> None:
    order = FaceOrder()
    for number in range(20):
        order.wore(str(number))
    assert order.recent == tuple(str(number) for number in range(19, 11, -1))


@given(favourites=SOME, recent=SOME, starred=SOME, there=st.sets(st.sampled_from(LIBRARY)))
def test_every_face_is_shown_exactly_once(
    favourites: list[str], recent: list[str], starred: list[str], there: set[str]
) -> None:
    order = FaceOrder(favourites, recent)
    for name in starred:
        order.toggle_star(name)
    assert sorted(order.arrange(there)) == sorted(there)
