"""A ledger in whose place a backup comes is closed before, whatever happens on the way."""

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newsletter.errors import ConfigError, LedgerError, NewsletterError
from newsletter.ledger import HEAD, Handover, Ledger, connect_ledger, handing, transfer
from newsletter.safekeeping import Revived, Since, back_up, move, prepared, revive
from newsletter.settings import Settings, load_settings
from tests.conftest import LEDGER, Site
from tests.ledger.examples import NOW


@pytest.fixture
def settings(site: Site) -> Settings:
    """A newsletter with two people and a backup."""
    site.people(2)
    settings = load_settings(site.root)
    back_up(settings, site.root / "backup.db", now=NOW)
    return settings


def _revived(settings: Settings) -> Revived:
    with prepared(settings, settings.root / "backup.db") as ready:
        return revive(settings, ready, Since(), now=NOW + dt.timedelta(hours=1))


def test_what_a_killed_restore_began_to_close_is_closed_by_the_next(settings: Settings) -> None:
    file = settings.root / LEDGER
    with closing(connect_ledger(file)) as ledger:
        handing.begin_leaving(ledger, HEAD, Handover(key="k", place=str(file), at=NOW))

    done = _revived(settings)

    assert done.aside
    with closing(sqlite3.connect(done.aside)) as old, pytest.raises(sqlite3.IntegrityError):
        old.execute("UPDATE subscribers SET name = 'x'")


def test_a_ledger_that_is_reopened_meanwhile_is_not_replaced(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = handing.begin_leaving

    def reopened_meanwhile(ledger: Ledger, number: str, handover: Handover) -> None:
        begin(ledger, number, handover)
        handing.reopen(ledger, number)

    monkeypatch.setattr(handing, "begin_leaving", reopened_meanwhile)

    with pytest.raises(ConfigError, match="is not closed"):
        _revived(settings)

    assert [path.name for path in Path(settings.root, "subscribers").glob("*-before-*")] == []
    with closing(connect_ledger(settings.root / LEDGER)) as ledger:
        assert ledger.is_current()


def test_a_backup_of_a_clock_ahead_is_told_of(settings: Settings) -> None:
    back_up(settings, settings.root / "backup.db", now=NOW + dt.timedelta(days=2))

    assert _revived(settings).is_dated_ahead


def test_a_fault_of_a_backup_names_the_file_that_was_asked_for(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.root / LEDGER, isolation_level=None)) as ledger:
        ledger.execute("DROP TABLE handovers")

    with pytest.raises(LedgerError, match=r"handovers") as caught:
        back_up(settings, settings.root / "other.db", now=NOW)

    assert "other.db" in str(caught.value)
    assert ".part" not in str(caught.value)


def test_a_move_after_which_both_differ_is_refused_by_the_code_of_the_configuration(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "copy_table", lambda *_, **__: None)
    origin, goal = f"sqlite:///{LEDGER}", "sqlite:///subscribers/new.db"

    with pytest.raises(NewsletterError, match="differs") as caught:
        move(settings, origin, goal, now=NOW, progress=lambda *_: None)

    assert caught.value.exit_code == 3
