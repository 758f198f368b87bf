"""Turns the tokens of a parsed issue into blocks that remember their source line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

from markdown_it.token import Token

from newsletter.content.cleaning import clean_html, list_removals
from newsletter.content.directive_blocks import read_directive, readable_source
from newsletter.content.directive_input import DirectiveError, DirectiveInput
from newsletter.content.directives import Directive
from newsletter.content.markdown import Document, too_deep
from newsletter.content.signs import find_misread_signs
from newsletter.language import say
from newsletter.markup.nesting import DEEPEST, is_safe_to_clean, shape_of
from newsletter.model import (
    NO_APPEAL,
    NO_KINDS,
    Appeal,
    Block,
    Divider,
    Finding,
    Footnotes,
    Heading,
    Image,
    Kinds,
    Occasion,
    Prose,
    Rule,
    Table,
    rules,
)

_ALIGN = re.compile(r"text-align:(left|right|center)")
# MJML puts sections next to one another, not into each other; so do the first two. A quote contains
# no people, pictures in rows or events. A block of the newsletter's own is like one of these.
_NEVER_INSIDE = {
    "box": ("columns", "box", "quote"),
    "columns": ("columns", "box", "quote"),
    "contribute": ("columns", "box", "quote"),
    "event": ("quote",),
    "gallery": ("quote",),
    "person": ("quote",),
    "poll": ("quote",),
    "pull": ("quote",),
}
_RULES = {rule.id: rule for rule in rules.READING_RULES}


@dataclass(slots=True)
class BlockReader:
    """Reads blocks from a document and collects what is wrong with them."""

    document: Document
    occasions: Mapping[str, Occasion] = field(default_factory=dict)  # by the author's name
    kinds: Kinds = NO_KINDS  # what the newsletter adds to the kinds of blocks
    language: str = ""  # of the issue
    appeal: Appeal = NO_APPEAL  # where readers are asked to send news
    unclosed_comments: Sequence[int] = ()  # lines
    findings: list[Finding] = field(default_factory=list)
    _level: int = 1  # of the last heading
    _shift: int = 0  # what is added to the levels that the author gave

    def read(self) -> tuple[Block, ...]:
        """Return the blocks of the whole document."""
        tokens = self.document.tokens
        if any(t.type == "heading_open" and t.tag == "h1" for t in tokens):
            self._shift = 1  # the subject is the only heading of level 1
        self._find_losses()
        return self._blocks(tokens, ())

    def _find_losses(self) -> None:
        """Report what Markdown would silently drop."""
        if deep := too_deep(self.document.tokens):
            message = say("lists, quotes or emphasis are nested too deeply here to be read")
            self._error(rules.NESTING_DEPTH, deep, message, say("nest a few levels, no more"))
        for line in self.unclosed_comments:
            message = say("this comment never ends, so readers would see it")
            self._error(rules.COMMENT_UNCLOSED, line, message, say("end it with -->"))
        for mark, first, line in self.document.explained_twice:
            message = say("“{mark}” is already explained on line {line}", mark=mark, line=first)
            hint = say("remove one of the two, or rename it")
            self._error(rules.EXPLAINED_TWICE, line, message, hint)
        self.findings += find_misread_signs(self.document.tokens, self.document.lines)
        self._find_misnamed()
        self._find_unused()

    def _find_misnamed(self) -> None:
        """Report the names of headings that something else has, and those that are none."""
        for name, line, first in self.document.misnamed:
            message = (
                say("the heading on line {line} is already called “{name}”", name=name, line=first)
                if first
                else say("“{name}” is the name of a footnote’s place", name=name)
            )
            self._error(rules.HEADING_NAME, line, message, say("give one of the two another name"))
        for words, line in self.document.names_unread:
            message = say("“{found}” would be mailed as it is", found=words)
            hint = say(
                "a name is {#name} without blanks, once and at the end of its heading;"
                " a backslash before it keeps the braces"
            )
            self._warn(rules.HEADING_NAME, line, message, hint)

    def _find_unused(self) -> None:
        """Report the definitions that nothing in the text uses."""
        for label, line in self.document.unused_footnotes.items():
            message = say(
                "nothing refers to the footnote [^{label}], so nobody would see it", label=label
            )
            hint = say("write [^{label}] where it belongs", label=label)
            self._error(rules.FOOTNOTE_UNUSED, line, message, hint)
        for label, line in self.document.unused_addresses.items():
            message = say("this line names an address “[{label}]” that no link has", label=label)
            hint = say("remove the line, or write \\[ if readers are to see it")
            self._error(rules.ADDRESS_UNUSED, line, message, hint)
        for label, line in self.document.unused_abbreviations.items():
            message = say("the abbreviation “{label}” is explained but used nowhere", label=label)
            hint = say("remove the line, or compare the spelling")
            self._warn(rules.ABBREVIATION_UNUSED, line, message, hint)

    def _blocks(self, tokens: Sequence[Token], inside: tuple[str, ...]) -> tuple[Block, ...]:
        blocks: list[Block] = []
        for group in _groups(tokens):
            if group[0].type == "directive_open":
                blocks += self._directive(group, inside)
            elif group[0].type == "heading_open":
                blocks.append(self._heading(group, inside))
            else:
                blocks += self._flow(group)
        return tuple(blocks)

    # --- Markdown ---

    def _heading(self, group: list[Token], inside: tuple[str, ...]) -> Heading:
        level = max(2, min(6, int(group[0].tag[1]) + self._shift))
        begins_section = level == 2 and not set(inside) - {"literal", "only"}
        name: str = group[0].meta["name"]
        html = self._inline(group[1])
        self._level = level
        return Heading(
            line=_line(group),
            level=level,
            html=html,
            name=name,
            anchor=name if begins_section or group[0].meta["is_wanted"] else "",
            begins_section=begins_section,
        )

    def _flow(self, group: list[Token]) -> Iterator[Block]:
        first = group[0]
        if first.type == "footnote_block_open":
            yield self._footnotes(group)
        elif first.type == "hr":
            yield Divider(line=_line(group))
        elif first.type == "table_open":
            yield self._table(group)
        elif first.type == "paragraph_open" and (image := _lone_image(group[1])):
            yield self._image(*image, line=_line(group))
        else:
            _place_names(group)
            html = self._clean(self.document.html(group), group)
            if re.sub(r"<(?!img|hr)[^>]*>|\s", "", html):
                yield Prose(line=_line(group), html=html)

    def _footnotes(self, group: list[Token]) -> Footnotes:
        notes = []
        for note in _groups(group[1:-1]):
            html = self._clean(self.document.html(note[1:-1]), note)
            notes.append((note[0].meta["id"] + 1, html))
        return Footnotes(line=_line(group), notes=tuple(notes))

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
            source=readable_source(str(image.attrGet("src") or "")),
            alt=_plain(image.children or ()) or image.content,
            title=str(image.attrGet("title") or ""),
            link=link,
        )

    def _directive(self, group: list[Token], inside: tuple[str, ...]) -> Iterator[Block]:
        directive: Directive = group[0].meta["directive"]
        level = min(6, self._level + 1)  # before what is inside may change it
        if outer := [name for name in inside if self._is_barred(directive.name, name)]:
            self._nested(directive, outer[-1])
            return
        given = DirectiveInput(
            directive=directive,
            parts=tuple(
                self._blocks(part[1:-1], (*inside, directive.name)) for part in _groups(group[1:-1])
            ),
            occasions=self.occasions,
            level=level,
            is_empty=not any(part[1:-1] for part in _groups(group[1:-1])),
            kinds=self.kinds,
            language=self.language,
            appeal=self.appeal,
            type_="" if "literal" in inside else self.document.type_,
        )
        if directive.name == "literal":
            yield from given.blocks
            return
        try:
            block = read_directive(given)
        except DirectiveError as err:
            rule = _RULES.get(f"directive-{directive.name}", rules.DIRECTIVE_WORDS)
            rule = rules.DIRECTIVE_OWN if self.kinds.named(directive.name) else rule
            self._error(rule, directive.line, err.message, err.hint)
        else:
            if block is not None:
                yield block

    def _is_barred(self, name: str, around: str) -> bool:
        """Return whether a directive cannot stand inside another one."""
        inner, outer = self.kinds.named(name), self.kinds.named(around)
        if inner:
            name = "box" if inner.has_row else "quote" if inner.flows else "person"
        if outer:
            around = "box" if outer.has_row else "quote"
        return around in _NEVER_INSIDE.get(name, ())

    def _nested(self, directive: Directive, outer: str) -> None:
        message = say("“{inner}” cannot be inside “{outer}”", inner=directive.name, outer=outer)
        hint = say("close the outer one first")
        kind = self.kinds.named(directive.name)
        if kind and not kind.has_row:
            hint = say(
                "close the outer one first, or write blocks/{name}.flow.mjml, a template for where"
                " MJML cannot stand",
                name=kind.name,
            )
        self._error(rules.DIRECTIVE_NESTING, directive.line, message, hint)

    # --- cleaning ---

    def _inline(self, token: Token) -> str:
        return self._clean(self.document.html([token]), [token]).strip()

    def _clean(self, html: str, group: Sequence[Token]) -> str:
        raw = [found for token in group for found in _raw_in(token, _line(group))]
        for token, line in raw:
            for removed in list_removals(_raw_html(token)):
                hint = say("use Markdown or a directive instead")
                self._warn(rules.HTML_REMOVED, line, removed, hint)
        cleaned = clean_html(html).strip() if is_safe_to_clean(html) else None
        if cleaned is not None and ("<" not in cleaned or shape_of(cleaned).depth <= DEEPEST):
            return cleaned
        if any(found.id == rules.NESTING_DEPTH.id for found in self.findings):
            return ""  # nesting from Markdown is reported already
        message = say("more than {most} nested elements; words would be lost", most=DEEPEST)
        self._error(rules.HTML_NESTING, _line(group), message, say("split up what is here"))
        return ""

    def _warn(self, rule: Rule, line: int, message: str, hint: str) -> None:
        self.findings.append(rule.warning(message, hint, line=line))

    def _error(self, rule: Rule, line: int, message: str, hint: str) -> None:
        self.findings.append(rule.error(message, hint, line=line))


def _place_names(group: Sequence[Token]) -> None:
    """Put places for links into the headings of a list or a Markdown quote."""
    for opening, inline in pairwise(group):
        if opening.type == "heading_open" and opening.meta["is_wanted"]:
            place = Token("place_open", "a", 1, {"name": opening.meta["name"]})
            inline.children = [place, Token("place_close", "a", -1), *(inline.children or ())]


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


def _line(group: Sequence[Token]) -> int:
    return next((t.map[0] + 1 for t in group if t.map), 1)


def _lone_image(inline: Token) -> tuple[Token, str] | None:
    """Return the image of a paragraph that contains nothing else, and its link target."""
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


def _raw_in(token: Token, line: int) -> Iterator[tuple[Token, int]]:
    """Yield what may be removed from a token and its children, each with its line."""
    line = token.map[0] + 1 if token.map else line
    if _is_raw(token):
        yield token, line
    for child in token.children or ():
        line += child.type in ("softbreak", "hardbreak")
        if _is_raw(child):
            yield child, line


def _is_raw(token: Token) -> bool:
    return token.type in ("html_block", "html_inline", "link_open", "image")


def _raw_html(token: Token) -> str:
    if token.type == "link_open":
        return f'<a href="{escape(str(token.attrGet("href")))}">'
    if token.type == "image":
        return f'<img src="{escape(str(token.attrGet("src")))}">'
    return token.content
