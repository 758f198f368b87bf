"""What the pages tell an editor to type, to write and to press is there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest

from newsletter.cli.main import cli
from newsletter.content.meeting_files import read_meeting
from newsletter.content.region_files import read_regions
from newsletter.content.survey_files import read_survey
from newsletter.language.phrases import words_for
from newsletter.settings import load_settings
from tests.language.catalogs import read_catalog

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
# Of the people who read no English: what an editor meets, in order.
PEOPLE = {"fi": ROOT / "docs/fi/tilaajat.md", "sv": ROOT / "docs/sv/prenumeranter.md"}
MEETINGS = {"fi": ROOT / "docs/fi/teemapaivat.md", "sv": ROOT / "docs/sv/temadagar.md"}
SURVEYS = {"fi": ROOT / "docs/fi/kyselyt.md", "sv": ROOT / "docs/sv/enkater.md"}
NETWORKS = {"fi": ROOT / "docs/fi/verkosto.md", "sv": ROOT / "docs/sv/natverket.md"}
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`(newsletter [^`]+)`")
_CODE = re.compile(r"`[^`]*`")
_PLACEHOLDER = re.compile(r"\.\.\.|[A-Z]+")  # for a command that the reader chooses
_PRESSED = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")
_LINK = re.compile(r"(?<![!\\])\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


@every_page
def test_the_commands_that_a_page_shows_are_commands(page: Path) -> None:
    shown = list(_commands_on(page.read_text("utf-8")))

    assert {line: fault for line in shown if (fault := _fault_of(line))} == {}


@every_page
def test_links_of_a_page_lead_to_pages_and_headings_that_are_there(page: Path) -> None:
    prose = _CODE.sub("", _FENCE.sub("", page.read_text("utf-8")))
    own = [link for link in _LINK.findall(prose) if ":" not in link]

    assert [link for link in own if not _is_there(page, link)] == []


@pytest.mark.parametrize("language", PEOPLE)
def test_settings_on_the_pages_about_people_are_settings(language: str, tmp_path: Path) -> None:
    blocks = dict.fromkeys(
        body for kind, body in _FENCE.findall(PEOPLE[language].read_text("utf-8")) if kind == "toml"
    )
    for number, block in enumerate(blocks):
        place = tmp_path / str(number)
        place.mkdir()
        own = 'title = "Kirje"\nfrom = "kirje@example.org"\nsender = "Katu 1"\n'
        body, known = re.subn(r"^\[newsletter\]\n", rf"[newsletter]\n{own}", block, flags=re.M)
        text = body if known else f"[newsletter]\n{own}\n{block}"
        (place / "newsletter.toml").write_text(text, encoding="utf-8")

        load_settings(place)

    assert len(blocks) >= 6


@pytest.mark.parametrize("language", PEOPLE)
def test_what_is_pressed_on_the_pages_about_people_is_called_so(language: str) -> None:
    said = {str(message.string) for message in read_catalog(language)}
    phrases = words_for(language)
    said |= {phrases.unsubscribe, phrases.preferences}

    pressed = _PRESSED.findall(PEOPLE[language].read_text("utf-8"))

    assert len(pressed) >= 6
    assert [words for words in pressed if words not in said] == []


@pytest.mark.parametrize("language", MEETINGS)
def test_the_meeting_on_the_page_about_theme_days_is_one(language: str, tmp_path: Path) -> None:
    fences = _FENCE.findall(MEETINGS[language].read_text("utf-8"))
    [day] = [body for kind, body in fences if kind == "markdown" and body.startswith("---\n")]
    [afterwards] = [body for kind, body in fences if kind == "yaml"]
    (tmp_path / "day.md").write_text(day.replace("---\n", f"---\n{afterwards}", 1), "utf-8")

    meeting = read_meeting(tmp_path, "day", language=language, zone=ZoneInfo("Europe/Helsinki"))

    assert (meeting.texts[language].is_draft, meeting.material[:8]) == (False, "https://")


@pytest.mark.parametrize("language", SURVEYS)
def test_the_surveys_on_the_page_about_them_are_ones(language: str, tmp_path: Path) -> None:
    fences = _FENCE.findall(SURVEYS[language].read_text("utf-8"))
    shown = [body for kind, body in fences if kind == "markdown" and body.startswith("---\n")]
    for name, body in zip(("yearly", "poll"), shown, strict=True):
        (tmp_path / f"{name}.md").write_text(body, "utf-8")

        read = read_survey(tmp_path, name, language=language)

        assert (read.survey is not None, read.findings) == (True, ())


@pytest.mark.parametrize("language", NETWORKS)
def test_the_regions_on_the_page_about_networks_are_read(language: str, tmp_path: Path) -> None:
    fences = _FENCE.findall(NETWORKS[language].read_text("utf-8"))
    [shown] = [body for kind, body in fences if kind == "toml" and "[regions." in body]
    (tmp_path / "regions.toml").write_text(shown, "utf-8")

    networks, faults = read_regions(tmp_path, language=language)

    assert (len(networks), faults) == (1, ())


def _commands_on(text: str) -> Iterator[str]:
    for kind, body in _FENCE.findall(text):
        mark = "$ newsletter " if kind == "text" else "newsletter "
        yield from (line.removeprefix("$ ") for line in body.splitlines() if line.startswith(mark))
    yield from (" ".join(span.split()) for span in _SPAN.findall(_FENCE.sub("", text)))


def _fault_of(line: str) -> str:
    """Return what of a line is no command or no option of one; "" if all of it is."""
    words = iter(shlex.split(re.split(r" #| && ", line)[0])[1:])
    command: click.Command = cli
    for word in words:
        options = {o: p for p in command.params for o in (*p.opts, *p.secondary_opts)}
        name, _, value = word.partition("=")
        if word.startswith("-") and word != "-":
            option = options.get(name)
            if option is None and name not in ("--help", "-h"):
                return word
            if isinstance(option, click.Option) and not option.is_flag and not value:
                next(words, "")
        elif isinstance(command, click.Group):
            found = command.get_command(click.Context(command), word)
            if found is None:
                return "" if _PLACEHOLDER.fullmatch(word) else word
            command = found
    return ""


def _is_there(page: Path, link: str) -> bool:
    name, _, place = link.partition("#")
    target = page.parent / name if name else page
    if not place or target.suffix != ".md":
        return target.exists()
    return target.exists() and place in set(map(_anchor_of, _headings_of(target)))


def _headings_of(page: Path) -> list[str]:
    return _HEADING.findall(_FENCE.sub("", page.read_text("utf-8")))


def _anchor_of(heading: str) -> str:
    """Return the name that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
