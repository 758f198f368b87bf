"""The preview in a real browser: every finding and every fault is told, and in one language."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.previewed import DECEMBER, FAULTY, changing, open_page
from tests.conftest import ISSUE, Site
from tests.previewing import Preview, previewing
from tests.waiting import wait_until

_EQUALS = "\n(kirjoita tähän yksi)\n\n(kirjoita tähän kaksi)\n\n(kirjoita tähän kolme)\n"
_BROKEN = FAULTY + "\n::: oops\n"
_LAST_GOOD = "Alla on viimeinen toimiva versio."


# --- findings -----------------------------------------------------------------------------


def test_findings_with_the_same_words_open_one_by_one(page: Page, preview: Preview) -> None:
    with changing(preview, "issues/2026-12.md") as (path,):
        path.write_text(FAULTY + _EQUALS, encoding="utf-8")
        open_page(page, preview, DECEMBER)
        equals = page.locator("#list:not(.old) .finding", has_text="(kirjoita tähän")
        expect(equals).to_have_count(3)

        equals.nth(0).get_by_role("button").click()
        _expect_open(page, equals.nth(0))
        page.keyboard.press("j")
        _expect_open(page, equals.nth(1))
        page.keyboard.press("j")
        _expect_open(page, equals.nth(2))
        page.keyboard.press("k")
        _expect_open(page, equals.nth(1))


def test_one_of_several_equal_findings_stays_open_when_lines_move(
    page: Page, preview: Preview
) -> None:
    with changing(preview, "issues/2026-12.md") as (path,):
        path.write_text(FAULTY + _EQUALS, encoding="utf-8")
        mail = open_page(page, preview, DECEMBER)
        equals = page.locator("#list:not(.old) .finding", has_text="(kirjoita tähän")
        expect(equals).to_have_count(3)
        equals.nth(1).get_by_role("button").click()

        moved = FAULTY.replace("## Kuulumisia", "Uusi kappale.\n\n## Kuulumisia") + _EQUALS
        path.write_text(moved, encoding="utf-8")

        line = moved.split("(kirjoita tähän kaksi)")[0].count("\n") + 1
        expect(equals.nth(1)).to_contain_text(f"2026-12.md:{line}")
        _expect_open(page, equals.nth(1))
        expect(page.locator("#here")).to_contain_text(f"2026-12.md:{line}")
        mark = mail.locator("#preview-mark").bounding_box()
        words = mail.get_by_text("(kirjoita tähän kaksi)").bounding_box()
        assert mark
        assert words
        assert mark["y"] <= words["y"] <= mark["y"] + mark["height"]


def _expect_open(page: Page, finding: Locator) -> None:
    """Expect that a finding is open, and no other."""
    expect(finding.get_by_role("button").first).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#list [aria-expanded=true]")).to_have_count(1)


def test_what_is_copied_or_read_as_one_word_stays_on_its_line(page: Page, preview: Preview) -> None:
    page.goto(f"{preview.origin}/issues/none")
    text = (
        "Katso {{ nimi }} ja 2026-12-15: e-postöppning, 2026-12.md:14, issues/2026-12/kuva.png, "
        "issues/2026-12/an-endless-name-of-a-picture.png, https://www.example.org/a/b-c."
    )

    found = page.evaluate(
        """async ([origin, text]) => {
            const { kept } = await import(origin + "/static/words.js");
            const parts = kept(text);
            return [parts.filter((part) => part.className === "keep").map((e) => e.textContent),
                parts.map((part) => part.textContent ?? part).join("")];
        }""",
        [preview.origin, text],
    )

    short = [
        "{{ nimi }}",
        "2026-12-15",
        "e-postöppning",
        "2026-12.md:14",
        "issues/2026-12/kuva.png",
    ]
    assert found == [short, text]


def test_a_copied_place_is_confirmed_where_it_was_asked_for(page: Page, site: Site) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    site.write("issues/2026-12.md", ISSUE + _EQUALS)
    with previewing(site) as preview:
        open_page(page, preview, DECEMBER)
        expect(page.locator("#list:not(.old) .finding").first).to_be_visible()
        page.keyboard.press("j")
        button = page.locator("#list .open:visible")
        expect(button).to_have_text("Kopioi tiedostonimi ja rivi")

        button.click()

        expect(button).to_have_text("Kopioitu")
        expect(page.locator("#status")).to_have_text(re.compile(r"Kopioitu: issues/2026-12\.md"))
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("issues/2026-12.md")
        expect(button).to_have_text("Kopioi tiedostonimi ja rivi")


# --- faults -------------------------------------------------------------------------------


def test_a_grid_that_opens_on_a_broken_issue_says_why_it_is_empty(
    page: Page, preview: Preview
) -> None:
    with changing(preview, "issues/2026-12.md") as (path,):
        _break(preview, path)

        with page.expect_response("**/readers"):
            page.goto(f"{preview.origin}{DECEMBER}/grid")

        bar = page.locator("#fault")
        page.wait_for_timeout(200)  # whatever else is on its way
        expect(bar).to_contain_text("oops")
        expect(bar).not_to_contain_text(_LAST_GOOD)
        path.write_text(FAULTY, encoding="utf-8")
        expect(bar).to_be_hidden()
        expect(page.locator("#rows tr")).to_have_count(9)

        path.write_text(_BROKEN, encoding="utf-8")
        expect(bar).to_contain_text(_LAST_GOOD)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_fault_of_what_is_compared_is_told_whole_and_truly(
    page: Page, preview: Preview, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    bar = page.locator("#fault")
    with changing(preview, "issues/2026-12.md") as (path,):
        _break(preview, path)
        with page.expect_response("**/sides?*"):
            page.goto(f"{preview.origin}{DECEMBER}/compare?with=2021-06")
        expect(bar).to_contain_text("oops")
        expect(bar).not_to_contain_text(_LAST_GOOD)
        assert bar.evaluate("e => e.scrollHeight - e.clientHeight") <= 1

        path.write_text(FAULTY, encoding="utf-8")
        expect(bar).to_be_hidden()
        expect(page.frame_locator("#first").get_by_text("Kuulumisia")).to_be_attached()

        path.write_text(_BROKEN, encoding="utf-8")
        expect(bar).to_contain_text(_LAST_GOOD)
        assert bar.evaluate("e => e.scrollHeight - e.clientHeight") <= 1


def _break(preview: Preview, path: Path) -> None:
    """Break December's issue, and wait until the preview has seen it."""
    path.write_text(_BROKEN, encoding="utf-8")
    wait_until(lambda: preview.ask(f"{DECEMBER}/mail")[0] == 422)


@pytest.mark.parametrize("path", ["/", DECEMBER])
@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("[check.silence]\nalt-mising = 'x'\n", "sääntöä ”alt-mising” ei ole"),
        ("[chekc]\nclients = []\n", "tuntematon kohta ”chekc”"),
    ],
)
def test_broken_settings_are_told_on_every_page(
    page: Page, preview: Preview, path: str, table: str, words: str
) -> None:
    page.goto(preview.origin + path)
    bar = page.locator("#fault")
    expect(bar).to_be_hidden()

    with changing(preview, "newsletter.toml") as (settings,):
        before = settings.read_text(encoding="utf-8")
        settings.write_text(f"{before}\n{table}", encoding="utf-8")
        expect(bar).to_contain_text(words)
        expect(bar.locator("code").first).to_have_text(re.compile(r"newsletter\.toml:\d+"))
        page.reload()
        expect(bar).to_contain_text(words)
    expect(bar).to_be_hidden()


# --- languages ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", DECEMBER, f"{DECEMBER}/grid", f"{DECEMBER}/compare"])
def test_an_open_page_follows_the_newsletters_language(
    page: Page, preview: Preview, path: str
) -> None:
    page.goto(preview.origin + path + "?scheme=dark")
    with changing(preview, "newsletter.toml") as (settings,):
        before = settings.read_text(encoding="utf-8")
        for tag, spoken in (("sv-FI", "sv"), ("de", "en")):  # it speaks no German
            changed = before.replace('language = "fi"', f'language = "{tag}"')
            settings.write_text(changed, encoding="utf-8")
            expect(page.locator("html")).to_have_attribute("lang", spoken)
            expect(page).to_have_url(re.compile("scheme=dark"))  # the view it had
    expect(page.locator("html")).to_have_attribute("lang", "fi")


def test_other_languages_on_the_page_are_marked(page: Page, preview: Preview) -> None:
    """So that a screen reader says the subject and the names of checks as they are meant."""
    open_page(page, preview, f"{DECEMBER}?reader=sv:typical")

    expect(page.locator("#subject")).to_have_attribute("lang", "sv")
    expect(page.locator("#subject")).to_contain_text("Decemberbrevet")
    expect(page.locator("#list:not(.old) .finding").first).to_be_visible()
    expect(page.locator(".finding .acts code, #rest code").first).to_be_attached()
    assert page.locator(".finding .acts code, #rest code").evaluate_all(
        "codes => codes.every(code => code.lang === 'en')"
    )
