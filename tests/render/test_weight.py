"""Gmail hides what goes beyond 102 kB of a mail: the longest of usual issues arrives whole."""

import shutil
from collections.abc import Callable

import pytest

from newsletter.press import read_manuscript, render_manuscript
from newsletter.render.looks import LOOKS
from newsletter.settings import load_settings
from tests.browser.every_block import make_site
from tests.conftest import REPOSITORY, Site
from tests.render.weighty import month_issue, plain_issue, rich_issue

Weigh = Callable[[str, str], int]
every_look = pytest.mark.parametrize("look", LOOKS)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A newsletter with the pictures that the issues show."""
    site = make_site(tmp_path_factory.mktemp("newsletter"), "default")
    shutil.copytree(REPOSITORY / "issues", site.root / "issues", dirs_exist_ok=True)
    return site


@pytest.fixture
def weigh(site: Site) -> Weigh:
    """Return what renders an issue in a look and weighs its HTML, in bytes."""

    def weigh(look: str, text: str) -> int:
        site.settings(look=f'look = "{look}"')
        site.write("issues/2021-06.md", text)
        settings = load_settings(site.root)
        manuscript = read_manuscript(settings, "2021-06")
        (edition,) = render_manuscript(settings, manuscript, manuscript.variants()).values()
        size = len(edition.html.encode())
        print(f"{look}: {size:,} bytes for {len(edition.text.split()):,} words", end=" ")
        return size

    return weigh


@every_look
def test_the_sample_weighs_at_most_26_kilobytes(weigh: Weigh, look: str) -> None:
    sample = (REPOSITORY / "issues" / "2021-06.md").read_text(encoding="utf-8")

    assert weigh(look, sample) <= 26_000


@every_look
def test_prose_in_many_sections_weighs_twice_its_words_at_most(weigh: Weigh, look: str) -> None:
    assert weigh(look, plain_issue(words=2300, sections=14)) <= 45_000


@every_look
def test_gmail_shows_a_long_issue_of_all_kinds_to_its_end(weigh: Weigh, look: str) -> None:
    assert weigh(look, rich_issue(words=2500)) < 102_000


@every_look
def test_a_month_with_every_kind_of_block_is_far_from_being_cut(weigh: Weigh, look: str) -> None:
    assert weigh(look, month_issue(words=786)) <= 40_000


@every_look
def test_a_page_grows_with_its_words_alone(weigh: Weigh, look: str) -> None:
    """A section more costs a heading and its name in three places, a paragraph more two tags."""
    few, many = (weigh(look, plain_issue(words=2300, sections=count)) for count in (4, 24))
    short, long = (weigh(look, plain_issue(words=count, sections=4)) for count in (1000, 2000))

    assert (many - few) / 20 <= 365  # its name, too, in the list of contents and at its place
    assert (long - short) / 1000 <= 10
