"""Issue files are read, or refused with the file, the line, the fault and its cure."""

import datetime as dt
from pathlib import Path

import pytest

from newsletter.content import find_issues, read_issue, variants_of
from newsletter.errors import FindingsError, UsageError
from newsletter.model import Prose, Segment, Severity
from tests.content.conftest import Read, Refuse, read_bytes

ALL_KEYS = """\
subject: "Kysely: tulokset"
date: 2026-12-15
preheader: "97 % vastaajista"
number: 6
lang: sv
template: winter
from: "Toimitus <toimitus@example.org>"
reply_to: vastaus@example.org
segment: Region = Lappi
provider_tag: kysely-2026
kicker: Kysely 2026
headline: '"Toimija" -- nyt'
lead: >
  Kysyimme 97 %:lta,
  mitä tarvitaan...
byline: Aino Aalto"""


def test_front_matter_says_all_there_is_to_know_about_an_issue(read: Read) -> None:
    issue = read("Hei!", front=ALL_KEYS)

    assert (issue.id, issue.language, issue.path) == ("2026-12", "sv", "issues/2026-12.md")
    assert (issue.subject, issue.preheader) == ("Kysely: tulokset", "97 % vastaajista")
    assert (issue.date, issue.number) == (dt.date(2026, 12, 15), 6)
    assert (issue.template, issue.tag) == ("winter", "kysely-2026")
    assert (issue.sender, issue.reply_to) == (
        "Toimitus <toimitus@example.org>",
        "vastaus@example.org",
    )
    assert issue.segment == Segment.of("region", "Lappi")
    assert (issue.kicker, issue.byline) == ("Kysely 2026", "Aino Aalto")
    assert (issue.headline, issue.lead) == ("”Toimija” – nyt", "Kysyimme 97 %:lta, mitä tarvitaan…")
    assert issue.front_html["headline"] == "”Toimija”\u00a0– nyt"


def test_subject_and_date_are_enough(read: Read) -> None:
    issue = read("Hei!", front="subject: Kysely\ndate: 2026-12-15")

    assert (issue.language, issue.template, issue.tag) == ("fi", "default", "2026-12")
    assert (issue.number, issue.segment, issue.findings) == (None, None, ())


@pytest.mark.parametrize(
    ("front", "line", "message", "hint"),
    [
        # a key that every issue needs is not there; the first line stands for all
        ("date: 2026-12-15", 1, "“subject” is missing", "add a line “subject: ...”"),
        ("subject: Kysely", 1, "“date” is missing", "add a line “date: ...”"),
        # empty front matter, and YAML that is no table of keys
        ("", 1, "“date” is missing", "add a line “date: ...”"),
        ("- subject", 1, "“subject” is missing", "add a line “subject: ...”"),
        # a date must be a plain day of the calendar
        ('subject: Kysely\ndate: "2026-12-15"', 3, "expected a day such as 2026-12-15", ""),
        ("subject: Kysely\ndate: 2026-12-15 10:00:00", 3, "expected a day", ""),
        ("subject: Kysely\ndate: 15.12.2026", 3, "expected a day", ""),
        ("subject: Kysely\ndate:", 3, "expected a day", ""),
        ("subject: Kysely\ndate: 2026-13-45", 3, "", ""),
        # a subject must be words
        ("subject: 2021\ndate: 2026-12-15", 2, "expected text", "put the value between quotes"),
        ('subject: " "\ndate: 2026-12-15', 2, "a subject needs words", ""),
        # other values of the wrong type
        ("subject: Kysely\ndate: 2026-12-15\nnumber: kuusi", 4, "“number”", ""),
        ('subject: Kysely\ndate: 2026-12-15\nnumber: "6"', 4, "“number”", ""),
        ("subject: Kysely\ndate: 2026-12-15\nnumber: 6.5", 4, "“number”", ""),
        ("subject: Kysely\ndate: 2026-12-15\npreheader: [a]", 4, "“preheader”", "quotes"),
        ("subject: Kysely\ndate: 2026-12-15\nsegment: Lappi", 4, "ends too early; expected =", ""),
        ("subject: Kysely\ndate: 2026-12-15\nfrom: 7", 4, "“from”", "quotes"),
        # a key nobody knows, with the nearest that is known, or all of them
        ("subject: a\ndate: 2026-12-15\npreheadr: b", 4, "“preheadr”", "mean “preheader”?"),
        ("subject: a\ndate: 2026-12-15\nfrm: b", 4, "“frm”", "mean “from”?"),
        ("subject: a\ndate: 2026-12-15\nsender: b", 4, "“sender”", ""),
        ("subject: a\ndate: 2026-12-15\ncolour: b", 4, "“colour”", "known: subject, date"),
        ("subject: a\ndate: 2026-12-15\nsend: true", 4, "“send”", ""),
        # YAML that cannot be read
        ("subject: Kysely: tulokset\ndate: 2026-12-15", 2, "broken YAML", "between quotes"),
        ("\ndate: 2026-12-15\nsubject: Kysely: tulokset", 4, "broken YAML", "between quotes"),
        ('subject: "Kysely" 2021\ndate: 2026-12-15', 2, "broken YAML", "between quotes"),
        ("subject: Kysely\n\tdate: 2026-12-15", 3, "broken YAML", ""),
        ("subject: Kysely\npreheader:\tmoi\ndate: 2026-02-30", 4, "out of range", "a day such as"),
        ("subject: Kysely\ndate: 2026-02-30 # ei!", 3, "out of range", "a day such as"),
        ("date: 2026-12-15\nsubject: !!python/name:os.system x", 3, "broken YAML", ""),
    ],
)
def test_faulty_front_matter_is_refused_with_its_line_and_cure(
    front: str, line: int, message: str, hint: str, refuse: Refuse
) -> None:
    findings = refuse("Hei!", front=front)

    assert {(f.id, f.severity, f.path) for f in findings} == {
        ("front-matter", Severity.ERROR, "issues/2026-12.md")
    }
    assert [(f.message, f.hint) for f in findings if f.line == line and message in f.message], (
        findings
    )
    assert any(hint in f.hint for f in findings if message in f.message)


@pytest.mark.parametrize(
    "content",
    [
        "Hei!",  # only a body
        "",  # nothing
        "subject: Kysely\ndate: 2026-12-15\n---\nHei!",  # dashes only below
        "---\nsubject: Kysely\ndate: 2026-12-15\n\nHei!",  # dashes only above
        "\n---\nsubject: Kysely\n---\nHei!",  # an empty line above
    ],
)
def test_file_without_front_matter_is_told_how_to_begin(content: str, issues: Path) -> None:
    with pytest.raises(FindingsError) as caught:
        read_bytes(issues, content.encode())

    [finding] = caught.value.findings
    assert (finding.path, finding.line) == ("issues/2026-12.md", 1)
    assert finding.message == "no front matter"
    assert "three dashes" in finding.hint


def test_all_faults_are_told_at_once_in_the_order_of_the_file(refuse: Refuse) -> None:
    findings = refuse("![a](a.png)\n\n::: box", front="subject: 7\ndate: x\ncolour: red")

    assert [f.line for f in findings] == [2, 3, 4, 6, 8]


def test_file_that_is_not_utf8_is_refused_with_the_line(issues: Path) -> None:
    content = "---\nsubject: Kysely\ndate: 2026-12-15\n---\nHei\nTyö".encode("latin-1")

    with pytest.raises(FindingsError) as caught:
        read_bytes(issues, content)

    [finding] = caught.value.findings
    assert (finding.path, finding.line, finding.message) == (
        "issues/2026-12.md",
        6,
        "not UTF-8 text",
    )
    assert finding.hint == "save the file as UTF-8"


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf---\nsubject: Kysely\ndate: 2026-12-15\n---\n\n![a](x:b)\n",  # with BOM
        b"---\r\nsubject: Kysely\r\ndate: 2026-12-15\r\n---\r\n\r\nHei\r\n",  # Windows
        b"---\rsubject: Kysely\rdate: 2026-12-15\r---\r\rHei\r",  # old Mac
        b"---  \nsubject: Kysely\ndate: 2026-12-15\n--- \n\nHei",  # spaces after the dashes
    ],
)
def test_files_of_all_editors_are_read_alike(content: bytes, issues: Path) -> None:
    issue = read_bytes(issues, content)

    assert (issue.subject, issue.date) == ("Kysely", dt.date(2026, 12, 15))
    assert [block.line for block in issue.blocks] == [6]


def test_letters_of_windows_are_read_as_windows_meant_them(read: Read) -> None:
    issue = read("It\x92s \x93here\x94 \x96 now")

    assert "It’s “here”&nbsp;– now" in str(issue.blocks[0])


@pytest.mark.parametrize("control", ["\x01", "\x0b", "\x1b", "\x7f", "\x85", "\uffff"])
def test_control_characters_pasted_from_elsewhere_are_left_out(control: str, read: Read) -> None:
    issue = read(f"c{control}d", front=f'subject: "a{control}b"\ndate: 2026-12-15')

    [prose] = issue.blocks
    assert isinstance(prose, Prose)
    assert control not in issue.subject + prose.html


def test_missing_pictures_are_named_with_file_and_line(refuse: Refuse, issues: Path) -> None:
    (issues / "there.png").touch()

    findings = refuse(
        "![a](there.png)\n\n![b](2026-12/none.png)\n\n| a |\n|---|\n| ![c](no%20ne.png) |\n\n"
        '<p><img src="raw.png" alt="d"></p>\n\n::: only region=Lappi\n::: image only.png\n'
        "e\n:::\n:::\n\n![f](https://example.org/f.png)"
    )

    assert {f.id for f in findings} == {"image-missing"}
    assert [(f.line, f.message) for f in findings] == [
        (7, "there is no picture “2026-12/none.png”"),
        (9, "there is no picture “no ne.png”"),
        (13, "there is no picture “raw.png”"),
        (16, "there is no picture “only.png”"),
    ]


@pytest.mark.parametrize(
    ("there", "written", "hint"),
    [
        ("jarvi.jpg", "2026-12/järvi.jpg", "did you mean “2026-12/jarvi.jpg”?"),
        ("Jarvi.JPG", "2026-12/jarvi.jpg", "did you mean “2026-12/Jarvi.JPG”?"),
        ("jarvi.jpg", "2026-12/kukka.png", "paths are looked for from issues/"),
        ("jarvi.jpg", r"C:\Kuvat\kukka.png", "copy it to issues/2026-12/, and write 2026-12/kukka"),
    ],
)
def test_a_picture_that_was_meant_is_named(
    there: str, written: str, hint: str, refuse: Refuse, issues: Path
) -> None:
    (issues / "2026-12").mkdir()
    (issues / "2026-12" / there).touch()

    [finding] = refuse(f"::: image {written}\na\n:::")

    assert hint in finding.hint


@pytest.mark.parametrize(
    ("front", "message", "hint"),
    [
        ("subject: a\ndate: 2026-12-15\nnumber: eka", "whole number such as 6", ""),
        ("subject: a\ndate: 2026-12-15\nlang: suomi", "language such as fi", ""),
        ("subject: a\n\tdate: 2026-12-15", "", "spaces instead of a tab"),
        ("subject: a\ndate: 2026-12-15\n\nHei vain!\n\nLoppu", "", "line of three dashes"),
    ],
)
def test_faults_of_the_front_matter_are_told_in_the_editors_words(
    front: str, message: str, hint: str, refuse: Refuse
) -> None:
    [finding] = refuse("Hei!", front=front)

    assert message in finding.message
    assert hint in finding.hint


def test_issues_are_found_oldest_first_and_other_files_are_not(issues: Path) -> None:
    for name in ("2026-12.md", "2026-02.md", "2026-12.sv.md", "notes.txt", "a b.md"):
        (issues / name).touch()

    assert find_issues(issues) == ["2026-02", "2026-12"]


def test_language_variants_lie_beside_the_issue(issues: Path) -> None:
    for name in ("2026-12.md", "2026-12.sv.md", "2026-12-extra.md", "2026-1.md"):
        (issues / name).touch()

    files = variants_of(issues, "2026-12", "fi")

    assert files == {"fi": issues / "2026-12.md", "sv": issues / "2026-12.sv.md"}


def test_issue_may_exist_in_another_language_only(issues: Path) -> None:
    (issues / "2026-12.sv.md").touch()

    assert list(variants_of(issues, "2026-12", "fi")) == ["sv"]


def test_language_variant_keeps_the_id_of_its_issue(issues: Path) -> None:
    path = issues / "2026-12.sv.md"
    path.write_text("---\nsubject: Enkät\ndate: 2026-12-15\n---\nHej!", encoding="utf-8")

    issue = read_issue(path, root=issues.parent, language="sv")

    assert (issue.id, issue.language) == ("2026-12", "sv")


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("2026-21", "did you mean “2026-12”?"),  # letters changed places
        ("2026-12.md", "did you mean “2026-12”?"),  # the file instead of the id
        ("*", "there is no issue “*”"),  # no pattern is looked for, nor can one be called so
        ("kesä", "“newsletter new kesä” makes one"),  # nothing is near
    ],
)
def test_unknown_issue_suggests_the_nearest(asked: str, hint: str, issues: Path) -> None:
    (issues / "2026-12.md").touch()

    with pytest.raises(UsageError) as caught:
        variants_of(issues, asked, "fi")

    assert f"there is no issue “{asked}”" in str(caught.value)
    assert hint in str(caught.value)
