"""Takes Jinja out of a template: what stays is markup or CSS, each sign in its place."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

# A sign of the private use area stands for each sign of a value that is filled in.
FILLED = "\ue000"
# Values that are known to be numbers are numbers: a length made of one still needs its unit.
_NUMBER = "1"
_OF_NUMBERS = re.compile(r"(?:look\.)?(?:size\.\w+|radius)(?:\s*\|\s*default\(\d+\))?")

_QUOTED = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
_JINJA = re.compile(
    r"(?P<comment>\{#.*?#\})"
    r"|\{%[-+]?\s*raw\s*[-+]?%\}(?P<raw>.*?)\{%[-+]?\s*endraw\s*[-+]?%\}"
    rf"|\{{\{{[-+]?(?P<value>(?:{_QUOTED}|[^\"'}}]|\}}(?!\}}))*+)\}}\}}"
    rf"|\{{%[-+]?(?P<statement>(?:{_QUOTED}|[^\"'%]|%(?!\}}))*+)%\}}",
    re.DOTALL,
)
_BEGINS = re.compile(r"\{[{%#]")
_MOST_BROKEN = 20  # signs without an end, each of which is looked for to the end of the file
_NO_BREAK = re.compile(r"[^\n]")
_BLOCK = re.compile(
    r"[-+]?\s*(?:self\.(\w+)|super)\(\)\s*[-+]?$"
)  # a part of the page, placed here
_FILLED_IN = re.compile(rf"{FILLED}+|{_NUMBER}{{8,}}")
_RAW = re.compile(r"\s*raw\s*[-+]?")
_NAME = re.compile(r"\w+")
_TEXT = re.compile(_QUOTED)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of Jinja, such as `{% if contents %}`."""

    start: int
    end: int
    name: str  # "if"
    rest: str  # "contents"


@dataclass(frozen=True)
class Plain:
    """A template without Jinja."""

    source: str
    text: str  # as long as the source: spaces for statements, `FILLED` for values
    statements: tuple[Statement, ...]
    values: tuple[tuple[int, str], ...]  # where values are filled in, and what is said there

    @cached_property
    def _breaks(self) -> list[int]:
        return [found.start() for found in re.finditer("\n", self.source)]

    def line_of(self, offset: int) -> int:
        """Return the line of an offset, counted from 1."""
        return bisect_right(self._breaks, offset - 1) + 1

    def said(self) -> list[str]:
        """Return all texts in quotes within Jinja, such as the names of files and classes."""
        jinja = (*(value for _, value in self.values), *(s.rest for s in self.statements))
        return [text[1:-1] for part in jinja for text in _TEXT.findall(part)]


def shown(text: str) -> str:
    """Return a piece of a plain text as people are told of it."""
    return _FILLED_IN.sub("…", text)


def read_plain(source: str) -> Plain:
    """Take Jinja out of a template."""
    statements: list[Statement] = []
    values: list[tuple[int, str]] = []
    parts: list[str] = []
    end = 0
    block: re.Match[str] | None = None
    for found in _jinja_in(source):
        parts.append(source[end : found.start()])
        end = found.end()
        if found["raw"] is not None:
            before, after = found.start("raw") - found.start(), found.end() - found.end("raw")
            parts += [" " * before, found["raw"], " " * after]
        elif (value := found["value"]) is not None and not (block := _BLOCK.match(value)):
            said = " ".join(value.strip("-+ \n").split())
            values.append((found.start(), said))
            sign = _NUMBER if _OF_NUMBERS.fullmatch(said) else FILLED
            parts.append(_NO_BREAK.sub(sign, found[0]))
        else:
            if block and value is not None:
                statements.append(Statement(found.start(), end, "self", block[1] or ""))
            elif (statement := found["statement"]) is not None:
                said = " ".join(statement.strip("-+ \n").split())
                name = _NAME.match(said)
                rest = said[name.end() :].strip() if name else said
                statements.append(Statement(found.start(), end, name[0] if name else "", rest))
            parts.append(_NO_BREAK.sub(" ", found[0]))
    parts.append(source[end:])
    return Plain(source, "".join(parts), tuple(statements), tuple(values))


def _jinja_in(source: str) -> Iterator[re.Match[str]]:
    """Yield what is Jinja; what follows after many signs without an end is taken for text."""
    end = broken = 0
    for begun in _BEGINS.finditer(source):
        if begun.start() < end:
            continue
        if found := _JINJA.match(source, begun.start()):
            end = found.end()
            yield found
            broken += _RAW.fullmatch(found["statement"] or "") is not None
        else:
            broken += 1
        if broken > _MOST_BROKEN:
            return
