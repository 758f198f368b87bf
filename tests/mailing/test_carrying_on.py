"""A job carries a send on as far as it goes, and says when to do so again."""

import datetime as dt
import random
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import event

from newsletter import mailing, pipeline
from newsletter.delivery import Clock
from newsletter.errors import ConfigError
from newsletter.ledger import losses, open_ledger, people, queue, sends
from newsletter.mailing import worker_of
from newsletter.mailing.handover import LONGEST_WAIT, carrying
from newsletter.model import CARRY_ON, JobState, SendState, Subscriber, Timing
from newsletter.settings import load_settings
from tests.conftest import ISSUE, Site
from tests.ledger.blank import open_blank
from tests.ledger.killing import lose

NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)


def _carry_on(site: Site, issue_id: str, *, now: dt.datetime = NOW) -> dt.datetime | None:
    """Carry the send of an issue on; return when to do so again."""
    settings, ledger, stop = load_settings(site.root), open_ledger(site.root / "l.db"), Event()
    clock = Clock(now=lambda: now, sleep=stop.wait, random=random.Random(1))
    with ledger.read() as connection:
        send = sends.find_rehearsal(connection, issue_id)
    assert send
    with closing(ledger), worker_of(settings, ledger, is_serving=True) as worker:
        return mailing.carry_on(
            settings,
            ledger,
            send.id,
            worker=worker,
            clock=clock,
            progress=lambda *_: None,
            stop=stop,
        )


@pytest.fixture
def served(site: Site) -> Site:
    """A ledger with two sends under way: the first has a link, and no secret to sign it with."""
    ledger = open_blank(site.root / "l.db")
    with ledger.write() as connection:
        people.add_subscribers(connection, [Subscriber(address="p@example.org", key="k")], NOW)
    site.environment["NEWSLETTER_SECRET"] = "x" * 40
    for issue in ("2026-05", "2026-06"):
        site.write(f"issues/{issue}.md", ISSUE)
        settings = load_settings(site.root)
        manuscript = pipeline.read(settings, issue)
        plan = pipeline.plan(settings, manuscript, ledger, now=NOW)
        send = pipeline.freeze(settings, plan, ledger, now=NOW)
        with ledger.write() as connection:
            sends.set_send_state(connection, send.id, SendState.SENDING)
            if issue == "2026-05":
                connection.exec_driver_sql(
                    "UPDATE sends SET public_url = 'https://www.example.org' WHERE id = ?",
                    (send.id,),
                )
    ledger.close()
    return site


def test_an_issue_for_later_that_was_paused_and_resumed_waits_for_its_time(site: Site) -> None:
    ledger = open_blank(site.root / "l.db")
    with ledger.write() as connection:
        people.add_subscribers(connection, [Subscriber(address="p@example.org", key="k")], NOW)
    site.write("issues/2026-06.md", ISSUE)
    settings, timing = load_settings(site.root), Timing(at=NOW + dt.timedelta(days=2))
    planned = pipeline.plan(settings, pipeline.read(settings, "2026-06"), ledger, now=NOW)
    send = pipeline.freeze(settings, planned, ledger, now=NOW, timing=timing)

    mailing.pause(ledger, send)
    mailing.resume(ledger, send, NOW)
    again = _carry_on(site, "2026-06")
    resumed = mailing.look_at(ledger, send).send.state
    with ledger.write() as connection:  # as an older version resumed it
        sends.set_send_state(connection, send.id, SendState.SENDING)
    _carry_on(site, "2026-06")
    ledger.close()

    assert again == NOW + dt.timedelta(days=2)
    assert resumed is SendState.SCHEDULED
    assert _mailed(site) == []


def _mailed(site: Site) -> list[str]:
    return [Path(path).parent.name for path in (site.root / "outbox").glob("*/*.eml")]


def test_a_send_that_cannot_be_carried_on_says_why_and_the_next_goes_out(served: Site) -> None:
    with pytest.raises(ConfigError, match="NEWSLETTER_SECRET"):
        _carry_on(served, "2026-05")

    assert _carry_on(served, "2026-06") is None
    assert len(_mailed(served)) == 1
    assert "2026-06" in _mailed(served)[0]


def test_a_send_that_is_done_needs_nobody_more(served: Site) -> None:
    _carry_on(served, "2026-06")

    assert _carry_on(served, "2026-06") is None
    assert len(_mailed(served)) == 1


def test_a_send_through_another_account_is_left_to_others(served: Site) -> None:
    served.settings(name='name = "smtp"\nhost = "mail.example.org"')

    again = _carry_on(served, "2026-06")

    assert again
    assert again > NOW
    assert _mailed(served) == []


def test_sends_that_no_job_is_about_are_found_and_asked_for_once(served: Site) -> None:
    ledger = open_ledger(served.root / "l.db")
    with closing(ledger):
        for _ in range(2):
            mailing.find_forgotten(ledger, NOW, anew=False)
        with ledger.read() as connection:
            keys = queue.list_keys(connection, due_by=NOW)

    assert keys == {"send:1:0", "send:2:0"}


def test_a_job_that_a_clock_ahead_put_off_for_days_is_asked_for_at_once(served: Site) -> None:
    ledger = open_ledger(served.root / "l.db")
    waits = {1: LONGEST_WAIT, 2: dt.timedelta(days=3)}
    with closing(ledger):
        with ledger.write() as connection:
            for send, wait in waits.items():
                found = sends.find_by_id(connection, send)
                assert found
                queue.put(connection, carrying(found, 0, due=NOW + wait))
        mailing.find_forgotten(ledger, NOW, anew=False)
        with ledger.read() as connection:
            due = [job.due for job in queue.list_jobs(connection)]

    assert due == [NOW + LONGEST_WAIT, None]


def test_the_backlog_takes_as_many_questions_however_many_jobs_there_are(served: Site) -> None:
    settings, ledger = load_settings(served.root), open_ledger(served.root / "l.db")
    asked, counts = list[str](), list[int]()
    with closing(ledger):
        event.listen(ledger.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        for lanes in (1, 12):
            with ledger.write() as connection:
                [send, _] = sends.list_running(connection)
                for lane in range(lanes):
                    queue.put(connection, carrying(send, lane))
            asked.clear()
            tasks = mailing.find_backlog(settings, ledger).tasks
            counts.append(len(asked))

    assert [task.send and task.send.issue_id for task in tasks] == ["2026-05"] * 12
    assert counts[0] == counts[1]


def test_who_joins_in_takes_up_what_failed_before(served: Site) -> None:
    ledger = open_ledger(served.root / "l.db")
    trouble = queue.Trouble(key="send:1:0", name=CARRY_ON, reason="x", is_final=True, at=NOW)
    with closing(ledger):
        with ledger.write() as connection:
            queue.note_trouble(connection, trouble)
        mailing.find_forgotten(ledger, NOW, anew=True)
        with ledger.read() as connection:
            assert queue.list_untold(connection) == []
            assert "send:1:0" in queue.list_keys(connection, due_by=NOW)


def test_who_joins_in_leaves_what_ends_each_worker_to_the_editor(served: Site) -> None:
    ledger = open_ledger(served.root / "l.db")
    with closing(ledger):
        mailing.find_forgotten(ledger, NOW, anew=False)
        with ledger.write() as connection:
            lose(connection, losses.MOST)
        mailing.find_forgotten(ledger, NOW, anew=True)
        with ledger.read() as connection:
            states = [job.state for job in queue.list_jobs(connection)]

    assert states == [JobState.FAILED] * 2


def test_the_jobs_of_a_send_are_forgotten_with_its_end(served: Site) -> None:
    ledger = open_ledger(served.root / "l.db")
    with closing(ledger):
        mailing.find_forgotten(ledger, NOW, anew=False)
        _carry_on(served, "2026-06")
        with ledger.read() as connection:
            assert queue.list_keys(connection, due_by=NOW) == {"send:1:0"}
