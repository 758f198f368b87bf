"""What the public service knows while it serves, and how its endpoints come by it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import Request

from newsletter.archive import Archive
from newsletter.face import Face
from newsletter.ledger import Ledger
from newsletter.model import Meeting, Region
from newsletter.providers.webhooks import Trust
from newsletter.public.forms import SignUpForm
from newsletter.public.offer_forms import ContributionForm


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSite:
    """The public service of one newsletter."""

    ledger: Ledger
    face: Face  # how its pages look
    archive: Archive  # what anybody may read
    public_url: str  # empty if mails do not link here
    outbox: Path  # the local one, which may have mail to whoever is erased
    contact: str  # where faults of the service are told, as security.txt writes it
    now: Callable[[], dt.datetime]
    zone: dt.tzinfo = dt.UTC  # in which days and times are told
    sender: str = ""  # the mailbox that mails come from
    sign_up: SignUpForm = field(default_factory=SignUpForm)
    contributing: ContributionForm = field(default_factory=ContributionForm)
    # The meetings and the regions as their files are now.
    meetings: Callable[[], Sequence[Meeting]] = tuple
    regions: Callable[[], Sequence[Region]] = tuple
    # Whether there is a meeting of that id whose file is broken or unfinished, so that it waits.
    is_withheld: Callable[[str], bool] = lambda _: False
    # By the names of providers: what their webhooks are trusted by.
    trusted: Mapping[str, Trust] = field(default_factory=dict, repr=False)
    secret: str = field(default="", repr=False)  # signs links; empty: none is ours

    @property
    def base(self) -> str:
        """Return the path below which everything lies, such as "/kirje"; "" for the root."""
        return urlsplit(self.public_url).path

    @property
    def has_meetings(self) -> bool:
        """Return whether there are meetings to come."""
        return any(one.ends_at > self.now() for one in self.meetings())

    def place(self, path: str) -> str:
        """Return the address of a place of the site on its host."""
        return f"{self.base}/{path}"


def site_of(request: Request) -> PublicSite:
    """Return the site that a request is for."""
    site: PublicSite = request.app.state.site
    return site
