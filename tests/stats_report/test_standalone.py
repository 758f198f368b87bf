"""The report is one valid page that fetches nothing, whatever an issue says or is not known."""

import re
from dataclasses import replace

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from newsletter.model.figures import Counts, LinkCounts, Revision, Source, Span, Split, StatsReport
from newsletter.stats_report import render_html
from tests.stats.specimens import report
from tests.stats_report.drawn import texts_in
from tests.stats_report.pages import (
    LANGUAGES,
    face,
    in_two_languages,
    of_few_readers,
    of_times_alone,
    page,
    spoken,
    without_knowledge,
)

_FETCHING = re.compile(
    r"""(?:src|href|srcset|action|poster|data)\s*=\s*["']?(?!data:|\#)[^"'\s>]"""
)


def parse(html: str) -> etree._Element:
    """Parse a page; raise what a browser would have to mend."""
    parser = html5lib.HTMLParser(
        html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False, strict=True
    )
    return parser.parse(html).getroot()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("issues", [0, 1, 24])
def test_the_page_is_valid_in_each_language(issues: int, language: str) -> None:
    root = parse(page(issues, language))

    assert root.get("lang") == language


@pytest.mark.parametrize("known", [without_knowledge, of_times_alone])
def test_the_page_is_valid_whatever_is_not_known(known: object) -> None:
    parse(render_html(known(), face()))  # type: ignore[operator]


def test_nothing_is_fetched_and_no_script_runs() -> None:
    html = page()

    assert _FETCHING.findall(html) == []
    assert "<script" not in html
    assert "@import" not in html
    assert [url for url in re.findall(r"url\((.*?)\)", html) if not url.startswith("data:")] == []


def test_two_years_of_issues_stay_small() -> None:
    assert len(page(24).encode()) < 300_000


def test_what_is_not_known_is_said_and_never_a_zero() -> None:
    root = parse(render_html(replace(without_knowledge(), language="en"), face()))

    sums = {
        div.findtext("dt"): div.findtext("dd/b")
        for div in root.iterfind(".//dl[@class='sums']/div")
    }
    assert set(sums.values()) == {"not known"}
    assert "not known is how many mails were delivered, " in "".join(root.itertext())


def test_why_figures_are_kept_back_is_said() -> None:
    root = parse(render_html(of_few_readers(), face()))

    text = " ".join("".join(root.itertext()).split())
    reason = "it went to fewer than 10 readers whose opens can be seen"
    assert f"Which share of readers opened it is not told: {reason}." in text
    opened = [div for div in root.iterfind(".//dl[@class='sums']/div") if div[0].text == "Opened"]
    assert [" ".join(div.itertext()).split() for div in opened] == [["Opened", "not", "told"]]


def test_each_language_has_its_mail_in_small_and_its_sections_are_told_apart() -> None:
    root = parse(render_html(in_two_languages(), face()))

    headings = ["".join(one.itertext()).replace("\xad", "") for one in root.iterfind(".//h2")]
    assert [words for words in headings if words.startswith("Mitä klikattiin")] == [
        "Mitä klikattiin, numero 2026-12 (suomi)",
        "Mitä klikattiin, numero 2026-12 (ruotsi)",
    ]
    names = ["".join(cell.itertext()) for cell in root.iterfind(".//table[@class='short']//th/bdi")]
    assert "Ajankohtaista (suomi)" in names
    assert "Aktuellt (ruotsi)" in names
    assert names[names.index("suomi") :][:2] == ["suomi", "ruotsi"]  # the groups


def test_the_mail_in_small_is_headed_as_the_newsletter_is_called_in_its_language() -> None:
    swedish = replace(face().imprints["sv"], title="Nyhetsbrevet")
    named = replace(face(), imprints={**face().imprints, "sv": swedish})

    small = re.findall(r'<svg [^>]*class="mail".*?</svg>', render_html(in_two_languages(), named))

    titles = [texts_in(drawing)[0][2] for drawing in small]
    assert titles[0] == face().imprints["fi"].title
    assert titles[1] == "Nyhetsbrevet"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_ends_within_a_range(language: str) -> None:
    root = parse(render_html(spoken(3, language), face()))

    told = [*root.iterfind(".//h1"), *root.iterfind(".//ul[@class='statements']/li")]
    told += root.iterfind(".//dl[@class='sums']//dd")
    whole = {span.text for span in root.iterfind(".//span[@style]")}
    words = "\n".join("".join(one.itertext()) for one in told)
    ranges = re.findall(r"[\d.,]+–[\d.,]*\d(?:\s?%)?", words)
    assert len(ranges) > 3
    assert whole.issuperset(ranges)


def test_clicks_are_told_as_a_range_as_the_words_have_it() -> None:
    drawn = spoken(3, "en")
    [said] = [words for words in drawn.statements if words.startswith("A link in it")]
    root = parse(render_html(drawn, face()))

    tiles = root.iterfind(".//dl[@class='sums']/div")
    [tile] = [one for one in tiles if one[0].text == "Followed a link"]

    [share] = re.findall(r"\S+%", said)
    assert share in "".join(tile.itertext())


def test_rehearsals_are_named_and_stand_in_no_chart() -> None:
    whole = report(3, "en")
    issues = [*whole.issues[:2], replace(whole.issues[2], is_rehearsal=True)]

    html = render_html(replace(whole, issues=issues), face())

    assert "The newest issue: 2026-11" in html
    assert "2026-12: rehearsed alone, no reader was mailed." in html
    assert 'data-of="2026-12"' not in html.partition('id="growth"')[0]


def test_a_newsletter_that_only_rehearses_is_told_of_its_rehearsals() -> None:
    whole = report(1, "en")
    issues = [replace(whole.issues[0], is_rehearsal=True)]

    html = render_html(replace(whole, issues=issues, statements=()), face())

    assert "a rehearsal: no reader was mailed" in html
    assert html.partition("<main")[2].count("What is known of the readers") == 1  # the heading


def test_sums_that_nobody_sorted_are_said_to_be_of_people_or_machines() -> None:
    whole = report(1, "en")
    shown = Counts(
        source=Source.REPORT,
        span=Span.WHOLE,
        as_of=whole.made_at,
        openers=Split(unknown=300),
        clickers=Split(unknown=40),
    )
    issue = replace(whole.issues[0], shown=shown, sections=(), groups={})

    text = "".join(parse(render_html(replace(whole, issues=[issue]), face())).itertext())

    assert "40 people or machines, nobody tells which" in " ".join(text.split())


def test_a_link_that_nobody_followed_has_no_bar() -> None:
    drawn = in_two_languages()
    [before, issue] = drawn.issues
    links = [replace(link, people=Split(human=0, unknown=0)) for link in issue.shown.links]
    nobody = replace(issue, shown=replace(issue.shown, links=links))

    html = render_html(replace(drawn, issues=[before, nobody]), face())

    assert '<span class="bar" aria-hidden="true"></span>' in html
    assert '<i style="width' not in html


def test_what_changed_of_final_figures_is_told_in_words() -> None:
    whole = report(1, "en")
    revision = Revision(
        at=whole.made_at,
        source=Source.WEBHOOKS,
        changes={"openers.human": [170, 172], "delivered": [None, 623], "new one": [1, 2]},
    )
    issue = replace(whole.issues[0], revisions=[revision])

    html = render_html(replace(whole, issues=[issue]), face())

    assert "opened (people, likely) 170 → 172, delivered not known → 623, new one 1 → 2" in html


_HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "\"'><img src=x onerror=alert(1)>",
            "</style></svg></title><!--",
            "Lentokonesuihkuturbiinimoottoriapumekaanikkoaliupseerioppilas" * 3,
            "\u202eشكرا مرحبا עברית",
            "https://www.example.org/" + "a" * 200,
            "Kirjoita: maija.meikalainen@example.org",
            "\x00\x0b\ud800".encode("utf-8", "ignore").decode(),
            "{{ 7 * 7 }} {% raw %} {count}",
        ]
    ),
)


def hostile(words: str) -> StatsReport:
    """Return a report in which all that an author writes is the same."""
    whole = report(2)
    link = LinkCounts(
        number=1,
        url="https://reader@192.0.2.7/x?token=s3cret",
        words=words,
        section=words,
        language="fi",
        people=Split(human=3, unknown=0, machine=0),
    )
    issues = [
        replace(
            issue,
            subject=words,
            shown=replace(issue.shown, links=[link, replace(link, number=2, words="")]),
            sections=[replace(section, name=words) for section in issue.sections],
        )
        for issue in whole.issues
    ]
    best = [replace(section, name=words) for section in whole.best_read]
    return replace(whole, issues=issues, best_read=best, title=words)


@settings(max_examples=15)
@given(_HOSTILE)
def test_nobody_s_address_nor_any_markup_of_an_author_gets_onto_the_page(words: str) -> None:
    html = render_html(hostile(words), face())

    root = parse(html)
    text = "".join(root.itertext())
    assert "example.org" not in re.findall(r"\S+@(\S+)", text)
    assert "192.0.2.7" not in html
    assert "s3cret" not in html
    assert {element.tag for element in root.iter()} & {"script", "img"} == set()
