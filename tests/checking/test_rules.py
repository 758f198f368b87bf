"""A rule's id is written once, where the rule is declared, and a rule alone makes findings."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import newsletter
from newsletter.checking import ALL_RULES

PACKAGE = Path(newsletter.__file__).parent
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "templates" not in path.parts)
# What keeps an issue from being read or shown at all: no report tells it, nothing silences it.
STOPS = {"template", "issue-files"}
# Of files that are no issues: they have their own reports.
OTHER_FILES = re.compile(r"meeting-file|region-file|survey-\w+")
# Names of headers, and of a question about a list, that rules are named after.
OTHER_MEANINGS = {"message-id", "list-id", "list-unsubscribe", "list-unsubscribe-post", "encoding"}


def test_whatever_may_be_found_is_a_rule_that_is_declared_once() -> None:
    declared = Counter(id.value for path in FILES for id in _declared_in(_tree(path)))

    assert {id for id, count in declared.items() if count > 1} == set()
    of_others = {id for id in declared if OTHER_FILES.fullmatch(str(id))}
    assert set(declared) == {rule.id for rule in ALL_RULES} | STOPS | of_others


def test_the_id_of_a_rule_is_written_only_where_it_is_declared() -> None:
    ids = {rule.id for rule in ALL_RULES} - OTHER_MEANINGS

    again = [
        f"{path.name}:{node.lineno}: {node.value}"
        for path in FILES
        for node in _strings_but(_tree(path), set(_declared_in(_tree(path))))
        if node.value in ids
    ]

    assert again == []


def test_only_rules_make_findings() -> None:
    makers = {
        path.relative_to(PACKAGE).as_posix()
        for path in FILES
        for call in _calls(_tree(path), "Finding")
    }

    assert makers == {
        "model/rules.py",
        "settings/faults.py",
    }  # the settings are read before there are rules


_TREES: dict[Path, ast.Module] = {}


def _tree(path: Path) -> ast.Module:
    if path not in _TREES:
        _TREES[path] = ast.parse(path.read_text(encoding="utf-8"))
    return _TREES[path]


def _declared_in(tree: ast.Module) -> Iterator[ast.Constant]:
    for call in _calls(tree, "Rule"):
        yield from (
            keyword.value
            for keyword in call.keywords
            if keyword.arg == "id" and isinstance(keyword.value, ast.Constant)
        )


def _strings_but(tree: ast.Module, known: set[ast.Constant]) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in known:
            yield node


def _calls(tree: ast.Module, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
            yield node
