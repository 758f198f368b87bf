"""Reads YAML as a person reads it, and reports each place where YAML would read something else.

An issue uses keys, texts, days, numbers and nested tables. Whatever would silently change a text is
a fault with its line: a comment after it, a key given twice, a number that YAML reads differently,
an escape. Aliases are never followed: a few bytes stay a few bytes.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from frontmatter.default_handlers import SafeLoader, YAMLHandler

from newsletter.content.front_matter import divide
from newsletter.content.yamltexts import (
    Fault,
    Span,
    find_comments,
    find_misread,
    find_misread_number,
    value_of,
)
from newsletter.language import Wording, reason_in_words, say

# What PyYAML raises for a value that does not match its tag, such as “!!timestamp noon”.
_MISFITS = (ValueError, LookupError, AttributeError)
_DEPTH = 6  # of nested tables; an issue needs three
_NAMED = 3  # keys of an event, as events.teemapaiva.start; deeper ones are not needed
# What ends a line in YAML but nowhere else, and what is a byte order mark only at the start of a
# file.
_UNSEEN = {0x85: " ", 0x2028: " ", 0x2029: " ", 0xFEFF: None}


class BrokenYamlError(Exception):
    """A text is not YAML at all."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a front matter says, and where it would be misread."""

    values: dict[str, Any]
    lines: dict[str, int]  # by path, as events.teemapaiva.start
    faults: tuple[Fault, ...]


def read_yaml(text: str, *, first: int, wordless: Collection[str] = ()) -> Reading:
    """Return the values of a table, the line of each key, and what would be misread.

    `first` is the line of the file on which the text begins; `wordless` are keys whose values are
    not text, so that a comment after them loses nothing. Raise BrokenYamlError for invalid YAML.
    """
    reader = _Reader(text.translate(_UNSEEN), first, wordless)
    try:
        return reader.read()
    except yaml.MarkedYAMLError as err:
        mark = err.context_mark if _is_left_open(err) else err.problem_mark
        line = min(mark.line if mark else 0, text.count("\n") + 1) + first
        raise BrokenYamlError(_broken(line, err.problem or "it cannot be read")) from err
    except yaml.YAMLError as err:  # a character that YAML does not allow
        raise BrokenYamlError(_broken(first, "it cannot be read")) from err


class PlainHandler(YAMLHandler):
    """Lets python-frontmatter read as we do; for lists of issues, where nothing is reported."""

    def split(self, text: str) -> tuple[str, str]:
        """Split a text at lines of exactly three dashes."""
        head, body = divide(text)
        return "\n".join(head[1:-1]), "\n".join(body)

    def load(self, fm: str, **_options: object) -> dict[str, Any]:
        """Return what can be read."""
        try:
            return read_yaml(fm, first=1).values
        except BrokenYamlError:
            return {}


@dataclass(slots=True)
class _Reader:
    """Builds values from the events of a parser."""

    text: str
    first: int
    wordless: Collection[str]
    lines: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    loader: Any = field(default_factory=lambda: SafeLoader(""))  # resolves plain values

    def read(self) -> Reading:
        values: dict[str, Any] = {}
        events = yaml.parse(self.text, SafeLoader)
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                value = self._value(event, events, (), 0)
                values = value if isinstance(value, dict) else values
            elif getattr(event, "explicit", False):  # a document begins or ends
                hint = say("leave it out; three dashes end the front matter")
                self._report(event, say("this line begins or ends a document of YAML"), hint)
        for line, message, hint in find_comments(self.text, self.spans):
            self.faults.append(Fault(self.first + line, message, hint))
        first_of_line = {fault.line: fault for fault in reversed(self.faults)}
        faults = tuple(sorted(first_of_line.values(), key=lambda fault: fault.line))
        return Reading(values=values, lines=self.lines, faults=faults)

    def _value(self, event: Any, events: Iterator[Any], path: tuple[str, ...], column: int) -> Any:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if event.anchor:
            self.anchors.add(event.anchor)
            message = say(
                "“&{name}” would not be shown: YAML takes it for a mark", name=event.anchor
            )
            self._report(event, message, say("put the value between quotes"))
        if event.tag:
            self._refuse_tag(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path, column)
        if len(path) == _DEPTH:
            message = say("tables are nested too deep")
            hint = say("write it flatter, or between quotes")
            raise BrokenYamlError(Fault(self._line(event), message, hint))
        if isinstance(event, yaml.MappingStartEvent):
            return self._table(events, path)
        return self._list(events, path)

    def _table(self, events: Iterator[Any], path: tuple[str, ...]) -> dict[str, Any]:
        table: dict[str, Any] = {}
        for key in events:
            if isinstance(key, yaml.MappingEndEvent):
                break
            if not isinstance(key, yaml.ScalarEvent):
                raise BrokenYamlError(_broken(self._line(key), "found unhashable key"))
            name = str(key.value)
            span = self._keep_span(key, None, has_words=True)
            inner = (*path, name)
            if len(inner) <= _NAMED:
                self.lines.setdefault(".".join(inner), self._line(key))
            value = self._value(next(events), events, inner, span.column)
            span.has_words = not isinstance(value, dict | list) and name not in self.wordless
            self._take(table, key, value)
        return table

    def _take(self, table: dict[str, Any], key: Any, value: Any) -> None:
        """Keep the first of two values: which one was meant would be a guess."""
        if key.value == "<<" and not key.style:
            message = say("“<<” is not a key: YAML merges another table in")
            self._report(key, message, say("write each key out"))
        elif key.value in table:
            message = say("“{key}” is given twice, and only one can count", key=key.value)
            self._report(key, message, say("keep one of the lines"))
        else:
            table[key.value] = value

    def _list(self, events: Iterator[Any], path: tuple[str, ...]) -> list[Any]:
        values = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            values.append(self._value(event, events, (*path, "-"), 0))
        return values

    def _scalar(self, event: Any, path: tuple[str, ...], column: int) -> Any:
        has_words = not path or path[-1] not in self.wordless
        span = self._keep_span(event, column, has_words=has_words)
        for line, message, hint in find_misread(self.text, span, ".".join(path)):
            self.faults.append(Fault(self._line(event) + line, message, hint))
        if event.style or event.tag:
            return event.value
        tag = self.loader.resolve(yaml.ScalarNode, event.value, (True, False))
        if oddity := find_misread_number(event.value, tag):
            self._report(event, *oddity)
            return event.value
        try:
            return value_of(event.value, tag)
        except ValueError as err:
            hint = say("write a day such as 2026-12-15")
            self._report(event, _wrong(str(err)), hint)
            return event.value

    def _refuse_tag(self, event: Any) -> None:
        message = say("“{tag}” would not be shown: YAML takes it for a type", tag=_shown(event.tag))
        if isinstance(event, yaml.ScalarEvent):
            try:
                self.loader.construct_object(yaml.ScalarNode(str(event.tag), event.value))
            except yaml.MarkedYAMLError as err:
                message = _wrong(err.problem or "it cannot be read")
            except _MISFITS:
                message = _wrong(say("the value is not what its tag says"))
        self._report(event, message, say("leave out the tag, which begins with “!”"))

    def _alias(self, event: Any) -> None:
        if event.anchor in self.anchors:
            message = say("“*{name}” stands for another value in YAML", name=event.anchor)
            self._report(event, message, say("write the value out, or put it between quotes"))
        else:
            self.faults.append(_broken(self._line(event), "found undefined alias"))

    def _keep_span(self, event: Any, column: int | None, *, has_words: bool) -> Span:
        start, end = event.start_mark, event.end_mark
        column = start.column if column is None else column
        span = Span(start.index, end.index, column, event.style or "", has_words)
        self.spans.append(span)
        return span

    def _line(self, event: Any) -> int:
        return int(event.start_mark.line) + self.first

    def _report(self, event: Any, message: Wording, hint: Wording) -> None:
        self.faults.append(Fault(self._line(event), message, hint))


def _is_left_open(error: yaml.MarkedYAMLError) -> bool:
    """Return whether the fault is where something began, not where its end was missed."""
    context = error.context or ""
    return "flow" in context or "quoted" in context or "simple key" in context


def _broken(line: int, problem: str) -> Fault:
    return Fault(line, _wrong(problem), _hint(problem))


def _wrong(problem: str) -> Wording:
    return say("broken YAML: {problem}", problem=reason_in_words(problem))


def _hint(problem: str) -> Wording:
    if "tab character" in problem or "'\\t'" in problem:
        return say("begin the line with spaces instead of a tab")
    if problem == "could not find expected ':'":  # often text after unclosed front matter
        return say("each line is “key: value”, and a line of three dashes ends them")
    return say("put values that hold a colon or a quotation mark between quotes")


def _shown(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")
