"""Finds the lines of keys and values in a front matter."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import yaml
from frontmatter.default_handlers import SafeLoader  # its own: another would refuse other texts

# What PyYAML raises for a value that is not what it seems or its tag says, such as a day that no
# calendar has, or “!!timestamp noon”: they name no line.
MISFITS = (ValueError, LookupError, AttributeError)
_DEPTH = 3  # keys of an event, as events.teemapaiva.start; nobody asks for deeper ones
_DAY = "tag:yaml.org,2002:timestamp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """A value that is not what it seems or its tag says."""

    line: int  # of the file
    is_tagged: bool  # whether its author wrote the tag
    is_day: bool  # whether it should be a day


def key_lines(front_matter: str, *, first: int) -> dict[str, int]:
    """Return the line of each key by its path, such as "events.teemapaiva.start".

    `first` is the line of the file on which the front matter, valid YAML, begins.
    """
    found: dict[str, int] = {}

    def visit(node: yaml.Node | None, path: tuple[str, ...]) -> None:
        if not isinstance(node, yaml.MappingNode) or len(path) == _DEPTH:
            return
        for key, value in node.value:
            name = (*path, str(key.value))
            found[".".join(name)] = key.start_mark.line + first
            visit(value, name)

    visit(yaml.compose(front_matter, SafeLoader), ())
    return found


def find_misfit(front_matter: str, *, first: int) -> Misfit | None:
    """Return the first value that is not what it seems or its tag says.

    The front matter is valid YAML otherwise.
    """
    lines = front_matter.split("\n")
    loader = SafeLoader(front_matter)
    for node in _scalars(loader.get_single_node()):
        try:
            with suppress(yaml.YAMLError):  # “<<” is no value by itself
                loader.construct_object(node)
        except MISFITS:
            mark = node.start_mark
            written = lines[mark.line][mark.column :]
            return Misfit(
                line=mark.line + first,
                is_tagged=written.startswith("!"),
                is_day=node.tag == _DAY,
            )
    return None


def _scalars(root: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    waiting, seen = [root], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue  # named again by an alias
        seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            yield node
        elif isinstance(node, yaml.SequenceNode):
            waiting += reversed(node.value)
        elif isinstance(node, yaml.MappingNode):
            waiting += reversed([part for pair in node.value for part in pair])
