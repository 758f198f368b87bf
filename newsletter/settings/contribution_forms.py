"""[contributions] of `newsletter.toml`: the forms for news and requests, and how much they take."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from newsletter.model import NewsAsked
from newsletter.settings.values import Table

_Count = Annotated[int, Field(ge=0, le=100_000)]


class ContributionsTable(Table):
    """[contributions]: what people may send in by the public service; see docs/contributions.md."""

    open: bool = True  # whether there are forms at all
    deadline_day: Annotated[int, Field(ge=1, le=28)] | None = None  # of each month, for news
    deadline: dt.date | None = None  # one that counts before it, until it is past
    network_hour: _Count = 5  # from one network without a proof of work,
    network_day: _Count = 20  # and at all
    site_hour: _Count = 30  # of all together without a proof of work
    slow_hour: _Count = 10  # of those beyond that who give no proof
    waiting: Annotated[int, Field(ge=1, le=100_000)] = 500  # that the editor has not dealt with
    picture_mb: Annotated[int, Field(ge=0, le=100_000)] = 100  # of pictures of all of these

    def asks(self, contact: str) -> NewsAsked:
        """Return how issues ask their readers for news."""
        return NewsAsked(
            has_forms=self.open,
            contact=contact,
            deadline_day=self.deadline_day,
            deadline=self.deadline,
        )
