"""Regional networks on the web: the directory, and for each a page and a feed of its own news."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import lxml.html
import pytest
from starlette.types import ASGIApp

from newsletter.archive import Access, Archive, ArchivedIssue, Visibility
from newsletter.archive.catalogue import Catalogue
from newsletter.archive.impersonal import as_anybody_reads, part_of
from newsletter.archive.searching import SearchIndex
from newsletter.content import read_regions
from newsletter.ledger import Ledger
from newsletter.model import Edition, Meeting, MeetingText, Region, Segment
from newsletter.public import ContributionForm
from tests.conftest import make_site
from tests.contributions.conftest import book, ledger  # noqa: F401 - fixtures
from tests.contributions.offers import NOW, SECRET
from tests.public.asking import app_of, ask, site_at

SAMPLE, _ = read_regions(Path(__file__).parents[2], language="fi")
LAPPI, SAVO, _OSTERBOTTEN = SAMPLE
_ATOM = "{http://www.w3.org/2005/Atom}"
_FOR_LAPPI = Segment.of("region", "Lappi")


def _edition(body: str) -> Edition:
    return Edition(
        issue_id="2026-09",
        variant="fi",
        language="fi",
        subject="Syyskuu",
        html=f"<html><body><div role='main'>{body}</div></body></html>",
        text="",
        slots=(),
    )


_SECTIONS = (
    "<h2>Kaikille</h2><p>Lapin väki lukee tämänkin.</p>"
    "<h2>Lapissa <i>alkoi</i> kurssi</h2><p>Se on &lt;b&gt;hyvä&lt;/b&gt;.</p>"
    "<h2>Etelä-Pohjanmaa kutsuu</h2><p>Tervetuloa.</p>"
)
_BLOCK = "<h2>Oma asia</h2><p>Vain lappilaisille.</p>"


def _issue(access: Access = Access.LISTED) -> ArchivedIssue:
    """Return an issue whose block for Lappi brings a table of contents with it."""
    plain = as_anybody_reads(_edition(_SECTIONS), public_url="")
    contents = "<p>Tässä numerossa</p><ul><li>Kaikille</li><li>Oma asia</li></ul>"
    whole = as_anybody_reads(_edition(contents + _SECTIONS + _BLOCK), public_url="")
    part = part_of(_FOR_LAPPI, plain, whole)
    assert part
    return ArchivedIssue(
        id="2026-09",
        date=dt.date(2026, 9, 15),
        at=NOW,
        access=access,
        editions={"fi": plain},
        regional={"fi": [part]},
    )


class _Kept:
    """An archive with these issues."""

    visibility = Visibility()

    def __init__(self, *issues: ArchivedIssue) -> None:
        self._issues = issues

    def catalogue(self, now: dt.datetime) -> Catalogue:
        """Return them."""
        return Catalogue(self._issues, SearchIndex([]))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsletter."""
    return make_site(tmp_path_factory.mktemp("regions") / "site").root


def app(
    root: Path,
    ledger: Ledger,  # noqa: F811 - the fixture
    regions: Sequence[Region] = SAMPLE,
    issue: ArchivedIssue | None = None,
) -> ASGIApp:
    """Return its public service with an issue and regions."""
    site = site_at(root, ledger, SECRET, NOW, ContributionForm())
    archive = cast(Archive, _Kept(issue or _issue()))
    return app_of(replace(site, archive=archive, regions=lambda: regions))


def _news(page: bytes) -> list[str]:
    html = lxml.html.fromstring(page)
    found = html.xpath("//ol[@class='issues']/li")
    return [" ".join(" ".join(one.itertext()).split()) for one in found]


def test_the_directory_leads_to_each_network_in_three_languages(root: Path, ledger: Ledger) -> None:  # noqa: F811
    service = app(root, ledger)

    for language, name in (("fi", "Lapin verkosto"), ("sv", "Nätverket i Lappland")):
        page = lxml.html.fromstring(ask(service, f"/kirje/regions?lang={language}").body)
        places = page.xpath("//h2/a/@href")
        assert next(link.text_content() for link in page.xpath("//h2/a")) == name
        assert all(ask(service, place).status == 200 for place in places)
    led = ask(service, "/kirje/alueet/lappi")
    assert (led.status, led.headers["location"]) == (308, "/kirje/regions/lappi?lang=fi")
    assert ask(service, "/kirje/regioner").headers["location"] == "/kirje/regions?lang=sv"


def test_a_page_has_contact_and_news_of_its_region_alone(root: Path, ledger: Ledger) -> None:  # noqa: F811
    service = app(root, ledger)

    lappi = ask(service, "/kirje/regions/lappi?lang=fi")
    savo = ask(service, "/kirje/regions/savo?lang=fi")

    assert b"mailto:lappi@example.org" in lappi.body
    assert _news(lappi.body) == [
        "15. syyskuuta 2026 Lapissa alkoi kurssi Se on <b>hyvä</b>. Syyskuu",
        "15. syyskuuta 2026 Oma asia Vain lappilaisille. Syyskuu",
    ]
    assert _news(savo.body) == []


def test_a_block_for_a_region_is_told_to_all_only_where_the_file_says_so(
    root: Path,
    ledger: Ledger,  # noqa: F811
) -> None:
    silent = [replace(LAPPI, shows_blocks=False), SAVO]

    page = ask(app(root, ledger, silent), "/kirje/regions/lappi?lang=fi").body

    assert b"Vain lappilaisille" not in page
    assert len(_news(page)) == 1


@pytest.mark.parametrize("access", [Access.UNLISTED, Access.HIDDEN])
def test_what_the_archive_names_nowhere_is_no_news(
    root: Path,
    ledger: Ledger,  # noqa: F811
    access: Access,
) -> None:
    issue = _issue(access) if access is Access.UNLISTED else replace(_issue(), access=access)
    listed = app(root, ledger, issue=replace(issue, access=Access.UNLISTED))

    assert _news(ask(listed, "/kirje/regions/lappi?lang=fi").body) == []


def test_the_feed_has_the_news_with_whole_addresses(root: Path, ledger: Ledger) -> None:  # noqa: F811
    service = app(root, ledger)
    answer = ask(service, "/kirje/regions/lappi/feed.atom?lang=fi")

    entries = ET.fromstring(answer.body).findall(f"{_ATOM}entry")  # noqa: S314 - our own
    mark = str(entries[1].findtext(f"{_ATOM}id")).partition("#")[2]

    assert [entry.findtext(f"{_ATOM}title") for entry in entries] == [
        "Lapissa alkoi kurssi",
        "Oma asia",
    ]
    assert [entry.find(f"{_ATOM}link").get("href") for entry in entries] == [  # type: ignore[union-attr]
        "https://news.example.org/kirje/2026-09?lang=fi",
        f"https://news.example.org/kirje/regions/lappi?lang=fi#{mark}",
    ]
    shown = lxml.html.fromstring(ask(service, "/kirje/regions/lappi?lang=fi").body)
    assert [one.get("id") for one in shown.xpath("//ol[@class='issues']/li")][1] == mark
    assert entries[0].findtext(f"{_ATOM}content") == "<p>Se on &lt;b&gt;hyvä&lt;/b&gt;.</p>"
    known = ask(
        service, "/kirje/regions/lappi/feed.atom?lang=fi", if_none_match=answer.headers["etag"]
    )
    assert known.status == 304


def test_without_regions_there_are_no_such_pages(root: Path, ledger: Ledger) -> None:  # noqa: F811
    service = app(root, ledger, ())

    places = ("regions", "alueet", "regions/lappi", "regions/lappi/feed.atom", "alueet/lappi")
    assert [ask(service, f"/kirje/{place}").status for place in places] == [404] * 5
    assert b"/kirje/regions" not in ask(service, "/kirje/subscribe").body
    assert ask(app(root, ledger), "/kirje/regions/%3Cscript%3E").status == 404


def test_a_page_has_the_meetings_to_come_of_its_own(root: Path, ledger: Ledger) -> None:  # noqa: F811
    def meeting(id: str, region: str, days: int) -> Meeting:
        start = NOW.replace(tzinfo=None) + dt.timedelta(days=days)
        return Meeting(
            id=id,
            path=f"meetings/{id}.md",
            texts={"fi": MeetingText(title=id.title())},
            start=start,
            end=start + dt.timedelta(hours=2),
            zone=ZoneInfo("Europe/Helsinki"),
            seats={},
            region=region,
        )

    site = site_at(root, ledger, SECRET, NOW, ContributionForm())
    meetings = [
        meeting("coming", "lappi", 3),
        meeting("by-code", "19", 4),
        meeting("over", "lappi", -3),
        meeting("elsewhere", "savo", 3),
    ]
    archive = cast(Archive, _Kept())
    service = app_of(
        replace(site, archive=archive, regions=lambda: SAMPLE, meetings=lambda: meetings)
    )

    page = lxml.html.fromstring(ask(service, "/kirje/regions/lappi?lang=fi").body)

    links = page.xpath("//section[@aria-labelledby='meetings']//h3/a/@href")
    assert links == ["/kirje/meetings/coming?lang=fi", "/kirje/meetings/by-code?lang=fi"]
