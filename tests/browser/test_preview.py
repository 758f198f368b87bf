"""The preview in a real browser: it follows every save and shows every view."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.chromium import Scheme
from tests.browser.previewed import DECEMBER, FAULTY, SAMPLE, changing, open_page, scroll
from tests.conftest import Site
from tests.previewing import Preview, previewing
from tests.waiting import wait_until

# --- it follows the files -----------------------------------------------------------------


def test_a_save_shows_at_once_and_keeps_the_scroll(
    page: Page, preview: Preview, sample: Path
) -> None:
    mail = open_page(page, preview, SAMPLE)
    picture = mail.locator("img[alt^=Palkkikaavio]")
    picture.evaluate("e => e.known = true")
    scroll(page, 1800)

    text = sample.read_text(encoding="utf-8")
    sample.write_text(text.replace("Lämmin kiitos", "Suuri kiitos"), encoding="utf-8")

    expect(mail.get_by_text("Suuri kiitos")).to_be_attached()
    assert scroll(page) == 1800
    assert picture.evaluate("e => e.known") is True  # it was not even drawn anew


def test_pictures_templates_and_settings_are_followed_too(page: Page, preview: Preview) -> None:
    mail = open_page(page, preview, SAMPLE)
    files = ("issues/2021-06/kysely.png", "templates/default.mjml", "newsletter.toml")
    with changing(preview, *files) as (picture, template, settings):
        source = mail.locator("img[alt^=Palkkikaavio]").get_attribute("src")
        Image.new("RGB", (900, 300), "teal").save(picture)
        expect(mail.locator("img[alt^=Palkkikaavio]")).not_to_have_attribute("src", source or "")

        words = template.read_text(encoding="utf-8")
        template.write_text(words.replace("{{ title }}", "UUSI {{ title }}", 1), encoding="utf-8")
        expect(mail.get_by_text("UUSI Työhön").first).to_be_attached()

        table = settings.read_text(encoding="utf-8")
        settings.write_text(table.replace("Street 1", "Street 99"), encoding="utf-8")
        expect(mail.get_by_text("Street 99")).to_be_attached()
    expect(mail.get_by_text("Street 1,")).to_be_attached()


def test_a_broken_file_leaves_the_last_good_mail_and_mends_itself(
    page: Page, preview: Preview, sample: Path
) -> None:
    mail = open_page(page, preview, SAMPLE)
    scroll(page, 900)
    good = sample.read_text(encoding="utf-8")

    sample.write_text(good.replace("::: button", "::: buton"), encoding="utf-8")

    bar = page.locator("#fault")
    expect(bar).to_be_visible()
    line = good.split("::: button")[0].count("\n") + 1
    expect(bar).to_contain_text(f"issues/2021-06.md:{line}")
    expect(bar).to_contain_text("tuntematon lohko ”buton”")
    expect(bar).to_contain_text("tarkoititko ”button”?")
    expect(bar.get_by_role("link")).to_have_attribute(
        "href", f"vscode://file{preview.site.root}/issues/2021-06.md:{line}:1"
    )
    expect(mail.get_by_text("Ilmoittaudu syksyn teemapäiville")).to_be_attached()
    assert scroll(page) == 900

    page.reload()
    expect(bar).to_contain_text("tuntematon lohko ”buton”")
    expect(mail.get_by_text("Ilmoittaudu syksyn teemapäiville")).to_be_attached()

    sample.write_text(good, encoding="utf-8")
    expect(bar).to_be_hidden()


def test_broken_settings_and_templates_are_told_with_their_file(
    page: Page, preview: Preview
) -> None:
    open_page(page, preview, SAMPLE)
    bar = page.locator("#fault")
    for name, old, new in (
        ("newsletter.toml", "reply_to", "replyto"),
        ("templates/default.mjml", "{{ title }}", "{{ titel }}"),
    ):
        with changing(preview, name) as (path,):
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(old, new, 1), encoding="utf-8")
            expect(bar.locator("code").first).to_have_text(re.compile(rf"{name}:\d+"))
        expect(bar).to_be_hidden()


def test_a_burst_of_saves_ends_with_the_last_one(
    page: Page, preview: Preview, sample: Path
) -> None:
    mail = open_page(page, preview, SAMPLE)
    good = sample.read_text(encoding="utf-8")

    for turn in range(40):
        sample.write_text("", encoding="utf-8")  # as programs do that empty a file first
        sample.write_text(good.replace("Lämmin kiitos", f"Kiitos {turn}."), encoding="utf-8")
        time.sleep(0.004)

    expect(mail.get_by_text("Kiitos 39.")).to_be_attached()
    expect(page.locator("#fault")).to_be_hidden()


def test_a_page_finds_the_preview_again(page: Page, site: Site) -> None:
    with previewing(site) as first:
        mail = open_page(page, first, "/issues/2026-06")
        port = str(first.port)
    expect(page.locator("#status")).to_have_text("Ei yhteyttä esikatseluun")
    text = (site.root / "issues/2026-06.md").read_text(encoding="utf-8")
    site.write("issues/2026-06.md", text.replace("Kesä on täällä", "Kesä meni jo"))

    with previewing(site, "--port", port):
        expect(mail.get_by_text("Kesä meni jo")).to_be_attached()


# --- how it looks to readers --------------------------------------------------------------


def test_inboxes_cut_subject_and_preheader_where_they_do(page: Page, preview: Preview) -> None:
    open_page(page, preview, f"{SAMPLE}?show=inbox")

    rows = page.locator("#inbox .row")
    expect(rows).to_have_count(5)
    for row in rows.all():
        expect(row).to_contain_text("Työhönvalmennus")
        expect(row).to_contain_text("Kysely 2021: valtakunnallista toimijaa")
        expect(row).to_contain_text("97 % vastaajista kokee")
    cut = page.evaluate(
        """() => ["gmail .line", "gmail-phone .snippet", "outlook .snippet"].map(name => {
            const e = document.querySelector("#inbox ." + name);
            return e.scrollWidth > e.clientWidth;
        })"""
    )
    assert cut == [True, True, True]
    lines = page.locator(".apple .snippet").evaluate("e => e.clientHeight / 20")
    assert lines == 2

    open_page(page, preview, f"{DECEMBER}?show=inbox")
    expect(page.locator("#inbox .note")).to_contain_text("Esikatseluteksti puuttuu")
    expect(page.locator(".apple .snippet")).to_contain_text("Työhönvalmennuksen uutiskirje")


def test_the_width_follows_buttons_keys_and_the_handle(page: Page, preview: Preview) -> None:
    open_page(page, preview, SAMPLE)
    handle = page.get_by_role("separator", name="Kirjeen leveys")

    page.keyboard.press("1")
    expect(handle).to_have_attribute("aria-valuenow", "360")
    _expect_inner_width(page, 360)
    handle.focus()
    page.keyboard.press("ArrowRight")
    _expect_inner_width(page, 370)
    page.keyboard.press("Shift+ArrowLeft")
    _expect_inner_width(page, 320)
    page.keyboard.press("End")
    expect(page.get_by_role("radio", name="Täysi")).to_be_checked()

    page.keyboard.press("2")
    _expect_inner_width(page, 600)
    box = handle.bounding_box()
    assert box
    page.mouse.move(box["x"] + 8, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] - 42, box["y"] + 200)
    page.mouse.up()
    _expect_inner_width(page, 500)
    expect(page).to_have_url(re.compile("width=500"))


def _expect_inner_width(page: Page, wanted: int) -> None:
    """Wait until the mail has a width, as its own rules see it."""
    width = "document.getElementById('frame').contentWindow.innerWidth"
    wait_until(lambda: page.evaluate(width) == wanted)


def _ground(page: Page) -> list[int]:
    colour: list[int] = page.evaluate(
        """() => {
            const document_ = document.getElementById("frame").contentDocument;
            const view = document_.defaultView;
            return view.getComputedStyle(document_.querySelector(".card"))
                .backgroundColor.match(/\\d+/g).slice(0, 3).map(Number);
        }"""
    )
    return colour


@pytest.mark.parametrize("outside", ["light", "dark"])
def test_the_colours_of_the_mail_are_chosen_whatever_the_screen_is(
    open_window: Callable[..., Page], preview: Preview, outside: Scheme
) -> None:
    page = open_window(color_scheme=outside)
    mail = open_page(page, preview, SAMPLE)

    assert min(_ground(page)) > 200
    page.keyboard.press("d")
    expect(page.get_by_role("radio", name="Tumma")).to_be_checked()
    expect(mail.locator("meta[name=color-scheme]")).to_have_attribute("content", "dark")
    assert max(_ground(page)) < 60
    page.keyboard.press("d")
    expect(mail.locator("meta[name=color-scheme]")).to_have_attribute("content", "light")
    filters = mail.locator("html").evaluate("e => getComputedStyle(e).filter")
    assert filters == "invert(1) hue-rotate(180deg)"
    assert mail.locator("img").first.evaluate("e => getComputedStyle(e).filter") == filters
    expect(page.locator("form.controls")).to_contain_text("simulaatio")


def test_without_pictures_their_words_are_shown(page: Page, preview: Preview) -> None:
    mail = open_page(page, preview, SAMPLE)
    picture = mail.locator("img[alt^=Palkkikaavio]")
    expect(picture).to_have_js_property("naturalWidth", 1200)

    page.keyboard.press("i")

    expect(picture).to_have_js_property("naturalWidth", 0)
    expect(picture).to_have_attribute("alt", re.compile("97.%"))
    expect(page).to_have_url(re.compile("pictures=off"))


def test_text_at_200_percent_meets_the_rules_of_narrow_screens(
    page: Page, preview: Preview
) -> None:
    open_page(page, preview, SAMPLE)

    page.keyboard.press("z")

    _expect_inner_width(page, 300)
    box = page.locator("#frame").bounding_box()
    assert box
    assert round(box["width"]) == 600


def test_text_source_headers_and_message_can_be_read(page: Page, preview: Preview) -> None:
    open_page(page, preview, SAMPLE)

    page.keyboard.press("t")
    expect(page.locator("#text")).to_contain_text("Hei Åke Örn-Jäärä!")
    page.keyboard.press("s")
    expect(page.locator("#source li").first).to_contain_text("<!doctype html>")
    page.keyboard.press("h")
    expect(page.locator("#headers")).to_contain_text("Työhönvalmennus <uutiskirje@example.org>")
    expect(page.locator("#raw")).to_contain_text("Content-Type: multipart/alternative")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tallenna viesti").click()
    data = Path(download.value.path()).read_bytes()
    assert data.startswith(b"Date: ")
    assert b"\r\n\r\n--" in data


# --- whose mail ---------------------------------------------------------------------------


def test_hard_readers_and_segments_can_be_chosen(page: Page, preview: Preview) -> None:
    mail = open_page(page, preview, DECEMBER)
    reader = page.get_by_label("Lukija")
    expect(reader.locator("option").first).to_be_attached()  # they come after the mail
    options = reader.locator("option").all_inner_texts()

    assert {"Nimi puuttuu · region=Lappi", "Hankala nimi", "Tavallinen nimi"} <= set(options)
    reader.select_option(label="Hankala nimi · region=Lappi")
    expect(mail.locator("body")).to_contain_text('Hei <b>"Aino" & Co</b> {{7*7}}')
    reader.select_option(value="fi:typical")
    expect(mail.get_by_text("Terveisiä Lappiin!")).to_have_count(0)
    reader.select_option(value="sv:empty")
    expect(mail.get_by_text("Hej bästa läsare!")).to_be_attached()
    expect(mail.locator("html")).to_have_attribute("lang", "sv")


def test_a_subscriber_is_found_by_a_few_letters(page: Page, preview: Preview) -> None:
    mail = open_page(page, preview, SAMPLE)

    page.keyboard.press("f")
    page.keyboard.type("aino.virt")
    expect(page.locator("#found-count")).to_have_text("Löytyi: 1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(mail.get_by_text("Hei Aino Virtanen!")).to_be_attached()
    expect(page.get_by_label("Lukija")).to_have_value("subscriber:aino.virtanen@example.org")
    page.reload()
    expect(mail.get_by_text("Hei Aino Virtanen!")).to_be_attached()


def test_enter_takes_the_first_who_is_found(page: Page, preview: Preview) -> None:
    mail = open_page(page, preview, SAMPLE)

    page.keyboard.press("f")
    page.keyboard.type("aino.virt")
    page.keyboard.press("Enter")

    expect(mail.get_by_text("Hei Aino Virtanen!")).to_be_attached()


def test_the_grid_shows_all_readers_and_leads_to_each_view(page: Page, preview: Preview) -> None:
    page.goto(f"{preview.origin}{DECEMBER}/grid")
    rows = page.locator("#rows tr")
    expect(rows).to_have_count(9)  # four hard readers in each language, one without the segment
    thumbs = rows.first.locator("iframe")
    expect(thumbs).to_have_count(4)
    expect(thumbs.nth(1).content_frame.locator("h1").first).to_have_text(re.compile("Joulukuun"))
    expect(rows.first.locator("pre")).to_contain_text("Joulukuun kirje")

    with changing(preview, "issues/2026-12.md") as (path,):
        path.write_text(FAULTY.replace("Kuulumisia", "Uutisia"), encoding="utf-8")
        expect(thumbs.nth(0).content_frame.get_by_text("Uutisia")).to_be_attached()

    page.get_by_role("link", name="Nimi puuttuu · region=Lappi · suomi, Tumma").click()
    page.wait_for_selector("html[data-painted]", state="attached")
    expect(page.get_by_role("radio", name="Tumma")).to_be_checked()
    expect(page.get_by_label("Lukija")).to_have_value("fi+region=Lappi:empty")
