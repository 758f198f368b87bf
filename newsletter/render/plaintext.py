"""Writes plain text: wrapped lines, links as numbered notes, readable tables, HTML as text."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any
from urllib.parse import unquote

import lxml.html

from newsletter.language.phrases import Words
from newsletter.markup.breaks import with_ends
from newsletter.model.footnotes import WAY_BACK
from newsletter.net import ascii_link
from newsletter.render.notes import hold_explanation, hold_note, place_notes

WIDTH = 72  # characters per line, as mail programs of all ages show it

# Noncharacters that no text may contain (Unicode 23.7), so nothing of the author's is mistaken for
# them.
BREAK = "\ufdd0"  # represents <br> until a paragraph is wrapped
ABBREVIATION = re.compile(r'<abbr title="([^"]*)">')  # as in cleaned HTML
_UNDERLINES = {1: "=", 2: "-"}
_STRUCK = ("del", "s", "strike")
_INLINE = {*_STRUCK, "a", "b", "em", "i", "ins", "mark", "small", "span", "strong", "sub", "sup"}
_FLOW = {
    "p", "div", "ul", "ol", "li", "blockquote", "pre", "table", "dl", "dt", "dd", "hr", "caption",
    "h2", "h3", "h4", "h5", "h6", "thead", "tbody", "tfoot", "tr",
}  # fmt: skip


@dataclass(slots=True)
class TextWriter:
    """Writes lines of text and collects the links for the notes."""

    words: Words
    lines: list[str] = field(default_factory=list)
    links: dict[str, int] = field(default_factory=dict)  # address -> the number of its note
    explained: set[str] = field(default_factory=set)  # abbreviations already explained
    later: frozenset[str] = frozenset()  # those that the running text explains
    headings: Mapping[str, str] = field(default_factory=dict)  # their HTML by name
    width: int = WIDTH
    tight: bool = False  # inside a list item without paragraphs: no empty lines

    def notes(self) -> str:
        """Return the links noted so far, a line for each."""
        return "\n".join(f"[{number}] {url}" for url, number in self.links.items())

    def line(self, text: str) -> str:
        """Return a text with its notes, as it stands where nothing wraps it."""
        return place_notes(text).replace(BREAK, "\n")

    def paragraph(self, text: str, *, indent: str = "", first: str | None = None) -> None:
        """Write a wrapped paragraph; `first` begins its first line instead of `indent`."""
        begin = indent if first is None else first
        for part in place_notes(text).split(BREAK):
            words = " ".join(part.split(" ")).strip()
            self.lines += _wrap(words, begin, indent, self.width) if words else []
            begin = indent

    def gap(self) -> None:
        """Leave one empty line, unless the text is tight."""
        if self.lines and self.lines[-1] and not self.tight:
            self.lines.append("")

    def heading(self, text: str, level: int, indent: str = "") -> None:
        """Write a heading that stands out without markup."""
        self.gap()
        start = len(self.lines)
        self.paragraph(text.replace(BREAK, " "), indent=indent)
        longest = max((len(line) for line in self.lines[start:]), default=0) - len(indent)
        if level in _UNDERLINES:
            self.lines.append(indent + _UNDERLINES[level] * max(3, longest))
        self.gap()

    def note(self, text: str, url: str) -> str:
        """Return a link's text with the number of its note; a bare address needs none."""
        url = ascii_link(url.strip())
        shown = text.strip()
        if not url:
            return text
        if url.startswith("#"):
            return text + self._heading_of(url, shown)
        if shown in (url, url.removeprefix("mailto:").partition("?")[0]):
            return text
        return text + hold_note(self.links.setdefault(url, len(self.links) + 1))

    def _heading_of(self, url: str, shown: str) -> str:
        """Return which heading a link leads to, unless its words say so."""
        html = self.headings.get(unquote(url[1:]), "")
        title = place_notes(self.title(html, explains=False)).replace(BREAK, " ") if html else ""
        if not title or title.casefold() in shown.casefold():
            return ""
        within = title.translate({ord("“"): "‘", ord("”"): "’"})
        return hold_explanation(self.words.quotation.format(within))

    def table(self, rows: list[list[str]], align: Sequence[str], indent: str) -> None:
        """Write aligned columns if they fit, or else a line of cells for each row."""
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)] if rows else []
        if sum(widths) + 2 * len(widths) + len(indent) > self.width:
            for row in rows:
                self.paragraph(" | ".join(row), indent=indent + "  ", first=indent + "- ")
            return
        for number, row in enumerate(rows):
            cells = zip(row, widths, align, strict=True)
            self.lines.append(indent + "  ".join(_aligned(*cell) for cell in cells).rstrip())
            if number == 0:
                self.lines.append(indent + "  ".join("-" * width for width in widths))

    # --- HTML ---

    def inline(self, html: str) -> str:
        """Return inline HTML as text on one line; BREAK stands for line breaks."""
        return self._inline_of(_parse(html)).strip()

    def title(self, html: str, *, explains: bool = True) -> str:
        """Return a heading as text; running text explains abbreviations, if it has them."""

        def unexplained(match: re.Match[str]) -> str:
            return match[0] if explains and unescape(match[1]) not in self.later else "<abbr>"

        return self.inline(ABBREVIATION.sub(unexplained, html))

    def html(self, html: str, indent: str = "") -> None:
        """Write HTML of paragraphs, lists and the like."""
        self.flow(_parse(html), indent)

    def flow(self, element: Any, indent: str = "") -> None:
        """Write an element whose children may be paragraphs, lists, tables or text."""
        run = element.text or ""
        for child in element:
            if child.tag in _FLOW:
                self._run(run, indent)
                self._flow_element(child, indent)
                run = child.tail or ""
            else:
                run += self._inline_element(child) + (child.tail or "")
        self._run(run, indent)

    def _run(self, text: str, indent: str) -> None:
        text = _fold(text)
        if text.strip(f" {BREAK}"):
            self.gap()
            self.paragraph(text, indent=indent)

    def _flow_element(self, element: Any, indent: str) -> None:
        tag = element.tag
        if tag in ("ul", "ol"):
            self._list(element, indent)
        elif tag == "blockquote":
            self.gap()
            self.flow(element, indent + "> ")
        elif tag == "pre":
            self.gap()
            text = "".join(element.itertext()).rstrip("\n")
            self.lines += [indent + "    " + line for line in text.split("\n")]
        elif tag == "hr":
            self.gap()
            self.lines.append(indent + "* * *")
        elif tag == "table":
            self._html_table(element, indent)
        elif tag in ("h2", "h3", "h4", "h5", "h6"):
            self.heading(_fold(self._inline_of(element)).strip(), int(tag[1]), indent)
        else:
            self.gap()
            self.flow(element, indent)

    def _list(self, element: Any, indent: str) -> None:
        self.gap()
        footnotes = "footnotes" in element.get("class", "")
        start = element.get("start", "1")
        number = int(start) if re.fullmatch(r"-?\d{1,9}", start) else 1
        self._run(element.text or "", indent)
        for child in element:
            if child.tag == "li":
                mark = f"({number}) " if footnotes else f"{number}. "
                self._item(child, indent, "- " if element.tag == "ul" else mark)
                number += 1
            else:
                self.flow(child, indent)
            self._run(child.tail or "", indent)

    def _item(self, item: Any, indent: str, mark: str) -> None:
        """Write a list item: its first line has the bullet, the rest is indented below it."""
        tight = not any(child.tag == "p" for child in item)
        width = self.width - len(indent) - len(mark)
        inner = replace(self, lines=[], width=width, tight=tight)
        inner.flow(item)
        first, *rest = inner.lines or [""]
        self.lines.append(indent + mark + first)
        self.lines += [indent + " " * len(mark) + line if line else "" for line in rest]
        if rest and not tight:
            self.gap()

    def _html_table(self, element: Any, indent: str) -> None:
        self.gap()
        for caption in element.iter("caption"):
            self.paragraph(_fold(self._inline_of(caption)), indent=indent)
        rows = [
            [_fold(self._inline_of(cell)).replace(BREAK, " ").strip() for cell in row]
            for row in element.iter("tr")
        ]
        for row in rows:
            self.paragraph(" | ".join(row), indent=indent + "  ", first=indent + "- ")

    def _inline_of(self, element: Any) -> str:
        parts = [element.text or ""]
        for child in element:
            parts += [self._inline_element(child), child.tail or ""]
        return _fold("".join(parts))

    def _explanation(self, words: str) -> str:
        """Return the explanation of an abbreviation at its first occurrence."""
        if not words or words in self.explained:
            return ""
        self.explained.add(words)
        return hold_explanation(words)

    def _inline_element(self, element: Any) -> str:
        if element.tag == "br":
            return BREAK
        if element.tag == "img":
            alt = element.get("alt", "")
            return f"[{self.words.picture}: {alt}]" if alt else ""
        if element.tag == "a" and element.get("class") == WAY_BACK:
            return ""
        return self._marked(element, self._inline_of(element))

    def _marked(self, element: Any, text: str) -> str:
        """Return the text of an element with what its markup says."""
        if element.tag in _STRUCK and text.strip() and _stands_apart(element):
            return f"[{self.words.struck}: {text.strip()}]"
        if element.tag == "abbr":
            return text + self._explanation(element.get("title", ""))
        if element.tag == "a":
            return self.note(text, element.get("href", "")) if text.strip() else text
        return _set_apart(element.tag, text)


def _stands_apart(element: Any) -> bool:
    """Return whether a struck element is neither part of a word nor of another struck one."""
    inside = any(around.tag in _STRUCK for around in element.iterancestors())
    touches = re.search(r"\w$", _text_before(element)) or re.match(r"\w", _text_after(element))
    return not inside and not touches


def _text_before(element: Any) -> str:
    """Return the text that an element follows, in or around the inline elements it begins."""
    earlier, parent = element.getprevious(), element.getparent()
    if earlier is not None:
        return earlier.tail or _touching(earlier)
    return parent.text or (_text_before(parent) if parent.tag in _INLINE else "")


def _text_after(element: Any) -> str:
    """Return the text that follows an element, in or around the inline elements it ends."""
    later, parent = element.getnext(), element.getparent()
    if element.tail or later is not None:
        return element.tail or _touching(later)
    return _text_after(parent) if parent.tag in _INLINE else ""


def _touching(neighbour: Any) -> str:
    """Return a letter for an element that touches, and may end or begin with one."""
    return "" if neighbour.tag in ("br", "img") else "x"


def _set_apart(tag: str, text: str) -> str:
    """Return the text of an element so that it does not run together with what is around it."""
    if tag in _FLOW or tag in ("td", "th"):
        return f" {text} "
    if tag == "q":
        return f"”{text}”"
    return f"^{text}" if tag == "sup" and text[:1].isdigit() else text  # 10² is not 102


def _parse(html: str) -> Any:
    return lxml.html.fragment_fromstring(with_ends(html), create_parent="div")


def _fold(text: str) -> str:
    """Fold white space as HTML does; a no-break space stays."""
    return re.sub(r"[ \t\n\r\f]+", " ", text)


def _wrap(text: str, first: str, rest: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width=max(width, len(first) + 20),
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]


def _aligned(cell: str, width: int, align: str) -> str:
    return {"right": cell.rjust, "center": cell.center}.get(align, cell.ljust)(width)
