"""What an editor sees of findings, plans and questions on a terminal of 80 columns and 24 rows."""

import os
import re
from pathlib import Path

import pytest

from newsletter.cli.findings import laid_out, plain_lines
from newsletter.language import say
from newsletter.model import Rule
from tests.conftest import Site

from .month import COLUMNS, Screen, Terminal

TRANSLATION = Path(__file__).parent / "translations" / "2021-06.sv.md"
ROWS = 24
LANGUAGES = ("en", "fi", "sv")
# What an editor gets wrong in a translation, and two things in the original.
SLIPS = {
    "2021-06.sv.md": {
        "Vi fick 46 svar": "Vi fick många svar",
        "| 28 % |": "| 82 % |",
        "tipsa om att [prenumerera på nyhetsbrevet](https://www.example.org/uutiskirje)": "tipsa",
        "kl. 9–15\n\nArbetscoacher": "kl. 10–16\n\nArbetscoacher",
        "onsdag 8.9.2021": "torsdag 9.9.2021",
    },
    "2021-06.md": {
        "Syyskuun teemap": "Katso [täältä](http://www.example.org/a). Syyskuun teemap",
    },
}


@pytest.fixture
def translated(sample: Site) -> Site:
    """The sample with a Swedish translation, as a careful editor leaves it, and its list."""
    text = TRANSLATION.read_text(encoding="utf-8")
    sample.write("issues/2021-06.sv.md", text)
    for folder in (sample.root / "subscribers", *(sample.root / "subscribers").iterdir()):
        folder.chmod(0o700 if folder.is_dir() else 0o600)
    sample.run("subscribers", "import", "subscribers/example.csv", "--yes")
    return sample


def slip(site: Site) -> None:
    for name, slips in SLIPS.items():
        path = site.root / "issues" / name
        text = path.read_text(encoding="utf-8")
        for right, wrong in slips.items():
            assert right in text, right
            text = text.replace(right, wrong)
        path.write_text(text, encoding="utf-8")


def look(site: Site, command: str, *answers: str, language: str = "en", **more: str) -> Screen:
    """Return what an editor sees of a command."""
    environment = {**os.environ, "NEWSLETTER_LANG": language, "NO_COLOR": "1", **more}
    return Terminal(site.root, environment).run(f"newsletter {command}", answers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_check_of_an_issue_and_its_translation_fits_a_screen(
    translated: Site, language: str
) -> None:
    slip(translated)

    checked = look(translated, "check 2021-06", language=language)

    lines = checked.shown.splitlines()
    assert len(lines) < ROWS, checked.shown  # the prompt takes the last row
    assert "[link-http]" in checked.shown
    assert re.search(r"15  [“”]28”\s+15  [“”]82”$", checked.shown, re.M)
    assert checked.code == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plan_stands_whole_above_its_question_and_findings_above_it(
    translated: Site, language: str
) -> None:
    slip(translated)

    sent = look(translated, "send 2021-06", "no", language=language)

    lines = sent.shown.splitlines()
    first, question = (
        next(n for n, line in enumerate(lines) if sign in line) for sign in ("(fi, sv)", ": no")
    )
    assert question - first < ROWS - 1, sent.shown
    assert all("[link-http]" not in line for line in lines[first:])
    assert sent.shown.count("http://www.example.org/a") == 1
    assert sent.code == 1


def test_no_line_of_a_screen_ends_within_a_word(translated: Site) -> None:
    """What is longer than the terminal is wide, that breaks wherever the last column is."""
    slip(translated)

    for command in ("check 2021-06", "check 2021-06 --verbose"):
        shown = look(translated, command, language="fi").shown
        assert all(len(line) < COLUMNS or " " not in line for line in shown.splitlines()), shown


def test_pipes_get_a_line_for_each_finding_that_editors_can_read(translated: Site) -> None:
    slip(translated)

    told = translated.run("check", "2021-06").stdout.splitlines()

    places = [line for line in told if not line.startswith("    ")]
    assert len(places) > 5
    for line in places:
        assert re.fullmatch(r"issues/\S+\.md:\d+: (error|warning|note): .+ \[[\w-]+\]", line), line


def test_colours_are_for_terminals_and_for_whom_wants_them(translated: Site) -> None:
    slip(translated)
    rule = Rule(id="rule", summary="")
    found = [rule.error("it is wrong", line=1).in_file("a.md")]

    assert any("\x1b[" in line for line in laid_out(found, width=80))
    assert all("\x1b[" not in line for line in plain_lines(found))
    assert "\x1b" not in translated.run("check", "2021-06").stdout
    environment = {**os.environ, "NO_COLOR": "1"}
    seen: list[str] = []

    def note(said: str) -> bool:
        seen.append(said)
        return False

    Terminal(translated.root, environment).run("newsletter check 2021-06", (), note)
    assert "\x1b[" not in seen[-1]


def test_verbose_lists_each_finding_and_what_was_skipped_and_passed(translated: Site) -> None:
    slip(translated)

    shown = look(translated, "check 2021-06 --verbose").shown

    assert shown.count("[parity-numbers]") >= 3
    assert "skipped [" in shown
    assert "passed: " in shown


def test_many_places_of_one_finding_are_counted_and_not_all_listed() -> None:
    rule = Rule(id="link-http", summary="")
    found = [
        rule.warning(say("“{url}” is not encrypted", url=f"http://{n}.example"), line=n)
        for n in range(1, 60)
    ]

    shown = "\n".join(laid_out([f.in_file("a.md") for f in found], width=80))

    assert shown.count("is not encrypted") == 1
    assert re.search(r"^ +2 +http://2\.example$", shown, re.M)
    assert "also in lines 7, 8, 9, 10, 11, 12, 13, 14, 15," in shown
    assert "and 33 more" in shown
    assert len(shown.splitlines()) < 12


def test_an_address_in_a_finding_is_never_broken() -> None:
    rule = Rule(id="link-bare", summary="")
    url = "https://www.example.org/" + "a-long-path/" * 9
    found = rule.warning(say("“{url}” is not a link", url=url), line=1).in_file("a.md")

    assert url in "\n".join(laid_out([found], width=80))


def test_what_an_issue_went_out_with_is_told_when_asked(translated: Site) -> None:
    slip(translated)
    sent = translated.run("send", "2021-06", "--yes")
    told = translated.run("status", "2021-06").stdout

    assert sent.stderr.count("http://www.example.org/a”") == 1
    assert "http://www.example.org/a" not in sent.stdout + told


def test_two_issues_with_a_template_in_common_are_told_of_it_once(translated: Site) -> None:
    translated.write("templates/style.jinja", "{# nothing #}")
    told = translated.run("check", "2021-05", "2021-06", code=None).stdout

    lines = [line for line in told.splitlines() if line.startswith("templates/")]
    assert len(lines) == len(set(lines))
