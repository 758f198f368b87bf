"""Who subscribes, and whether they may be mailed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Standing(StrEnum):
    """Whether an address may be mailed: from more mail to less, and the later one of two wins.

    So a mailbox that bounced, which the editor may judge otherwise, hides nobody's own word.
    """

    ACTIVE = "active"  # may be mailed
    PENDING = "pending"  # has not confirmed yet
    BOUNCED = "bounced"  # the address does not exist any more
    UNSUBSCRIBED = "unsubscribed"  # left by their own wish
    COMPLAINED = "complained"  # marked a mail as spam
    ERASED = "erased"  # asked to be forgotten; only a fingerprint is kept

    @property
    def rank(self) -> int:
        """Return the place in that order."""
        return list(type(self)).index(self)

    @property
    def is_left(self) -> bool:
        """Tell whether no list makes somebody mailed again; only their own wish does."""
        return self not in (Standing.ACTIVE, Standing.PENDING)

    def or_stricter(self, other: "Standing") -> "Standing":
        """Return which of two standings means less mail."""
        return max(self, other, key=lambda standing: standing.rank)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A person on the list."""

    address: str  # e-mail address, trimmed, domain in lower case
    key: str  # opaque random id, the only one that appears in links
    name: str = ""
    language: str = ""  # BCP 47 tag such as "fi"; empty means the newsletter's language
    attributes: Mapping[str, str] = field(default_factory=dict)  # region, organisation, ...
    standing: Standing = Standing.ACTIVE
