"""What was seen of issues goes along with a ledger that moves, also where it was cut off."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, select, tuple_

from newsletter.ledger import Ledger, hits, issue_links, summing, transfer
from newsletter.ledger.tables import metadata
from newsletter.model import AuthoredLink, HitKind, Visitor
from tests.ledger.blank import put_blank
from tests.ledger.test_hits import SEEN
from tests.ledger.test_summing import SOON, TOLD, send_two

TABLES = ("hits", "visits", "readers", "marks", "links")
LINKS = [AuthoredLink(url=f"https://www.example.org/{n}", leads=n == 1) for n in (1, 2)]


def fill(ledger: Ledger) -> None:
    """Let at least two rows be in each table of what was seen."""
    fetched = replace(TOLD, visitor=Visitor.MACHINE, hides=True)
    told = [TOLD, replace(fetched, hides=False), fetched, replace(TOLD, delivery=2)]
    with ledger.write() as connection:
        send_two(connection)
        issue_links.keep_links(connection, 1, LINKS, "fi")
        hits.add_hits(connection, [replace(one, mark=n) for n, one in enumerate(told)])
    summing.sum_up(ledger, SOON)
    with ledger.write() as connection:
        hits.add_hits(connection, [SEEN, replace(SEEN, kind=HitKind.CLICKED, link=1)])


def keep_first(ledger: Ledger, name: str) -> None:
    """Leave of a table the first row alone, as a copy does that was killed."""
    table = metadata.tables[name]
    keys = list(table.primary_key)
    with ledger.write() as connection:
        first = connection.execute(select(*keys).order_by(*keys).limit(1)).one()
        connection.execute(delete(table).where(tuple_(*keys) != tuple_(*first)))


@pytest.mark.parametrize("ledger", ["postgresql"], indirect=True)
@pytest.mark.parametrize("is_to_server", [True, False])
def test_what_was_seen_moves_between_both_databases_though_cut_off(
    ledger: Ledger, sqlite: Ledger, *, is_to_server: bool
) -> None:
    sqlite.close()
    put_blank(Path(sqlite.place))
    origin, goal = (sqlite, ledger) if is_to_server else (ledger, sqlite)
    fill(origin)

    for name in TABLES:
        transfer.copy_table(origin, goal, name, progress=lambda _: None)
        keep_first(goal, name)
        transfer.copy_table(origin, goal, name, progress=lambda _: None)

        assert transfer.tally_table(origin, name) == transfer.tally_table(goal, name)
        assert transfer.tally_table(goal, name).rows >= 2
