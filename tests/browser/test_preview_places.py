"""The preview in a real browser: it leads to every place, compares, sends, and needs no mouse."""

import http.client
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.chromium import Scheme
from tests.browser.previewed import (
    DECEMBER,
    FAULTY,
    SAMPLE,
    SWEDISH,
    changing,
    look_with_axe,
    open_page,
)
from tests.conftest import Site, StartProvider
from tests.previewing import Preview, previewing
from tests.waiting import PATIENCE, wait_until

# --- findings and places ------------------------------------------------------------------


def test_findings_lead_to_their_place_in_the_mail_and_in_the_file(
    page: Page, preview: Preview
) -> None:
    mail = open_page(page, preview, DECEMBER)
    findings = page.locator("#list:not(.old) .finding")
    expect(findings.first).to_have_class("finding error")
    kinds = [item.get_attribute("class") or "" for item in findings.all()]
    order = ["error", "warning", "note"]
    assert kinds == sorted(kinds, key=lambda kind: order.index(kind.split()[1]))
    expect(page.locator("#rest summary", has_text="Kunnossa")).to_have_text(re.compile(r"\d+"))
    expect(page.locator("#rest details[open]")).to_have_count(0)

    finding = findings.filter(has_text="kenellekään tilaajalle ei ole tallennettu tietoa ”nimi”")
    finding.get_by_role("button").click()

    line = FAULTY.split("{{ nimi", maxsplit=1)[0].count("\n") + 1
    expect(finding).to_contain_text(f"2026-12.md:{line}")
    expect(finding.get_by_role("link")).to_have_attribute(
        "href", f"vscode://file{preview.site.root}/issues/2026-12.md:{line}:1"
    )
    mark = mail.locator("#preview-mark")
    expect(mark).to_be_in_viewport()
    place = mail.get_by_text("Hyvää joulua").bounding_box()
    box = mark.bounding_box()
    assert box
    assert place
    assert box["y"] <= place["y"]
    assert place["y"] + place["height"] <= box["y"] + box["height"] + 1


def test_a_click_in_the_mail_tells_its_line(page: Page, preview: Preview) -> None:
    mail = open_page(page, preview, SAMPLE)
    lines = (preview.site.root / "issues/2021-06.md").read_text(encoding="utf-8").splitlines()

    mail.get_by_text("Eikö omalla alueellasi").click()
    number = next(n for n, text in enumerate(lines, 1) if text.startswith("Eikö omalla"))
    expect(page.locator("#here")).to_contain_text(f"issues/2021-06.md:{number}")

    mail.get_by_text("Peruuta tilaus").click()
    expect(page.locator("#here")).to_contain_text("mallipohjasta")


def test_links_of_a_mail_open_only_on_purpose(page: Page, preview: Preview) -> None:
    mail = open_page(page, preview, SAMPLE)

    mail.get_by_role("link", name="uutiskirjeen tilaamisesta").click()

    link = page.locator("#here a.out")
    expect(link).to_have_attribute("href", "https://www.example.org/uutiskirje")
    expect(link).to_have_attribute("target", "_blank")
    assert page.url == preview.origin + SAMPLE
    expect(mail.get_by_text("uutiskirjeen tilaamisesta")).to_be_attached()


def test_findings_of_another_language_show_that_mail(page: Page, preview: Preview) -> None:
    with changing(preview, "issues/2026-12.sv.md") as (path,):
        path.write_text(SWEDISH + "\nHej {{ namn }}!\n", encoding="utf-8")
        mail = open_page(page, preview, DECEMBER)
        page.locator("#list .finding", has_text="”namn”").get_by_role("button").click()
        expect(mail.locator("html")).to_have_attribute("lang", "sv")
        expect(mail.locator("#preview-mark")).to_be_attached()


def test_a_chosen_finding_is_still_chosen_after_the_next_check(
    page: Page, preview: Preview
) -> None:
    mail = open_page(page, preview, DECEMBER)
    findings = page.locator("#list:not(.old) .finding")
    expect(findings.first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    known = page.locator("#list").evaluate_handle("list => list.firstChild")

    with changing(preview, "issues/2026-12.md") as (path,):
        path.write_text(FAULTY.replace("Kuulumisia", "Uutisia"), encoding="utf-8")
        expect(mail.get_by_text("Uutisia")).to_be_attached()
        wait_until(lambda: not known.evaluate("finding => finding.isConnected"))

        expect(findings.nth(1).get_by_role("button")).to_be_focused()
        expect(findings.nth(1).get_by_role("button")).to_have_attribute("aria-expanded", "true")


# --- comparing ----------------------------------------------------------------------------


def _painted(page: Page, frame: str) -> list[int]:
    counts: list[int] = page.evaluate(
        """id => ["repeated-text", "repeated-link"].map(name =>
            document.getElementById(id).contentWindow.CSS.highlights.get(name).size)""",
        frame,
    )
    return counts


def test_what_is_left_of_an_earlier_issue_is_marked_in_both(page: Page, preview: Preview) -> None:
    page.goto(f"{preview.origin}{DECEMBER}/compare?with=2021-06")

    items = page.locator("#list li")
    expect(items).to_have_count(2)
    expect(items.nth(0)).to_contain_text("Teemapäiviä järjestetään 3–4 kertaa vuodessa")
    expect(items.nth(0)).to_contain_text("issues/2026-12.md:10")
    expect(items.nth(1)).to_contain_text("https://www.example.org/teemapaivat")
    assert _painted(page, "first") == [1, 1]
    assert _painted(page, "second") == [1, 1]

    items.nth(0).get_by_role("button").first.click()
    second = page.frame_locator("#second")
    expect(second.get_by_text("Teemapäiviä järjestetään")).to_be_in_viewport()


def test_languages_stand_side_by_side_and_scroll_together(page: Page, preview: Preview) -> None:
    page.goto(f"{preview.origin}{DECEMBER}/compare?with=language:sv")

    expect(page.locator("#second-title")).to_contain_text("ruotsi")
    expect(page.frame_locator("#second").get_by_text("Hej Åke")).to_be_attached()
    expect(page.locator("#list li")).to_have_count(1)  # a paragraph that nobody translated

    page.get_by_label("vertailukohta").select_option("2021-06")
    expect(page.locator("#second-title")).to_contain_text("Kysely 2021")
    page.locator("#first").hover()
    page.mouse.wheel(0, 300)
    scrolled = "id => document.getElementById(id).contentWindow.scrollY"
    wait_until(lambda: page.evaluate(scrolled, "first") > 0)
    wait_until(lambda: page.evaluate(scrolled, "second") > 0)


# --- the list, and sending a test ---------------------------------------------------------


def test_the_list_tells_what_was_only_rehearsed(page: Page, site: Site) -> None:
    site.people(3)
    site.run("send", "2026-06", "--yes")
    with previewing(site) as preview:
        page.goto(preview.origin + "/")

        expect(page.locator("[data-issue='2026-06'] .state")).to_have_text("Harjoiteltu")
        expect(page.locator("[data-issue='2026-06'] .figures")).to_have_count(0)


def test_the_list_tells_state_figures_and_weight(
    page: Page, site: Site, start_provider: StartProvider
) -> None:
    start_provider(site, "brevo")
    site.people(3)
    site.run("send", "2026-06", "--yes")
    later = (site.root / "issues/2026-06.md").read_text(encoding="utf-8")
    later = later.replace("2026-06-15", "2026-07-15").replace("Kesäkuun", "Heinäkuun")
    site.write("issues/2026-07.md", later.replace("number: 6", "number: 7"))
    with previewing(site) as preview:
        page.goto(preview.origin + "/")
        page.wait_for_selector("html[data-weighed]", state="attached")

        items = page.locator(".issues > li")
        assert [i.get_attribute("data-issue") for i in items.all()] == ["2026-07", "2026-06"]
        expect(items.nth(0).locator(".state")).to_have_text("Luonnos")
        expect(items.nth(1).locator(".state")).to_have_text("Lähetetty")
        expect(items.nth(1).locator(".figures")).to_contain_text(re.compile(r"Vastaanottajia\s*3"))
        expect(items.nth(0).locator(".weight")).to_contain_text("/ 102 kB")

        items.nth(0).get_by_role("link").click()
        expect(page.locator("#subject")).to_have_text("Heinäkuun kirje")
        page.go_back()
        # Its checks may go on by themselves, and the list is told when they end.
        expect(page.locator("[data-issue='2026-07'] .state")).to_have_text("Tarkistettu")

        site.write("issues/2026-08.md", later.replace("2026-07-15", "2026-08-15"))
        expect(page.locator("[data-issue='2026-08']")).to_be_visible()


def test_the_list_tells_its_figures_when_a_lost_connection_is_back(
    page: Page, site: Site, start_provider: StartProvider
) -> None:
    start_provider(site, "brevo")
    site.people(3)
    site.run("send", "2026-06", "--yes")
    with previewing(site) as preview:
        for asked in ("**/shelf", "**/figures", "**/weight"):
            page.route(asked, lambda route: route.abort())
        with page.expect_event("requestfailed", lambda asked: "/weight" in asked.url):
            page.goto(preview.origin + "/")
        expect(page.locator(".figures")).not_to_contain_text("Vastaanottajia")

        page.unroute_all()
        june = site.root / "issues/2026-06.md"
        june.write_text(june.read_text(encoding="utf-8") + "\nLisää.\n", encoding="utf-8")

        expect(page.locator(".figures")).to_contain_text("Vastaanottajia")
        page.wait_for_selector("html[data-weighed]", state="attached")


def test_the_list_misses_no_check_that_ends_while_it_opens(page: Page, site: Site) -> None:
    with previewing(site) as preview:

        def wait_for_the_check(route: Route) -> None:
            """Keep the page from listening until what it shows is old."""
            issue = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=PATIENCE)
            issue.request("GET", "/issues/2026-06/events")
            wait_until(lambda: json.loads(preview.ask("/shelf")[2])["2026-06"] == "checked")
            issue.close()
            route.continue_()

        page.route("**/static/shelf.js", wait_for_the_check)
        page.goto(preview.origin + "/")

        expect(page.locator("[data-issue='2026-06'] .state")).to_have_text("Tarkistettu")


def test_a_test_is_sent_from_the_page(page: Page, preview: Preview) -> None:
    open_page(page, preview, SAMPLE)

    page.keyboard.press("x")
    expect(page.locator("#test-reader")).to_have_text(
        page.locator("#reader option:checked").inner_text()
    )
    page.get_by_role("checkbox", name="uutiskirje@example.org").check()
    page.get_by_role("button", name="Lähetä nyt").click()

    expect(page.locator("#test-outcome")).to_have_text("Lähetetty. Kirjeitä: 2")
    files = {file.stem for file in (preview.site.root / "outbox").rglob("*.eml")}
    assert files == {"toimitus@example.org", "uutiskirje@example.org"}
    assert json.loads(preview.site.run("stats", "--json").stdout) == []


def test_a_faulty_issue_is_not_sent_and_the_page_says_why(page: Page, preview: Preview) -> None:
    open_page(page, preview, DECEMBER)

    page.keyboard.press("x")
    page.get_by_role("button", name="Lähetä nyt").click()

    expect(page.locator("#test-outcome")).to_contain_text("Mitään ei lähetetty.")
    expect(page.locator("#test-outcome")).to_contain_text(
        "kenellekään tilaajalle ei ole tallennettu tietoa ”nimi”"
    )


# --- for everybody ------------------------------------------------------------------------


def test_the_main_path_needs_no_mouse(page: Page, preview: Preview) -> None:
    """From the list to an issue, through its findings and views, to a test that was sent."""
    page.goto(preview.origin + "/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Kysely 2021")).not_to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("link", name="Kysely 2021")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-painted]", state="attached")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Siirry kirjeeseen")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#mail")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Pikanäppäimet")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    expect(page).to_have_url(re.compile("/grid$"))
    page.go_back()
    page.wait_for_selector("html[data-painted]", state="attached")
    page.keyboard.press("x")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#test-outcome")).to_contain_text("Kirjeitä: 1")
    page.keyboard.press("Escape")

    page.goto(preview.origin + DECEMBER)
    expect(page.locator("#list:not(.old) .finding").first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("#list .finding").nth(1).get_by_role("button")
    expect(second).to_be_focused()
    expect(second).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("k")
    expect(page.locator("#list .finding").first.get_by_role("button")).to_be_focused()


_PAGES = {  # address, and what is there when all of it is
    "list": ("/", "html[data-weighed]"),
    "issue": (DECEMBER, "#list:not(.old) .finding"),
    "inbox": (f"{DECEMBER}?show=inbox", "#inbox .row"),
    "text": (f"{SAMPLE}?show=text", "#text:not(:empty)"),
    "source": (f"{SAMPLE}?show=source", "#source li"),
    "headers": (f"{SAMPLE}?show=headers", "#raw:not(:empty)"),
    "grid": (f"{DECEMBER}/grid", "#rows tr"),
    "compare": (f"{DECEMBER}/compare?with=2021-06", "#list li"),
    "missing": ("/issues/none", "h1"),
}


@pytest.mark.parametrize(("scheme", "width"), [("light", 420), ("light", 1280), ("dark", 1280)])
def test_axe_core_finds_nothing(
    open_window: Callable[..., Page], preview: Preview, scheme: Scheme, width: int
) -> None:
    page = open_window(color_scheme=scheme, viewport={"width": width, "height": 800})
    for name, (path, sign) in _PAGES.items():
        answer = page.goto(preview.origin + path)
        assert answer, name
        assert answer.status == (404 if name == "missing" else 200), answer.text()
        page.wait_for_selector(sign, state="attached")
        assert look_with_axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_core_finds_nothing_in_dialogs_and_faults(
    open_window: Callable[..., Page], preview: Preview, sample: Path, scheme: Scheme
) -> None:
    page = open_window(color_scheme=scheme)
    open_page(page, preview, DECEMBER)
    expect(page.locator("#list:not(.old) .finding").first).to_be_visible()
    page.keyboard.press("j")
    assert look_with_axe(page) == []
    for key in ("?", "f", "x"):
        page.keyboard.press(key)
        if key == "f":
            page.keyboard.type("virta")
            expect(page.locator("#found li").first).to_be_visible()
        if key == "x":
            page.keyboard.press("Tab")
            page.get_by_role("button", name="Lähetä nyt").click()
            expect(page.locator("#test-outcome.bad")).to_be_visible()
        assert look_with_axe(page) == [], key
        page.keyboard.press("Escape")
    open_page(page, preview, SAMPLE)
    sample.write_text(sample.read_text(encoding="utf-8") + "\n::: oops\n", encoding="utf-8")
    expect(page.locator("#fault")).to_be_visible()
    assert look_with_axe(page) == []


def test_the_page_speaks_the_newsletters_language(page: Page, preview: Preview) -> None:
    open_page(page, preview, SAMPLE)
    with changing(preview, "newsletter.toml") as (settings,):
        before = settings.read_text(encoding="utf-8")
        for tag, spoken, words in (  # none has the words of the one before it
            ("de", "en", "Send a test"),  # which it does not speak
            ("sv-FI", "sv", "Skicka ett testbrev"),
            ("en", "en", "Send a test"),
        ):
            changed = before.replace('language = "fi"', f'language = "{tag}"')
            settings.write_text(changed, encoding="utf-8")
            expect(page.get_by_role("button", name=words, exact=True)).to_be_visible()
            expect(page.locator("html")).to_have_attribute("lang", spoken)
    expect(page.get_by_role("button", name="Lähetä koekirje", exact=True)).to_be_visible()


def test_a_narrow_window_begins_with_the_mail(page: Page, preview: Preview) -> None:
    page.set_viewport_size({"width": 420, "height": 800})
    open_page(page, preview, SAMPLE)
    controls = page.get_by_role("form", name="Näkymä")
    expect(controls).to_be_hidden()

    page.get_by_role("button", name="Näkymä").click()

    expect(controls).to_be_visible()


@pytest.mark.parametrize("width", [1024, 1200, 1280])
def test_the_advice_below_the_mail_is_whole(page: Page, preview: Preview, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_page(page, preview, SAMPLE)
    expect(page.locator("#weight")).not_to_be_empty()

    advice = page.get_by_text("Napsauta kohtaa, niin näet sen rivin.")

    assert advice.evaluate("it => it.scrollWidth <= it.clientWidth")
    assert advice.evaluate("it => it.scrollHeight <= it.clientHeight")


def test_on_a_phone_the_mail_is_as_wide_as_the_phone(page: Page, preview: Preview) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    open_page(page, preview, SAMPLE)

    box = page.locator("#frame").bounding_box()

    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_nothing_is_asked_of_anybody_else(page: Page, preview: Preview) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    for name, (path, sign) in _PAGES.items():
        if name != "missing":  # the browser itself says that it is not there
            page.goto(preview.origin + path)
            page.wait_for_selector(sign, state="attached")

    assert {url for url in asked if not url.startswith((preview.origin, "data:"))} == set()
    assert said == []
