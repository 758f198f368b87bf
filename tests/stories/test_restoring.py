"""A ledger that comes back from a backup sends on, and mails nobody whom the lost one mailed."""

import json
import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import ISSUE, LEDGER, Site, StartProvider
from tests.servers.house import ProviderServer
from tests.waiting import wait_until

SLOWLY = "batch_size = 5\nconcurrency = 1\nsettles_after = 0"
_NUMBER = "UPDATE alembic_version SET version_num ="
BACKUP = "subscribers/backups/b.db"
ANYWAY = "--despite-departures"  # nobody left meanwhile


NEEDS = {"mailgun": 'domain = "example.org"', "ses": 'region = "eu-north-1"'}


def _mailed(provider: ProviderServer) -> Counter[str]:
    return Counter(message["email"] for message in provider.messages())


def _everybody(count: int) -> Counter[str]:
    return Counter(f"person{n}@example.org" for n in range(count))


def _backed_up_in_the_middle(site: Site, provider: ProviderServer, *, at: int, until: int) -> None:
    """Back a send up when some were mailed, and lose its ledger when more were."""
    sending = site.start("send", "2026-06", "--yes")
    wait_until(lambda: _mailed(provider).total() >= at or sending.poll() is not None)
    site.run("backup", str(site.root / BACKUP))
    wait_until(lambda: _mailed(provider).total() >= until or sending.poll() is not None)
    sending.kill()
    sending.wait()
    _lose(site)


def _lose(site: Site) -> None:
    for file in (site.root / "subscribers").glob("newsletter.db*"):
        file.unlink()


def _counts(site: Site) -> dict[str, int]:
    told = json.loads(site.run("status", "2026-06", "--json").stdout)["counts"]
    return {state: count for state, count in told.items() if count}


@pytest.mark.parametrize("until", [30, 1000], ids=["killed", "ended"])
@pytest.mark.parametrize("name", ["brevo", "postmark", "mailjet", "sendgrid", "mailgun"])
def test_what_was_sent_after_the_backup_is_looked_up(
    site: Site, start_provider: StartProvider, name: str, until: int
) -> None:
    provider = start_provider(site, name, extra=f"{NEEDS.get(name, '')}\n{SLOWLY}", delay=0.1)
    site.people(50)
    _backed_up_in_the_middle(site, provider, at=10, until=until)

    told = site.run("restore", str(site.root / BACKUP), "--yes", "--json")
    site.run("send", "2026-06", "--yes", ANYWAY)

    assert 0 < json.loads(told.stdout)["in_doubt"] <= 45
    assert _mailed(provider) == _everybody(50)
    assert _counts(site) == {"accepted": 50}


@pytest.mark.parametrize("name", ["ses", "resend"])
def test_where_nobody_can_be_asked_the_editor_decides(
    site: Site, start_provider: StartProvider, name: str
) -> None:
    provider = start_provider(site, name, extra=f"{NEEDS.get(name, '')}\n{SLOWLY}", delay=0.1)
    site.people(20)
    _backed_up_in_the_middle(site, provider, at=5, until=12)
    before = _mailed(provider)

    site.run("restore", str(site.root / BACKUP), "--yes")
    stopped = site.run("send", "2026-06", "--yes", ANYWAY, code=1)

    assert "--unknown resend" in stopped.stdout
    assert _mailed(provider) == before  # not even under an old key
    unknown = _counts(site)["unknown"]
    site.run("send", "2026-06", "--unknown", "skip", "--yes")
    assert _counts(site)["skipped"] == unknown
    assert _mailed(provider) == before


def test_a_call_that_was_divided_after_the_backup_is_found_under_its_old_tag(
    site: Site, start_provider: StartProvider
) -> None:
    provider = start_provider(site, "brevo", extra=SLOWLY, delay=0.3, faults=("2:400-invalid",))
    site.people(30)
    _backed_up_in_the_middle(site, provider, at=5, until=1000)

    site.run("restore", str(site.root / BACKUP), "--yes")
    site.run("send", "2026-06", "--yes", ANYWAY)

    assert provider.faulted()
    assert _mailed(provider) == _everybody(30)


def test_somebody_renamed_after_the_backup_is_not_mailed_at_their_old_address(
    site: Site, start_provider: StartProvider
) -> None:
    provider = start_provider(site, "brevo", extra=f'{SLOWLY}\nrate = "1/s"', delay=0.1)
    site.people(10)
    sending = site.start("send", "2026-06", "--yes")
    wait_until(lambda: _mailed(provider).total() >= 5)  # the rest waits for five seconds
    site.run("backup", str(site.root / BACKUP))
    site.run("subscribers", "rename", "person9@example.org", "new@example.org")
    assert sending.wait() == 0
    _lose(site)

    site.run("restore", str(site.root / BACKUP), "--yes")
    site.run("send", "2026-06", "--yes", ANYWAY, code=1)

    assert _mailed(provider)["new@example.org"] == 1
    assert "person9@example.org" not in _mailed(provider)
    assert _counts(site) == {"accepted": 9, "unknown": 1}


def test_an_issue_that_the_backup_does_not_know_is_asked_about(
    site: Site, start_provider: StartProvider
) -> None:
    provider = start_provider(site, "brevo")
    site.people(3)
    site.run("backup", str(site.root / BACKUP))
    site.run("send", "2026-06", "--yes")
    _lose(site)
    site.run("restore", str(site.root / BACKUP), "--yes")

    refused = site.run("send", "2026-06", "--yes", ANYWAY, code=2)
    asked = site.run("send", "2026-06", answer="no\n", code=1)

    assert "may have been sent between both" in refused.stderr
    assert "though the ledger that was lost may have sent it?" in asked.stderr
    assert set(_mailed(provider).values()) == {1}
    site.write("issues/2026-12.md", ISSUE.replace("2026-06-15", "2030-12-15"))
    site.run("send", "2026-12", "--yes", ANYWAY)  # far after: no question
    site.run("send", "2026-06", "--test", "me@example.org", "--yes")


def test_later_joiners_of_a_restored_send_are_asked_about(
    site: Site, start_provider: StartProvider
) -> None:
    start_provider(site, "brevo")
    site.people(3)
    site.run("send", "2026-06", "--yes")
    site.run("backup", str(site.root / BACKUP))
    _lose(site)
    site.run("restore", str(site.root / BACKUP), "--yes")
    site.run("subscribers", "add", "new@example.org")

    refused = site.run("send", "2026-06", "--late", "--yes", ANYWAY, code=2)
    site.run("send", "2026-06", "--late", "--yes", ANYWAY, "--not-sent-before")

    assert "may have been sent between both" in refused.stderr


def test_where_nothing_was_sent_since_nothing_is_in_doubt(
    site: Site, start_provider: StartProvider
) -> None:
    provider = start_provider(site, "ses", extra=f"{NEEDS['ses']}\n{SLOWLY}", delay=0.1)
    site.people(12)
    sending = site.start("send", "2026-06", "--yes")
    wait_until(lambda: _mailed(provider).total() >= 2)
    site.run("send", "2026-06", "--pause")
    sending.wait()
    site.run("backup", str(site.root / BACKUP))
    _lose(site)

    site.run("restore", str(site.root / BACKUP), "--yes", "--nothing-sent-since")
    site.run("send", "2026-06", "--resume", "--yes", ANYWAY)

    assert _mailed(provider) == _everybody(12)


def test_where_the_newer_ledger_is_lost_nothing_is_sent_before_it_is_known_who_left(
    site: Site, start_provider: StartProvider
) -> None:
    provider = start_provider(site, "brevo")
    site.people(3)
    site.run("backup", str(site.root / BACKUP))
    _lose(site)
    told = site.run("restore", str(site.root / BACKUP), "--yes", "--nothing-sent-since")

    refused = site.run("send", "2026-06", "--yes", code=2)
    asked = site.run("send", "2026-06", answer="no\n", code=1)
    assert not provider.messages()
    site.run("send", "2026-06", "--yes", ANYWAY)

    assert "so nothing is sent yet" in told.stderr
    assert "say --despite-departures" in refused.stderr
    assert "though nobody knows all who left" in asked.stderr
    assert _mailed(provider) == _everybody(3)


# --- files --------------------------------------------------------------------------------


def test_a_ledger_that_is_there_is_put_aside_and_can_send_nothing(
    site: Site, start_provider: StartProvider
) -> None:
    start_provider(site, "brevo")
    site.people(3)
    saved = site.run("backup", "--json")
    file = json.loads(saved.stdout)["file"]
    site.run("subscribers", "add", "later@example.org")
    site.run("subscribers", "remove", "person0@example.org")
    site.environment["NEWSLETTER_SECRET"] = "s" * 32
    site.run("subscribers", "forget", "person1@example.org", "--yes")

    unasked = site.run("restore", file, "--yes", code=2)
    declined = site.run("restore", file, answer="no\n", code=1)
    assert site.run("subscribers", "list").stdout.count("@") == 3
    done = site.run("restore", file, "--yes", "--replace", "--json")

    aside = Path(json.loads(done.stdout)["put_aside"])
    assert "--replace" in unasked.stderr
    assert "Nothing was changed." in declined.stderr
    known = {"gone": 2, "erased": 1, "joined": 1, "is_whole": True}
    assert json.loads(done.stdout)["taken_over"] == known
    listed = json.loads(site.run("subscribers", "list", "--json").stdout)
    assert {one["address"]: one["standing"] for one in listed} == {
        "person0@example.org": "unsubscribed",
        "person2@example.org": "active",
    }
    for one in (Path(file), aside, site.root / LEDGER):
        assert one.stat().st_mode & 0o777 == 0o600
    for one in (Path(file), aside):
        site.settings(url=f'url = "sqlite:///{one}"')
        site.run("subscribers", "list", code=3)
    with closing(sqlite3.connect(aside)) as old, pytest.raises(sqlite3.IntegrityError):
        old.execute("UPDATE subscribers SET name = 'x'")


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-5000])


def _begin_cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[200:])


def _pages_lost(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[8192:12288] = bytes(4096)
    file.write_bytes(data)


def _no_text(file: Path) -> None:
    """Harm what SQLite quotes when it says what is wrong: it is no text then."""
    data = file.read_bytes()
    file.write_bytes(data.replace(b"CREATE TABLE", b"\x93REATE TABLE"))


def _changed(change: str) -> Callable[[Path], None]:
    def harm(file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute(change)

    return harm


def _strange(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE mine (x)")


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (_cut, "is damaged or cut short"),
        (_begin_cut, "is no backup of a ledger"),
        (_pages_lost, "is damaged or cut short"),
        (_no_text, "is damaged or cut short"),
        (_changed(f"{_NUMBER} 'backup:9000'"), "newer version of newsletter"),
        (_changed(f"{_NUMBER} 'arriving:0012'"), "a move into it was cut off"),
        (_changed(f"{_NUMBER} 'given up:0012'"), "a move into it was cut off"),
        (_changed("UPDATE handovers SET at = 'yesterday'"), "is no backup of a ledger"),
        (_strange, "is no backup of a ledger"),
        (lambda file: file.write_bytes(b""), "is no backup of a ledger"),
        (lambda file: file.write_bytes(b"PGDMP..."), "names a file"),
    ],
)
def test_what_is_no_whole_backup_is_refused_before_anything_is_touched(
    site: Site, harm: Callable[[Path], object], told: str
) -> None:
    site.people(40)
    file = site.root / BACKUP
    site.run("backup", str(file))
    before = (site.root / LEDGER).read_bytes()
    harm(file)

    refused = site.run("restore", str(file), "--yes", "--replace", code=3)

    assert told in refused.stderr
    assert (site.root / LEDGER).read_bytes() == before
    assert sorted(p.name for p in (site.root / "subscribers").iterdir() if "part" in p.name) == []


def test_nothing_in_a_backup_acts_by_itself(site: Site) -> None:
    site.people(5)
    file = site.root / BACKUP
    site.run("backup", str(file))
    _changed(
        'CREATE TRIGGER "a ""trap" AFTER UPDATE ON alembic_version BEGIN '
        "DELETE FROM subscribers; END"
    )(file)
    _changed("CREATE VIEW trap AS SELECT 1")(file)

    site.run("restore", str(file), "--yes", "--replace")

    assert site.run("subscribers", "list").stdout.count("@") == 5
    with closing(sqlite3.connect(site.root / LEDGER)) as ledger:
        acting = "SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')"
        assert ledger.execute(acting).fetchone() == (0,)


def test_a_restore_that_is_killed_at_any_instant_leaves_one_whole_ledger(site: Site) -> None:
    site.people(200)
    file = site.root / BACKUP
    site.run("backup", str(file))
    site.run("subscribers", "add", "later@example.org")
    draw = random.Random(7)

    for _ in range(6):
        restoring = site.start("restore", str(file), "--yes", "--replace")
        time.sleep(draw.uniform(0.0, 0.6))  # whatever it is doing then
        restoring.kill()
        restoring.wait()
        assert (site.root / LEDGER).exists()
        code = site.run("subscribers", "list", code=None).returncode
        if code == 3:  # killed just before it was replaced
            site.run("database", "reopen", f"sqlite:///{LEDGER}")
        assert site.run("subscribers", "list").stdout.count("@") in (200, 201)
    site.run("restore", str(file), "--yes", "--replace")
    assert site.run("subscribers", "list").stdout.count("@") == 200


def test_a_ledger_that_sends_is_not_replaced(site: Site, start_provider: StartProvider) -> None:
    provider = start_provider(site, "brevo", extra=SLOWLY, delay=2.0)
    site.people(20)
    site.run("backup", str(site.root / BACKUP))
    sending = site.start("send", "2026-06", "--yes")
    wait_until(lambda: _mailed(provider).total() >= 5)

    refused = site.run("restore", str(site.root / BACKUP), "--yes", "--replace", code=3)

    assert "a process sends from" in refused.stderr
    assert sending.wait() == 0
    assert _mailed(provider) == _everybody(20)


def test_a_damaged_ledger_is_replaced(site: Site) -> None:
    site.people(5)
    site.run("backup", str(site.root / BACKUP))
    (site.root / LEDGER).write_bytes(b"nothing that anybody could read" * 1000)

    site.run("restore", str(site.root / BACKUP), "--yes", "--replace")

    assert site.run("subscribers", "list").stdout.count("@") == 5


def test_a_backup_is_not_written_over_the_ledger_nor_over_a_file_unasked(site: Site) -> None:
    site.people(2)
    file = site.root / BACKUP
    site.run("backup", str(file))
    before = file.read_bytes()

    onto = site.run("backup", str(site.root / LEDGER), "--yes", code=2)
    site.run("backup", str(file), answer="\n", code=1)
    settings = site.run("backup", str(site.root / "newsletter.toml"), "--yes", code=2)
    os.mkfifo(site.root / "pipe")  # for any device
    pipe = site.run("backup", str(site.root / "pipe"), "--yes", code=2)
    itself = site.run("restore", str(site.root / LEDGER), "--yes", "--replace", code=2)

    assert "is no backup, so none is written over it" in settings.stderr
    assert "is no backup, so none is written over it" in pipe.stderr
    assert "is the ledger itself" in onto.stderr
    assert "is the ledger itself" in itself.stderr
    assert file.read_bytes() == before


# --- any instant --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "seed", [*range(2), *(pytest.param(n, marks=pytest.mark.at_length) for n in range(2, 40))]
)
def test_whatever_is_killed_whenever_it_comes_back_and_moves_and_mails_everybody_once(
    site: Site, start_provider: StartProvider, seed: int
) -> None:
    draw = random.Random(seed)
    name = draw.choice(["brevo", "postmark", "mailgun", "sendgrid", "mailjet"])
    lanes = SLOWLY.replace("concurrency = 1", f"concurrency = {draw.choice([1, 3])}")
    provider = start_provider(site, name, extra=f"{NEEDS.get(name, '')}\n{lanes}", delay=0.05)
    site.people(60)

    _kill_a_send(site, provider, draw)
    site.run("backup", str(site.root / BACKUP))
    for _ in range(draw.randint(0, 2)):
        _kill_a_send(site, provider, draw)
    _lose(site)
    site.run("restore", str(site.root / BACKUP), "--yes")
    _kill_a_send(site, provider, draw)
    goal = "sqlite:///subscribers/new.db"
    moving = site.start("database", "move", f"sqlite:///{LEDGER}", goal, "--yes")
    time.sleep(draw.uniform(0.0, 0.8))
    moving.kill()
    moving.wait()
    site.run("database", "move", f"sqlite:///{LEDGER}", goal, "--yes")
    site.settings(url=f'url = "{goal}"')
    for _ in range(3):  # what one look-up could not tell, another can
        if site.run("send", "2026-06", "--yes", ANYWAY, code=None).returncode == 0:
            break

    assert _mailed(provider) == _everybody(60)
    assert _counts(site) == {"accepted": 60}


def _kill_a_send(site: Site, provider: ProviderServer, draw: random.Random) -> None:
    before, more = _mailed(provider).total(), draw.randint(1, 25)
    sending = site.start("send", "2026-06", "--yes")
    wait_until(lambda: _mailed(provider).total() >= before + more or sending.poll() is not None)
    time.sleep(draw.uniform(0.0, 0.1))
    sending.kill()
    sending.wait()


def test_who_restores_backs_up_or_moves_at_once_takes_turns(site: Site) -> None:
    site.people(1000)
    file = str(site.root / BACKUP)
    site.run("backup", file)
    move = ("database", "move", f"sqlite:///{LEDGER}", "sqlite:///subscribers/new.db", "--yes")

    for command in (("backup", file, "--yes"), ("restore", file, "--yes", "--replace"), move):
        ends = [site.start(*command) for _ in range(4)]
        said = ["".join(process.communicate()) for process in ends]
        for process, words in zip(ends, said, strict=True):
            assert process.returncode == 0 or "wait for its end" in words
        assert 0 in [process.returncode for process in ends]

    assert list(site.root.rglob(".*.lock")) == list(site.root.rglob(".*.part")) == []
    site.settings(url='url = "sqlite:///subscribers/new.db"')
    assert site.run("subscribers", "list").stdout.count("@") == 1000
