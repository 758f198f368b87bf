"""A newsletter with as many subscribers as a measurement needs."""

import datetime as dt
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from newsletter.ledger import Ledger, open_ledger, people
from newsletter.model import Subscriber
from tests.conftest import ISSUE, Site

_CHUNK = 20_000
_JOINED = dt.datetime.fromisoformat("2026-01-01T00:00:00.000+00:00")
SETTINGS = """\
[newsletter]
title = "Kirje"
language = "fi"
from = "Kirje <kirje@example.org>"
reply_to = "toimitus@example.org"
sender = "Example Foundation, Street 1, 00100 Helsinki"
public_url = "https://kirje.example.org"

[provider]
name = "{provider}"
base_url = "{base_url}"
{extra}

[database]
url = "{database}"
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took."""

    seconds: float
    peak_bytes: int
    processor_seconds: float


def settle(
    root: Path, *, provider: str, base_url: str, database: str = "", extra: str = ""
) -> Site:
    """Return a newsletter in a folder, with the short issue of the stories and nobody on it."""
    site = Site(root)
    site.write("issues/2026-06.md", ISSUE)
    database = database or "sqlite:///subscribers/newsletter.db"
    text = SETTINGS.format(provider=provider, base_url=base_url, database=database, extra=extra)
    site.write("newsletter.toml", text)
    site.write(".env", "NEWSLETTER_API_KEY=key\nNEWSLETTER_SECRET=of-benchmarks\n")
    return site


def file_of(site: Site) -> Path:
    """Return the SQLite file of a newsletter."""
    (site.root / "subscribers").mkdir(exist_ok=True)
    return site.root / "subscribers" / "newsletter.db"


def crowd(ledger: Ledger, count: int) -> None:
    """Write so many invented people."""
    invented = _invented(count)
    while chunk := list(islice(invented, _CHUNK)):
        with ledger.write() as connection:
            people.add_subscribers(connection, chunk, _JOINED)


def crowd_in_file(site: Site, count: int) -> None:
    """Write so many invented people into the SQLite file of a newsletter."""
    ledger = open_ledger(file_of(site))
    crowd(ledger, count)
    ledger.close()


def measure(site: Site, *arguments: str) -> Cost:
    """Run a command to its end; return its seconds, its peak of memory and its processor time."""
    # The peak of children is that of the largest one so far: each is asked for its own.
    code = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], capture_output=True, text=True)\n"
        "print(done.stderr[-2000:], file=sys.stderr)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_maxrss, used.ru_utime + used.ru_stime)\n"
        "sys.exit(done.returncode)\n"
    )
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *site.command(*arguments)],
        env=site.full_environment,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - begun
    assert done.returncode == 0, done.stderr
    peak, processor_seconds = done.stdout.split()
    return Cost(seconds, int(peak) * 1024, float(processor_seconds))


def _invented(count: int) -> Iterator[Subscriber]:
    for n in range(count):
        yield Subscriber(
            address=f"person{n}@example{n % 997}.org",
            key=secrets.token_urlsafe(16),
            name=f"Person Number {n}",
            language="fi",
            attributes={"region": "Lappi", "organisation": "Säätiö"},
        )
