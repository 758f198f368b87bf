"""Whatever happens in whatever order, nobody is mailed who must not be: lists, events, clicks, ...

An oracle of its own keeps why each must not be mailed; it knows nothing of records and standings.
"""

import datetime as dt
import io
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from newsletter import consent
from newsletter.audience import open_people
from newsletter.errors import UsageError
from newsletter.intake import import_list, open_intake, take_back
from newsletter.ledger import (
    Import,
    Ledger,
    events,
    history,
    imports,
    open_ledger,
    people,
    planning,
    wishes,
)
from newsletter.ledger import batches as batches_of
from newsletter.ledger import claims as claims_of
from newsletter.ledger import sends as sends_of
from newsletter.ledger.tables import subscribers
from newsletter.model import Departure, Purpose, Standing, Wish
from newsletter.register import Details, enter_person, rename_person, take_people_off
from tests.ledger.blank import open_blank, put_blank
from tests.ledger.examples import (
    FI,
    FINNISH,
    FREELY,
    NEW,
    NOW,
    astray,
    edition,
    outcomes,
)

SECRET = "a secret that is long enough for tests"  # noqa: S105 - of no newsletter
NAMES = ("a", "b", "c")
HOUR = dt.timedelta(hours=1)
who = st.sampled_from(NAMES)


def address_of(name: str) -> str:
    """Return the address of somebody."""
    return f"{name}@example.org"


@dataclass
class Cause:
    """Why somebody must not be mailed."""

    kind: str
    at: dt.datetime
    act: int = 0  # number of the import that said so


@dataclass
class Oracle:
    """Why each must not be mailed, by address."""

    causes: dict[str, list[Cause]] = field(default_factory=dict)
    paused: dict[str, dt.datetime] = field(default_factory=dict)
    lifted: dict[str, dt.datetime] = field(default_factory=dict)

    def stop(self, name: str, kind: str, at: dt.datetime, act: int = 0) -> None:
        """Note a cause, unless what lifted all came after it."""
        if name not in self.lifted or at > self.lifted[name]:
            self.causes.setdefault(name, []).append(Cause(kind, at, act))

    def lift(self, name: str, at: dt.datetime) -> None:
        """Note that somebody wishes for mail."""
        self.causes.pop(name, None)
        self.paused.pop(name, None)
        self.lifted[name] = at

    def must_not(self, name: str, now: dt.datetime) -> bool:
        """Return whether somebody must not be mailed now."""
        return bool(self.causes.get(name)) or self.paused.get(name, now) > now


class Consent(RuleBasedStateMachine):
    """A list, and everything that happens to those on it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.file = Path(self.folder.name) / "newsletter.db"
        self.ledger: Ledger = open_blank(self.file)
        self.oracle = Oracle()
        self.now = NOW
        self.issues = 0
        self.taken: list[Import] = []
        self.backup: tuple[bytes, Oracle, list[Import]] | None = None

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()

    def tick(self) -> dt.datetime:
        """Let some time pass."""
        self.now += HOUR
        return self.now

    def key_of(self, name: str) -> str | None:
        """Return the key of somebody, if they are on the list."""
        with self.ledger.read() as connection:
            found = people.find_subscriber(connection, address_of(name))
        return found.key if found else None

    # --- the editor -----------------------------------------------------------------------

    @rule(rows=st.dictionaries(who, st.sampled_from(["", "unsubscribed", "bounced"]), min_size=1))
    def import_a_list(self, rows: dict[str, str]) -> None:
        now = self.tick()
        lines = [f"{address_of(name)},N,{standing or 'active'}" for name, standing in rows.items()]
        data = "\n".join(["email,name,standing", *lines]).encode()
        with open_intake(self.ledger, open_people(io.BytesIO(data), "l.csv"), SECRET) as intake:
            if not intake.preview.writes:
                return
            known = {name: self.key_of(name) for name in rows}
            taken = import_list(intake, "l.csv", now)
        self.taken.append(taken)
        for name, standing in rows.items():
            if standing and (known[name] is not None or self.key_of(name)):
                self.oracle.stop(name, "list", now, taken.id)

    @precondition(lambda self: self.taken)
    @rule(mail_again=st.booleans())
    def take_an_import_back(self, *, mail_again: bool) -> None:
        now, taken = self.tick(), self.taken.pop()
        with self.ledger.read() as connection:
            shown = imports.count_undo(connection, taken)
        take_back(self.ledger, taken, shown, now, mail_again=mail_again)
        if mail_again:
            for name, causes in self.oracle.causes.items():
                self.oracle.causes[name] = [c for c in causes if c.act != taken.id]

    @rule(name=who)
    def remove(self, name: str) -> None:
        now = self.tick()
        if take_people_off(self.ledger, [address_of(name)], now=now).left:
            self.oracle.stop(name, "editor", now)

    @rule(name=who, again=st.booleans())
    def enter(self, name: str, *, again: bool) -> None:
        now = self.tick()
        try:
            enter_person(
                self.ledger, address_of(name), Details(), again=again, now=now, secret=SECRET
            )
        except UsageError:
            return
        if again:
            self.oracle.lift(name, now)

    @rule(name=who)
    def correct_the_spelling(self, name: str) -> None:
        now = self.tick()
        if self.key_of(name):
            rename_person(self.ledger, address_of(name), address_of(name).upper(), now=now)

    # --- the person -----------------------------------------------------------------------

    @rule(name=who)
    def leave(self, name: str) -> None:
        now = self.tick()
        if key := self.key_of(name):
            consent.leave(self.ledger, key, consent.Way.PAGE, now)
            self.oracle.stop(name, "left", now)

    @rule(name=who)
    def undo_leaving(self, name: str) -> None:
        now = self.tick()
        key = self.key_of(name)
        if key and consent.come_back(self.ledger, key, now):
            causes = self.oracle.causes.get(name, [])
            self.oracle.causes[name] = [c for c in causes if c.kind != "left"]

    @rule(name=who)
    def confirm(self, name: str) -> None:
        now = self.tick()
        wish = Wish(
            key=f"wish{now:%d%H}{name}",
            purpose=Purpose.SIGN_UP,
            address=address_of(name),
            language="fi",
            asked_at=now,
        )
        with self.ledger.write() as connection:
            wishes.add_wish(connection, replace(wish, mailed_at=now))
        if consent.confirm_sign_up(self.ledger, wish.key, now) is consent.Confirmation.DONE:
            self.oracle.lift(name, now)

    @rule(name=who, months=st.sampled_from(consent.MONTHS))
    def pause(self, name: str, months: int) -> None:
        now = self.tick()
        key = self.key_of(name)
        if key:
            consent.pause(self.ledger, key, months, now)
            with self.ledger.read() as connection:
                found = people.find_subscriber(connection, address_of(name))
            if found and found.paused_until and found.standing is Standing.PAUSED:
                self.oracle.paused[name] = now + dt.timedelta(days=29 * months)

    @rule(name=who)
    def resume(self, name: str) -> None:
        now = self.tick()
        if key := self.key_of(name):
            consent.resume(self.ledger, key, now)
            self.oracle.paused.pop(name, None)

    @rule(name=who)
    def forget(self, name: str) -> None:
        now = self.tick()
        consent.forget(self.ledger, address_of(name), SECRET, now, source="forget")
        self.oracle.stop(name, "erased", now)

    # --- the provider ---------------------------------------------------------------------

    @precondition(lambda self: self.issues)
    @rule(
        name=who,
        kind=st.sampled_from(events.SAID_NO),
        ago=st.none() | st.integers(0, 40),
        issue=st.integers(1, 3),
    )
    def hear(self, name: str, kind: Standing, ago: int | None, issue: int) -> None:
        now = self.tick()
        at = None if ago is None else now - ago * HOUR
        told = Departure(address_of(name), kind, at.isoformat() if at else "")
        with self.ledger.write() as connection:
            noted = events.note_departures(connection, min(issue, self.issues), [told], now)
        if noted.heard and self.key_of(name):
            self.oracle.stop(name, kind, at or now)

    # --- time, backups and mail -----------------------------------------------------------

    @rule(days=st.sampled_from([1, 40, 100]))
    def wait(self, days: int) -> None:
        self.now += dt.timedelta(days=days)
        with self.ledger.write() as connection:
            history.wake(connection, self.now)

    @rule()
    def back_up(self) -> None:
        self.ledger.close()
        copy = Oracle(
            {name: [replace(c) for c in causes] for name, causes in self.oracle.causes.items()},
            dict(self.oracle.paused),
            dict(self.oracle.lifted),
        )
        self.backup = (self.file.read_bytes(), copy, [*self.taken])
        self.ledger = open_ledger(self.file)

    @precondition(lambda self: self.backup)
    @rule()
    def restore(self) -> None:
        """What came after a backup is lost with it, to the oracle, too."""
        assert self.backup
        data, self.oracle, self.taken = self.backup
        self.backup = None
        self.ledger.close()
        put_blank(self.file)
        self.file.write_bytes(data)
        self.ledger = open_ledger(self.file)
        with self.ledger.read() as connection:
            self.issues = len(list(sends_of.list_sends(connection)))

    @rule(between=st.none() | who)
    def mail_an_issue(self, between: str | None) -> None:
        """Plan it, let somebody leave in between, and hand it over."""
        now = self.tick()
        self.issues += 1
        issue = f"2030-{self.issues:02}"
        new = replace(
            NEW, key=f"{self.issues:032}", scope=issue, issue_id=issue, tag=issue, now=now
        )
        with self.ledger.write() as connection:
            history.wake(connection, now)
            send_id = planning.plan_send(
                connection, new, FINNISH, {FI: edition(FI)}, batch_sizes={FI: 10}
            )
            planned = [row[0] for row in sends_of.list_deliveries(connection, send_id)]
            self.verify(planned, now)
            assert sends_of.begin_sending(connection, send_id)
        if between:
            self.leave(between)
        with self.ledger.write() as connection:
            claimed = claims_of.claim_batch(
                connection, send_id, worker="w/0", now=self.tick(), limits=FREELY
            )
            if isinstance(claimed, claims_of.Claim):
                self.verify([r.address for r in claimed.recipients], self.now)
                batches_of.record_outcomes(
                    connection, claimed.batch, outcomes(claimed), now=self.now
                )

    def verify(self, addresses: list[str], now: dt.datetime) -> None:
        """Fail if anybody is among these who must not be mailed."""
        names = [address.lower().partition("@")[0] for address in addresses]
        wrongly = [name for name in names if self.oracle.must_not(name, now)]
        assert not wrongly, [(self.oracle.causes.get(name), name) for name in wrongly]

    @invariant()
    def nobody_would_be_planned_who_must_not(self) -> None:
        with self.ledger.write() as connection:
            history.wake(connection, self.now)
            query = select(subscribers.c.address).where(people.may_be_mailed())
            self.verify(list(connection.execute(query).scalars()), self.now)
            assert astray(connection) == {}


_SMALL = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestConsent = Consent.TestCase
TestConsent.settings = _SMALL


@pytest.mark.at_length
class TestConsentAtLength(Consent.TestCase):  # type: ignore[misc, valid-type]
    """The same with many more examples."""

    settings = settings(_SMALL, max_examples=400, stateful_step_count=60)
