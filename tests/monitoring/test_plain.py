"""People are told of the work in words: what libraries log is for machines alone."""

import datetime as dt
import logging
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import click
import pytest
from starlette.types import ASGIApp

from newsletter.cli.watched import Watching, watched
from newsletter.errors import LedgerBusyError, LedgerRefusedError
from newsletter.language import say
from newsletter.ledgers import ledger_of
from newsletter.public import ContributionForm, KeptMeetings, KeptRegions
from newsletter.settings import load_settings
from tests.conftest import Site
from tests.contributions.offers import NOW, SECRET
from tests.public.asking import app_of, ask, site_at

AS_SET = Watching(log=None, log_level=None, metrics=None)


def test_what_libraries_log_is_not_written_between_words(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, theirs = load_settings(site.root), logging.getLogger("psycopg.pool")
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # as the program finds it

    with closing(ledger_of(settings)) as ledger, click.Context(click.Command("worker")):
        with watched(settings, ledger, AS_SET):
            theirs.error("error connecting to %s", "person@example.org")
        assert capsys.readouterr().err == ""

        theirs.error("heard again")
        assert "heard again" in capsys.readouterr().err


def test_a_request_that_failed_leaves_a_line_without_who_asked_for_what(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(site, ValueError("aino@example.org")) as told:
        with pytest.raises(ValueError, match="aino"):  # the server closes the connection
            ask(told, "/kirje/contribute?me=c0ffee&name=aino")
        assert ask(told, "/kirje/regions").status == 404

    assert re.fullmatch(
        r"\d\d:\d\d:\d\d A request failed: GET contributing\.show_news: ValueError at "
        r"newsletter/public/contributing\.py:\d+\n",
        capsys.readouterr().err,
    )


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (LedgerBusyError(say("the ledger does not answer")), 0),  # it may be back in a moment
        (LedgerRefusedError(say("it is older than this version")), 1),
    ],
)
def test_a_ledger_that_refuses_is_told_and_one_that_is_busy_is_not(
    site: Site, capsys: pytest.CaptureFixture[str], error: Exception, lines: int
) -> None:
    with served(site, error) as told:
        assert ask(told, "/kirje/contribute").status == 503

    said = capsys.readouterr().err.splitlines()
    assert len(said) == lines
    assert all(
        line.endswith("GET contributing.show_news: it is older than this version") for line in said
    )


def test_a_file_that_breaks_while_it_is_shown_is_told_once_and_stays_as_it_was(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    well = '[regions.lappi]\nname = "Lapin verkosto"\nareas = ["Lappi"]\n'
    regions = KeptRegions(site.root, language="fi")
    with served(site, ValueError()):
        for text in (well, f"{well}oops = 1\n", f"{well}oops = 1\n", f"{well}oops", well):
            site.write("regions.toml", text)
            assert [one.id for one in regions()] == ["lappi"]

    first, second = capsys.readouterr().err.splitlines()
    assert "regions.toml:4 cannot be read: " in first
    assert "What it said before is shown." in first
    assert "newsletter doctor" in first
    assert "regions.toml:4" in second


def test_a_file_that_was_broken_from_the_start_is_told_by_its_path_and_as_one_not_shown(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    (site.root / "regions.toml").mkdir()  # as little to be read as one without leave
    site.write("meetings/day.md", "no meeting")
    zone = load_settings(site.root).zone
    regions = KeptRegions(site.root, language="fi")
    meetings = KeptMeetings(site.root / "meetings", language="fi", zone=zone)
    with served(site, ValueError()):
        assert [*regions(), *meetings(), *regions()] == []

    first, second = capsys.readouterr().err.splitlines()
    assert "regions.toml cannot be read: is not a file that can be read. Nothing of it" in first
    assert "meetings/day.md:1 cannot be read: no front matter. Nothing of it is shown." in second


def test_a_draft_that_people_are_registered_for_is_told_once(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    day = "---\ntitle: Päivä\nplace: (kirjoita tähän)\nstart: 2099-01-09 09:00\nend: 15:00\n---\n"
    site.write("meetings/day.md", day)
    zone = load_settings(site.root).zone
    meetings = KeptMeetings(site.root / "meetings", language="fi", zone=zone)
    with served(site, ValueError()):
        withheld = [meetings.is_withheld(id) for id in ("day", "day", "gone")]

    [line] = capsys.readouterr().err.splitlines()
    assert withheld == [True, True, False]
    assert "meetings/day.md cannot be read: its text is marked as still to be written." in line


@contextmanager
def served(site: Site, error: Exception) -> Iterator[ASGIApp]:
    """Serve a newsletter whose clock fails, told of in words."""

    def fail() -> dt.datetime:
        raise error

    settings = load_settings(site.root)
    with closing(ledger_of(settings)) as ledger, click.Context(click.Command("serve")):
        service = site_at(site.root, ledger, SECRET, NOW, ContributionForm())
        with watched(settings, ledger, AS_SET):
            yield app_of(replace(service, now=fail))
