"""The author's Markdown as HTML of a page on the web: no markup in it, nothing that runs."""

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

_LOWEST = 6  # of headings


def page_html(text: str, *, level: int = 2) -> str:
    """Return the HTML of Markdown; its highest heading has this level on the page.

    CommonMark with tables and strikethrough; HTML in it is text, and links lead to what a browser
    can open only. Tables scroll by themselves where they are wider than the page.
    """
    tokens = _PARSER.parse(text)
    headings = [int(token.tag[1:]) for token in tokens if token.type == "heading_open"]
    _move_headings(tokens, level - min(headings, default=level))
    html: str = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return html


def _move_headings(tokens: Sequence[Token], by: int) -> None:
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(_LOWEST, int(token.tag[1:]) + by)}"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    rules = parser.renderer.rules  # type: ignore[attr-defined]
    rules["table_open"] = lambda *_: '<div class="wide" tabindex="0" role="group"><table>\n'
    rules["table_close"] = lambda *_: "</table></div>\n"
    return parser


_PARSER = _parser()
