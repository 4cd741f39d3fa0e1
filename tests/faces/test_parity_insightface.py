"""Room: tests. What our networks are fed, and what is made of their answers, equals insightface's."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.faces.parity import STAGES, quiet

pytestmark = pytest.mark.skipif(find_spec("insightface") is None, reason="the extra insightface is not installed")


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_gives_what_insightface_gives(stage: str, tmp_path: Path) -> None:
    with quiet():
        rows = STAGES[stage](tmp_path)
    table = "\n".join(map(str, rows))
    assert all(row.passes for row in rows), f"insightface differs\n{table}"
