"""The archive is read once, and anew before what an erasure took out is shown for long."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from newsletter.archive import Archive, Visibility
from newsletter.ledger import Ledger, batches, open_ledger
from newsletter.ledger.tables import editions
from tests.ledger.examples import LATER, NOW, begin, claim, outcomes

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with an issue that went out."""
    made = open_ledger(tmp_path / "newsletter.db")
    with made.write() as connection:
        claimed = claim(connection, begin(connection, 1))
        batches.record_outcomes(connection, claimed.batch, outcomes(claimed), now=NOW)
    yield made
    made.close()


def test_what_was_taken_out_of_an_issue_is_shown_for_a_day_at_most(ledger: Ledger) -> None:
    archive = Archive(ledger, Visibility())
    first = archive.catalogue(LATER)
    with ledger.write() as connection:
        connection.execute(update(editions).values(html="<p>Hei, erased@erased.invalid</p>"))

    soon, next_day = archive.catalogue(LATER + HOUR), archive.catalogue(LATER + 25 * HOUR)

    assert soon is first
    [issue] = next_day.issues
    assert "erased" in issue.editions["fi"].gist.words
