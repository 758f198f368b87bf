"""Judges the values of a style.jinja: colours, letters and sizes, each by its line."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jinja2
from jinja2 import nodes
from tinycss2.color3 import parse_color

from newsletter.language import lookalike, say
from newsletter.model import Finding, rules

FILE = "style.jinja"
_UNBALANCED = re.compile(r"[;{}<>]")
# How a name begins that a template puts together, such as "box-" of look.light["box-" ~ word].
_BEGUN = re.compile(r"\[[\"']([\w-]+)[\"'] *~")
_READER = jinja2.Environment(autoescape=True)


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of a style.jinja."""

    value: Any
    line: int


def entries_of(source: str) -> Mapping[str, Entry]:
    """Return the values of a style.jinja by name, such as "light.paper"; none if it is broken."""
    try:
        return {
            name: entry
            for assign in _READER.parse(source).find_all(nodes.Assign)
            if isinstance(assign.target, nodes.Name)
            for name, entry in _entries(assign.target.name, assign.node)
        }
    except (jinja2.TemplateError, RecursionError, ValueError):
        return {}  # filling it tells why


def unknown_names(source: str, shipped: Mapping[str, Entry], used: str) -> Iterator[Finding]:
    """Yield the names that a style.jinja sets and nothing reads, the file itself included."""
    known = {name.partition(".")[0] for name in shipped}
    try:
        tree = _READER.parse(source)
        read = known | {one.name for one in tree.find_all(nodes.Name) if one.ctx == "load"}
        targets = [one.target for one in tree.find_all(nodes.Assign)]
        targets += [one.target for one in tree.find_all(nodes.AssignBlock)]
    except (jinja2.TemplateError, RecursionError, ValueError):
        return  # filling it tells why
    for target in targets:
        if isinstance(target, nodes.Name) and not (
            target.name in read or _names(used, target.name)
        ):
            yield _unused(target.name, known, target.lineno)


def judge_entries(
    own: Mapping[str, Entry], shipped: Mapping[str, Entry], used: str
) -> Iterator[Finding]:
    """Yield what is wrong with values; each is to be of the kind of the package's own.

    `used` is the text of all templates, in which an entry that the package has not must be named.
    """
    begun = tuple(_BEGUN.findall(used))
    tables = {name.rpartition(".")[0] for name in shipped} - {""}
    for name, entry in own.items():
        model = shipped.get(name)
        if model is None:
            table, _, key = name.rpartition(".")
            is_known = table in tables and not key.startswith(begun)
            if is_known and not _names(used, key):
                yield _unused(name, shipped, entry.line)
            if _is_colour_by_sign(entry.value) or _is_among_colours(name, shipped):
                yield from _colour(name, entry)
        elif isinstance(model.value, bool):
            yield from _choice(name, entry)
        elif isinstance(model.value, int | float):
            yield from _number(name, entry)
        elif _is_colour(model.value):
            yield from _colour(name, entry)
        elif isinstance(entry.value, str):
            yield from _letters(name, entry)


def _names(text: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text) is not None


def _unused(name: str, known: Iterable[str], line: int) -> Finding:
    hint = lookalike(name, known) or say("take it out")
    return rules.TEMPLATE_UNUSED.warning("no template uses “{name}”", hint, line=line, name=name)


def _entries(name: str, node: nodes.Node) -> Iterator[tuple[str, Entry]]:
    if isinstance(node, nodes.Dict):
        for pair in node.items:
            if isinstance(pair.key, nodes.Const):
                yield from _entries(f"{name}.{pair.key.value}", pair.value)
        return
    while isinstance(node, nodes.Filter) and node.name == "safe" and node.node is not None:
        node = node.node
    if isinstance(node, nodes.Const):
        yield name, Entry(node.value, node.lineno)


def _colour(name: str, entry: Entry) -> Iterator[Finding]:
    if not (isinstance(entry.value, str) and _is_colour(entry.value)):
        yield rules.STYLE_PROPERTIES.error(
            "{name}: “{value}” is no colour: whatever is drawn in it gets lost",
            "write one such as #1d5c57",
            line=entry.line,
            name=name,
            value=str(entry.value),
        )


def _number(name: str, entry: Entry) -> Iterator[Finding]:
    if isinstance(entry.value, bool) or not isinstance(entry.value, int | float):
        yield rules.STYLE_PROPERTIES.error(
            "{name}: “{value}” is no number of pixels",
            "write it without a unit and without quotation marks, such as 17",
            line=entry.line,
            name=name,
            value=str(entry.value),
        )


def _choice(name: str, entry: Entry) -> Iterator[Finding]:
    if not isinstance(entry.value, bool):
        yield rules.STYLE_PROPERTIES.error(
            "{name}: “{value}” is neither true nor false",
            "write true or false, without quotation marks",
            line=entry.line,
            name=name,
            value=str(entry.value),
        )


def _letters(name: str, entry: Entry) -> Iterator[Finding]:
    value = str(entry.value)
    if _UNBALANCED.search(value) or value.count("'") % 2 or value.count('"') % 2:
        yield rules.STYLE_PROPERTIES.error(
            "{name}: “{value}” cannot be read as CSS",
            "write names of fonts with commas between, those of several words in single quotes",
            line=entry.line,
            name=name,
            value=value,
        )


def _is_colour(value: Any) -> bool:
    return isinstance(value, str) and parse_color(value) is not None


def _is_colour_by_sign(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("#")


def _is_among_colours(name: str, shipped: Mapping[str, Entry]) -> bool:
    """Return whether all that the package has in the table of a value are colours."""
    table = name.rpartition(".")[0]
    beside = [entry.value for other, entry in shipped.items() if other.startswith(f"{table}.")]
    return bool(table and beside) and all(map(_is_colour, beside))
