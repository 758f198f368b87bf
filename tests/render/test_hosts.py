"""Wherever a link stands, its host is in ASCII, in HTML and in text; the words stay as written."""

import re
from pathlib import Path

import pytest
from PIL import Image

from newsletter.model import Edition
from tests.render.newsletters import read_body, render_issue
from tests.render.sites import page, rendered, with_template

FRONT = """subject: Kysely
date: 2026-12-15
events:
  paiva:
    title: Teemapäivä
    start: 2026-12-20 09:00
    url: https://työ.fi/ilmo
    online: https://työ.fi/etä"""

BODY = """\
[sanoja](https://työ.fi/sivu) ja <https://työ.fi/paljas> ja [posti](mailto:a@työ.fi)

<p><a href="https://työ.fi/raaka">raaka</a> <img src="https://työ.fi/raaka.png" alt="kuva"></p>

[![kuva](a.png)](https://työ.fi/kuva)

::: button https://työ.fi/nappi
Nappi
:::

::: event paiva
:::

| a |
|---|
| [taulukko](https://työ.fi/taulukko) |

::: person a.png
Aino

a@työ.fi, [sivu](https://työ.fi/aino)
:::

::: box
[laatikko](https://työ.fi/laatikko)
:::
"""


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    """An issue with a link in every place."""
    (tmp_path / "issues").mkdir()
    Image.new("RGB", (4, 4)).save(tmp_path / "issues" / "a.png")
    return render_issue(tmp_path, read_body(tmp_path, BODY, front=FRONT))


def test_every_address_of_the_page_has_an_ascii_host(edition: Edition) -> None:
    found = re.findall(r'(?:href|src)="((?:https?:|mailto:)[^"]*)"', edition.html)
    hosts = {re.split(r"[/?]", url.split("//")[-1].split("@")[-1])[0] for url in found}

    assert {"xn--ty-gka.fi"} <= hosts
    assert hosts <= {"xn--ty-gka.fi", "example.org"}
    assert len([url for url in found if "xn--ty-gka.fi" in url]) >= 10


def test_every_address_of_the_text_has_an_ascii_host(edition: Edition) -> None:
    for path in ("sivu", "raaka", "kuva", "nappi", "ilmo", "taulukko", "aino", "laatikko"):
        assert f"https://xn--ty-gka.fi/{path}" in edition.text, path
    assert "mailto:a@xn--ty-gka.fi" in edition.text


def test_what_is_shown_stays_readable(edition: Edition) -> None:
    assert "https://työ.fi/paljas" in edition.html
    assert "https://työ.fi/paljas" in edition.text


def test_links_of_templates_have_ascii_hosts(tmp_path: Path) -> None:
    with_template(
        tmp_path,
        "default.mjml",
        page(
            '<mj-text><a href="https://työ.fi/malli">a</a></mj-text>'
            '<mj-button href="//ö.fi">b</mj-button>'
        ),
    )

    html = rendered(tmp_path).html

    assert 'href="https://xn--ty-gka.fi/malli"' in html
    assert 'href="//xn--nda.fi"' in html
