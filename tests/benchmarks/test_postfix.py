"""A large send by SMTP beside Postfix's own generator of load, into the same sink."""

import datetime as dt
import re
import resource
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from newsletter.composing.mime import Envelope, MimeTemplate, Postmark
from newsletter.ledger import open_ledger
from newsletter.model import State, Variant
from newsletter.press import read_manuscript, render_manuscript
from newsletter.settings import load_settings
from tests.benchmarks.crowd import crowd_in_file, file_of, settle
from tests.conftest import REPOSITORY, Site
from tests.waiting import wait_until

COUNT = 20_000
CONNECTIONS = 10
ROUNDS = 3
_PARAGRAPH = (
    "\nTyönhakijan palvelut uudistuvat, ja yhä useampi asia hoidetaan paikkakunnalla, jossa "
    "ihminen asuu. Kokosimme yhteen, mitä muutos merkitsee valmentajalle ja valmennettavalle, "
    "mistä saa apua ja milloin mikäkin palvelu siirtyy uudelle järjestäjälle.\n"
)
_SITE = f"""\
host = "127.0.0.1"
port = {{port}}
security = "none"
concurrency = {CONNECTIONS}
"""


@pytest.fixture
def sink() -> Iterator[int]:
    """Yield the port of Postfix's smtp-sink, which reads mail and forgets it."""
    program = shutil.which("smtp-sink", path="/usr/sbin:/usr/bin") or pytest.skip("no smtp-sink")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([program, "-u", "nobody", f"127.0.0.1:{port}", "100"])
    try:
        wait_until(lambda: _answers(port))
        yield port
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def test_a_large_send_takes_the_processors_and_little_of_each(tmp_path: Path, sink: int) -> None:
    """Planned from `send --yes`, composed, sent and recorded; theirs composes nothing."""
    site = _settled(tmp_path / "newsletter", sink)
    size = _size_of_a_message(site)
    theirs, ours = [], []
    for number in range(ROUNDS):
        theirs.append(_source(sink, size))
        copy = Site(shutil.copytree(site.root, tmp_path / str(number)))
        ours.append(_measured(copy))
        ledger = open_ledger(file_of(copy))
        with ledger.read() as connection:
            counted = connection.exec_driver_sql(
                "SELECT state, count(*) FROM deliveries GROUP BY state"
            )
            assert dict(map(tuple, counted)) == {State.ACCEPTED: COUNT}
        ledger.close()

    seconds, fastest = min(took for took, _, _ in ours), min(theirs)
    each = min(used for _, used, _ in ours) / COUNT * 1000
    peak = max(held for _, _, held in ours) / 1e6
    print(
        f"\n{COUNT:,} of {size:,} bytes over {CONNECTIONS} connections: {seconds:.1f} s, "
        f"smtp-source {fastest:.1f} s: {seconds / fastest:.2f} (at most 1.45); "
        f"{each:.2f} ms of processor a message (at most 0.8); "
        f"{peak:.0f} MB in all processes (at most 200)",
        end="",
    )
    assert peak <= 200
    assert each <= 0.8
    assert seconds <= 1.45 * fastest


def _settled(root: Path, port: int) -> Site:
    site = settle(root, provider="smtp", base_url="", extra=_SITE.format(port=port))
    text = (root / "newsletter.toml").read_text(encoding="utf-8")
    site.write("newsletter.toml", text.replace('base_url = ""\n', ""))
    shutil.copytree(REPOSITORY / "issues", root / "issues", dirs_exist_ok=True)
    with (root / "issues" / "2021-06.md").open("a", encoding="utf-8") as issue:
        issue.write(_PARAGRAPH * 9)
    crowd_in_file(site, COUNT)
    return site


def _size_of_a_message(site: Site) -> int:
    settings = load_settings(site.root)
    variant = Variant(language="fi")
    manuscript = read_manuscript(settings, "2021-06")
    edition = render_manuscript(settings, manuscript, [variant])[variant]
    envelope = Envelope(sender=("Kirje", "kirje@example.org"), reply_to="", headers={})
    postmark = Postmark(address="person10000@example.org", date=dt.datetime.now(dt.UTC))
    return len(MimeTemplate(edition, envelope).fill({"name": "Person Number 10000"}, postmark))


def _source(port: int, size: int) -> float:
    """Return the seconds that Postfix's generator takes; -d keeps its connections open."""
    program = shutil.which("smtp-source", path="/usr/sbin:/usr/bin")
    assert program
    count = ["-s", str(CONNECTIONS), "-m", str(COUNT), "-l", str(size)]
    begun = time.perf_counter()
    subprocess.run([program, "-d", *count, f"127.0.0.1:{port}"], check=True)
    return time.perf_counter() - begun


def _measured(site: Site) -> tuple[float, float, int]:
    """Return seconds, seconds of processor, and the most bytes in memory, of all processes."""
    before, begun, most = _used(), time.perf_counter(), 0
    process = subprocess.Popen(
        site.command("send", "2021-06", "--yes"),
        env=site.full_environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None:
        most = max(most, sum(map(_held, _family(process.pid))))
        time.sleep(0.1)
    assert process.returncode == 0
    return time.perf_counter() - begun, _used() - before, most


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _family(pid: int) -> list[int]:
    """Return a process and those that it started."""
    family = [pid]
    with suppress(OSError):
        for file in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in file.read_text().split():
                family += _family(int(child))
    return family


def _held(pid: int) -> int:
    """Return the bytes that a process has in memory, what it shares with others included."""
    with suppress(OSError):
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) * 1024 if found else 0
    return 0
