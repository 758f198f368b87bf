"""Parses an issue's Markdown: CommonMark with tables, footnotes, abbreviations and directives."""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def

from newsletter.content.abbreviations import Abbreviation, abbreviation_plugin
from newsletter.content.comments import KEPT_LINE, CodeBlock
from newsletter.content.directives import Colons, Directive
from newsletter.content.headings import Named, Unread, headings_plugin
from newsletter.content.numbering import numbering_plugin
from newsletter.content.rawhtml import raw_html_plugin
from newsletter.content.slots import restore_slots
from newsletter.content.typesetting import typesetting_plugin
from newsletter.markup.nesting import DEEPEST
from newsletter.model.footnotes import refer

_INTERRUPTS = ["paragraph", "reference", "blockquote", "list", "footnote_def"]
_CODE = ("code_inline", "code_block", "fence")


@dataclass(slots=True)
class Document:
    """A parsed issue: tokens, and what is needed to render them."""

    tokens: list[Token]
    env: MutableMapping[str, Any] = field(default_factory=dict)

    @property
    def lines(self) -> Sequence[str]:
        """Return the lines that were parsed."""
        return str(self.env.get("text", "")).split("\n")

    @property
    def unused_footnotes(self) -> Mapping[str, int]:
        """Return the footnotes that nothing refers to, with the line of each.

        Markdown drops their text.
        """
        refs: Mapping[str, int] = self.env.get("footnotes", {}).get("refs", {})
        labels = [label.removeprefix(":") for label, number in refs.items() if number < 0]
        return {label: self._footnote_lines[label][0] for label in labels}

    @property
    def unused_abbreviations(self) -> Mapping[str, int]:
        """Return the abbreviations that do not occur in the text, with the line of each."""
        known: Sequence[Abbreviation] = self.env.get("abbreviations", ())
        return {a.label: a.line for a in known if not a.used}

    @property
    def type_(self) -> str:
        """Return the language in whose type the text is set; empty leaves it to the letter."""
        return str(self.env.get("type") or "")

    def html(self, tokens: Sequence[Token]) -> str:
        """Render tokens to HTML, not yet cleaned."""
        md = _markdown()
        return str(md.renderer.render(tokens, md.options, self.env))

    @property
    def unused_addresses(self) -> Mapping[str, int]:
        """Return the link definitions that no link or picture uses, with the line of each.

        Markdown drops their lines, though many were written to be read: “[Paikka]: Oulu”.
        """
        used = {token.meta.get("label") for token in _all(self.tokens)}
        references: Mapping[str, Any] = self.env.get("references", {})
        return {
            label.lower(): found["map"][0] + 1
            for label, found in references.items()
            if label not in used
        }

    @property
    def explained_twice(self) -> Sequence[tuple[str, int, int]]:
        """Return what is defined twice, with both lines; Markdown uses only one of the two.

        Footnotes, abbreviations and link definitions are given as written.
        """
        twice = [
            (f"[^{label}]", first, line)
            for label, (first, *others) in self._footnote_lines.items()
            for line in others
        ]
        twice += [(f"*[{label}]", a, b) for label, a, b in self.env.get("abbreviated_twice", ())]
        for double in self.env.get("duplicate_refs", ()):
            first = self.env["references"][double["label"]]["map"][0] + 1
            twice.append((f"[{double['label'].lower()}]", first, double["map"][0] + 1))
        return twice

    @property
    def misnamed(self) -> Sequence[Named]:
        """Return the names that authors fixed and that are taken."""
        found: Sequence[Named] = self.env.get("misnamed", ())
        return found

    @property
    def names_unread(self) -> Sequence[Unread]:
        """Return what resembles a heading's fixed name, and is shown."""
        found: Sequence[Unread] = self.env.get("names_unread", ())
        return found

    @property
    def _footnote_lines(self) -> Mapping[str, Sequence[int]]:
        lines: Mapping[str, Sequence[int]] = self.env.get("footnote_lines", {})
        return lines


def parse_markdown(
    text: str, directives: Mapping[int, Directive], sources: Mapping[str, str], *, type_: str = ""
) -> Document:
    """Parse Markdown whose directives are known; restore the slots that are only shown as code.

    `type_` is the language in whose type the text is set; empty leaves it to the letter.
    """
    env: MutableMapping[str, Any] = {
        "directives": directives,
        "text": text,
        "type": type_,
        "sources": sources,
    }
    tokens = _markdown().parse(text, env)
    for token in _all(tokens):
        if token.type in _CODE:
            token.content = restore_slots(token.content, sources)
    return Document(tokens, env)


def too_deep(tokens: Sequence[Token]) -> int | None:
    """Return the line at which lists, quotes or emphasis become nested too deeply to be read."""
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        inner = max((child.level for child in token.children or ()), default=0)
        if token.level + token.nesting >= DEEPEST or inner >= DEEPEST:
            return line
    return None


def find_colons(text: str) -> list[Colons]:
    """Return the lines of colons that Markdown takes for neither code nor comment."""
    found: list[Colons] = []
    _scanner().parse(text, {"colons": found})
    return found


def find_code(text: str) -> list[CodeBlock]:
    """Return on which lines code blocks are."""
    tokens = _scanner().parse(text, {"colons": []})
    return [
        CodeBlock(t.map[0], t.map[1], t.type == "code_block")
        for t in tokens
        if t.type in ("fence", "code_block") and t.map
    ]


@cache
def _scanner() -> MarkdownIt:
    """Return a block-only parser that notes lines of colons."""
    md = MarkdownIt("commonmark").enable("table").use(footnote_plugin)
    md.options["maxNesting"] = DEEPEST
    md.core.ruler.enableOnly(["normalize", "block"])
    md.block.ruler.before("fence", "colons", _note_colons, {"alt": _INTERRUPTS})
    md.use(raw_html_plugin)
    md.use(numbering_plugin)
    return md


def _note_colons(state: StateBlock, start: int, _end: int, silent: bool) -> bool:  # noqa: FBT001
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if not line.startswith(":::") or state.is_code_block(start):
        return False
    if not silent:
        nested = state.level > 0 or bool(state.blkIndent)
        state.env["colons"].append(Colons(start + 1, line.strip(": \t"), nested))
        state.line = start + 1
    return True


def _footnote_def(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Parse a footnote, and remember its line."""
    first = state.bMarks[start] + state.tShift[start] + 2
    is_note = footnote_def(state, start, end, silent)
    if is_note and not silent:
        label = state.src[first : state.src.find("]", first)]
        state.env.setdefault("footnote_lines", {}).setdefault(label, []).append(start + 1)
    return is_note


def _all(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield tokens with all their descendants: lines contain pictures, and those contain links."""
    coming = list(reversed(tokens))
    while coming:
        token = coming.pop()
        yield token
        coming += reversed(token.children or ())


@cache
def _markdown() -> MarkdownIt:
    md = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)
    md.options["maxNesting"] = DEEPEST
    md.options["store_labels"] = True
    md.block.ruler.before(
        "fence",
        "directive",
        _directive,
        {"alt": _INTERRUPTS},
    )
    md.use(raw_html_plugin)
    md.block.ruler.at("footnote_def", _footnote_def, {"alt": ["paragraph", "reference"]})
    md.use(abbreviation_plugin)
    md.use(numbering_plugin)
    md.use(typesetting_plugin)
    md.use(headings_plugin)
    md.core.ruler.after("block", "kept_lines", _empty_kept_lines)
    for name, rule in _FOOTNOTE_HTML.items():
        md.add_render_rule(name, rule)
    return md


def _empty_kept_lines(state: StateCore) -> None:
    """Remove what kept lines of a paragraph open where a comment was."""
    for token in state.tokens:
        if KEPT_LINE in token.content:
            token.content = token.content.replace(KEPT_LINE, "").strip(" \n")


def _directive(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Turn a directive into an opening token, its content and a closing token."""
    found: Directive | None = state.env["directives"].get(start + 1)
    if found is None or found.end > end or state.blkIndent:
        return False
    if silent:
        return True
    opening = state.push("directive_open", "", 1)
    opening.map = [start, found.end]
    opening.meta = {"directive": found}
    for first, last in _parts(state, found):
        part = state.push("part_open", "", 1)
        part.map = [first, last]
        _tokenize(state, first, last)
        state.push("part_close", "", -1)
    state.push("directive_close", "", -1)
    state.line = found.end
    return True


def _parts(state: StateBlock, directive: Directive) -> list[tuple[int, int]]:
    """Return the lines of the content; those of `columns` are split at lines of dashes."""
    first, last = directive.line, max(directive.line, directive.end - 1)
    cuts = [first - 1]
    if directive.name == "columns":
        cuts += _cuts(state, directive, first, last)
    return [(a + 1, b) for a, b in zip(cuts, [*cuts[1:], last], strict=True)]


def _cuts(state: StateBlock, columns: Directive, first: int, last: int) -> Iterator[int]:
    """Yield the lines of dashes that separate columns, but none of a directive within them."""
    line = first
    while line < last:
        inner: Directive | None = state.env["directives"].get(line + 1)
        if inner and columns.line < inner.line < columns.end:
            line = max(inner.end, line + 1)
            continue
        if _is_cut(state, line):
            yield line
        line += 1


def _is_cut(state: StateBlock, line: int) -> bool:
    text = state.src[state.bMarks[line] : state.eMarks[line]].strip()
    return len(text) >= 3 and not text.strip("-")


def _tokenize(state: StateBlock, first: int, last: int) -> None:
    kept = state.lineMax, state.parentType
    state.lineMax, state.parentType = last, "directive"
    state.md.block.tokenize(state, first, last)
    state.lineMax, state.parentType = kept


def _footnote_ref(*rule: Any) -> str:
    _, tokens, index, *_ = rule
    return refer(tokens[index].meta["id"] + 1)


_FOOTNOTE_HTML = {"footnote_ref": _footnote_ref, "footnote_anchor": lambda *_: ""}
