"""A process that registers some people at once, over four connections: `racer PLACE FIRST LAST`.

It tells each who is in, so that whoever started it can kill it in the middle of that.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from newsletter import meetings
from newsletter.ledger import Ledger, open_ledger
from tests.meetings.hall import NOW, ON_SITE, meeting

SEATS = 30


def main(place: str, first: int, last: int) -> None:
    """Register the people with these numbers."""
    ledger = open_ledger(place if "://" in place else Path(place))
    with ThreadPoolExecutor(4) as pool:
        for name in pool.map(lambda n: _enter(ledger, n), range(first, last)):
            print(name, flush=True)
    ledger.close()


def _enter(ledger: Ledger, number: int) -> str:
    address = f"person{number}@example.org"
    entry = meetings.Entry(attending=ON_SITE, name=f"Person {number}")
    own = meeting(on_site=SEATS)
    meetings.register(ledger, own, entry, address=address, now=NOW, is_known=True)
    return address


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
