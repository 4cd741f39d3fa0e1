"""Room: tests. A face as the library keeps it: the same meshes come back, damaged ones are one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mirror_app.domain.errors import InputError
from mirror_app.domain.mesh_topology import CANONICAL
from mirror_app.targets.kept_face import KeptFace, digest_of, read_meshes, write_meshes


def face(shift: float = 0.0, side: int = 16) -> KeptFace:
    return KeptFace(np.full((side, side, 3), 7, np.uint8), CANONICAL + np.float32(shift))


def test_meshes_come_back_as_they_were_written(tmp_path: Path) -> None:
    write_meshes(tmp_path / "网.npy", [face(0), face(3)])
    np.testing.assert_array_equal(read_meshes(tmp_path / "网.npy", 2), [CANONICAL, CANONICAL + np.float32(3)])


def nothing(path: Path) -> None:
    """Leave the file missing."""


@pytest.mark.parametrize(
    "write",
    [
        nothing,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("hello"),
        lambda path: np.save(path, np.zeros((1, 468, 3))),
        lambda path: np.save(path, np.zeros((2, 468, 3), np.float32)),
        lambda path: np.save(path, np.full((1, 468, 3), np.nan, np.float32)),
        lambda path: np.save(path, np.array([{"a": 1}], object)),
    ],
)
def test_a_damaged_file_of_meshes_is_one_sentence(tmp_path: Path, write: Callable[[Path], object]) -> None:
    path = tmp_path / "meshes.npy"
    write(path)
    with pytest.raises(InputError, match="add its photo again"):
        read_meshes(path, 1)


def test_the_digest_tells_pictures_meshes_and_their_number_apart() -> None:
    several = [[face()], [face(1)], [face(side=8)], [face(), face()], [face(), face(1)], [face(1), face()]]
    assert len({digest_of(faces) for faces in several}) == len(several)
    assert digest_of([face()]) == digest_of([face()])


def test_the_box_is_what_the_mesh_covers() -> None:
    low, high = CANONICAL[:, :2].min(0), CANONICAL[:, :2].max(0)
    np.testing.assert_array_equal(face().box_xyxy, [*low, *high])
