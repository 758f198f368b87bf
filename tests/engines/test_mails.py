"""The mail is the same in every engine: as high, no wider than the screen, no line left alone."""

import mimetypes
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from newsletter.render.looks import LOOKS
from tests.browser.every_block import make_site
from tests.conftest import REPOSITORY
from tests.engines.driven import ENGINES, missing
from tests.engines.windows import Window, await_so
from tests.faces.houses import ISSUE_ID, NEWSLETTERS, build_all
from tests.fidelity.pages import ISSUES
from tests.servers.web import Page, WebServer

_LOOKS = [f"{look}/{id}" for look in LOOKS for id in ISSUES]
_HOUSES = [f"{name}/{ISSUE_ID}" for name in NEWSLETTERS]
_NAMES = [*_LOOKS, *_HOUSES]
_WIDTHS = (320, 360, 414, 700)
_ALLOWED = 0.01  # of Chromium's height

# A frame as high as any mail, so that no engine takes a part of its width for scroll bars.
_FRAME = b"""<!doctype html><title>Mail</title><style>iframe { border: 0; height: 15000px }</style>
<iframe id="frame"></iframe>"""
_SHOW = """const frame = document.getElementById("frame");
frame.style.width = `${arguments[1]}px`;
if (frame.contentDocument?.URL !== arguments[0]) frame.src = arguments[0];"""
# What a mail measures, as soon as it and its pictures are there. Its text is counted by lines: each
# block has as many as its words stand on different heights.
_MEASURE = """const frame = document.getElementById("frame"), mail = frame.contentDocument;
const [url, width, isCut] = arguments;
if (mail?.readyState !== "complete" || mail.URL !== url) return null;
if (frame.clientWidth !== width || ![...mail.images].every(image => image.complete)) return null;
const view = mail.defaultView, range = mail.createRange(), blocks = new Map();
const words = mail.createTreeWalker(mail.body, NodeFilter.SHOW_TEXT);
while (words.nextNode()) {
    let block = words.currentNode.parentElement;
    while (view.getComputedStyle(block).display === "inline") block = block.parentElement;
    range.selectNodeContents(words.currentNode);
    const boxes = [...range.getClientRects()].filter(box => box.width > 1);
    const middles = boxes.map(box => (box.top + box.bottom) / 2);
    blocks.set(block, [...(blocks.get(block) ?? []), ...middles]);
}
let text = 0;
for (const [block, middles] of blocks) {
    const style = view.getComputedStyle(block);
    const line = parseFloat(style.lineHeight) || 1.2 * parseFloat(style.fontSize);
    let last = -Infinity;
    for (const middle of middles.sort((a, b) => a - b)) {
        if (middle - last < line / 2) continue;
        last = middle;
        text += isCut ? Math.floor(line) : line;
    }
}
const late = [...mail.querySelectorAll("li")].filter(item => {
    const texts = mail.createTreeWalker(item, NodeFilter.SHOW_TEXT);
    do range.selectNodeContents(texts.nextNode() ?? item); while (!`${range}`.trim());
    const style = view.getComputedStyle(item);
    const begins = item.getBoundingClientRect().top + parseFloat(style.paddingTop);
    return range.getClientRects()[0].top - begins > parseFloat(style.fontSize);
});
return {
    height: mail.body.getBoundingClientRect().height,
    text,
    wide: mail.documentElement.scrollWidth,
    late: late.map(item => item.textContent.trim().slice(0, 60)),
}"""

# Words that are divided at the seam of a compound though a line on the smallest phone, which is
# narrower by what the first argument tells, has room for the whole.
_DIVIDED = """const mail = document.getElementById("frame").contentDocument;
const view = mail.defaultView, range = mail.createRange();
const divided = [...mail.querySelectorAll("wbr.seam")].map(seam => {
    const [before, after] = [seam.previousSibling, seam.nextSibling];
    if (before?.nodeType !== Node.TEXT_NODE || after?.nodeType !== Node.TEXT_NODE) return null;
    const [left, right] = [/\\S*$/.exec(before.data)[0], /^\\S*/.exec(after.data)[0]];
    range.setStart(before, before.length - left.length);
    range.setEnd(before, before.length);
    const first = [...range.getClientRects()].at(-1);
    range.setStart(after, 0);
    range.setEnd(after, right.length);
    const second = [...range.getClientRects()].find(box => box.width > 2);
    if (!first || !second || second.top < first.bottom - 4) return null;
    let block = seam.parentElement;
    while (view.getComputedStyle(block).display === "inline") block = block.parentElement;
    const style = view.getComputedStyle(block);
    const room = block.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return first.width + second.width <= room - arguments[0] ? `${left}|${right}` : null;
});
return divided.filter(word => word);"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What a page measures in an engine, in pixels."""

    height: float
    text: float  # how high all lines of it are together
    wide: int  # what it takes from side to side
    late: list[str]  # items of lists whose words begin below their number or dot


@pytest.fixture(scope="session")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    """A server of every issue in every look, and of a page to show them in."""
    folder = tmp_path_factory.mktemp("mails")
    pages = {"/": Page(body=_FRAME)}
    for look in LOOKS:
        site = make_site(folder / look, look)
        shutil.copytree(REPOSITORY / "issues", site.root / "issues", dirs_exist_ok=True)
        out = site.root / "out"
        for issue in ISSUES:
            site.run("build", issue, "--out", str(out))
        pages |= _pages(out, look)
    built = build_all(folder / "houses")
    for name in NEWSLETTERS:
        pages |= _pages(built[name].parent, name)
    with WebServer(pages) as server:
        yield server


@pytest.fixture(scope="session")
def by_chromium(
    mails: WebServer, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[tuple[str, int], Measures]:
    """What every page measures in Chromium, which is looked at elsewhere, pixel by pixel."""
    if lacking := missing("chromium"):
        pytest.skip(f"{lacking} is missing; “make proofs” installs it")
    with ENGINES["chromium"](tmp_path_factory.mktemp("beside")) as window:
        window.resize(1280, 800)
        return {
            (name, width): _measure(window, mails, name, width)
            for name in _NAMES
            for width in _WIDTHS
        }


@pytest.mark.parametrize("name", _NAMES)
def test_nothing_is_wider_than_the_screen(window: Window, mails: WebServer, name: str) -> None:
    wide = {width: _measure(window, mails, name, width).wide for width in _WIDTHS}

    assert wide == {width: width for width in _WIDTHS}


@pytest.mark.parametrize("name", _NAMES)
def test_every_item_of_a_list_begins_beside_its_number(
    window: Window, mails: WebServer, name: str
) -> None:
    """Firefox puts what stands before the first paragraph of an item on a line of its own."""
    assert _measure(window, mails, name, 700).late == []


@pytest.mark.parametrize("name", _NAMES)
def test_no_word_is_divided_that_fits_a_line_of_the_smallest_phone(
    window: Window, mails: WebServer, name: str
) -> None:
    """No hyphen shows where a line ends within a word, and balanced lines end where they may."""
    divided = {}
    for width in (320, 360, 390, 414, 440):
        _measure(window, mails, name, width)
        divided[width] = window.run(_DIVIDED, width - 320)

    assert not any(divided.values()), divided


@pytest.mark.parametrize("width", [360, 700])
@pytest.mark.parametrize("name", _NAMES)
@pytest.mark.parametrize("window", ["firefox", "webkit"], indirect=True)
def test_a_mail_is_as_high_as_in_chromium_save_where_words_wrap(
    window: Window,
    mails: WebServer,
    by_chromium: Mapping[tuple[str, int], Measures],
    name: str,
    width: int,
) -> None:
    known = by_chromium[name, width]

    here = _measure(window, mails, name, width)

    difference = (here.height - here.text) - (known.height - known.text)
    print(f"{window.engine} {name} at {width}: {here.height / known.height - 1:+.2%}, ", end="")
    print(f"without its lines {difference / known.height:+.2%}")
    assert abs(difference) <= _ALLOWED * known.height


def _measure(window: Window, mails: WebServer, name: str, width: int) -> Measures:
    if window.run("return location.href") != mails.url("/"):
        window.open(mails.url("/"))
    url = mails.url(f"/{name}.html")
    window.run(_SHOW, url, width)
    # WebKit cuts the height of a line to whole pixels, the others draw 28.8 as it is.
    found: dict[str, Any] = await_so(window, _MEASURE, url, width, window.engine == "webkit")
    return Measures(**found)


def _pages(folder: Path, name: str) -> dict[str, Page]:
    """Return what lies in a folder by its address below a name."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {f"/{name}/{file.relative_to(folder).as_posix()}": _page(file) for file in files}


def _page(file: Path) -> Page:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return Page(body=file.read_bytes(), media_type=kind)
