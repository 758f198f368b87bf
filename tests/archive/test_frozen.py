"""An issue is frozen for anybody, too, where all its readers get something of their own."""

import sqlite3

import pytest

from tests.conftest import LEDGER, Site

_REGIONAL = """\
---
subject: "Kesäkuun kirje"
date: 2026-06-15
---
Hei!

::: only region=Lappi
Lappilaisille.
:::
"""


def _frozen(site: Site) -> dict[str, str]:
    connection = sqlite3.connect(site.root / LEDGER)
    found = dict(connection.execute("SELECT variant, html FROM editions"))
    connection.close()
    return found


def _rehearse(site: Site, *, settings: str = "") -> dict[str, str]:
    site.write("issues/2026-06.md", _REGIONAL)
    people = "email,language,region\nperson@example.org,fi,Lappi\n"
    path = site.write("subscribers/people.csv", people)
    site.write("newsletter.toml", (site.root / "newsletter.toml").read_text("utf-8") + settings)
    site.run("subscribers", "import", str(path), "--yes")
    site.run("send", "2026-06", "--yes")
    return _frozen(site)


def test_what_no_reader_gets_without_more_is_frozen_for_anybody(site: Site) -> None:
    frozen = _rehearse(site)

    assert set(frozen) == {"fi", "fi+region=Lappi"}
    assert "Lappilaisille" not in frozen["fi"]
    assert len(list((site.root / "outbox/2026-06").glob("*.eml"))) == 1


def test_without_an_archive_only_what_readers_get_is_frozen(site: Site) -> None:
    assert set(_rehearse(site, settings="\n[archive]\npublic = false\n")) == {"fi+region=Lappi"}


@pytest.mark.parametrize(
    ("table", "is_linked"),
    [("", True), ("public = false", False), ('hidden = ["2026-06"]', False)],
    ids=["public", "none", "hidden"],
)
def test_a_mail_links_to_the_archive_only_where_it_will_be(
    site: Site, table: str, is_linked: bool
) -> None:
    text = (site.root / "newsletter.toml").read_text("utf-8")
    url = '[newsletter]\npublic_url = "https://news.example.org"'
    site.write("newsletter.toml", text.replace("[newsletter]", url, 1) + f"\n[archive]\n{table}\n")

    site.run("build", "2026-06", "--out", str(site.root / "out"))

    page = (site.root / "out/2026-06.html").read_text("utf-8")
    assert ("https://news.example.org/2026-06?lang=fi" in page) is is_linked
