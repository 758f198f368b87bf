"""An editor reads the figures of what was sent: on the terminal, as JSON, and in the log."""

import csv
import json
import os
from contextlib import closing

import pytest

from newsletter import pipeline
from newsletter.jobs import work
from newsletter.ledger import open_ledger
from newsletter.settings import load_settings
from tests.conftest import LEDGER, Site, StartBrevo
from tests.mailing.worked import work_once


@pytest.fixture
def sent(site: Site, start_brevo: StartBrevo) -> Site:
    """A newsletter whose issue went to 400 readers by way of a provider that counts."""
    start_brevo(site)
    site.people(400)
    site.run("send", "2026-06", "--yes")
    return site


def log_of(site: Site) -> list[dict[str, str]]:
    """Return what a spreadsheet in Finland reads of the log."""
    with (site.root / "statistics.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_terminal_json_and_log_tell_the_same(sent: Site) -> None:
    shown = sent.run("--lang", "fi", "stats", "--pull")
    [told] = json.loads(sent.run("stats", "--json").stdout)

    [row] = log_of(sent)
    assert (told["sent"], told["delivered"], told["source"]) == (400, 394, "provider")
    assert (row["Lähetetty"], row["Perillä"], row["Kieli"]) == ("400", "394", "kaikki")
    low, high = told["open_rate"]["interval"]
    assert f"{low:.4f}".replace(".", ",") == row["Avattu vähintään"]
    assert f"{low:.0%}"[:-1] in shown.stdout
    assert f"{high:.0%}"[:-1] in shown.stdout
    assert "statistics.csv on ajan tasalla." in shown.stderr


def test_one_issue_is_told_in_full_and_by_source(sent: Site) -> None:
    page = sent.run("stats", "2026-06", "--pull").stdout
    sources = sent.run("stats", "2026-06", "--sources").stdout

    assert "394 of 400" in page
    assert "Source: " in page
    assert "✓" in sources
    assert "asked" in " ".join(sources.split())


def test_a_log_that_somebody_edited_stays_and_figures_are_shown_all_the_same(sent: Site) -> None:
    sent.run("stats", "--pull")
    log = sent.root / "statistics.csv"
    edited = log.read_text("utf-8").replace(";400;", ";40;")
    log.write_text(edited, "utf-8")

    told = sent.run("stats", "--pull", code=3)

    assert "394" in told.stdout
    assert f"{log}:2: this row was changed by somebody else" in told.stderr
    assert log.read_text("utf-8") == edited


def test_nobody_is_told_of_in_any_of_them(sent: Site) -> None:
    told = sent.run("stats", "--pull").stdout + sent.run("stats", "2026-06").stdout
    told += sent.run("stats", "--json").stdout + sent.run("stats", "--csv").stdout
    told += sent.run("stats", "--sources").stdout

    assert "@" not in told + (sent.root / "statistics.csv").read_text("utf-8")


@pytest.mark.parametrize("columns", ["40", "200"])
def test_a_terminal_of_any_width_has_room(sent: Site, columns: str) -> None:
    sent.environment["COLUMNS"] = columns
    told = sent.run("stats", "--pull").stdout.partition("\n\n")[0]

    assert "2026-06" in told
    assert max(map(len, told.splitlines())) <= int(columns)


def write_down(site: Site) -> None:
    """Do what a worker does every six hours."""
    with closing(open_ledger(site.root / LEDGER)) as ledger:
        work_once(work.write_down, load_settings(site.root), ledger)


def test_a_worker_writes_the_log_of_what_is_known(sent: Site) -> None:
    write_down(sent)

    assert [row["Lähetetty"] for row in log_of(sent)] == ["400"]


def test_no_log_is_written_where_the_settings_say_so(
    sent: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sent.root / "newsletter.toml"
    file.write_text(file.read_text("utf-8") + '\n[statistics]\nlog = ""\n', "utf-8")

    sent.run("stats", "--pull")
    monkeypatch.delattr(pipeline, "report")  # nor is anything computed for it
    write_down(sent)

    assert not (sent.root / "statistics.csv").exists()


# --- the report ---------------------------------------------------------------------------


def test_the_report_is_one_page_which_may_be_written_again(sent: Site) -> None:
    page = sent.root / "report.html"

    told = sent.run("stats", "--html", str(page))
    sent.run("stats", "2026-06", "--html", str(page))

    assert f"Wrote {page}." in told.stderr
    assert told.stdout == ""
    assert "Kesäkuun kirje" in page.read_text("utf-8")
    assert sent.run("stats", "--html", "-").stdout.startswith("<!doctype html>")


def test_no_file_of_somebody_elses_is_written_over(sent: Site) -> None:
    theirs = sent.write("index.html", "<!doctype html>\n<title>Ours</title>\n")
    issue = sent.root / "issues" / "2026-07.html"

    told = sent.run("stats", "--html", str(theirs), code=2)
    sent.run("stats", "--html", str(issue), code=2)
    sent.run("stats", "--html", str(sent.root / "report.txt"), code=2)
    sent.run("stats", "--html", "-", "--pdf", "-", code=2)

    assert "no report that newsletter wrote" in told.stderr
    assert "Ours" in theirs.read_text("utf-8")
    assert not issue.exists()


def test_a_report_goes_into_a_pipe_and_the_pipe_stays(sent: Site) -> None:
    pipe = sent.root / "pipe.html"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)  # holds a page whole

    sent.run("stats", "--html", str(pipe))

    assert os.read(reading, 100).startswith(b"<!doctype html>")
    os.close(reading)
    assert pipe.is_fifo()


def test_nothing_is_written_if_there_is_no_folder_for_a_part_of_it(sent: Site) -> None:
    page, paper = sent.root / "report.html", sent.root / "nowhere" / "report.pdf"

    told = sent.run("stats", "--html", str(page), "--pdf", str(paper), code=2)

    assert f"there is no folder {paper.parent}" in told.stderr
    assert not page.exists()


def test_a_report_on_paper_is_a_pdf(sent: Site) -> None:
    pytest.importorskip("weasyprint")
    paper = sent.root / "report.pdf"

    sent.run("stats", "--pdf", str(paper))

    assert paper.read_bytes().startswith(b"%PDF-")


def test_nothing_is_reported_where_nothing_was_sent(site: Site) -> None:
    told = site.run("stats", "--html", str(site.root / "report.html"), code=2)

    assert "nothing to report" in told.stderr
    assert not (site.root / "report.html").exists()


def test_a_page_whose_paper_cannot_be_printed_is_not_written(sent: Site) -> None:
    sent.environment["PYTHONPATH"] = str(sent.root)  # before what is installed
    sent.write("weasyprint.py", "raise ImportError")
    page, paper = sent.root / "report.html", sent.root / "report.pdf"

    told = sent.run("stats", "--html", str(page), "--pdf", str(paper), code=3, forked=False)

    assert "a PDF needs WeasyPrint" in told.stderr
    assert not page.exists()
    assert not paper.exists()


def test_no_report_is_made_of_a_rehearsal_in_the_name_of_another_issue(sent: Site) -> None:
    june = (sent.root / "issues" / "2026-06.md").read_text("utf-8")
    sent.write("issues/2026-07.md", june.replace("date: 2026-06", "date: 2026-07"))
    sent.settings(name='name = "outbox"', base_url="")
    sent.run("send", "2026-07", "--yes", "--no-sync")
    page = sent.root / "report.html"

    told = sent.run("stats", "2026-07", "--html", str(page), code=2)
    sent.run("stats", "2026-07")

    assert "“2026-07” was only rehearsed" in told.stderr
    assert not page.exists()


def test_the_report_is_mailed_once_the_editor_agrees(sent: Site) -> None:
    refused = sent.run("stats", "--mail", "board@example.org", answer="no\n", code=1)
    agreed = sent.run("stats", "--mail", "board@example.org", answer="yes\n")
    again = sent.run("stats", "--mail", "board@example.org", "--yes")

    assert "2026-06 in figures” goes to:" in refused.stderr
    assert "board@example.org" in refused.stderr
    assert "Nothing was sent." in refused.stderr
    assert "board@example.org: mailed." in agreed.stderr
    assert "board@example.org: already mailed today." in again.stderr
    [told] = json.loads(sent.run("status", "--notices", "--json").stdout)
    assert told["counts"]["accepted"] == 1


def test_a_report_that_its_provider_refuses_goes_out_when_the_command_is_run_again(
    site: Site, start_brevo: StartBrevo
) -> None:
    start_brevo(site, faults=("2:402",))
    site.people(12)
    site.run("send", "2026-06", "--yes")

    refused = site.run("stats", "--mail", "board@example.org", "--yes", code=4)
    again = site.run("stats", "--mail", "board@example.org", "--yes")

    told = " ".join(refused.stderr.split())
    assert "run the same command again. “newsletter stats --mail board@example.org” goes" in told
    assert told.count("same command") == 1
    assert "board@example.org: mailed." in again.stderr


def test_what_is_no_address_gets_no_report(sent: Site) -> None:
    told = sent.run("stats", "--mail", "board@", "--yes", code=2)

    assert "board@" in told.stderr
