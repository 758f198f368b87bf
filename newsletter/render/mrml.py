"""Runs MRML, a fast MJML in Rust, and mends its differences from the official MJML.

The author's words are sealed meanwhile, so all markup here is MRML's or a template's.
"""

import re
from unicodedata import category

from mjml import mjml2html

from newsletter.markup.nesting import DEEPEST, shape_of
from newsletter.render.thinning import thinned

# MRML reckons widths well only where paddings are lengths in pixels: percentages are reported
# (github.com/jolimail/mrml-core/issues/100), a bare 0 as in "0 16px" is of the same kind. Columns
# and pictures then take the whole page in Outlook, which needs widths in pixels.
_PADDING = re.compile(r'(?<!cell)padding="[^"]*"')
_BARE_ZERO = re.compile(r'(?<=[ "])0(?=[ "])')

# The official MJML gives widths in whole pixels (github.com/mjmlio/mjml/issues/2566).
_FRACTION = re.compile(r'width(?::|=")(\d+\.\d+)(?=px|")')
_IN_COLUMN = re.compile(r"vertical-align:\w+;$")

# MRML centres a divider that <mj-attributes> align to a side: fixed upstream for the attribute of
# the divider itself (github.com/jdrouet/mrml/issues/539).
_RULE = re.compile(
    r'<td align="(left|right)"[^>]*><p style="border-top:[^"]*"></p>'
    r"<!--\[if mso \| IE\]><table [^>]*>"
)
_MARGINS = {"left": "0px", "right": "0px 0px 0px auto"}

# Text in the colour of its background looks like a trick to spam filters, even if it is not shown.
_HIDDEN = '<div style="display:none;font-size:1px;'
_WHITE = "color:#ffffff;"

# What MRML reads: words, comments, and tags whose attributes are in quotation marks.
_READABLE = re.compile(
    r"[^<]+|<!--(?:(?!--).)*-->|</[A-Za-z][\w:-]*\s*>"
    r"|<[A-Za-z][\w:-]*(?:\s+[^\s=<>\"'/]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'))?)*+\s*/?>",
    re.DOTALL,
)

# MRML puts a backslash before a quotation mark or a backslash in an attribute, as programs in C do,
# and writes what has no shape of its own as such programs do: a line break as “\\n”, a space that
# does not break as “\\u{a0}”. HTML knows none of it; what is written as a reference passes.
_ATTRIBUTES = re.compile(r"<[A-Za-z][\w:-]*(?:\s+[\w:-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))+\s*/?>")
_SINGLE = re.compile(r"=\s*(?:\"[^\"]*\"|'([^']*)')")

_UNUSUAL = re.compile(r"[^ -~\u00a1-\u00ac\u00ae-\u02ff]")
_LINE_BREAK = "&#10;"

_NAMED = re.compile(r"at position (\d+):(\d+)")

# Not an attribute of HTML; the style of such a cell says the same.
_NO_ATTRIBUTE = re.compile(r' vertical-align="\w+"')


class MjmlError(ValueError):
    """MJML is not valid; its text is MRML's."""

    def __init__(self, problem: str, offset: int | None) -> None:
        super().__init__(problem)
        self.offset = offset  # offset in the source where it goes wrong


def run_mrml(source: str, styles: str = "") -> str:
    """Return the HTML of MJML, into which styles are written later.

    Raise MjmlError if it is not valid.
    """
    shape = shape_of(source)
    if shape.depth > DEEPEST:
        raise MjmlError(f"more than {DEEPEST} nested elements", shape.deepest)
    try:
        html: str = mjml2html(_legible(source), fonts={}, include_loader=_load_nothing)
    except ValueError as err:
        raise MjmlError(str(err), _place_of(source, str(err), shape.fault)) from err
    html = _FRACTION.sub(_to_whole_pixels, html)
    html = _RULE.sub(_to_its_side, html)
    html = _NO_ATTRIBUTE.sub("", html)
    html = html.replace(_HIDDEN + _WHITE, _HIDDEN)
    return thinned(html, styles)


def _load_nothing(path: str) -> str:
    raise ValueError(path)


def _place_of(source: str, problem: str, fault: int | None) -> int | None:
    """Return where MJML goes wrong: where MRML says, or at the first tag that does not match."""
    if named := _NAMED.search(problem):  # bytes of the source that has units
        legible = _legible(source).encode()
        start, end = int(named[1]), int(named[2])
        before, piece = legible[:start], legible[start:end].decode(errors="replace")
        line = _start_of_line(source, before.count(b"\n") + before.count(_LINE_BREAK.encode()))
        return max(line, source.find(piece, line))
    places = [place for place in (fault, _unreadable_in(source)) if place is not None]
    return min(places, default=None)


def _unreadable_in(source: str) -> int | None:
    """Return where a source first has something else than words, comments and tags."""
    at = 0
    while at < len(source):
        found = _READABLE.match(source, at)
        if found is None:
            return at
        at = found.end()
    return None


def _start_of_line(text: str, number: int) -> int:
    at = 0
    for _ in range(number):
        at = text.find("\n", at) + 1
    return at


def _legible(source: str) -> str:
    """Return MJML that MRML reads as it is meant."""
    if "'" in source or "\\" in source or _UNUSUAL.search(source):
        source = _ATTRIBUTES.sub(_with_references, source)
    return with_units(source)


def _with_references(tag: re.Match[str]) -> str:
    def in_double_quotes(found: re.Match[str]) -> str:
        value = found[1]
        written = found[0] if value is None else '="' + value.replace('"', "&quot;") + '"'
        return _UNUSUAL.sub(_referred_to, written)

    return _SINGLE.sub(in_double_quotes, tag[0]).replace("\\", "&#92;")


def _referred_to(sign: re.Match[str]) -> str:
    """Return a sign, as a reference if it has no shape of its own (Mn, Me: on the sign before)."""
    has_shape = sign[0].isprintable() and category(sign[0]) not in ("Mn", "Me")
    return sign[0] if has_shape else f"&#{ord(sign[0])};"


def with_units(source: str) -> str:
    """Return MJML in which every length of a padding has a unit."""
    return _PADDING.sub(lambda padding: _BARE_ZERO.sub("0px", padding[0]), source)


def _to_whole_pixels(found: re.Match[str]) -> str:
    """Round the width of a column and cut that of a picture, as MJML does."""
    before = found.string[max(0, found.start() - 30) : found.start()]
    if before.endswith("-"):
        return found[0]  # of a border, or a limit
    width = float(found[1])
    whole = round(width) if _IN_COLUMN.search(before) else int(width)
    return found[0].replace(found[1], str(whole))


def _to_its_side(found: re.Match[str]) -> str:
    rule = found[0].replace("margin:0px auto", f"margin:{_MARGINS[found[1]]}")
    return rule.replace('align="center"', f'align="{found[1]}"')
