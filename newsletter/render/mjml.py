"""Renders an issue to responsive HTML: templates make MJML, MJML makes HTML, premailer inlines.

The author's words never pass through the MJML parser. Templates put a seal, a word of letters and
digits, wherever a value contains anything that markup could misread; when MJML has run, each seal
is replaced by its value.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any
from urllib.parse import unquote

import lxml.etree
import lxml.html

from newsletter.markup.breaks import with_ends, without_ends
from newsletter.markup.nesting import shape_of
from newsletter.model import Block, Figure, Finding, Image, Issue, Picture
from newsletter.net import ascii_link, ascii_links
from newsletter.render.brand import with_links
from newsletter.render.chain import Look
from newsletter.render.credits import with_credit
from newsletter.render.galleries import justified
from newsletter.render.joining import join_neighbours
from newsletter.render.layout import before_sections, rows_of
from newsletter.render.mrml import MjmlError, run_mrml
from newsletter.render.occasions import format_closing, format_deadline, format_when
from newsletter.render.pairing import Pairs
from newsletter.render.picture_files import PAGE_WIDTH
from newsletter.render.pruning import prune
from newsletter.render.script import Script
from newsletter.render.styles import Styles, StylesError, inline_styles, read_styles
from newsletter.render.tablewidths import column_widths, label_of, least_width
from newsletter.render.template_pictures import Shown, show_own_pictures, show_template_pictures
from newsletter.render.texts import PlaceMark, as_texts, giving_html

_TALLEST = 560  # points; a picture that is higher hides the words around it
_DEEPEST = 240  # elements; libxml2 stops at 256
_LINK = re.compile(r"<a [^<>]*>")
_PLACE = re.compile(r'( (?:href="#|name="))([^"]*%[^"]*)"')
_ADDRESSES = ("href", "src", "srcset", "background", "action", "cite")  # attributes

_WITH_ADDRESS = f"//*[{'|'.join(f'@{name}' for name in _ADDRESSES)}]"

Places = tuple[tuple[int, int], ...]  # (offset, line of the issue)


@dataclass(frozen=True, slots=True)
class Marks:
    """Comments that mark where a block begins, until the page is finished."""

    key: str

    def mark(self, line: int) -> str:
        """Return the mark of a block that begins on a line of the issue."""
        return f"<!--{self.key} line {line}-->"

    def lift(self, html: str) -> tuple[str, Places]:
        """Remove the marks from a page and return their places."""
        first, *rest = re.split(rf"<!--{self.key} line (\d+)-->", html)
        parts, places, length = [first], [], len(first)
        for line, part in zip(rest[::2], rest[1::2], strict=True):
            places.append((length, int(line)))
            parts.append(part)
            length += len(part)
        return "".join(parts), tuple(places)


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlPage:
    """The HTML of an issue."""

    html: str
    places: Places  # where in it each block begins
    findings: tuple[Finding, ...]  # about styles that could not be inlined
    shown: Shown  # the pictures of its templates


def render_html(
    issue: Issue,
    view: Mapping[str, Any],
    pictures: Mapping[str, Picture],
    *,
    look: Look,
    pictures_url: str = "",
) -> HtmlPage:
    """Return the HTML of an issue; nothing is fetched for it.

    `view` is what the templates know besides the issue's blocks. Pictures are embedded, or hosted
    below the public URL if there is one. Raise ConfigError for a faulty template.
    """
    marks = Marks(issue.marker_key)
    script = script_of(issue, view, pictures, marks, look=look)
    filled = script.fill()
    try:
        html = filled.seals.break_all(run_mrml(join_neighbours(filled.mjml), filled.styles))
        _require_shallow(html)
        styles = read_styles(filled.styles)
        html, shown = _finish(html, pictures, styles, look=look, pictures_url=pictures_url)
        html, places = marks.lift(html)
    except MjmlError as err:
        raise script.mjml_fault(err) from err
    except StylesError as err:
        raise script.styles_fault(err) from err
    pairs: Pairs = script.context["paired"]
    findings = (*script.findings(styles.complaints, filled), *pairs.findings(issue.path))
    return HtmlPage(html=html, places=places, findings=findings, shown=shown)


def script_of(
    issue: Issue,
    view: Mapping[str, Any],
    pictures: Mapping[str, Picture],
    marks: Marks,
    *,
    look: Look,
) -> Script:
    """Return the templates of an issue's page, with what fills them."""
    context = {**as_texts(view), **_content(issue, pictures, marks)}
    return Script(look=look, page=f"{issue.template}.mjml", key=issue.marker_key, context=context)


def _content(issue: Issue, pictures: Mapping[str, Picture], marks: Marks) -> dict[str, Any]:
    """Return what templates know about the issue's blocks."""
    opening, sections = before_sections(issue.blocks)
    first = next(iter(issue.blocks), None)
    hero = first if isinstance(first, Image | Figure) else None
    if hero and not opening:  # of an issue without sections
        opening, sections = sections[:1], sections[1:]
    opening_rows = _texts_of(opening, marks)
    return {
        # the rows before the first section
        "opening": opening_rows,
        # a picture at the very beginning; a look may give it a place of its own
        "hero": as_texts(hero),
        # the same without a picture at the very beginning
        "opening_without_hero": _texts_of(opening[1:], marks) if hero else opening_rows,
        # the rows of all sections
        "rows": _texts_of(sections, marks),
        # paired(rows): the rows, short sections that follow one another side by side
        "paired": Pairs(),
        # place(block.line): a mark before a block, by which findings know its line; place(0)
        # behind the author's words
        "place": partial(PlaceMark, around="<mj-raw>{}</mj-raw>"),
        # mark(image.line): the same within text
        "mark": PlaceMark,
        # source of a picture beside the issue -> its width in points where it has all the room
        "widths": {source: _shown_width(picture) for source, picture in pictures.items()},
        # with_credit(block.html): a caption whose credit has the class "credit"
        "with_credit": giving_html(with_credit),
        # with_links(line): a line of brand.legal as HTML, with its links
        "with_links": giving_html(with_links, of_text=True),
        # justified(block, room=536): the rows of a gallery, each of pairs of picture and width
        "justified": partial(justified, pictures=pictures),
        # least_width(block): the pixels below which a word of a table would break
        "least_width": least_width,
        # column_widths(block, room): widths of a table's columns that leave words whole
        "column_widths": column_widths,
        # label_of(cell): a header as it stands before a cell on a phone
        "label_of": giving_html(label_of),
        # when(block): day and time of an event in words
        "when": partial(format_when, language=issue.language),
        # register_by(block): the deadline of an event as a sentence; empty without one
        "register_by": partial(format_deadline, language=issue.language),
        # open_until(block): until when the answer to a poll can be changed; empty without a day
        "open_until": partial(format_closing, language=issue.language),
    }


def _texts_of(blocks: Sequence[Block], marks: Marks) -> Any:
    """Return the rows in which blocks are laid out, with texts that know whether they are HTML."""
    return as_texts(rows_of(blocks, marks.mark))


def _shown_width(picture: Picture) -> int:
    """Return how wide a picture is shown where it has all the room there is."""
    return min(picture.width, PAGE_WIDTH, round(_TALLEST * picture.width / picture.height))


def _require_shallow(html: str) -> None:
    """Raise MjmlError for a page whose innermost words its parser, libxml2, would lose."""
    if shape_of(html, most=_DEEPEST).depth > _DEEPEST:
        raise MjmlError(f"more than {_DEEPEST} nested HTML elements", None)


def _finish(
    html: str, pictures: Mapping[str, Picture], styles: Styles, *, look: Look, pictures_url: str
) -> tuple[str, Shown]:
    """Add what MJML leaves out, and inline the styles."""
    page = lxml.html.document_fromstring(with_ends(html))
    show_own_pictures(page, pictures, look, pictures_url)
    for element in page.xpath(_WITH_ADDRESS):
        _give_ascii_hosts(element)
    for element in page.xpath("//*[contains(@class, 'role-')]"):
        _give_role(element)
    for wrapper in page.xpath("//body/div[@role='article']"):
        wrapper.attrib.pop("aria-label", None)  # repeats title and heading, outside any landmark
    _inline_styles(page, styles)
    shown = show_template_pictures(page, look, pictures.values(), pictures_url)
    prune(page)
    return _written(page), shown


def _inline_styles(page: Any, styles: Styles) -> None:
    for style in page.iter("style"):
        style.set("data-premailer", "ignore")
    inline_styles(page, styles)
    for style in page.iter("style"):
        style.attrib.pop("data-premailer", None)  # it ignores those for other media


def _written(page: Any) -> str:
    written = lxml.etree.tostring(
        page, method="html", encoding="unicode", doctype="<!doctype html>"
    )
    return _with_plain_names(without_ends(str(written)))


def _with_plain_names(html: str) -> str:
    """Write links within the page, and the places they lead to, in the same letters.

    libxml2 writes both as in addresses, but no `id`; browsers compare decoded, Word as it stands.
    """

    def with_plain_names(link: re.Match[str]) -> str:
        return _PLACE.sub(lambda place: place[1] + escape(unquote(place[2])) + '"', link[0])

    return _LINK.sub(with_plain_names, html)


def _give_ascii_hosts(element: Any) -> None:
    """Write the hosts of addresses as mail programs of all ages understand them."""
    for name in _ADDRESSES:
        if url := element.get(name):
            element.set(name, ascii_links(url) if name == "srcset" else ascii_link(url))


def _give_role(element: Any) -> None:
    """Turn a class such as role-main into the ARIA role, which MJML cannot give an element."""
    classes = element.get("class").split()
    roles = [name.removeprefix("role-") for name in classes if name.startswith("role-")]
    if not roles:
        return  # "language-role-play" of a code block
    element.set("role", roles[0])
    element.set("class", " ".join(name for name in classes if not name.startswith("role-")))
