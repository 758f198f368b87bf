"""A rehearsal has figures of its own where all are counted together, and no others anywhere."""

import pytest
from sqlalchemy import update

from newsletter.ledger import Ledger
from newsletter.ledger.tables import sends
from newsletter.model import Counting
from newsletter.model.figures import Source
from tests.stats.sent import BEGUN, HOUR, is_counted, issue_goes_out, people_join, report


@pytest.mark.parametrize(
    ("counting", "loads"),
    [(Counting.AGGREGATE, 2), (Counting.CONSENTED, None), (Counting.PROVIDER, None)],
)
def test_a_rehearsal_is_told_of_where_nobodys_copy_is_told_apart(
    ledger: Ledger, counting: Counting, loads: int | None
) -> None:
    with ledger.write() as connection:
        people_join(connection, 12)
        send = issue_goes_out(connection, counting=counting)
        connection.execute(update(sends).values(scope="rehearsal:2026-12"))
        for source in (Source.SERVICE, Source.WEBHOOKS):
            is_counted(connection, send, BEGUN, "human", 2, source=source)

    told = report(ledger, BEGUN + HOUR)

    [issue] = told.issues
    assert issue.is_rehearsal
    assert (issue.shown.opens.human, issue.others) == (loads, [])
    assert not any("2026-12" in str(statement) for statement in told.statements)
