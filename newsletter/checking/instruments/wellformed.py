"""Reads HTML tag by tag, as written, and reports where it is not well-formed.

A parsed tree cannot show this: parsers repair what is broken.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from newsletter.checking.instruments.conditional import balance
from newsletter.language import Wording, say
from newsletter.model import line_named

_CHARSET = re.compile(rb"<meta\b[^>]*\bcharset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_EARLY = 1024  # bytes in which a program looks for the charset (HTML standard, "prescan")
_VOID = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"),
    *("track", "wbr"),
}
# Their end tag may be left out; what follows closes them.
_OPTIONAL = {
    *("html", "head", "body", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody"),
    *("tfoot", "colgroup", "option", "rp", "rt"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """A place where HTML is not well-formed."""

    message: Wording
    is_fatal: bool  # whether parts of the mail are lost because of it
    line: int | None  # of the issue; None in what the template wrote


def flaws_of(lined_html: str) -> tuple[Flaw, ...]:
    """Return the flaws of HTML in which comments give the lines of the issue."""
    reader = _Reader(convert_charrefs=False)
    reader.feed(lined_html)
    reader.close()
    return (*reader.flaws, *reader.at_end(), *_unbalanced(lined_html))


def charset_flaws(html: str) -> Iterator[Flaw]:
    """Yield what is wrong with the charset that a page names: every mail is in UTF-8."""
    match = _CHARSET.search(html.encode()[:_EARLY])
    if not match:
        message = say("the first {count} bytes do not say which charset the page has", count=_EARLY)
        yield Flaw(message=message, is_fatal=False, line=None)
        return
    own = match[1].decode().lower()
    if own != "utf-8":
        message = say("the page says its charset is {own}, but every mail is in UTF-8", own=own)
        yield Flaw(message=message, is_fatal=True, line=None)


class _Reader(HTMLParser):
    """Keeps track of the open tags."""

    def __init__(self, *, convert_charrefs: bool) -> None:
        super().__init__(convert_charrefs=convert_charrefs)
        self.flaws: list[Flaw] = []
        self._open: list[tuple[str, int | None]] = []
        self._names: Counter[str] = Counter()  # how many are open for each tag name
        self._ids: set[str] = set()
        self._counts = dict.fromkeys(("html", "head", "body"), 0)
        self._line: int | None = None
        self._doctype = False

    def at_end(self) -> Iterator[Flaw]:
        """Yield the flaws that show only at the end."""
        for tag, line in self._open:
            if tag not in _OPTIONAL:
                yield _flaw(say("<{tag}> is never closed", tag=tag), line)
        if not self._doctype:
            yield _flaw(say("the page does not begin with <!doctype html>"), None)
        for tag, count in self._counts.items():
            if count != 1:
                message = say(
                    "the page has {count} elements <{tag}> instead of one", count=count, tag=tag
                )
                yield _flaw(message, None)

    def handle_decl(self, decl: str) -> None:
        self._doctype = self._doctype or decl.lower().startswith("doctype html")

    def handle_comment(self, data: str) -> None:
        if (named := line_named(data)) is not None:
            self._line = named or None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look_at_attributes(tag, attrs)
        if tag in self._counts:
            self._counts[tag] += 1
        if tag == "a" and self._names["a"]:
            message = say("a link within a link: only one of them can be pressed")
            self.flaws.append(_flaw(message, self._line))
        if tag not in _VOID:
            self._open.append((tag, self._line))
            self._names[tag] += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look_at_attributes(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self._names[tag]:
            self.flaws.append(_flaw(say("</{tag}> closes nothing", tag=tag), self._line))
            return
        while self._open:
            name, line = self._open.pop()
            self._names[name] -= 1
            if name == tag:
                return
            if name not in _OPTIONAL:
                message = say("<{open}> is still open where </{tag}> stands", open=name, tag=tag)
                self.flaws.append(_flaw(message, line))

    def _look_at_attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            message = say(
                "<{tag}> has the attribute “{attribute}” twice; the second is not read",
                tag=tag,
                attribute=twice,
            )
            self.flaws.append(_flaw(message, self._line))
        own = next((value for name, value in attrs if name == "id" and value), None)
        if own is None:
            return
        if own in self._ids:
            message = say("two elements have the id “{id}”: links lead to the first", id=own)
            self.flaws.append(_flaw(message, self._line))
        self._ids.add(own)


def _unbalanced(html: str) -> Iterator[Flaw]:
    surplus = balance(html)
    if surplus:
        message = (
            say("more conditional comments begin than end: Outlook may show nothing")
            if surplus > 0
            else say("more conditional comments end than begin: Outlook may show nothing")
        )
        yield Flaw(message=message, is_fatal=True, line=None)


def _flaw(message: Wording, line: int | None) -> Flaw:
    return Flaw(message=message, is_fatal=False, line=line)
