"""Room: tests. Places of the UV layout are found again in any mesh."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.uv_probe import UvProbe


def test_a_vertexs_own_place_carries_its_own_value() -> None:
    values = np.arange(468, dtype=np.float32)[None]
    np.testing.assert_allclose(UvProbe(topology.UV).carry(values)[0], values[0], atol=0.02)


@given(st.lists(st.tuples(st.floats(0.2, 0.8), st.floats(0.2, 0.75)), min_size=1, max_size=20))
@settings(max_examples=20, deadline=None)
def test_places_on_the_face_lie_where_the_layout_puts_them(places: list[tuple[float, float]]) -> None:
    uv = np.array(places, np.float32)
    np.testing.assert_allclose(UvProbe(uv).carry(topology.UV.T.copy()).T, uv, atol=1e-4)


def test_a_place_off_the_face_gives_a_finite_value() -> None:
    assert np.isfinite(UvProbe(np.array([[0, 0], [1, 1]], np.float32)).carry(topology.UV.T.copy())).all()
