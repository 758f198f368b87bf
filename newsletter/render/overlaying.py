"""Builds a template on the one it stands in for, which has the same name in the next folder.

`{% extends "default.mjml" %}` within a default.mjml means the page of the next folder of the look,
never itself; any template reaches the one that it hides as "next:" and its own name.
"""

import re

from jinja2 import nodes
from jinja2.visitor import NodeVisitor

_NEXT = "next:"
_NEXTS = re.compile(f"^(?:{_NEXT})+")  # however many, in linear time


def plain_name(name: str) -> tuple[str, int]:
    """Return the name of a template's file, and how many files of that name are passed over."""
    plain = _NEXTS.sub("", name)
    return plain, (len(name) - len(plain)) // len(_NEXT)


def next_name(name: str) -> str:
    """Return the name of the file that a template of this name hides."""
    return _NEXT + name


def build_on_next(tree: nodes.Template, name: str) -> None:
    """Let a template of this name reach the one that it hides."""
    _Overlay(name).visit(tree)


class _Overlay(NodeVisitor):
    """Says one "next:" more wherever a template names what has its own name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._file = plain_name(name)[0]

    def visit_Extends(self, node: nodes.Extends) -> None:  # noqa: N802 - Jinja's own way of naming
        named = node.template
        if isinstance(named, nodes.Const) and named.value == self._file:
            named.value = _NEXT + self._name
        else:
            self._reach(node)

    def _reach(self, node: nodes.Extends | nodes.Include | nodes.Import | nodes.FromImport) -> None:
        named = node.template
        if isinstance(named, nodes.Const) and named.value == _NEXT + self._file:
            named.value = _NEXT + self._name

    visit_Include = visit_Import = visit_FromImport = _reach  # noqa: N815
