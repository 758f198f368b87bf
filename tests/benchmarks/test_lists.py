"""What lists of people cost: memory does not grow with them, and their rows take little time."""

import csv
import datetime as dt
import sqlite3
import time
from pathlib import Path

from newsletter import pipeline
from newsletter.ledger import open_ledger
from newsletter.settings import load_settings
from tests.benchmarks.crowd import file_of, measure
from tests.conftest import Site, make_site

_SMALL, _LARGE = 20_000, 120_000
_MOST = 150 * 2**20  # bytes, at any size
_GROWTH = 1.5  # of the peak, for six times the people: a cache of 40 MB fills up, and no more
# Of the time that reading a CSV and writing its rows into a table without any index takes.
_MOST_TIMES = 12


def _site(folder: Path, count: int) -> Site:
    site = make_site(folder)
    rows = "".join(
        f"person{n}@example{n % 97}.org,Person {n},fi,Lappi,Säätiö\n" for n in range(count)
    )
    site.write("people.csv", "email,name,language,region,organisation\n" + rows)
    return site


def _plan(site: Site) -> None:
    """Let a send to everybody be planned."""
    settings, now = load_settings(site.root), dt.datetime(2026, 6, 15, tzinfo=dt.UTC)
    ledger = open_ledger(file_of(site))
    plan = pipeline.plan(settings, pipeline.read(settings, "2026-06"), ledger, now=now)
    pipeline.freeze(settings, plan, ledger, now=now)
    ledger.close()


def test_memory_does_not_grow_with_the_list(tmp_path: Path) -> None:
    sites = [_site(tmp_path / str(count), count) for count in (_SMALL, _LARGE)]
    commands = {
        "import": ("subscribers", "import", "people.csv", "--yes"),
        "again": ("subscribers", "import", "people.csv", "--yes"),
        "json": ("subscribers", "import", "people.csv", "--yes", "--json"),
        "export": ("subscribers", "export", "-"),
        "list": ("subscribers", "list"),
        "list --json": ("subscribers", "list", "--json"),
        "status": ("status", "2026-06", "--recipients", "--json"),
        "undo": ("subscribers", "undo", "--yes"),
    }

    for name, command in commands.items():
        if name == "status":
            for site in sites:
                _plan(site)
        small, large = (
            measure(site, *(str(site.root / a) if a == "people.csv" else a for a in command))
            for site in sites
        )
        print(f"{name}: {small.peak_bytes / 2**20:.0f} MB, {large.peak_bytes / 2**20:.0f} MB")

        assert large.peak_bytes < _MOST, name
        assert large.peak_bytes < small.peak_bytes * _GROWTH, name


def test_a_row_takes_few_times_what_a_bare_table_does(tmp_path: Path) -> None:
    small, large = (_site(tmp_path / str(count), count) for count in (_SMALL, _SMALL * 11))
    command = ("subscribers", "import", "--yes")

    before = _bare_seconds(large)
    costs = [measure(site, *command, str(site.root / "people.csv")) for site in (small, large)]
    bare = min(before, _bare_seconds(large)) / (_SMALL * 11)

    # What they have in common is the start of the program.
    row = (costs[1].processor_seconds - costs[0].processor_seconds) / (_SMALL * 10)
    print(f"import: {1 / row:,.0f} rows a second, {row / bare:.1f} times a bare table", end="")
    assert row / bare <= _MOST_TIMES


def _bare_seconds(site: Site) -> float:
    """Return the processor time in which the rows of a list come into a bare table."""
    file = site.root / "bare.db"
    file.unlink(missing_ok=True)
    begun = time.process_time()
    with (site.root / "people.csv").open(encoding="utf-8", newline="") as source:
        table = sqlite3.connect(file)
        table.execute("CREATE TABLE people (email, name, language, region, organisation)")
        table.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?)", csv.reader(source))
        table.commit()
        table.close()
    return time.process_time() - begun
