"""Judges a page of MJML that is filled: what only the values of an issue show."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from newsletter.model import Finding, rules
from newsletter.render.lint.marking import judge
from newsletter.render.lint.table import Holds, elements
from newsletter.render.lint.tags import Kind, Piece

Found = tuple[int, Finding]  # offset, and what is found there

# Elements of MJML alone: what stands in one that holds words is not looked at here.
_TAG = re.compile(r"<(/?)(mj[\w-]++)((?:\"[^\"]*\"|'[^']*'|[^'\"<>])*)>|<!--.*?-->", re.DOTALL)
# A comment of ours between their parts would end the one that Outlook reads its tables in.
_FRAMES = (["mj-body"], ["mj-wrapper"], ["mj-section"])
_ANY_TAG = re.compile(r"<[^<>]*>?")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ROW = re.compile(r"(</?tr(?:\s[^<>]*)?>)", re.IGNORECASE)


def judge_page(mjml: str, read: Callable[[str], str]) -> Iterator[Found]:
    """Yield what is wrong with a page that MJML can read; `read` breaks the seals of a text."""
    around: list[str] = []
    end = raw = 0
    for tag in _TAG.finditer(mjml):
        name = tag[2]
        if around and _holds_words(around[-1]) and name != around[-1] and not _is_lost(tag):
            continue
        yield from _between(mjml, end, tag.start(), around, read)
        end = tag.end()
        if name is None:
            continue  # a comment, such as the mark of a line
        if tag[1] and name == "mj-raw" and around[-2:] == ["mj-column", name]:
            yield from _outside_rows(mjml, raw, tag.start(), around, read)
        if tag[1]:
            if name in around:
                del around[around.index(name) :]
            continue
        is_whole = tag[3].endswith("/")
        kind = Kind.WHOLE if is_whole else Kind.OPEN
        for at, finding in _judged(kind, name, tag[3], tuple(around)):
            yield tag.start() + at, finding
        if name == "mj-raw" and mjml.startswith("<!--", end) and around[-1:] in _FRAMES:
            yield tag.start(), _place_in_frame(around[-1])
        if not is_whole:
            around.append(name)
            raw = end


@lru_cache(maxsize=4096)
def _judged(kind: Kind, name: str, inner: str, around: tuple[str, ...]) -> tuple[Found, ...]:
    """Return what is wrong with a tag, of which a page has many alike."""
    return tuple(judge(Piece(kind, 0, len(inner), name, inner), around))


def _between(
    mjml: str, start: int, end: int, around: list[str], read: Callable[[str], str]
) -> Iterator[Found]:
    """Yield the words, or the HTML, between two tags where only elements may stand."""
    words = mjml[start:end]
    if around and not _holds_words(around[-1]) and (inner := words.strip()):
        at = start + len(words) - len(words.lstrip())
        shown = _ANY_TAG.sub(" ", read(inner)).strip() or inner.strip("<>")
        yield from judge(Piece(Kind.WORDS, at, end, "", shown), around)


def _outside_rows(
    mjml: str, start: int, end: int, around: list[str], read: Callable[[str], str]
) -> Iterator[Found]:
    """Yield the words in the raw HTML of a column, which is a table, that stand in no row of it."""
    inner = mjml[start:end]
    if "<!--" in inner and not _COMMENT.sub("", inner).strip():
        return  # the mark of a line
    depth = 0
    for number, part in enumerate(_ROW.split(_COMMENT.sub("", read(inner)))):
        if number % 2:  # a tag
            depth = max(0, depth + (-1 if part.startswith("</") else 1))
        elif not depth and (shown := _ANY_TAG.sub(" ", part).strip()):
            at = start + len(inner) - len(inner.lstrip())
            yield from judge(Piece(Kind.WORDS, at, end, "", shown), around[:-1])
            return


def _place_in_frame(frame: str) -> Finding:
    return rules.TEMPLATE_ELEMENTS.error(
        "{call} within <{frame}> breaks the page in Outlook",
        "write it within a column, before what it tells the line of",
        call="{{ place(…) }}",
        frame=frame,
    )


@lru_cache(maxsize=512)
def _holds_words(name: str) -> bool:
    element = elements().get(name)
    return element is None or element.holds is Holds.WORDS


def _is_lost(tag: re.Match[str]) -> bool:
    """Return whether an element of MJML stands where words are expected."""
    return tag[2] is not None and not tag[1]
