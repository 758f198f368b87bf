"""How a mail to one person looks: a few sentences and one button, light and dark."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from string import Template

_PAGE = Template("""\
<!doctype html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>$heading</title>
</head>
<body style="margin:0;padding:0">
<div role="article" lang="$language" style="max-width:560px;margin:0 auto;padding:24px 16px;\
font:16px/1.5 Arial,Helvetica,sans-serif">
<p style="margin:0 0 16px;padding:0 0 12px;border-bottom:3px solid $button;font-size:14px;\
font-weight:bold">$title</p>
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3;overflow-wrap:anywhere">$heading</h1>
$paragraphs$act$rest
<p style="margin:32px 0 0;padding:12px 0 0;border-top:1px solid #808080;font-size:13px">$closing</p>
</div>
</body>
</html>
""")
_PARAGRAPH = Template('<p style="margin:0 0 16px;overflow-wrap:anywhere">$words</p>\n')
_LINK = Template(
    '<p style="margin:0 0 16px;font-size:14px">$words<br><a href="$url" style="color:$colour;'
    'overflow-wrap:anywhere">$name</a></p>\n'
)
# A table cell, as Word draws no padding around a link.
_ACT = Template("""\
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 24px">
<tr><td style="background-color:$button;border-radius:6px">\
<a href="$url" style="display:inline-block;padding:14px 24px;font:bold 17px/1.3 \
Arial,Helvetica,sans-serif;color:$on_button;text-decoration:none;border-radius:6px;\
background-color:$button">$name</a></td></tr>
</table>
""")
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
    act: Way | None = None  # the one button
    rest: Sequence[str | Way] = ()
    closing: Sequence[str] = ()
    button: str = "#1d5c57"  # its colour,
    on_button: str = "#ffffff"  # and that of the words on it


def write_html(sheet: Sheet) -> str:
    """Return the page of a mail."""
    act = ""
    if sheet.act:
        act = _ACT.substitute(
            url=escape(sheet.act.url),
            name=escape(sheet.act.name),
            button=sheet.button,
            on_button=sheet.on_button,
        )
    return _PAGE.substitute(
        language=sheet.language,
        title=escape(sheet.title),
        heading=escape(sheet.heading),
        paragraphs="".join(map(_paragraph, sheet.paragraphs)),
        act=act,
        rest="".join(map(_further, sheet.rest)),
        closing="<br>".join(map(escape, sheet.closing)),
        button=sheet.button,
    )


def write_text(sheet: Sheet) -> str:
    """Return the same in plain text."""
    blocks = [sheet.heading, *sheet.paragraphs]
    ways = [sheet.act, *sheet.rest] if sheet.act else list(sheet.rest)
    for way in ways:
        if isinstance(way, Way):
            blocks.append(f"{way.words or way.name}\n{way.url}")
        else:
            blocks.append(way)
    return "\n\n".join([*blocks, "-- \n" + "\n".join(sheet.closing)]) + "\n"


def _paragraph(words: str) -> str:
    return _PARAGRAPH.substitute(words=escape(words))


def _further(part: str | Way) -> str:
    if isinstance(part, str):
        return _paragraph(part)
    return _LINK.substitute(
        words=escape(part.words),
        url=escape(part.url),
        name=escape(part.name),
        colour=_COLOUR_OF_LINKS,
    )
