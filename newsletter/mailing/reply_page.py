"""How a mail to one person looks: a few sentences and one button, light and dark."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from newsletter.mailing.sheet_markup import ACT, CODE, FACT, FACTS, LINK, PAGE, PARAGRAPH
from newsletter.page_text import page_html

# In between, so that it can be read on white as on black.
_COLOUR_OF_LINKS = "#0f7cc0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where a mail leads."""

    name: str
    url: str
    words: str = ""  # before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What stands in a mail, in the language of its reader."""

    language: str
    subject: str
    title: str  # of the newsletter
    heading: str
    paragraphs: Sequence[str]
    facts: Sequence[tuple[str, str]] = ()  # a label, and what it is
    body: str = ""  # Markdown
    act: Way | None = None  # the one button
    code: Way | None = None  # for a phone to read, drawn at its address and “.png”
    rest: Sequence[str | Way] = ()
    closing: Sequence[str] = ()
    button: str = "#1d5c57"  # its colour,
    on_button: str = "#ffffff"  # and that of the words on it


def write_html(sheet: Sheet) -> str:
    """Return the page of a mail."""
    act = ""
    if sheet.act:
        act = ACT.substitute(
            url=escape(sheet.act.url),
            name=escape(sheet.act.name),
            button=sheet.button,
            on_button=sheet.on_button,
        )
    return PAGE.substitute(
        language=sheet.language,
        title=escape(sheet.title),
        heading=escape(sheet.heading),
        paragraphs="".join(map(_paragraph, sheet.paragraphs)),
        facts=_block(sheet),
        body=page_html(sheet.body) if sheet.body else "",
        act=act,
        code=_code(sheet.code) if sheet.code else "",
        rest="".join(map(_further, sheet.rest)),
        closing="<br>".join(map(escape, sheet.closing)),
        button=sheet.button,
    )


def write_text(sheet: Sheet) -> str:
    """Return the same in plain text."""
    blocks = [sheet.heading, *sheet.paragraphs]
    blocks += (
        ["\n".join(f"{label}: {words}" for label, words in sheet.facts)] if sheet.facts else []
    )
    blocks += [sheet.body.strip()] if sheet.body else []
    ways = [way for way in (sheet.act, sheet.code) if way]
    for way in (*ways, *sheet.rest):
        if isinstance(way, Way):
            blocks.append(f"{way.words or way.name}\n{way.url}")
        else:
            blocks.append(way)
    return "\n\n".join([*blocks, "-- \n" + "\n".join(sheet.closing)]) + "\n"


def _paragraph(words: str) -> str:
    return PARAGRAPH.substitute(words=escape(words))


def _block(sheet: Sheet) -> str:
    """Return the facts, one below the other; an address leads there."""
    rows = ""
    for label, words in sheet.facts:
        shown = escape(words)
        if words.startswith(("https://", "http://")):
            shown = f'<a href="{shown}" style="color:{_COLOUR_OF_LINKS}">{shown}</a>'
        rows += FACT.substitute(label=escape(label), words=shown)
    return FACTS.substitute(rows=rows, colour=sheet.button) if rows else ""


def _code(code: Way) -> str:
    """Return a picture for a phone, on white whatever the ground is, and the same as a link."""
    words, url = escape(code.name), escape(code.url)
    return CODE.substitute(words=words, url=url, colour=_COLOUR_OF_LINKS)


def _further(part: str | Way) -> str:
    if isinstance(part, str):
        return _paragraph(part)
    return LINK.substitute(
        words=escape(part.words),
        url=escape(part.url),
        name=escape(part.name),
        colour=_COLOUR_OF_LINKS,
    )
