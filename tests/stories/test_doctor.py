"""What is wrong with the newsletter itself is told with its cure, and nothing secret is shown."""

import datetime as dt
import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.checking.online.test_dns import spki
from tests.conftest import Site, StartBrevo
from tests.servers.dns import NameServer
from tests.servers.dns import text as dns_text
from tests.servers.imap import Mailbox
from tests.servers.imap import serving as imap_serving
from tests.servers.listening import free_port
from tests.waiting import read_until

SEARCHED = "hush-hush-hush"


def diagnoses(site: Site, *options: str, code: int) -> dict[str, list[dict[str, Any]]]:
    """Return what the doctor says, by part."""
    done = site.run("doctor", "--json", *options, code=code)
    parts: dict[str, list[dict[str, Any]]] = {}
    for diagnosis in json.loads(done.stdout):
        parts.setdefault(diagnosis["part"], []).append(diagnosis)
    return parts


def private(site: Site) -> Site:
    """Close what the test's own hands left open."""
    for folder in ("subscribers", "outbox"):
        (site.root / folder).mkdir(exist_ok=True)
        (site.root / folder).chmod(0o700)
    return site


def test_a_newsletter_in_order_is_told_to_be(site: Site) -> None:
    private(site).people(3)

    found = diagnoses(site, code=0)

    assert set(found) == {
        "settings", "secrets", "files", "templates", "ledger", "sends", "workers", "jobs",
        "backups", "sign-ups", "bounces", "provider",
    }  # fmt: skip
    assert {d["health"] for each in found.values() for d in each} == {"good"}
    assert "3 active" in found["ledger"][0]["message"]


def test_the_doctor_is_quiet_before_the_first_subscriber(site: Site) -> None:
    assert "there is none yet" in diagnoses(site, code=0)["ledger"][0]["message"]
    assert not (site.root / "subscribers/newsletter.db").exists()


@pytest.mark.parametrize(
    ("path", "rights"),
    [
        ("subscribers", 0o755),
        ("subscribers", 0o750),
        ("outbox", 0o711),
        ("subscribers/newsletter.db", 0o644),
        ("subscribers/newsletter.db-journal", 0o604),
        (".env", 0o640),
    ],
)
def test_what_lies_open_is_told_with_the_command_that_closes_it(
    site: Site, path: str, rights: int
) -> None:
    private(site).people(1)
    file = site.root / path
    if path == ".env" or path.endswith("journal"):
        file.write_text("", encoding="utf-8")
        (site.root / path).chmod(0o600)
    if path == "outbox":
        site.write("outbox/2026-05/a@example.org.eml", "mail")
    file.chmod(rights)

    told = diagnoses(site, code=1)["files"]
    checked = site.run("check", "2026-06", code=None).stderr

    option = "-R " if file.is_dir() else ""
    command = f"chmod {option}go-rwx {file.resolve()}"
    assert [d["cure"] for d in told] == [command]
    assert command in checked
    assert _ran(command)
    diagnoses(site, code=0)
    assert "chmod" not in site.run("check", "2026-06", code=None).stderr


def _ran(command: str) -> bool:
    """Run a command as the editor would, in a shell."""
    return subprocess.run(command, shell=True, check=False).returncode == 0  # noqa: S602


def test_a_secret_that_is_missing_is_named_and_one_that_is_there_never_shown(site: Site) -> None:
    site.settings(name='name = "brevo"')
    private(site)

    missing = diagnoses(site, code=3)["secrets"][0]
    site.environment["NEWSLETTER_API_KEY"] = SEARCHED
    shown = site.run("doctor", "--offline").stdout

    assert "NEWSLETTER_API_KEY is not set" in missing["message"]
    assert "NEWSLETTER_API_KEY is set" in shown
    assert SEARCHED not in shown


def test_whose_links_are_not_signed_is_told_what_makes_the_secret(site: Site) -> None:
    site.settings(language='language = "fi"\npublic_url = "https://news.example.org"')

    [missing] = diagnoses(private(site), code=3)["secrets"]

    assert missing["cure"].startswith("“newsletter setup” makes one")


def test_an_unknown_provider_keeps_nothing_else_from_being_looked_at(site: Site) -> None:
    site.settings(name='name = "pigeon"')

    found = diagnoses(private(site), code=3)

    assert "pigeon" in found["settings"][0]["message"]
    assert found["files"][0]["health"] == "good"


def test_a_ledger_that_is_none_is_told(site: Site) -> None:
    site.write("subscribers/newsletter.db", "email,name\n" * 500)

    told = diagnoses(private(site), code=3)["ledger"][0]

    assert "not an SQLite database" in told["message"]


def test_deliveries_in_doubt_and_dead_workers_are_told(site: Site) -> None:
    private(site).people(2)
    site.run("send", "2026-06", "--yes")
    private(site)
    with closing(sqlite3.connect(site.root / "subscribers/newsletter.db")) as database, database:
        database.execute("UPDATE sends SET state = 'stopped', reason = 'no credit'")
        database.execute(
            "INSERT INTO workers (name, host, is_serving, seen_at) VALUES ('gone', 'far', 1, 0)"
        )

    found = diagnoses(site, code=1)

    assert "2026-06 is stopped (no credit)" in found["sends"][0]["message"]
    assert found["sends"][0]["cure"] == "newsletter status 2026-06"
    assert "1 of 1 died" in found["workers"][0]["message"]


def test_a_send_that_was_cut_off_and_left_nothing_is_past(site: Site) -> None:
    private(site).people(2)
    site.run("send", "2026-06", "--yes")
    private(site)
    with closing(sqlite3.connect(site.root / "subscribers/newsletter.db")) as database, database:
        database.execute(
            "INSERT INTO workers (name, host, is_serving, seen_at) VALUES ('gone', 'far', 0, 0)"
        )

    found = diagnoses(site, code=0)

    assert (
        found["workers"][0]["message"] == "none at work; 1 ended suddenly and left nothing undone"
    )


ZONE = {
    "tyo.example": {"TXT": ['"v=spf1 -all"'], "MX": ["10 mx.tyo.example."]},
    "mx.tyo.example": {"A": ["192.0.2.25"]},
    "brevo1._domainkey.tyo.example": {"TXT": [dns_text(f"v=DKIM1; p={spki(2048)}")]},
    "_dmarc.tyo.example": {"TXT": ['"v=DMARC1; p=quarantine"']},
}


def test_a_set_up_is_proven_from_the_key_to_the_dns(site: Site, start_brevo: StartBrevo) -> None:
    server = start_brevo(site)
    site.settings(**{"from": 'from = "Kirje <kirje@tyo.example>"', "reply_to": ""})
    private(site)

    with NameServer(ZONE) as names:
        asked_there(site, names)
        found = diagnoses(site, code=0)
        parts = len(names.asked)
        offline = diagnoses(site, "--offline", code=0)
        site.environment["NEWSLETTER_API_KEY"] = SEARCHED
        refused = diagnoses(site, "--online", code=3)["provider"][0]
        del names.zone["_dmarc.tyo.example"]
        bare = diagnoses(site, code=3)["domain"]

    assert found["provider"][0]["health"] == found["clock"][0]["health"] == "good"
    assert [d["message"] for d in found["domain"]] == ["in order at tyo.example: SPF, DKIM, DMARC"]
    assert offline["provider"][0]["health"] == "skipped"
    assert "domain" not in offline
    assert parts
    assert refused["health"] == "broken"
    assert SEARCHED not in json.dumps(refused)
    assert bare[0]["message"] == "tyo.example has no DMARC record"
    assert "TXT record at _dmarc.tyo.example" in bare[0]["cure"]
    assert server.messages() == []
    assert set(server.asked()) == {"GET /v3/account"}


def test_the_service_itself_is_proven_from_outside(site: Site, start_brevo: StartBrevo) -> None:
    server, port = start_brevo(site), free_port()
    site.environment["NEWSLETTER_SECRET"] = "0123456789abcdefghijklmnopqrstuv"  # noqa: S105
    site.settings(
        sender=f'sender = "Example Foundation"\npublic_url = "http://127.0.0.1:{port}"',
        **{"from": 'from = "Kirje <kirje@tyo.example>"', "reply_to": ""},
    )
    private(site).people(2)
    with NameServer(ZONE) as names:
        asked_there(site, names, "allow_internal = true")
        [away] = diagnoses(site, code=3)["service"]
        service = site.start("serve", "--port", str(port))
        read_until(service.stderr, "Serving")
        found = diagnoses(site, code=0)

    assert "takes no connections" in away["message"]
    proven = {part: found[part][0]["health"] for part in ("service", "leaving", "webhook")}
    assert proven == {"service": "good", "leaving": "good", "webhook": "good"}
    with closing(sqlite3.connect(site.root / "subscribers/newsletter.db")) as database:
        counts = [
            database.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - ours
            for table in ("webhooks", "records", "subscribers WHERE standing <> 'active'")
        ]
    assert counts[0] == counts[2] == (0,)
    assert server.messages() == []


def asked_there(site: Site, names: NameServer, more: str = "") -> None:
    """Let the newsletter ask a name server of ours."""
    with (site.root / "newsletter.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[check]\nnameserver = "{names.setting}"\n{more}\n')


def test_a_mailbox_is_logged_in_to_and_left_as_it_was(site: Site) -> None:
    box = Mailbox()
    box.add(b"Subject: x\r\n\r\nx\r\n")
    with imap_serving(box):
        with (site.root / "newsletter.toml").open("a", encoding="utf-8") as settings:
            settings.write(
                f'\n[mailbox]\nhost = "127.0.0.1"\nport = {box.port}\nsecurity = "none"\n'
                f'username = "{box.username}"\n'
            )
        site.environment["NEWSLETTER_IMAP_PASSWORD"] = box.password
        [good] = diagnoses(private(site), code=0)["mailbox"]
        site.environment["NEWSLETTER_IMAP_PASSWORD"] = SEARCHED
        [bad] = diagnoses(site, code=3)["mailbox"]

    assert good["message"] == f"127.0.0.1 lets {box.username} in"
    assert box.seen == set()
    assert not any("FETCH" in command.upper() for command in box.commands)
    assert "NEWSLETTER_IMAP_PASSWORD" in bad["message"]
    assert SEARCHED not in json.dumps(bad)


def test_nothing_is_changed_by_looking(site: Site, start_brevo: StartBrevo) -> None:
    start_brevo(site)
    private(site).people(2)
    site.run("doctor", code=None)
    ledger = site.root / "subscribers/newsletter.db"
    kept = [Path(ledger), site.root / "newsletter.toml"]
    before = [file.read_bytes() for file in kept]

    site.run("doctor", code=None)

    assert [file.read_bytes() for file in kept] == before


def test_a_weak_secret_is_told_and_never_shown(site: Site) -> None:
    site.environment["NEWSLETTER_SECRET"] = "kesakuunkirje"  # noqa: S105
    site.settings(sender='sender = "Example Foundation"\npublic_url = "https://kirje.example.org"')

    done = site.run("doctor", "--offline", code=1)

    assert "! secrets: NEWSLETTER_SECRET is short or simple" in done.stdout
    assert "kesakuunkirje" not in done.stdout + done.stderr


def test_a_form_without_a_privacy_notice_is_told(site: Site) -> None:
    site.environment["NEWSLETTER_SECRET"] = "0123456789abcdefghijklmnopqrstuv"  # noqa: S105
    site.settings(sender='sender = "Example Foundation"\npublic_url = "https://kirje.example.org"')

    done = site.run("doctor", "--offline", code=1)

    assert "! sign-ups: the form to sign up links to no privacy notice" in done.stdout
    assert "privacy_url under [subscribe]" in done.stdout


def test_an_old_list_without_a_backup_is_told_until_there_is_one(site: Site) -> None:
    private(site).people(2)
    with closing(sqlite3.connect(site.root / "subscribers/newsletter.db")) as database, database:
        database.execute("UPDATE subscribers SET joined_at = '2026-01-01T00:00:00.000000+00:00'")

    [missing] = diagnoses(site, code=1)["backups"]
    site.run("backup", str(site.root.parent / "elsewhere.db"))
    [made] = diagnoses(site, code=0)["backups"]

    assert (missing["health"], missing["cure"]) == ("doubtful", "newsletter backup")
    assert made["message"] == "the last one is 0 days old"


def test_a_day_of_robots_and_a_silent_provider_are_told(site: Site) -> None:
    private(site).people(2)
    now = dt.datetime.now(dt.UTC)
    sent = (now - dt.timedelta(days=5)).isoformat(timespec="microseconds")
    site.run("send", "2026-06", "--yes")
    private(site)
    with closing(sqlite3.connect(site.root / "subscribers/newsletter.db")) as database, database:
        database.execute(
            "UPDATE sends SET scope = issue_id, provider = 'brevo', done_at = ?", [sent]
        )
        database.executemany(
            "INSERT INTO sign_ups (key, address, language, attributes, source, wording, tracking, "
            "asked_at, confirmed_at, purpose, subscriber_key, turn, is_slow) "
            "VALUES (?, ?, 'fi', '{}', '', '', 'unknown', ?, ?, 'sign-up', '', 0, 0)",
            [(f"k{n}", f"a{n}@example.org", sent, sent if n < 3 else None) for n in range(10)],
        )
        database.execute(
            "INSERT INTO returns (digest, source, kind, at, noted_at, address, status, text, "
            "state, detail) VALUES ('d', 'mailbox', 'hard', ?, ?, 'a@example.org', '', '', "
            "'held', '{}')",
            [sent, sent],
        )

    found = diagnoses(site, code=1)

    [robots], [silent], held = found["sign-ups"], found["events"], found["bounces"][0]
    assert (held["message"], held["cure"]) == ("1 waits for your word", "newsletter returns")
    assert "7 of 10 never confirmed" in robots["message"]
    assert silent["message"] == "brevo has told nothing of the newest issue"
    assert "newsletter sync" in silent["cure"]


def test_settings_that_cannot_be_read_end_as_everywhere(site: Site) -> None:
    site.write("newsletter.toml", "[newsletter\n")

    assert "newsletter.toml:1" in site.run("doctor", code=3).stderr


def test_an_older_folder_is_told_to_people_too(site: Site) -> None:
    private(site).people(1)
    Path(site.root / "subscribers").chmod(0o755)

    done = site.run("doctor", code=1)

    assert "! files: others on this machine have rights to" in done.stdout
    assert "1 thing to look after." in done.stderr
