"""What a reader should find in a mail, told by a second, much simpler reading of the Markdown."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import html5lib
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

# Their content is never shown; that it was taken away is a finding of its own.
_UNSEEN = {"script", "style", "title", "template", "iframe", "object", "svg", "math", "head"}
# No mail may hold them as they are.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
# They stand on lines or in cells of their own; all others may begin or end within a word.
_APART = {
    "address", "article", "aside", "blockquote", "br", "button", "caption", "center", "dd",
    "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "img", "li", "main", "nav", "ol", "option", "p", "pre",
    "section", "select", "summary", "table", "tbody", "td", "textarea", "tfoot", "th", "thead",
    "tr", "ul",
}  # fmt: skip


def words_of_markdown(body: str) -> list[str]:
    """Return the words an issue shows, in reading order."""
    md = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)
    md.add_render_rule("footnote_caption", _caption)
    words, _ = read_html(md.render(_without_directives(_CONTROLS.sub(_read_control, body))))
    return words


def read_html(html: str) -> tuple[list[str], set[str]]:
    """Return the words of a page's body, and the kinds of faults that a strict parser finds.

    Alternative texts of pictures are among the words.
    """
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page = parser.parse(html)
    faults = {kind for _, kind, _ in parser.errors}
    return words_of_text("".join(_visible(page.find("body")))), faults


def words_of_text(text: str) -> list[str]:
    """Return the words of plain text."""
    return re.findall(r"\w+", text)


def lost_words(expected: Sequence[str], shown: Iterable[str]) -> list[str]:
    """Return from where on the words expected are no ordered subsequence of those shown."""
    found = 0
    for word in shown:
        if found < len(expected) and word == expected[found]:
            found += 1
    return list(expected[found : found + 5])


def _read_control(match: re.Match[str]) -> str:
    """Read a control as browsers do: where Windows has a sign, it is meant; else as a space."""
    code = ord(match[0])
    if not 0x80 <= code < 0xA0 or code == 0x85:
        return " "
    return bytes([code]).decode("cp1252", "ignore") or " "


def _without_directives(body: str) -> str:
    """Turn the fence lines of directives into comments; what stands between them is kept."""
    return re.sub(r"^ {0,3}:::.*$", "<!-- -->", body, flags=re.MULTILINE)


def _visible(element: Any) -> Iterable[str]:
    if not isinstance(element.tag, str):  # a comment
        return
    if element.tag in _UNSEEN:
        return
    gap = " " if element.tag in _APART else ""
    yield gap
    if element.tag == "img":
        yield str(element.get("alt", ""))
    yield element.text or ""
    for child in element:
        yield from _visible(child)
        yield child.tail or ""
    yield gap


def _caption(_: Any, tokens: Sequence[Any], at: int, *__: Any) -> str:
    return f"[{tokens[at].meta['id'] + 1}]"
