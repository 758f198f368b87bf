"""Who asks is given all that is held on them, then forgotten: no list adds them again."""

import datetime as dt
import json
from pathlib import Path

from newsletter.ledger import history, open_ledger, people, wishes
from newsletter.model import By, ConsentWording, Happened, Record
from tests.conftest import Site

MARKER = "zyzzyva@example.org"


def _import(site: Site, text: str, *options: str, code: int = 0) -> str:
    path = site.write("lista.csv", text)
    told = site.run("subscribers", "import", str(path), "--yes", *options, code=code).stdout
    path.unlink()
    return told


def _files_with(site: Site, word: bytes) -> set[str]:
    return {
        str(path.relative_to(site.root))
        for path in site.root.rglob("*")
        if path.is_file() and word in path.read_bytes().lower()
    }


def test_who_asks_is_given_all_and_then_forgotten_for_good(sample: Site) -> None:
    _import(sample, f"email,name\n{MARKER},Zyzzyva Marker\nother@example.org,Other\n")
    sample.run("send", "2021-06", "--yes")
    assert [name for name in _files_with(sample, b"zyzzyva") if name.endswith(".eml")]

    sample.run("subscribers", "export", "--person", MARKER, "--out", "hers")
    given = json.loads((sample.root / "hers" / "person.json").read_text("utf-8"))
    assert {"subscribers", "records", "deliveries"} <= given.keys()
    assert "Zyzzyva Marker" in (sample.root / "hers" / "subscribers.csv").read_text("utf-8-sig")
    for path in (sample.root / "hers").iterdir():
        path.unlink()

    asked = sample.run("subscribers", "forget", MARKER, answer="no\n", code=1)
    assert "This stays" in asked.stdout + asked.stderr
    assert _files_with(sample, b"zyzzyva")
    sample.run("subscribers", "forget", MARKER, "--yes")

    assert _files_with(sample, b"zyzzyva") == set()
    again = _import(sample, f"email,name\n{MARKER},Zyzzyva Marker\n", code=1)
    assert "is erased and stays so" in again
    assert _files_with(sample, b"zyzzyva") == set()
    sample.run("subscribers", "add", MARKER, code=2)
    sample.run("subscribers", "add", MARKER, "--again")
    shown = json.loads(sample.run("subscribers", "show", MARKER, "--json").stdout)
    assert shown["standing"] == "active"
    assert [entry["what"] for entry in shown["history"]] == ["joined", "returned"]


def test_the_suppressed_of_an_old_tool_are_brought_along(site: Site) -> None:
    _import(site, "email\naino@example.org\nbo@example.org\n")
    hashed = "ab" * 32
    listed = site.write("off.txt", f"Aino@Example.org\nnew@example.org\n{hashed}\nnonsense\n")

    told = site.run("subscribers", "import", str(listed), "--suppressions", "--yes", code=1)

    assert "3 addresses are noted" in told.stdout + told.stderr
    assert "“nonsense” is neither" in told.stdout + told.stderr
    shown = json.loads(site.run("subscribers", "show", "aino@example.org", "--json").stdout)
    assert shown["standing"] == "unsubscribed"
    assert "is unsubscribed and stays so" in _import(site, "email\nnew@example.org\n", code=1)


def test_what_is_kept_for_a_time_is_deleted_after_it(site: Site) -> None:
    _import(site, "email\naino@example.org\n")

    told = site.run("subscribers", "purge", "--dry-run", "--json")

    assert json.loads(told.stdout) == {
        "wishes": 0,
        "answers": 0,
        "contributions": 0,
        "posted": 0,
        "returns": 0,
        "departed": 0,
        "registrations": 0,
        "survey_answers": 0,
        "sealed_answers": 0,
        "deleted": False,
    }


def test_needs_of_a_meeting_that_is_over_are_purged_as_by_night(site: Site) -> None:
    day = "---\ntitle: Päivä\nstart: {year}-02-02 09:00\nend: 15:00\nplace: Talo\n---\nHei!\n"
    site.write("meetings/day.md", day.format(year=2099))
    site.run("meetings", "register", "day", "--name", "Aino", "--needs", "gluteeniton")
    site.write("meetings/day.md", day.format(year=2020))
    site.run("meetings", "waiting", "day", "--pause")  # it knows the day by now

    foreseen = json.loads(site.run("subscribers", "purge", "--dry-run", "--json").stdout)
    done = json.loads(site.run("subscribers", "purge", "--yes", "--json").stdout)

    assert (foreseen["registrations"], done["registrations"], done["deleted"]) == (1, 1, True)
    assert "gluteeniton" not in site.run("meetings", "export", "day", "--all", "--out", "-").stdout
    assert not json.loads(site.run("subscribers", "purge", "--json").stdout)["registrations"]


def test_a_basis_is_kept_with_those_who_join(site: Site, tmp_path: Path) -> None:
    listed = tmp_path / "members.csv"
    listed.write_text("email\naino@example.org\n", encoding="utf-8")

    site.run("subscribers", "import", str(listed), "--basis", "membership", "--yes")

    shown = json.loads(site.run("subscribers", "show", "aino@example.org", "--json").stdout)
    assert (shown["basis"], shown["tracking"]) == ("membership", "unknown")


def test_what_somebody_agreed_to_is_shown_word_for_word(site: Site) -> None:
    site.people(1)
    wording = ConsentWording(language="fi", text="Tilaan tämän uutiskirjeen.", digest="d" * 64)
    now = dt.datetime.now(dt.UTC)
    ledger = open_ledger(site.root / "subscribers" / "newsletter.db")
    with ledger.write() as connection:
        people.lock_people(connection)
        [person] = people.list_subscribers(connection)
        wishes.keep_wording(connection, wording, now)
        agreed = {"wording": wording.digest, "language": "fi"}
        record = Record(key=person.key, what=Happened.CONFIRMED, by=By.PERSON, detail=agreed)
        history.note(connection, [record], now)
    ledger.close()

    shown = site.run("subscribers", "show", person.address)
    told = json.loads(site.run("subscribers", "show", person.address, "--json").stdout)

    assert wording.text in shown.stdout
    assert wording.digest not in shown.stdout
    assert [one["text"] for one in told["agreed"]] == [wording.text]
