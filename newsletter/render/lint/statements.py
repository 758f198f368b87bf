"""Finds statements of Jinja without their end, and ends of nothing, by their lines."""

import re
from collections.abc import Iterator
from itertools import islice

from newsletter.model import Finding, rules
from newsletter.render.lint.plain import Plain, Statement

_WITH_END = ("if", "for", "block", "macro", "call", "filter", "with", "autoescape")
_ENDS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_MARKS = re.compile("|".join(_ENDS))
_SHOWN = 40  # signs
_MOST = 200  # findings
# The largest template of the package has 30 statements, three of them within one another.
_MOST_STATEMENTS = 2_000
_DEEPEST = 50
_WITHIN = {"elif": ("if",), "else": ("if", "for")}


def unmatched_statements(plain: Plain) -> Iterator[tuple[int, Finding]]:
    """Yield each statement that is alone of its pair, and where it stands."""
    yield from _broken_marks(plain)
    opened: list[Statement] = []
    for statement in plain.statements:
        name = statement.name
        if name in _WITH_END or (name == "set" and "=" not in statement.rest):
            opened.append(statement)
        elif name in _WITHIN and (not opened or opened[-1].name not in _WITHIN[name]):
            yield statement.start, _ends_nothing(statement)
        elif name.startswith("end") and (name[3:] in _WITH_END or name == "endset"):
            if all(one.name != name[3:] for one in reversed(opened)):
                yield statement.start, _ends_nothing(statement)
                continue
            while (last := opened.pop()).name != name[3:]:
                yield last.start, _never_ends(last)
    yield from ((statement.start, _never_ends(statement)) for statement in opened)


def too_many_statements(plain: Plain) -> Iterator[tuple[int, Finding]]:
    """Yield where a template has more statements, or deeper ones, than can be judged."""
    depth = 0
    for number, statement in enumerate(plain.statements):
        name = statement.name
        if name in _WITH_END or (name == "set" and "=" not in statement.rest):
            depth += 1
        elif name.startswith("end"):
            depth = max(0, depth - 1)
        if depth > _DEEPEST:
            yield (
                statement.start,
                rules.TEMPLATE.error(
                    "more than {most} statements of Jinja are nested here",
                    "end each before the next one begins, or take some out",
                    most=_DEEPEST,
                ),
            )
        if number == _MOST_STATEMENTS:
            yield (
                statement.start,
                rules.TEMPLATE.error(
                    "this template has more than {most:,} times {what}",
                    "take some out, or divide it into several files",
                    most=_MOST_STATEMENTS,
                    what="{% … %}",
                ),
            )


def _broken_marks(plain: Plain) -> Iterator[tuple[int, Finding]]:
    """Yield the signs of Jinja that begin what never ends."""
    if "endraw" in plain.source:
        return
    for mark in islice(_MARKS.finditer(plain.text), _MOST):
        text = plain.source[mark.start() : mark.start() + _SHOWN].partition("\n")[0].strip()
        yield (
            mark.start(),
            rules.TEMPLATE.error(
                "“{text}”: this sign of Jinja has no counterpart",
                "write both, such as {signs}",
                text=text,
                signs=f"{mark[0]} … {_ENDS[mark[0]]}",
            ),
        )


def _never_ends(statement: Statement) -> Finding:
    return rules.TEMPLATE.error(
        "{statement} never ends",
        "write {end} where it ends",
        statement=_written(statement),
        end=f"{{% end{statement.name} %}}",
    )


def _ends_nothing(statement: Statement) -> Finding:
    return rules.TEMPLATE.error(
        "{statement} ends nothing",
        "take it out, or write before it what it ends",
        statement=_written(statement),
    )


def _written(statement: Statement) -> str:
    return f"{{% {statement.name} {statement.rest}".rstrip() + " %}"
