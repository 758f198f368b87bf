"""A standing is written in few places, follows from records, and is judged by in one."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import newsletter

PACKAGE = Path(newsletter.__file__).parent

# Who changes rows of the list, and why the standing is right afterwards.
WRITERS = {
    "ledger/history.py:_settle": "what follows from all records",
    "ledger/people.py:change_subscribers": "details alone",
    "ledger/people.py:rename_subscriber": "the address alone",
    "ledger/moved_since.py:move": "the address alone",
    "ledger/imports.py:_change": "a whole list, which records in the same words",
    "ledger/imports.py:_restore": "what it was before the records that no longer count",
}
# Who compares a standing with another, and why that decides about nobody's mail.
READERS = {
    "cli/importing.py": "shows what a list says",
    "cli/found_back.py": "shows what a sync would change, by standing",
    "cli/subscribers.py": "shows everybody",
    "cli/person_shown.py": "shows one person",
    "intake.py": "counts what a list says",
    "audience/": "what a list says, before the ledger is asked",
    "ledger/history.py": "sets it",
    "ledger/people.py": "the one place that decides, and the list as it is shown",
    "ledger/imports.py": "only ever towards less mail",
    "ledger/staging.py": "only ever towards less mail",
    "ledger/events.py": "what is news of somebody",
    "model/people.py": "the deliveries that are open: why somebody is gone",
    "model/records.py": "the rule from which it follows",
    "consent/answering.py": "which mail answers what somebody asked for",
    "consent/goodbyes.py": "whether there is anything left to leave, or to undo",
    "consent/preferring.py": "whether there is a pause to begin, or to end",
    "consent/signing_up.py": "whether somebody is welcomed, who is on the list by then",
    "ledger/carrying_over.py": "takes over from another ledger what means less mail",
    "ledger/passing_on.py": "what the provider is told: never to mail more than we do",
    "public/preferences.py": "which buttons a page shows",
    "public/standing_words.py": "what a page says of how its reader stands",
    "ledger/growth.py": "counts how the list grew, and mails nobody",
    "mailing/reply_words.py": "what a mail about somebody's data says",
    "register.py": "refuses to bring back who left",
}


@cache
def files() -> Mapping[str, ast.Module]:
    """Return each file of the program by its name; read only where that is needed."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
        if "migrations" not in path.parts and "templates" not in path.parts
    }


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    """Yield all functions and methods of a module."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def updates_the_list(function: ast.FunctionDef) -> bool:
    """Return whether a function changes rows of the table of subscribers."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "update"
        and [ast.unparse(argument) for argument in node.args] == ["subscribers"]
        for node in ast.walk(function)
    )


def is_about_standing(node: ast.AST) -> bool:
    """Return whether an expression is somebody's standing, or a column of it."""
    return isinstance(node, ast.Attribute) and node.attr == "standing"


def test_only_records_and_whole_lists_set_a_standing() -> None:
    found = {
        f"{name}:{function.name}"
        for name, tree in files().items()
        for function in functions(tree)
        if updates_the_list(function)
    }

    assert found == set(WRITERS)


def test_no_sql_in_words_changes_the_list() -> None:
    said = [
        name
        for name, tree in files().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and "UPDATE SUBSCRIBERS" in " ".join(node.value.upper().split())
    ]

    assert said == []


def test_few_compare_standings_and_each_has_its_reason() -> None:
    found = {
        name
        for name, tree in files().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and any(map(is_about_standing, [node.left, *node.comparators]))
    }

    unknown = [name for name in found if not any(name.startswith(known) for known in READERS)]
    assert unknown == []


@pytest.mark.parametrize("name", ["ledger/planning.py", "ledger/choosing.py", "ledger/claims.py"])
def test_who_plans_and_claims_asks_the_one_place(name: str) -> None:
    text = (PACKAGE / name).read_text("utf-8")

    assert "may_be_mailed" in text
    assert "Standing.ACTIVE" not in text
