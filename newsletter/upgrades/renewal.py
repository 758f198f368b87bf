"""Brings what is new in the package into a newsletter's copies, and loses nothing of theirs."""

from dataclasses import dataclass, field
from enum import Enum, auto

from newsletter.render import (
    Look,
    Memory,
    Origin,
    expect_own,
    keep_before,
    remember,
    settle,
    write_own,
)
from newsletter.upgrades.stock import Relation, Template
from newsletter.upgrades.threeway import Merged, mark_differences, merge_texts


class Outcome(Enum):
    """What an update makes of a template."""

    NOTHING = auto()  # there is nothing new
    RENEWED = auto()  # nobody had changed it: it is the package's of today
    MERGED = auto()  # both changes are in it
    CONFLICT = auto()  # as above, but for places that its owner must decide
    LEFT = auto()  # it stays as it is, and somebody should look after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What would become of a template, or became."""

    template: Template
    outcome: Outcome
    after: str = ""  # what the file holds then
    news: Origin | None = None  # what it is made from then; None if it stays as it is
    conflicts: tuple[int, ...] = field(default=())  # the lines at which they begin


def renewal_of(template: Template, look: Look, *, is_named: bool) -> Renewal:
    """Return what an update makes of a template.

    What was made from an unknown version is only touched if its owner names it.
    """
    match template.relation:
        case Relation.NEWER | Relation.BOTH:
            return _renewal(template, look)
        case Relation.UNKNOWN if is_named:
            return _renewal(template, look)
        case Relation.UNKNOWN | Relation.CONFLICT | Relation.UNREADABLE:
            return Renewal(template=template, outcome=Outcome.LEFT)
    return Renewal(template=template, outcome=Outcome.NOTHING)


def renew(look: Look, renewal: Renewal, memory: Memory) -> tuple[Memory, str | None]:
    """Write what an update made of a template; return what is remembered, and the old file's name.

    Killed at any moment it leaves the old file or the new one, and knows what that is made from.
    """
    template, after = renewal.template, renewal.after.encode()
    before = template.content
    if renewal.news is None:
        return memory, None
    expect_own(look.folder, template.name, before)
    is_lost = template.is_changed and before != after
    kept = keep_before(look.folder, template.name, before) if is_lost else None
    memory = remember(memory, template.name, renewal.news, before=before, after=after)
    write_own(look.folder, template.name, after)
    return settle(memory, template.name), kept


def _renewal(template: Template, look: Look) -> Renewal:
    yours, base, news = template.content.decode(), template.origin, template.todays()
    if template.package is None or news is None:
        return Renewal(template=template, outcome=Outcome.NOTHING)
    if not template.is_changed:
        merged = Merged(text=_with_ends_of(yours, news), conflicts=())
    elif base is None:
        merged = mark_differences(yours, news)
    else:
        merged = merge_texts(base.text, yours, news)
    outcome = Outcome.MERGED if template.is_changed else Outcome.RENEWED
    return Renewal(
        template=template,
        outcome=Outcome.CONFLICT if merged.conflicts else outcome,
        after=merged.text,
        news=Origin(look=template.other_look or look.name_of(template.package), text=news),
        conflicts=merged.conflicts,
    )


def _with_ends_of(yours: str, news: str) -> str:
    """Return a text of the package with the ends of lines that a copy of it has."""
    return news.replace("\n", "\r\n") if "\r\n" in yours else news
