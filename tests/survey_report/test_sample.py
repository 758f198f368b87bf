"""The survey of 2021 that ships tells exactly what was published of it."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsletter.cli.main import cli
from newsletter.content.survey_files import read_survey
from newsletter.model.tallies import Tally
from newsletter.survey_report import read_answers
from newsletter.surveys.tallying import tally_survey

SURVEYS = Path(__file__).parents[2] / "surveys"


@pytest.fixture(scope="module")
def tallies() -> dict[str, Tally]:
    """Return what was answered, by question."""
    asked = read_survey(SURVEYS, "2021-kysely", language="fi").survey
    assert asked is not None
    answers = read_answers(asked, (SURVEYS / "2021-kysely.csv").read_bytes(), "fi")
    assert len(answers) == 46
    return {tally.question: tally for tally in tally_survey(asked, answers)}


@pytest.mark.parametrize(
    ("question", "answer", "percent", "n"),
    [
        ("tyonantaja", "yhdistys", 41, 46),
        ("tyonantaja", "kunta", 28, 46),
        ("tyonantaja", "oppilaitos", 9, 46),
        ("alueverkosto", "kylla", 37, 46),
        ("tarve", "kylla", 97, 38),  # no share of 46 people is 97 %
        ("mielekkyys", "kylla", 97, 39),
        ("uutiskirje", "kylla", 61, 46),
        ("palvelee", "kylla", 100, 28),
    ],
)
def test_the_sample_has_the_published_share_with_an_n_of_its_own(
    tallies: dict[str, Tally], question: str, answer: str, percent: int, n: int
) -> None:
    tally = tallies[question]
    [count] = [line.count for line in tally.lines if line.id == answer]

    assert tally.n == n
    assert count is not None
    assert round(100 * count / n) == percent


def test_no_share_of_46_is_97_per_cent() -> None:
    assert 97 not in {round(100 * count / 46) for count in range(47)}


def test_the_sample_is_the_same_in_finnish_and_swedish() -> None:
    reading = read_survey(SURVEYS, "2021-kysely", language="fi")

    assert reading.findings == ()
    assert reading.survey is not None
    assert set(reading.survey.titles) == {"fi", "sv"}


def run(*words: str) -> str:
    """Run a command in the sample newsletter, and return what it wrote."""
    done = CliRunner().invoke(cli, ["-C", str(SURVEYS.parent), "--lang", "en", *words])
    assert done.exit_code == 0, done.output
    return done.stdout


RESULTS = ("surveys", "results", "2021-kysely", "--answers", str(SURVEYS / "2021-kysely.csv"))


def test_the_command_tells_the_sample_and_of_how_many_it_is() -> None:
    told = run(*RESULTS, "--invited", "630", "--by", "tyonantaja")

    assert "46 of 630 answered (7%)." in told
    assert re.search(r"Yhdistys tai säätiö +19 +41% +28–56%", told)
    assert "All who answered" in told
    assert "withheld" in told


def test_json_has_no_number_that_is_withheld() -> None:
    told = json.loads(run(*RESULTS, "--by", "tyonantaja", "--json"))

    counts = [
        count
        for question in told["groups"][0]["questions"]
        for answer in question["answers"]
        for count in answer["counts"]
    ]
    assert None in counts
    assert not {1, 2, 3, 4} & set(counts)


def test_files_of_results_are_written(tmp_path: Path) -> None:
    page, table, data = tmp_path / "r.html", tmp_path / "r.csv", tmp_path / "data"

    run(*RESULTS, "--html", str(page), "--public", "--csv", str(table), "--data", str(data))
    run(*RESULTS, "--html", str(page), "--csv", str(table))  # once more over the same

    assert "Omin sanoin" in page.read_text("utf-8")
    assert table.read_bytes().startswith(b"\xef\xbb\xbfquestion;")
    sample = (SURVEYS / "2021-kysely.csv").read_bytes()
    assert (data / "2021-kysely.csv").read_bytes() == sample
    # The page has what people wrote, and the files whole answers: they are the editor's own. So is
    # every table, as `check` takes one that is open to others for a list of people.
    assert [f for f in (page, table, *data.iterdir()) if _is_shared(f)] == []


def _is_shared(file: Path) -> bool:
    return bool(file.stat().st_mode & 0o077)


def test_other_files_are_never_written_over(tmp_path: Path) -> None:
    page = tmp_path / "r.html"
    page.write_text("mine")

    done = CliRunner().invoke(cli, ["-C", str(SURVEYS.parent), *RESULTS, "--html", str(page)])

    assert done.exit_code != 0
    assert page.read_text() == "mine"


def test_markdown_and_pictures_are_ready_for_an_issue(tmp_path: Path) -> None:
    run(*RESULTS, "--markdown", str(tmp_path / "2027-06"))

    written = (tmp_path / "2027-06" / "2021-kysely-results.md").read_text("utf-8")
    assert "(2027-06/2021-kysely-tyonantaja.png)" in written
    assert "Asiakkaan näkökulman" not in written  # what people wrote is for the editor
    picture = (tmp_path / "2027-06" / "2021-kysely-vaittamat.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 60_000


def test_results_are_compared_with_those_of_another_year(tmp_path: Path) -> None:
    before = tmp_path / "2020.json"
    before.write_text(run(*RESULTS, "--json"))

    told = run(*RESULTS, "--before", str(before))

    assert "no statement" in told
    assert "No difference is larger than chance explains" in told
