"""Play what readers, and machines, do with mail: each open and click is a line of a file.

Whoever tests writes the file, at any time; a server without one invents its figures (`fate`).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from .dialect import Sent, bare


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A mail that was opened, or a link of it that was followed."""

    message_id: str  # of the provider, without angle brackets
    email: str
    kind: str  # "opened" or "clicked"
    at: datetime  # UTC
    url: str = ""  # of a click
    agent: str = ""  # the name of the program
    network: str = ""
    machine: str = ""  # "apple" for its proxy, or another; "": none that the provider knows


class Seen(NamedTuple):
    """A visit, and the message that it is of."""

    sent: Sent
    visit: Visit


class Visits:
    """All that was done with the mail of an account."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    @property
    def are_played(self) -> bool:
        """Say whether there is such a file."""
        return self._file is not None

    def of(self, sent: Iterable[Sent], kind: str = "") -> list[Seen]:
        """Give what was done with some mail, the oldest first."""
        if self._file is None or not self._file.exists():
            return []
        messages = {(bare(each.mail.message_id), each.mail.email): each for each in sent}
        lines = map(json.loads, self._file.read_text(encoding="utf-8").splitlines())
        found = [Visit(**{**line, "at": datetime.fromisoformat(line["at"])}) for line in lines]
        seen = [
            Seen(messages[visit.message_id, visit.email], visit)
            for visit in found
            if (visit.message_id, visit.email) in messages and kind in ("", visit.kind)
        ]
        return sorted(seen, key=lambda each: each.visit.at)


def note(file: Path, *visits: Visit) -> None:
    """Let these happen, too."""
    names = Visit.__slots__
    rows = ({name: getattr(visit, name) for name in names} for visit in visits)
    with file.open("a", encoding="utf-8") as written:
        written.writelines(json.dumps({**r, "at": r["at"].isoformat()}) + "\n" for r in rows)


def counted(seen: Iterable[Seen], *, machine: str | None = None) -> dict[str, int]:
    """Count visits as `fate` names figures: of one machine ("": of none), or all."""
    chosen = [each for each in seen if machine in (None, each.visit.machine)]
    opens = [each.sent.mail for each in chosen if each.visit.kind == "opened"]
    clicks = [each.sent.mail for each in chosen if each.visit.kind == "clicked"]
    return {
        "opens": len(opens),
        "unique_opens": len({(mail.message_id, mail.email) for mail in opens}),
        "clicks": len(clicks),
        "unique_clicks": len({(mail.message_id, mail.email) for mail in clicks}),
    }


def within(seen: Iterable[Seen], first: date, last: date) -> list[Seen]:
    """Keep what happened on the days from one to another, in UTC."""
    return [each for each in seen if first <= each.visit.at.astimezone(UTC).date() <= last]


def in_their_words(ours: Mapping[str, int], names: Mapping[str, str]) -> dict[str, int]:
    """Give counts their names at a provider, those that there are."""
    return {theirs: ours[name] for theirs, name in names.items() if name in ours}
