"""Whatever happens in whatever order, nobody is mailed who must not be: lists, events, clicks, ...

An oracle of its own keeps why each must not be mailed; it knows nothing of records and standings.
"""

import datetime as dt
import io
import tempfile
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import func, select

from newsletter import consent, feedback
from newsletter.audience import open_people
from newsletter.errors import UsageError
from newsletter.intake import import_list, open_intake, take_back
from newsletter.ledger import (
    Import,
    Ledger,
    events,
    find_absence,
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
from newsletter.ledger.carrying_over import Sources, catch_up
from newsletter.ledger.restorations import trust_all
from newsletter.ledger.tables import deliveries, sends, subscribers
from newsletter.links import SuppressionMarks, UnsubscribeLinks
from newsletter.model import Departure, Purpose, Return, ReturnKind, Standing, Wish
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


_MAILS = {
    "leaves": ReturnKind.UNSUBSCRIBED,
    "spam": ReturnKind.COMPLAINED,
    "gone": ReturnKind.HARD,
    "full": ReturnKind.SOFT,
}
_KEEPS_OFF = {*_MAILS.values(), ReturnKind.SUPPRESSED} - {ReturnKind.SOFT}


def key_of_issue(number: int) -> str:
    """Return the key of an issue, whose beginning is in the references of its mails."""
    return f"{number:08x}".ljust(32, "0")


def address_of(name: str) -> str:
    """Return the address of somebody."""
    return f"{name}@example.org"


@dataclass
class Cause:
    """Why somebody must not be mailed."""

    kind: str
    act: int = 0  # which import said so, counted from the first


@dataclass
class Oracle:
    """Why each must not be mailed, by address."""

    causes: dict[str, list[Cause]] = field(default_factory=dict)
    paused: dict[str, dt.datetime] = field(default_factory=dict)
    lifted: dict[str, dt.datetime] = field(default_factory=dict)
    newest: dt.datetime = NOW  # by the clock, before it was set back

    def stop(self, name: str, kind: str, at: dt.datetime | None = None, act: int = 0) -> None:
        """Note a cause, unless it is dated and what lifted all came after it."""
        if at is None or name not in self.lifted or at > self.lifted[name]:
            self.causes.setdefault(name, []).append(Cause(kind, act))

    def lift(self, name: str, at: dt.datetime) -> None:
        """Note that somebody wishes for mail."""
        self.causes.pop(name, None)
        self.paused.pop(name, None)
        self.lifted[name] = max(at, self.newest)

    def move(self, old: str, new: str) -> None:
        """Note that somebody has another address; what keeps them off goes along."""
        self.causes[new] = [*self.causes.get(new, []), *self.causes.get(old, [])]
        for known in (self.paused, self.lifted):
            known.pop(new, None)
            if old in known:
                known[new] = known[old]

    def copy(self) -> "Oracle":
        """Return what is known now, whatever comes."""
        causes = {name: [*causes] for name, causes in self.causes.items()}
        return Oracle(causes, dict(self.paused), dict(self.lifted), self.newest)

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
        self.acts, self.numbers = 0, count()
        self.taken: list[tuple[Import, int]] = []
        self.backup: tuple[bytes, Oracle, list[tuple[Import, int]]] | None = None
        self.told: dict[str, Standing] = {}  # whom the provider keeps on its list

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()

    def tick(self) -> dt.datetime:
        """Let some time pass."""
        self.now += HOUR
        self.oracle.newest = max(self.oracle.newest, self.now)
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
        self.acts += 1
        self.taken.append((taken, self.acts))
        for name, standing in rows.items():
            if standing and (known[name] is not None or self.key_of(name)):
                self.oracle.stop(name, "list", act=self.acts)

    @precondition(lambda self: self.taken)
    @rule(mail_again=st.booleans())
    def take_an_import_back(self, *, mail_again: bool) -> None:
        now, (taken, act) = self.tick(), self.taken.pop()
        with self.ledger.read() as connection:
            shown = imports.count_undo(connection, taken)
        take_back(self.ledger, taken, shown, now, mail_again=mail_again)
        if mail_again:
            for name, causes in self.oracle.causes.items():
                self.oracle.causes[name] = [c for c in causes if c.act != act]

    @rule(name=who)
    def remove(self, name: str) -> None:
        now = self.tick()
        if take_people_off(self.ledger, [address_of(name)], now=now).left:
            self.oracle.stop(name, "editor")

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
            self.oracle.stop(name, "left")

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
            key=f"wish{now:%m%d%H}{name}{self.acts}{next(self.numbers)}",
            purpose=Purpose.SIGN_UP,
            address=address_of(name),
            language="fi",
            asked_at=now,
        )
        with self.ledger.write() as connection:
            wishes.add_wish(connection, replace(wish, mailed_at=now))
        if (
            consent.confirm_sign_up(self.ledger, wish.key, now, secret=SECRET)
            is consent.Confirmation.DONE
        ):
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
        self.oracle.stop(name, "erased")

    @rule(old=who, new=st.sampled_from((*NAMES, "d")))
    def move(self, old: str, new: str) -> None:
        """Change the address by both ends, if it is free."""
        now, key = self.tick(), self.key_of(old)
        if not key or old == new or self.key_of(new):
            return
        consent.ask_to_move(self.ledger, key, address_of(new), "fi", now)
        with self.ledger.read() as connection:
            asked = wishes.list_wishes_of(connection, key, [Purpose.MOVE_FROM, Purpose.MOVE_TO])
        ends = [
            consent.confirm_move(self.ledger, wish.key, now)
            for wish in asked
            if wish.asked_at == now
        ]
        if consent.Confirmation.DONE in ends:
            self.oracle.move(old, new)

    # --- the provider and the mailbox ------------------------------------------------------

    def take_in(self, name: str, *told: Return) -> None:
        """Take in what is told of somebody; what is news keeps them off."""
        with self.ledger.write() as connection:
            taken = consent.take_in(connection, told, consent.Rules(secret=SECRET), self.now)
        known = self.key_of(name)
        if known and taken.new and not taken.unassigned and not taken.held:
            for one in told:
                if one.kind in _KEEPS_OFF:
                    self.oracle.stop(name, one.kind, one.at)

    @rule(name=who, kind=st.sampled_from(["leaves", "spam", "gone", "full", "away"]))
    def answer_by_mail(self, name: str, kind: str) -> None:
        """Let a mail come back about the last issue: a wish to leave, ARF, a DSN, a holiday."""
        now, key = self.tick(), self.key_of(name)
        if kind == "away" or not key:  # nobody is told of an automatic answer
            return
        one = Return(kind=_MAILS[kind], source="mailbox", address=address_of(name), at=now)
        if kind == "leaves":
            link = UnsubscribeLinks("", SECRET).link_for(key)
            self.take_in(name, replace(one, token=link.rpartition("/")[2]))
        elif delivery := self.last_delivery(name):
            reference = f"{self.issues:08x}-{delivery}"
            self.take_in(name, replace(one, reference=reference, is_proven=True))

    def last_delivery(self, name: str) -> int | None:
        """Return the delivery of the last issue to somebody."""
        theirs = deliveries.c.address == address_of(name)
        query = select(func.max(deliveries.c.id)).where(theirs, deliveries.c.state == "accepted")
        with self.ledger.read() as connection:
            send = select(sends.c.id).where(sends.c.key == key_of_issue(self.issues))
            found: int | None = connection.execute(
                query.where(deliveries.c.send_id == send.scalar_subquery())
            ).scalar()
        return found

    @rule(name=who, standing=st.sampled_from([*events.SAID_NO, Standing.BOUNCED]))
    def suppress(self, name: str, standing: Standing) -> None:
        """Let the provider keep somebody on its list, which is asked at night."""
        self.tick()
        self.told[name] = standing
        self.take_in(
            name, feedback.as_return("postmark", Departure(address_of(name), standing, ""))
        )

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
            self.oracle.stop(name, kind, at)

    # --- time, backups and mail -----------------------------------------------------------

    @rule(days=st.sampled_from([1, 40, 100]))
    def wait(self, days: int) -> None:
        self.now += dt.timedelta(days=days)
        with self.ledger.write() as connection:
            history.wake(connection, self.now)

    @rule(hours=st.sampled_from([2, 60]))
    def set_the_clock_back(self, hours: int) -> None:
        self.now -= hours * HOUR

    @rule()
    def back_up(self) -> None:
        self.ledger.close()
        self.backup = (self.file.read_bytes(), self.oracle.copy(), [*self.taken])
        self.ledger = open_ledger(self.file)

    @precondition(lambda self: self.backup)
    @rule(is_lost=st.booleans())
    def restore(self, *, is_lost: bool) -> None:
        """Nobody is mailed who must not be, though a backup does not know it.

        What happened since is known by the ledger that is replaced; if that is lost, by those who
        are asked before anything is sent.
        """
        assert self.backup
        now, (data, known, self.taken) = self.tick(), self.backup
        self.taken = [*self.taken]
        self.ledger.close()
        newer = self.file.with_name("newer.db")
        put_blank(newer)
        newer.write_bytes(self.file.read_bytes())
        put_blank(self.file)
        self.file.write_bytes(data)
        self.ledger = open_ledger(self.file)
        with closing(open_ledger(newer)) as lost, self.ledger.write() as connection:
            trust_all(connection, NOW, now)
            sources = Sources(lost=None if is_lost else lost, marks=SuppressionMarks(SECRET))
            catch_up(connection, sources, now)
            assert is_lost <= (find_absence(connection) is not None)
        if is_lost:
            self.oracle = known.copy()
            self.oracle.newest = max(known.newest, now)
            for name, standing in self.told.items():
                self.suppress(name, standing)
        with self.ledger.read() as connection:
            self.issues = len(list(sends_of.list_sends(connection)))

    @rule(between=st.none() | who)
    def mail_an_issue(self, between: str | None) -> None:
        """Plan it, let somebody leave in between, and hand it over."""
        now = self.tick()
        self.issues += 1
        issue = f"2030-{self.issues:02}"
        new = replace(
            NEW, key=key_of_issue(self.issues), scope=issue, issue_id=issue, tag=issue, now=now
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
