"""Claims are exclusive: a batch is called with by one worker, when its time has come."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Connection, select, update

from newsletter.ledger import (
    Claim,
    Later,
    Ledger,
    batches,
    claims,
    doubts,
    people,
    planning,
    sends,
    workers,
)
from newsletter.ledger.tables import deliveries, subscribers
from newsletter.ledger.tables import workers as workers_table
from newsletter.model import Counting, SendState, Standing, State
from tests.ledger.examples import (
    FI,
    FINNISH,
    FREELY,
    NEW,
    NOW,
    add,
    at,
    begin,
    claim,
    edition,
    now_stands,
    outcomes,
    person,
    plan,
    states_of,
)


def test_a_claim_moves_a_batch_from_queued_to_sending(connection: Connection) -> None:
    send_id = begin(connection, 3, batch_size=2)

    claimed = claim(connection, send_id, worker="w/0", now=5.0)

    batch = claimed.batch
    assert (batch.worker, batch.attempt, batch.called_at) == ("w/0", 1, at(5.0))
    assert states_of(connection, send_id) == {State.SENDING: 2, State.QUEUED: 1}


def test_a_claim_holds_all_that_a_call_needs(connection: Connection) -> None:
    aino = person("aino", language="sv", region="Lappi")
    add(connection, aino)
    send_id = plan(connection)
    sends.begin_sending(connection, send_id)

    (recipient,) = claim(connection, send_id).recipients

    assert (recipient.address, recipient.key) == (aino.address, aino.key)
    assert (recipient.name, recipient.language) == ("Aino", "sv")
    assert recipient.attributes == {"region": "Lappi"}
    assert recipient.may_be_mailed


@pytest.mark.parametrize("counting", Counting)
def test_whose_copy_takes_part_in_counting_is_what_they_allow_as_it_is_made(
    connection: Connection, counting: Counting
) -> None:
    add(connection, *map(person, ("yes", "no", "changes")))
    allow(connection, yes="granted", no="denied", changes="granted")
    new = replace(NEW, counting=counting)
    send_id = planning.plan_send(connection, new, FINNISH, {FI: edition(FI)}, batch_sizes={FI: 9})
    sends.begin_sending(connection, send_id)

    first = claim(connection, send_id).batch
    assert counted(connection) == (["changes", "yes"] if counting == "consented" else [])

    batches.release_batch(connection, first.id, key=first.key, not_before=at(0), attempt=1)
    allow(connection, changes="denied")
    claim(connection, send_id)
    assert counted(connection) == (["yes"] if counting == "consented" else [])


def test_a_copy_that_was_accepted_counts_though_the_rest_of_its_batch_is_claimed_again(
    connection: Connection,
) -> None:
    add(connection, *map(person, ("accepted", "changes", "stays")))
    allow(connection, accepted="granted", changes="granted", stays="granted")
    new = replace(NEW, counting=Counting.CONSENTED)
    send_id = planning.plan_send(connection, new, FINNISH, {FI: edition(FI)}, batch_sizes={FI: 9})
    sends.begin_sending(connection, send_id)
    first = claim(connection, send_id)
    told = outcomes(first, State.ACCEPTED, State.UNKNOWN, State.UNKNOWN)
    batches.record_outcomes(connection, first.batch, told, now=NOW)
    doubts.requeue_batch(connection, first.batch.id, key=first.batch.key)
    allow(connection, accepted="denied", changes="denied")

    again = claim(connection, send_id)

    assert [r.key for r in again.recipients] == ["key-changes", "key-stays"]
    assert counted(connection) == ["accepted", "stays"]


def allow(connection: Connection, **trackings: str) -> None:
    for name, tracking in trackings.items():
        this = update(subscribers).where(subscribers.c.key == f"key-{name}")
        connection.execute(this.values(tracking=tracking))


def counted(connection: Connection) -> list[str]:
    query = select(deliveries.c.address).where(deliveries.c.is_counted)
    return sorted(address.partition("@")[0] for address in connection.execute(query).scalars())


def test_a_claim_is_seen_by_nobody_before_it_is_committed(ledger: Ledger) -> None:
    with ledger.write() as connection:
        send_id = begin(connection, 1)

    with ledger.write() as connection:
        claim(connection, send_id)
        with ledger.read() as reading:
            assert states_of(reading, send_id) == {State.QUEUED: 1}


def test_those_who_left_in_the_meantime_are_skipped_with_the_reason(
    connection: Connection,
) -> None:
    send_id = begin(connection, 3)
    left = [
        person("p0", standing=Standing.UNSUBSCRIBED),
        person("p1", standing=Standing.COMPLAINED),
    ]
    now_stands(connection, *left)

    claimed = claim(connection, send_id)

    assert [recipient.address for recipient in claimed.recipients] == ["p2@example.org"]
    skipped = sends.list_deliveries(connection, send_id, State.SKIPPED)
    assert [(address, reason) for address, _, _, reason in skipped] == [
        ("p0@example.org", "unsubscribed"),
        ("p1@example.org", "complained"),
    ]


def test_a_batch_in_doubt_still_holds_those_who_left(connection: Connection) -> None:
    """A repeat must be the very same call, or none."""
    send_id = begin(connection, 2)
    claimed = claim(connection, send_id)
    now_stands(connection, person("p0", standing="bounced"))

    found = claims.list_recipients(connection, claimed.batch.id)

    assert [(r.key, r.may_be_mailed) for r in found] == [("key-p0", False), ("key-p1", True)]


@pytest.mark.parametrize("standing", ["unsubscribed", "bounced"])
def test_a_test_reaches_even_somebody_who_left(connection: Connection, standing: str) -> None:
    me = person("me", standing=standing)
    add(connection, me)
    ids = people.find_ids(connection, [me.address])
    test = replace(NEW, scope="test:1")
    send_id = planning.plan_test(connection, test, [(me.address, ids[me.address], edition(FI))])
    sends.begin_sending(connection, send_id)

    claim(connection, send_id)

    assert states_of(connection, send_id) == {State.SENDING: 1}


def test_a_test_reaches_a_stranger(connection: Connection) -> None:
    test = replace(NEW, scope="test:1")
    copies = [("me@example.org", None, edition(FI)), ("you@example.org", None, edition(FI))]
    send_id = planning.plan_test(connection, test, copies)
    sends.begin_sending(connection, send_id)

    found = [*claim(connection, send_id).recipients, *claim(connection, send_id).recipients]

    assert [(r.address, r.key) for r in found] == [("me@example.org", ""), ("you@example.org", "")]


def test_a_batch_whose_time_has_not_come_is_not_claimed(connection: Connection) -> None:
    send_id = begin(connection, 1)
    batch = claim(connection, send_id).batch

    batches.release_batch(connection, batch.id, key=batch.key, not_before=at(60.0), attempt=1)

    early = claims.claim_batch(connection, send_id, worker="w/0", now=at(59.0), limits=FREELY)
    assert early == Later(1.0)
    again = claim(connection, send_id, now=60.0).batch
    assert again.key != batch.key
    assert again.attempt == 2


def test_nothing_is_left_to_claim_in_the_end(connection: Connection) -> None:
    send_id = begin(connection, 1)
    claim(connection, send_id)

    assert claims.claim_batch(connection, send_id, worker="w/1", now=at(5.0), limits=FREELY) is None


@pytest.mark.parametrize(
    "state",
    [SendState.PLANNED, SendState.SCHEDULED, SendState.PAUSED, SendState.STOPPED],
)
def test_only_of_a_send_under_way_is_anything_claimed(
    connection: Connection, state: SendState
) -> None:
    send_id = begin(connection, 1)
    sends.set_send_state(connection, send_id, state)

    assert claims.claim_batch(connection, send_id, worker="w/0", now=at(5.0), limits=FREELY) is None


def test_while_a_send_is_held_only_its_canary_is_claimed(connection: Connection) -> None:
    send_id = begin(connection, 20, batch_size=5, canary=8)

    canary = [claim(connection, send_id), claim(connection, send_id)]

    assert [c.batch.is_canary for c in canary] == [True, True]
    assert sum(len(c.recipients) for c in canary) == 8
    assert claims.claim_batch(connection, send_id, worker="w/0", now=at(5.0), limits=FREELY) is None
    sends.release_held(connection, send_id)
    assert not claim(connection, send_id).batch.is_canary


def test_a_claim_renews_the_lease_of_its_worker(connection: Connection) -> None:
    """So that no batch is ever claimed under a lease that is about to end."""
    send_id = begin(connection, 1)
    workers.enroll(connection, "w", host="h", is_serving=True)
    connection.execute(workers_table.update().values(seen_at=0.0))

    claim(connection, send_id, worker="w/3")

    known = workers.find_worker(connection, "w")
    assert known
    assert abs(known.age) < 60


# --- many at once -------------------------------------------------------------------------


def claim_all(ledger: Ledger, send_id: int, worker: str) -> list[tuple[int, list[str]]]:
    """Claim batches until there are none, as a thread of a worker does."""
    claimed: list[tuple[int, list[str]]] = []
    while True:
        with ledger.write() as connection:
            got = claims.claim_batch(connection, send_id, worker=worker, now=at(5.0), limits=FREELY)
        if got is None:
            return claimed
        if isinstance(got, Claim):
            claimed.append((got.batch.id, [r.address for r in got.recipients]))


def test_no_two_workers_claim_the_same_batch(ledger: Ledger) -> None:
    with ledger.write() as connection:
        send_id = begin(connection, 240, batch_size=2)

    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(claim_all, ledger, send_id, f"w{n}/0") for n in range(8)]
        claimed = [each for job in jobs for each in job.result()]

    assert len(claimed) == len({batch_id for batch_id, _ in claimed}) == 120
    addresses = Counter(address for _, found in claimed for address in found)
    assert len(addresses) == addresses.total() == 240


def test_claiming_recording_and_splitting_at_once_loses_nobody(ledger: Ledger) -> None:
    with ledger.write() as connection:
        send_id = begin(connection, 200, batch_size=10)

    def work(number: int) -> list[str]:
        mailed: list[str] = []
        for turn in range(10_000):
            with ledger.write() as connection:
                worker = f"w{number}/0"
                got = claims.claim_batch(
                    connection, send_id, worker=worker, now=at(5.0), limits=FREELY
                )
            if not isinstance(got, Claim):
                return mailed
            with ledger.write() as connection:
                if len(got.recipients) > 1 and turn % 3 == 0:
                    batches.split_batch(connection, got.batch)
                    continue
                first = (
                    State.QUEUED if turn % 3 == 1 and len(got.recipients) > 1 else State.ACCEPTED
                )
                told = outcomes(got, first)
                batches.record_outcomes(connection, got.batch, told, now=NOW)
                claims.speed_up(connection, "outbox")
            mailed += [
                recipient.address
                for recipient, outcome in zip(got.recipients, told, strict=True)
                if outcome.state is State.ACCEPTED
            ]
        return mailed

    with ThreadPoolExecutor(8) as pool:
        mailed = [address for found in pool.map(work, range(8)) for address in found]
    mailed += work(9)  # what the last thread queued again when the others had ended

    assert len(mailed) == len(set(mailed)) == 200
    with ledger.read() as connection:
        assert states_of(connection, send_id) == {State.ACCEPTED: 200}
