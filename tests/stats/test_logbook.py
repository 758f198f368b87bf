"""The log of issues is for git and spreadsheets: it says what is known, and destroys nothing."""

import csv
import datetime as dt
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import ConfigError
from newsletter.language import say
from newsletter.model.figures import Counts, IssueFigures, Revision, Source, Span, StatsReport
from newsletter.stats import update_log
from newsletter.stats.log_cells import COLUMNS, form_in, forms, read_row, write_rows
from newsletter.stats.log_rows import rows_of
from tests.conftest import REPOSITORY
from tests.stats import specimens

BOM = "\ufeff"
# Whoever has a log has these. Where a heading or a word must change, logs with the old ones are
# still to be read: `forms` of newsletter/stats/log_cells.py needs one more.
HEADINGS = {
    "en": ",".join(COLUMNS),
    "fi": (
        "Numero;Kieli;Päivä;Aihe;Lähetetty;Perillä;Palautunut pysyvästi;Palautunut "
        "tilapäisesti;Lukijoita, joiden avaukset voi nähdä;Avattu vähintään;Avattu "
        "enintään;Avaajia, todennäköisesti ihmisiä;Lukijoita, joiden kirjeen avaajaa ei "
        "tiedetä;Lukijoita, joiden avauksen sähköpostiohjelma salaa;Lukijoita, joiden kirjeen "
        "avasi kone;Kuvien latauksia, todennäköisesti ihmisten;Kuvien latauksia, ei tiedetä "
        "kenen;Kuvien latauksia, koneiden;Klikkaajia, todennäköisesti ihmisiä;Lukijoita, joiden "
        "linkin klikkaajaa ei tiedetä;Lukijoita, joiden linkkiä klikkasi kone;Klikkauksia, "
        "todennäköisesti ihmisten;Klikkauksia, ei tiedetä kenen;Klikkauksia, "
        "koneiden;Pois;Ilmoitti roskapostiksi;Vastasi;Tunteja puoleen avauksista;Kuka "
        "laski;Säännöt;Laskettuja päiviä;Lopullinen;Päivitetty;Muuttunut;Aiempi arvo;Tarkiste"
    ),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "statistics.csv"


def rows(file: Path, language: str = "en") -> list[dict[str, str]]:
    """Return what a program reads of a log."""
    text = file.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=form_in(language).delimiter))


def told(issue: IssueFigures) -> StatsReport:
    return replace(specimens.report(issues=1), issues=[issue])


# --- what stands in it --------------------------------------------------------------------


def test_an_issue_has_a_row_for_all_and_one_for_each_language(file: Path) -> None:
    assert update_log(file, specimens.report(issues=2), "en")

    assert [(row["issue"], row["language"]) for row in rows(file)] == [
        ("2026-11", "all"), ("2026-11", "fi"), ("2026-11", "sv"),
        ("2026-12", "all"), ("2026-12", "fi"), ("2026-12", "sv"),
    ]  # fmt: skip


def test_a_row_tells_what_the_report_tells(file: Path) -> None:
    issue = specimens.issue(5)
    assert issue.open_range

    update_log(file, told(issue), "en")

    row = rows(file)[0]
    low, high = issue.open_range.bounds
    assert (float(row["opened_from"]), float(row["opened_to"])) == (round(low, 4), round(high, 4))
    assert row["sent"] == str(issue.delivered.sent)
    assert row["openers_human"] == str(issue.shown.openers.human)
    assert row["clicks_machine"] == str(issue.shown.clicks.machine)
    assert (row["counted_by"], row["rules"], row["final"]) == ("webhooks", "2026-11-30", "yes")


def test_what_is_not_known_is_empty_and_never_0(file: Path) -> None:
    nobody = Counts(source=None, span=Span.WINDOW, as_of=None)
    silent = replace(
        specimens.issue(5),
        shown=nobody,
        open_range=None,
        groups={},
        hidden_because=say("nobody counts opens and clicks"),
    )

    update_log(file, told(silent), "en")

    [row] = rows(file)
    counted = [name for name in row if name.startswith(("open", "load", "click", "half", "count"))]
    assert {row[name] for name in counted} == {""}


def test_a_rehearsal_is_no_issue_that_readers_got(file: Path) -> None:
    assert not update_log(file, told(replace(specimens.issue(5), is_rehearsal=True)), "en")

    assert not file.exists()


def test_all_the_groups_too_small_to_be_told_of_stand_together(file: Path) -> None:
    issue = specimens.issue(5)
    [fi, sv] = issue.groups["language"]

    update_log(file, told(replace(issue, groups={"language": [fi, replace(sv, name="")]})), "en")

    assert [row["language"] for row in rows(file)] == ["all", "fi", "others"]


def test_a_final_row_says_when_it_changed_and_from_what(file: Path) -> None:
    late = Revision(
        at=dt.datetime(2026, 12, 28, 23, tzinfo=dt.UTC),
        source=Source.WEBHOOKS,
        changes={"delivered": [568, 569], "bounced_hard": [None, 2]},
    )

    update_log(file, told(replace(specimens.issue(5), revisions=[late])), "en")

    whole, *languages = rows(file)
    assert whole["changed"] == "2026-12-29"  # by the newsletter's clock
    assert whole["changed_from"] == "webhooks: delivered 568, bounced_hard -"
    assert {row["changed"] for row in languages} == {""}


def test_final_rows_do_not_change_because_a_source_is_heard_once_more(file: Path) -> None:
    issue = specimens.issue(5)
    update_log(file, told(issue), "en")

    heard = replace(issue.shown, as_of=dt.datetime(2027, 1, 5, tzinfo=dt.UTC))

    assert not update_log(file, told(replace(issue, shown=heard)), "en")


def test_a_subject_is_no_formula_to_a_spreadsheet(file: Path) -> None:
    update_log(file, told(replace(specimens.issue(5), subject="=HYPERLINK(A1)")), "fi")

    assert rows(file, "fi")[0]["Aihe"] == "'=HYPERLINK(A1)"


# --- its forms ----------------------------------------------------------------------------


def test_finnish_spreadsheets_get_semicolons_decimal_commas_and_their_own_headings(
    file: Path,
) -> None:
    update_log(file, specimens.report(issues=1), "fi")

    text = file.read_bytes().decode("utf-8")
    assert text.startswith(f"{BOM}Numero;Kieli;")
    row = rows(file, "fi")[0]
    assert (row["Kieli"], row["Lopullinen"]) == ("kaikki", "ei")
    assert row["Avattu vähintään"].startswith("0,")


@pytest.mark.parametrize("language", HEADINGS)
def test_headings_are_those_of_the_logs_that_are_out_there(language: str) -> None:
    assert write_rows([], form_in(language)).strip().replace('"', "") == HEADINGS[language]


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_no_two_columns_and_no_two_words_are_called_alike(language: str) -> None:
    form = form_in(language)

    assert len(set(form.headings)) == len(COLUMNS)
    assert len(set(form.words.values())) == len(form.words)
    assert len(set(form.answers.values())) == 2


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40), st.integers(0, 2))
def test_what_is_written_is_read_back_in_each_form(subject: str, at: int) -> None:
    form = forms()[at]
    [row, *_] = rows_of(told(replace(specimens.issue(5), subject=subject)))

    text = write_rows([row], form).partition("\n")[2]

    [cells] = csv.reader(io.StringIO(text), delimiter=form.delimiter)
    again = read_row(cells, form)
    assert (again["subject"], again["check"]) == (subject, row["check"])
    assert write_rows([again], form).partition("\n")[2] == text


def test_a_log_in_another_form_becomes_one_in_the_form_that_is_set(file: Path) -> None:
    update_log(file, specimens.report(issues=3), "fi")
    older = replace(specimens.report(issues=3), issues=specimens.report(issues=3).issues[1:])

    assert update_log(file, older, "en")

    assert rows(file)[0]["issue"] == "2026-10"  # which the ledger does not know any more
    assert rows(file)[0]["final"] == "yes"
    assert not update_log(file, specimens.report(issues=3), "en")


# --- nothing is destroyed -----------------------------------------------------------------


def test_what_did_not_change_is_not_written_again(file: Path) -> None:
    update_log(file, specimens.report(), "fi")
    before = file.stat()

    assert not update_log(file, specimens.report(), "fi")

    assert (file.stat().st_mtime_ns, file.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_git_may_have_given_its_lines_other_ends(file: Path) -> None:
    update_log(file, specimens.report(), "fi")
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    assert not update_log(file, specimens.report(), "fi")


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1e"])
def test_no_sign_of_a_subject_that_some_take_for_a_lines_end_locks_the_log(
    file: Path, sign: str
) -> None:
    report = specimens.report(issues=3)
    odd = replace(report.issues[1], subject=f"Syksy{sign}ja talvi")
    first = replace(report, issues=[report.issues[0], odd])
    update_log(file, first, "fi")

    assert not update_log(file, first, "fi")
    assert update_log(file, replace(first, issues=[*first.issues, report.issues[2]]), "fi")
    assert f"Syksy{sign}ja talvi" in file.read_text("utf-8")


def test_rows_of_issues_that_the_ledger_does_not_know_stay(file: Path) -> None:
    update_log(file, specimens.report(issues=3), "en")
    before = file.read_bytes()

    assert not update_log(file, replace(specimens.report(issues=3), issues=[]), "en")
    assert not update_log(file, specimens.report(issues=1), "en")

    assert file.read_bytes() == before


def _edited(text: str) -> str:
    return text.replace(";629;", ";700;", 1)


def _with_a_column(text: str) -> str:
    return "".join(f"{line};oma\n" for line in text.splitlines())


def _merged(text: str) -> str:
    lines = text.splitlines(keepends=True)
    ours, theirs = "<<<<<<< HEAD\n", ">>>>>>> main\n"
    return "".join([lines[0], ours, lines[1], "=======\n", lines[2], theirs])


def _saved_by_excel(text: str) -> str:
    return text.replace("2026-12-15", "15.12.2026")


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (_edited, ":2:", "changed by somebody else"),
        (_with_a_column, ":1:", "no log that newsletter wrote"),
        (_merged, ":2:", "a merge left its marks here"),
        (_saved_by_excel, ":2:", "changed by somebody else"),
        (lambda _: "nimi;osoite\nAino;Katu 1\n", ":1:", "no log that newsletter wrote"),
        (lambda text: text[:-20], ":4:", "changed by somebody else"),  # cut off
        (lambda text: text.replace("fi;", '"fi;', 1), ":", "changed by somebody else"),
    ],
)
def test_what_somebody_else_wrote_is_left_alone_and_told_with_its_cure(
    file: Path, change: object, line: str, words: str
) -> None:
    update_log(file, specimens.report(issues=1), "fi")
    assert callable(change)
    file.write_text(BOM + change(file.read_text("utf-8-sig")), "utf-8")
    before = file.read_bytes()

    with pytest.raises(ConfigError, match=words) as caught:
        update_log(file, specimens.report(issues=2), "fi")

    assert f"{file}{line}" in str(caught.value)
    assert "“newsletter stats --pull” writes it anew" in str(caught.value)
    assert file.read_bytes() == before


def test_two_rows_that_contradict_each_other_are_told(file: Path) -> None:
    update_log(file, specimens.report(issues=1), "en")
    text = file.read_text("utf-8")
    changed = replace(specimens.issue(23), subject="Toinen")
    file.unlink()
    update_log(file, told(changed), "en")
    file.write_text(text + file.read_text("utf-8-sig").splitlines()[1] + "\n", "utf-8")

    with pytest.raises(ConfigError, match="2026-12 stands here twice"):
        update_log(file, specimens.report(issues=1), "en")


def test_rows_that_a_merge_kept_twice_are_one(file: Path) -> None:
    update_log(file, specimens.report(issues=1), "en")
    text = file.read_text("utf-8")
    file.write_text(text + text.partition("\n")[2], "utf-8")

    update_log(file, replace(specimens.report(issues=1), issues=[]), "en")

    assert len(rows(file)) == 3


def test_another_encoding_is_told(file: Path) -> None:
    file.write_bytes("Päivä;Määrä\n".encode("latin-1"))

    with pytest.raises(ConfigError, match="not UTF-8"):
        update_log(file, specimens.report(issues=1), "fi")


@pytest.mark.parametrize("lock", [".~lock.statistics.csv#", "~$statistics.csv"])
def test_a_log_that_is_open_in_a_spreadsheet_is_left_alone(file: Path, lock: str) -> None:
    update_log(file, specimens.report(issues=1), "fi")
    file.with_name(lock).touch()

    assert not update_log(file, specimens.report(issues=1), "fi")  # there is nothing to write
    with pytest.raises(ConfigError, match="open in a spreadsheet"):
        update_log(file, specimens.report(issues=2), "fi")


def test_a_folder_in_its_place_is_told(file: Path) -> None:
    file.mkdir()

    with pytest.raises(ConfigError, match=str(file)):
        update_log(file, specimens.report(issues=1), "fi")


def test_an_empty_file_is_filled(file: Path) -> None:
    file.touch()

    assert update_log(file, specimens.report(issues=1), "fi")


def test_no_address_is_in_it(file: Path) -> None:
    update_log(file, specimens.report(), "en")

    assert "@" not in file.read_text("utf-8")


def test_the_page_about_statistics_names_each_column_once() -> None:
    page = (REPOSITORY / "docs" / "statistics.md").read_text("utf-8")
    table = page.partition("## The log")[2].partition("\n## ")[0]

    cells = [line.split(" | ")[0] for line in table.splitlines() if line.startswith("| `")]
    named = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]

    assert sorted(named) == sorted(COLUMNS)
