"""A run against a provider of our own making, and a clock that the test turns."""

import datetime as dt
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event

import pytest

from newsletter.delivery import Clock, Composer, Result, Stationery, Worker, run_send
from newsletter.errors import ProviderError, Verdict
from newsletter.ledger import Ledger, open_ledger, people, planning, sends
from newsletter.ledger.sends import Send
from newsletter.model import (
    Call,
    Edition,
    Outcome,
    Slot,
    Standing,
    State,
    Subscriber,
    Variant,
)
from newsletter.providers import Capabilities, Options, Provider

_START = dt.datetime(2026, 12, 15, 9, 0, tzinfo=dt.UTC)


class Recorder(Provider):
    """A provider that writes down its calls and answers as the test wishes."""

    name = "recorder"
    capabilities = Capabilities(batch_size=10, idempotency_window=900, look_up=True)

    def __init__(self, options: Options) -> None:
        self.calls: list[Call] = []
        self.answers: list[ProviderError] = []
        self.taken: dict[str, str] = {}

    def send(self, call: Call) -> tuple[Outcome, ...]:
        """Take the call, or raise the next answer."""
        self.calls.append(call)
        if self.answers:
            raise self.answers.pop(0)
        return tuple(Outcome(delivery=m.delivery, state=State.ACCEPTED) for m in call.messages)

    def look_up(self, call: Call, since: dt.date, until: dt.date) -> Mapping[str, str]:
        """Tell what the test says was taken."""
        return self.taken


class Scene:
    """A planned send of a few people, ready to be run as often as the test likes."""

    def __init__(self, folder: Path, count: int) -> None:
        self.ledger: Ledger = open_ledger(folder / "newsletter.db")
        self.provider = Recorder(Options(folder=folder))
        self.now = _START
        self.waited = 0.0
        self.stop = Event()
        self.folder = folder
        self.send = self._plan(count)

    def run(
        self, on_record: Callable[[], None] = lambda: None, unknown: str | None = None
    ) -> Result:
        """Run the send in a process of its own, as far as the ledger can tell."""
        clock = Clock(now=lambda: self.now, sleep=self._sleep, random=random.Random(1))
        with Worker(self.folder / "workers") as worker:
            composer = Composer(
                self.send,
                Stationery(list_id="a.example.org", unsubscribe_mailto="mailto:a@example.org"),
                self.provider.capabilities,
                load_edition=self._load,
                now=clock.now,
            )
            return run_send(
                self.send,
                ledger=self.ledger,
                provider=self.provider,
                composer=composer,
                worker=worker,
                clock=clock,
                progress=lambda _count, _remark: on_record(),
                stop=self.stop,
                unknown=unknown,
            )

    def counts(self) -> dict[State, int]:
        """Return the deliveries by state."""
        with self.ledger.read() as connection:
            return sends.count_states(connection, self.send.id)

    def die_during_a_call(self) -> None:
        """Claim a batch as a process does that is then killed."""
        with self.ledger.write() as connection:
            sends.claim_batch(connection, self.send.id, worker="gone", now=self.now.timestamp())

    def leave(self, address: str) -> None:
        """Let somebody unsubscribe."""
        with self.ledger.write() as connection:
            person = people.find_subscriber(connection, address)
            assert person
            left = Subscriber(address=address, key=person.key, standing=Standing.UNSUBSCRIBED)
            people.change_subscribers(connection, [left], _START.isoformat())

    def _sleep(self, seconds: float) -> None:
        self.waited += seconds
        self.now += dt.timedelta(seconds=seconds)

    def _load(self, edition_id: int) -> Edition:
        with self.ledger.read() as connection:
            return sends.load_edition(connection, edition_id)

    def _plan(self, count: int) -> Send:
        slot = Slot(marker="zq0z", name="name", fallback="you")
        edition = Edition(
            issue_id="2026-12", variant="fi", language="fi", subject="S", digest="d",
            html="<p>Hei zq0z</p>", text="Hei zq0z\n", slots=(slot,),
        )  # fmt: skip
        crowd = [Subscriber(address=f"p{n}@example.org", key=f"k{n}") for n in range(count)]
        new = planning.NewSend(
            key="0" * 32, scope="2026-12", issue_id="2026-12", issue_date=_START.date(),
            subject="S", provider="recorder", tag="2026-12", sender=("N", "n@example.org"),
            reply_to="r@example.org", public_url="", digest="d", now=_START.isoformat(),
        )  # fmt: skip
        choice = planning.Choice(languages=("fi",), default_language="fi")
        with self.ledger.write() as connection:
            people.add_subscribers(connection, crowd, _START.isoformat())
            rendered = {Variant(language="fi"): edition}
            planning.plan_send(connection, new, choice, rendered, batch_size=10)
            send = sends.find_send(connection, "2026-12")
        assert send
        return send


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """Thirty people in three batches."""
    return Scene(tmp_path, 30)


def _error(verdict: Verdict, retry_after: float | None = None) -> ProviderError:
    return ProviderError("no", provider="recorder", verdict=verdict, retry_after=retry_after)


def test_everybody_is_in_exactly_one_call(scene: Scene) -> None:
    result = scene.run()

    assert result.state == "done"
    addresses = [m.address for call in scene.provider.calls for m in call.messages]
    assert sorted(addresses) == sorted({f"p{n}@example.org" for n in range(30)})


def test_a_dead_senders_batch_is_repeated_under_its_key_within_the_window(scene: Scene) -> None:
    scene.die_during_a_call()
    with scene.ledger.read() as connection:
        [batch] = sends.list_batches_in(connection, scene.send.id, State.SENDING)
    scene.now += dt.timedelta(minutes=14)

    scene.run()

    assert scene.provider.calls[0].key == batch.key
    assert len(scene.provider.calls[0].messages) == 10
    assert scene.counts() == {State.ACCEPTED: 30}


def test_after_the_window_a_batch_is_looked_up_not_repeated(scene: Scene) -> None:
    scene.die_during_a_call()
    scene.now += dt.timedelta(minutes=16)
    scene.provider.taken = {f"p{n}@example.org": f"id{n}" for n in range(10)}

    result = scene.run()

    assert result.state == "done"
    addresses = {m.address for call in scene.provider.calls for m in call.messages}
    assert len(addresses) == 20
    assert scene.counts() == {State.ACCEPTED: 30}


def test_what_the_look_up_does_not_know_stays_unknown(scene: Scene) -> None:
    scene.die_during_a_call()
    scene.now += dt.timedelta(minutes=16)
    scene.provider.taken = {"p0@example.org": "id"}

    result = scene.run()

    assert result.state == "unknown"
    assert scene.counts() == {State.ACCEPTED: 21, State.UNKNOWN: 9}


def test_a_living_senders_batch_is_left_alone(scene: Scene) -> None:
    with Worker(scene.folder / "workers") as other, scene.ledger.write() as connection:
        sends.claim_batch(connection, scene.send.id, worker=other.name, now=0)
        connection.commit()

        scene.run()

        assert scene.counts() == {State.ACCEPTED: 20, State.SENDING: 10}


def test_who_left_while_a_batch_was_in_doubt_is_not_mailed_by_its_repeat(scene: Scene) -> None:
    scene.die_during_a_call()
    scene.leave("p3@example.org")
    scene.provider.taken = {f"p{n}@example.org": "id" for n in range(10) if n != 3}

    scene.run()

    addresses = {m.address for call in scene.provider.calls for m in call.messages}
    assert "p3@example.org" not in addresses
    assert scene.counts() == {State.ACCEPTED: 29, State.UNKNOWN: 1}


@pytest.mark.parametrize("later", [Verdict.RETRY, Verdict.REJECT, Verdict.STOP, Verdict.LOOK_UP])
def test_a_refused_repeat_tells_nothing_about_the_first_call(scene: Scene, later: Verdict) -> None:
    scene.provider.answers = [_error(Verdict.UNKNOWN), _error(later)]

    scene.run()

    first = {m.address for m in scene.provider.calls[0].messages}
    keys = {c.key for c in scene.provider.calls if first & {m.address for m in c.messages}}
    assert len(keys) == 1
    assert scene.counts().get(State.REJECTED) is None


def test_an_answer_nobody_can_read_leaves_its_call_unknown(scene: Scene) -> None:
    scene.provider.answers = [TypeError("no such thing")] * 5  # type: ignore[list-item]

    scene.run()

    assert scene.counts()[State.UNKNOWN] == 10


def test_two_batches_without_an_answer_stop_the_run(scene: Scene) -> None:
    scene.provider.answers = [_error(Verdict.UNKNOWN)] * 100

    result = scene.run()

    assert result.state == "stopped"
    assert scene.counts() == {State.UNKNOWN: 20, State.QUEUED: 10}


def test_where_everybody_is_refused_nobody_is_given_up(scene: Scene) -> None:
    scene.provider.answers = [_error(Verdict.REJECT)] * 1000
    stopped = scene.run()
    assert (stopped.state, scene.counts()) == ("stopped", {State.QUEUED: 30})
    scene.provider.answers = []

    scene.run()

    assert scene.counts() == {State.ACCEPTED: 30}


def test_the_editors_decision_leaves_alone_what_a_living_sender_asks_about(scene: Scene) -> None:
    scene.die_during_a_call()
    scene.now += dt.timedelta(hours=1)
    with Worker(scene.folder / "workers") as other:
        with scene.ledger.write() as connection:
            [batch] = sends.list_batches_in(connection, scene.send.id, State.SENDING)
            sends.doubt_batch(connection, batch.id, reason="")
            assert sends.take_over_batch(
                connection, batch, worker=other.name, is_living=lambda _name: False
            )

        scene.run(unknown="resend")

    assert scene.counts() == {State.ACCEPTED: 20, State.UNKNOWN: 10}


def test_a_refusal_before_acceptance_is_tried_again_after_the_wait(scene: Scene) -> None:
    scene.provider.answers = [_error(Verdict.RETRY, retry_after=5)]

    result = scene.run()

    assert result.state == "done"
    assert scene.waited >= 5
    keys = [call.key for call in scene.provider.calls]
    assert len(set(keys)) == len(keys)


def test_the_same_key_repeats_a_call_whose_answer_was_lost(scene: Scene) -> None:
    scene.provider.answers = [_error(Verdict.UNKNOWN), _error(Verdict.UNKNOWN)]

    scene.run()

    keys = [call.key for call in scene.provider.calls]
    assert keys[0] == keys[1] == keys[2]
    assert [m.address for m in scene.provider.calls[0].messages] == [
        m.address for m in scene.provider.calls[2].messages
    ]
    assert scene.counts() == {State.ACCEPTED: 30}


def test_a_repeat_never_happens_after_the_window(scene: Scene) -> None:
    scene.provider.answers = [_error(Verdict.UNKNOWN, retry_after=500)] * 2

    scene.run()

    first = scene.provider.calls[0].key
    assert sum(call.key == first for call in scene.provider.calls) == 2
    assert scene.counts() == {State.UNKNOWN: 10, State.ACCEPTED: 20}


def test_a_stop_leaves_the_rest_queued_and_the_next_run_sends_it(scene: Scene) -> None:
    scene.provider.answers = [_error(Verdict.STOP)]

    stopped = scene.run()
    assert (stopped.state, scene.counts()) == ("stopped", {State.QUEUED: 30})
    again = scene.run()

    assert again.state == "done"
    assert scene.counts() == {State.ACCEPTED: 30}


def test_being_asked_to_stop_finishes_the_call_in_flight(scene: Scene) -> None:
    result = scene.run(on_record=scene.stop.set)

    assert result.state == "interrupted"
    assert scene.counts() == {State.ACCEPTED: 10, State.QUEUED: 20}


def test_a_killed_workers_lock_is_free_and_a_living_ones_is_not(tmp_path: Path) -> None:
    with Worker(tmp_path) as first, Worker(tmp_path) as second:
        assert second.is_living(first.name)
        gone = first.name

    with Worker(tmp_path) as third:
        assert not third.is_living(gone)
        assert not third.is_living("never-was")
