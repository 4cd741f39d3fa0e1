"""Room: tests. Prints how the network stream fares against a real ffmpeg on loopback: `python -m` this module.

Needs ffmpeg. Pictures come 30 times a second, taken at that moment: the delay is the stream's own, not the mirror's.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from mirror_app.deliver.stream_address import parse_address
from mirror_app.deliver.streamer import Streamer, open_streamer
from mirror_app.domain.frame import SafeFrame, Size
from mirror_app.pipeline.outlets import Outlets
from tests.deliver import servers

_SIZE: Size = (1280, 720)


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.stream", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="length of a run")
    parser.add_argument("--restarts", type=int, default=3, help="how often the server is killed")
    asked = parser.parse_args()
    for scheme in ("rtmp", "udp"):
        sys.stdout.write(steady(scheme, asked.seconds))
    for gap_s in (0.2, 3.0, 9.0)[: asked.restarts]:
        sys.stdout.write(f"server killed, another one {gap_s:.1f} s later: back after {back_after(gap_s):.2f} s\n")
    sys.stdout.write(f"close() while a server does not answer: {closing():.2f} s\n")


def steady(scheme: str, seconds: float) -> str:
    """A stream that nothing disturbs."""
    port = _free_port()
    with _receiver(scheme, port) as receiver:
        streamer = _streamer(_url(scheme, port))
        _feed(streamer, lambda: streamer.figures().sent > 0, 10)
        cpu, begun = time.thread_time(), time.monotonic()
        before, process_cpu = streamer.figures(), time.process_time()
        slowest_ms = _feed(streamer, lambda: False, seconds)
        spent, figures = time.monotonic() - begun, streamer.figures()
        # The feeding thread stands for the mirror: what it costs is not the stream's.
        share = (time.process_time() - process_cpu - (time.thread_time() - cpu)) / spent
        streamer.close()
        receiver.kill()
    return (
        f"{scheme}, 720p: {(figures.sent - before.sent) / spent:.2f} frames/s, delay {figures.delay_ms or 0:.0f} ms, "
        f"{figures.upload_bits_per_s / 1e6:.2f} Mbit/s, {figures.slow - before.slow} left out, "
        f"{share * 100:.0f} % of a core, slowest send() {slowest_ms:.2f} ms\n"
    )


def back_after(gap_s: float) -> float:
    """Time from the start of a new server to the first picture that goes to it, s."""
    port = _free_port()
    with _receiver("rtmp", port) as first:
        streamer = _streamer(_url("rtmp", port))
        _feed(streamer, lambda: streamer.figures().sent > 30, 20)
        first.kill()
    _feed(streamer, lambda: False, gap_s)
    with _receiver("rtmp", port) as second:
        begun, sent = time.monotonic(), streamer.figures().sent
        _feed(streamer, lambda: streamer.figures().connections > 1 and streamer.figures().sent > sent, 20)
        spent = time.monotonic() - begun
        second.kill()
    streamer.close()
    return spent


def closing() -> float:
    """How long it takes to end a stream that waits for an answer, s."""
    with servers.serving(servers.mute) as port:
        streamer = _streamer(_url("rtmp", port))
        time.sleep(1)
        begun = time.monotonic()
        streamer.close()
        return time.monotonic() - begun


def _streamer(url: str) -> Streamer:
    return open_streamer(parse_address(url), _SIZE, Outlets().card(_SIZE), None)


def _feed(streamer: Streamer, done: Callable[[], bool], seconds: float) -> float:
    """Send pictures until something is so or the time is up; gives the slowest call, ms."""
    noise = np.random.default_rng(0).integers(90, 130, (_SIZE[1] // 8, _SIZE[0] // 8, 3), dtype=np.uint8)
    picture = noise.repeat(8, 0).repeat(8, 1)
    begun, slowest_ns = time.monotonic(), 0
    for index in range(1, 1 << 30):
        if done() or time.monotonic() - begun > seconds:
            break
        image = np.roll(picture, index * 4, axis=1)
        now_ns = time.monotonic_ns()
        streamer.send(SafeFrame(image, index, now_ns))
        slowest_ns = max(slowest_ns, time.monotonic_ns() - now_ns)
        time.sleep(max(begun + index / 30 - time.monotonic(), 0))
    return slowest_ns / 1e6


def _receiver(scheme: str, port: int) -> subprocess.Popen[bytes]:
    listen = ["-listen", "1"] if scheme == "rtmp" else []
    command = ["ffmpeg", "-v", "quiet", *listen, "-i", _url(scheme, port), "-c", "copy", "-f", "null", "-"]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)


def _url(scheme: str, port: int) -> str:
    return f"rtmp://127.0.0.1:{port}/live/benchmark-key" if scheme == "rtmp" else f"udp://127.0.0.1:{port}"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
