"""Each fault on each provider where it can happen: nobody is lost, and nobody is mailed twice."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsletter.model import WhenUnknown
from newsletter.providers import PROVIDERS
from tests.servers.house import ProviderServer
from tests.servers.smtp import SmtpServer, make_certificate
from tests.stories.fault_table import (
    ENDINGS,
    KINDS,
    OF_THE_LEDGER,
    ROWS,
    Row,
    rows_of_the_page,
    words_of_the_page,
)
from tests.stories.rehearsal import PEOPLE, Rehearsal, Server, make_list
from tests.waiting import wait_until

_LATE = ("slow", "timeout", "drip")  # faults of which the program gives up to wait
EVERYBODY = {f"p{n}@example.org" for n in range(PEOPLE)}


def _is_tried(row: Row, name: str) -> bool:
    """Return whether a provider stands for its kind in a row; each row has another one for it."""
    if name in row.except_for or name in row.options:
        return True
    peers = [n for n, kind in KINDS.items() if kind == KINDS[name] and n not in row.except_for]
    return peers[ROWS.index(row) % len(peers)] == name


CASES = [
    pytest.param(
        row,
        name,
        id=f"{row.words}-{name}",
        marks=() if _is_tried(row, name) else pytest.mark.at_length,
    )
    for row in ROWS
    for name in KINDS
    if name in PROVIDERS and row.ending(name)
]


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of thirty people."""
    return make_list(tmp_path_factory.mktemp("people"))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine that vouches for itself alone."""
    return make_certificate(tmp_path_factory.mktemp("certificate"), "127.0.0.1")


@pytest.mark.parametrize(("row", "name"), CASES)
def test_nobody_is_lost_and_nobody_is_mailed_twice(
    row: Row, name: str, tmp_path: Path, people: Path, certificate: Path
) -> None:
    ending = ENDINGS[row.ending(name)]
    with _server(row, name, tmp_path, certificate) as server:
        is_late = any(sign in fault for fault in row.http + row.smtp for sign in _LATE)
        send = Rehearsal(folder=tmp_path, name=name, server=server, patience=1 if is_late else 60)
        send.prepare(people)

        first = send.run(_place(row, server))

        assert (first.state, send.counts()) == (ending.state, ending.counts), send.remarks
        assert send.waited >= row.wait
        _mend(row, server)
        send.let_settle()

        second = send.run()

        assert (second.state, send.counts()) == (ending.finally_, ending.then), send.remarks
        mailed = send.mailed()
        assert [address for address, times in mailed.items() if times > 1] == []
        assert len(mailed) >= ending.then["accepted"]
        assert mailed.keys() <= EVERYBODY


@pytest.mark.parametrize("decision", WhenUnknown)
def test_the_editor_settles_what_nobody_can_know(
    decision: WhenUnknown, tmp_path: Path, people: Path
) -> None:
    row = Row("", "", "", "unknown", http=("1:500-before",))
    with _server(row, "ses", tmp_path, Path()) as server:
        send = Rehearsal(folder=tmp_path, name="ses", server=server)
        send.prepare(people)
        send.run()

        result = send.run(unknown=decision)

    assert result.state == "done"
    assert len(send.mailed()) == {"resend": 30, "skip": 20}[decision]
    assert set(send.mailed().values()) == {1}


# --- the page -----------------------------------------------------------------------------


def test_the_page_shows_the_table_of_these_tests() -> None:
    ours = [
        [row.words, *(ending or "–" for ending in (row.key, row.ask, row.neither, row.mail))]
        for row in ROWS
    ]

    ours += [[words, *endings] for words, endings in OF_THE_LEDGER.items()]

    assert rows_of_the_page() == ours
    assert words_of_the_page() == [*ENDINGS]


def test_every_provider_that_sends_is_in_the_table() -> None:
    assert {*KINDS} == {*PROVIDERS} - {"outbox"}


@pytest.mark.parametrize("name", [name for name in KINDS if name in PROVIDERS])
def test_a_providers_column_is_what_it_can_do(name: str) -> None:
    can = PROVIDERS[name].capabilities

    kind = "key" if can.idempotency_window else "ask" if can.look_up else "neither"

    assert KINDS[name] == ("mail" if name == "smtp" else kind)


# --- servers ------------------------------------------------------------------------------


@contextmanager
def _server(row: Row, name: str, folder: Path, certificate: Path) -> Iterator[Server]:
    journal, untrusted = folder / "journal.jsonl", row.place == "untrusted"
    if name == "smtp":
        security = {"security": "tls", "certificate": certificate} if untrusted else {}
        with SmtpServer(journal_file=journal, faults=row.smtp, **security) as server:  # type: ignore[arg-type]
            yield server
        return
    option, _, value = row.options.get(name, "").partition("=")
    with ProviderServer(
        name=name,
        journal_file=journal,
        faults=() if option else row.http,
        options={option: value} if option else {},
        lag=row.lag,
        tls=(certificate, certificate) if untrusted else None,
        bodies="none",
    ) as house:
        yield house


def _place(row: Row, server: Server) -> str:
    """Return where the first run is to look for the server; "" for where it is."""
    is_mail = isinstance(server, SmtpServer)
    if row.place == "nowhere":
        return "mail.example.invalid:25" if is_mail else "https://api.example.invalid"
    if row.place == "closed":
        with socket.socket() as probe:  # a port that nobody else has by now
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        return f"127.0.0.1:{port}" if is_mail else f"http://127.0.0.1:{port}"
    if row.place == "plain":
        return server.url.replace("http:", "https:")
    return ""


def _mend(row: Row, server: Server) -> None:
    """Let the cause of a lasting fault be over, and what lags behind arrive."""
    time.sleep(row.lag)
    if any("slow-before" in fault for fault in row.http):
        wait_until(lambda: _has_come(server))
    if row.place == "untrusted" or row.http[:1] == ("*:500-before",):
        server.stop()
        if isinstance(server, SmtpServer):
            server.security = "none"
        else:
            server.faults, server.tls = (), None
        server.start()


def _has_come(server: Server) -> bool:
    """Return whether the first call was carried out, or recognised as a repeat."""
    return any(line.get("call") == 1 and "fault" not in line for line in server.journal())
