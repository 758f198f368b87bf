"""Files of a survey become one survey in several languages, or findings that say how to mend it."""

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.content.survey_files import (
    SurveyReading,
    find_surveys,
    name_everything,
    read_survey,
)
from newsletter.errors import UsageError
from newsletter.model import Severity, Survey, SurveyKind

SAMPLES = Path(__file__).parents[2] / "surveys"
HEAD = "---\ntitle: Kysely\nkind: anonymous\n---\n"
FI = """# Sinä
## Missä työskentelet? * {#missa}
- ( ) Kunnassa {#kunta}
- ( ) Muualla: ____ {#muu}
# Lisää
## Mikä kunta? {#mika}
Näytetään, jos missa = kunnassa
____
"""
SV = """# Du
## Var arbetar du? * {#missa}
- ( ) I en kommun {#kunta}
- ( ) Annanstans: ____ {#muu}
# Mera
## Vilken kommun? {#mika}
Visas om missa = I en kommun
____
"""


def read(folder: Path, fi: str = FI, sv: str = "", *, head: str = HEAD) -> SurveyReading:
    """Read a survey from texts of its files."""
    (folder / "k.md").write_text(head + fi, encoding="utf-8")
    (folder / "k.sv.md").unlink(missing_ok=True)
    if sv:
        (folder / "k.sv.md").write_text(f"---\ntitle: Enkät\n---\n{sv}", encoding="utf-8")
    return read_survey(folder, "k", language="fi")


def survey_of(reading: SurveyReading) -> Survey:
    """Return the survey of files without mistakes."""
    assert [str(f) for f in reading.findings if f.severity is Severity.ERROR] == []
    assert reading.survey is not None
    return reading.survey


def told(reading: SurveyReading) -> list[str]:
    """Return what is wrong, each with its file and line."""
    return [f"{finding.place.partition('/')[2]} {finding.message}" for finding in reading.findings]


def test_the_samples_ask_the_same_in_two_languages_and_have_all_their_ids() -> None:
    for id in find_surveys(SAMPLES):
        reading = read_survey(SAMPLES, id, language="fi")

        survey = survey_of(reading)
        assert reading.findings == ()
        for question in survey.questions:
            assert list(question.words) == list(survey.titles)
            assert all(list(one.words) == list(survey.titles) for one in question.options)


def test_languages_are_joined_by_ids_whatever_their_order(tmp_path: Path) -> None:
    """Elsewhere answers were counted apart by language (unicef/iogt#182)."""
    other = SV.replace(
        "- ( ) I en kommun {#kunta}\n- ( ) Annanstans: ____ {#muu}\n",
        "- ( ) Annanstans: ____ {#muu}\n- ( ) I en kommun {#kunta}\n",
    )

    survey = survey_of(read(tmp_path, FI, other))

    where, which = survey.questions
    assert [(one.id, one.words["sv"], one.is_other) for one in where.options] == [
        ("kunta", "I en kommun", False),
        ("muu", "Annanstans", True),
    ]
    assert where.words == {"fi": "Missä työskentelet?", "sv": "Var arbetar du?"}
    assert which.show_if == "missa=kunta"
    assert survey.pages[0].titles == {"fi": "Sinä", "sv": "Du"}


def test_files_without_ids_are_joined_in_order_and_get_the_same_ids(tmp_path: Path) -> None:
    fi, sv = (text.replace(" {#kunta}", "").replace(" {#muu}", "") for text in (FI, SV))
    reading = read(tmp_path, fi, sv)

    written = dict(name_everything(reading))
    for path, text in written.items():
        path.write_text(text, encoding="utf-8")
    again = read_survey(tmp_path, "k", language="fi")

    assert "- ( ) I en kommun {#kunnassa}" in written[tmp_path / "k.sv.md"]
    assert "# Du {#sina}" in written[tmp_path / "k.sv.md"]
    assert survey_of(again).pages == survey_of(reading).pages
    assert list(name_everything(again)) == []


# What differs in Swedish, and what is told of it.
DIFFERENT = {
    "an answer more": ("- ( ) Annan", "- ( ) Ute\n- ( ) Annan", "“answer”: 3 here"),
    "an id is another": ("{#muu}", "{#annat}", "the id “annat” is not in the other language"),
    "an id is given twice": ("{#muu}", "{#kunta}", "the id “kunta” is given twice"),
    "one has no id": (" {#muu}", "", "“Annanstans” has no id here"),
    "no line to write on": (": ____", "", "“muu” has a line to write on in one language alone"),
    "another kind": ("____\n", "____ (tal)\n", "“mika” is answered in another way here"),
    "not required": ("? * {", "? {", "“missa” must be answered in one language alone"),
    "another condition": ("= I en kommun", "= muu", "“mika” is shown by another condition here"),
    "on another page": ("# Mera\n", "", "“page”: 1 here"),
}


@pytest.mark.parametrize("case", DIFFERENT)
def test_languages_that_differ_are_told_with_file_and_line(tmp_path: Path, case: str) -> None:
    """Elsewhere a blank question was shown, or a valid answer refused (formbricks#8614)."""
    old, new, words = DIFFERENT[case]
    assert old in SV
    place = SV.rfind(old) if old == "____\n" else SV.find(old)
    other = SV[:place] + new + SV[place + len(old) :]

    reading = read(tmp_path, FI, other)

    assert reading.survey is None
    assert [line for line in told(reading) if line.startswith("k.sv.md:") and words in line]


# A condition, and what is told of it; the column is that of the line.
CONDITIONS = {
    "an unknown id": ("verkosto = a", "no question before it has the id “verkosto”"),
    "a later one": ("mika = a", "“mika” depends on itself"),
    "an unknown answer": ("missa = kauppa", "“missa” has no answer “kauppa”"),
    "a day": ("missa before 2026", "“missa” is no day"),
    "no condition at all": ("missa =", "the condition, column "),
}


@pytest.mark.parametrize("case", CONDITIONS)
def test_a_condition_that_cannot_be_used_is_told(tmp_path: Path, case: str) -> None:
    condition, words = CONDITIONS[case]

    reading = read(tmp_path, FI.replace("missa = kunnassa", condition))

    [line] = [one for one in told(reading) if words in one]
    assert line.startswith("k.md:11 ")
    assert "column 23" in line or "column" not in words


def test_what_depends_on_the_same_page_is_shown_to_everybody_and_check_says_so(
    tmp_path: Path,
) -> None:
    """Without a script the form learns of an answer only when its page is sent."""
    reading = read(tmp_path, FI.replace("# Lisää\n", ""))

    assert survey_of(reading).question("mika")
    [note] = reading.findings
    assert (note.severity, note.line) == (Severity.NOTE, 9)
    assert "same page" in note.message


def test_a_condition_of_a_page_is_one_of_each_of_its_questions(tmp_path: Path) -> None:
    text = FI.replace("# Lisää\n", "# Lisää\nShow if missa in (kunta, muu)\n")

    survey = survey_of(read(tmp_path, text))

    assert list(survey.questions)[1].show_if == "missa in (kunta, muu) and missa=kunta"


# A front matter, and what is told of it.
HEADS = {
    "no kind": ("title: K", "“kind” is missing"),
    "an unknown kind": ("title: K\nkind: secret", "“kind” is one of anonymous, named, poll"),
    "an unknown key": ("title: K\nkind: poll\nclose: 2027-01-01", "unknown key “close”"),
    "no day": ("title: K\nkind: poll\ncloses: keväällä", "“closes”: expected a day"),
    "the first of days": ("title: K\nkind: poll\ncloses: 0001-01-01 00:30", "in this year"),
    "the last of days": ("title: K\nkind: poll\ncloses: 9999-12-31 23:59", "in this year"),
    "open and named": ("title: K\nkind: named\nopen to all: yes", "open to all knows nobody"),
    "an unknown year": ("title: K\nkind: poll\ncompare: 2021", "no survey “2021” to compare"),
    "a broken segment": ("title: K\nkind: poll\nsegment: region in (", "“segment”: line 1"),
}


@pytest.mark.parametrize("case", HEADS)
def test_a_front_matter_that_cannot_be_used_is_told(tmp_path: Path, case: str) -> None:
    head, words = HEADS[case]

    reading = read(tmp_path, head=f"---\n{head}\n---\n")

    assert [line for line in told(reading) if words in line]
    assert all(finding.hint for finding in reading.findings)


def test_a_day_that_is_over_and_a_table_too_large_for_a_phone_are_warned_of(tmp_path: Path) -> None:
    rows = "".join(f"| rivi {n} | | |\n" for n in range(9))
    head = HEAD.replace("kind:", "closes: 2026-01-01\nkind:")
    text = f"{head}## M?\n| | a | b |\n|-|-|-|\n{rows}"
    (tmp_path / "k.md").write_text(text, encoding="utf-8")

    now = dt.datetime(2026, 11, 30, 12)  # noqa: DTZ001 - on the readers' clock
    reading = read_survey(tmp_path, "k", language="fi", now=now)

    assert [(f.severity, f.id) for f in reading.findings] == [
        (Severity.WARNING, "survey-closing"),
        (Severity.WARNING, "survey-matrix"),
    ]
    assert survey_of(reading).closes == dt.datetime(2026, 1, 1, 23, 59, 59)  # noqa: DTZ001


def test_whole_front_matter_is_taken(tmp_path: Path) -> None:
    head = "---\ntitle: K\nkind: anonymous\nopen to all: yes\nthanks: Kiitos!\n---\n"

    survey = survey_of(read(tmp_path, head=head))

    assert survey.kind is SurveyKind.ANONYMOUS
    assert survey.is_open_to_all
    assert survey.thanks == {"fi": "Kiitos!"}


def test_a_survey_that_is_not_there_is_told_with_the_nearest_one(tmp_path: Path) -> None:
    read(tmp_path)
    with pytest.raises(UsageError, match="did you mean “k”"):
        read_survey(tmp_path, "kk", language="fi")


PIECES = st.sampled_from([*FI.splitlines(), *SV.splitlines(), "- [ ] a", "Show if missa = "])


@settings(max_examples=40)
@given(st.lists(PIECES, max_size=14), st.lists(PIECES, max_size=14))
def test_any_two_files_give_a_survey_or_findings(fi: list[str], sv: list[str]) -> None:
    with TemporaryDirectory() as folder:
        reading = read(Path(folder), "\n".join(fi), "\n".join(sv))

    assert (reading.survey is None) == any(f.severity is Severity.ERROR for f in reading.findings)
    for question in reading.survey.questions if reading.survey else ():
        assert all(question.words.values())
