"""The editor is told once of what came in, and a sender once of what became of it."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from newsletter import meetings
from newsletter.agenda import meetings_of
from newsletter.consent import word_publication
from newsletter.contributions import Decision, Shelf, accept, decline
from newsletter.jobs import Context, work
from newsletter.ledger import Ledger, contributions, sends
from newsletter.mailing import contribution_mails
from newsletter.model import Contribution, ContributionKind
from newsletter.model.meeting import Attending, Registration
from newsletter.settings import Settings, load_settings
from tests.ledger.examples import NOW
from tests.mailing.test_alarms import KilledError, die, settings_in
from tests.mailing.worked import work_once
from tests.servers.smtp import Mailbox

DAY = dt.timedelta(days=1)
SENDER = "aino@example.org"
NEWS = Contribution(
    kind=ContributionKind.NEWS,
    received_at=NOW,
    name="Aino Esimerkki",
    address=SENDER,
    language="sv",
    region="Lappi",
    title="Työpaja <b>&</b> {{ name }}",
    text="Hyvä teksti https://spam.example/",
    wording=word_publication("sv", title="Kirje").digest,
    digest="1" * 64,
)
REQUEST = replace(NEWS, kind=ContributionKind.REQUEST, digest="2" * 64, dates="keväällä")
DECISION = Decision(now=NOW, secret="x")  # noqa: S106 - of tests


def put(ledger: Ledger, *new: Contribution, picture: bytes | None = None) -> list[int]:
    """Let contributions come in; return their numbers."""
    with ledger.write() as connection:
        for one in new:
            assert contributions.add_contribution(connection, one, picture)
        found = contributions.list_contributions(connection)
    return sorted(one.id for one in found)


def test_the_editor_is_told_once_and_only_of_what_is_new(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    settings = settings_in(tmp_path, server, language="fi")
    work_once(work.mail_contributions, settings, ledger)
    assert server.messages() == []
    put(ledger, NEWS, REQUEST)

    work_once(work.mail_contributions, settings, ledger)
    work_once(work.mail_contributions, settings, ledger)
    put(ledger, replace(NEWS, digest="3" * 64, title="Kolmas"))
    work_once(work.mail_contributions, settings, ledger)

    first, second = server.messages()
    assert first["email"] == "toimitus@example.org"
    assert first["subject"] == "Kirje: 2 uutta juttuvinkkiä ja pyyntöä"
    assert "Juttuvinkki uutiskirjeeseen: Työpaja <b>&</b> {{ name }} (Lappi)" in first["text"]
    assert "Työpaja &lt;b&gt;&amp;&lt;/b&gt;" in first["html"]
    assert SENDER not in first["text"] + first["html"]
    assert "Kolmas" in second["text"]
    assert "keväällä" not in second["text"]


def test_of_a_flood_the_editor_reads_a_number(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    flood = [replace(NEWS, digest=f"{n:064}", title=f"Win {n}", is_slow=True) for n in range(10)]
    put(ledger, *flood, replace(NEWS, title="Oikea"))

    work_once(work.mail_contributions, settings_in(tmp_path, server, language="en"), ledger)

    [mail] = server.messages()
    assert "Oikea" in mail["text"]
    assert "Win" not in mail["text"]
    assert "10 came while very much was sent in" in re.sub(r"\s+", " ", mail["text"])


def test_a_sender_is_thanked_once_in_their_language(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    settings = settings_in(tmp_path, server, language="fi")
    [news] = put(ledger, NEWS)
    accept(ledger, news, Shelf(folder=tmp_path / "m", issue="2027-01", head=""), DECISION)

    for _ in range(2):
        work_once(work.mail_contributions, settings, ledger)
        for send in contribution_mails.freeze_partings(settings, ledger, NOW):
            pytest.fail(f"{send} is mailed again")
    _carry_all(settings, ledger)

    [mail] = [m for m in server.messages() if m["email"] == SENDER]
    assert mail["subject"] == "Kirje: ditt bidrag är godkänt"
    assert "spam.example" not in mail["text"] + mail["html"]


def test_regrets_have_no_word_that_was_typed(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    settings = settings_in(tmp_path, server, language="fi")
    ids = put(ledger, NEWS, REQUEST)
    decline(ledger, ids, DECISION)

    work_once(work.mail_contributions, settings, ledger)
    _carry_all(settings, ledger)

    mails = [m for m in server.messages() if m["email"] == SENDER]
    assert len(mails) == 2
    for mail in mails:
        assert "Työpaja" not in mail["text"] + mail["html"] + mail["subject"]


def test_the_editor_is_told_once_what_changed_after_the_deadline_of_a_meeting(
    tmp_path: Path, ledger: Ledger, server: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contribution_mails, "_SETTLED", dt.timedelta())
    settings = settings_in(tmp_path, server, language="en")
    now = dt.datetime.now(dt.UTC)
    day = theme_day(tmp_path, now)
    aino, bo = (enter(ledger, day, name, now) for name in ("Aino", "Bo"))
    work_once(work.mail_contributions, settings, ledger)
    assert server.messages() == []

    meetings.cancel(ledger, day, aino.key, now)
    needs = meetings.Entry(attending=bo.attending, name="Bo", needs="gluten")
    meetings.change(ledger, day, bo.key, needs, now)
    put(ledger, NEWS)
    for _ in range(2):
        work_once(work.mail_contributions, settings, ledger)
    meetings.cancel(ledger, day, bo.key, dt.datetime.now(dt.UTC))
    work_once(work.mail_contributions, settings, ledger)

    first, second = (re.sub(r"\s+", " ", mail["text"]) for mail in server.messages())
    assert "changed after the deadline: 1 cancelled, what they need: 1." in first
    assert "Työpaja" in first
    assert "changed after the deadline: 1 cancelled." in second
    assert "gluten" not in first
    assert server.messages()[1]["subject"] == "Kirje: changes after a deadline"


def test_a_change_that_was_begun_before_the_mail_and_written_down_after_it_is_told_by_the_next(
    tmp_path: Path, ledger: Ledger, server: Mailbox
) -> None:
    settings = settings_in(tmp_path, server, language="en")
    now = dt.datetime.now(dt.UTC)
    day = theme_day(tmp_path, now)
    aino, bo = (enter(ledger, day, name, now) for name in ("Aino", "Bo"))
    meetings.cancel(ledger, day, aino.key, now - DAY)
    first = contribution_mails.freeze_digest(settings, ledger, now)
    _carry_all(settings, ledger)
    assert first
    assert contribution_mails.note_digest(settings, ledger, first, now)

    meetings.cancel(ledger, day, bo.key, now - dt.timedelta(seconds=30))  # it waited for a lock

    assert contribution_mails.freeze_digest(settings, ledger, now + DAY) is not None


def test_a_mail_that_was_begun_and_has_nothing_left_to_tell_is_not_sent(
    tmp_path: Path, ledger: Ledger, server: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_in(tmp_path, server, language="en")
    now = dt.datetime.now(dt.UTC)
    day = theme_day(tmp_path, now)
    aino = enter(ledger, day, "Aino", now)
    meetings.cancel(ledger, day, aino.key, now)
    with monkeypatch.context() as patch:
        patch.setattr(contribution_mails, "say_digest", die)
        with pytest.raises(KilledError):
            contribution_mails.freeze_digest(settings, ledger, now + DAY / 24)
    meetings.undo(ledger, day, aino.key, now + DAY / 24)

    assert contribution_mails.freeze_digest(settings, ledger, now + DAY / 12) is None
    meetings.cancel(ledger, day, aino.key, now + DAY)
    assert contribution_mails.freeze_digest(settings, ledger, now + DAY * 1.1) is not None


def theme_day(folder: Path, now: dt.datetime) -> meetings.Meeting:
    """Write a meeting in two days, whose deadline was yesterday."""
    start, deadline = (now + 2 * DAY).date(), (now - 2 * DAY).date()
    head = f"title: Päivä\nstart: {start} 09:00\nend: 15:00\nplace: Talo\ndeadline: {deadline}"
    (folder / "meetings").mkdir()
    (folder / "meetings/day.md").write_text(f"---\n{head}\n---\nHei!\n", "utf-8")
    [found] = meetings_of(load_settings(folder)).meetings
    return found


def enter(ledger: Ledger, day: meetings.Meeting, name: str, at: dt.datetime) -> Registration:
    """Let somebody have registered in time."""
    entry = meetings.Entry(attending=Attending.ON_SITE, name=name)
    return meetings.register(ledger, day, entry, address="", now=at - 9 * DAY, by_editor=True)


@pytest.mark.parametrize(
    ("part", "where"),
    [
        (contribution_mails, "say_digest"),
        (contribution_mails, "freeze_notice"),
        (contribution_mails, "begin_again"),
        (work, "carry_on"),
        (contribution_mails, "has_ended"),
    ],
)
def test_killed_anywhere_the_editor_has_one_mail_whatever_was_decided_meanwhile(
    part: ModuleType,
    where: str,
    tmp_path: Path,
    ledger: Ledger,
    server: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = settings_in(tmp_path, server, language="en")
    [news] = put(ledger, NEWS, picture=b"JPEG")
    with monkeypatch.context() as patch:
        patch.setattr(part, where, die)
        with pytest.raises(KilledError):
            work_once(work.mail_contributions, settings, ledger)
    decline(ledger, [news], replace(DECISION, is_mailed=False))

    work_once(work.mail_contributions, settings, ledger)
    work_once(work.mail_contributions, settings, ledger)

    assert len(server.messages()) == 1


def test_the_local_outbox_tells_the_editor_nothing(tmp_path: Path, ledger: Ledger) -> None:
    put(ledger, NEWS)

    work_once(work.mail_contributions, settings_in(tmp_path, None), ledger)

    with ledger.read() as connection:
        assert contributions.list_untold(connection)[0] == ""


def _carry_all(settings: Settings, ledger: Ledger) -> None:
    """Carry on with what is under way, as those who serve do."""
    with ledger.read() as connection:
        running = [send.id for send in sends.list_running(connection)]

    def carry(context: Context) -> None:
        for send in running:
            work.carry_on(context, send)

    work_once(carry, settings, ledger)
