"""Our HTML looks as if the official MJML had made it: no more than one pixel in a thousand differs.

Every packaged look is drawn with the sample issues and with every block, on a phone and on a
screen, in the light and in the dark, and with what only Outlook reads laid open.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from newsletter.render.looks import LOOKS
from newsletter.render.mrml import run_mrml
from tests.browser.chromium import Scheme, chromium, find_chromium
from tests.fidelity.pages import ISSUES, PEERS, Page, by_official_mjml, pages_in
from tests.fidelity.pictures import as_outlook_reads, differing, draw

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Debian's chromium is missing"),
    pytest.mark.skipif(not (PEERS / "node_modules/mjml").is_dir(), reason="run “make proofs”"),
]
every_page = pytest.mark.parametrize("name", [f"{look}-{id}" for look in LOOKS for id in ISSUES])
every_screen = pytest.mark.parametrize(
    ("width", "scheme"), [(360, "light"), (700, "light"), (360, "dark"), (700, "dark")]
)

_ALLOWED = 0.001  # of all pixels

Compare = Callable[..., float]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all pages."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    """Every page by its name."""
    return {page.name: page for page in pages_in(tmp_path_factory.mktemp("looks"))}


@pytest.fixture(scope="module")
def official(pages: dict[str, Page]) -> dict[str, str]:
    """What the official MJML makes of every page, with the styles that we write into elements."""
    made = by_official_mjml([page.source for page in pages.values()])
    return {
        page.name: _styled(html, page.styles)
        for page, html in zip(pages.values(), made, strict=True)
    }


@pytest.fixture
def compare(
    browser: Browser, pages: dict[str, Page], official: dict[str, str], tmp_path: Path
) -> Compare:
    """Return what draws a page made by us and by the official MJML, and counts the difference."""

    def compare(
        name: str, html: str, *, width: int, scheme: Scheme, outlook: bool = False
    ) -> float:
        read = as_outlook_reads if outlook else str
        ours, theirs = (
            draw(browser, tmp_path, pages[name], read(page), width=width, scheme=scheme)
            for page in (html, official[name])
        )
        share = differing(ours, theirs)
        print(f"{name} at {width} {scheme}: {share:.4%} of {ours.width}x{ours.height}", end=" ")
        if share > _ALLOWED:
            ours.save(tmp_path / "ours.png")
            theirs.save(tmp_path / "theirs.png")
        return share

    return compare


@every_screen
@every_page
def test_before_styles_are_written_in(
    compare: Compare, pages: dict[str, Page], name: str, width: int, scheme: Scheme
) -> None:
    page = pages[name]

    html = _styled(run_mrml(page.source), page.styles)

    assert compare(name, html, width=width, scheme=scheme) <= _ALLOWED


@every_screen
@every_page
def test_as_it_is_sent(
    compare: Compare, pages: dict[str, Page], name: str, width: int, scheme: Scheme
) -> None:
    assert compare(name, pages[name].html, width=width, scheme=scheme) <= _ALLOWED


@every_page
def test_what_only_outlook_reads(compare: Compare, pages: dict[str, Page], name: str) -> None:
    page = pages[name]

    share = compare(name, page.html, width=700, scheme="light", outlook=True)

    assert share <= _ALLOWED


def _styled(html: str, styles: str) -> str:
    return html.replace("</head>", f"<style>{styles}</style></head>", 1)
