"""What happened to somebody, as they read it themselves."""

from newsletter.language import Wording, say
from newsletter.ledger import Ledger, history


def list_history(ledger: Ledger, key: str) -> list[tuple[Wording, Wording]]:
    """Return the days of what happened, and what it was, in the order in which it was noted."""
    with ledger.read() as connection:
        known = history.find_records(connection, [key])[key]
    told = [(record.at or record.noted_at, record) for record in known]
    return [
        (say("{at:%Y-%m-%d}", at=at) if at else say("not known"), record.what.words)
        for at, record in told
    ]
