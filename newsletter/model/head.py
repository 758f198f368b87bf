"""What is known about an issue from its first lines alone, without reading its text."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The front matter of an issue file."""

    id: str
    path: str  # relative to the newsletter's folder
    language: str
    subject: str  # slots as the author wrote them
    preheader: str = ""
    date: dt.date | None = None  # None if the file has no valid one
    number: int | None = None
    sender: str = ""  # From of this issue, if it differs from the settings
