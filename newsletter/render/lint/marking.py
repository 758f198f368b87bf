"""Judges the markup of templates: elements, attributes, and what stands where."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from newsletter.language import lookalike, nearest, say
from newsletter.markup.elements import is_element
from newsletter.model import Finding, rules
from newsletter.render.lint.balance import Mismatch
from newsletter.render.lint.plain import FILLED, Plain, shown
from newsletter.render.lint.table import Holds, elements, misread, parents_of
from newsletter.render.lint.tags import Kind, Piece, attributes_of, pieces_of, stray_in

# What a mail must not hold: programs drop it, and some take the mail for a trap.
_ACTIVE = frozenset({
    *("applet", "button", "embed", "fieldset", "form", "frame", "frameset", "iframe", "input"),
    *("object", "script", "select", "textarea"),
})  # fmt: skip
_SHOWN = 40  # signs of words
_FOR_OUTLOOK = re.compile(r"\s*(?:\[if\b|<!\[endif\])")
_TAG = re.compile(r"</?[A-Za-z][^\s<]*")

Found = tuple[int, Finding]  # offset, and what is found there
_MOST_TAGS = 10_000
_DEEPEST = 200  # MJML reads half of that; branches may each begin the same element
_LONGEST = 500  # signs of a name, which are compared with others


def judge(piece: Piece, around: Sequence[str]) -> Iterator[Found]:
    """Yield what is wrong with a piece of markup; `around` are elements, the innermost last.

    The outermost may be several, divided by a bar: where a file is included in different places.
    """
    if piece.kind is Kind.WORDS:
        yield from _judge_words(piece, around)
    elif piece.kind is Kind.COMMENT:
        yield from _judge_comment(piece)
    elif piece.kind is not Kind.CLOSE:
        yield from _judge_name(piece, around)
        if stray := stray_in(piece):
            yield (
                piece.start,
                rules.TEMPLATE_TAGS.error(
                    "“{text}” within <{tag}> is no attribute",
                    "take it out",
                    text=stray[:_SHOWN],
                    tag=piece.name,
                ),
            )
        yield from ((at, finding) for at, finding in _judge_attributes(piece))


def told(mismatch: Mismatch, line_of_other: int | None) -> Finding:
    """Return what is told of a tag without the other one of its pair."""
    tag, other, line = mismatch.tag.name, mismatch.other, line_of_other or 0
    if mismatch.tag.kind is Kind.OPEN and other:
        return rules.TEMPLATE_TAGS.error(
            "<{tag}> is still open where </{end}> stands on line {other}",
            "write </{tag}> where it ends",
            tag=tag,
            end=other.name,
            other=line,
        )
    if mismatch.tag.kind is Kind.OPEN:
        return rules.TEMPLATE_TAGS.error(
            "<{tag}> is never closed", "write </{tag}> where it ends", tag=tag
        )
    if other and mismatch.misspelt:
        return rules.TEMPLATE_TAGS.error(
            "</{tag}> does not close <{open}> of line {other}",
            "did you mean </{open}>?",
            tag=tag,
            open=other.name,
            other=line,
        )
    if other:
        return rules.TEMPLATE_TAGS.error(
            "</{tag}> closes nothing: what is open here is <{open}> of line {other}",
            "take it out, or open it before",
            tag=tag,
            open=other.name,
            other=line,
        )
    return rules.TEMPLATE_TAGS.error(
        "</{tag}> closes nothing", "take it out, or open it before", tag=tag
    )


def too_many_tags(plain: Plain) -> Iterator[Found]:
    """Yield where a template has more tags, or deeper ones, than can be judged."""
    opened: list[str] = []
    for number, piece in enumerate(pieces_of(plain)):
        if piece.kind is Kind.OPEN:
            opened.append(piece.name)
        elif piece.kind is Kind.CLOSE and piece.name in opened:
            while opened.pop() != piece.name:
                pass
        if len(opened) > _DEEPEST:
            yield (
                piece.start,
                rules.TEMPLATE_TAGS.error(
                    "more than {most} elements are open here",
                    "end each before the next one begins, or take some out",
                    most=_DEEPEST,
                ),
            )
        if number == _MOST_TAGS:
            yield (
                piece.start,
                rules.TEMPLATE.error(
                    "this template has more than {most:,} times {what}",
                    "take some out, or divide it into several files",
                    most=_MOST_TAGS,
                    what="< … >",
                ),
            )
        if len(piece.name) > _LONGEST:
            yield (
                piece.start,
                rules.TEMPLATE_TAGS.error(
                    "the name of this element has more than {most} signs",
                    "write one that MJML or HTML has",
                    most=_LONGEST,
                ),
            )


def _judge_words(piece: Piece, around: Sequence[str]) -> Iterator[Found]:
    if broken := _TAG.search(piece.inner):
        yield (
            piece.start + broken.start(),
            rules.TEMPLATE_TAGS.error(
                "“{tag}” is a tag that does not end",
                "a quotation mark is missing, or the > at its end",
                tag=broken[0][:_SHOWN],
            ),
        )
        return
    words = " ".join(piece.inner.replace(FILLED, " ").split())
    if words and _holds_no_words(around):
        yield piece.start, _outside(words[:_SHOWN], around)


def _judge_comment(piece: Piece) -> Iterator[Found]:
    if not _FOR_OUTLOOK.match(piece.inner) and FILLED not in piece.inner:
        yield (
            piece.start,
            rules.TEMPLATE_COMMENTS.warning(
                "the comment “{comment}” is mailed to every reader",
                "write it as {form}, which stays here",
                comment=" ".join(piece.inner.split())[:_SHOWN],
                form="{# … #}",
            ),
        )


def _judge_name(piece: Piece, around: Sequence[str]) -> Iterator[Found]:
    name = piece.name
    if name in elements():
        yield from _judge_place(piece, around)
    elif name.lower().startswith("mj"):
        close = lookalike(name, elements()) or nearest(name, _allowed_in(around))
        yield (
            piece.start,
            rules.TEMPLATE_ELEMENTS.error(
                "MJML has no element <{tag}>: what is in it gets lost", close, tag=name
            ),
        )
    elif _holds_no_words(around):
        yield piece.start, _outside(f"<{name}>", around)
    elif name.lower() in _ACTIVE:
        yield (
            piece.start,
            rules.TEMPLATE_ACTIVE.error(
                "<{tag}> is dropped by mail programs, or makes them distrust the mail",
                "link to a page with it instead",
                tag=name,
            ),
        )
    elif name.lower() == "style" and "mj-head" not in around:
        yield (
            piece.start,
            rules.TEMPLATE_ACTIVE.error(
                "<style> outside of <mj-head> is dropped by Gmail and others",
                "move its rules to templates/extra_screen.css",
            ),
        )
    elif FILLED not in name and "{" not in name and not is_element(name):
        known = lookalike(name, _HTML)
        yield (
            piece.start,
            rules.TEMPLATE_ELEMENTS.warning("HTML has no element <{tag}>", known or "", tag=name),
        )


_HTML = ("a", "b", "blockquote", "br", "caption", "center", "code", "div", "em", "font", "h1", "h2",
         "h3", "h4", "hr", "i", "img", "li", "ol", "p", "pre", "small", "span", "strong", "sub",
         "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul")  # fmt: skip


def _judge_place(piece: Piece, around: Sequence[str]) -> Iterator[Found]:
    """Yield that an element stands where MJML does not look for it."""
    parents = _parents_in(around)
    if parents and not any(piece.name in elements()[parent].children for parent in parents):
        into = [f"<{name}>" for name in parents_of(piece.name)]
        yield (
            piece.start,
            rules.TEMPLATE_ELEMENTS.error(
                "<{tag}> cannot stand in <{parent}>: MJML leaves it out, or spoils the page",
                "it stands in: {parents}",
                tag=piece.name,
                parent=parents[0],
                parents=", ".join(into),
            ),
        )


def _judge_attributes(piece: Piece) -> Iterator[Found]:
    element = elements().get(piece.name)
    if element is None:
        return
    for name, value, offset in attributes_of(piece):
        if FILLED in name:
            continue
        kind = element.attributes.get(name)
        finding = _unknown(piece.name, name) if kind is None else _misread(name, kind, value or "")
        if finding:
            yield offset, finding


@lru_cache(maxsize=256)
def _unknown(tag: str, name: str) -> Finding:
    known = elements()[tag].attributes
    hint = lookalike(name, known) or say("known here: {names}", names=", ".join(sorted(known)))
    return rules.TEMPLATE_ATTRIBUTES.warning(
        "<{tag}> has no attribute “{name}”: it does nothing",
        hint,
        tag=tag,
        name=name,
    )


@lru_cache(maxsize=1024)
def _misread(name: str, kind: str, value: str) -> Finding | None:
    wrong = misread(kind, value)
    if wrong is None:
        return None
    written = f'{name}="{shown(value)}"'
    if wrong.lacks_unit:
        meant = f'{name}="{shown(wrong.lacks_unit)}"'
        return rules.TEMPLATE_ATTRIBUTES.error(
            "{written}: a length needs its unit", "write {meant}", written=written, meant=meant
        )
    return rules.TEMPLATE_ATTRIBUTES.error(
        "{written} cannot be read", "write {expected}", written=written, expected=wrong.expected
    )


def _outside(words: str, around: Sequence[str]) -> Finding:
    parent = _parents_in(around)[0]
    into = "<mj-raw>" if parent in ("mjml", "mj-head", "mj-attributes") else "<mj-text>"
    return rules.TEMPLATE_WORDS.error(
        "“{words}” stands in <{parent}>, which shows no words: they get lost or out of place",
        "put it into {element}",
        words=words,
        parent=parent,
        element=into,
    )


def _holds_no_words(around: Sequence[str]) -> bool:
    """Return whether what stands directly within these elements must be one of MJML."""
    if not around or not all(name in elements() for name in around[-1].split("|")):
        return False
    return all(elements()[name].holds is not Holds.WORDS for name in around[-1].split("|"))


def _parents_in(around: Sequence[str]) -> list[str]:
    """Return the innermost element of MJML, or all that it may be."""
    for names in reversed(around):
        if parents := [name for name in names.split("|") if name in elements()]:
            return parents
    return []


def _allowed_in(around: Sequence[str]) -> list[str]:
    names = {name for parent in _parents_in(around) for name in elements()[parent].children}
    return sorted(names or elements())
