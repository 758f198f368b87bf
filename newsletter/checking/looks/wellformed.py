"""Reads HTML tag by tag, as written, and reports where it is not well-formed.

A parsed tree cannot show this: parsers repair what is broken.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

from newsletter.checking.instruments import (
    Draft,
    checks,
    conditional,
    one_per_variant,
)
from newsletter.language import say
from newsletter.model import Finding, Rule, line_named

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


HTML_WELLFORMED = Rule(
    id="html-wellformed",
    summary="The HTML is whole: tags match, names are given once, the charset is the right one",
    source="HTML standard, 13.1 and 4.2.5.4",
)


@checks(HTML_WELLFORMED)
def check_wellformed(draft: Draft) -> Iterator[Finding]:
    """Tags match, ids are unique, and the page begins as it should."""
    for specimen in one_per_variant(draft):
        reader = _Reader(convert_charrefs=False)
        reader.feed(specimen.lined_html)
        reader.close()
        flaws = (*reader.flaws, *reader.at_end(), *_unbalanced(specimen.lined_html))
        for flaw in (*flaws, *_charset(specimen.html)):
            hint = say("mend the HTML here") if flaw.line else say("it comes from the templates")
            yield replace(flaw, hint=hint)


class _Reader(HTMLParser):
    """Keeps track of the open tags."""

    def __init__(self, *, convert_charrefs: bool) -> None:
        super().__init__(convert_charrefs=convert_charrefs)
        self.flaws: list[Finding] = []
        self._open: list[tuple[str, int | None]] = []
        self._names: Counter[str] = Counter()  # how many are open for each tag name
        self._ids: set[str] = set()
        self._counts = dict.fromkeys(("html", "head", "body"), 0)
        self._line: int | None = None
        self._doctype = False

    def parse_marked_section(self, i: int, report: int = 1) -> int:  # noqa: ARG002 - as it is called
        """Skip `<![...`, for which the parser asserts that a name follows."""
        return self.parse_bogus_comment(i)

    def at_end(self) -> Iterator[Finding]:
        """Yield the flaws that show only at the end."""
        for tag, line in self._open:
            if tag not in _OPTIONAL:
                yield HTML_WELLFORMED.warning("<{tag}> is never closed", line=line, tag=tag)
        if not self._doctype:
            yield HTML_WELLFORMED.warning("the page does not begin with <!doctype html>")
        for tag, count in self._counts.items():
            if count != 1:
                yield HTML_WELLFORMED.warning(
                    "the page has {count} elements <{tag}> instead of one", count=count, tag=tag
                )

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
            self.flaws.append(
                HTML_WELLFORMED.warning(
                    "a link within a link: only one of them can be pressed", line=self._line
                )
            )
        if tag not in _VOID:
            self._open.append((tag, self._line))
            self._names[tag] += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look_at_attributes(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self._names[tag]:
            self.flaws.append(
                HTML_WELLFORMED.warning("</{tag}> closes nothing", line=self._line, tag=tag)
            )
            return
        while self._open:
            name, line = self._open.pop()
            self._names[name] -= 1
            if name == tag:
                return
            if name not in _OPTIONAL:
                self.flaws.append(
                    HTML_WELLFORMED.warning(
                        "<{open}> is still open where </{tag}> stands",
                        line=line,
                        open=name,
                        tag=tag,
                    )
                )

    def _look_at_attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            self.flaws.append(
                HTML_WELLFORMED.warning(
                    "<{tag}> has the attribute “{attribute}” twice; the second is not read",
                    line=self._line,
                    tag=tag,
                    attribute=twice,
                )
            )
        own = next((value for name, value in attrs if name == "id" and value), None)
        if own is None:
            return
        if own in self._ids:
            self.flaws.append(
                HTML_WELLFORMED.warning(
                    "two elements have the id “{id}”: links lead to the first",
                    line=self._line,
                    id=own,
                )
            )
        self._ids.add(own)


def _unbalanced(html: str) -> Iterator[Finding]:
    if surplus := conditional.balance(html):
        yield HTML_WELLFORMED.error(
            "more conditional comments begin than end: Outlook may show nothing"
            if surplus > 0
            else "more conditional comments end than begin: Outlook may show nothing"
        )


def _charset(html: str) -> Iterator[Finding]:
    """Yield what is wrong with the charset that a page names: every mail is in UTF-8."""
    match = _CHARSET.search(html.encode()[:_EARLY])
    if not match:
        yield HTML_WELLFORMED.warning(
            "the first {count} bytes do not say which charset the page has", count=_EARLY
        )
    elif (own := match[1].decode().lower()) != "utf-8":
        yield HTML_WELLFORMED.error(
            "the page says its charset is {own}, but every mail is in UTF-8", own=own
        )
