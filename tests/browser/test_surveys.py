"""A member answers the yearly survey from the mail, by keyboard, page by page, once."""

import email
import json
import re
from collections.abc import Callable, Iterator
from email.policy import default
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.public.people import House, house_at, links_in
from tests.waiting import wait_until

SURVEY = """\
---
title: Verkoston kysely
kind: anonymous
---

# Työsi

## Missä työskentelet? * {#paikka}

- ( ) Kunnassa {#kunta}
- ( ) Muualla, missä: ____ {#muu}

# Uutiskirje

## Kuinka hyödyllinen se on? {#hyoty}

1 en lainkaan ... 5 erittäin

## Mitä mieltä olet? {#vaite}

|                             | eri mieltä {#eri} | samaa mieltä {#samaa} |
|-----------------------------|:-:|:-:|
| Rakenne on mielekäs {#rak}  |   |   |

## Mitä toivot? {#toive}

____
____
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_at(tmp_path / "site", listed="aino@example.org,fi\n") as served:
        yield served


def judge(page: Page) -> None:
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert [v["id"] for v in found.response["violations"] if v["impact"] != "minor"] == []


def choose(page: Page, name: str) -> None:
    """Tab to a radio button and press space."""
    wanted = page.get_by_role("radio", name=name).first
    for _ in range(60):
        page.keyboard.press("Tab")
        group = wanted.evaluate("c => document.activeElement.name === c.name")
        if group:
            page.keyboard.press("Space")
            for _ in range(8):
                if wanted.is_checked():
                    return
                page.keyboard.press("ArrowDown")
    raise AssertionError(f"no Tab leads to “{name}”")


def press(page: Page, name: str) -> None:
    """Tab to a button and press Enter."""
    wanted = page.get_by_role("button", name=name, exact=True).first
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("c => c === document.activeElement"):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"no Tab leads to “{name}”")


def test_a_member_answers_once_from_their_mail_and_nothing_tells_what(
    house: House, open_window: Callable[..., Page]
) -> None:
    house.site.write("surveys/kysely.md", SURVEY)
    house.site.run("surveys", "open", "kysely", "--yes")
    house.site.run("surveys", "invite", "kysely", "--yes")
    wait_until(lambda: list((house.site.root / "outbox").glob("notice-invitation-*/*.eml")))
    [file] = (house.site.root / "outbox").glob("notice-invitation-*/*.eml")
    invitation = email.message_from_bytes(file.read_bytes(), policy=default)
    link = next(url for url in links_in(invitation) if "/surveys/" in url)
    parts = urlsplit(link)
    page = open_window(viewport={"width": 360, "height": 700}, color_scheme="dark", bypass_csp=True)

    page.goto(f"http://127.0.0.1:{house.port}{parts.path}?{parts.query}")
    judge(page)
    choose(page, "Muualla, missä")
    press(page, "Seuraava sivu")
    expect(page.get_by_role("heading", name="Uutiskirje").first).to_be_visible()
    judge(page)
    choose(page, "5")
    choose(page, "samaa mieltä")
    press(page, "Lähetä vastaukset")
    expect(page.get_by_role("heading", name=re.compile("Kiitos"))).to_be_visible()
    judge(page)

    page.goto(f"http://127.0.0.1:{house.port}{parts.path}?{parts.query}")
    expect(page.get_by_role("radio")).to_have_count(0)
    [listed] = json.loads(house.site.run("surveys", "list", "--json").stdout)["surveys"]
    assert listed["answers"] == 1
