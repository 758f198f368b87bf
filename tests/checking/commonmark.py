"""The pages of CommonMark's own test suite, and what a reader of each must find."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import lxml.html
import pytest

PAGES = Path(__file__).parents[2] / "build" / "commonmark.json"
HOW = "build/commonmark.json is missing: `make test` fetches it, or `make build/commonmark.json`"
_WORD = re.compile(r"[^\W_]+")
_UNSEEN = ("script", "style", "title", "template", "iframe", "textarea")
_BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "pre", "div", "blockquote", "br")
INFO = re.compile(r"(?m)^((?:[ >]|- )*(?:`{3,}|~{3,}))[^`\n]*$")  # for programs: a language's name
_TARGET = re.compile(r"\]\([^\s()]*\)")  # where a link leads is no word
_INDENTED_COMMENT = re.compile(r"(?m)^ {4,}<!--(.*?)-->")  # for its author it is one
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_DEFINED = re.compile(r"\[((?:[^\[\]\\]|\\.)+)\]:\s*(?:<([^<>\n]*)>|(\S+))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An example of the specification with the HTML that it must become."""

    number: int
    markdown: str
    html: str

    def wanted(self) -> Counter[str]:
        """Return the words and numbers that readers must find, or their author be told of.

        They are those that CommonMark shows, and those of the source that its HTML has nowhere,
        neither as an address or another attribute nor as a comment: these CommonMark drops.
        The numbers of lists are those that the source has.
        """
        held = Counter(_words(_read(re.sub(r' start="\d+"', "", self.html))))
        source = _TARGET.sub("]", INFO.sub(r"\1", self.markdown))
        # A word that either reading of the source finds again is there: code is read as it stands.
        dropped = (Counter(_words(source)) - held) & (Counter(_words(_read(source))) - held)
        shown = Counter(words_shown(self.html)) + (dropped - self._labels())
        return shown - Counter(_words(" ".join(_INDENTED_COMMENT.findall(self.markdown))))

    def _labels(self) -> Counter[str]:
        """Return the words that only join the text of a link to where it leads."""
        used = {
            _label(label)
            for label, quoted, bare in _DEFINED.findall(self.markdown)
            if f'="{_read(quoted or bare)}"' in _read(self.html)
        }
        brackets = re.findall(r"\[((?:[^\[\]\\]|\\.)+)\]", self.markdown)
        return Counter(w for label in brackets if _label(label) in used for w in _words(label))


def read_pages() -> list[Page]:
    """Return all pages; skip the test that asks where they are not, and fail it under CI.

    Their pictures are one that there is.
    """
    if not PAGES.exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(HOW)
    return [_page(one) for one in json.loads(PAGES.read_text(encoding="utf-8"))]


def words_shown(html: str, *, numbers: bool = False) -> list[str]:
    """Return the words that a page of HTML shows, perhaps the numbers of its lists among them."""
    tree = lxml.html.document_fromstring(f"<div>{html}</div>")
    for node in list(tree.iter(*_UNSEEN)):
        node.drop_tree()
    return _words("".join([*_texts(tree), *(_numbers(tree) if numbers else ())]))


def _page(one: dict[str, Any]) -> Page:
    markdown, html = one["markdown"], one["html"]
    for picture in set(re.findall(r'<img src="([^"]+)"', html)):
        markdown, html = markdown.replace(picture, "p.png"), html.replace(picture, "p.png")
    return Page(number=one["example"], markdown=markdown, html=html)


def _texts(node: lxml.html.HtmlElement) -> Iterator[str]:
    """Yield the texts; words that no block parts are one."""
    if isinstance(node.tag, str):
        edge = " " if node.tag in _BLOCKS else ""
        yield edge
        yield f" {node.get('alt', '')} " if node.tag == "img" else node.text or ""
        for child in node:
            yield from _texts(child)
        yield edge
    yield node.tail or ""


def _numbers(tree: lxml.html.HtmlElement) -> Iterator[str]:
    for one in tree.iter("ol"):
        first = int(one.get("start", "1"))
        yield from (f" {first + n}" for n, _ in enumerate(one.findall("li")))


def _read(text: str) -> str:
    return _ESCAPE.sub(r"\1", unquote(unescape(text)))


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()


def _words(text: str) -> list[str]:
    return _WORD.findall(text)
