"""[meetings]: which mails those who registered get, and when."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from newsletter.language import say
from newsletter.settings.values import Table


def _time(value: object) -> object:
    if isinstance(value, dt.time):
        return value
    try:
        return dt.time.fromisoformat(str(value))
    except ValueError as err:
        raise ValueError(say('expected a time of day, such as "07:00"')) from err


Time = Annotated[dt.time, BeforeValidator(_time)]


class MeetingsTable(Table):
    """[meetings]: mails to those who registered; see docs/meetings.md."""

    reminders: list[Literal["week", "day"]] = Field(default=["week", "day"])  # before a meeting
    # When those who take part remotely are mailed the link, on the day; before an earlier meeting
    # an hour before it.
    link_at: Time = dt.time(7)
    link_to: Literal["remote", "all"] = "remote"  # all: whoever comes on site has the link, too
    thanks: bool = True  # the day after, once the meeting has material or a survey
    thanks_at: Time = dt.time(9)
