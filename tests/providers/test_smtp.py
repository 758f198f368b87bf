"""What goes over the wire to an SMTP server, and what every answer or silence is taken for."""

import socket
import ssl
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from newsletter.errors import ProviderError, Verdict
from newsletter.model import Call, Message, Outcome, State
from newsletter.providers.base import Options
from newsletter.providers.smtp import Smtp
from newsletter.providers.smtp_client import Connection, Reply, SmtpOutcome, Step, meaning
from tests.servers.listening import free_port
from tests.servers.smtp import Mailbox, SmtpServer, SmtpThread, make_certificate
from tests.waiting import wait_until

PASSWORD = "not a secret"  # noqa: S105
MIME = b"Subject: x\r\nMessage-ID: <x@example.org>\r\n\r\n.first\r\n..second\r\n.\r\nlast\r\n"

A, R, U, Q = State.ACCEPTED, State.REJECTED, State.UNKNOWN, State.QUEUED

Start = Callable[..., Any]
Connect = Callable[..., Smtp]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start servers with the given flags."""
    started: list[SmtpThread | SmtpServer] = []

    def start(*faults: str, killable: bool = False, **flags: Any) -> SmtpThread | SmtpServer:
        kind, journal = (SmtpServer if killable else SmtpThread), tmp_path / "journal.jsonl"
        server = kind(journal_file=journal, faults=faults, **flags)
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Open adapters for a server, closed at the end."""
    opened: list[Smtp] = []

    def connect(server: Mailbox | Controller, **more: object) -> Smtp:
        port = server.port
        host = more.pop("host", "127.0.0.1")
        options = {"folder": Path(), "security": "none", "host": host, "port": port, **more}
        opened.append(Smtp(Options(**options)))  # type: ignore[arg-type]
        return opened[-1]

    yield connect
    for provider in opened:
        provider.close()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Certificates by the name they vouch for."""
    folder = tmp_path_factory.mktemp("certificates")
    return {name: make_certificate(folder, name) for name in ("localhost", "elsewhere.example")}


def _call(count: int = 1, *, first: int = 0, mime: bytes = MIME) -> Call:
    people = [(n, f"person{n}@example.org") for n in range(first, first + count)]
    messages = tuple(Message(delivery=n, address=a, mime=mime) for n, a in people)
    sender = ("Editor", "editor@example.org")
    return Call(key="k", tags=("a", "b"), folder="", sender=sender, messages=messages)


def _states(outcomes: tuple[Outcome, ...]) -> list[State]:
    return [outcome.state for outcome in outcomes]


def _ended(server: Mailbox, count: int = 1) -> list[dict[str, object]]:
    """Wait until so many connections have ended; return them."""
    wait_until(lambda: len(server.connections()) >= count)
    return server.connections()


# --- the ordinary case --------------------------------------------------------------------


@pytest.mark.parametrize("pipelining", [True, False])
def test_messages_arrive_byte_for_byte(start: Start, connect: Connect, pipelining: bool) -> None:
    server = start(pipelining=pipelining)

    outcomes = connect(server).send(_call(3))

    arrived = server.messages()
    assert _states(outcomes) == [A, A, A]
    assert [o.message_id for o in outcomes] == [m["queue_id"] for m in arrived]
    assert [m["email"] for m in arrived] == [f"person{n}@example.org" for n in range(3)]
    assert {m["sender"] for m in arrived} == {"editor@example.org"}
    assert {m["raw_sha"] for m in arrived} == {sha256(MIME).hexdigest()}
    assert {m["pipelined"] for m in arrived} == {pipelining}


@pytest.mark.parametrize("mime", [b".\r\n", b".", b"\r\n", b"a: b\r\n\r\n.\r\n.\r\n", b"x"])
def test_dots_at_the_edges_survive(start: Start, connect: Connect, mime: bytes) -> None:
    server = start()

    connect(server).send(_call(2, mime=mime))

    whole = mime if mime.endswith(b"\r\n") else mime + b"\r\n"
    assert [m["raw_sha"] for m in server.messages()] == [sha256(whole).hexdigest()] * 2


def test_one_connection_serves_all_calls_and_is_ended_politely(
    start: Start, connect: Connect
) -> None:
    server = start()
    provider = connect(server)

    provider.send(_call(2))
    provider.send(_call(1, first=2))
    provider.close()

    (connection,) = _ended(server)
    assert connection["commands"] == ["EHLO", *["MAIL", "RCPT", "DATA"] * 3, "QUIT"]


def test_a_connection_carries_100_messages(start: Start, connect: Connect) -> None:
    server = start(sink=True)
    provider = connect(server)

    for n in range(11):
        provider.send(_call(20, first=20 * n))
    provider.close()

    assert [c["accepted"] for c in _ended(server, 3)] == [100, 100, 20]


def test_an_address_that_smtp_cannot_carry_is_refused_alone(start: Start, connect: Connect) -> None:
    server = start()
    odd = ("päivi@example.org", "a>b@example.org", "a@example.org>\r\nRCPT TO:<b@example.org")
    call = _call(4)
    messages = [Message(delivery=n, address=a, mime=MIME) for n, a in enumerate(odd)]

    outcomes = connect(server).send(
        Call(key="k", tags=("a", "b"), folder="", sender=call.sender, messages=(*messages,))
    )

    assert _states(outcomes) == [R, R, R]
    assert server.messages() == []


# --- refusals -----------------------------------------------------------------------------

REFUSALS = [
    # (faults, states of five messages, connections)
    (["2:550-rcpt"], [A, R, A, A, A], 1),
    (["2:554-rcpt:Delivery error"], [A, R, A, A, A], 1),
    (["2:450-rcpt"], [A, A, A, A, A], 2),  # the connection was tired, a new one is not
    (["2:450-rcpt", "3:450-rcpt"], [A, Q, A, A, A], 2),
    (["1:450-rcpt"], [Q, A, A, A, A], 1),
    (["2:451-start:4.3.0 Not now"], [A, A, A, A, A], 2),
    (["2:451-start:4.3.0 Not now", "3:451-start:4.3.0 Not now"], [A, Q, A, A, A], 2),
    (["2:451-data"], [A, Q, A, A, A], 1),
    (["2:552-data"], [A, R, A, A, A], 1),
    (["2:554-data:5.7.1 Spam"], [A, Q, Q, Q, Q], 1),
    (["2:550-rcpt:5.7.1 Not for you"], [A, R, A, A, A], 1),
    (["3:554-mail"], [A, A, Q, Q, Q], 1),
    (["3:452-mail"], [A, A, A, A, A], 2),
    (["3:452-mail", "4:452-mail"], [A, A, Q, Q, Q], 2),
    (["3:421"], [A, A, A, A, A], 2),  # said good-bye: the message goes over a new connection
    (["3:421", "4:421"], [A, A, Q, Q, Q], 2),  # ... and is not wanted there either
    (["1:550-rcpt", "2:550-rcpt"], [R, R, A, A, A], 1),
]


@pytest.mark.long
@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "in steps"])
@pytest.mark.parametrize("lenient", [True, False], ids=["354 anyway", "503"])
@pytest.mark.parametrize(
    ("faults", "states", "connections"), REFUSALS, ids=[" ".join(f) for f, _, _ in REFUSALS]
)
def test_a_refusal_concerns_one_or_all(
    start: Start,
    connect: Connect,
    faults: list[str],
    states: list[State],
    connections: int,
    pipelining: bool,
    lenient: bool,
) -> None:
    server = start(*faults, pipelining=pipelining, lenient=lenient)
    provider = connect(server)

    outcomes = provider.send(_call(5))

    provider.close()
    taken = {m["email"] for m in server.messages()}
    accepted = {f"person{o.delivery}@example.org" for o in outcomes if o.state is A}
    assert _states(outcomes) == states
    assert taken == accepted
    assert len(server.messages()) == len(taken)
    assert len(_ended(server, connections)) == connections
    assert all(outcome.reason for outcome in outcomes if outcome.state is not A)


def test_a_refusal_for_now_is_told_from_one_not_tried(start: Start, connect: Connect) -> None:
    outcomes = connect(start("2:450-rcpt", "3:450-rcpt", "4:554-mail")).send(_call(4))

    assert [o.transient for o in outcomes] == [False, True, False, False]
    assert outcomes[1].reason == "450 4.2.1 Mailbox is busy"
    assert "554 5.7.1 Sender is not welcome" in outcomes[3].reason


@pytest.mark.parametrize(
    ("faults", "verdict", "detail"),
    [
        (["1:554-mail"], Verdict.STOP, "5.7.1"),
        (["1:450-rcpt", "2:554-mail"], Verdict.STOP, "5.7.1"),  # none was taken all the same
        (["1:452-mail"], Verdict.RETRY, "come back later"),
        (["*:421"], Verdict.RETRY, "come back later"),
        (["*:reset-before"], Verdict.RETRY, "connection was"),
        (["1:552-mail:5.3.4 Too big"], Verdict.STOP, "make the issue smaller"),
    ],
)
def test_what_concerns_all_is_raised_when_nothing_was_taken(
    start: Start, connect: Connect, faults: list[str], verdict: Verdict, detail: str
) -> None:
    server = start(*faults)

    with pytest.raises(ProviderError, match=detail) as caught:
        connect(server).send(_call(3))

    assert caught.value.verdict is verdict
    assert server.messages() == []


def test_a_message_above_the_announced_size_is_not_even_sent(
    start: Start, connect: Connect
) -> None:
    server = start(size=1000)

    with pytest.raises(ProviderError, match=r"552 5\.3\.4") as caught:
        connect(server).send(_call(mime=b"x: y\r\n\r\n" + b"z" * 2000))

    assert caught.value.verdict is Verdict.STOP


@pytest.mark.parametrize(
    ("step", "reply", "fate"),
    [
        (Step.RCPT, "550 5.1.1 Unknown", SmtpOutcome.REFUSED),
        (Step.RCPT, "550 Unknown", SmtpOutcome.REFUSED),
        (Step.RCPT, "553 5.1.8 Sender's domain does not exist", SmtpOutcome.OURS),
        (Step.RCPT, "554 5.7.1 Relay access denied", SmtpOutcome.REFUSED),  # all are, then
        (Step.CONTENT, "554 5.7.1 Spam", SmtpOutcome.OURS),
        (Step.RCPT, "530 5.7.0 Authentication required", SmtpOutcome.OURS),
        (Step.RCPT, "503 Bad sequence", SmtpOutcome.OURS),
        (Step.RCPT, "550 4.7.1 Classes differ", SmtpOutcome.REFUSED),
        (Step.RCPT, "450 4.7.1 Greylisted", SmtpOutcome.DEFERRED),
        (Step.RCPT, "421 4.7.0 Too fast", SmtpOutcome.BUSY),
        (Step.CONTENT, "552 5.2.2 Full", SmtpOutcome.REFUSED),
        (Step.CONTENT, "552 5.3.4 Too big", SmtpOutcome.OURS),
        (Step.CONTENT, "554 Message rejected", SmtpOutcome.OURS),
        (Step.CONTENT, "452 4.3.1 Out of space", SmtpOutcome.DEFERRED),
        (Step.MAIL, "550 5.1.0 Sender rejected", SmtpOutcome.OURS),
        (Step.MAIL, "452 4.3.1 Out of space", SmtpOutcome.BUSY),
        (Step.GREETING, "554 No service", SmtpOutcome.OURS),
        (Step.AUTH, "454 4.7.0 Later", SmtpOutcome.BUSY),
    ],
)
def test_the_meaning_of_a_refusal(step: Step, reply: str, fate: SmtpOutcome) -> None:
    assert meaning(step, Reply.parse(int(reply[:3]), reply[4:].encode())) is fate


@pytest.mark.parametrize(
    ("text", "enhanced", "bare"),
    [
        (b"5.1.1 Unknown", "5.1.1", "Unknown"),
        (b"5.1.1 Unknown\n5.1.1 Go away", "5.1.1", "Unknown Go away"),
        (b"4.1.1 Classes differ", "", "4.1.1 Classes differ"),
        (b"5.1.10.9 is an address", "", "5.1.10.9 is an address"),
        (b"5.1.10", "5.1.10", ""),
        (b"Fran\xe7ais\n\x1b[1m", "", "Fran\ufffdais [1m"),
        (b"", "", ""),
    ],
)
def test_enhanced_codes_are_read(text: bytes, enhanced: str, bare: str) -> None:
    assert Reply.parse(550, text) == Reply(code=550, enhanced=enhanced, text=bare)


# --- lost connections ---------------------------------------------------------------------


def test_a_connection_dropped_while_idle_costs_nothing(start: Start, connect: Connect) -> None:
    server = start("1:drop")
    provider = connect(server)
    provider.send(_call(1))
    _ended(server)

    outcomes = provider.send(_call(2, first=1))

    assert _states(outcomes) == [A, A]
    assert [m["connection"] for m in server.messages()] == [1, 2, 2]


def test_a_server_that_was_restarted_is_found_again(start: Start, connect: Connect) -> None:
    server = start(killable=True)
    provider = connect(server)
    provider.send(_call(1))
    server.kill()
    server.start()

    assert _states(provider.send(_call(1, first=1))) == [A]


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_connection_lost_before_the_content_is_made_anew(
    start: Start, connect: Connect, pipelining: bool
) -> None:
    server = start("2:reset-before", pipelining=pipelining)

    outcomes = connect(server).send(_call(3))

    assert _states(outcomes) == [A, A, A]
    assert [m["email"][:7] for m in server.messages()] == ["person0", "person1", "person2"]


def test_a_reset_while_much_is_being_written_is_certain(start: Start, connect: Connect) -> None:
    """The write fails, so the final dot cannot have arrived: one more try is harmless."""
    server = start("2:reset-during")
    mime = b"Subject: x\r\n\r\n" + (b"x" * 70 + b"\r\n") * 150_000  # more than buffers hold

    outcomes = connect(server).send(_call(3, mime=mime))

    assert _states(outcomes) == [A, A, A]
    assert len(server.messages()) == 3


@pytest.mark.parametrize("fault", ["2:reset-after", "2:reset-during"])
def test_a_reset_after_the_final_dot_leaves_one_message_unknown(
    start: Start, connect: Connect, fault: str
) -> None:
    server = start(fault)
    provider = connect(server)

    outcomes = provider.send(_call(4))

    assert _states(outcomes) == [A, U, Q, Q]
    assert "before the server said whether it took the message" in outcomes[1].reason
    assert outcomes[2].reason.startswith("not tried")
    assert _states(provider.send(_call(2, first=2))) == [A, A]
    assert {"person2@example.org", "person3@example.org"} <= {m["email"] for m in server.messages()}


def test_the_first_message_may_be_unknown_too(start: Start, connect: Connect) -> None:
    assert _states(connect(start("1:reset-after")).send(_call(2))) == [U, Q]


def test_the_reply_to_the_final_dot_is_waited_for_longer_than_any_other(
    start: Start, connect: Connect
) -> None:
    server = start("1:slow:1.5")

    assert _states(connect(server, timeout=0.5).send(_call(1))) == [A]


def test_silence_after_the_final_dot_is_unknown(start: Start) -> None:
    server = start("*:slow:2")
    options = Options(folder=Path(), host=server.host, port=server.port, security="none")
    connection = Connection(options, ssl.create_default_context(), final_timeout=0.2)

    delivery = connection.deliver("a@example.org", Message(1, "b@example.org", MIME))

    assert delivery.fate is SmtpOutcome.UNKNOWN
    assert not connection.is_open


# --- connecting ---------------------------------------------------------------------------


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_verified_connection_logs_in_and_sends(
    start: Start,
    connect: Connect,
    certificates: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    security: str,
) -> None:
    certificate = certificates["localhost"]
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    login = {"username": "editor", "password": PASSWORD}
    server = start(security=security, certificate=certificate, **login)

    outcomes = connect(server, host="localhost", security=security, **login).send(_call(2))

    assert _states(outcomes) == [A, A]
    assert {(m["secure"], m["user"], m["pipelined"]) for m in server.messages()} == {
        (True, "editor", True)
    }


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("fault", ["nobody vouches", "another name"])
def test_a_wrong_certificate_stops_before_anything_is_said(
    start: Start,
    connect: Connect,
    certificates: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    security: str,
    fault: str,
) -> None:
    served = certificates["localhost" if fault == "nobody vouches" else "elsewhere.example"]
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates["elsewhere.example"]))
    server = start(security=security, certificate=served)
    login = {"username": "editor", "password": PASSWORD}

    with pytest.raises(ProviderError, match="certificate") as caught:
        connect(server, host="localhost", security=security, **login).send(_call(1))

    assert caught.value.verdict is Verdict.STOP
    assert all("AUTH" not in str(c["commands"]) for c in _ended(server))


CONNECTING = [
    # (the server's flags, the adapter's, verdict, what is told)
    ({}, {"security": "starttls"}, Verdict.STOP, "offers no STARTTLS"),
    ({}, {"security": "tls"}, Verdict.STOP, "port 587 goes with"),
    (
        {"username": "editor", "password": PASSWORD},
        {"username": "editor", "password": "wrong"},
        Verdict.STOP,
        "535 5.7.8 Bad credentials to AUTH; .*NEWSLETTER_SMTP_PASSWORD",
    ),
    (
        {"username": "editor", "password": PASSWORD},
        {"username": "editor", "password": "päivä"},
        Verdict.STOP,
        "only ASCII",
    ),
    (
        {"username": "editor", "password": PASSWORD},
        {},
        Verdict.STOP,
        "530 5.7.0 .*NEWSLETTER_SMTP_PASSWORD",
    ),
    ({}, {"username": "editor"}, Verdict.STOP, "nobody can log in there"),
    ({}, {"host": "no.such.host.invalid"}, Verdict.RETRY, "check host and port"),
    ({}, {"host": "a" * 64 + ".example.org"}, Verdict.STOP, "no such name"),
]


@pytest.mark.parametrize(
    ("flags", "options", "verdict", "detail"), CONNECTING, ids=[c[3][:20] for c in CONNECTING]
)
def test_why_no_connection_comes_about(
    start: Start,
    connect: Connect,
    flags: dict[str, str],
    options: dict[str, str],
    verdict: Verdict,
    detail: str,
) -> None:
    with pytest.raises(ProviderError, match=detail) as caught:
        connect(start(**flags), **options).send(_call(1))

    assert caught.value.verdict is verdict
    assert PASSWORD not in str(caught.value)


def test_tls_that_is_not_available_now_is_asked_for_later(
    start: Start, connect: Connect, certificates: dict[str, Path]
) -> None:
    server = start("*:454-tls", security="starttls", certificate=certificates["localhost"])

    with pytest.raises(ProviderError, match=r"454 4\.7\.0") as caught:
        connect(server, security="starttls").send(_call(1))

    assert caught.value.verdict is Verdict.RETRY


def test_nobody_listening_and_nobody_answering_are_tried_again_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        options = {"folder": Path(), "host": "127.0.0.1", "timeout": 0.3}
        mute = Smtp(Options(port=port, **options))  # type: ignore[arg-type]
        with pytest.raises(ProviderError, match="timed out; port 587") as unanswered:
            mute.send(_call(1))
    with pytest.raises(ProviderError, match="refused") as refused:
        mute.send(_call(1))

    assert unanswered.value.verdict is refused.value.verdict is Verdict.RETRY


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_port_follows_from_the_security(security: str, port: int) -> None:
    options = {"folder": Path(), "host": "no.such.host.invalid", "security": security}

    with pytest.raises(ProviderError, match=rf"no\.such\.host\.invalid:{port}:"):
        Smtp(Options(**options)).send(_call(1))  # type: ignore[arg-type]


def test_the_password_is_not_shown() -> None:
    assert PASSWORD not in repr(Options(folder=Path(), password=PASSWORD))


# --- another server -----------------------------------------------------------------------


class _Box:
    """Keeps what aiosmtpd hands over, and refuses one person."""

    def __init__(self) -> None:
        self.messages: dict[str, bytes] = {}

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse person1."""
        if address.startswith("person1@"):
            return "550 5.1.1 No such user"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the message."""
        assert isinstance(envelope.original_content, bytes)
        self.messages[envelope.rcpt_tos[0]] = envelope.original_content
        return "250 2.0.0 Ok: queued as 4711"


@pytest.mark.parametrize("is_secure", [False, True])
def test_aiosmtpd_understands_us(
    connect: Connect,
    certificates: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    is_secure: bool,
) -> None:
    certificate, box = certificates["localhost"], _Box()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context if is_secure else None,
        require_starttls=is_secure,
    )
    controller.start()
    try:
        security = "starttls" if is_secure else "none"
        provider = connect(controller, host="localhost", security=security)
        outcomes = provider.send(_call(3))
        provider.close()
    finally:
        controller.stop()

    assert _states(outcomes) == [A, R, A]
    assert outcomes[0].message_id == "4711"
    assert box.messages == dict.fromkeys(("person0@example.org", "person2@example.org"), MIME)


# --- connections that tire ----------------------------------------------------------------


@pytest.mark.parametrize("refusal", ["450-mail:4.7.0 Too many", "450-rcpt:4.7.0 Too many", "421"])
def test_a_connection_that_takes_no_more_is_replaced_at_once(
    start: Start, connect: Connect, refusal: str
) -> None:
    server = start(*(f"{n}:{refusal}" for n in (4, 8, 12)))

    provider = connect(server)
    assert _states(provider.send(_call(10))) == [A] * 10
    provider.close()
    assert len(_ended(server, 4)) == 4


def test_who_is_put_off_by_a_new_connection_as_well_is_put_off(
    start: Start, connect: Connect
) -> None:
    server = start("2:450-rcpt", "3:450-rcpt", "5:450-rcpt", "6:450-rcpt")

    outcomes = connect(server).send(_call(4))

    assert _states(outcomes) == [A, Q, A, Q]
    assert all(outcome.transient for outcome in outcomes if outcome.state is Q)


def test_connections_are_not_made_anew_for_ever(start: Start, connect: Connect) -> None:
    """A server that takes every second person tells of them, not of the connection."""
    reluctant = [n for n in range(60) if n % 3 != 1]
    server = start(*(f"{n}:450-rcpt" for n in reluctant))
    provider = connect(server)

    provider.send(_call(20))
    provider.close()

    assert len(_ended(server, 4)) <= 1 + 3
