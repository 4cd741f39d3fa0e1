"""Room: tests. RTMP's messages and AMF0 values come back as they were sent, in pieces of any size."""

from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror_app.deliver import amf
from mirror_app.deliver.rtmp_chunks import CHUNK_BYTES, ChunkReader, FlvTags, Kind, Message, chunked

VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(VALUES, max_size=4))
def test_values_come_back(values: list[amf.Value]) -> None:
    assert amf.read(amf.written(*values)) == values


def test_lists_and_dates_of_servers_are_read() -> None:
    listed = b"\x0a\0\0\0\1" + amf.written(2.0)
    date = b"\x0b" + amf.written(5.0)[1:] + b"\0\0"
    mapped = b"\x08\0\0\0\0\0\1a" + amf.written("b") + b"\0\0\x09"
    assert amf.read(listed + date + mapped + b"\6") == [{"0": 2.0}, 5.0, {"a": "b"}, None]


@given(st.binary(max_size=60))
def test_any_bytes_are_values_or_an_error(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert all(value is not math.inf for value in amf.read(data))
    with contextlib.suppress(ValueError):
        list(ChunkReader().take(bytearray(data)))


def test_objects_without_an_end_are_refused() -> None:
    with pytest.raises(ValueError, match="deep"):
        amf.read(b"\x03\0\1a" * 50)


@given(
    st.lists(st.tuples(st.sampled_from([3, 4, 63]), st.binary(max_size=CHUNK_BYTES * 2 + 5)), max_size=5),
    st.sampled_from([0, 1000, 0xFFFFFE, 0xFFFFFF, 0x1234567]),
    st.integers(1, 5000),
)
def test_messages_come_back_however_they_are_cut(sent: list[tuple[int, bytes]], time_ms: int, cut: int) -> None:
    wire = chunked(Message(Kind.SET_CHUNK_SIZE, CHUNK_BYTES.to_bytes(4, "big")), 2, 0)
    wire += b"".join(chunked(Message(Kind.DATA, body, time_ms), channel, 1) for channel, body in sent)
    reader, inbox, got = ChunkReader(), bytearray(), []
    for start in range(0, len(wire), cut):
        inbox += wire[start : start + cut]
        got += list(reader.take(inbox))
    assert [message.body for message in got[1:]] == [body for _, body in sent]
    assert not inbox


def test_a_message_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        list(ChunkReader().take(bytearray(b"\3\0\0\0\xff\xff\xff\x14\0\0\0\0")))


@given(st.lists(st.binary(max_size=40), max_size=5), st.integers(1, 30))
def test_tags_come_out_of_an_flv_file_however_it_is_cut(bodies: list[bytes], cut: int) -> None:
    file = b"FLV\1\5\0\0\0\x09\0\0\0\0"
    for body in bodies:
        file += b"\x09" + len(body).to_bytes(3, "big") + b"\x34\x56\x78\x12\0\0\0" + body + bytes(4)
    tags = FlvTags()
    got = [tag for start in range(0, len(file), cut) for tag in tags.add(file[start : start + cut])]
    assert got == [Message(9, body, 0x12345678) for body in bodies]
