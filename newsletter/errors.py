"""Every error the program raises on purpose, in one tree.

NewsletterError
├── ConfigError        settings, secrets or the folder are not usable
├── UsageError         the command asks for something that does not exist
├── FindingsError      an author must mend the issue first; carries findings
├── AudienceError      a list of subscribers cannot be read
├── LedgerError        what was to be written does not fit what the ledger holds
│   ├── StalePlanError      the list changed since the plan was made
│   ├── LedgerRefusedError  the database will not do as asked, however often
│   │   └── LedgerMovedError     it was closed, as another ledger goes on
│   └── LedgerBusyError     the ledger does not answer; another try may do
│       └── LedgerReadOnlyError  it takes no changes, until its server is promoted
├── FeedError          a feed of news cannot be read
├── WebhookError       a webhook's body cannot be read
├── RuleFileError      a file of rules that tell people from machines cannot be taken
├── MailboxError       the mailbox cannot be read now; another try may do
├── RegistrationError  a registration for a meeting cannot be made or changed now
├── LinkError          a signed link is not valid
│   └── TamperedLinkError   its signature does not fit
└── ProviderError      a provider did not accept; its verdict says what to do
    └── LostProcessError    the process that called it ended; it may have accepted
"""

import traceback
from collections.abc import Callable
from enum import Enum
from functools import partial
from pathlib import Path

from newsletter.language import Wording, reason_of_disk, say, say_list
from newsletter.masking import mask
from newsletter.model import Finding, Refused

_PACKAGE = Path(__file__).parent


class NewsletterError(Exception):
    """Base of all errors; its text is meant for the editor."""

    exit_code = 1

    def __init__(self, words: Wording, *, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(mask(words))
        # For translation: whoever shows it masks it.
        self.words = words
        self.findings = findings  # the same, with places


class ConfigError(NewsletterError):
    """Settings, secrets or the folder are not usable; no retry can help."""

    exit_code = 3


class UsageError(NewsletterError):
    """The command asks for something that does not exist."""

    exit_code = 2


class FindingsError(NewsletterError):
    """The issue has mistakes that its author must mend first."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(say_list([f.words for f in findings], between="\n"), findings=findings)


class AudienceError(NewsletterError):
    """A file cannot be read as a list of subscribers."""


class LedgerError(NewsletterError):
    """What was to be written does not fit what the ledger holds by now."""


class StalePlanError(LedgerError):
    """The recipients are no longer those agreed to, or the issue was planned meanwhile."""

    def __init__(self) -> None:
        super().__init__(say("the list changed while the plan was made; run the command again"))


class LedgerBusyError(LedgerError):
    """The ledger does not answer: another process holds it, or its server is away."""


class LedgerReadOnlyError(LedgerBusyError):
    """The database is read-only: a replica that somebody may promote, or set so."""

    exit_code = 3


class LedgerRefusedError(LedgerError):
    """The database refuses: rights are missing, or it is damaged or not a ledger."""

    exit_code = 3


class LedgerMovedError(LedgerRefusedError):
    """The ledger was closed while it was open here: it was moved, or a backup replaces it."""


class FeedError(NewsletterError):
    """A news feed cannot be read; other feeds may be."""


class WebhookError(NewsletterError):
    """What a provider sent by webhook cannot be read."""


class RuleFileError(NewsletterError):
    """A file of rules that tell people from machines cannot be taken."""


class MailboxError(NewsletterError):
    """The mailbox cannot be read now: its server is away, or does not answer as it should."""


class HostingError(NewsletterError):
    """Pictures cannot be put where readers load them from, or are not there."""

    exit_code = 3


class RegistrationError(NewsletterError):
    """A registration for a meeting cannot be made or changed now; it says why."""

    def __init__(self, reason: Refused) -> None:
        super().__init__(reason.words)
        self.reason = reason


class LinkError(NewsletterError):
    """A signed link is not valid."""


class TamperedLinkError(LinkError):
    """The signature of a link does not fit its content."""


class Verdict(Enum):
    """What the sender must do about a call that did not succeed."""

    RETRY = "retry"  # refused before acceptance: the same call may be made again later
    REJECT = "reject"  # refused for good: the recipients of this call are rejected
    STOP = "stop"  # credentials, credit or sender: no further call can succeed
    UNKNOWN = "unknown"  # the provider may or may not have accepted the call
    LOOK_UP = "look up"  # the provider says it knows the call; a repeat would reveal nothing more


class ProviderError(NewsletterError):
    """A provider did not accept a call."""

    exit_code = 4

    def __init__(
        self,
        words: Wording,
        *,
        provider: str,
        verdict: Verdict,
        status: int | None = None,
        retry_after: float | None = None,
        code: str = "",
    ) -> None:
        super().__init__(words)
        self.provider = provider
        self.verdict = verdict
        self.status = status  # HTTP or SMTP status, if there was an answer
        self.retry_after = retry_after  # seconds the provider asks to wait
        self.code = code  # the provider's own word for the fault

    def __reduce__(self) -> tuple[Callable[[Wording], "ProviderError"], tuple[Wording]]:
        """Let one process tell it to another."""
        names = ("provider", "verdict", "status", "retry_after", "code")
        facts = {name: getattr(self, name) for name in names}
        return partial(ProviderError, **facts), (self.words,)


class LostProcessError(ProviderError):
    """The process that made a call ended before it told what became of it."""

    def __init__(self, provider: str) -> None:
        super().__init__(
            say("a process that was sending has ended before it told what became of its call"),
            provider=provider,
            verdict=Verdict.UNKNOWN,
        )


def words_of(err: Exception) -> Wording:
    """Return why an error came about, in words, of whatever kind it is."""
    if isinstance(err, NewsletterError):
        return err.words
    if isinstance(err, OSError):
        return reason_of_disk(err)
    kind, place = type(err).__name__, line_at_fault(err)
    if not place:
        return say("the program itself failed: {kind}", kind=kind)
    return say("the program itself failed: {kind} at {place}", kind=kind, place=place)


def line_at_fault(err: BaseException) -> str:
    """Return which line of the program an error came from, such as "newsletter/links.py:40".

    That is the innermost of ours, as libraries fail for how they were called; "" where none is.
    """
    stack = traceback.extract_tb(err.__traceback__)
    ours = [frame for frame in stack if Path(frame.filename).is_relative_to(_PACKAGE)]
    if not ours:
        return ""
    return f"{Path(ours[-1].filename).relative_to(_PACKAGE.parent).as_posix()}:{ours[-1].lineno}"
