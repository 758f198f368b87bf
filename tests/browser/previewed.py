"""What the tests of the preview's pages look at, and how."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FrameLocator, Page

from tests.previewing import Preview
from tests.waiting import wait_until

FAULTY = """\
---
subject: "Joulukuun kirje: tervetuloa vuoden viimeiseen teemapäivään"
date: 2026-12-15
number: 12
---
Hei {{ name|"hyvä lukija" }}!

## Kuulumisia

Teemapäiviä järjestetään 3–4 kertaa vuodessa yhdessä kumppaniorganisaatioiden kanssa.

::: image 2021-06/kysely.png
:::

::: only region=Lappi
Terveisiä Lappiin!
:::

::: button https://www.example.org/teemapaivat
Ilmoittaudu
:::

#### Väärä taso

Hyvää joulua, {{ nimi }}!
"""
SWEDISH = """\
---
subject: "Decemberbrevet: välkommen till årets sista temadag"
preheader: "Årets sista temadag är den 18 december, och anmälan är öppen till den 10 december."
date: 2026-12-15
number: 12
---
Hej {{ name|"bästa läsare" }}!

## Nytt

Teemapäiviä järjestetään 3–4 kertaa vuodessa yhdessä kumppaniorganisaatioiden kanssa.
"""
SAMPLE, DECEMBER = "/issues/2021-06", "/issues/2026-12"
_HAS_PICTURES = """() => [...document.getElementById("frame").contentDocument.images]
    .every(picture => picture.complete)"""


def open_page(page: Page, preview: Preview, path: str) -> FrameLocator:
    """Open an issue's page, wait until mail and pictures can be seen, and return the frame."""
    page.goto(preview.origin + path)
    page.wait_for_selector("html[data-painted]", state="attached")
    wait_until(lambda: page.evaluate(_HAS_PICTURES))
    return page.frame_locator("#frame")


@contextmanager
def changing(preview: Preview, *names: str) -> Iterator[list[Path]]:
    """Let files be changed; afterwards they are as before, and the preview has seen it."""
    paths = [preview.site.root / name for name in names]
    before = [path.read_bytes() for path in paths]
    shown = _mails(preview)
    try:
        yield paths
    finally:
        for path, data in zip(paths, before, strict=True):
            path.write_bytes(data)
        wait_until(lambda: _mails(preview) == shown)


def scroll(page: Page, to: int | None = None) -> int:
    """Scroll the mail, or tell how far it is."""
    where: float = page.evaluate(
        """to => {
            const view = document.getElementById("frame").contentWindow;
            if (to !== null) view.scrollTo({top: to, behavior: "instant"});
            return view.scrollY;
        }""",
        to,
    )
    return round(where)


def look_with_axe(page: Page) -> list[str]:
    """Return what axe-core finds, what it cannot decide about colours included.

    Leave out texts of which a part is scrolled away: their colours were looked at elsewhere.
    """
    found = Axe().run(page).response
    unsure = [
        {**violation, "nodes": [node for node in violation["nodes"] if not _is_cut(node)]}
        for violation in found["incomplete"]
        if violation["id"] == "color-contrast"
    ]
    return [
        f"{violation['id']}: {[node['html'][:160] for node in violation['nodes']]}"
        for violation in [*found["violations"], *unsure]
        if violation["nodes"]
    ]


def _mails(preview: Preview) -> list[str]:
    """Return what every file of the shared newsletter is turned into."""
    return [preview.ask(f"{path}/mail")[2] for path in (SAMPLE, DECEMBER)] + [
        preview.ask(f"{DECEMBER}/mail?reader=sv:empty")[2]
    ]


def _is_cut(node: dict[str, Any]) -> bool:
    return any(
        (check["data"] or {}).get("messageKey") == "elmPartiallyObscured" for check in node["any"]
    )
