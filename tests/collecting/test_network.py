"""A stranger's server can neither hold us up, fill us up nor send us into the house."""

import gzip
import socket
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler

import pytest

from newsletter.collecting.network import LARGEST, Page, fetch
from newsletter.errors import FeedError
from newsletter.net import MOST_HOPS, is_internal
from tests.collecting.conftest import FeedServer


def get(url: str, **options: str) -> Page:
    """Fetch from a server of the house, which loopback is."""
    return fetch(url, allow_internal=True, **options)  # type: ignore[arg-type]


def fault_of(url: str) -> str:
    """Return what fetching says went wrong."""
    with pytest.raises(FeedError) as caught:
        get(url)
    return str(caught.value)


def test_a_page_is_fetched_by_a_name_that_says_who_asks(server: FeedServer) -> None:
    url = server.put("/feed", "words", headers={"Content-Type": "text/xml", "ETag": '"1"'})

    page = get(url)

    assert (page.body, page.content_type, page.etag, page.url) == (b"words", "text/xml", '"1"', url)
    [(_, headers)] = server.asked
    assert headers["User-Agent"].startswith("newsletter (")
    assert "Authorization" not in headers


def test_what_did_not_change_is_not_fetched_again(server: FeedServer) -> None:
    url = server.put("/feed", "words", etag='W/"1"')

    page = get(url, etag='W/"1"', last_modified="Tue, 01 Dec 2026 08:00:00 GMT")

    assert page.body is None
    [(_, headers)] = server.asked
    assert headers["If-Modified-Since"] == "Tue, 01 Dec 2026 08:00:00 GMT"


# --- never internal -----------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1"])
def test_an_internal_server_is_never_connected_to(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        port = listening.getsockname()[1]

        with pytest.raises(FeedError, match=r"internal network.*allow_internal|is not known"):
            fetch(f"http://{host}:{port}/feed")

        with pytest.raises(TimeoutError):
            listening.accept()


def test_a_tls_connection_is_guarded_as_well() -> None:
    with pytest.raises(FeedError, match="internal network"):
        fetch("https://127.0.0.1:9/feed")


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "0.1.2.3", "169.254.169.254"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1"),
        *("ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
        # all of the IANA's registries of special addresses
        *("192.0.0.8", "192.0.0.170", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1"),
        *("192.175.48.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "240.0.0.1"),
        *("64:ff9b:1::1", "100::1", "100:0:0:1::1", "2001::1", "2001:2::1", "2001:20::1"),
        *("2001:db8::1", "2620:4f:8000::1", "3fff::1", "5f00::1", "fec0::1", "4000::1"),
        *("::7f00:1", "::ffff:0:7f00:1"),  # older ways to carry IPv4
        *("2001:4860::5efe:a00:1", "2001:4860::200:5efe:c0a8:101"),  # ISATAP to the house
        # what clouds tell their own machines, of Azure, Oracle, Alibaba, IBM, Amazon, Google
        *("168.63.129.16", "192.0.0.192", "100.100.100.200", "161.26.0.10", "166.9.0.1"),
        *("fd00:ec2::254", "fd20:ce::254", "::ffff:168.63.129.16", "64:ff9b::a83f:8110"),
    ],
)
def test_an_address_of_the_house_is_not_public(address: str) -> None:
    assert is_internal(address)


@pytest.mark.parametrize(
    "address",
    [
        *("8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808", "::ffff:8.8.8.8", "2a00::1"),
        *("192.0.1.1", "168.63.129.17", "223.255.255.254", "2002:808:808::1", "3ffe::1"),
    ],
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert not is_internal(address)


# --- redirects ----------------------------------------------------------------------------


def test_hops_are_followed_and_a_move_for_good_is_told(server: FeedServer) -> None:
    server.put("/old", status=301, headers={"Location": "/newer"})
    server.put("/newer", status=308, headers={"Location": "/feed"})
    server.put("/feed", "words")

    page = get(f"{server.url}/old")

    assert page.body == b"words"
    assert page.url == page.moved_to == f"{server.url}/feed"


def test_a_passing_hop_is_no_move(server: FeedServer) -> None:
    server.put("/today", status=302, headers={"Location": f"{server.url}/feed"})
    server.put("/feed", "words")

    assert get(f"{server.url}/today").moved_to == ""


def test_hops_are_counted(server: FeedServer) -> None:
    for n in range(MOST_HOPS + 2):
        server.put(f"/{n}", status=302, headers={"Location": f"/{n + 1}"})

    assert f"more than {MOST_HOPS} times" in fault_of(f"{server.url}/0")
    assert len(server.asked) == MOST_HOPS + 1


def test_a_circle_is_left_as_soon_as_it_closes(server: FeedServer) -> None:
    server.put("/a", status=302, headers={"Location": "/b"})
    server.put("/b", status=302, headers={"Location": "/a#again"})

    assert "in a circle" in fault_of(f"{server.url}/a")
    assert server.paths() == ["/a", "/b"]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://www.example.org/", ""])
def test_a_hop_leads_to_the_web_or_nowhere(target: str, server: FeedServer) -> None:
    server.put("/feed", status=302, headers={"Location": target})

    assert "no web address" in fault_of(f"{server.url}/feed")


def test_the_body_of_a_hop_is_not_read(server: FeedServer) -> None:
    server.put("/old", b"x" * (LARGEST * 2), status=302, headers={"Location": "/feed"})
    server.put("/feed", "words")

    assert get(f"{server.url}/old").body == b"words"


# --- bounds -------------------------------------------------------------------------------


def test_a_body_too_large_is_given_up(server: FeedServer) -> None:
    url = server.put("/feed", b"x" * (LARGEST + 1))

    assert "larger than 2 MB" in fault_of(url)


def test_packed_bytes_count_as_they_unpack(server: FeedServer) -> None:
    packed = gzip.compress(b"x" * (LARGEST * 20))
    url = server.put("/feed", packed, headers={"Content-Encoding": "gzip"})

    assert len(packed) < LARGEST
    assert "larger than 2 MB" in fault_of(url)


@pytest.mark.parametrize("place", ["head", "body", "packed body"])
def test_an_answer_that_drips_for_ever_is_given_up(server: FeedServer, place: str) -> None:
    over = threading.Event()
    packed = (bytes([byte]) for byte in gzip.compress(bytes(range(256)) * 99))

    def drip(handler: BaseHTTPRequestHandler) -> None:
        if place != "head":
            handler.send_response(200)
            if place == "packed body":
                handler.send_header("Content-Encoding", "gzip")
            handler.end_headers()
        with suppress(OSError):
            while not over.wait(0.01):
                handler.wfile.write(next(packed) if place == "packed body" else b"X")

    server.replies["/feed"] = drip
    try:
        with pytest.raises(FeedError, match="not there in full after"):
            fetch(f"{server.url}/feed", allow_internal=True, longest=0.5)
    finally:
        over.set()


def test_a_handshake_that_drips_for_ever_is_given_up() -> None:
    """The record of TLS that it begins with says that 16 KB follow."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            served, _ = listening.accept()
            with served, suppress(OSError):
                served.sendall(b"\x16\x03\x03\x40\x00")
                while not over.wait(0.01):
                    served.sendall(b"X")

        thread = threading.Thread(target=drip)
        thread.start()
        port = listening.getsockname()[1]
        with pytest.raises(FeedError, match="not there in full after"):
            fetch(f"https://127.0.0.1:{port}/feed", allow_internal=True, longest=0.5)
        over.set()
        thread.join()


def test_hops_share_the_time_of_one_page(server: FeedServer) -> None:
    over = threading.Event()

    def send_on_late(handler: BaseHTTPRequestHandler) -> None:
        over.wait(0.2)
        handler.send_response(302)
        handler.send_header("Location", f"{handler.path}/again")
        handler.end_headers()

    server.replies.update({"/a" + "/again" * n: send_on_late for n in range(MOST_HOPS)})

    with pytest.raises(FeedError, match="not there in full after"):
        fetch(f"{server.url}/a", allow_internal=True, longest=0.3)

    over.set()
    assert len(server.asked) < MOST_HOPS


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, br"])
def test_a_packing_that_was_not_asked_for_is_named(server: FeedServer, encoding: str) -> None:
    url = server.put("/feed", b"\x0b\x02\x80words", headers={"Content-Encoding": encoding})

    assert f"packed in a way that was not asked for ({encoding})" in fault_of(url)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, lambda b: zlib.compress(b)[2:-4]])
def test_packed_bodies_are_unpacked(server: FeedServer, pack: Callable[[bytes], bytes]) -> None:
    packed = pack(b"words")
    encoding = "gzip" if packed.startswith(b"\x1f") else "deflate"
    url = server.put("/feed", packed, headers={"Content-Encoding": encoding})

    assert get(url).body == b"words"


def test_a_packed_file_is_unpacked_within_the_same_bounds(server: FeedServer) -> None:
    words = server.put("/feed.gz", gzip.compress(b"words"))
    bomb = server.put("/bomb.gz", gzip.compress(b"x" * (LARGEST * 20)))

    assert get(words).body == b"words"
    assert "larger than 2 MB" in fault_of(bomb)


@pytest.mark.parametrize(
    "answer",
    [
        *(b"", b"\r\n\r\n", b"HTTP/1.1\r\n\r\n", b"HTTP/1.1 abc OK\r\n\r\n", b"\x00" * 99),
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nwords",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        *(
            b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n"
            for location in (
                *(b"http://[bad", b"http://a:99999/", b"http://a:b/", b"http://\xff\xfe/", b"//"),
                *(
                    b"http://xn--a/",
                    b"http://.../",
                    b"http://" + b"a" * 70 + b".fi/",
                    b"http://%zz/",
                ),
                *(b"http://a b/", b"http://0/", b"http://127.0.0.1.:1/", b"http://[::ffff:0]:1/"),
                *(b"http://\xc3\xa4\xe2\x80\x8b.invalid/", b"javascript:alert(1)", b"http:"),
            )
        ),
    ],
    ids=lambda answer: repr(answer[-40:]),
)
def test_whatever_a_server_answers_is_told_in_a_line(server: FeedServer, answer: bytes) -> None:
    def say(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(answer)
        handler.close_connection = True

    server.replies["/feed"] = say

    with suppress(FeedError):
        assert get(f"{server.url}/feed").body is not None


def test_an_answer_that_breaks_off_is_told(server: FeedServer) -> None:
    def break_off(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"<rss>")

    server.replies["/feed"] = break_off

    assert "broke off" in fault_of(f"{server.url}/feed")


def test_bytes_that_do_not_unpack_are_told(server: FeedServer) -> None:
    url = server.put("/feed", b"no gzip at all", headers={"Content-Encoding": "gzip"})

    assert "garbled" in fault_of(url)


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "nothing at this address"), (410, "nothing"), (403, "nobody in"), (503, "try again")],
)
def test_a_refusal_is_told_in_words(status: int, words: str, server: FeedServer) -> None:
    message = fault_of(server.put("/feed", status=status))

    assert words in message
    assert str(status) in message


def test_a_server_that_is_not_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]

    assert fault_of(f"http://127.0.0.1:{port}/") == "no answer"
    assert "name is not known" in fault_of("http://no-such-name.invalid/")
