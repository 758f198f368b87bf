"""The report as a mail tells the same as HTML and as text, and of nobody."""

import re
from collections import Counter
from dataclasses import replace

import html5lib
import pytest

from newsletter.drawing import percent_range
from newsletter.stats_report import mail_subject, render_mail
from tests.stats.specimens import report
from tests.stats_report.pages import LANGUAGES, in_two_languages, of_times_alone, without_knowledge
from tests.stats_report.test_standalone import hostile, parse


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("issues", [0, 1, 24])
def test_the_mail_is_valid_and_says_the_same_as_its_text(issues: int, language: str) -> None:
    html, text = render_mail(report(issues, language))

    body = parse(html).find("body")
    said = re.findall(r"\w+", " ".join(body.itertext()))
    written = re.findall(r"\w+", text)
    assert Counter(said) == Counter(written)


def test_links_of_several_editions_are_told_apart_by_language_in_the_report_s_own() -> None:
    _, text = render_mail(in_two_languages())

    headings = re.findall(r"^Linkit.*", text, re.MULTILINE)
    assert headings == ["Linkit, klikatuimmat ensin (suomi)", "Linkit, klikatuimmat ensin (ruotsi)"]


def test_a_mail_of_two_years_is_cut_by_no_mail_program() -> None:
    html, _ = render_mail(report(60))

    assert len(html.encode()) < 102_000  # Gmail's


def test_ranges_are_bars_as_long_as_they_say() -> None:
    whole = report(3, "en")

    html, text = render_mail(whole)

    for issue in whole.issues:
        assert issue.open_range is not None
        low, high = issue.open_range.bounds
        [row] = re.findall(rf"<tr><th[^>]*>{issue.issue}(.*?)</td></tr>\n", html + "\n")
        widths = [int(width) for width in re.findall(r'<td width="(\d+)%"', row)]
        assert widths == [
            round(100 * low),
            round(100 * high) - round(100 * low),
            100 - sum(widths[:2]),
        ]
        assert percent_range((low, high)) in row
        assert f"{issue.issue}: {percent_range((low, high))}" in text


def test_subject_and_words_are_about_the_newest_issue_that_readers_got() -> None:
    whole = report(3, "en")
    rehearsed = replace(whole.issues[2], is_rehearsal=True)
    told = replace(whole, issues=[*whole.issues[:2], rehearsed])

    _, text = render_mail(told)

    assert mail_subject(told).endswith("2026-11 in figures")
    assert "The newest issue: 2026-11" in text


def test_what_is_not_known_is_said() -> None:
    html, text = render_mail(without_knowledge())

    assert "ei tiedossa" in html
    assert "ei tiedossa" in text


def test_image_loads_are_told_where_nobody_is_told_apart() -> None:
    whole = of_times_alone()

    html, text = render_mail(whole)

    assert "Kuvien latauksia kussakin numerossa" in html
    for issue in whole.issues:
        assert f"{issue.issue}: {issue.shown.opens.human}" in text


def test_no_address_and_no_markup_of_an_author_is_mailed() -> None:
    html, text = render_mail(hostile("<script>x</script> maija@example.org \x00"))

    assert "example.org" not in html + text
    assert "<script" not in html
    assert "192.0.2.7" not in html + text
    html5lib.HTMLParser(strict=True).parse(html)
