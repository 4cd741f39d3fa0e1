"""Room: tests. Every file says that it is an AI's work, read back by others than those who wrote it."""

from __future__ import annotations

import getpass
import json
import struct
import zlib
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import av
import cv2
import numpy as np
import pytest

from mirror_app.deliver.marks import Marks, marks_of
from mirror_app.deliver.provenance import SOURCE_TYPE, container_metadata, still_xmp
from mirror_app.deliver.video_writer import open_video_writer
from mirror_app.domain.errors import InputError
from mirror_app.domain.frame import SafeFrame
from mirror_app.domain.video import ColourCoding, VideoTraits
from mirror_app.imaging.files import read_image, write_image
from tests.fakes import picture

FIELDS = [
    "Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2",
]  # fmt: skip
DIGITAL_SOURCE_TYPE = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
AIGC = "{http://www.tc260.org.cn/ns/AIGC/1.0/}AIGC"


def write_video(path: Path) -> Path:
    traits = VideoTraits((64, 48), Fraction(1), Fraction(30), Fraction(1, 30), ColourCoding(1, 1, 1, full_range=False))
    with open_video_writer(path, traits, None) as writer:
        for number in range(3):
            writer.write(SafeFrame(picture(64, 48, number), number, number), number, 1)
    return path


def write_still(path: Path) -> Path:
    write_image(path, picture(64, 48), still_xmp())
    return path


def png_text(path: Path) -> bytes:
    """The XMP of a PNG by the PNG specification, every checksum checked."""
    data, at, found = path.read_bytes(), 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + body)
        if kind == b"iTXt" and body.startswith(b"XML:com.adobe.xmp\x00\x00\x00\x00\x00"):
            found = body[22:]
        at += 12 + length
    return found


def opencv_xmp(path: Path) -> bytes:
    """The XMP of a JPEG as OpenCV reads it."""
    _, kinds, blocks = cv2.imdecodeWithMetadata(np.fromfile(path, np.uint8), flags=cv2.IMREAD_COLOR)
    found = [
        np.asarray(block).tobytes() for kind, block in zip(kinds, blocks, strict=True) if kind == cv2.IMAGE_METADATA_XMP
    ]
    key = b"http://ns.adobe.com/xap/1.0/\x00"
    assert found[0].startswith(key)
    return found[0][len(key) :]


def check_packet(packet: bytes) -> None:
    root = ElementTree.fromstring(packet)
    [source_type] = [element.text for element in root.iter(DIGITAL_SOURCE_TYPE)]
    [aigc] = [element.text for element in root.iter(AIGC)]
    assert source_type == SOURCE_TYPE
    check_json(aigc or "")


def check_json(aigc: str) -> None:
    fields = json.loads(aigc)
    assert list(fields) == FIELDS
    assert (fields["Label"], fields["ContentProducer"]) == ("1", "mirror-app")
    assert len(fields["ProduceID"]) == 32


def test_a_png_carries_both_marks_for_whoever_reads_chunks(tmp_path: Path) -> None:
    check_packet(png_text(write_still(tmp_path / "出 片.png")))


@pytest.mark.parametrize("ending", [".jpg", ".jpeg"])
def test_a_jpeg_carries_both_marks_for_whoever_reads_segments(tmp_path: Path, ending: str) -> None:
    path = write_still(tmp_path / f"出 片{ending}")
    check_packet(opencv_xmp(path))
    assert path.read_bytes()[2:4] == b"\xff\xe0", "JFIF stays first"


def test_the_marks_change_no_pixel(tmp_path: Path) -> None:
    np.testing.assert_array_equal(read_image(write_still(tmp_path / "a.png")), picture(64, 48))
    write_image(tmp_path / "plain.jpg", picture(64, 48))
    np.testing.assert_array_equal(read_image(write_still(tmp_path / "a.jpg")), read_image(tmp_path / "plain.jpg"))


def test_a_video_carries_both_marks_as_keys_and_as_xmp(tmp_path: Path) -> None:
    path = write_video(tmp_path / "出 片.mp4")
    with av.open(str(path)) as container:
        check_json(container.metadata["AIGC"])
        assert container.metadata["DigitalSourceType"] == SOURCE_TYPE
        assert sum(1 for _ in container.decode(video=0)) == 3
    data, at, kinds = path.read_bytes(), 0, []
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        kinds.append(kind)
        last, at = data[at + 8 : at + length], at + length
    assert kinds[-1] == b"uuid"
    assert last[:16].hex() == "be7acfcb97a942e89c71999491e3afac"
    check_packet(last[16:])


def test_every_file_has_a_number_of_its_own_and_nothing_of_the_user(tmp_path: Path) -> None:
    one, two = container_metadata(), container_metadata()
    assert one["AIGC"] != two["AIGC"]
    packet = still_xmp().decode()
    for private in (getpass.getuser(), str(Path.home()), str(tmp_path)):
        if len(private) > 2:
            assert private not in packet


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.mp4"])
def test_marks_reads_what_was_written(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    marks = marks_of(write_video(path) if path.suffix == ".mp4" else write_still(path))
    check_json(marks.aigc)
    assert marks.source_type == SOURCE_TYPE
    assert marks.says_ai


@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_a_picture_without_marks_says_nothing(tmp_path: Path, name: str) -> None:
    write_image(tmp_path / name, picture(8, 8))
    assert marks_of(tmp_path / name) == Marks("", "")


@pytest.mark.parametrize("data", [b"hello", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe1\x00", b"\xff\xd8\xff\xe1\xff\xff"])
def test_files_cut_off_or_of_another_kind_are_no_disaster(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    if data == b"hello":
        with pytest.raises(InputError, match="neither a picture nor a video"):
            marks_of(path)
    else:
        assert marks_of(path) == Marks("", "")


@pytest.mark.parametrize(
    ("marks", "says_ai"),
    [
        (Marks('{"AIGC":{"Label":"1"}}', ""), True),
        (Marks('{"Label":"2"}', ""), True),
        (Marks('{"Label":"0"}', ""), False),
        (Marks("[]", ""), False),
        (Marks('{"AIGC":3}', ""), False),
        (Marks("no json", ""), False),
        (Marks("", "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"), True),
        (Marks("", "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"), False),
    ],
)
def test_what_counts_as_said(marks: Marks, says_ai: bool) -> None:
    assert marks.says_ai == says_ai


@pytest.mark.parametrize(
    "written",
    [
        '<rdf:Description xmlns:I="{iptc}" I:DigitalSourceType="there"/>',
        '<rdf:Description xmlns:I="{iptc}"><I:DigitalSourceType rdf:resource="there"/></rdf:Description>',
        '<rdf:Description xmlns:I="{iptc}"><I:DigitalSourceType> there </I:DigitalSourceType></rdf:Description>',
    ],
)
def test_marks_that_others_wrote_in_their_way_are_read(tmp_path: Path, written: str) -> None:
    inner = written.replace("{iptc}", "http://iptc.org/std/Iptc4xmpExt/2008-02-29/")
    packet = f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{inner}</rdf:RDF>'
    write_image(tmp_path / "a.jpg", picture(8, 8), packet.encode())
    assert marks_of(tmp_path / "a.jpg").source_type == "there"
