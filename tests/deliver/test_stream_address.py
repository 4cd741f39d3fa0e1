"""Room: tests. What an address is, what cannot be one, and that nothing that is said about it holds the key."""

from __future__ import annotations

import contextlib
import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror_app.deliver.stream_address import MASK, StreamAddress, parse_address
from mirror_app.domain.errors import InputError

KEY = "live_93-Geheim_x7"
SECRETS = st.from_regex(r"k3y[A-Za-z0-9_?=&%+./-]{6,30}Z", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "key", "parts"),
    [
        ("rtmp://live.twitch.tv/app", KEY, ("rtmp", "live.twitch.tv", 1935, "app", KEY)),
        (f"rtmp://live.twitch.tv/app/{KEY}", "", ("rtmp", "live.twitch.tv", 1935, "app", KEY)),
        (f" RTMPS://Host:8443/a/b/{KEY}?x=/1 ", "", ("rtmps", "host", 8443, "a/b", f"{KEY}?x=/1")),
        ("rtmps://host/live2/", f" {KEY}\n", ("rtmps", "host", 443, "live2", KEY)),
        (f"rtmp://host/app?token=t/{KEY}", "", ("rtmp", "host", 1935, "app?token=t", KEY)),
        (f"rtmp://[::1]:19/app/{KEY}", "", ("rtmp", "::1", 19, "app", KEY)),
        ("udp://127.0.0.1:5000", "", ("udp", "127.0.0.1", 5000, "", "")),
        ("udp://bücher.example:5000/", "", ("udp", "xn--bcher-kva.example", 5000, "", "")),
    ],
)
def test_an_address_is_taken_apart(text: str, key: str, parts: tuple[str, str, int, str, str]) -> None:
    address = parse_address(text, key)
    assert (address.scheme, address.host, address.port, address.app, address.key) == parts


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        ("", KEY, "must begin with rtmp"),
        (KEY, "", "must begin with rtmp"),
        (f"file:///tmp/{KEY}", "", "must begin with rtmp"),
        (f"srt://host:1/{KEY}", "", "must begin with rtmp"),
        ("rtmp:///app", KEY, "names no host"),
        ("rtmp://:1935/app", KEY, "names no host"),
        ("udp://", "", "names no host"),
        ("rtmp://my host/app", KEY, "no spaces"),
        ("rtmp://host/app", "two words", "no spaces"),
        ("rtmp://host/app", "a\0b", "no spaces"),
        ("rtmp://-bad-/app", KEY, "not a name"),
        ("rtmp://a..b/app", KEY, "not a name"),
        ("rtmp://[::zz]/app", KEY, "not a name"),
        ("rtmp://host:0/app", KEY, "from 1 to 65535"),
        ("rtmp://host:65536/app", KEY, "from 1 to 65535"),
        (f"rtmp://host:{KEY}/app", KEY, "from 1 to 65535"),
        ("rtmp://host:/app", KEY, "from 1 to 65535"),
        (f"rtmp://me:{KEY}@host/app", "x", "user name"),
        ("rtmp://host", KEY, "lacks the server's path"),
        ("rtmp://host/", KEY, "lacks the server's path"),
        (f"rtmp://host/{KEY}", "", "no stream key"),
        ("udp://host", "", "needs a port"),
        ("udp://host:5000", KEY, "it has no key"),
        ("udp://host:5000?ttl=3", "", "it has no key"),
    ],
)
def test_what_cannot_be_used_is_said_without_the_key(text: str, key: str, says: str) -> None:
    with pytest.raises(InputError, match=re.escape(says)) as caught:
        parse_address(text, key)
    assert KEY not in str(caught.value) + repr(caught.value)


@given(SECRETS, st.booleans())
def test_the_key_is_in_no_form_of_the_address(key: str, is_apart: bool) -> None:
    # In one with the server the key is what follows the last "/".
    key = key if is_apart else key.replace("/", "")
    address = parse_address("rtmp://host/live", key) if is_apart else parse_address(f"rtmp://host/live/{key}")
    forms = [str(address), repr(address), f"{address}", address.shown, "%s %r" % (address, [address])]  # noqa: UP031
    assert not any(key in form or address.key in form for form in forms)
    assert address.shown.startswith("rtmp://host:1935/live/")
    assert address.shown.endswith("/" + MASK)


@given(SECRETS, st.text(max_size=20), st.text(max_size=20))
def test_what_others_say_is_masked(key: str, before: str, after: str) -> None:
    address = StreamAddress("rtmp", "host", 1935, "app?token=" + key[::-1], key)
    for form in (key, quote(key), quote(key, safe="")):
        assert form not in address.hide(before + form + after)
    assert key[::-1] not in address.hide(f"{before}token={key[::-1]}{after}")


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_is_an_address_or_an_error(text: str, key: str) -> None:
    with contextlib.suppress(InputError):
        assert 1 <= parse_address(text, key).port <= 65535


@given(st.sampled_from(["rtmp", "rtmps"]), st.from_regex(r"[a-z]{1,9}(\.[a-z]{2,5})?", fullmatch=True), SECRETS)
def test_apart_and_in_one_are_the_same(scheme: str, host: str, key: str) -> None:
    key = key.replace("/", "").replace("?", "")
    assert parse_address(f"{scheme}://{host}/live/{key}") == parse_address(f"{scheme}://{host}/live", key)
