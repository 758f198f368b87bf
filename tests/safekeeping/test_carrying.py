"""Who left or was erased after a backup is not mailed again because it came back."""

import datetime as dt
import sqlite3
from contextlib import closing

import pytest

from newsletter import consent
from newsletter.errors import NewsletterError
from newsletter.ledger import CarriedOver, Ledger, find_absence, people, suppressions
from newsletter.ledgers import ledger_of
from newsletter.links import SuppressionMarks
from newsletter.model import Standing, Tracking
from newsletter.safekeeping import Revived, Since, back_up, prepared, revive
from newsletter.settings import Settings, load_settings
from tests.conftest import LEDGER, Site

SECRET = "a secret that is long enough for tests"  # noqa: S105 - of no newsletter
LEFT, ERASED, PAUSED, STAYS = (f"{name}@example.org" for name in ("aino", "bo", "cai", "dag"))
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def settings(site: Site) -> Settings:
    """A newsletter with four people and a backup."""
    listed = site.write("list.csv", "\n".join(["email", LEFT, ERASED, PAUSED, STAYS]))
    site.run("subscribers", "import", str(listed), "--yes")
    site.write(".env", f"NEWSLETTER_SECRET={SECRET}\n")
    settings = load_settings(site.root)
    back_up(settings, site.root / "backup.db", now=dt.datetime.now(dt.UTC))
    return settings


def _go_on(settings: Settings) -> None:
    """Let one leave, one be erased and one pause, all after the backup."""
    now = dt.datetime.now(dt.UTC) + HOUR
    with closing(ledger_of(settings)) as ledger:
        consent.leave(ledger, _key(ledger, LEFT), consent.Way.PAGE, now)
        consent.forget(ledger, ERASED, SECRET, now, source="data page")
        consent.pause(ledger, _key(ledger, PAUSED), 6, now)
        chosen = consent.Preferences(tracking=Tracking.DENIED)
        consent.prefer(ledger, _key(ledger, STAYS), chosen, now)


def _key(ledger: Ledger, address: str) -> str:
    with ledger.read() as connection:
        found = people.find_subscriber(connection, address)
    assert found
    return found.key


def _revived(settings: Settings) -> Revived:
    now = dt.datetime.now(dt.UTC) + 2 * HOUR
    with prepared(settings, settings.root / "backup.db") as ready:
        return revive(settings, ready, Since(), now=now)


def _standings(settings: Settings) -> dict[str, Standing]:
    with closing(ledger_of(settings)) as ledger, ledger.read() as connection:
        return {p.address: p.standing for p in people.list_subscribers(connection)}


def test_what_happened_to_people_since_comes_along(settings: Settings) -> None:
    _go_on(settings)

    done = _revived(settings)

    assert done.carried == CarriedOver(gone=3, erased=1, is_whole=True)
    assert _standings(settings) == {
        LEFT: Standing.UNSUBSCRIBED,
        PAUSED: Standing.PAUSED,
        STAYS: Standing.ACTIVE,
    }
    assert b"bo@example.org" not in (settings.root / LEDGER).read_bytes()
    with closing(ledger_of(settings)) as ledger, ledger.read() as connection:
        stays = people.find_subscriber(connection, STAYS)
        marks = suppressions.list_all(connection)
    assert stays
    assert stays.tracking is Tracking.DENIED
    assert list(marks) == [SuppressionMarks(SECRET).of(ERASED)]


def test_restoring_twice_takes_nothing_over_twice(settings: Settings) -> None:
    _go_on(settings)
    _revived(settings)
    first = _standings(settings)

    again = _revived(settings)

    assert again.carried == CarriedOver(gone=3, erased=1, is_whole=True)
    assert _standings(settings) == first


def test_a_ledger_that_cannot_be_read_keeps_no_backup_from_coming_back(settings: Settings) -> None:
    _go_on(settings)
    with closing(sqlite3.connect(settings.root / LEDGER)) as ledger:
        ledger.execute("DROP TABLE suppressions")
        ledger.commit()

    done = _revived(settings)

    assert done.carried is None
    assert set(_standings(settings)) == {LEFT, ERASED, PAUSED, STAYS}
    with closing(ledger_of(settings)) as revived, revived.read() as connection:
        assert find_absence(connection)  # nobody is mailed before it is known who left


@pytest.mark.parametrize("name", ["gone.db", "backup.db", "newsletter.toml"])
def test_a_ledger_that_is_named_and_cannot_be_read_stops_before_anything_is_touched(
    settings: Settings, name: str
) -> None:
    _go_on(settings)
    before, there = _standings(settings), (settings.root / name).exists()
    since = Since(lost=f"sqlite:///{name}")

    with prepared(settings, settings.root / "backup.db") as ready, pytest.raises(NewsletterError):
        revive(settings, ready, since, now=dt.datetime.now(dt.UTC) + 2 * HOUR)

    assert _standings(settings) == before
    assert (settings.root / name).exists() is there


def test_forgetting_names_each_file_that_may_still_hold_somebody(
    settings: Settings, site: Site
) -> None:
    done = _revived(settings)
    assert done.aside

    told = site.run("subscribers", "forget", LEFT, answer="no\n", code=1)

    assert done.aside.name in told.stdout + told.stderr
    assert f"{LEDGER} " not in told.stdout + told.stderr
