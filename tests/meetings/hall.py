"""A meeting in Helsinki, and people who want to come to it."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from newsletter import meetings
from newsletter.ledger import Ledger, due_mails, registrations
from newsletter.model.meeting import (
    AskedQuestion,
    Attending,
    Entry,
    MailState,
    Meeting,
    MeetingText,
    Registration,
)

HELSINKI = ZoneInfo("Europe/Helsinki")
ON_SITE, REMOTE = Attending.ON_SITE, Attending.REMOTE
NOW = dt.datetime(2026, 11, 2, 10, tzinfo=dt.UTC)  # noon, five weeks before
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def meeting(on_site: int | None = 2, remote: int | None = None, **facts: Any) -> Meeting:
    """Return a theme day on 9 December, from 9 to 15."""
    own = Meeting(
        id="teemapaiva",
        texts={"fi": MeetingText(title="Teemapäivä", place="Talo")},
        start=dt.datetime(2026, 12, 9, 9),  # noqa: DTZ001 - on the readers' clock
        end=dt.datetime(2026, 12, 9, 15),  # noqa: DTZ001
        deadline=dt.datetime(2026, 12, 2, 23, 59, 59),  # noqa: DTZ001
        zone=HELSINKI,
        seats={ON_SITE: on_site, REMOTE: remote},
        questions=(
            AskedQuestion(id="lounas", labels={"fi": "Lounas?"}, choices={"fi": ("Kyllä", "En")}),
        ),
    )
    return replace(own, **facts)


@dataclass
class Hall:
    """A meeting, its ledger and a clock that the test moves."""

    ledger: Ledger
    meeting: Meeting = field(default_factory=meeting)
    now: dt.datetime = NOW

    def enter(self, name: str, way: Attending = ON_SITE, **more: Any) -> Registration:
        """Let a member register."""
        return self.ask(name, way, is_known=True, **more)

    def ask(
        self, name: str, way: Attending = ON_SITE, *, is_known: bool = False, **more: Any
    ) -> Registration:
        """Let a stranger register."""
        return meetings.register(
            self.ledger,
            self.meeting,
            Entry(attending=way, name=name.title(), **more),
            address=f"{name}@example.org",
            now=self.now,
            is_known=is_known,
        )

    def change(self, one: Registration, way: Attending = ON_SITE, **more: Any) -> Registration:
        """Let somebody change what they filled in."""
        entry = Entry(attending=way, name=one.name, **more)
        return meetings.change(self.ledger, self.meeting, one.key, entry, self.now)

    def confirm(self, one: Registration) -> Registration:
        """Let somebody press the button behind the link that was mailed."""
        return meetings.confirm(self.ledger, self.meeting, one.key, self.now)

    def cancel(self, one: Registration) -> Registration:
        """Let somebody cancel."""
        return meetings.cancel(self.ledger, self.meeting, one.key, self.now)

    def undo(self, one: Registration) -> Registration:
        """Let somebody take that back."""
        return meetings.undo(self.ledger, self.meeting, one.key, self.now)

    def accept(self, one: Registration) -> Registration:
        """Let somebody take the seat they are offered."""
        return meetings.accept(self.ledger, self.meeting, one.key, self.now)

    def decline(self, one: Registration) -> Registration:
        """Let somebody leave it to others."""
        return meetings.decline(self.ledger, self.meeting, one.key, self.now)

    def tend(self) -> None:
        """Let the job come round."""
        meetings.tend(self.ledger, [self.meeting], self.now)

    def seats(self, on_site: int | None) -> None:
        """Let the editor write another number of seats."""
        self.meeting = replace(self.meeting, seats={**self.meeting.seats, ON_SITE: on_site})

    def state(self, one: Registration) -> str:
        """Return how far somebody is."""
        return self.now_is(one).state.value

    def now_is(self, one: Registration) -> Registration:
        """Return somebody's registration as it is now."""
        with self.ledger.read() as connection:
            found = registrations.find_registration(connection, one.key)
        assert found
        return found

    def mails(self, one: Registration, state: str = "due") -> list[str]:
        """Return the kinds of the mails that are due to somebody, in their order."""
        with self.ledger.read() as connection:
            mails = due_mails.list_mails_of(connection, one.id)
        return [mail.kind.value for mail in mails if mail.state == state]

    def mailed(self) -> None:
        """Let all mails that are due be sent."""
        with self.ledger.write() as connection:
            for mail in due_mails.list_due(connection, self.now, most=1000):
                due_mails.settle_mail(connection, mail.id, MailState.SENT, self.now)
