"""Checks for broken Markdown that is mailed as signs, and for addresses that are not links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import accumulate

from newsletter.checking.instruments import ENDS_BLOCK, Draft, checks, html_of, shortened
from newsletter.language import say
from newsletter.model import FRONT_TEXTS, Button, Finding, Occasion, Rule, Severity, walk

_LINK, _CODE = "\ue000", "\ufffc"  # placeholders for the start of a link, and for code
_ENDS = re.compile(ENDS_BLOCK, re.I)
_SHOWN = re.compile(r"<(code|pre)\b.*?</\1>", re.S | re.I)
_ADDRESS = r"(?:https?:|www\.|mailto:|tel:)"
_WORDS = r"\[(?!\^)(?:[^\[\]\n]|\n(?!\n))+\]"
_ITEM = r"[ ]*(?:[-*](?=[^\W\d]|\u00a0)|•)[^\n]*"  # a dot, or a sign without the space it needs
_LEFT = re.compile(
    rf"""
      (?P<picture>!\[[^\[\]\n]*\]\s*\([^()\n]*\)?)
    | (?P<link>{_WORDS}(?:\([^()\n]+\)|\s?\[{_ADDRESS}[^\]\n]*\]?|\({_ADDRESS}[^\n]*))
    | (?P<gap>(?!\[\d+\]){_WORDS}\s+\({_ADDRESS}[^)\n]*\)?)
    | (?P<reversed>\([^()\n]+\)\s?\[{_ADDRESS}[^\]\n]*\]?)
    | (?P<explanation>(?<!\w)\*\[[^\[\]\n]{{1,100}}\]:[^\n]*)
    | (?P<footnote>\[\^[^\]\s]+\])
    | (?P<table>^[ \r]*\|[^\n]*\|[ ]*(?:\n[ \r]*\|[^\n]*\|[ ]*)+$)
    | (?P<list>^{_ITEM}(?:\n{_ITEM})+$)
    | (?P<heading>^[ \r]*\#{{1,6}}\u00a0[^\n]*|^[ \r]*\#{{2,6}}(?=[^ \t\n\#])[^\n]*)
      # One sign before several words that are neither a sentence nor further hashtags.
    | (?P<hash>(?:\A|(?<=\n\n))\#(?=[A-ZÅÄÖ])[^\n\#.!?]*[ ][^\n\#.!?]*(?=\Z|\n\n|\n[A-ZÅÄÖ]))
    | (?P<bold>(?<![\w*/])\*{{2,3}}(?=[\w"”“»’'({{\[{_LINK}{_CODE}])[^\s*]*
              |(?<!\S)\*\*[ ]+[^\W\d][^*\n]*\*\*
              |(?<![\w*/])\*[\w"”“»’'][^*\n]*\*\*(?!\*)
              |(?<![\w/])__(?=[^\W_])[^\s_]*)
    """,
    re.X | re.M,
)
_PLAIN = ("bold", "link", "gap", "reversed")  # what is not Markdown in subject and title either
_HALF = re.compile(r"(\*?)<em>([^<]*)</em>(\*?)")  # “**words*” becomes italics and a sign
_JOINT = re.compile(r"\]\s*[(\[]\S{0,9}|\)\s?\[\S{0,9}")
_ROW = re.compile(r"^[ \t>]*\|", re.M)
_MARK = re.compile(r"[^\s*]\*\*(?![\w*])")  # a footnote mark: “5 €**”
_BARE = re.compile(
    r"(?<![\w@./-])(?:https?://[^\s<>()\[\]\"”“»]+|www\.[\w-]+\.[^\s<>()\[\]\"”“»]+)"
    r"|(?<![\w.+@/-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+",
    re.I,
)
_REACH = 20_000  # characters of the file searched for what a block shows
_HINTS = {
    "picture": say("write ![words](file.jpg): nothing between the brackets, no space in the name"),
    "link": say("write [words](https://...): round the address round brackets, %20 for a space"),
    "gap": say("write [words](https://...) with nothing between the brackets"),
    "reversed": say("write [words](https://...): the words in square brackets, then the address"),
    "heading": say("put a plain space after the signs: ## Heading"),
    "explanation": say("put the explanation on a line of its own: *[THL]: ..."),
    "hash": say("write ## and a space for a heading, or \\# if it is to stay"),
    "list": say("begin each line with a sign and a plain space: - item"),
    "bold": say(
        "close bold with the same signs right after its last letter, in the same paragraph"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """Words that readers see, and where to look for them in the issue file."""

    # Without tags; "\n\n" where a paragraph ends, "\n\r" where a line does, "\n" for a space.
    text: str
    start: int  # offset in the file
    is_plain: bool = False  # from the front matter, where Markdown has no meaning
    bare: str = ""  # the text without links, in which one could be made


MARKDOWN_LEFT = Rule(
    id="markdown-left",
    summary="No signs of Markdown are left in the text",
    source="CommonMark 0.31; this program",
)
LINK_BARE = Rule(
    id="link-bare",
    summary="Addresses in the text can be pressed",
    source="CommonMark 0.31, section 6.5",
)


@checks(MARKDOWN_LEFT, LINK_BARE)
def check_leftovers(draft: Draft) -> Iterator[Finding]:
    """What was meant as Markdown is read as Markdown, and addresses are links."""
    is_marked = False
    for piece in _pieces(draft):
        yield from _left_in(draft, piece, is_marked=is_marked)
        is_marked = is_marked or bool(_MARK.search(piece.text))
        for match in _BARE.finditer(_LEFT.sub(" ", piece.bare)):
            address = match[0].rstrip(".,;:!?'’…*_")
            if written := _with_signs(draft.source, piece.start, address):
                yield LINK_BARE.error(
                    "“{written}” would be mailed as “{address}”: its signs are taken for emphasis",
                    _as_link(written),
                    line=draft.line_with(written, 1),
                    written=written,
                    address=address,
                )
                continue
            yield LINK_BARE.note(
                "“{address}” is not a link; not every mail program makes it one",
                _as_link(address),
                line=_line_at(draft, _escaped_or_not(address), piece.start)[0],
                address=address,
            )


def _escaped_or_not(address: str) -> re.Pattern[str]:
    return re.compile(r"\\?".join(map(re.escape, address)))


def _with_signs(source: str, start: int, address: str) -> str:
    """Return an address as it is in the file, if Markdown took signs out of it."""
    end = start + _REACH
    if source.find(address, start, end) >= 0:
        return ""
    found = re.compile(r"[*_~]*".join(map(re.escape, address))).search(source, start, end)
    return found[0] if found else ""


def _left_in(draft: Draft, piece: _Piece, *, is_marked: bool) -> Iterator[Finding]:
    """Yield each sign that is in the file as it is on the screen.

    A sign that the author escaped with a backslash is not.
    """
    at = piece.start
    bold: set[int] = set()
    for match in _LEFT.finditer(piece.text):
        kind = str(match.lastgroup)
        begins = match.start() == 0 or piece.text[match.start() - 1] == "\n"
        if (piece.is_plain and kind not in _PLAIN) or (kind == "bold" and is_marked and begins):
            continue
        line, at = _line_at(draft, _wanted(kind, match[0]), at)
        if line and (kind != "bold" or line not in bold):  # both of its ends are one fault
            bold |= {line} if kind == "bold" else set()
            yield MARKDOWN_LEFT.finding(
                Severity.ERROR if kind == "footnote" else Severity.WARNING,
                "“{words}” will be mailed as it is, signs and all",
                _hint(kind, match[0], is_plain=piece.is_plain),
                line=line,
                words=_shown(kind, piece.text, match),
            )


def _wanted(kind: str, found: str) -> re.Pattern[str]:
    """Return what to search for in the file: the part without other Markdown."""
    if kind == "table":
        return _ROW
    joint = _JOINT.search(found) if kind in ("picture", "link", "gap", "reversed") else None
    first = joint[0] if joint else found.strip().split("\n")[0]
    if kind in ("heading", "hash", "bold", "explanation"):
        first = re.split(r"[ \t]", first, maxsplit=1)[0]
    first = first.replace(_LINK, "[").replace(_CODE, "`")
    word, *others = map(re.escape, first.split())
    # A backslash before it is looked for afterwards, so that the word itself is found fast.
    return re.compile(r"[\s>]*".join((rf"{word}(?<!\\{word})", *others)))


def _line_at(draft: Draft, wanted: re.Pattern[str], start: int) -> tuple[int | None, int]:
    """Return the line on which a text occurs from an offset on, and the offset after it."""
    # Footnotes may be anywhere in the file, and are shown last.
    match = wanted.search(draft.source, start) or wanted.search(draft.source)
    if not match:
        return None, start
    begin = match.start() + len(match[0]) - len(match[0].lstrip())
    return draft.source.count("\n", 0, begin) + 1, max(start, match.end())


def _hint(kind: str, found: str, *, is_plain: bool) -> str:
    if is_plain:
        return say("this is plain text, without Markdown: leave the signs out")
    if kind == "footnote":
        return say("add the note on a line of its own: {mark}: ...", mark=found)
    if kind == "table":
        first, *others = found.split("\n")
        if any("-" in row and not row.strip(" \r:|-") for row in others):
            return say("give the line of dashes as many columns as the row above it")
        dashes = "|" + "---|" * (first.count("|") - 1)
        return say("put this line below the first row: {dashes}", dashes=dashes)
    return _HINTS[kind]


def _as_link(address: str) -> str:
    if address.lower().startswith("www."):
        return say("write [{address}](https://{address})", address=address)
    return say("write <{address}>", address=address)


def _shown(kind: str, text: str, match: re.Match[str]) -> str:
    """Return the place as the author knows it: the rest of the line, or a link to its end."""
    found = match[0].strip()
    if kind == "bold":
        found = text[match.start() :]
    if kind in ("bold", "table", "list", "explanation"):
        found = found.split("\n")[0]
    return shortened(" ".join(found.replace(_LINK, "").replace(_CODE, "`").split()), 50)


def _pieces(draft: Draft) -> Iterator[_Piece]:
    lines = draft.source.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    for key in FRONT_TEXTS:
        text = draft.readable(getattr(draft.issue, key))
        yield _Piece(text=text, start=_nth(starts, draft.line_of(key)), is_plain=True)
    for block in walk(draft.issue.blocks):
        start = _nth(starts, block.line)
        pieces = html_of(block)
        if isinstance(block, Occasion):
            for plain in (block.title, block.place):
                yield _Piece(text=draft.readable(plain), start=0, is_plain=True)
            pieces = (block.html,)
        for html in map(draft.readable, filter(None, pieces)):
            unlinked = re.sub(r"<a\b.*?</a>", " ", html, flags=re.S)
            bare = "" if isinstance(block, Button) else _text_of(unlinked)
            yield _Piece(text=_text_of(html), start=start, bare=bare)


def _nth(starts: list[int], line: int | None) -> int:
    return starts[min(line or 1, len(starts)) - 1]


def _text_of(html: str) -> str:
    text = _HALF.sub(_restore, _SHOWN.sub(_CODE, html))
    text = _ENDS.sub("\n\n", re.sub(r"<br\b[^>]*>\n?", "\n\r", text))
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<a\b[^>]*\shref=[^>]*>", _LINK, text)))


def _restore(half: re.Match[str]) -> str:
    before, words, after = half.groups()
    return f"{before}*{words}*{after}" if bool(before) != bool(after) else half[0]
