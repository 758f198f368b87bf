"""Turns the tokens of a parsed issue into blocks that remember their source line."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import unquote

from markdown_it.token import Token

from newsletter.content.cleaning import clean_html, list_removals
from newsletter.content.directives import Directive
from newsletter.content.markdown import Document
from newsletter.model import (
    Block,
    Box,
    Button,
    Columns,
    Condition,
    Divider,
    Finding,
    Heading,
    Image,
    Only,
    Prose,
    Quote,
    Severity,
    Table,
)

_DASHES = ("— ", "– ", "-- ")
_ALIGN = re.compile(r"text-align:(left|right|center)")
# MJML puts sections beside, not into, one another; so do these two.
_NEVER_INSIDE = {"columns": ("columns", "box", "quote"), "box": ("columns", "box", "quote")}


@dataclass(slots=True)
class BlockReader:
    """Reads blocks from a document and collects what is wrong with them."""

    document: Document
    path: str
    findings: list[Finding] = field(default_factory=list)
    _sections: int = 0

    def read(self) -> tuple[Block, ...]:
        """Return the blocks of the whole document."""
        tokens = self.document.tokens
        levels = [int(t.tag[1]) for t in tokens if t.type == "heading_open"]
        shift = 1 if 1 in levels else 0  # the subject is the one heading of level 1
        self._find_losses(tokens)
        return self._blocks(tokens, shift=shift, inside=())

    def _find_losses(self, tokens: Sequence[Token]) -> None:
        """Report what Markdown would drop without a word."""
        for token in tokens:
            content = token.content.lstrip()
            if token.type == "html_block" and content.startswith("<!--") and "-->" not in content:
                line = token.map[0] + 1 if token.map else 1
                hint = "end it with -->"
                self._error("comment-unclosed", line, "a comment swallows all that follows", hint)
        for label in self.document.unused_footnotes:
            self._error(
                "footnote-unused",
                1,
                f"nothing refers to the footnote [^{label}], so nobody would see it",
                f"write [^{label}] where it belongs",
            )

    def _blocks(
        self, tokens: Sequence[Token], *, shift: int, inside: tuple[str, ...]
    ) -> tuple[Block, ...]:
        blocks: list[Block] = []
        for group in _groups(tokens):
            if group[0].type == "directive_open":
                blocks += self._directive(group, shift=shift, inside=inside)
            elif group[0].type == "heading_open":
                blocks.append(self._heading(group, shift=shift, inside=inside))
            else:
                blocks += self._flow(group)
        return tuple(blocks)

    # --- Markdown ---

    def _heading(self, group: list[Token], *, shift: int, inside: tuple[str, ...]) -> Heading:
        level = max(2, min(6, int(group[0].tag[1]) + shift))
        anchor = ""
        if level == 2 and not set(inside) - {"only"}:
            self._sections += 1
            anchor = f"s{self._sections}"
        html = self._inline(group[1])
        return Heading(line=_line(group), level=level, html=html, anchor=anchor)

    def _flow(self, group: list[Token]) -> Iterator[Block]:
        first = group[0]
        if first.type == "hr":
            yield Divider(line=_line(group))
        elif first.type == "table_open":
            yield self._table(group)
        elif first.type == "paragraph_open" and (image := _lone_image(group[1])):
            yield self._image(*image, line=_line(group))
        else:
            html = self._clean(self.document.html(group), group)
            if re.sub(r"<(?!img|hr)[^>]*>|\s", "", html):
                yield Prose(line=_line(group), html=html)

    def _table(self, group: list[Token]) -> Table:
        rows: list[list[str]] = []
        align: list[str] = []
        for token, following in zip(group, [*group[1:], None], strict=True):
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open") and following:
                rows[-1].append(self._inline(following))
                if token.type == "th_open":
                    style = _ALIGN.search(str(token.attrGet("style") or ""))
                    align.append(style[1] if style else "left")
        head, *body = (tuple(row) for row in rows)
        return Table(line=_line(group), head=head, rows=tuple(body), align=tuple(align))

    def _image(self, image: Token, link: str, *, line: int) -> Image:
        return Image(
            line=line,
            source=_readable_source(str(image.attrGet("src") or "")),
            alt=_plain(image.children or ()) or image.content,
            title=str(image.attrGet("title") or ""),
            link=link,
        )

    # --- directives ---

    def _directive(
        self, group: list[Token], *, shift: int, inside: tuple[str, ...]
    ) -> Iterator[Block]:
        directive: Directive = group[0].meta["directive"]
        if set(inside) & set(_NEVER_INSIDE.get(directive.name, ())):
            self._error(
                "directive-nesting",
                directive.line,
                f"“{directive.name}” cannot stand inside “{inside[-1]}”",
                "close the outer one first",
            )
            return
        parts = [
            self._blocks(part, shift=shift, inside=(*inside, directive.name))
            for part in _parts(group)
        ]
        reader = _READERS.get(directive.name)  # an unknown one was reported when it was found
        block = reader(self, directive, parts) if reader else None
        if block is not None:
            yield block

    def _button(self, directive: Directive, parts: list[tuple[Block, ...]]) -> Button | None:
        html = _only_paragraph(parts)
        if not directive.arguments or html is None:
            self._error(
                "directive-button",
                directive.line,
                "a button needs an address and one line of text",
                "::: button https://example.org/ with the text on the next line",
            )
            return None
        return Button(line=directive.line, url=directive.arguments, html=html)

    def _image_directive(
        self, directive: Directive, parts: list[tuple[Block, ...]]
    ) -> Image | None:
        link = re.search(r"\s+link=(\S+)$", directive.arguments)
        source = directive.arguments[: link.start()] if link else directive.arguments
        alt = _only_paragraph(parts) if parts[0] else ""
        if not source or alt is None:
            self._error(
                "directive-image",
                directive.line,
                "an image needs a file and one paragraph that says what it shows",
                "::: image 2026-12/picture.png with the description on the next line",
            )
            return None
        alt = re.sub(r'<img\b[^>]*\salt="([^"]*)"[^>]*>', r" \1 ", alt)
        alt = re.sub(r"<br\s*/?>|\n", " ", alt)
        alt = unescape(re.sub(r"<[^>]*>", "", alt))
        return Image(line=directive.line, source=source, alt=alt, link=link[1] if link else "")

    def _quote(self, directive: Directive, parts: list[tuple[Block, ...]]) -> Quote:
        blocks, attribution = parts[0], ""
        last = blocks[-1] if blocks else None
        if isinstance(last, Prose) and last.html.startswith(tuple(f"<p>{d}" for d in _DASHES)):
            blocks = blocks[:-1]
            attribution = last.html.strip().removeprefix("<p>").removesuffix("</p>")
            attribution = attribution.split(" ", 1)[1]
        return Quote(line=directive.line, blocks=blocks, attribution=attribution)

    def _only(self, directive: Directive, parts: list[tuple[Block, ...]]) -> Only | None:
        try:
            condition = Condition.parse(directive.arguments)
        except ValueError as err:
            self._error("directive-only", directive.line, str(err), "::: only region=Lappi")
            return None
        return Only(line=directive.line, condition=condition, blocks=parts[0])

    def _box(self, directive: Directive, parts: list[tuple[Block, ...]]) -> Box:
        return Box(line=directive.line, blocks=parts[0])

    def _columns(self, directive: Directive, parts: list[tuple[Block, ...]]) -> Columns | None:
        cells = tuple(part for part in parts if part)
        if not 2 <= len(cells) <= 4:
            self._error(
                "directive-columns",
                directive.line,
                f"columns need two to four parts, here are {len(cells)}",
                "divide them by a line of three dashes",
            )
            return None
        return Columns(line=directive.line, cells=cells)

    def _divider(self, directive: Directive, _: list[tuple[Block, ...]]) -> Divider:
        return Divider(line=directive.line)

    # --- cleaning ---

    def _inline(self, token: Token) -> str:
        return self._clean(self.document.inline_html(token), [token]).strip()

    def _clean(self, html: str, group: Sequence[Token]) -> str:
        raw = [t for token in group for t in (token, *(token.children or ())) if _is_raw(t)]
        if raw:
            self._report_removals(raw, _line(group))
        return clean_html(html).strip()

    def _report_removals(self, raw: Sequence[Token], line: int) -> None:
        for token in raw:
            for removed in list_removals(_raw_html(token)):
                self.findings.append(
                    Finding(
                        id="html-removed",
                        severity=Severity.WARNING,
                        path=self.path,
                        line=token.map[0] + 1 if token.map else line,
                        message=f"{removed} cannot be shown in mail and was taken away",
                        hint="use Markdown or a directive instead",
                    )
                )

    def _error(self, id: str, line: int, message: str, hint: str) -> None:
        self.findings.append(
            Finding(
                id=id,
                severity=Severity.ERROR,
                path=self.path,
                line=line,
                message=message,
                hint=hint,
            )
        )


_Reader = Callable[[BlockReader, Directive, list[tuple[Block, ...]]], Block | None]
_READERS: dict[str, _Reader] = {
    "box": BlockReader._box,
    "button": BlockReader._button,
    "columns": BlockReader._columns,
    "divider": BlockReader._divider,
    "image": BlockReader._image_directive,
    "only": BlockReader._only,
    "quote": BlockReader._quote,
}


def _groups(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield each top-level element as the tokens from its opening to its closing."""
    group: list[Token] = []
    depth = 0
    for token in tokens:
        group.append(token)
        depth += token.nesting
        if depth == 0:
            yield group
            group = []


def _parts(group: list[Token]) -> list[list[Token]]:
    """Return the content of each part of a directive."""
    return [part[1:-1] for part in _groups(group[1:-1])]


def _line(group: Sequence[Token]) -> int:
    return next((t.map[0] + 1 for t in group if t.map), 1)


def _lone_image(inline: Token) -> tuple[Token, str] | None:
    """Return the image of a paragraph that holds nothing else, and where it links to."""
    children = [
        t for t in inline.children or () if not (t.type == "text" and not t.content.strip())
    ]
    types = [t.type for t in children]
    if types == ["image"]:
        return children[0], ""
    if types == ["link_open", "image", "link_close"]:
        return children[1], str(children[0].attrGet("href") or "")
    return None


def _plain(tokens: Sequence[Token]) -> str:
    """Return the words of inline tokens."""
    return "".join(
        " " if t.type.endswith("break") else _plain(t.children or ()) or t.content for t in tokens
    )


def _readable_source(source: str) -> str:
    """Return a file's path as its author wrote it; addresses stay encoded."""
    return source if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", source) else unquote(source)


def _only_paragraph(parts: list[tuple[Block, ...]]) -> str | None:
    """Return the inline HTML of a directive that holds one paragraph, else None."""
    match parts:
        case [(Prose(html=html),)] if html.startswith("<p>") and html.count("<p>") == 1:
            return html.strip().removeprefix("<p>").removesuffix("</p>")
    return None


def _is_raw(token: Token) -> bool:
    return token.type in ("html_block", "html_inline", "link_open", "image")


def _raw_html(token: Token) -> str:
    if token.type == "link_open":
        return f'<a href="{escape(str(token.attrGet("href")))}">'
    if token.type == "image":
        return f'<img src="{escape(str(token.attrGet("src")))}">'
    return token.content
