"""Anybody reads what was sent, served or as files, and nobody learns of a reader."""

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import lxml.html
import pytest

from tests.archiving import PUBLIC, READERS, archive_site, served
from tests.conftest import LEDGER, Site
from tests.serving import Service, serving

_PAGES = [
    "/kirje/archive",
    "/kirje/archive?lang=sv",
    "/kirje/archive?q=haku",
    "/kirje/2026-06?lang=fi",
    "/kirje/2026-06?lang=sv",
    "/kirje/2026-09",
    "/kirje/2026-10",
    "/kirje/feed.atom",
    "/kirje/feed.json?lang=sv",
]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A newsletter that has sent three issues."""
    with archive_site(tmp_path_factory.mktemp("archive")) as made:
        yield made


@pytest.fixture(scope="module")
def service(sent: Site) -> Iterator[Service]:
    """Its public service."""
    with served(sent) as running:
        yield running


@dataclass(frozen=True)
class Filed:
    """An archive as files."""

    folder: Path

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def filed(sent: Site, tmp_path_factory: pytest.TempPathFactory) -> Filed:
    """The same newsletter's archive as files."""
    folder = tmp_path_factory.mktemp("filed") / "public"
    sent.run("archive", "--out", str(folder), "--url", "https://www.example.org/kirje")
    return Filed(folder)


def _keys(site: Site) -> set[str]:
    """Return what names a reader in links: keys, and all parts of their addresses and names."""
    connection = sqlite3.connect(site.root / LEDGER)
    keys = {key for (key,) in connection.execute("SELECT key FROM subscribers")}
    connection.close()
    assert len(keys) == len(READERS)
    return keys


def _told_of_readers(text: str, site: Site) -> list[str]:
    words = [*_keys(site), *READERS, "Salainen", "Hemlig", "readers.example.com"]
    words += [f"/{place}/" for place in ("u", "p", "c", "o", "r")]
    return [word for word in words if word in unquote(text)]


# --- nobody -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", _PAGES)
def test_no_answer_tells_of_a_reader_or_holds_a_token(service: Service, path: str) -> None:
    answer = service.ask(path)

    assert answer.status == 200
    assert _told_of_readers(answer.body.decode(), service.site) == []
    assert not re.findall(r"zq[0-9a-f]{10}|\{\{|\x00", answer.body.decode())


def test_no_file_tells_of_a_reader(filed: Filed, sent: Site) -> None:
    every = [path for path in filed.folder.rglob("*") if path.is_file()]
    files = [path for path in every if path.suffix not in (".png", ".jpg")]

    assert len(files) > 12
    told = {path.name: _told_of_readers(path.read_text("utf-8"), sent) for path in files}
    assert {name: words for name, words in told.items() if words} == {}


def test_what_is_for_some_readers_is_for_nobody_here(service: Service, filed: Filed) -> None:
    assert "lappilaisille" not in service.ask("/kirje/2026-06?lang=fi").body.decode()
    assert "lappilaisille" not in filed.text("2026-06.html")
    assert "hyvä lukija" in filed.text("2026-06.html")


@pytest.mark.parametrize("path", [path for path in _PAGES if "feed" not in path])
def test_nothing_an_author_types_becomes_markup(service: Service, path: str) -> None:
    answer = service.ask(path)

    page = lxml.html.document_fromstring(answer.body.decode())
    assert page.xpath("//script|//iframe|//object|//svg|//b[@onclick]") == []
    assert page.xpath("//@*[starts-with(name(), 'on')]") == []
    assert [link for link in page.xpath("//@href|//@src") if "javascript:" in link] == []
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert ("sandbox" in policy) is ("'unsafe-inline'" in policy) is ("archive" not in path)


# --- what is there ------------------------------------------------------------------------


def test_the_link_of_the_mail_leads_to_the_mail_on_the_web(service: Service) -> None:
    page = service.ask(f"{urlsplit(PUBLIC).path}/2026-06?lang=sv").body.decode()

    assert "Bidragsansökan öppnar" in page
    assert f'<link rel="canonical" href="{PUBLIC}/2026-06?lang=sv">' in page
    assert f'hreflang="fi" href="{PUBLIC}/2026-06?lang=fi"' in page
    assert 'href="/kirje/links"' in page
    assert '<html lang="sv"' in page


def test_an_issue_is_in_the_language_that_its_reader_wants(service: Service) -> None:
    swedish = service.ask("/kirje/2026-06", Accept_Language="sv-FI").body.decode()
    english = service.ask("/kirje/2026-06", Accept_Language="en").body.decode()

    assert "Bidragsansökan" in swedish
    assert "Avustushaku" in english
    assert 'rel="canonical" href="https://news.example.org/kirje/2026-06?lang=fi"' in english


def test_issues_lead_to_their_neighbours(service: Service) -> None:
    first, middle, last = (
        service.ask(f"/kirje/2026-{month}?lang=fi").body.decode() for month in ("06", "09", "10")
    )

    assert 'rel="prev"' not in first
    assert 'rel="prev" href="/kirje/2026-06?lang=fi"' in middle
    assert 'rel="next" href="/kirje/2026-10?lang=fi"' in middle
    assert 'rel="next"' not in last


def test_an_issue_is_announced_with_a_picture(service: Service) -> None:
    pages = [service.ask(f"/kirje/2026-{month}?lang=fi").body.decode() for month in ("06", "09")]

    images = [re.findall(r'property="og:image" content="([^"]+)"', page) for page in pages]

    for [image] in images:
        answer = service.ask(urlsplit(image).path)
        assert image.startswith(f"{PUBLIC}/")
        assert answer.status == 200
        assert answer.headers["content-type"].startswith("image/")
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert 'property="og:title" content="Syksyn teemapäivät"' in pages[1]


@pytest.mark.parametrize(
    "path",
    [
        "/kirje/2026-07",
        "/kirje/2026-06.md",
        "/kirje/..%2fnewsletter.toml",
        "/kirje/cards/2026-06.de.png",
        "/kirje/cards/..%2f..%2fx.png",
        "/kirje/cards/2026-07.fi.png",
        "/kirje/%00",
    ],
)
def test_what_was_not_sent_is_not_there(service: Service, path: str) -> None:
    assert service.ask(path).status == 404


def test_a_search_marks_what_it_finds_and_takes_anything(service: Service) -> None:
    found = service.ask("/kirje/archive?q=haku&lang=fi")
    odd = service.ask("/kirje/archive?q=%22%3E%3Cscript%3E%00%27%3B--&page=x&lang=%22")

    assert "<mark>Avustushaku</mark>" in found.body.decode()
    assert "löytyy 1 numerosta" in found.body.decode()
    assert found.headers["x-robots-tag"] == "noindex"
    assert odd.status == 200
    assert "<script" not in odd.body.decode()


def test_the_public_url_itself_leads_to_the_list(service: Service) -> None:
    for path in ("/kirje", "/kirje/"):
        answer = service.ask(path)

        assert (answer.status, answer.headers["location"]) == (307, "/kirje/archive")


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "9" * 5000, "%D9%A1"])
def test_a_page_that_a_feed_lacks_is_not_there(service: Service, page: str) -> None:
    assert service.ask(f"/kirje/feed.atom?page={page}").status == 404


def test_search_engines_are_asked_to_leave_feeds_and_pictures_alone(service: Service) -> None:
    """They have what is in issues that are not to be found."""
    page = service.ask("/kirje/2026-06?lang=fi").body.decode()
    [picture] = set(re.findall(r'src="(/kirje/pictures/[^"]+)"', page))

    for path in ("/kirje/feed.atom", "/kirje/feed.json", picture):
        assert service.ask(path).headers["x-robots-tag"] == "noindex"


def test_a_feed_is_not_sent_again_to_those_who_have_it(service: Service) -> None:
    first = service.ask("/kirje/feed.atom")

    again = service.ask("/kirje/feed.atom", If_None_Match=first.headers["etag"])

    assert first.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert (again.status, again.body) == (304, b"")
    assert "localhost" not in first.body.decode()
    assert "127.0.0.1" not in first.body.decode()


# --- who may see it -----------------------------------------------------------------------


def _switched(sent: Site, tmp_path: Path, lines: str) -> Site:
    """Return the newsletter with an [archive] of its own, beside the one that is served."""
    other = Site(tmp_path / "switched", dict(sent.environment))
    other.root.mkdir()
    text = (sent.root / "newsletter.toml").read_text("utf-8").replace("sqlite:///", "sqlite:////x/")
    real = f"sqlite:///{os.fspath(sent.root / LEDGER)}"
    text = re.sub(r'url = "sqlite:[^"]*"', f'url = "{real}"', text)
    other.write("newsletter.toml", f"{text}\n[archive]\n{lines}\n")
    return other


def _statuses(running: Service) -> dict[str, int]:
    paths = ("archive", "2026-06", "2026-09", "feed.atom", "feed.json", "cards/2026-09.fi.png")
    return {path: running.ask(f"/kirje/{path}").status for path in paths}


def test_one_switch_hides_all_of_an_issue_from_all(sent: Site, tmp_path: Path) -> None:
    site = _switched(sent, tmp_path, 'hidden = ["2026-09"]\nunlisted = ["2026-10"]\nnoindex = true')
    with serving(site) as running:
        there = _statuses(running)
        told = b"".join(
            running.ask(f"/kirje/{path}").body
            for path in ("archive", "archive?q=teemap", "feed.atom", "feed.json", "2026-06")
        )
        unlisted, noindex = running.ask("/kirje/2026-10"), running.ask("/kirje/2026-06")
        card = running.ask("/kirje/cards/2026-10.fi.png")
    folder = tmp_path / "files"
    site.run("archive", "--out", str(folder))

    assert there["2026-09"] == there["cards/2026-09.fi.png"] == 404
    assert (there["archive"], there["2026-06"]) == (200, 200)
    assert b"2026-09" not in told
    assert "teemapäivät" not in told.decode()
    assert unlisted.status == 200
    assert card.headers["x-robots-tag"] == "noindex"
    assert b"2026-10" not in told
    for answer in (unlisted, noindex):
        assert answer.headers["x-robots-tag"] == "noindex"
        assert b'name="robots" content="noindex"' in answer.body
        assert b"canonical" not in answer.body
    assert not (folder / "2026-09.html").exists()


def test_without_an_archive_nothing_of_it_is_there(sent: Site, tmp_path: Path) -> None:
    with serving(_switched(sent, tmp_path, "public = false")) as running:
        there = _statuses(running)
        front = running.ask("/kirje/")
        picture = running.ask("/kirje/nothing").body.decode()

    assert set(there.values()) == {404}
    assert front.status == 404
    assert "/kirje/archive" not in picture


# --- as files -----------------------------------------------------------------------------


def test_files_lead_to_one_another_and_nowhere_else_on_the_host(filed: Filed) -> None:
    names = {path.relative_to(filed.folder).as_posix() for path in filed.folder.rglob("*")}

    missing = []
    for page in filed.folder.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r'(?:href|src|srcset)="([^"#][^"]*)"', text):
            for one in re.split(r",\s+", target):
                address = urlsplit(one.split()[0])
                if not address.scheme and address.path not in names:
                    missing.append((page.name, one))
                assert not address.path.startswith("/") or address.scheme, one
    assert missing == []
    assert {"index.html", "index.sv.html", "2026-06.html", "2026-06.sv.html"} <= names


def test_a_page_is_named_after_the_issue_and_the_newsletter(filed: Filed) -> None:
    [title] = re.findall("<title>(.*?)</title>", filed.text("2026-06.html"), re.DOTALL)
    [listed] = re.findall("<title>(.*?)</title>", filed.text("index.html"))

    assert title.endswith(f" · {listed}")
    assert len(title) > len(f" · {listed}")


def test_files_lead_to_no_service_that_their_visitors_cannot_reach(
    sent: Site, tmp_path: Path
) -> None:
    site = _switched(sent, tmp_path, "")
    text = (site.root / "newsletter.toml").read_text("utf-8")
    site.write("newsletter.toml", text.replace(f'"{PUBLIC}"', '"http://127.0.0.1:8080"'))

    site.run("archive", "--out", str(tmp_path / "files"))

    shown = (tmp_path / "files/index.html").read_text("utf-8")
    assert "127.0.0.1" not in shown
    assert re.search('href="mailto:[^"]+">Peruuta tilaus', shown)
    assert 'type="search"' not in shown  # files answer no question


def test_why_an_archive_is_empty_is_said(site: Site, tmp_path: Path) -> None:
    site.people(2)
    nothing = site.run("archive", "--out", str(tmp_path / "files")).stderr
    site.run("send", "2026-06", "--yes")
    rehearsed = site.run("archive", "--out", str(tmp_path / "files")).stderr
    settings = (site.root / "newsletter.toml").read_text("utf-8")
    site.write("newsletter.toml", f"{settings}\n[archive]\npublic = false\n")
    off = site.run("archive", "--out", str(tmp_path / "files")).stderr

    assert "The archive is empty: it shows what readers got, and nothing was mailed" in nothing
    assert "only rehearsed: 2026-06" in rehearsed
    assert "public = false" in off


def test_files_are_announced_with_whole_addresses(filed: Filed) -> None:
    page = filed.text("2026-06.sv.html")

    assert 'href="https://www.example.org/kirje/2026-06.sv.html"' in page
    feed = json.loads(filed.text("feed.sv.json"))
    for item in feed["items"]:
        name = item["url"].removeprefix("https://www.example.org/kirje/")
        assert (filed.folder / name).is_file()
        if "image" in item:
            image = urljoin("https://www.example.org/kirje/", item["image"])
            assert (filed.folder / image.removeprefix("https://www.example.org/kirje/")).is_file()


def test_a_page_that_is_hidden_later_is_taken_away(sent: Site, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    sent.run("archive", "--out", str(folder))
    (folder / "own.txt").write_text("mine")

    _switched(sent, tmp_path, 'hidden = ["2026-09"]').run("archive", "--out", str(folder))

    assert not (folder / "2026-09.html").exists()
    assert "2026-09" not in (folder / "index.html").read_text("utf-8")
    assert (folder / "2026-06.html").exists()
    assert (folder / "own.txt").read_text() == "mine"


def test_files_begin_with_the_list_in_any_language(sent: Site, tmp_path: Path) -> None:
    site = _switched(sent, tmp_path, "")
    site.settings(language='language = "de"')

    site.run("archive", "--out", str(tmp_path / "files"))

    assert '<html lang="en">' in (tmp_path / "files/index.html").read_text("utf-8")
    assert (tmp_path / "files/2026-06.fi.html").exists()


def test_a_folder_with_other_files_is_asked_about(sent: Site, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("somebody's page")

    said = sent.run("archive", "--out", str(tmp_path), answer="n\n", code=None)

    assert said.returncode != 0
    assert (tmp_path / "index.html").read_text() == "somebody's page"


def test_a_manifest_leads_to_no_file_elsewhere(sent: Site, tmp_path: Path) -> None:
    precious, folder = tmp_path / "precious.txt", tmp_path / "files"
    precious.write_text("kept")
    folder.mkdir()
    listed = ["../precious.txt", str(precious), 5]
    (folder / ".newsletter-archive.json").write_text(json.dumps(listed))

    sent.run("archive", "--out", str(folder))

    assert precious.read_text() == "kept"
