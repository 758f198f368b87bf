"""The sample issue as a reader sees it: every width, in the dark, without pictures, by axe-core."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.chromium import Scheme, open_mail
from tests.conftest import Site, make_sample
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The sample newsletter, both its issues built."""
    site = make_sample(tmp_path_factory.mktemp("mail") / "sample")
    for issue in ("2021-05", "2021-06"):
        site.run("build", issue, "--out", str(site.root / "out"))
    return site


@pytest.fixture
def mail(sample: Site) -> Path:
    """The built page of the sample issue."""
    return sample.root / "out" / "2021-06.html"


@pytest.mark.parametrize("issue", ["2021-05", "2021-06"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_axe_core_finds_nothing(
    browser: Browser, sample: Site, issue: str, scheme: Scheme, width: int
) -> None:
    page = open_mail(browser, sample.root / "out" / f"{issue}.html", width=width, scheme=scheme)

    found = Axe().run(page).response

    assert [_named(violation) for violation in found["violations"]] == []
    unsure = [v for v in found["incomplete"] if v["id"] == "color-contrast"]
    assert [_named(violation) for violation in unsure] == []


def test_every_block_passes_axe_core(browser: Browser, site: Site) -> None:
    site.write("issues/2026-06.md", _EVERY_BLOCK)
    site.run("build", "2026-06", "--out", str(site.root / "out"))

    schemes: tuple[Scheme, ...] = ("light", "dark")
    for scheme in schemes:
        page = open_mail(browser, site.root / "out/2026-06.html", width=600, scheme=scheme)
        found = Axe().run(page).response
        assert [_named(violation) for violation in found["violations"]] == []


@pytest.mark.parametrize("width", [320, 360, 600, 1200])
def test_nothing_is_wider_than_the_screen(browser: Browser, mail: Path, width: int) -> None:
    page = open_mail(browser, mail, width=width)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ground_follows_the_readers_colour_scheme(
    browser: Browser, mail: Path, scheme: Scheme
) -> None:
    page = open_mail(browser, mail, width=600, scheme=scheme)

    brightness = page.evaluate(
        """() => Math.max(...getComputedStyle(document.querySelector('.card'))
            .backgroundColor.match(/\\d+/g).slice(0, 3).map(Number))"""
    )
    assert (brightness < 60) == (scheme == "dark")


def test_body_text_is_at_least_16_pixels(browser: Browser, mail: Path) -> None:
    page = open_mail(browser, mail, width=360)

    sizes = page.evaluate(
        """() => [...document.querySelectorAll('.prose p, .prose li, .data td')]
            .filter(e => !e.closest('.footnotes'))
            .map(e => parseFloat(getComputedStyle(e).fontSize))"""
    )
    assert min(sizes) >= 16


def test_without_pictures_their_words_stand_in_their_place(browser: Browser, mail: Path) -> None:
    page = open_mail(browser, mail, width=600, pictures=False)

    image = page.locator("img[alt^='Palkkikaavio']")
    assert image.evaluate("e => e.naturalWidth") == 0
    assert image.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 16
    assert page.locator("text=Peruuta tilaus").is_visible()


def test_the_table_of_contents_leads_to_its_sections(browser: Browser, mail: Path) -> None:
    page = open_mail(browser, mail, width=600)
    page.click("text=Tervetuloa syksyn teemapäiville >> nth=0")

    wait_until(lambda: page.evaluate("window.scrollY") > 1000)


def _named(violation: dict[str, Any]) -> str:
    nodes = [node["html"][:120] for node in violation["nodes"]]
    return f"{violation['id']}: {nodes}"


_EVERY_BLOCK = """\
---
subject: "Kaikki lohkot"
preheader: "Jokainen lohko kerran, jotta jokainen tulee myös tarkistetuksi kerran."
date: 2026-06-15
number: 6
---
Hei! Tässä on `koodia`, ~~poistettua~~, **lihavaa** ja <small>pientä</small> tekstiä.[^1]

## Ensimmäinen

> Lainaus toisesta kirjeestä.

1. yksi
   - sisällä
2. kaksi

```
koodia = 1
```

::: quote
Hyvä esimerkki rohkaisee.

— Aino Aalto, työhönvalmentaja
:::

## Toinen

::: columns
### Vasen

Tekstiä.

---

### Oikea

::: button https://www.example.org/b
Toinen painike
:::
:::

## Kolmas

::: box
### Laatikko

| Mitä | Paljonko |
| --- | ---: |
| [Linkki](https://www.example.org/taulukko) | 12 |
:::

::: divider

## Neljäs

::: button https://www.example.org/a
Painike
:::

[^1]: Alaviite, jossa on [linkki](https://www.example.org/alaviite).
"""
