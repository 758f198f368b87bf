"""Who subscribes, and whether they may be mailed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

_NOT_THERE = "no longer on the list"  # why somebody is not mailed


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


class Recipient(NamedTuple):
    """An open delivery and what is known of the person; a test may go to a stranger.

    A tuple, as there are many: a row becomes one in no time.
    """

    delivery: int
    address: str
    key: str  # the subscriber's; empty for a stranger
    name: str
    language: str
    attributes_json: str  # read for those letters alone that have slots for them
    standing: str  # empty for a stranger
    current: str = ""  # the person's address of today; empty for a stranger
    is_test: bool = False  # it goes to whom it names, whatever is known of them
    is_notice: bool = False  # so does this, but to nobody who complained

    @property
    def attributes(self) -> dict[str, str]:
        """Return the values of the further columns of the list."""
        return json.loads(self.attributes_json) if self.attributes_json else {}

    @property
    def may_be_mailed(self) -> bool:
        """Tell whether the person is on the list, and has not left."""
        return not self.why_gone

    @property
    def why_gone(self) -> str:
        """Return why the person is not mailed any more, or nothing; strangers have no key."""
        if self.is_test or self.standing == Standing.ACTIVE:
            return ""
        if self.is_notice:
            return self.standing if self.standing == Standing.COMPLAINED else ""
        return self.standing if self.key else _NOT_THERE

    @property
    def has_moved(self) -> bool:
        """Tell whether the person's mail goes to another address today."""
        return not (self.is_test or self.is_notice) and self.current not in ("", self.address)
