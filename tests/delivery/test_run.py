"""A run claims, calls and records batch by batch, and nobody is in two calls."""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from newsletter.delivery import Worker
from newsletter.delivery.retry import ATTEMPTS
from newsletter.errors import LedgerBusyError, LedgerRefusedError, Verdict
from newsletter.ledger import doubts, events, sends
from newsletter.model import Call, Departure, Limits, Outcome, SendState, Standing, State
from tests.delivery.scene import Scene, error, taking
from tests.waiting import PATIENCE


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """Thirty people in three batches."""
    return Scene(tmp_path, 30)


EVERYBODY = sorted(f"p{n}@example.org" for n in range(30))


def test_everybody_is_in_exactly_one_call(scene: Scene) -> None:
    result = scene.run()

    assert result.state == "done"
    assert scene.provider.addresses() == EVERYBODY


def test_a_batch_costs_one_commit(tmp_path: Path) -> None:
    """What was taken whole is recorded in the transaction of the next claim."""
    taken = []
    for count in (30, 130):
        folder = tmp_path / str(count)
        folder.mkdir()
        scene = Scene(folder, count)
        commits: list[object] = []
        event.listen(scene.ledger.engine, "commit", commits.append)
        assert scene.run().state == "done"
        taken.append(len(commits))

    assert taken[1] - taken[0] == 10


def test_what_became_of_a_call_is_recorded_though_no_other_can_be_claimed(scene: Scene) -> None:
    def rename(old: str, new: str) -> None:
        with scene.ledger.write() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    def lose_the_list(call: Call) -> tuple[Outcome, ...]:
        rename("subscribers", "lost")
        return taking()(call)

    scene.provider.answers = [lose_the_list]

    with pytest.raises(LedgerRefusedError):
        scene.run()

    rename("lost", "subscribers")
    assert scene.counts() == {State.ACCEPTED: 10, State.QUEUED: 20}


def _hear(scene: Scene, kind: str, address: str) -> None:
    with scene.ledger.write() as connection:
        said = [Departure(address, Standing(kind), "2026-12-14")]
        events.note_departures(
            connection,
            scene.send.id,
            said,
            scene.now - dt.timedelta(hours=1),
        )


@pytest.mark.parametrize("kind", ["complained", "unsubscribed"])
def test_who_said_no_between_plan_and_time_is_skipped_though_nobody_took_them_off(
    scene: Scene, kind: str
) -> None:
    _hear(scene, kind, "p3@example.org")

    result = scene.run()

    assert result.state == "done"
    assert scene.provider.addresses() == [a for a in EVERYBODY if a != "p3@example.org"]
    with scene.ledger.read() as connection:
        [(address, _, _, reason)] = sends.list_deliveries(connection, scene.send.id, State.SKIPPED)
    assert (address, reason) == ("p3@example.org", kind)


def test_who_said_no_while_a_send_is_under_way_is_skipped_by_the_next_claim(scene: Scene) -> None:
    def answer(call: Call) -> tuple[Outcome, ...]:
        _hear(scene, "complained", "p25@example.org")
        return taking()(call)

    scene.provider.answers = [answer]

    scene.run()

    assert scene.counts() == {State.ACCEPTED: 29, State.SKIPPED: 1}
    assert "p25@example.org" not in scene.provider.addresses()


def test_a_mailbox_that_bounced_is_the_editors_to_judge(scene: Scene) -> None:
    _hear(scene, "bounced", "p3@example.org")

    scene.run()

    assert scene.counts() == {State.ACCEPTED: 30}


# --- refusals -----------------------------------------------------------------------------


def test_a_refusal_before_acceptance_is_tried_again_after_the_wait(scene: Scene) -> None:
    scene.provider.answers = [error(Verdict.RETRY, retry_after=5)]

    result = scene.run()

    assert result.state == "done"
    assert scene.waited >= 5
    keys = [call.key for call in scene.provider.calls]
    assert len(set(keys)) == len(keys)


def test_a_provider_that_wants_hours_stops_the_run_and_its_time_is_named(scene: Scene) -> None:
    scene.provider.answers = [error(Verdict.RETRY, retry_after=3 * 3600)]

    stopped = scene.run()

    assert (stopped.state, scene.counts()) == ("stopped", {State.QUEUED: 30})
    assert "it asks to be called again after 2026-12-15 12:00, not before" in stopped.reason


def test_a_wait_is_as_long_in_the_night_when_clocks_are_put_back(scene: Scene) -> None:
    scene.now = dt.datetime(2026, 10, 25, 1, 0, tzinfo=ZoneInfo("Europe/Helsinki"))
    scene.provider.answers = [error(Verdict.RETRY, retry_after=6 * 3600)]

    assert "it asks to be called again after 2026-10-25 06:00, not before" in scene.run().reason


def test_the_time_when_a_doubt_settles_is_told_by_a_clock_that_was_put_back(tmp_path: Path) -> None:
    scene = Scene(tmp_path, 3)
    scene.now = dt.datetime(2026, 10, 25, 3, 30, tzinfo=ZoneInfo("Europe/Helsinki"))
    scene.provider.answers = [error(Verdict.UNKNOWN)] * 5

    assert "after 03:00 the provider's records tell" in scene.run().reason


def test_where_everybody_is_refused_nobody_is_given_up(scene: Scene) -> None:
    scene.provider.answers = [error(Verdict.REJECT)] * 1000
    stopped = scene.run()
    assert (stopped.state, scene.counts()) == ("stopped", {State.QUEUED: 30})
    scene.provider.answers = []

    scene.run()

    assert scene.counts() == {State.ACCEPTED: 30}


def test_a_stop_leaves_the_rest_queued_and_the_next_run_sends_it(scene: Scene) -> None:
    scene.provider.answers = [error(Verdict.STOP)]

    stopped = scene.run()
    assert (stopped.state, scene.counts()) == ("stopped", {State.QUEUED: 30})
    again = scene.run()

    assert again.state == "done"
    assert scene.counts() == {State.ACCEPTED: 30}


def test_a_message_refused_for_now_is_tried_again_alone(scene: Scene) -> None:
    scene.provider.answers = [taking(p3=State.QUEUED, p4=State.QUEUED)]

    result = scene.run()

    assert (result.state, scene.counts()) == ("done", {State.ACCEPTED: 30})
    sizes = [len(call.messages) for call in scene.provider.calls]
    assert sizes == [10, 10, 10, 2]
    again = [message.address for message in scene.provider.calls[-1].messages]
    assert again == ["p3@example.org", "p4@example.org"]


def test_a_message_refused_for_now_again_and_again_is_rejected_for_a_passing_reason(
    scene: Scene,
) -> None:
    scene.provider.answers = [taking(p3=State.QUEUED)] * 100

    result = scene.run()

    assert (result.state, scene.counts()) == ("done", {State.ACCEPTED: 29, State.REJECTED: 1})
    assert scene.provider.addresses().count("p3@example.org") == ATTEMPTS
    with scene.ledger.read() as connection:
        assert sends.count_transient(connection, scene.send.id) == 1


def _put_off(*names: str) -> Callable[[Call], tuple[Outcome, ...]]:
    """Take everybody but these, whose own servers want minutes."""

    def answer(call: Call) -> tuple[Outcome, ...]:
        outcomes = taking(**dict.fromkeys(names, State.QUEUED))(call)
        return tuple(o._replace(transient=o.state is State.QUEUED) for o in outcomes)

    return answer


def test_who_is_put_off_by_greylisting_is_tried_again_after_minutes(scene: Scene) -> None:
    scene.provider.answers = [
        _put_off("p3", "p4")
    ] * 5  # three batches, and two tries again in vain

    result = scene.run()

    assert (result.state, scene.counts()) == ("done", {State.ACCEPTED: 30})
    assert scene.waited == pytest.approx(60 + 120 + 240, abs=1)
    assert any("2 put off for now" in remark for remark in scene.remarks)


@pytest.mark.parametrize("longest", [0.0, 45.0, 900.0, 3600.0])
def test_greylisting_is_given_its_minutes_and_no_more(scene: Scene, longest: float) -> None:
    scene.greylist_wait = longest
    scene.provider.answers = [_put_off("p3")] * 100

    result = scene.run()

    assert (result.state, scene.counts()) == ("done", {State.ACCEPTED: 29, State.REJECTED: 1})
    assert scene.waited == pytest.approx(longest, abs=1)
    with scene.ledger.read() as connection:  # and is not lost: --retry-failed takes them up
        assert sends.count_transient(connection, scene.send.id) == 1


def test_those_not_tried_do_not_wait_for_those_put_off(scene: Scene) -> None:
    def answer(call: Call) -> tuple[Outcome, ...]:
        first, *others = taking(p5=State.QUEUED, p6=State.QUEUED)(call)
        return (first, *(o._replace(transient=o.delivery % 2 == 0) for o in others))

    scene.provider.answers = [answer] * 3

    scene.run()

    assert [len(call.messages) for call in scene.provider.calls] == [10, 10, 10, 1, 1]
    assert scene.counts() == {State.ACCEPTED: 30}


def test_who_was_never_tried_is_never_given_up_while_others_get_on(scene: Scene) -> None:
    """A server that takes one message of a call, and is slow for the rest."""

    def one_at_a_time(call: Call) -> tuple[Outcome, ...]:
        first, *others = taking()(call)
        return (first, *(o._replace(state=State.QUEUED, message_id="") for o in others))

    scene.provider.answers = [one_at_a_time] * 100

    assert scene.run().state == "done"
    assert scene.counts() == {State.ACCEPTED: 30}


def test_only_those_refused_for_a_passing_reason_are_tried_another_day(scene: Scene) -> None:
    scene.provider.answers = [_rejecting({"p3@example.org": True, "p4@example.org": False})]
    scene.run()
    assert scene.counts() == {State.ACCEPTED: 28, State.REJECTED: 2}
    with scene.ledger.write() as connection:
        doubts.requeue_rejected(connection, scene.send.id, now=scene.now, transient_only=True)

    scene.run()

    assert scene.counts() == {State.ACCEPTED: 29, State.REJECTED: 1}
    assert [m.address for m in scene.provider.calls[-1].messages] == ["p3@example.org"]


def test_a_message_in_doubt_among_taken_ones_is_unknown_alone(scene: Scene) -> None:
    scene.provider.answers = [taking(p3=State.UNKNOWN)]

    result = scene.run()

    assert result.state == "unknown"
    assert result.reason.startswith("1 delivery is unknown")
    assert scene.counts() == {State.ACCEPTED: 29, State.UNKNOWN: 1}


# --- halts --------------------------------------------------------------------------------


def test_being_asked_to_stop_finishes_the_call_in_flight(scene: Scene) -> None:
    result = scene.run(on_record=scene.stop.set)

    assert result.state == "interrupted"
    assert scene.counts() == {State.ACCEPTED: 10, State.QUEUED: 20}


@pytest.mark.parametrize(
    ("order", "rest"),
    [
        (SendState.PAUSED, State.QUEUED),  # until it is resumed
        (SendState.CANCELLED, State.SKIPPED),  # for good
    ],
)
def test_the_editors_order_is_seen_at_the_next_claim(
    scene: Scene, order: SendState, rest: State
) -> None:
    def give(call: Call) -> tuple[Outcome, ...]:
        with scene.ledger.write() as connection:
            sends.set_send_state(connection, scene.send.id, order)
        return taking()(call)

    scene.provider.answers = [give]

    result = scene.run()

    assert result.state == order.value
    assert scene.counts() == {State.ACCEPTED: 10, rest: 20}


def test_a_paused_send_makes_no_call_until_it_is_resumed(scene: Scene) -> None:
    with scene.ledger.write() as connection:
        sends.set_send_state(connection, scene.send.id, SendState.PAUSED)

    assert scene.run().state == "paused"
    assert scene.provider.calls == []
    with scene.ledger.write() as connection:
        sends.set_send_state(connection, scene.send.id, SendState.SENDING)

    assert scene.run().state == "done"


def test_the_rest_is_held_until_the_canary_is_released(tmp_path: Path) -> None:
    scene = Scene(tmp_path, 30, canary=3)

    held = scene.run()
    assert (held.state, scene.counts()) == ("canary", {State.ACCEPTED: 3, State.QUEUED: 27})
    with scene.ledger.write() as connection:
        sends.release_held(connection, scene.send.id)
    released = scene.run()

    assert released.state == "done"
    assert scene.provider.addresses() == EVERYBODY


def test_a_canary_in_doubt_keeps_the_rest_back(tmp_path: Path) -> None:
    scene = Scene(tmp_path, 30, canary=3)
    scene.settles = 1800.0
    scene.provider.answers = [error(Verdict.UNKNOWN)] * 5

    result = scene.run()

    assert result.state != "canary"
    assert scene.counts() == {State.UNKNOWN: 3, State.QUEUED: 27}


# --- workers and threads ------------------------------------------------------------------


def test_threads_share_a_run_and_each_opens_a_provider_of_its_own(scene: Scene) -> None:
    meeting = Barrier(3, timeout=PATIENCE)  # passed only by three calls at once

    def meet(call: Call) -> tuple[Outcome, ...]:
        meeting.wait()
        return taking()(call)

    scene.provider.answers = [meet] * 3

    result = scene.run(concurrency=3)

    assert (result.state, scene.counts()) == ("done", {State.ACCEPTED: 30})
    assert scene.provider.addresses() == EVERYBODY
    assert scene.provider.opened == 3 + 1  # one for the doubts


def test_a_fault_in_one_thread_ends_the_others_and_is_told(scene: Scene) -> None:
    scene.ledger.moods.extend(["", "", "", "before"])
    scene.ledger_patience = 0

    with pytest.raises(LedgerBusyError):
        scene.run(concurrency=2)

    assert scene.run().state in ("done", "unknown")
    assert scene.provider.addresses().count("p29@example.org") == 1


def test_two_workers_at_once_mail_nobody_twice(scene: Scene) -> None:
    def help_out() -> None:
        if not helped:
            helped.append(1)
            scene.run()

    helped: list[int] = []

    scene.run(on_record=help_out)

    assert scene.provider.addresses() == EVERYBODY
    assert scene.counts() == {State.ACCEPTED: 30}


def test_a_worker_that_lost_its_lease_makes_no_call(scene: Scene) -> None:
    class Fenced(Worker):
        is_fenced = True

    result = scene.run(worker_class=Fenced)

    assert result.state == "interrupted"
    assert scene.provider.calls == []
    assert scene.counts() == {State.QUEUED: 30}


def test_a_killed_workers_lock_is_free_and_a_living_ones_is_not(scene: Scene) -> None:
    with (
        Worker(scene.workers, scene.ledger) as first,
        Worker(scene.workers, scene.ledger) as second,
    ):
        assert second.is_living(f"{first.name}/0")
        gone = first.name

    with Worker(scene.workers, scene.ledger) as third:
        assert not third.is_living(gone)
        assert not third.is_living("never-was")
        assert not third.is_living("")


def test_a_rate_spreads_the_calls_of_all_who_send(scene: Scene) -> None:
    scene.run(limits=Limits(provider="recorder", rate=2))

    assert scene.waited == pytest.approx(10, abs=0.2)  # two batches wait for those before


def test_a_cap_waits_for_the_hour_to_pass_and_says_so(scene: Scene) -> None:
    scene.run(limits=Limits(provider="recorder", hourly=20))

    assert scene.waited == pytest.approx(3600, abs=60)
    assert any("20 in this hour are sent" in remark for remark in scene.remarks)


# --- the ledger ---------------------------------------------------------------------------


@pytest.mark.parametrize("mood", ["before", "after"])
@pytest.mark.parametrize("place", range(2, 5))  # begin, claim, record; 1 enrols the worker
def test_a_ledger_that_does_not_answer_is_asked_again(scene: Scene, mood: str, place: int) -> None:
    scene.ledger.moods.extend([""] * (place - 1) + [mood])

    result = scene.run()

    assert (result.state, scene.counts()) == ("done", {State.ACCEPTED: 30})
    assert scene.provider.addresses() == EVERYBODY


def test_a_ledger_that_never_answers_ends_the_run_with_its_error(scene: Scene) -> None:
    scene.ledger.moods.extend(["", "", *["before"] * 100])
    scene.ledger_patience = 1.5

    with pytest.raises(LedgerBusyError):
        scene.run()

    assert scene.provider.calls == []
    assert sum("trying again" in remark for remark in scene.remarks) == 1


def test_what_a_run_left_in_a_call_is_settled_by_the_next_of_the_same_worker(scene: Scene) -> None:
    scene.ledger_patience, scene.settles = 0, 0.0
    with Worker(scene.workers, scene.ledger) as worker:
        scene.ledger.moods.extend(["", "", "before"])  # the answer cannot be recorded
        with pytest.raises(LedgerBusyError):
            scene.run(worker=worker)
        assert scene.provider.calls

        result = scene.run(worker=worker)

    assert (result.state, scene.counts()) == ("done", {State.ACCEPTED: 30})
    first, repeated, *_ = scene.provider.calls
    assert repeated == first  # under its key, which the provider knows
    assert set(scene.provider.addresses()) == set(EVERYBODY)


def _rejecting(people: Mapping[str, bool]) -> Callable[[Call], tuple[Outcome, ...]]:
    """Take a call but for these people, refused for good or for a temporary reason."""
    return lambda call: tuple(
        Outcome(
            delivery=m.delivery,
            state=State.REJECTED if m.address in people else State.ACCEPTED,
            transient=people.get(m.address, False),
        )
        for m in call.messages
    )
