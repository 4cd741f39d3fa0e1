"""Room: tests. Writes what the models cost, counted from their twins: `python -m tests.twins.costs FILE`.

Half a minute and 600 MB of disk for a moment. A twin of as many parameters as the published file is taken at its word.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from mirror_app.resources import assets_dir, recipes_dir
from mirror_app.runtime.catalogue import Catalogue, ModelSpec, load_catalogue
from mirror_app.tools.budget.networks import Basis, Counted, cost_of_file
from tests.twins.architecture import architecture

NAMES: Final = (
    "inswapper_128", "hyperswap_1a_256", "simswap_256", "simswap_unofficial_512", "ghost_1_256", "scrfd_10g",
    "bisenet_resnet_34", "xseg_3", "arcface_w600k_r50",
)  # fmt: skip
_SAME_SIZE: Final = 0.06
_BYTES: Final = {"fp32": 4, "fp16": 2}
# No size of the small one's file is published; the large one's agrees to a tenth of a percent, and both are one plan.
_SAME_PLAN: Final = ("simswap_256",)
# Parameters and "FLOPs" (multiplications, it counts as mmdetection does) of SCRFD-10GF at 640 x 480: insightface,
# detection/scrfd/README.md.
_SCRFD_10G: Final = (3_860_000, 9_980_000_000 * 640 // 480)
_HEAD: Final = """\
# What one run for one face or picture costs, in multiplications with an addition and in numbers that are moved; see
# `NetworkCost`. Written by `python -m tests.twins.costs assets/models/costs.toml`, by no hand.
#
# basis: "plan" = the layers are known, the published file is as large. "published" = as its makers tell. "guess" = the
# layers are not known, only the weights' number, from the published file's size where there is one: the real network
# may be several times heavier. An installed file is counted itself.
"""


def main() -> None:
    """Count and write."""
    parser = argparse.ArgumentParser(prog="python -m tests.twins.costs", description=__doc__)
    parser.add_argument("file", type=Path)
    target = parser.parse_args().file
    catalogue = load_catalogue(assets_dir() / "models" / "catalogue.toml")
    with tempfile.TemporaryDirectory() as folder:
        tables = [_table(name, _counted(catalogue, name, Path(folder))) for name in NAMES]
    target.write_text("\n".join([_HEAD, *tables]), encoding="utf-8")


def _counted(catalogue: Catalogue, name: str, folder: Path) -> Counted:
    spec = catalogue.find(name)
    twin = architecture(name, folder)
    cost = cost_of_file(twin, spec, recipes_dir())
    twin.unlink()
    if name == "scrfd_10g":
        weights, macs = _SCRFD_10G
        return Counted(replace(cost, macs=macs, weights=weights), Basis.PUBLISHED)
    published = _published_weights(spec)
    if name in _SAME_PLAN or abs(cost.weights - published) <= _SAME_SIZE * published:
        return Counted(cost, Basis.PLAN)
    return Counted(replace(cost, weights=published or cost.weights), Basis.GUESS)


def _published_weights(spec: ModelSpec) -> int:
    """How many numbers the published file can hold; 0 where its size is not known."""
    sizes = [file.size_bytes // _BYTES[file.precision] for file in spec.files if file.size_bytes]
    return sizes[0] if sizes else 0


def _table(name: str, counted: Counted) -> str:
    numbers = "\n".join(f"{key} = {value:_}" for key, value in asdict(counted.cost).items())
    return f'[{name}]\nbasis = "{counted.basis.value}"\n{numbers}\n'


if __name__ == "__main__":
    main()
