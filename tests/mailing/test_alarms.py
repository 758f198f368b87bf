"""The editor is mailed once about each trouble, whatever is killed, and later if not now."""

import datetime as dt
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from types import ModuleType

import pytest

from newsletter.errors import ProviderError
from newsletter.jobs import work
from newsletter.language import say
from newsletter.ledger import Ledger, list_notices, queue, sends
from newsletter.ledger.queue import Trouble
from newsletter.mailing import alarms
from newsletter.model import ALARM, SENDS, Job, SendState, State
from newsletter.settings import Settings, load_settings
from tests.ledger.examples import NOW, begin
from tests.mailing.worked import work_once
from tests.servers.smtp import Mailbox, SmtpServer

EDITOR = "toimitus@example.org"
SETTINGS = """\
[newsletter]
title = "Kirje"
language = "{language}"
from = "Kirje <kirje@example.org>"
reply_to = "Toimitus <{editor}>"
sender = "Säätiö, Katu 1"
[provider]
name = "{name}"
{where}
"""
TIDY = Trouble(key="tidy", name="tidy", reason=say("no key"), is_final=True, at=NOW)
CARRYING = replace(TIDY, key="send:1:0", name="carry-on", reason=say("the ledger is away"))


def settings_in(
    folder: Path,
    server: Mailbox | None,
    *,
    language: str = "en",
    editor: str = EDITOR,
    port: int = 0,
) -> Settings:
    """Return settings that mail through a server, or to the outbox."""
    where = ""
    if server:
        port = port or server.port
        where = f'host = "{server.host}"\nport = {port}\nsecurity = "none"'
    (folder / "newsletter.toml").write_text(
        SETTINGS.format(
            name="smtp" if server else "outbox", where=where, language=language, editor=editor
        ),
        "utf-8",
    )
    return load_settings(folder)


def alarm(settings: Settings, ledger: Ledger) -> None:
    """Do what the job does every five minutes."""
    work_once(work.alarm, settings, ledger)


def note(ledger: Ledger, *troubles: Trouble) -> None:
    """Let something go wrong."""
    with ledger.write() as connection:
        for trouble in troubles:
            queue.note_trouble(connection, trouble)


def stop_an_issue(ledger: Ledger, reason: str = "credit is used up") -> int:
    """Plan an issue whose sending then stops by itself."""
    with ledger.write() as connection:
        send_id = begin(connection, 1)
        sends.set_send_state(connection, send_id, SendState.STOPPED, reason=reason)
    return send_id


def untold(ledger: Ledger) -> list[str]:
    """Return the keys of what the editor was not told of."""
    with ledger.read() as connection:
        return [trouble.key for trouble in queue.list_untold(connection)]


def mails(server: Mailbox) -> list[tuple[str, str, str]]:
    """Return the subject, text and HTML of each mail, all of which went to the editor."""
    sent = server.messages()
    assert {mail["email"] for mail in sent} <= {EDITOR}
    return [(m["subject"], m["text"].replace("\r\n", "\n"), m["html"]) for m in sent]


def test_the_editor_is_mailed_once_with_what_happened_why_and_the_command(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    settings = settings_in(tmp_path, server)
    note(ledger, TIDY)

    alarm(settings, ledger)
    alarm(settings, ledger)

    [(subject, text, html)] = mails(server)
    assert subject == "Kirje: something needs your hand"
    for part in (text, unescape(re.sub(r"<[^>]+>", "", html))):
        assert "Failed: clearing away what failed long ago" in part
        assert "no key" in part
        assert "newsletter jobs --retry tidy" in part
    assert untold(ledger) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("fi", "Epäonnistui: vanhojen"), ("sv-FI", "Misslyckades: bortstädning"), ("de", "Failed:")],
)
def test_the_mail_speaks_the_language_of_the_newsletter(
    language: str, words: str, tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    note(ledger, TIDY)

    alarm(settings_in(tmp_path, server, language=language), ledger)

    [(_, text, _)] = mails(server)
    assert words in text


def test_an_issue_whose_sending_stopped_is_told_with_what_goes_on(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    stop_an_issue(ledger)

    for _ in range(2):
        alarm(settings_in(tmp_path, server), ledger)

    [(_, text, _)] = mails(server)
    assert "credit is used up" in text
    assert re.search(r"newsletter send \S+\n", text)


def test_a_send_that_goes_on_and_stops_again_is_told_again(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    send_id, settings = stop_an_issue(ledger), settings_in(tmp_path, server)
    alarm(settings, ledger)

    with ledger.write() as connection:
        sends.begin_sending(connection, send_id)
        sends.set_send_state(connection, send_id, SendState.STOPPED, reason="again")
    alarm(settings, ledger)

    assert ["again" in text for _, text, _ in mails(server)] == [False, True]


def test_a_job_that_is_retried_and_fails_again_is_told_again(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    settings = settings_in(tmp_path, server)
    note(ledger, TIDY)
    alarm(settings, ledger)

    with ledger.write() as connection:
        queue.forget(connection, TIDY.key)
    note(ledger, TIDY)
    alarm(settings, ledger)

    assert len(mails(server)) == 2


def test_what_fails_round_by_round_is_told_once_until_it_succeeds(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    settings = settings_in(tmp_path, server)
    for minute in range(4):
        at = NOW + dt.timedelta(minutes=minute)
        note(ledger, replace(TIDY, at=at, is_final=False), replace(TIDY, at=at))
        alarm(settings, ledger)

    assert len(mails(server)) == 1


def test_many_troubles_are_one_mail_and_the_lanes_of_a_send_one_line(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    with ledger.write() as connection:
        begin(connection, 1)
    lanes = [replace(CARRYING, key=f"send:1:{lane}") for lane in range(4)]
    note(ledger, TIDY, *lanes)

    alarm(settings_in(tmp_path, server), ledger)

    [(_, text, _)] = mails(server)
    assert text.count("the ledger is away") == 1
    assert "newsletter jobs --retry carry-on/send:1\n" in text
    assert untold(ledger) == []


def test_an_address_in_a_reason_is_left_out(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    reason = say("{count:,} deliveries are unknown", count=1)
    note(
        ledger,
        replace(TIDY, reason=say("the last time: {reason}", reason="550 <aino@example.org> left")),
        replace(TIDY, key="b", name="b", reason=reason),
    )

    alarm(settings_in(tmp_path, server), ledger)

    [(_, text, html)] = mails(server)
    assert "550 <…@…> left" in text
    assert "aino@" not in text + html


class KilledError(BaseException):
    """The process ends, wherever it is."""


def die(*_args: object, **_values: object) -> None:
    """End the process."""
    raise KilledError


@pytest.mark.parametrize(
    ("part", "where"),
    [
        (alarms, "write_alarm"),
        (alarms, "freeze_notice"),
        (alarms, "begin_again"),
        (work, "carry_on"),
        (alarms, "has_ended"),
    ],
)
def test_a_kill_at_any_point_leaves_one_mail(
    part: ModuleType,
    where: str,
    tmp_path: Path,
    ledger: Ledger,
    server: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = settings_in(tmp_path, server)
    note(ledger, TIDY)
    with monkeypatch.context() as patch:
        patch.setattr(part, where, die)
        with pytest.raises(KilledError):
            alarm(settings, ledger)
    note(ledger, replace(TIDY, reason=say("another key")), CARRYING)  # meanwhile

    alarm(settings, ledger)
    alarm(settings, ledger)

    told = [text for _, text, _ in mails(server)]
    assert sum("clearing away" in text for text in told) == 1
    assert sum("the ledger is away" in text for text in told) == 1
    assert untold(ledger) == []


def test_while_nothing_can_be_mailed_the_job_fails_and_all_is_told_later(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    note(ledger, TIDY)
    gone = settings_in(tmp_path, server, port=1)  # where nobody listens
    for _ in range(2):
        with pytest.raises(ProviderError) as caught:
            alarm(gone, ledger)
    note(ledger, CARRYING, replace(TIDY, key=ALARM, name=ALARM, reason=caught.value.words))
    assert len(untold(ledger)) == 3

    alarm(settings_in(tmp_path, server), ledger)

    told = "".join(text for _, text, _ in mails(server))
    assert told.count("clearing away") == told.count("the ledger is away") == 1
    assert "did not go out" not in told
    assert untold(ledger) == [ALARM]
    with ledger.read() as connection:
        [tally] = list_notices(connection)
    assert tally.count(State.ACCEPTED) == len(mails(server))


def test_an_editor_with_a_new_address_is_told_there(tmp_path: Path, ledger: Ledger) -> None:
    note(ledger, TIDY)
    with SmtpServer(journal_file=tmp_path / "j.jsonl", faults=["1:550-rcpt"]) as server:
        with pytest.raises(ProviderError, match="550"):
            alarm(settings_in(tmp_path, server, editor="old@example.org"), ledger)
        note(ledger, replace(TIDY, reason=say("another reason")))

        alarm(settings_in(tmp_path, server), ledger)

        [(_, text, _)] = mails(server)
    assert "another reason" in text


def test_the_local_outbox_tells_nobody(tmp_path: Path, ledger: Ledger) -> None:
    note(ledger, TIDY)

    alarm(settings_in(tmp_path, None), ledger)

    assert untold(ledger) == ["tidy"]
    assert not (tmp_path / "outbox").exists()


def test_a_job_that_only_waits_is_no_trouble(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    job = Job(name="carry-on", queue=SENDS, key="send:9:0", args={"send": 9})
    with ledger.write() as connection:
        queue.put(connection, job)  # waits, and has not failed

    alarm(settings_in(tmp_path, server), ledger)

    assert mails(server) == []
