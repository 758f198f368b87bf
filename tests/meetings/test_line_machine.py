"""Whatever happens in whatever order: no seat twice, none idle, the line in order.

What is held against the ledger is kept here by plain lists, which know nothing of its rules.
"""

import datetime as dt
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from newsletter import meetings
from newsletter.errors import RegistrationError
from newsletter.ledger import Ledger, due_mails, registrations
from newsletter.model.meeting import Attending, Registration, RegistrationState
from tests.ledger.blank import open_blank, put_blank
from tests.meetings.hall import DAY, HOUR, NOW, ON_SITE, REMOTE, Hall, meeting

NAMES = ("aino", "bo", "cecilia", "daavid", "elsa")
who = st.sampled_from(NAMES)
ways = st.sampled_from(list(Attending))


class Line(RuleBasedStateMachine):
    """People who come and go, an editor who changes the seats, and time."""

    ledger: Ledger

    @initialize(on_site=st.integers(0, 3), remote=st.sampled_from([None, 0, 1, 2]))
    def opens(self, on_site: int, remote: int | None) -> None:
        """Begin with an empty ledger."""
        self.hall = Hall(self.ledger, meeting(on_site, remote, deadline=None))
        self.capacity = {ON_SITE: on_site, REMOTE: remote}
        self.paused = False
        self.is_stale = False  # the file has other seats, and nobody came by yet
        self.turns = count()
        self.entered: dict[tuple[int, Attending], int] = {}  # when they were seen to get in line
        self.before: dict[int, Registration] = {}

    # --- what happens ---------------------------------------------------------------------

    @rule(name=who, way=ways, wants_on_site=st.booleans(), known=st.booleans())
    def registers(self, name: str, way: Attending, *, wants_on_site: bool, known: bool) -> None:
        """Fill in the form."""
        with suppress(RegistrationError):
            self.hall.ask(name, way, is_known=known, wants_on_site=wants_on_site)

    @rule(way=ways)
    def is_entered(self, way: Attending) -> None:
        """Let the editor register somebody without an address."""
        entry = meetings.Entry(attending=way, name="Colleague")
        with suppress(RegistrationError):
            meetings.register(
                self.ledger,
                self.hall.meeting,
                entry,
                address="",
                now=self.hall.now,
                by_editor=True,
            )

    @rule(name=who, what=st.sampled_from(["confirm", "cancel", "undo", "accept", "decline"]))
    def presses(self, name: str, what: str) -> None:
        """Press a button of one's page."""
        if one := self.find(name):
            with suppress(RegistrationError):
                getattr(self.hall, what)(one)

    @rule(name=who)
    def slips(self, name: str) -> None:
        """Cancel, and take it back at once: whoever could is where they were."""
        one = self.find(name)
        if one is None or not one.is_live or self.hall.now >= self.hall.meeting.starts_at:
            return
        with suppress(RegistrationError):
            self.hall.cancel(one)
            own = self.hall.undo(one)
            seat = (own.attending, own.state, own.seat(own.attending) is None)
            assert seat == (one.attending, one.state, one.seat(one.attending) is None)
            assert one.offer_until or own.line_at == one.line_at

    @rule(name=who, way=ways, wants_on_site=st.booleans())
    def changes(self, name: str, way: Attending, *, wants_on_site: bool) -> None:
        """Ask for another way of attending."""
        if one := self.find(name):
            with suppress(RegistrationError):
                self.hall.change(one, way, wants_on_site=wants_on_site)

    @rule(on_site=st.integers(0, 3), tended=st.booleans())
    def seats(self, on_site: int, *, tended: bool) -> None:
        """Write another number of seats into the file."""
        self.hall.seats(on_site)
        self.is_stale = not tended
        if tended:
            self.hall.tend()

    @rule(days=st.sampled_from([HOUR / 2, 3 * HOUR, DAY, 4 * DAY, 20 * DAY]))
    def waits(self, days: dt.timedelta) -> None:
        """Let time pass, and the job come round."""
        self.hall.now = min(self.hall.now + days, self.hall.meeting.starts_at + HOUR)
        self.hall.tend()
        self.is_stale = False

    @rule()
    def pauses(self) -> None:
        """Stop the line, or let it go on."""
        self.paused = not self.paused
        step = meetings.pause if self.paused else meetings.go_on
        step(self.ledger, self.hall.meeting, self.hall.now)

    @rule(days=st.integers(1, 14))
    def is_moved(self, days: int) -> None:
        """Write an earlier day into the file; the job comes round."""
        meeting = self.hall.meeting
        if meeting.starts_at - days * DAY > self.hall.now:
            start, end = meeting.start - days * DAY, meeting.end - days * DAY
            self.hall.meeting = replace(meeting, start=start, end=end)
            self.hall.tend()
            self.is_stale = False

    # --- what always holds ----------------------------------------------------------------

    @invariant()
    def nobody_is_let_down(self) -> None:
        """Compare the ledger after each step with what it was before."""
        if not hasattr(self, "hall"):
            return
        with self.ledger.read() as connection:
            rows = registrations.list_registrations(connection, self.hall.meeting.id)
        for way in Attending:
            self.nothing_is_oversold(rows, way)
            self.no_seat_is_idle(rows, way)
            self.the_order_is_kept(rows, way)
        self.who_is_moved_is_told(rows)
        self.before = {one.id: one for one in rows}

    def nothing_is_oversold(self, rows: list[Registration], way: Attending) -> None:
        """Nobody new has a seat, or the offer of one, above the seats there are."""
        holds = {one.id for one in rows if one.seat(way) is not None}
        held = {one.id for one in self.before.values() if one.seat(way) is not None}
        seats = self.hall.meeting.seats[way]
        assert seats is None or len(holds) <= seats or holds <= held
        for one in rows:
            assert (one.seat(way) is not None) == (_is_in(one, way) or _is_offered(one, way))
            assert not one.offer_until or one.offer_until < self.hall.meeting.starts_at

    def no_seat_is_idle(self, rows: list[Registration], way: Attending) -> None:
        """Whoever is in line has been offered what is free."""
        seats, now = self.hall.meeting.seats[way], self.hall.now
        if self.paused or now > self.hall.meeting.starts_at - DAY:
            return
        if self.is_stale:
            return
        holds = sum(one.seat(way) is not None for one in rows)
        waits = [one for one in rows if one.line is way and one.offer_until is None]
        assert not waits or (seats is not None and holds >= seats)

    def the_order_is_kept(self, rows: list[Registration], way: Attending) -> None:
        """Who moves up was in line before all who still wait."""
        waits = {one.id for one in rows if one.line is way and one.offer_until is None}
        moved = [
            one.id
            for one in rows
            if (one.id, way) in self.entered
            and self.before[one.id].offer_until is None
            and (_is_offered(one, way) or (not one.address and _is_in(one, way)))
        ]
        for id in moved:
            assert all(
                self.entered[id, way] < self.entered.get((other, way), 1 << 30) for other in waits
            )
        for key in [key for key in self.entered if key[1] is way and key[0] not in waits]:
            del self.entered[key]
        new = [one for one in rows if one.id in waits and (one.id, way) not in self.entered]
        for one in sorted(new, key=lambda each: each.line_at or NOW):
            self.entered[one.id, way] = next(self.turns)

    def who_is_moved_is_told(self, rows: list[Registration]) -> None:
        """A mail is there for each change that somebody did not see on a page."""
        for one in rows:
            before = self.before.get(one.id)
            assert one.address or not one.offer_until
            if one.offer_until and (before is None or before.offer_until != one.offer_until):
                with self.ledger.read() as connection:
                    mails = due_mails.list_mails_of(connection, one.id)
                assert any(m.detail.get("until") == one.offer_until.isoformat() for m in mails)

    def find(self, name: str) -> Registration | None:
        """Return somebody's registration."""
        with self.ledger.read() as connection:
            return registrations.find_of_address(
                connection, self.hall.meeting.id, f"{name}@example.org"
            )


def _is_in(one: Registration, way: Attending) -> bool:
    return one.state is RegistrationState.REGISTERED and one.attending is way


def _is_offered(one: Registration, way: Attending) -> bool:
    return one.line is way and one.offer_until is not None


def _empty(ledger: Ledger) -> None:
    ledger.close()
    if ledger.is_shared:
        with ledger.engine.begin() as connection:
            connection.exec_driver_sql(
                "DELETE FROM meeting_mails; DELETE FROM registrations; DELETE FROM meetings"
            )
    else:
        put_blank(Path(ledger.place))


def test_the_line_holds_on_sqlite() -> None:
    with TemporaryDirectory() as folder:
        ledger = open_blank(Path(folder, "newsletter.db"))
        ledger.engine.dispose()

        class OnSqlite(Line):
            def __init__(self) -> None:
                super().__init__()
                self.ledger = ledger
                _empty(ledger)

        run(OnSqlite, examples=25)
        ledger.close()


def test_the_line_holds_on_postgresql(postgresql: Ledger) -> None:
    class OnServer(Line):
        def __init__(self) -> None:
            super().__init__()
            self.ledger = postgresql
            _empty(postgresql)

    run(OnServer, examples=5)


def run(machine: type[Line], examples: int) -> None:
    """Try some stories."""
    machine.TestCase.settings = settings(
        max_examples=examples,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    machine.TestCase("runTest").debug()
