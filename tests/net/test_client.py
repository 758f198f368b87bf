"""Strangers are asked where they were looked at, in a time that ends, and only by those who may."""

import ssl
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.checking.online.unanswered import words_for
from newsletter.collecting import network as feeds
from newsletter.net import (
    AskError,
    Cause,
    NameServiceError,
    Network,
    NoSuchHostError,
    Reply,
    Request,
    fetch,
    follow,
    is_internal,
    trusted_roots,
)
from tests.servers.smtp import make_certificate
from tests.servers.web import Page, WebServer


def here(_host: str) -> list[str]:
    """Find every host on this machine."""
    return ["127.0.0.1"]


def loopback(**options: object) -> Network:
    """Return a network in which this machine plays the internet."""
    return Network(**{"find_addresses": here, "is_forbidden": lambda _: False, **options})  # type: ignore[arg-type]


def cause_of(url: str, network: Network) -> Cause:
    """Return why there is no answer."""
    with pytest.raises(AskError) as caught:
        fetch(Request(method="GET", url=url), network)
    return caught.value.cause


def failing(error: Exception) -> Callable[[str], list[str]]:
    """Return a name service that fails."""

    def find(_host: str) -> list[str]:
        raise error

    return find


def test_by_default_no_machine_of_the_house_is_asked() -> None:
    with WebServer({"/": Page()}) as web:
        assert cause_of(web.url("/"), Network()) is Cause.INTERNAL
        assert cause_of(web.url("/", "a.example"), Network(find_addresses=here)) is Cause.INTERNAL

    assert web.asked == []


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (NoSuchHostError("a.example"), Cause.NAME),
        (NameServiceError("a.example"), Cause.NAME_SERVICE),
    ],
)
def test_a_name_nobody_has_is_told_from_one_nobody_answers_for(
    error: Exception, cause: Cause
) -> None:
    assert cause_of("http://a.example/", loopback(find_addresses=failing(error))) is cause


def test_a_name_service_that_never_answers_is_left_in_time() -> None:
    over = threading.Event()

    def never(_host: str) -> list[str]:
        over.wait()
        return []

    network = loopback(find_addresses=never, timeout=0.1)
    try:
        assert cause_of("http://a.example/", network) is Cause.NAME_SERVICE
    finally:
        over.set()


@pytest.mark.parametrize(
    "url",
    [
        *("http://[::1/", "http://a.example:99999/", "https:///x", "ftp://a.example/", "file:///x"),
        *("javascript:1", "", "//", "http:", "http://.a.example/"),
    ],
)
def test_what_is_no_address_of_the_web_is_called_so(url: str) -> None:
    assert cause_of(url, loopback()) is Cause.ADDRESS


def test_a_proxy_is_used_only_where_the_environment_is_meant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = Request(method="GET", url="http://a.example/page", keep=9)
    with WebServer({"http://a.example/page": Page(body=b"proxy")}) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url("", "proxy.example"))
        monkeypatch.setenv("http_proxy", proxy.url("", "proxy.example"))

        reply = fetch(asked, loopback(by_environment=True))
        nowhere = Network(find_addresses=here, is_forbidden=is_internal)
        assert cause_of(asked.url, nowhere) is Cause.INTERNAL

    assert reply.body == b"proxy"
    assert proxy.paths == [asked.url]


def test_only_whom_the_context_trusts_is_believed(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "www.firma.example")
    context = ssl.create_default_context(cafile=str(certificate))
    with WebServer({"/": Page()}, certificate=certificate) as web:
        url = web.url("/", "www.firma.example")
        reply = fetch(Request(method="HEAD", url=url), loopback(context=context))
        stranger = cause_of(url, loopback(context=trusted_roots()))
        requests_own = cause_of(url, loopback())

    assert reply.status == 200
    assert stranger is requests_own is Cause.CERTIFICATE
    assert len(context.get_ca_certs()) == 1  # it was not taught whom else to trust


@pytest.mark.parametrize(("keep", "whole"), [(4, False), (5, True), (6, True)])
def test_no_more_of_a_body_is_kept_than_asked_for(keep: int, whole: bool) -> None:
    with WebServer({"/": Page(body=b"words")}) as web:
        reply = fetch(Request(method="GET", url=web.url("/"), keep=keep), loopback())

    assert (reply.body, reply.whole) == (b"words"[:keep], whole)


def test_a_redirect_is_followed_only_when_asked_to() -> None:
    with WebServer({"/a": Page(status=302, to="/b#c")}) as web:
        reply = fetch(Request(method="GET", url=web.url("/a"), keep=9), loopback())

    assert (reply.status, reply.body, reply.sends_on_to) == (302, b"", web.url("/b"))
    assert web.paths == ["/a"]


def test_following_ends_where_nothing_sends_on() -> None:
    pages = {
        "http://a.example/1": Reply(
            url="http://a.example/1", status=301, headers={"Location": "2"}
        ),
        "http://a.example/2": Reply(url="http://a.example/2", status=304),
    }

    assert follow("http://a.example/1", pages.__getitem__) == list(pages.values())


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_words_wherever_strangers_are_asked(cause: Cause) -> None:
    error = AskError(cause, host="a.example", detail="10.0.0.1")

    assert words_for(error)
    assert feeds.words_for(error, 30.0)
