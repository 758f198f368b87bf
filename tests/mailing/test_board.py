"""The board is mailed the report on each issue, each of them once, when its time has come."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from newsletter.errors import ProviderError
from newsletter.jobs import work
from newsletter.ledger import Ledger, open_ledger, queue, sends
from newsletter.mailing import board
from newsletter.mailing.backlog import find_fault
from newsletter.model import UNREPORTED
from newsletter.settings import Settings, load_settings
from tests.mailing.test_alarms import settings_in
from tests.mailing.worked import work_once
from tests.servers.smtp import Mailbox, SmtpServer
from tests.stats.sent import HUMAN, copies_of, is_seen, issue_goes_out, people_join

CHAIR, TREASURER = "puheenjohtaja@example.org", "rahasto@example.org"
ISSUE = "2026-06"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with 40 people."""
    opened = open_ledger(tmp_path / "newsletter.db")
    with opened.write() as connection:
        people_join(connection, 40)
    yield opened
    opened.close()


def reporting(folder: Path, server: Mailbox | None, *to: str, port: int = 0) -> Settings:
    """Return settings by which the report on an issue goes to somebody after eight days."""
    settings_in(folder, server, port=port)
    file = folder / "newsletter.toml"
    named = ", ".join(f'"{address}"' for address in to or (CHAIR,))
    file.write_text(f"{file.read_text('utf-8')}\n[report]\nto = [{named}]\n", "utf-8")
    return load_settings(folder)


def issue_was_sent(
    ledger: Ledger, days: float, issue_id: str = ISSUE, *, window_days: int = 7
) -> int:
    """Send an issue so many days ago; a quarter of its readers opened it."""
    begun = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    with ledger.write() as connection:
        send = issue_goes_out(connection, issue_id, begun=begun, window_days=window_days)
        is_seen(connection, send, dict.fromkeys(copies_of(connection, send)[:10], HUMAN))
    return send


def round_of(settings: Settings, ledger: Ledger) -> None:
    """Do what the job does every hour."""
    work_once(work.mail_reports, settings, ledger)


def mailed(server: Mailbox) -> list[str]:
    return sorted(str(mail["email"]) for mail in server.messages())


def test_each_of_the_board_gets_the_report_once(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    settings = reporting(tmp_path, server, f"Puheenjohtaja <{CHAIR}>", TREASURER)
    issue_was_sent(ledger, days=8.1)

    for _ in range(3):
        round_of(settings, ledger)

    assert mailed(server) == [CHAIR, TREASURER]
    mail = server.messages()[0]
    assert mail["subject"] == f"Kirje: {ISSUE} in figures"
    assert "40" in mail["text"]
    assert "<html" in mail["html"]
    assert "@example.org" not in mail["text"] + mail["html"]


@pytest.mark.parametrize("days", [7.9, 22.1])
def test_what_is_not_due_or_no_news_any_more_is_not_mailed(
    days: float, tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    issue_was_sent(ledger, days)

    round_of(reporting(tmp_path, server), ledger)

    assert mailed(server) == []


def test_no_report_goes_out_before_the_figures_are_final(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    settings = reporting(tmp_path, server)
    issue_was_sent(ledger, days=14.9, window_days=14)
    round_of(settings, ledger)
    assert mailed(server) == []

    issue_was_sent(ledger, 15.1, "2026-05", window_days=14)
    round_of(settings, ledger)

    assert [mail["subject"] for mail in server.messages()] == ["Kirje: 2026-05 in figures"]


def test_who_is_named_later_gets_it_too_though_its_words_are_others_by_then(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    send = issue_was_sent(ledger, days=9)
    round_of(reporting(tmp_path, server), ledger)
    with ledger.write() as connection:
        is_seen(connection, send, dict.fromkeys(copies_of(connection, send)[10:30], HUMAN))

    round_of(reporting(tmp_path, server, CHAIR, TREASURER), ledger)

    assert mailed(server) == [CHAIR, TREASURER]


def test_the_report_is_on_that_issue_even_when_the_next_one_is_out(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    issue_was_sent(ledger, days=9)
    issue_was_sent(ledger, 1, "2026-07")

    round_of(reporting(tmp_path, server), ledger)

    [mail] = server.messages()
    assert mail["subject"] == f"Kirje: {ISSUE} in figures"
    assert "2026-07" not in mail["text"]


def test_the_local_outbox_mails_no_board(tmp_path: Path, ledger: Ledger) -> None:
    issue_was_sent(ledger, days=9)

    round_of(reporting(tmp_path, None), ledger)

    assert not (tmp_path / "outbox").exists()


def test_while_nothing_can_be_mailed_the_job_fails_and_the_report_follows(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    issue_was_sent(ledger, days=9)
    with pytest.raises(ProviderError, match="the report on an issue did not go out"):
        round_of(reporting(tmp_path, server, port=1), ledger)  # where nobody listens

    round_of(reporting(tmp_path, server), ledger)

    assert mailed(server) == [CHAIR]


def test_an_address_that_is_refused_is_told_to_the_editor_once_and_tried_no_more(
    tmp_path: Path, ledger: Ledger
) -> None:
    issue_was_sent(ledger, days=9)
    with SmtpServer(journal_file=tmp_path / "j.jsonl", faults=["1:550-rcpt"]) as server:
        settings = reporting(tmp_path, server, CHAIR, TREASURER)
        for _ in range(3):
            round_of(settings, ledger)
            with ledger.read() as connection:
                [trouble] = queue.list_untold(connection)
                fault = find_fault(connection, trouble)

        assert mailed(server) == [TREASURER]
        assert "550" in fault.reason
        assert "[report]" in fault.cure
        assert len([line for line in server.journal() if "email" in line]) == 1
        round_of(reporting(tmp_path, server, TREASURER), ledger)
    with ledger.read() as connection:
        assert queue.list_troubled(connection) == set()


def test_a_refusal_that_nobody_noted_as_the_process_ended_is_told(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_was_sent(ledger, days=9)
    with SmtpServer(journal_file=tmp_path / "j.jsonl", faults=["1:550-rcpt"]) as server:
        settings = reporting(tmp_path, server)
        with monkeypatch.context() as patch:
            patch.setattr(queue, "note_trouble", _die)
            with pytest.raises(KilledError):
                round_of(settings, ledger)

        round_of(settings, ledger)

    with ledger.read() as connection:
        assert [trouble.name for trouble in queue.list_untold(connection)] == [UNREPORTED]


class KilledError(BaseException):
    """The process ends, wherever it is."""


def _die(*_args: object, **_values: object) -> None:
    raise KilledError


@pytest.mark.parametrize(
    ("part", "where"),
    [(board, "freeze_notice"), (board, "begin_again"), (work, "carry_on"), (board, "has_ended")],
)
def test_a_kill_at_any_point_leaves_one_mail(
    part: ModuleType,
    where: str,
    tmp_path: Path,
    ledger: Ledger,
    server: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    issue_was_sent(ledger, days=9)
    settings = reporting(tmp_path, server)
    with monkeypatch.context() as patch:
        patch.setattr(part, where, _die)
        with pytest.raises(KilledError):
            round_of(settings, ledger)

    round_of(settings, ledger)
    round_of(settings, ledger)

    assert mailed(server) == [CHAIR]


def test_a_notice_of_it_names_nobody_where_the_editor_looks(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    issue_was_sent(ledger, days=9)
    round_of(reporting(tmp_path, server), ledger)

    with ledger.read() as connection:
        send = sends.find_by_id(connection, 2)

    assert send
    assert send.scope.startswith(f"notice:report:figures-{ISSUE}-")
    assert "@" not in send.scope
