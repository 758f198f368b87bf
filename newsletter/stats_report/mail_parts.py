"""Writes the parts of a report for a mail: tables that any mail program shows, and plain text.

No ground and no colour of text is named, so that dark schemes change both as they do elsewhere.
"""

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from string import Template

from markupsafe import Markup

from newsletter.drawing import unbroken

_COLUMNS = 72  # of plain text
_BAR = 30  # signs of a bar in it
_TINT = "#2f7f86"  # told from white and from black alike
_PAGE = Template("""\
<!doctype html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>$said</title>
</head>
<body style="margin:0;padding:0">
<div role="article" lang="$language" style="max-width:600px;margin:0 auto;padding:24px 16px;\
font:16px/1.5 Arial,Helvetica,sans-serif">
<p style="margin:0 0 16px;padding:0 0 12px;border-bottom:3px solid $tint;font-size:14px;\
font-weight:bold;overflow-wrap:anywhere">$title</p>
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3;overflow-wrap:anywhere">$heading</h1>
$parts
</div>
</body>
</html>
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A paragraph, or a heading."""

    words: str
    is_heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A figure with its name, and how it lies between 0 and the most there is."""

    name: str
    figure: str
    more: str = ""  # said in small
    band: tuple[float, float] | None = None  # from 0 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Figures, one below the other."""

    heading: str
    rows: Sequence[Row]
    note: str = ""  # what the figures are


Part = Words | Listing
Said = Callable[[str], str]  # a text -> the same in the language of the mail


def write_html(title: str, heading: str, parts: Iterable[Part], said: Said, language: str) -> str:
    """Return the page of a mail."""
    return _PAGE.substitute(
        language=language,
        tint=_TINT,
        title=Markup.escape(title),
        said=Markup.escape(said(heading)),
        heading=unbroken(said(heading)),
        parts="\n".join(_as_html(part, said) for part in parts),
    )


def write_text(title: str, heading: str, parts: Iterable[Part], said: Said) -> str:
    """Return the same in plain text."""
    blocks = [title, _wrapped(said(heading)), *(_as_text(part, said) for part in parts)]
    return "\n\n".join(blocks) + "\n"


def _as_html(part: Part, said: Said) -> Markup:
    if isinstance(part, Listing):
        rows = Markup("\n").join(_row(row, said) for row in part.rows)
        note = Markup('<p style="margin:0;font-size:14px">{}</p>').format(said(part.note))
        note = note if part.note else Markup("")
        return Markup(
            '{}{}\n<table cellpadding="0" cellspacing="0" border="0" width="100%" '
            'style="width:100%;border-collapse:collapse">\n{}\n</table>'
        ).format(_heading(said(part.heading)), note, rows)
    if part.is_heading:
        return _heading(said(part.words))
    return Markup('<p style="margin:12px 0;overflow-wrap:anywhere">{}</p>').format(
        unbroken(said(part.words))
    )


def _heading(words: str) -> Markup:
    return Markup(
        '<h2 style="margin:28px 0 8px;font-size:18px;line-height:1.3;overflow-wrap:anywhere">'
        "{}</h2>"
    ).format(words)


def _row(row: Row, said: Said) -> Markup:
    more = Markup('<br><span style="font-size:14px">{}</span>').format(unbroken(said(row.more)))
    return Markup(
        '<tr><th scope="row" align="left" style="padding:8px 12px 8px 0;text-align:left;'
        'font-weight:normal;overflow-wrap:anywhere;border-bottom:1px solid #808080">{}{}{}</th>'
        '<td align="right" valign="top" style="padding:8px 0;text-align:right;font-weight:bold;'
        'white-space:nowrap;border-bottom:1px solid #808080">{}</td></tr>'
    ).format(said(row.name), more if row.more else "", _bar(row.band), said(row.figure))


def _bar(band: tuple[float, float] | None) -> Markup:
    """Return a bar of three cells; a screen reader has the figure beside it."""
    if band is None:
        return Markup("")
    low, high = round(100 * band[0]), max(round(100 * band[1]), round(100 * band[0]) + 1)
    widths = ((low, ""), (high - low, _TINT), (100 - high, ""))
    cells = Markup("").join(_cell(width, tint) for width, tint in widths if width > 0)
    return Markup(
        '<table role="presentation" aria-hidden="true" cellpadding="0" cellspacing="0" border="0" '
        'width="100%" style="width:100%;table-layout:fixed;margin:4px 0 0"><tr>{}</tr></table>'
    ).format(cells)


def _cell(width: int, tint: str) -> Markup:
    colour = Markup(';background-color:{0}" bgcolor="{0}').format(tint) if tint else ""
    return Markup(
        '<td width="{0}%" style="width:{0}%;height:8px;font-size:1px;line-height:8px{1}">'
        "&nbsp;</td>"
    ).format(width, colour)


def _as_text(part: Part, said: Said) -> str:
    if isinstance(part, Listing):
        lines = [_wrapped(said(part.note))] if part.note else []
        lines += [_line(row, said) for row in part.rows]
        return "\n".join([_underlined(said(part.heading)), *lines])
    return _underlined(said(part.words)) if part.is_heading else _wrapped(said(part.words))


def _line(row: Row, said: Said) -> str:
    lines = [f"{said(row.name)}: {said(row.figure)}"]
    if row.more:
        lines[0] += f" ({said(row.more)})"
    if row.band:
        low, high = (round(_BAR * end) for end in row.band)
        lines.append(
            f"  [{'.' * low}{'#' * max(high - low, 1)}{'.' * (_BAR - max(high, low + 1))}]"
        )
    return "\n".join(_wrapped(line) for line in lines)


def _underlined(words: str) -> str:
    return f"{_wrapped(words)}\n{'-' * min(len(words), _COLUMNS)}"


def _wrapped(words: str) -> str:
    return textwrap.fill(words, _COLUMNS, break_long_words=False, break_on_hyphens=False)
