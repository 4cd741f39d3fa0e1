"""Room: tests. A stream to servers that take it, refuse it, fall silent or go away; and where its key is not."""

from __future__ import annotations

import logging
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from shutil import which

import av
import numpy as np
import pytest

from mirror_app.deliver.live_encoder import LiveEncoder
from mirror_app.deliver.sound import SoundFormat
from mirror_app.deliver.stream_address import parse_address
from mirror_app.deliver.streamer import Streamer, StreamState, open_streamer
from mirror_app.domain.frame import SafeFrame, Size
from tests.deliver import servers

SIZE: Size = (160, 96)
KEY = "k3y_very-Geheim_77"


def card(size: Size = SIZE, level: int = 90) -> SafeFrame:
    image = np.full((size[1], size[0], 3), level, np.uint8)
    return SafeFrame(image, 0, time.monotonic_ns())


def stream_to(port: int, sound: SoundFormat | None = None, scheme: str = "rtmp") -> Streamer:
    return open_streamer(parse_address(f"{scheme}://127.0.0.1:{port}/live/app", KEY), SIZE, card(), sound)


def wait_for(so: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.01)


def has_news(streamer: Streamer) -> bool:
    return streamer.figures().sent > 3 or streamer.state is StreamState.AWAY


def closes_soon(streamer: Streamer) -> None:
    begun = time.monotonic()
    streamer.close()
    streamer.close()
    assert time.monotonic() - begun < 5
    wait_for(lambda: streamer.report().is_over)


def test_a_server_gets_pictures_and_a_silent_sound_track_and_the_numbers_are_told() -> None:
    server = servers.RtmpServer()
    with servers.serving(server.serve) as port:
        streamer = stream_to(port)
        wait_for(lambda: streamer.state is StreamState.CONNECTED)

        def has_all() -> bool:
            streamer.send(SafeFrame(card().image_bgr, streamer.figures().sent + 1, time.monotonic_ns()))
            figures = streamer.figures()
            return figures.delay_ms is not None and figures.upload_bits_per_s > 0 and server.kinds[8] > 20

        wait_for(has_all)
        figures, report = streamer.figures(), streamer.report()
        closes_soon(streamer)
    assert (server.app, server.key) == ("live/app", KEY)
    assert server.kinds[18] == 1
    assert figures.delay_ms is not None
    assert 0 < figures.delay_ms < 5000
    assert report.frames >= 1
    assert report.trouble == ""


def test_a_server_that_comes_back_gets_the_stream_again_and_pictures_between_are_counted() -> None:
    first, second = servers.RtmpServer(), servers.RtmpServer()
    with servers.serving(first.serve) as port:
        streamer = stream_to(port)
        assert first.pictures.acquire(timeout=20)
    wait_for(lambda: streamer.state is StreamState.AWAY)
    assert "Trying again." in streamer.report().trouble
    with servers.serving(second.serve, port):
        assert second.pictures.acquire(timeout=20)
        wait_for(lambda: streamer.figures().connections == 2)
        assert second.kinds[18] == 1
        assert streamer.figures().away > 0
        closes_soon(streamer)


@pytest.mark.parametrize(
    ("serve", "says"),
    [
        (servers.hang_up, "closed the connection"),
        (servers.babble, "does not speak RTMP"),
        (servers.RtmpServer(f"Stream {KEY} is in use").serve, "does not take the stream: Stream **** is in use"),
    ],
)
def test_a_server_that_does_not_take_it_is_named_with_its_reason(serve: servers.Serve, says: str) -> None:
    with servers.serving(serve) as port:
        streamer = stream_to(port)
        wait_for(lambda: says in streamer.report().trouble)
        closes_soon(streamer)


def test_a_port_where_nobody_listens_refuses() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    streamer = stream_to(port)
    wait_for(lambda: "refuses the connection" in streamer.report().trouble)
    closes_soon(streamer)


def test_it_can_be_closed_while_a_server_does_not_answer() -> None:
    with servers.serving(servers.mute) as port:
        streamer = stream_to(port)
        time.sleep(0.2)
        assert "Connecting to" in streamer.report().trouble
        closes_soon(streamer)


def test_a_server_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mirror_app.deliver.wire.Wire.until.__defaults__", (0.3,))
    with servers.serving(servers.mute) as port:
        streamer = stream_to(port)
        wait_for(lambda: "does not answer" in streamer.report().trouble)
        closes_soon(streamer)


def test_pictures_are_left_out_when_the_network_takes_none_and_sending_does_not_wait() -> None:
    server = servers.RtmpServer(is_stuck=True)
    noise = np.random.default_rng(1).integers(0, 255, (480, 640, 3), dtype=np.uint8)
    with servers.serving(server.serve) as port:
        address = parse_address(f"rtmp://127.0.0.1:{port}/live", KEY)
        streamer = open_streamer(address, (640, 480), card((640, 480)), None, bits_per_second=20_000_000)

        def is_slow() -> bool:
            image = np.roll(noise, streamer.figures().sent * 7, axis=1)
            streamer.send(SafeFrame(image, 1, time.monotonic_ns()))
            return streamer.figures().slow > 3

        wait_for(is_slow)
        assert streamer.report().missing > 3
        closes_soon(streamer)


def test_rtmps_needs_a_server_that_speaks_tls() -> None:
    with servers.serving(servers.babble) as port:
        streamer = stream_to(port, scheme="rtmps")
        wait_for(lambda: "does not speak TLS" in streamer.report().trouble)
        closes_soon(streamer)


@pytest.mark.skipif(which("openssl") is None, reason="there is no openssl here to make a certificate")
@pytest.mark.parametrize("is_known", [False, True])
def test_rtmps_streams_only_to_a_server_that_can_prove_who_it_is(
    is_known: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    asked = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made, *asked], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = servers.RtmpServer()

    def secure(line: socket.socket, over: threading.Event) -> None:
        line.settimeout(5)
        with context.wrap_socket(line, server_side=True) as wrapped:
            wrapped.settimeout(0.05)
            server.serve(wrapped, over)

    if is_known:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with servers.serving(secure) as port:
        streamer = stream_to(port, scheme="rtmps")
        if is_known:
            wait_for(lambda: streamer.figures().sent > 3)
            assert server.key == KEY
        else:
            wait_for(lambda: "cannot prove who it is: self-signed certificate" in streamer.report().trouble)
        closes_soon(streamer)


def test_udp_goes_on_though_nobody_listens() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
        streamer = open_streamer(parse_address(f"udp://127.0.0.1:{port}"), SIZE, card(), None)
        door.settimeout(20)
        assert {len(door.recv(2000)) % 188 for _ in range(20)} == {0}
    wait_for(lambda: "Nobody listens at udp://127.0.0.1" in streamer.report().trouble)
    before = streamer.figures().sent
    wait_for(lambda: streamer.figures().sent > before)
    closes_soon(streamer)


def test_the_key_is_in_nothing_that_is_said(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    level = av.logging.get_level()
    av.logging.set_level(av.logging.TRACE)
    said = []
    try:
        with av.logging.Capture(local=False) as lines:
            server = servers.RtmpServer(f"bad key {KEY}")
            with servers.serving(servers.RtmpServer().serve) as good, servers.serving(server.serve) as bad:
                for streamer in (stream_to(good), stream_to(bad)):
                    wait_for(partial(has_news, streamer))
                    said += [str(streamer.report()), repr(streamer.address), str(streamer.figures())]
                    closes_soon(streamer)
        said += [str(line) for line in lines]
    finally:
        av.logging.set_level(level)
    assert lines, "FFmpeg's own log was not heard"
    assert "rtmp://127.0.0.1" in caplog.text
    assert KEY not in "".join([*said, caplog.text, *capfd.readouterr()])


def test_a_stream_that_breaks_says_so_without_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError(f"broken at {KEY}")

    monkeypatch.setattr(LiveEncoder, "picture", broken)
    with servers.serving(servers.RtmpServer().serve) as port:
        streamer = stream_to(port)
        wait_for(lambda: streamer.report().is_over)
    assert streamer.report().trouble == "The stream has ended: broken at ****"


@pytest.mark.parametrize("size", [(161, 96), (160, 97), (320, 192)])
def test_sizes_that_cannot_be_streamed_are_refused(size: Size) -> None:
    with pytest.raises(ValueError, match="even sides"):
        open_streamer(parse_address("udp://127.0.0.1:9"), size, card(SIZE if size[0] == 320 else size), None)


@pytest.mark.skipif(which("ffmpeg") is None, reason="there is no ffmpeg here to receive the stream")
@pytest.mark.parametrize("scheme", ["rtmp", "udp"])
def test_a_real_ffmpeg_receives_the_picture_and_the_sound(scheme: str, tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if scheme == "rtmp" else socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    url = f"rtmp://127.0.0.1:{port}/live/{KEY}" if scheme == "rtmp" else f"udp://127.0.0.1:{port}"
    listen = ["-listen", "1"] if scheme == "rtmp" else []
    got = tmp_path / "got.mkv"
    command = ["ffmpeg", "-v", "error", *listen, "-i", url, "-t", "3", "-c", "copy", str(got)]
    size = (320, 192)
    image = np.zeros((192, 320, 3), np.uint8)
    image[:, :160], image[:, 160:] = (200, 60, 30), (30, 160, 220)
    tone = (8000 * np.sin(np.arange(960) * 0.05)).astype(np.int16)[:, None]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as receiver:
        streamer = open_streamer(parse_address(url), size, card(size), SoundFormat(48_000, 1))

        def is_received() -> bool:
            now_ns = time.monotonic_ns()
            streamer.send(SafeFrame(image, now_ns % 2**31, now_ns))
            streamer.sound(tone, now_ns - 20_000_000)
            time.sleep(0.01)
            return receiver.poll() is not None

        try:
            wait_for(is_received, 40)
        finally:
            receiver.kill()
            closes_soon(streamer)
    with av.open(str(got)) as container:
        pictures = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
    with av.open(str(got)) as container:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    assert pictures[-1].shape == image.shape
    assert np.abs(pictures[-1].astype(int) - image)[:, np.r_[8:150, 170:312]].max() <= 8
    assert np.abs(sound).max() > 0.1
