"""A planned send, a provider of our own making, and a clock that the test turns."""

import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, fields
from pathlib import Path
from threading import Event, Lock

from sqlalchemy import Connection

from newsletter.composing import Composer, Outfit
from newsletter.delivery import Clock, Run, Worker, run_send
from newsletter.errors import LedgerBusyError, ProviderError, Verdict
from newsletter.language import say
from newsletter.ledger import (
    Batch,
    Claim,
    Ledger,
    NewSend,
    Send,
    batches,
    choosing,
    claims,
    doubts,
    history,
    people,
    planning,
    sends,
)
from newsletter.model import (
    Call,
    Edition,
    Happened,
    Limits,
    Outcome,
    Record,
    Result,
    Slot,
    State,
    Stationery,
    Subscriber,
    Variant,
    WhenUnknown,
)
from newsletter.providers import Capabilities, Options, Provider
from tests.ledger.blank import open_blank

START = dt.datetime(2026, 12, 15, 9, 0, tzinfo=dt.UTC)
LIMITS = Limits(provider="recorder")
Answer = ProviderError | Callable[[Call], tuple[Outcome, ...]]


class Recorder(Provider):
    """A provider that writes down its calls and answers as the test wishes."""

    name = "recorder"
    capabilities = Capabilities(batch_size=10, idempotency_window=900, look_up=True)

    def __init__(self, options: Options) -> None:
        self.calls: list[Call] = []
        self.answers: list[Answer] = []
        self.taken: dict[str, str] = {}
        self.opened = 0
        self._lock = Lock()

    def send(self, call: Call) -> tuple[Outcome, ...]:
        """Give the next answer; take the call when there is none left."""
        with self._lock:
            self.calls.append(call)
            answer = self.answers.pop(0) if self.answers else taking()
        if isinstance(answer, Exception):
            raise answer
        return answer(call)

    def look_up(self, call: Call, since: dt.date, until: dt.date) -> Mapping[str, str]:
        """Tell what the test says was taken."""
        return self.taken

    @contextmanager
    def opening(self) -> Iterator[Provider]:
        """Stand in for a provider that a thread opens for itself."""
        self.opened += 1
        yield self

    def addresses(self) -> list[str]:
        """Return who was in a call, once for each."""
        return sorted(m.address for call in self.calls for m in call.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneRecorder(Outfit):
    """An outfit whose threads share one provider object."""

    recorder: Recorder

    def opened(self) -> AbstractContextManager[Provider]:
        """Open the only one."""
        return self.recorder.opening()


@dataclass(frozen=True)
class MoodyLedger(Ledger):
    """A ledger that does not answer some of its next changes: "before" or "after" the commit."""

    moods: list[str] = field(default_factory=list)

    @classmethod
    def like(cls, ledger: Ledger) -> "MoodyLedger":
        """Return a ledger at the same place."""
        return cls(**{each.name: getattr(ledger, each.name) for each in fields(ledger)})

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Write, or fail to; "" is a change that goes well."""
        mood = self.moods.pop(0) if self.moods else ""
        if mood == "before":
            raise LedgerBusyError(say("the ledger does not answer"))
        with Ledger.write(self) as connection:
            yield connection
        if mood == "after":
            raise LedgerBusyError(say("the ledger does not answer"))


class Scene:
    """A planned send of a few people, ready to be run as often as the test likes."""

    def __init__(self, folder: Path, count: int, *, canary: int = 0) -> None:
        self.ledger = MoodyLedger.like(open_blank(folder / "newsletter.db"))
        self.provider = Recorder(Options(folder=folder))
        self.now = START
        self.waited = 0.0
        self.settles = 0.0 if canary else 1800.0
        self.ledger_patience = 300.0
        self.greylist_wait = 900.0
        self.stop = Event()
        self.workers = folder / "workers"
        self.remarks: list[str] = []
        self.send = self._plan(count, canary)
        self.scribes: Outfit | None = None  # in place of the one recorder
        self.processes = 1
        self.worth_a_process = 2_000

    def run(
        self,
        on_record: Callable[[], None] = lambda: None,
        unknown: WhenUnknown | None = None,
        *,
        concurrency: int = 1,
        limits: Limits = LIMITS,
        worker_class: type[Worker] = Worker,
        worker: Worker | None = None,
    ) -> Result:
        """Run the send in a process of its own, as far as the ledger can tell, or by a worker."""
        clock = Clock(now=lambda: self.now, sleep=self._sleep, random=random.Random(1))

        def progress(_decided: int, remark: str) -> None:
            self.remarks.append(remark)
            on_record()

        own = worker_class(self.workers, self.ledger)
        with nullcontext(worker) if worker else own as sender:
            run = Run(
                send=self.send,
                ledger=self.ledger,
                outfit=self._outfit(clock),
                composer=self._composer(clock),
                worker=sender,
                clock=clock,
                progress=progress,
                stop=self.stop,
                limits=limits,
                settles=self.settles,
                ledger_patience=self.ledger_patience,
                greylist_wait=self.greylist_wait,
                processes=self.processes,
                worth_a_process=self.worth_a_process,
            )
            return run_send(run, concurrency=concurrency, unknown=unknown)

    def counts(self) -> dict[State, int]:
        """Return the deliveries by state."""
        with self.ledger.read() as connection:
            return sends.count_states(connection, self.send.id)

    def claim(self, worker: str) -> Batch:
        """Claim a batch, as a process does before its call."""
        with self.ledger.write() as connection:
            sends.begin_sending(connection, self.send.id)
            claim = claims.claim_batch(
                connection, self.send.id, worker=worker, now=self.now, limits=LIMITS
            )
        assert isinstance(claim, Claim)
        return claim.batch

    def doubt(self, batch: Batch) -> None:
        """Note that nobody knows what became of a batch."""
        with self.ledger.write() as connection:
            batches.doubt_batch(connection, batch.id, reason="no answer")

    def ask_about(self, batch: Batch, worker: str) -> None:
        """Take a batch in doubt over, as a process does that asks about it."""
        with self.ledger.write() as connection:
            assert doubts.take_over_batch(
                connection, batch, worker=worker, is_living=lambda _name: False
            )

    def leave(self, address: str) -> None:
        """Let somebody unsubscribe."""
        with self.ledger.write() as connection:
            person = people.find_subscriber(connection, address)
            assert person
            left = Record(key=person.key, what=Happened.UNSUBSCRIBED, at=START)
            history.note(connection, [left], START)

    def rename(self, old: str, new: str) -> None:
        """Correct somebody's address."""
        with self.ledger.write() as connection:
            person = people.find_subscriber(connection, old)
            assert person
            people.rename_subscriber(connection, person, new, START)

    def _sleep(self, seconds: float) -> None:
        self.waited += seconds
        self.now += dt.timedelta(seconds=seconds)

    @property
    def stationery(self) -> Stationery:
        """Return what every copy carries."""
        return Stationery(
            key=self.send.key,
            folder="2026-12",
            sender=("N", "n@example.org"),
            reply_to="r@example.org",
            tag="2026-12",
            list_id="a.example.org",
        )

    def _outfit(self, clock: Clock) -> Outfit:
        return self.scribes or OneRecorder(
            stationery=self.stationery,
            provider=type(self.provider),
            options=Options(folder=Path("outbox")),
            now=clock.now,
            recorder=self.provider,
        )

    def _composer(self, clock: Clock) -> Composer:
        kind = self._outfit(clock).provider
        options = Options(folder=Path("outbox"))
        return Composer(self.stationery, kind, options, load_edition=self._load, now=clock.now)

    def _load(self, edition_id: int) -> Edition:
        with self.ledger.read() as connection:
            return sends.load_edition(connection, edition_id)

    def _plan(self, count: int, canary: int) -> Send:
        crowd = [Subscriber(address=f"p{n}@example.org", key=f"k{n}") for n in range(count)]
        with self.ledger.write() as connection:
            people.add_subscribers(connection, crowd, START)
            return plan(connection, provider="recorder", canary=canary)


def plan(connection: Connection, *, provider: str, canary: int = 0) -> Send:
    """Plan the mailing of a short issue to everybody, ten to a batch."""
    slot = Slot(marker="zq0z", name="name", fallback="you")
    edition = Edition(
        issue_id="2026-12", variant="fi", language="fi", subject="S", digest="d",
        html="<p>Hei zq0z</p>", text="Hei zq0z\n", slots=(slot,),
    )  # fmt: skip
    new = NewSend(
        key="0" * 32, scope="2026-12", issue_id="2026-12", issue_date=START.date(),
        subject="S", provider=provider, tag="2026-12", sender=("N", "n@example.org"),
        reply_to="r@example.org", public_url="", digest="d", now=START, canary=canary,
    )  # fmt: skip
    choice = choosing.Choice(languages=("fi",), default_language="fi")
    variant = Variant(language="fi")
    planning.plan_send(connection, new, choice, {variant: edition}, batch_sizes={variant: 10})
    send = sends.find_send(connection, "2026-12")
    assert send
    return send


def error(verdict: Verdict, retry_after: float | None = None) -> ProviderError:
    """Return a provider's refusal."""
    return ProviderError(say("no"), provider="recorder", verdict=verdict, retry_after=retry_after)


def taking(**fates: State) -> Callable[[Call], tuple[Outcome, ...]]:
    """Take a call but for some of its messages, by the local part of their address."""
    return lambda call: tuple(
        Outcome(
            delivery=m.delivery,
            state=fates.get(m.address.partition("@")[0], State.ACCEPTED),
            reason="as the test wishes",
        )
        for m in call.messages
    )
