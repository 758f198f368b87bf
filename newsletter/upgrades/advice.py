"""Says what to look after in changed templates: conflicts, other looks, what is newer."""

import os
from collections.abc import Iterator
from pathlib import Path

from newsletter.language import say
from newsletter.model import Finding, rules
from newsletter.render import COPIED_FILE, Look, Memory, recall_if_legible
from newsletter.upgrades.stock import Relation, Template, hides_the_look, own_names, template_of
from newsletter.upgrades.threeway import MARKS_OF_CONFLICTS


def advise(look: Look, *, named: str) -> Iterator[Finding]:
    """Yield findings about the changed templates of a look, which newsletter.toml names."""
    root = look.folder.parent
    for house in look.of_houses():
        yield from _conflicts_in(house, root)
    memory = recall_if_legible(look.folder)
    if memory is None:
        memory = Memory(folder=look.folder)
        yield rules.TEMPLATE_NEWER.warning(
            "this file cannot be read, so nobody knows for which templates the package is newer",
            "take it from a backup, or delete it",
        ).in_file(f"{look.folder.name}/{COPIED_FILE}")
    for name in own_names(look):
        template = template_of(name, look, memory)
        yield from (f.in_file(f"{look.folder.name}/{name}") for f in _findings(template, named))


def _conflicts_in(look: Look, root: Path) -> Iterator[Finding]:
    memory = Memory(folder=look.folder)
    for name in own_names(look):
        template = template_of(name, look, memory)
        if template.mark and not name.endswith(".md"):
            path = Path(os.path.relpath(template.path, root)).as_posix()
            yield _conflict(template).in_file(path)


def _findings(template: Template, named: str) -> Iterator[Finding]:
    if template.mark and not template.name.endswith(".md"):
        yield _conflict(template)
    elif template.other_look:
        yield _of_other_look(template, template.other_look, named)
    elif template.relation is Relation.BOTH:
        yield rules.TEMPLATE_NEWER.note(
            "the package has something new for this template, which you changed",
            "“newsletter templates diff {name}” shows it, "
            "“newsletter templates update {name}” brings it in",
            line=1,
            name=template.name,
        )
    elif hides_the_look(template):
        yield rules.TEMPLATE_LOOK.note(
            "the look has a {name}, too, and this one stands in for all of it",
            "begin yours with {words} to keep what the look says",
            line=1,
            name=template.name,
            words=f'{{% include "next:{template.name}" %}}',
        )


def _conflict(template: Template) -> Finding:
    return rules.TEMPLATE_CONFLICT.error(
        "a conflict is left here, between your version of these lines and another",
        "keep what is right of both, and take out the lines that begin with {marks}",
        line=template.mark,
        marks=MARKS_OF_CONFLICTS,
    )


def _of_other_look(template: Template, other: str, named: str) -> Finding:
    return rules.TEMPLATE_LOOK.warning(
        say(
            "this is a changed copy of the look “{other}”, but newsletter.toml names “{look}”",
            other=other,
            look=named,
        ),
        say(
            "“newsletter templates copy {name} --overwrite” begins anew with that of “{look}”, "
            'or write look = "{other}"',
            name=template.name,
            look=named,
            other=other,
        ),
        line=1,
    )
