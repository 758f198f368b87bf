"""A mail that is no issue takes the path of an issue: each address gets it once, or it is known."""

import datetime as dt
import email
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.policy import default
from pathlib import Path
from threading import Event, Thread, current_thread
from typing import Any

import pytest

from newsletter import mailing, pipeline
from newsletter.delivery import Run, session
from newsletter.delivery import run as run_of
from newsletter.errors import ConfigError
from newsletter.ledger import Ledger, Send, events, list_notices, open_ledger, people, sends
from newsletter.mailing import Notice, Outcome
from newsletter.mailing.notices import freeze_notice
from newsletter.model import (
    Departure,
    End,
    NoticeKind,
    SendState,
    Standing,
    State,
    Subscriber,
    WhenUnknown,
)
from newsletter.providers import PROVIDERS
from newsletter.settings import Settings, load_settings
from tests.conftest import Site
from tests.mailing.asked import NOTICE
from tests.servers.forked import Forked
from tests.servers.house import ProviderServer, key_for
from tests.servers.smtp import SmtpServer
from tests.waiting import join, wait_until

AINO, EINO = "aino@example.org", "eino@example.org"
SETTINGS = """\
[newsletter]
title = "Kirje"
from = "Kirje <kirje@example.org>"
reply_to = "toimitus@example.org"
sender = "Säätiö, Katu 1"
public_url = "https://www.example.org"
[provider]
name = "{name}"
{where}
"""
JOINED = dt.datetime(2026, 12, 15, 9, tzinfo=dt.UTC)
EXTRA = {"mailgun": 'domain = "example.org"', "ses": 'region = "eu-north-1"'}
LIST_HEADERS = {"list-id", "list-unsubscribe", "list-unsubscribe-post", "precedence"}
Server = ProviderServer | SmtpServer


def _settings(folder: Path, name: str, server: Server | None) -> Settings:
    where = ""
    if isinstance(server, SmtpServer):
        where = f'host = "{server.host}"\nport = {server.port}\nsecurity = "none"'
    elif server:
        where = f'base_url = "{server.url}"\n{EXTRA.get(name, "")}'
    (folder / "newsletter.toml").write_text(SETTINGS.format(name=name, where=where), "utf-8")
    (folder / ".env").write_text(f"NEWSLETTER_API_KEY={key_for(name)}\n")
    return load_settings(folder)


@contextmanager
def _server(name: str, folder: Path, *faults: str) -> Iterator[Server | None]:
    journal = folder / "journal.jsonl"
    if name == "outbox":
        yield None
    elif name == "smtp":
        with SmtpServer(journal_file=journal, faults=faults) as smtp:
            yield smtp
    else:
        with ProviderServer(name=name, journal_file=journal, faults=faults) as server:
            yield server


def _mailed(folder: Path, server: Server | None) -> Counter[str]:
    """Return how often each address got a mail."""
    if server:
        return Counter(str(message["email"]) for message in server.messages())
    written = (folder / "outbox").glob("*/*.eml")
    return Counter(
        email.message_from_bytes(path.read_bytes())["To"].strip("<>") for path in written
    )


def _counts(ledger: Ledger) -> dict[State, int]:
    with ledger.read() as connection:
        return {s: n for tally in list_notices(connection) for s, n in tally.counts.items() if n}


def _notify(
    settings: Settings, ledger: Ledger, notice: Notice, *addresses: str, **how: Any
) -> Outcome:
    now = dt.datetime.now(dt.UTC)
    return pipeline.notify(settings, ledger, notice, addresses, now=now, stop=Event(), **how)


def _ask(settings: Settings, ledger: Ledger, *addresses: str, **how: Any) -> End:
    return _notify(settings, ledger, NOTICE, *addresses, **how).state


@pytest.mark.parametrize("name", ["brevo", "smtp", "outbox"])
def test_who_is_named_gets_a_notice_once_however_often_it_is_asked_for(
    name: str, tmp_path: Path, ledger: Ledger
) -> None:
    with _server(name, tmp_path) as server:
        settings = _settings(tmp_path, name, server)

        ends = [
            _ask(settings, ledger, AINO),
            _ask(settings, ledger, AINO.upper().replace("EXAMPLE.ORG", "example.org"), EINO),
            _ask(settings, ledger, EINO, AINO),
        ]

        assert ends == [End.DONE] * 3
        assert _mailed(tmp_path, server) == {AINO: 1, EINO: 1}


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_notice_of_another_key_is_another_mail(name: str, tmp_path: Path, ledger: Ledger) -> None:
    with _server(name, tmp_path) as server:
        settings = _settings(tmp_path, name, server)

        for key in ("a", "b"):
            notice = replace(NOTICE, kind=NoticeKind.REMINDER, key=key)
            _notify(settings, ledger, notice, AINO)

        assert _mailed(tmp_path, server) == {AINO: 2}
        assert not isinstance(server, ProviderServer) or server.violations() == []


def test_a_notice_says_that_a_machine_wrote_it_and_that_it_is_of_no_list(
    tmp_path: Path, ledger: Ledger
) -> None:
    _ask(_settings(tmp_path, "outbox", None), ledger, AINO)

    [path] = (tmp_path / "outbox").glob("*/*.eml")
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    html, text = (message.get_body((kind,)) for kind in ("html", "plain"))
    assert message["Auto-Submitted"] == "auto-generated"
    assert LIST_HEADERS & {name.lower() for name in message} == set()
    assert message["Subject"] == NOTICE.subject
    assert message["Reply-To"] == "toimitus@example.org"
    assert html is not None
    assert text is not None
    assert html.get_content().replace("\r\n", "\n").strip() == NOTICE.html
    assert text.get_content().replace("\r\n", "\n") == NOTICE.text


def test_a_provider_is_told_that_a_notice_is_of_no_list(tmp_path: Path, ledger: Ledger) -> None:
    with _server("brevo", tmp_path) as server:
        assert isinstance(server, ProviderServer)

        _ask(_settings(tmp_path, "brevo", server), ledger, AINO)

        told = json.dumps(server.journal()).lower()
        assert server.violations() == []
        assert "auto-generated" in told
        assert [name for name in LIST_HEADERS if name in told] == []


def test_a_notice_goes_to_who_left_but_to_nobody_who_complained(
    tmp_path: Path, ledger: Ledger
) -> None:
    with ledger.write() as connection:
        crowd = [
            Subscriber(address=AINO, key="a", standing=Standing.UNSUBSCRIBED),
            Subscriber(address=EINO, key="e", standing=Standing.COMPLAINED),
        ]
        people.add_subscribers(connection, crowd, JOINED)

    end = _ask(_settings(tmp_path, "outbox", None), ledger, AINO, EINO)

    assert end is End.DONE
    assert _mailed(tmp_path, None) == {AINO: 1}


def test_a_notice_goes_to_who_left_by_the_providers_own_link(
    tmp_path: Path, ledger: Ledger
) -> None:
    journal = tmp_path / "journal.jsonl"
    with ProviderServer(
        name="postmark", journal_file=journal, faults=["1:reset-after"], options={"left": AINO}
    ) as server:
        settings = _settings(tmp_path, "postmark", server)

        ends = [_ask(settings, ledger, AINO), _ask(settings, ledger, AINO, EINO)]

        assert ends == [End.DONE, End.DONE]
        assert _counts(ledger) == {State.ACCEPTED: 2}
        [first, second] = server.messages()
        assert {first["stream"], second["stream"]} == {"outbound"}
        assert "unsubscribe" not in json.dumps([first, second]).lower()


def test_who_is_refused_is_not_asked_about_again_and_again(tmp_path: Path, ledger: Ledger) -> None:
    with _server("smtp", tmp_path, "1:550-rcpt") as server:
        settings = _settings(tmp_path, "smtp", server)

        ends = [_ask(settings, ledger, AINO), _ask(settings, ledger, AINO)]

        assert ends == [End.DONE, End.DONE]
        assert _counts(ledger) == {State.REJECTED: 1}
        assert _mailed(tmp_path, server) == {}


def test_a_former_address_of_who_complained_gets_no_notice(tmp_path: Path, ledger: Ledger) -> None:
    with ledger.write() as connection:
        aino = Subscriber(address=AINO, key="a", standing=Standing.COMPLAINED)
        people.add_subscribers(connection, [aino], JOINED)
        people.rename_subscriber(connection, aino, "new@example.org", JOINED)

    outcome = _notify(_settings(tmp_path, "outbox", None), ledger, NOTICE, AINO, EINO)

    assert outcome.skipped == ((AINO, "complained"),)
    assert _mailed(tmp_path, None) == {EINO: 1}


def _complains(ledger: Ledger, earlier: Send) -> None:
    with ledger.write() as connection:
        said = [Departure(AINO, Standing.COMPLAINED, "")]
        events.note_departures(connection, earlier.id, said, JOINED)


def _joins_and_complains(ledger: Ledger, _: Send) -> None:
    with ledger.write() as connection:
        aino = Subscriber(address=AINO, key="a", standing=Standing.COMPLAINED)
        people.add_subscribers(connection, [aino], JOINED)


@pytest.mark.parametrize("happens", [_complains, _joins_and_complains])
def test_a_complaint_of_a_stranger_between_plan_and_claim_keeps_the_notice_from_them(
    happens: Callable[[Ledger, Send], None], tmp_path: Path, ledger: Ledger
) -> None:
    settings = _settings(tmp_path, "outbox", None)
    earlier = freeze_notice(settings, ledger, replace(NOTICE, key="earlier"), [AINO], JOINED)
    freeze_notice(settings, ledger, NOTICE, [AINO, EINO], JOINED)

    happens(ledger, earlier)
    outcome = _notify(settings, ledger, NOTICE, AINO, EINO)

    assert outcome.skipped == ((AINO, "complained"),)
    assert _mailed(tmp_path, None) == {EINO: 1}


def test_who_asks_is_told_what_became_of_the_mail_to_whom_they_named(
    tmp_path: Path, ledger: Ledger
) -> None:
    with ledger.write() as connection:
        crowd = [Subscriber(address=EINO, key="e", standing=Standing.COMPLAINED)]
        people.add_subscribers(connection, crowd, JOINED)
    with _server("smtp", tmp_path, "1:550-rcpt") as server:
        settings = _settings(tmp_path, "smtp", server)

        refused = _notify(settings, ledger, NOTICE, AINO)
        skipped = _notify(settings, ledger, NOTICE, EINO)
        accepted = _notify(settings, ledger, NOTICE, "elsa@example.org", "Elsa@example.org")

    assert [o.state for o in (refused, skipped, accepted)] == [End.DONE] * 3
    assert [address for address, _ in refused.refused] == [AINO]
    assert "550" in refused.refused[0][1]
    assert skipped.skipped == ((EINO, "complained"),)
    assert skipped.refused == accepted.refused == accepted.skipped == ()
    assert (refused.accepted, skipped.accepted, accepted.accepted) == (0, 0, 1)


# --- asked for again ----------------------------------------------------------------------


def test_a_notice_that_was_cancelled_goes_to_nobody_more(tmp_path: Path, ledger: Ledger) -> None:
    settings = _settings(tmp_path, "outbox", None)
    _ask(settings, ledger, AINO)
    with ledger.read() as connection:
        send = sends.find_send(connection, f"rehearsal:notice:{NOTICE.kind}:{NOTICE.key}")
    assert send
    mailing.cancel(settings, ledger, send, JOINED)

    assert _ask(settings, ledger, EINO) is End.CANCELLED
    assert _mailed(tmp_path, None) == {AINO: 1}


def test_a_notice_goes_on_through_the_provider_of_today(tmp_path: Path, ledger: Ledger) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with _server("brevo", tmp_path) as before, _server("postmark", other) as after:
        _ask(_settings(tmp_path, "brevo", before), ledger, AINO)

        end = _ask(_settings(other, "postmark", after), ledger, AINO, EINO)

        assert end is End.DONE
        assert (_mailed(tmp_path, before), _mailed(other, after)) == ({AINO: 1}, {EINO: 1})


def test_a_notice_in_doubt_at_another_provider_is_left_as_it_is(
    tmp_path: Path, ledger: Ledger
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with _server("smtp", tmp_path, "1:reset-after") as before, _server("brevo", other) as after:
        _ask(_settings(tmp_path, "smtp", before), ledger, AINO)

        with pytest.raises(ConfigError, match="begun through smtp"):
            _ask(_settings(other, "brevo", after), ledger, EINO)

        assert _counts(ledger) == {State.UNKNOWN: 1}
        assert _ask(_settings(tmp_path, "smtp", before), ledger, AINO, EINO) is End.UNKNOWN
        assert _counts(ledger) == {State.UNKNOWN: 1, State.ACCEPTED: 1}


def test_a_notice_that_two_ask_for_goes_to_both_when_one_ends_as_the_other_begins(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = _settings(tmp_path, "outbox", None)
    has_begun, has_noted, ends = Event(), Event(), list[End]()
    send_batches, set_state = run_of._send_batches, session.set_state

    def wait_before_batches(run: Run, concurrency: int) -> None:
        if current_thread() is second:  # it has begun the send, and claimed nothing yet
            has_begun.set()
            has_noted.wait(60)
        send_batches(run, concurrency)

    def note_while_the_other_begins(run: Run, state: SendState, *, reason: str = "") -> bool:
        if current_thread() is second or has_noted.is_set():
            return set_state(run, state, reason=reason)
        second.start()  # this one has counted that all of its own are decided
        has_begun.wait(60)
        try:
            return set_state(run, state, reason=reason)
        finally:
            has_noted.set()

    second = Thread(target=lambda: ends.append(_ask(settings, ledger, EINO)))
    monkeypatch.setattr(run_of, "_send_batches", wait_before_batches)
    monkeypatch.setattr(run_of, "set_state", note_while_the_other_begins)

    ends.append(_ask(settings, ledger, AINO))
    join(second)

    assert ends == [End.DONE] * 2
    assert _mailed(tmp_path, None) == {AINO: 1, EINO: 1}


# --- when something goes wrong ------------------------------------------------------------


@pytest.mark.long
def test_a_process_that_is_killed_in_the_call_leaves_a_notice_that_goes_out_once(
    tmp_path: Path, ledger: Ledger, place: Path | str
) -> None:
    with _server("brevo", tmp_path, "1:slow:60") as server:  # it takes the call, and is silent
        settings = _settings(tmp_path, "brevo", server)
        words = [str(tmp_path), str(place), AINO]
        asking = Forked(words, environment=dict(os.environ), module="tests.mailing.asked")
        try:
            wait_until(lambda: _mailed(tmp_path, server) or asking.poll() is not None)
            assert asking.poll() is None
        finally:
            asking.end()
        assert _counts(ledger) == {State.SENDING: 1}

        end = _ask(settings, ledger, AINO, EINO)

        assert end is End.DONE
        assert _mailed(tmp_path, server) == {AINO: 1, EINO: 1}
        assert _counts(ledger) == {State.ACCEPTED: 2}


@pytest.mark.parametrize(
    ("decision", "counts"),
    [
        (WhenUnknown.SKIP, {State.ABANDONED: 1}),
        (WhenUnknown.RESEND, {State.ACCEPTED: 1}),
    ],
)
def test_a_notice_whose_fate_nobody_can_know_waits_for_a_decision(
    tmp_path: Path, ledger: Ledger, decision: WhenUnknown, counts: dict[State, int]
) -> None:
    with _server("smtp", tmp_path, "1:reset-after") as server:
        settings = _settings(tmp_path, "smtp", server)

        ends = [_ask(settings, ledger, AINO), _ask(settings, ledger, AINO)]

        assert ends == [End.UNKNOWN, End.UNKNOWN]
        assert _counts(ledger) == {State.UNKNOWN: 1}
        assert _ask(settings, ledger, AINO, unknown=decision) is End.DONE
        assert _counts(ledger) == counts


# --- apart from issues --------------------------------------------------------------------


def test_no_list_of_issues_has_a_notice_in_it(tmp_path: Path, ledger: Ledger) -> None:
    with _server("smtp", tmp_path) as server:
        _ask(_settings(tmp_path, "smtp", server), ledger, AINO)

    with ledger.read() as connection:
        assert sends.list_sends(connection) == sends.list_attempts(connection) == []


def test_status_shows_notices_apart_from_issues(site: Site) -> None:
    with _server("smtp", site.root, "2:reset-after") as server:
        settings = _settings(site.root, "smtp", server)
        database = '\n[database]\nurl = "sqlite:///l.db"\n'
        with (site.root / "newsletter.toml").open("a", encoding="utf-8") as file:
            file.write(database)
        own = open_ledger(site.root / "l.db")
        _ask(settings, own, AINO)
        _ask(settings, own, EINO)
        own.close()

        plain, shown = site.run("status"), site.run("status", "--notices").stdout
        [told] = json.loads(site.run("status", "--notices", "--json").stdout)

        assert plain.stdout == ""
        assert "confirmation  1 notice: 1 accepted, 1 unknown" in shown
        assert told["counts"]["accepted"] == told["counts"]["unknown"] == 1
        [scope] = told["unknown"]
        site.run("send", scope, "--unknown", "skip", "--yes")
        assert "1 accepted, 1 skipped" in site.run("status", "--notices").stdout
