"""What somebody asks for on the newsletter's pages, which a mail to them answers."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from newsletter.model.people import Tracking


class Purpose(StrEnum):
    """What a wish is about."""

    SIGN_UP = "sign-up"  # to get the newsletter
    LINK = "link"  # to be mailed the links to leave and to change what is known of them
    SURVEY = "survey"  # to be mailed their own link to a survey with names
    DATA = "data"  # to see, take along or erase what is held on them
    MOVE_FROM = "move-from"  # to get it at another address: asked at the old one,
    MOVE_TO = "move-to"  # and at the new one; both must agree
    MOVED = "moved"  # it was done, of which the old address is told
    LEFT = "left"  # no wish: they left, and are told in case it was somebody else
    WELCOME = "welcome"  # no wish either: they just confirmed

    @property
    def is_confirmed(self) -> bool:
        """Return whether its mail has a link of its own."""
        return self in (self.SIGN_UP, self.DATA, self.MOVE_FROM, self.MOVE_TO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked for, by somebody who typed an address or followed a link of their own."""

    key: str  # random; in the link that confirms
    purpose: Purpose
    address: str  # where the mail about it goes
    subscriber_key: str = ""  # whose it is; empty: whose the address is, if anybody's
    language: str  # of the page, so of the mail
    attributes: Mapping[str, str] = field(default_factory=dict)  # name, region, ..., or the survey
    source: str = ""  # the page with the form
    wording: str = ""  # digest of what they agreed to
    tracking: Tracking = Tracking.UNKNOWN
    asked_at: dt.datetime  # UTC
    due_at: dt.datetime | None = None  # UTC; when it is to be mailed
    mailed_at: dt.datetime | None = None
    confirmed_at: dt.datetime | None = None
    refused_at: dt.datetime | None = None  # the owner of the address said that it was not them
    turn: int = 0  # how far back it stands while not all can be mailed
    is_slow: bool = False  # whoever filled in the form waits rather than prove work


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWording:
    """What people are shown when they agree, word for word."""

    language: str
    text: str
    digest: str
