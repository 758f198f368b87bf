"""The preview of an issue that was sent: its figures beside it, its clicks on the very mail."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from newsletter.ledger import open_ledger
from tests.browser.afterwards import COURSES, ISSUE, MAILED, issue_is_read, mailed_site
from tests.browser.previewed import look_with_axe, open_page
from tests.conftest import LEDGER, Site
from tests.previewing import Preview, previewing

PATH = f"/issues/{MAILED}"
LAYER = "#preview-heat"


@pytest.fixture
def sent(tmp_path: Path) -> Iterator[Preview]:
    """A preview of an issue that 60 readers got, and some read."""
    with mailed_site(tmp_path / "mailed") as site, previewing(site) as preview:
        issue_is_read(site)
        yield preview


def chips(mail: FrameLocator) -> list[str]:
    texts = mail.locator(f"{LAYER} span:not(:empty)").all_inner_texts()
    return [text.replace("\xa0", " ") for text in texts]


def counted(site: Site) -> list[int]:
    """Return how many rows of opens and clicks there are."""
    ledger = open_ledger(site.root / LEDGER)
    with ledger.read() as connection:
        tables = ("hits", "visits", "readers")
        counts = [connection.exec_driver_sql(f"SELECT COUNT(*) FROM {t}").scalar() for t in tables]  # noqa: S608
    ledger.close()
    return [int(count or 0) for count in counts]


def test_the_editor_reads_the_figures_and_sees_the_clicks_on_the_mail_that_was_sent(
    page: Page, sent: Preview
) -> None:
    site = sent.site
    before = counted(site)

    page.goto(sent.origin + "/")
    row = page.locator(f"[data-issue='{MAILED}'] .figures")
    expect(row).to_contain_text(re.compile(r"Vastaanottajia\s*60.*Avattu\s*9–46\s%"))
    assert look_with_axe(page) == []

    mail = open_page(page, sent, PATH)
    panel = page.get_by_role("complementary", name="Luvut")
    expect(panel).to_contain_text("Lukijoista (60) kirjeen avasi 9–46 %.")
    expect(panel).to_contain_text(
        re.compile(r"Klikkasi linkkiä\s*9\s*todennäköisesti ihmisiä; 8–26\s%")
    )
    expect(mail.locator(LAYER)).to_have_count(0)
    assert look_with_axe(page) == []

    page.keyboard.press("n")
    expect(panel).to_be_focused()
    page.keyboard.press("l")
    expect(mail.locator(LAYER)).to_be_attached()
    assert chips(mail) == ["9 · 15 %", "9 lukijaa, 15 %", "3 · 5,0 %", "0 · 0 %"]
    expect(panel.locator(".ends")).to_have_text(re.compile(r"0\s*9"))  # of the bar of colours
    listed = panel.locator("#links li")
    expect(listed).to_have_count(3)
    expect(listed.first).to_contain_text(re.compile("useassa kohdassa.*kohtia: 2"))
    assert page.locator("#frame").get_attribute("sandbox") == "allow-same-origin"
    assert look_with_axe(page) == []

    # The file goes on; the clicks stay on the mail that was sent.
    site.write(f"issues/{MAILED}.md", ISSUE.replace("Koulutukset", "Kurssit").replace(COURSES, "#"))
    expect(panel.locator("#sent-mail")).to_be_visible()
    expect(mail.get_by_role("heading", name="Koulutukset", exact=True)).to_be_attached()
    listed.nth(1).get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(mail.locator(f"a[href='{COURSES}']")).to_be_in_viewport()
    page.keyboard.press("l")
    expect(mail.get_by_role("heading", name="Kurssit", exact=True)).to_be_attached()
    expect(mail.locator(LAYER)).to_have_count(0)

    assert counted(site) == before  # nobody's looking counts


def test_panel_and_layer_fit_every_window_in_light_and_dark(
    open_window: Callable[..., Page], sent: Preview
) -> None:
    for width, scheme in ((360, "light"), (768, "dark"), (1200, "dark")):
        page = open_window(viewport={"width": width, "height": 800}, color_scheme=scheme)
        mail = open_page(page, sent, f"{PATH}?as=sent&scheme={scheme}")

        expect(mail.locator(LAYER)).to_be_attached()
        expect(page.locator("#links li")).to_have_count(3)
        assert look_with_axe(page) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        inner = page.evaluate(
            """() => document.getElementById("frame").contentDocument.documentElement.scrollWidth"""
        )
        assert inner <= page.locator("#frame").evaluate("frame => frame.clientWidth")


def test_an_issue_that_nobody_was_mailed_has_neither(page: Page, site: Site) -> None:
    with previewing(site) as preview:
        with page.expect_response("**/figures"):
            mail = open_page(page, preview, "/issues/2026-06?as=sent")

        expect(mail.get_by_text("Kesä on täällä")).to_be_attached()
        expect(page.locator("#figures")).to_be_hidden()
        expect(page.get_by_label("Klikkaukset")).to_be_hidden()
        page.keyboard.press("l")
        expect(mail.locator(LAYER)).to_have_count(0)
        expect(page).not_to_have_url(re.compile("as=sent"))
