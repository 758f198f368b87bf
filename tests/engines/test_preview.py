"""All that the preview does, done by a person in Chromium, Firefox and WebKit."""

import json
import shutil

import pytest

from tests.browser.afterwards import MAILED
from tests.browser.previewed import DECEMBER, FAULTY, SAMPLE, changing
from tests.engines.windows import Window, await_so, await_words, click_on
from tests.previewing import Preview
from tests.waiting import wait_until

_MAIL = "const mail = document.getElementById('frame').contentDocument;"
_SHOWS = f"{_MAIL} return mail.body.textContent.includes(arguments[0])"
_GROUND = f"""{_MAIL} const view = mail.defaultView;
return [
    view.getComputedStyle(mail.querySelector(".card")).backgroundColor,
    view.getComputedStyle(mail.documentElement).filter,
]"""
# Lines of the author's links on which no tint lies.
_UNCOVERED = f"""{_MAIL}
const lies = (a, b) => Math.abs(a.left - b.left - 3) < 1 && Math.abs(a.top - b.top - 3) < 1;
const tints = [...mail.querySelectorAll("#preview-heat span:empty")]
    .map(tint => tint.getBoundingClientRect());
return [...mail.querySelectorAll("a[href^='https://www.example.org/']")]
    .flatMap(link => [...link.getClientRects()])
    .filter(line => line.width > 1 && !tints.some(tint => lies(line, tint)))
    .map(line => [line.left, line.top])"""
# Who scrolls sideways but the stage, which is meant to when a mail is wider.
_SIDEWAYS = """return [document.documentElement, ...document.querySelectorAll("body *:not(.stage)")]
    .filter(e => e.scrollWidth > e.clientWidth
        && (e === document.documentElement || /auto|scroll/.test(getComputedStyle(e).overflowX)))
    .map(e => e.id || e.className || e.tagName)"""


def test_the_list_leads_to_an_issue(window: Window, preview: Preview) -> None:
    window.open(preview.origin + "/")
    await_so(window, "return document.documentElement.dataset.weighed")
    assert window.run(_SIDEWAYS) == []

    click_on(window, "a", "Kysely 2021")

    await_so(window, "return document.documentElement.dataset.painted")
    await_words(window, "#subject", "Kysely 2021")


def test_a_click_in_the_mail_tells_its_line_and_keys_go_on(
    window: Window, preview: Preview
) -> None:
    _open(window, preview, SAMPLE)
    lines = (preview.site.root / "issues/2021-06.md").read_text(encoding="utf-8").splitlines()
    number = next(n for n, text in enumerate(lines, 1) if text.startswith("Eikö omalla"))

    click_on(window, "p", "Eikö omalla alueellasi", frame="frame")

    await_words(window, "#here", f"issues/2021-06.md:{number}")
    window.press("1")
    await_so(window, f"{_MAIL} return mail.defaultView.innerWidth === 360")
    window.press("b")
    await_so(window, "return !document.getElementById('inbox').hidden")


def test_a_link_of_the_mail_opens_only_on_purpose(window: Window, preview: Preview) -> None:
    _open(window, preview, SAMPLE)

    click_on(window, "a", "uutiskirjeen tilaamisesta", frame="frame")

    await_words(window, "#here .out", "https://www.example.org/uutiskirje")
    assert window.run(_SHOWS, "uutiskirjeen tilaamisesta")
    assert window.run("return location.pathname") == SAMPLE


def test_a_finding_leads_to_its_place_in_the_mail(window: Window, preview: Preview) -> None:
    _open(window, preview, DECEMBER)
    await_so(window, "return document.querySelectorAll('#list:not(.old) .finding').length")

    click_on(window, "#list:not(.old) .finding button", "”nimi”")

    line = FAULTY.split("{{ nimi", maxsplit=1)[0].count("\n") + 1
    await_words(window, "#here", f"2026-12.md:{line}")
    await_so(
        window,
        f"""{_MAIL} const box = mail.getElementById("preview-mark")?.getBoundingClientRect();
        return box && box.top >= 0 && box.bottom <= mail.defaultView.innerHeight""",
    )
    window.press("j", "k")
    await_so(window, "return document.activeElement.getAttribute('aria-expanded') === 'true'")


def test_a_save_shows_at_once_and_keeps_the_scroll(window: Window, preview: Preview) -> None:
    _open(window, preview, SAMPLE)
    window.run(f"{_MAIL} mail.defaultView.scrollTo({{top: 1800, behavior: 'instant'}})")

    with changing(preview, "issues/2021-06.md") as (file,):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("Lämmin kiitos", "Suuri kiitos"), encoding="utf-8")
        await_so(window, _SHOWS, "Suuri kiitos")

    assert window.run(f"{_MAIL} return mail.defaultView.scrollY") == 1800


def test_a_fault_is_told_above_the_last_good_mail(window: Window, preview: Preview) -> None:
    _open(window, preview, SAMPLE)
    with changing(preview, "issues/2021-06.md") as (file,):
        file.write_text(file.read_text(encoding="utf-8") + "\n::: oops\n", encoding="utf-8")
        await_so(window, "return !document.getElementById('fault').hidden")
        await_words(window, "#fault", "issues/2021-06.md:")
        assert window.run(_SHOWS, "Lämmin kiitos")
    await_so(window, "return document.getElementById('fault').hidden")


def test_the_mail_is_light_dark_or_inverted(window: Window, preview: Preview) -> None:
    _open(window, preview, SAMPLE)
    light, unfiltered = window.run(_GROUND)
    assert unfiltered == "none"

    window.press("d")
    await_so(window, f"{_MAIL} return mail.querySelector('[content=dark]') !== null")
    dark, _ = window.run(_GROUND)
    window.press("d")
    await_so(window, f"{_MAIL} return mail.querySelector('[content=dark]') === null")
    inverted, filtered = window.run(_GROUND)

    assert sum(_numbers(light)) > 600
    assert sum(_numbers(dark)) < 200
    assert (inverted, filtered) == (light, "invert(1) hue-rotate(180deg)")


def test_clicks_lie_on_the_links_they_are_about(window: Window, mailed: Preview) -> None:
    _open(window, mailed, f"/issues/{MAILED}")
    await_so(window, "return !document.getElementById('show-heat').hidden")

    window.press("l")

    await_so(window, f"{_MAIL} return mail.getElementById('preview-heat') !== null")
    assert window.run(_UNCOVERED) == []
    window.press("1")  # the mail is laid out anew, and the clicks with it
    await_so(window, f"{_MAIL} return mail.defaultView.innerWidth === 360")
    await_so(window, f"return (() => {{ {_UNCOVERED} }})().length === 0")
    assert window.run(_SIDEWAYS) == []
    window.press("2", "l")
    await_so(window, f"{_MAIL} return mail.getElementById('preview-heat') === null")


def test_without_pictures_their_words_are_shown(window: Window, preview: Preview) -> None:
    picture = f"{_MAIL} const image = mail.querySelector('img[alt^=Palkkikaavio]');"
    _open(window, preview, SAMPLE)
    await_so(window, f"{picture} return image.naturalWidth === 1200")

    window.press("i")

    await_so(window, f"{picture} return image.complete && !image.naturalWidth")
    assert window.run(f"{picture} return image.getBoundingClientRect().height") > 14


def test_width_and_size_follow_keys_and_the_handle(window: Window, preview: Preview) -> None:
    width = f"{_MAIL} return mail.defaultView.innerWidth"
    _open(window, preview, SAMPLE)

    window.press("z")
    await_so(window, f"{width} === 300")
    window.press("z")
    await_so(window, f"{width} === 600")
    window.run("document.getElementById('handle').focus()")
    window.press("ArrowRight")
    await_so(window, f"{width} === 610")
    click_on(window, ".seg label", "Puhelin")
    await_so(window, f"{width} === 360")


def test_reader_and_language_are_chosen(window: Window, preview: Preview) -> None:
    _open(window, preview, DECEMBER)
    await_so(window, "return document.querySelectorAll('#reader option').length")

    for reader, words in (
        ("sv:empty", "Hej bästa läsare!"),
        ("fi+region=Lappi:hostile", '<b>"Aino" & Co</b>'),
    ):
        window.run(
            """const reader = document.getElementById("reader");
            reader.value = arguments[0];
            reader.dispatchEvent(new Event("change", {bubbles: true}));""",
            reader,
        )
        await_so(window, _SHOWS, words)


def test_a_subscriber_is_found_by_a_few_letters(window: Window, preview: Preview) -> None:
    _open(window, preview, SAMPLE)

    window.press("f")
    await_so(window, "return document.activeElement.id === 'letters'")
    window.press(*"aino.virt")
    await_words(window, "#found-count", "Löytyi: 1")
    window.press("ArrowDown", "Enter")

    await_so(window, _SHOWS, "Hei Aino Virtanen!")


def test_inbox_text_source_and_headers_can_be_read(window: Window, preview: Preview) -> None:
    _open(window, preview, SAMPLE)
    for key, selector, words in (
        ("b", "#inbox", "97 % vastaajista kokee"),
        ("t", "#text", "Hei Åke Örn-Jäärä!"),
        ("s", "#source", "<!doctype html>"),
        ("h", "#raw", "Content-Type: multipart/alternative"),
    ):
        window.press(key)
        await_words(window, selector, words)
        assert window.run(_SIDEWAYS) == []


def test_two_mails_scroll_together(window: Window, preview: Preview) -> None:
    far = "return document.getElementById(arguments[0]).contentWindow.scrollY"
    window.open(f"{preview.origin}{DECEMBER}/compare?with=2021-06")
    await_so(window, "return document.querySelectorAll('#list li').length")

    def both_have_scrolled() -> bool:
        window.wheel(200, 400, 50)  # until the mails are laid out there is nothing to scroll
        return bool(window.run(far, "first") and window.run(far, "second"))

    wait_until(both_have_scrolled)
    assert window.run(_SIDEWAYS) == []


def test_what_stands_in_both_mails_is_led_to(window: Window, preview: Preview) -> None:
    window.open(f"{preview.origin}{DECEMBER}/compare?with=2021-06")

    click_on(window, "#list li button", "Teemapäiviä järjestetään")

    await_so(window, "return document.getElementById('second').contentWindow.scrollY > 0")


def test_the_grid_shows_every_reader(window: Window, preview: Preview) -> None:
    window.open(f"{preview.origin}{DECEMBER}/grid")

    await_so(
        window,
        """const frame = document.querySelectorAll("#rows tr:first-child iframe")[1];
        return frame?.contentDocument?.querySelector("h1")?.textContent.includes("Joulukuun")""",
    )
    assert window.run("return document.querySelectorAll('#rows tr').length") == 9


def test_a_test_mail_is_sent_from_the_page(window: Window, preview: Preview) -> None:
    outbox = preview.site.root / "outbox"
    shutil.rmtree(outbox, ignore_errors=True)  # what another engine has sent
    _open(window, preview, SAMPLE)

    window.press("x")
    click_on(window, "dialog[open] button", "Lähetä nyt")

    await_words(window, "#test-outcome", "Lähetetty")
    assert [file.stem for file in outbox.rglob("*.eml")] == ["toimitus@example.org"]
    assert json.loads(preview.site.run("stats", "--json").stdout) == []


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1000, 500)])
def test_nothing_but_a_wide_mail_scrolls_sideways(
    window: Window, preview: Preview, width: int, height: int
) -> None:
    window.resize(width, height)
    _open(window, preview, DECEMBER)
    await_so(window, "return document.querySelectorAll('#reader option').length")

    sideways = window.run(_SIDEWAYS)
    window.resize(1280, 800)

    assert sideways == []


def _open(window: Window, preview: Preview, path: str) -> None:
    """Open an issue's page and wait until its mail can be seen."""
    window.open(preview.origin + path)
    await_so(window, "return document.documentElement.dataset.painted")


def _numbers(colour: str) -> list[int]:
    """Return the parts of a colour, as each engine writes it."""
    return [int(part) for part in colour.partition("(")[2].rstrip(")").split(",")[:3]]
