"""Finds the lines of keys and values in a front matter."""

from collections.abc import Iterator
from contextlib import suppress

import yaml

# What PyYAML raises for a value that is not what it seems or its tag says, such as a day that no
# calendar has, or “!!timestamp noon”: they name no line.
MISFITS = (ValueError, LookupError, AttributeError)


def key_lines(front_matter: str, *, first: int) -> dict[str, int]:
    """Return the line of each key by its path, such as "events.teemapaiva.start".

    `first` is the line of the file on which the front matter, valid YAML, begins.
    """
    found: dict[str, int] = {}

    def visit(node: yaml.Node | None, path: str, above: tuple[yaml.Node, ...]) -> None:
        if not isinstance(node, yaml.MappingNode) or node in above:  # an alias of what holds it
            return
        for key, value in node.value:
            name = f"{path}{key.value}"
            found[name] = key.start_mark.line + first
            visit(value, f"{name}.", (*above, node))

    visit(yaml.compose(front_matter, yaml.SafeLoader), "", ())
    return found


def misfit_line(front_matter: str, *, first: int) -> int:
    """Return the line of the first value that is not what it seems or its tag says.

    The front matter is valid YAML otherwise.
    """
    loader = yaml.SafeLoader(front_matter)
    for node in _scalars(loader.get_single_node()):
        try:
            with suppress(yaml.YAMLError):  # “<<” is no value by itself
                loader.construct_object(node)
        except MISFITS:
            return node.start_mark.line + first
    return first


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
