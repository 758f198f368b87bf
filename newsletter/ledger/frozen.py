"""The nouns of a send: what is frozen of it, before it is planned and after."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newsletter.addresses import mail_address
from newsletter.model import Counted, Counting, NoticeKind, SendState, Stationery

REHEARSAL = "rehearsal:"  # prefix of the scope of a send to the local outbox
TEST, NOTICE = "test:", "notice:"  # prefixes of the scope of sends to addresses they name
ANSWERS = f"{NOTICE}{NoticeKind.ANSWER}:"
INVITATIONS = f"{NOTICE}{NoticeKind.INVITATION}:"
REMINDERS = f"{NOTICE}{NoticeKind.REMINDER}:"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenSend:
    """What is frozen of a send and never changes, but for the account it goes through."""

    key: str  # random
    scope: str
    issue_id: str
    issue_date: dt.date
    subject: str
    provider: str
    tag: str
    sender: tuple[str, str]
    reply_to: str
    public_url: str
    digest: str
    list_id: str = ""
    leave_to: str = ""  # where mails that unsubscribe go, with a star for the reader's key
    place: str = ""  # host or URL of the provider, for people
    account: str = ""  # fingerprint of provider, place and credentials; empty in old ledgers
    scheduled_at: dt.datetime | None = None  # UTC; when it is to be sent, if not at once
    by_provider: bool = False  # the provider holds the mail until then
    # Warnings it is sent with all the same: "id", "place", "message", and "reason" if silenced.
    overrides: tuple[Mapping[str, str], ...] = ()
    counting: Counting = Counting.OFF  # of opens and clicks
    media_url: str = ""  # where its pictures lie, if not below the public URL
    window_days: int = 7  # over which its figures are counted, so that issues can be compared

    @property
    def signs(self) -> bool:
        """Return whether its readers have links or keys that are signed."""
        return bool(self.public_url or self.leave_to)

    @property
    def beginning(self) -> str:
        """Return the prefix of the references of its messages at the provider."""
        return self.key[:8]

    @property
    def is_test(self) -> bool:
        """Return whether it goes to test addresses only."""
        return self.scope.startswith(TEST)

    @property
    def is_notice(self) -> bool:
        """Return whether it is not an issue, but a notice."""
        return self.scope.removeprefix(REHEARSAL).startswith(NOTICE)

    @property
    def is_answer(self) -> bool:
        """Return whether it is a notice that those get, too, who complained: they asked for it."""
        return self.scope.removeprefix(REHEARSAL).startswith(ANSWERS)

    @property
    def is_invitation(self) -> bool:
        """Return whether it is a notice to those on the list alone, who can leave it by it."""
        return self.scope.removeprefix(REHEARSAL).startswith(INVITATIONS)

    @property
    def is_rehearsal(self) -> bool:
        """Return whether it goes to the local outbox, so that no reader is mailed."""
        return self.scope.startswith(REHEARSAL)

    @property
    def kind(self) -> str:
        """Return what is sent, in a word: the scope of some names a person."""
        named = {"rehearsal": self.is_rehearsal, "test": self.is_test, "notice": self.is_notice}
        return next((word for word, is_so in named.items() if is_so), "issue")

    def is_for_later(self, now: dt.datetime) -> bool:
        """Return whether a worker is to begin it only when it is due."""
        return not self.by_provider and self._is_ahead(now)

    def waits_at_provider(self, now: dt.datetime) -> bool:
        """Return whether the provider holds its mail until it is due."""
        return self.by_provider and self._is_ahead(now)

    def _is_ahead(self, now: dt.datetime) -> bool:
        return self.scheduled_at is not None and self.scheduled_at > now

    def stationery(
        self,
        *,
        list_id: str,
        secret: str,
        now: dt.datetime | None = None,
        links: Mapping[str, int] | None = None,
    ) -> Stationery:
        """Return what its copies carry besides their edition; `list_id` is for old ledgers.

        `links` are those on which clicks are counted. Mail that the provider was to hold until a
        time before `now` is sent at once.
        """
        return Stationery(
            key=self.key,
            folder=self._folder(),
            # Old ledgers froze letters beyond ASCII, and no List-Id.
            sender=(self.sender[0], mail_address(self.sender[1])),
            reply_to=mail_address(self.reply_to),
            tag=self.tag,
            list_id=(self.list_id or list_id) if self._is_of_list else "",
            public_url=self.public_url,
            leave_to=self.leave_to,
            secret=secret if self.signs else "",
            scheduled_at=self.scheduled_at
            if self.by_provider and (now is None or self._is_ahead(now))
            else None,
            counted=self._counted(links or {}),
        )

    def _counted(self, links: Mapping[str, int]) -> Counted | None:
        if not self.counting.is_ours:
            return None
        return Counted(counting=self.counting, send=getattr(self, "id", 0), links=links)

    @property
    def _is_of_list(self) -> bool:
        return self.is_invitation or not self.is_notice

    def _folder(self) -> str:
        """Return where a local outbox puts the copies; its files are named by address."""
        if self.is_test:
            return f"{self.issue_id}-test"
        if self.is_notice:
            return f"{self.issue_id}-{hashlib.sha256(self.scope.encode()).hexdigest()[:8]}"
        return self.issue_id


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSend(FrozenSend):
    """A send about to be planned."""

    now: dt.datetime
    canary: int = 0  # people chosen at random who get it first


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """People who joined after a send was planned, and get it, too."""

    at: dt.datetime  # when they were added
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Send(FrozenSend):
    """The mailing of an issue."""

    id: int
    choice: Mapping[str, Any]  # who was chosen, as choosing.Choice writes it
    state: SendState
    reason: str
    left_out: Mapping[str, int]
    planned_at: dt.datetime
    late: tuple[Late, ...]  # later joiners who get it, too
    is_held: bool  # only its canary may be sent for now
    done_at: dt.datetime | None
