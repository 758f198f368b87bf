"""A list that moves to a new ledger brings with it which issues its readers had: nobody twice."""

from pathlib import Path

import pytest

from tests.conftest import ISSUE, Site, StartProvider, make_site

NEXT = ISSUE.replace("2026-06-15", "2026-07-15").replace("Kesäkuun", "Heinäkuun")


@pytest.fixture
def moved(site: Site, tmp_path: Path, start_provider: StartProvider) -> Site:
    """A new ledger whose list comes from one that had sent the issue of June."""
    server = start_provider(site, "brevo")
    site.people(2)
    site.run("send", "2026-06", "--yes")
    site.run("subscribers", "export", str(tmp_path / "people.csv"))
    new = make_site(tmp_path / "new")
    new.environment |= site.environment
    new.settings(name=f'name = "brevo"\nbase_url = "{server.url}"')
    new.write("issues/2026-07.md", NEXT)
    new.run("subscribers", "import", str(tmp_path / "people.csv"), "--yes")
    return new


def _mailed(site: Site) -> int:
    counts = site.run("stats", "--csv").stdout
    return counts.count("\n") - 1


def test_an_issue_that_another_ledger_sent_is_not_sent_again_when_nobody_is_asked(
    moved: Site,
) -> None:
    refused = moved.run("send", "2026-06", "--yes", code=2).stderr

    assert "had sent issues of dates up to 2026-06-15" in refused
    assert "--not-sent-before" in refused
    assert _mailed(moved) == 0


def test_the_editor_is_asked_about_it_first_and_silence_is_a_no(moved: Site) -> None:
    asked = moved.run("send", "2026-06", code=1).stderr
    moved.run("send", "2026-06", answer="yes\nyes\n")

    assert "though its readers may have it from the other ledger?" in asked
    assert "Send 2026-06 to" not in asked
    assert _mailed(moved) == 1


def test_an_issue_that_it_did_not_send_goes_out_once_that_is_said(moved: Site) -> None:
    moved.run("send", "2026-06", "--yes", "--not-sent-before")

    assert _mailed(moved) == 1


def test_a_newer_issue_a_test_and_a_rehearsal_need_no_word(moved: Site) -> None:
    moved.run("send", "2026-06", "--test", "me@example.org", "--yes")
    moved.run("send", "2026-07", "--yes")
    moved.settings(name='name = "outbox"')

    moved.run("send", "2026-06", "--yes")


def test_an_issue_of_a_list_that_moved_twice_is_known_still(moved: Site, tmp_path: Path) -> None:
    text = moved.run("subscribers", "export").stdout
    third = make_site(tmp_path / "third")
    third.environment |= moved.environment
    third.settings(name='name = "brevo"\nbase_url = "http://127.0.0.1:9"')
    third.write("people.csv", text)
    third.run("subscribers", "import", str(third.root / "people.csv"), "--yes")

    assert text.splitlines()[0] == "email,name,language,standing,sent_until"
    third.run("send", "2026-06", "--yes", code=2)


def test_a_list_that_was_there_before_the_issue_went_out_learns_of_it(
    site: Site, tmp_path: Path, start_provider: StartProvider
) -> None:
    start_provider(site, "brevo")
    site.people(2)
    new = make_site(tmp_path / "new")
    new.people(2)
    site.run("send", "2026-06", "--yes")
    new.write("people.csv", site.run("subscribers", "export").stdout)

    told = new.run("subscribers", "import", str(new.root / "people.csv"), "--yes")

    new.settings(name='name = "brevo"\nbase_url = "http://127.0.0.1:9"')
    new.environment |= site.environment
    assert "had sent issues of dates up to 2026-06-15: to be noted" in told.stdout
    new.run("send", "2026-06", "--yes", code=2)
    assert "0 joined, 0 changed" in new.run("subscribers", "undo", "--list").stdout
    again = new.run("subscribers", "import", str(new.root / "people.csv"), "--yes")
    assert "Nothing to write" in again.stderr
    new.run("subscribers", "undo", "--yes")
    new.run("send", "2026-06", "--dry-run")


def test_an_import_that_is_taken_back_is_no_move(moved: Site) -> None:
    moved.run("subscribers", "undo", "--yes")
    moved.people(1)

    moved.run("send", "2026-06", "--yes")


@pytest.mark.parametrize(
    ("written", "day"), [("15.11.2026", "2026-11-15"), ("2026-11-15 00:00:00", "2026-11-15")]
)
def test_a_day_is_read_as_spreadsheets_save_it(site: Site, written: str, day: str) -> None:
    site.write(
        "l.csv", f"email,name,language,standing,sent_until\na@example.org,,,active,{written}\n"
    )

    told = site.run("subscribers", "import", str(site.root / "l.csv"), "--yes").stdout

    assert f"up to {day}" in told


def test_what_is_no_day_is_named_with_its_cure(site: Site) -> None:
    site.write("l.csv", "email,name,language,standing,sent_until\na@example.org,,,active,marras\n")

    told = site.run("subscribers", "import", str(site.root / "l.csv"), "--yes", code=1).stderr

    assert "l.csv: “sent_until” holds “marras”" in told


def test_a_first_list_with_standings_and_the_sample_are_no_move(
    site: Site, start_provider: StartProvider
) -> None:
    start_provider(site, "brevo")
    site.write(
        "l.csv", "email,name,language,standing\na@example.org,,,active\nb@example.org,,,bounced\n"
    )
    site.run("subscribers", "import", str(site.root / "l.csv"), "--yes")

    told = site.run("send", "2026-06", "--yes").stderr

    assert "began on" in told
