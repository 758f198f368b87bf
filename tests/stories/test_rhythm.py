"""A month of an editor's life: begin an issue, gather material, see the year at a glance."""

import json
import re
from pathlib import Path

import pytest

from tests.collecting.conftest import (  # noqa: F401 - fixtures
    FeedServer,
    _running,
    rss,
    rss_item,
    server,
)
from tests.conftest import Site


def read(site: Site, name: str) -> str:
    """Return the text of one of the newsletter's files."""
    return (site.root / name).read_text(encoding="utf-8")


# --- new ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kirje(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A new newsletter with the issue of December in Finnish and Swedish, neither written."""
    folder = tmp_path_factory.mktemp("rhythm")
    Site(folder).run("--lang", "fi", "init", "kirje")
    site = Site(folder / "kirje")
    site.run("new", "2026-12")
    site.run("new", "2026-12", "--lang", "sv")
    return site


def test_a_draft_follows_the_month(kirje: Site) -> None:
    text = read(kirje, "issues/2026-12.md")

    assert text.startswith('---\nsubject: "Joulukuu 2026: (kirjoita tähän')
    assert "\ndate: 2026-12-15\nnumber: 1\n" in text
    assert "Mitä joulukuussa tapahtuu" in text
    assert "Tammikuun kirjeessä:" in text


def test_a_variant_of_an_unwritten_draft_follows_its_own_pattern(kirje: Site) -> None:
    text = read(kirje, "issues/2026-12.sv.md")

    assert text.startswith('---\nsubject: "December 2026: (skriv här')
    assert "\ndate: 2026-12-15\nnumber: 1\n" in text
    assert "I januaribrevet:" in text


def test_a_draft_can_be_built_at_once_in_all_languages(kirje: Site) -> None:
    kirje.run("build", "2026-12", "--out", str(kirje.root / "out"))

    assert "(kirjoita tähän alkusanat)" in read(kirje, "out/2026-12.txt")
    assert "(skriv här inledningen)" in read(kirje, "out/2026-12.sv.txt")
    assert "newsletter collect" not in read(kirje, "out/2026-12.html")  # a comment


def test_the_house_changes_its_pattern(kirje: Site) -> None:
    kirje.write("templates/issue.fi.md", "---\nsubject: <<title>> <<number>>\n---\n<<Month>>n\n")

    done = kirje.run("new", "2027-01")

    assert read(kirje, "issues/2027-01.md") == "---\nsubject: kirje 2\n---\nTammikuun\n"
    assert "templates/issue.fi.md" in done.stderr


def test_a_pattern_has_the_title_in_its_language(site: Site) -> None:
    site.settings(language='language = "fi"\ntitles = { sv = "Arbetsbrev" }')
    site.write("templates/issue.sv.md", "---\nsubject: <<title>>\n---\n<<Month>>\n")

    site.run("new", "2026-12", "--lang", "sv", forked=False)

    assert read(site, "issues/2026-12.sv.md") == "---\nsubject: Arbetsbrev\n---\nDecember\n"


def test_an_edition_whose_id_begins_with_a_network_is_for_its_people(site: Site) -> None:
    site.write("regions.toml", '[regions.lappi]\nname = "Lapin verkosto"\nareas = ["Lappi"]\n')
    site.write("templates/issue.md", "---\nsubject: x\ndate: <<date>>\n---\n<<Month>>\n")

    told = site.run("new", "lappi-2026-12", forked=False).stderr
    site.run("new", "lapland-2026-12", forked=False)

    head = "---\nsubject: x\ndate: 2026-12-15\nregion: lappi\n---\n"
    assert read(site, "issues/lappi-2026-12.md").startswith(head)
    assert "Lapin verkosto" in told
    assert "region:" not in read(site, "issues/lapland-2026-12.md")


def test_a_broken_pattern_is_an_error_with_its_line_and_writes_nothing(site: Site) -> None:
    site.write("templates/issue.md", "---\nsubject: x\n---\n<<kuu>>\n")

    done = site.run("new", "2026-12", code=3)

    assert "issue.md:4: unknown placeholder “<<kuu>>”" in done.stderr
    assert not (site.root / "issues/2026-12.md").exists()


def test_a_variant_of_a_written_issue_is_its_text_to_be_translated(site: Site) -> None:
    done = site.run("new", "2026-06", "--lang", "sv")

    text = read(site, "issues/2026-06.sv.md")
    assert text.replace("(översätt) ", "") == read(site, "issues/2026-06.md")
    assert "## (översätt) Kuulumisia" in text
    assert "2026-06.md" in done.stderr
    again = site.run("new", "2026-06", "--lang", "sv", code=2)
    assert "exists already; nothing was changed" in again.stderr


def test_from_an_older_issue_come_all_its_languages(sample: Site) -> None:
    sample.run("new", "2021-06", "--lang", "sv")

    done = sample.run("new", "2026-12", "--from", "2021-06")

    finnish, swedish = read(sample, "issues/2026-12.md"), read(sample, "issues/2026-12.sv.md")
    assert "\ndate: 2026-12-15\nnumber: 7\n" in finnish
    assert "\ndate: 2026-12-15\nnumber: 7\n" in swedish
    assert 'subject: "(päivitä) Kysely 2021' in finnish
    assert 'subject: "(uppdatera) (översätt) Kysely 2021' in swedish
    assert (
        finnish.partition("\n---\n")[2] == read(sample, "issues/2021-06.md").partition("\n---\n")[2]
    )
    assert "pictures stay in" in done.stderr
    sample.run("build", "2026-12", "--out", str(sample.root / "out"))  # they are found there


def test_from_an_older_issue_may_come_one_language(sample: Site) -> None:
    done = sample.run("new", "2026-12", "--from", "2021-06", "--lang", "sv", code=2)
    assert "not there in “sv”, only in fi" in done.stderr

    sample.run("new", "2026-12", "--from", "2021-06", "--lang", "fi")

    assert [p.name for p in (sample.root / "issues").glob("2026-12*")] == ["2026-12.md"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["../evil"], "cannot name an issue"),
        (["--", "-x"], "cannot name an issue"),
        (["2026-13"], "months go to 12"),
        (["2026-7"], "did you mean “2026-07”?"),
        (["2026-07", "--lang", "Suomi!"], "is not a language"),
        (["2026-07", "--from", "2026-05"], "did you mean “2026-06”"),
        (["2026-06", "--from", "2026-06"], "exists already"),
    ],
)
def test_what_cannot_begin_an_issue_is_said(arguments: list[str], words: str, site: Site) -> None:
    done = site.run("new", *arguments, code=2)

    assert words in done.stderr
    assert len(list((site.root / "issues").iterdir())) == 1


def test_an_issue_without_front_matter_can_start_nothing(site: Site) -> None:
    site.write("issues/2026-05.md", "Vain tekstiä\n")

    done = site.run("new", "2026-07", "--from", "2026-05", code=2)

    assert "2026-05.md:1: no front matter" in done.stderr


# --- list ---------------------------------------------------------------------------------


def test_the_year_is_listed_from_files_and_ledger(site: Site) -> None:
    site.write(
        "issues/2026-08.md", "---\nsubject: Elokuu [1]\ndate: 2026-08-18\nnumber: 7\n---\nA\n"
    )
    site.write("issues/2026-08.sv.md", "---\nsubject: Augusti\ndate: 2026-08-18\n---\nA\n")
    site.write("issues/2025-12.md", "---\nsubject: Vanha\ndate: 2025-12-15\n---\nA\n")
    site.write("issues/2026-03.md", "no front matter\n")
    site.people(3)
    site.run("send", "2026-06", "--yes")
    (site.root / "issues/2026-06.md").unlink()  # what was sent is listed all the same

    listed = json.loads(site.run("list", "--year", "2026", "--json").stdout)
    shown = site.run("list", "--year", "2026")

    assert listed["year"] == 2026
    assert [issue["issue"] for issue in listed["issues"]] == ["2026-03", "2026-06", "2026-08"]
    assert listed["issues"][1] == {
        "issue": "2026-06",
        "number": None,
        "date": "2026-06-15",
        "languages": [],
        "subject": "Kesäkuun kirje",
        "state": "rehearsed",
        "recipients": 3,
        "accepted": 3,
    }
    august = listed["issues"][2]
    assert (august["number"], august["languages"], august["state"]) == (7, ["fi", "sv"], "draft")
    assert august["recipients"] is None
    assert listed["gaps"][:5] == ["2026-01", "2026-02", "2026-04", "2026-05", "2026-07"]
    assert re.search(
        r"2026-06 +2026-06-15 +file is gone +Kesäkuun kirje +rehearsed +3", shown.stdout
    )
    assert "Elokuu [1]" in shown.stdout
    assert "No issue in: 2026-01, 2026-02, 2026-04" in shown.stderr


def test_a_list_names_the_years_to_come(site: Site) -> None:
    site.write("issues/2027-01.md", "---\nsubject: Tammikuu\ndate: 2027-01-12\n---\nA\n")

    shown = site.run("list", "--year", "2026")

    assert "Issues of 2027: newsletter list --year 2027" in shown.stderr + shown.stdout
    assert "Tammikuu" not in shown.stdout


def test_without_an_issue_this_year_the_newest_year_is_listed(sample: Site) -> None:
    listed = json.loads(sample.run("list", "--json").stdout)

    assert listed["year"] == 2021
    assert [issue["number"] for issue in listed["issues"]] == [5, 6]
    # months before the first issue ever are no gaps
    assert listed["gaps"] == [f"2021-{month:02}" for month in range(7, 13)]


def test_a_newsletter_without_issues_lists_none(tmp_path: Path) -> None:
    Site(tmp_path).run("--lang", "fi", "init", "kirje")

    done = Site(tmp_path / "kirje").run("list")

    assert done.stdout == ""
    assert "There is no issue of" in done.stderr


# --- collect ------------------------------------------------------------------------------


@pytest.fixture
def reader(site: Site, server: FeedServer) -> Site:  # noqa: F811 - a fixture
    """A newsletter that reads two feeds of the house."""
    server.put(
        "/a",
        rss(
            rss_item(
                "Uusi laki", link="https://www.example.org/laki?utm_source=x", text="Voimaan."
            ),
            rss_item("Vanha", date="Mon, 01 Jun 2026 10:00:00 +0300"),
            rss_item("&lt;b&gt;{{ name }}&lt;/b&gt; ::: box", link="javascript:alert(1)"),
        ),
        etag='"1"',
    )
    server.put("/b", rss(rss_item("Koulutus", date=""), title="Opisto"))
    feeds = (
        f'[[collect.feeds]]\nurl = "{server.url}/a"\nname = "Säätiö"\n\n'
        f'[[collect.feeds]]\nurl = "{server.url}/b"\n'
    )
    toml = site.root / "newsletter.toml"
    settings = f"\n[collect]\nallow_internal = true\n\n{feeds}"
    toml.write_text(toml.read_text(encoding="utf-8") + settings, encoding="utf-8")
    return site


def test_news_since_the_issue_before_become_a_list(reader: Site) -> None:
    reader.run("new", "2026-12")

    done = reader.run("collect")

    assert "3 new pieces of news since 2026-06-15" in done.stderr
    assert read(reader, "material/2026-12.md").partition("-->\n")[2] == (
        "\n## Säätiö\n\n"
        "- [Uusi laki](https://www.example.org/laki) – 1.12.2026\n  Voimaan.\n"
        "- \\{\\{ name \\}\\} \\::: box – 1.12.2026\n"
        "\n## Opisto\n\n"
        "- Koulutus\n"
    )
    assert json.loads(reader.run("list", "--year", "2026", "--json").stdout)["issues"][1][
        "languages"
    ] == ["fi"]  # material is no issue


def test_asking_again_asks_only_for_what_changed(reader: Site, server: FeedServer) -> None:  # noqa: F811
    reader.run("collect", "2026-12")
    before = read(reader, "material/2026-12.md")
    server.asked.clear()

    report = json.loads(reader.run("collect", "2026-12", "--json").stdout)

    assert [feed["state"] for feed in report["feeds"]] == ["unchanged", "read"]
    assert dict(server.asked)["/a"]["If-None-Match"] == '"1"'
    assert report["added"] == 0
    assert len(report["items"]) == 3
    assert read(reader, "material/2026-12.md") == before


def test_only_news_with_the_words_that_are_followed_come_and_the_nearest_first(
    reader: Site,
    server: FeedServer,  # noqa: F811
) -> None:
    words = '\nwords = ["palkkatuki", "työllisty*", "laki"]\n\n[[collect.feeds]]'
    toml = reader.root / "newsletter.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace("\n\n[[collect.feeds]]", words, 1),
        encoding="utf-8",
    )
    (reader.root / "issues" / "2026-11.md").write_text(
        "---\nsubject: Palkkatuki\ndate: 2026-11-15\n---\nPalkkatuen ehdot muuttuvat.\n",
        encoding="utf-8",
    )
    old, new = "Mon, 30 Nov 2026 09:00:00 +0200", "Tue, 01 Dec 2026 10:00:00 +0200"
    titles = {"Lain voimaantulo": new, "Sää": new, "Palkkatukea muutetaan": old}
    server.put("/a", rss(*(rss_item(title, date=day) for title, day in titles.items())))

    found = json.loads(reader.run("collect", "2026-12", "--json").stdout)["items"]

    assert [(one["title"], one["found"]) for one in found[:2]] == [
        ("Lain voimaantulo", ["laki"]),
        ("Palkkatukea muutetaan", ["palkkatuki"]),
    ]
    listed = read(reader, "material/2026-12.md")
    assert "Sää\n" not in listed
    assert listed.index("Palkkatukea") < listed.index("Lain voimaantulo")
    assert "Palkkatukea muutetaan – 30.11.2026 – *palkkatuki*" in listed


def test_a_month_is_asked_for_by_name(reader: Site) -> None:
    report = json.loads(reader.run("collect", "2026-06", "--month", "2026-06", "--json").stdout)

    assert [item["title"] for item in report["items"]] == ["Vanha", "Koulutus"]
    assert (report["since"], report["until"]) == ("2026-06-01", "2026-06-30")
    assert "is not a month" in reader.run("collect", "--month", "2026-13", code=2).stderr


def test_one_feed_that_fails_stops_no_other(reader: Site, server: FeedServer) -> None:  # noqa: F811
    server.put("/a", status=503)

    done = reader.run("collect", "2026-12", code=1)

    assert (
        f"Säätiö: its server is in trouble (503); try again later [{server.url}/a]" in done.stderr
    )
    assert "1 of 2 feeds could not be read." in done.stderr
    assert "Koulutus" in read(reader, "material/2026-12.md")
    told = reader.run("doctor", "--offline", code=1).stdout
    assert f"{server.url}/a could not be read since" in told


def test_sources_that_ship_are_listed_and_none_is_asked_by_default(site: Site) -> None:
    listed = json.loads(site.run("collect", "--presets", "--json").stdout)

    assert {"valtioneuvosto", "finlex", "finlex-sv"} <= {one["preset"] for one in listed}
    assert all(one["url"].startswith("https://") for one in listed)
    assert "https://opendata.finlex.fi" in site.run("collect", "--presets").stdout
    assert "no feeds to collect from" in site.run("collect", code=3).stderr


def test_a_feed_of_the_house_needs_a_word_in_the_settings(
    reader: Site,
    server: FeedServer,  # noqa: F811
) -> None:
    reader.settings(allow_internal="allow_internal = false")

    done = reader.run("collect", "2026-12", code=1)

    assert done.stderr.count("internal network") == 2
    assert server.asked == []


@pytest.mark.parametrize(
    ("table", "code", "words"),
    [
        ("", 3, "no feeds to collect from"),
        ('[[collect.feeds]]\nurl = "ftp://x/"\n', 3, ":20: “collect.feeds.0.url”: expected"),
        ('[[collect.feeds]]\nurl = "https://a:b@x/"\n', 3, "a password does not belong here"),
        (
            '[[collect.feeds]]\nurl = "https://x/"\n'
            '[[collect.feeds]]\nurl = "https://y/"\nnmae = "a"\n',
            3,
            ":23: unknown key “collect.feeds.1.nmae”; did you mean “name”?",
        ),
        ('[[collect.feeds]]\nname = "a"\n', 3, "write where it is: url, or preset"),
        ('[[collect.feeds]]\npreset = "finlx"\n', 3, "there is no preset “finlx”"),
        ("[collect]\nfeed = 1\n", 3, "did you mean “feeds”?"),
    ],
)
def test_settings_that_name_no_feed_are_explained(
    table: str, code: int, words: str, site: Site
) -> None:
    toml = site.root / "newsletter.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + table, encoding="utf-8")

    assert words in site.run("collect", code=code).stderr
