"""Room: tests. The shop over the real store: rows, downloads from this computer, imports, removals. Tiny networks."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.catalogue import Catalogue, Licence, ModelFile, ModelSpec, Role, TensorContract
from mirror_app.runtime.models import ModelStore, open_store
from mirror_app.tools.models.rows import ModelRow
from mirror_app.tools.models.shop import StoreShop
from tests.runtime.nets import doubling

FREE = Licence("Free", "", "All.", "全部。")


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder without a word; files that are called slow come in drops."""

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def copyfile(self, source: Any, outputfile: Any) -> None:
        is_slow = "slow" in self.path
        while block := source.read(16 if is_slow else 2**16):
            outputfile.write(block)
            if is_slow:
                outputfile.flush()
                time.sleep(0.02)


@dataclass
class Place:
    """A store, a server, and what the catalogue says of both."""

    folder: Path
    served: Path
    address: str
    specs: dict[str, ModelSpec] = field(default_factory=dict)

    def add(self, name: str, *needs: str, size: int = 4, has_address: bool = True) -> Path:
        """Put a model into the catalogue and onto the server."""
        file = doubling(self.served / f"{name}.onnx", (1, size))
        urls = (f"{self.address}/{name}.onnx",) if has_address else ()
        published = ModelFile(file.name, "fp32", 0, "", urls)
        tensor = TensorContract("x", (1, size)), TensorContract("y", (1, size))
        self.specs[name] = ModelSpec(
            name, name.title(), Role.SWAPPER, name, FREE, (published,), needs, tensor[:1], tensor[1:], {}
        )
        return file

    def shop(self) -> StoreShop:
        return StoreShop(lambda: ModelStore(Catalogue(self.specs), self.folder))

    def row(self, name: str) -> ModelRow:
        return next(row for row in self.shop().rows() if row.spec.name == name)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    served = tmp_path / "served"
    served.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(served)))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    store = tmp_path / "store"
    store.mkdir()
    yield Place(store, served, f"http://127.0.0.1:{server.server_address[1]}")
    server.shutdown()
    thread.join()
    server.server_close()


def test_loading_the_shop_loads_no_networks() -> None:
    code = "import sys, mirror_app.tools.models.shop as _; print({'onnx', 'onnxruntime', 'cv2'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def never() -> bool:
    return False


def test_getting_a_model_gets_what_it_needs_and_tells_how_far_it_is(place: Place) -> None:
    place.add("base", size=3)
    place.add("swap", "base", size=4)
    row = place.row("swap")
    assert (row.installed, row.missing, [fetch.spec.name for fetch in row.fetches]) == ((), ("Base",), ["swap", "base"])
    told: list[tuple[str, int, int]] = []
    assert place.shop().get("swap", lambda *news: told.append(news), never)
    assert list(dict.fromkeys(title for title, _, _ in told)) == ["Base", "Swap"]
    assert all(done <= total for _, done, total in told if total)
    row = place.row("swap")
    assert (row.installed, row.missing, row.fetches, row.is_own) == (("fp32",), (), (), True)
    assert row.size_bytes == (place.served / "swap.onnx").stat().st_size
    assert not row.is_known  # the catalogue has no digest of it


def test_what_is_here_is_not_fetched_again(place: Place) -> None:
    place.shop().import_file(place.add("base", size=3), None)
    place.add("swap", "base")
    assert [fetch.spec.name for fetch in place.row("swap").fetches] == ["swap"]
    (place.served / "base.onnx").unlink()
    assert place.shop().get("swap", lambda *_news: None, never)


def test_a_stopped_download_installs_nothing_and_is_gone_on_with(place: Place) -> None:
    place.add("slow")
    seen: list[int] = []

    def stop() -> bool:
        return bool(seen)

    assert not place.shop().get("slow", lambda _title, done, _total: seen.append(done), stop)
    assert place.row("slow").installed == ()
    assert place.shop().get("slow", lambda *_news: None, never)
    assert place.row("slow").installed == ("fp32",)


def test_a_server_without_the_file_is_a_sentence(place: Place) -> None:
    place.add("swap").unlink()
    with pytest.raises(ModelError, match="404"):
        place.shop().get("swap", lambda *_news: None, never)
    assert place.row("swap").installed == ()


def test_without_an_address_there_is_nothing_to_get_until_it_was_imported(place: Place) -> None:
    place.add("base", size=3)
    file = place.add("packed", "base", has_address=False)
    assert place.row("packed").fetches == ()
    taken = place.shop().import_file(file, None)
    assert taken.title == "Packed"
    assert taken.warning
    row = place.row("packed")
    assert (row.missing, [fetch.spec.name for fetch in row.fetches]) == (("Base",), ["base"])


def test_a_file_that_fits_several_models_names_them_and_is_imported_as_one(place: Place) -> None:
    file = place.add("one")
    place.add("two")
    assert place.shop().import_file(file, None).choices == ("one", "two")
    assert place.row("one").installed == ()
    taken = place.shop().import_file(file, "two")
    assert (taken.title, taken.choices) == ("Two", ())
    assert (place.row("one").installed, place.row("two").installed) == ((), ("fp32",))


def test_what_is_no_model_is_refused(place: Place, tmp_path: Path) -> None:
    place.add("one")
    page = tmp_path / "page.onnx"
    page.write_text("<!doctype html><html></html>")
    strange = doubling(tmp_path / "strange.onnx", (1, 99))
    for file in (page, strange, tmp_path / "missing.onnx"):
        for name in (None, "one"):
            with pytest.raises(ModelError):
                place.shop().import_file(file, name)
    assert place.row("one").installed == ()


def test_a_removed_model_is_gone(place: Place) -> None:
    file = place.add("one")
    place.shop().import_file(file, None)
    place.shop().remove("one")
    assert place.row("one").installed == ()
    with pytest.raises(ModelError):
        place.shop().remove("one")


def test_a_check_goes_through_its_stages_until_it_is_stopped(place: Place) -> None:
    place.shop().import_file(place.add("one"), None)
    seen = [stage.name for stage in place.shop().check("one", never)]
    assert seen[:2] == ["file", "tensors"]
    assert [stage.name for stage in place.shop().check("one", lambda: True)] == ["file"]
    with pytest.raises(ModelError):
        place.shop().check("two", never)


def test_a_model_in_another_programs_pack_is_used_and_not_owned(place: Place) -> None:
    place.add("one")
    packed = ModelStore(Catalogue(place.specs), place.folder, [place.served])
    row = StoreShop(lambda: packed).rows()[0]
    assert (row.installed, row.is_own) == (("fp32",), False)


def test_inswapper_is_offered_with_a_larger_crop_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mirror_app.runtime.models.models_dir", lambda: tmp_path)
    monkeypatch.setattr("mirror_app.runtime.models.insightface_dir", lambda: tmp_path)
    tiled = {row.spec.name: row.tiled for row in StoreShop(open_store).rows() if row.tiled}
    assert tiled == {"inswapper_128": ("inswapper_128@256",)}


def test_the_apps_own_catalogue_has_a_row_for_every_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mirror_app.runtime.models.models_dir", lambda: tmp_path / "models")
    monkeypatch.setattr("mirror_app.runtime.models.insightface_dir", lambda: tmp_path / "insightface")
    rows = {row.spec.name: row for row in StoreShop(open_store).rows()}
    assert len(rows) == len(list(open_store().catalogue))
    assert [fetch.spec.name for fetch in rows["inswapper_128"].fetches] == ["inswapper_128", "arcface_w600k_r50"]
    assert not any(row.installed for row in rows.values())
    assert not (tmp_path / "models").exists()
