"""Copies templates of a look into a newsletter's folder, and remembers what they were."""

from collections.abc import Iterable, Iterator

from newsletter.render import (
    STYLE_FILE,
    Look,
    Memory,
    Origin,
    keep_before,
    read_own,
    remember,
    settle,
    write_own,
)
from newsletter.upgrades.stock import template_of


def to_be_changed(names: Iterable[str]) -> list[str]:
    """Return the templates that are meant to be changed: the style, and patterns of new issues."""
    return [name for name in names if name == STYLE_FILE or name.endswith(".md")]


def copy_templates(
    look: Look, names: Iterable[str], memory: Memory
) -> Iterator[tuple[str, str | None]]:
    """Copy templates of a look; yield each name, and where a changed file in its place is kept."""
    for name in names:
        template = template_of(name, look, memory)
        text = template.todays()
        if template.package is None or text is None:
            continue
        origin = Origin(look=look.name_of(template.package), text=text)
        before, after = read_own(look.folder, name), text.encode()
        kept = keep_before(look.folder, name, before) if before and template.is_changed else None
        memory = remember(memory, name, origin, before=before, after=after)
        write_own(look.folder, name, after)
        memory = settle(memory, name)
        yield name, kept
