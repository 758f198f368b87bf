"""A worker serves all sends: what is wrong with one keeps no other back, and is told anew."""

import datetime as dt
import random
from pathlib import Path
from threading import Event

import pytest

from newsletter import mailing, pipeline
from newsletter.delivery import Clock
from newsletter.ledger import open_ledger, people, sends
from newsletter.mailing import serve_sends, worker_of
from newsletter.model import SendState, Subscriber, Timing
from newsletter.settings import load_settings
from tests.conftest import ISSUE, Site
from tests.ledger.blank import open_blank

NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)


def _serve(site: Site, *, rounds: int, idle: float) -> list[str]:
    """Serve so many rounds; return what was told."""
    settings, ledger = load_settings(site.root), open_ledger(site.root / "l.db")
    stop, told, left = Event(), list[str](), [rounds]

    def sleep(_: float) -> None:
        left[0] -= 1
        if not left[0]:
            stop.set()

    def progress(_: int, remark: str) -> None:
        if remark:
            told.append(remark)

    clock = Clock(now=lambda: NOW, sleep=sleep, random=random.Random(1))
    with worker_of(settings, ledger) as worker:
        serve_sends(
            settings,
            ledger,
            worker=worker,
            clock=clock,
            progress=progress,
            stop=stop,
            idle=idle,
        )
    ledger.close()
    return told


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
    _serve(site, rounds=1, idle=1.0)
    resumed = mailing.look_at(ledger, send).send.state
    with ledger.write() as connection:  # as an older version resumed it
        sends.set_send_state(connection, send.id, SendState.SENDING)
    _serve(site, rounds=1, idle=1.0)
    ledger.close()

    assert resumed is SendState.SCHEDULED
    assert _mailed(site) == []


def _mailed(site: Site) -> list[str]:
    return [Path(path).parent.name for path in (site.root / "outbox").glob("*/*.eml")]


def test_a_faulty_send_keeps_no_other_from_going_out(served: Site) -> None:
    told = _serve(served, rounds=2, idle=1.0)

    assert len(_mailed(served)) == 1
    assert "2026-06" in _mailed(served)[0]
    assert len(told) == 1
    assert "NEWSLETTER_SECRET" in told[0]


def test_a_trouble_is_told_again_after_a_while(served: Site) -> None:
    told = _serve(served, rounds=5, idle=1800.0)

    assert len(told) == 3
