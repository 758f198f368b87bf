"""Who may see an issue in the archive: one answer for its page, the list, search and feeds."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from newsletter.settings import Settings


class Access(StrEnum):
    """How far an issue is shown."""

    LISTED = "listed"  # to everybody
    NOINDEX = "noindex"  # to everybody, but search engines are asked to leave it alone
    UNLISTED = "unlisted"  # to those who have its address; nothing names it
    HIDDEN = "hidden"  # to nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """What the editor says of it, by the ids of issues."""

    is_public: bool = True  # False: there is no archive at all
    is_indexed: bool = True  # False: search engines are asked to leave all of it alone
    hidden: Collection[str] = field(default=frozenset())
    unlisted: Collection[str] = field(default=frozenset())
    noindex: Collection[str] = field(default=frozenset())

    def access_to(self, issue_id: str, *, is_for_some: bool) -> Access:
        """Return how far an issue is shown; one for a segment has no place in a public list."""
        if not self.is_public or issue_id in self.hidden:
            return Access.HIDDEN
        if is_for_some or issue_id in self.unlisted:
            return Access.UNLISTED
        if not self.is_indexed or issue_id in self.noindex:
            return Access.NOINDEX
        return Access.LISTED


def visibility_of(settings: Settings) -> Visibility:
    """Return what the settings say of the archive."""
    table = settings.archive
    named = table.noindex if isinstance(table.noindex, list) else []
    return Visibility(
        is_public=table.public,
        is_indexed=table.noindex is not True,
        hidden=frozenset(table.hidden),
        unlisted=frozenset(table.unlisted),
        noindex=frozenset(named),
    )
