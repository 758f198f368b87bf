"""What SMTP costs: messages a second into a sink, as ratios to smtplib and to nodemailer."""

import datetime as dt
import json
import shutil
import smtplib
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from newsletter.composing.mime import Envelope, MimeTemplate, Postmark
from newsletter.model import Call, Message, Variant
from newsletter.press import read_manuscript, render_manuscript
from newsletter.providers.base import Options
from newsletter.providers.smtp import Smtp
from newsletter.settings import load_settings
from tests.conftest import REPOSITORY
from tests.servers.smtp import SmtpServer

SENDER = ("Editor", "editor@example.org")
LIST = {"List-Id": "<letter.example.org>"}
ROUNDS = 3
BATCH = 20

Letter = tuple[str, bytes]  # address, message
Way = Callable[[SmtpServer, list[Letter], int], float]  # seconds over so many connections


@pytest.fixture(scope="module")
def letters() -> list[Letter]:
    """The sample issue as mail for 640 people."""
    settings = load_settings(REPOSITORY)
    manuscript = read_manuscript(settings, "2021-06")
    variant = Variant(language="fi")
    edition = render_manuscript(settings, manuscript, [variant])[variant]
    template = MimeTemplate(edition, Envelope(sender=SENDER, reply_to=SENDER[1], headers=LIST))
    return [_letter(template, n) for n in range(640)]


@pytest.fixture(scope="module")
def nodemailer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nodemailer in it."""
    folder = tmp_path_factory.mktemp("nodemailer")
    npm = shutil.which("npm")
    if not npm:
        pytest.skip("npm is not installed")
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "nodemailer"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=120)
    if done.returncode:
        pytest.skip("npm cannot install nodemailer")
    (folder / "send.js").write_text(_NODE, encoding="ascii")
    return folder


@pytest.fixture(params=[0.0, 0.01], ids=["next door", "10 ms away"])
def sink(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SmtpServer]:
    """A server that counts messages and forgets them."""
    journal = tmp_path / "journal.jsonl"
    with SmtpServer(journal_file=journal, sink=True, latency=request.param) as server:
        yield server


@pytest.mark.parametrize("connections", [1, 4])
def test_we_are_faster_than_plain_smtplib(
    sink: SmtpServer, letters: list[Letter], connections: int
) -> None:
    some = _so_many(letters, sink)

    ours, smtplib_ = _medians(sink, some, connections, _ours, _smtplib)

    limit = 1.5 if sink.latency else 1.1  # half the ways there and back
    _tell("Smtp / smtplib", ours, smtplib_, limit, sink, connections)
    assert ours / smtplib_ >= limit


@pytest.mark.parametrize("connections", [1, 4])
def test_we_are_no_slower_than_nodemailer(
    sink: SmtpServer, letters: list[Letter], connections: int, nodemailer: Path
) -> None:
    some = _so_many(letters, sink)
    folder = nodemailer / "letters"
    folder.mkdir(exist_ok=True)
    for address, mime in some:
        (folder / address).write_bytes(mime)

    def by_node(server: SmtpServer, sent: list[Letter], connections: int) -> float:
        facts = {"port": server.port, "connections": connections, "sender": SENDER[1]}
        facts["letters"] = [str(folder / address) for address, _ in sent]
        command = ["node", str(nodemailer / "send.js")]
        done = subprocess.run(command, input=json.dumps(facts).encode(), stdout=-1, check=True)
        return float(done.stdout)

    ours, node = _medians(sink, some, connections, _ours, by_node)

    limit = 0.9 if sink.latency else 1.2  # it makes use of PIPELINING as well
    _tell("Smtp / nodemailer", ours, node, limit, sink, connections)
    assert ours / node >= limit


def _so_many(letters: list[Letter], server: SmtpServer) -> list[Letter]:
    """Return as many letters as take seconds and not minutes."""
    return letters[:160] if server.latency else letters


def _medians(
    server: SmtpServer, letters: list[Letter], connections: int, *ways: Way
) -> list[float]:
    """Return messages a second of ways measured in turns, so that all see the same machine."""
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(ROUNDS + 1):
        for way, seconds in zip(ways, taken, strict=True):
            seconds.append(way(server, letters, connections))
    return [len(letters) / statistics.median(seconds[1:]) for seconds in taken]


def _ours(server: SmtpServer, letters: list[Letter], connections: int) -> float:
    options = Options(folder=Path(), host=server.host, port=server.port, security="none")

    def work(share: list[Letter]) -> None:
        provider = Smtp(options)
        for start in range(0, len(share), BATCH):
            batch = enumerate(share[start : start + BATCH])
            messages = tuple(Message(delivery=n, address=a, mime=m) for n, (a, m) in batch)
            call = Call(key="k", tags=("a", "b"), folder="", sender=SENDER, messages=messages)
            assert all(outcome.message_id for outcome in provider.send(call))
        provider.close()

    return _seconds(work, letters, connections)


def _smtplib(server: SmtpServer, letters: list[Letter], connections: int) -> float:
    def work(share: list[Letter]) -> None:
        with smtplib.SMTP(server.host, server.port, local_hostname="localhost") as client:
            for address, mime in share:
                client.sendmail(SENDER[1], [address], mime)

    return _seconds(work, letters, connections)


def _seconds(work: Callable[[list[Letter]], None], letters: list[Letter], threads: int) -> float:
    """Return how long the work takes when it is shared by so many threads."""
    workers = [Thread(target=work, args=(letters[n::threads],)) for n in range(threads)]
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.perf_counter() - start


def _letter(template: MimeTemplate, number: int) -> Letter:
    address = f"person{number}@example.org"
    postmark = Postmark(
        address=address,
        message_id=f"{number}.2021-06@example.org",
        date=dt.datetime(2021, 6, 1, 9, tzinfo=dt.UTC),
        headers={"List-Unsubscribe": "<https://letter.example.org/u/abc>"},
    )
    return address, template.fill({"name": f"Person {number}", "email": address}, postmark)


def _tell(
    what: str, ours: float, theirs: float, limit: float, server: SmtpServer, connections: int
) -> None:
    distance = f"{server.latency * 1000:.0f} ms away, {connections} connections"
    print(f"\n{what}: {ours / theirs:.2f} (at least {limit:g}); {distance}; ", end="")
    print(f"{ours:,.0f} and {theirs:,.0f} messages a second", end="")


_NODE = """
const fs = require("fs"), path = require("path");
const facts = JSON.parse(fs.readFileSync(0));
const mails = facts.letters.map(file => ({
  envelope: {from: facts.sender, to: [path.basename(file)]}, raw: fs.readFileSync(file)}));
const pool = require("nodemailer").createTransport({pool: true, host: "127.0.0.1",
  port: facts.port, ignoreTLS: true, maxConnections: facts.connections, maxMessages: Infinity});
const start = process.hrtime.bigint();
Promise.all(mails.map(mail => pool.sendMail(mail))).then(() => {
  console.log(Number(process.hrtime.bigint() - start) / 1e9);
  pool.close();
});
"""
