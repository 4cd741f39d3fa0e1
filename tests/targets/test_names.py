"""Room: tests. What is said about a name that no face has."""

from __future__ import annotations

import pytest

from mirror_app.targets.names import unknown_face


@pytest.mark.parametrize(
    ("count", "name", "hint"),
    [
        (3, "face-22", "Did you mean face-2, "),
        (3, "xyz", "There are: face-0, face-1, face-2."),
        (20, "xyz", "face-19."),
        (21, "xyz", "See `mirror-app targets list`."),
        (1000, "face-9999", "Did you mean face-999, "),
    ],
)
def test_a_name_that_no_face_has_is_answered_with_what_helps_most(count: int, name: str, hint: str) -> None:
    said = str(unknown_face(name, [f"face-{number}" for number in range(count)]))
    assert said.startswith(f"There is no target face called {name}. ")
    assert hint in said
    assert len(said) < 400
