"""What nobody knows about a call is repeated under its key or looked up, and never guessed."""

import datetime as dt
from pathlib import Path

import pytest

from newsletter.delivery import Worker
from newsletter.errors import Verdict
from newsletter.ledger import doubts, sends
from newsletter.ledger.restorations import doubt_all
from newsletter.model import SendState, State, WhenUnknown
from tests.delivery.scene import Scene, error, taking


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """Thirty people in three batches."""
    return Scene(tmp_path, 30)


# --- repeats ------------------------------------------------------------------------------


def test_the_same_key_repeats_a_call_whose_answer_was_lost(scene: Scene) -> None:
    scene.provider.answers = [error(Verdict.UNKNOWN), error(Verdict.UNKNOWN)]

    scene.run()

    calls = scene.provider.calls
    assert calls[0].key == calls[1].key == calls[2].key
    assert calls[0].messages == calls[2].messages
    assert scene.counts() == {State.ACCEPTED: 30}


def test_a_dead_senders_batch_is_repeated_under_its_key_within_the_window(scene: Scene) -> None:
    batch = scene.claim("gone")
    scene.now += dt.timedelta(minutes=14)

    scene.run()

    assert scene.provider.calls[0].key == batch.key
    assert len(scene.provider.calls[0].messages) == 10
    assert scene.counts() == {State.ACCEPTED: 30}


def test_a_repeat_never_happens_after_the_window(scene: Scene) -> None:
    scene.provider.answers = [error(Verdict.UNKNOWN, retry_after=500)] * 2

    scene.run()

    first = scene.provider.calls[0].key
    assert sum(call.key == first for call in scene.provider.calls) == 2
    assert scene.counts() == {State.UNKNOWN: 10, State.ACCEPTED: 20}


@pytest.mark.parametrize("later", [Verdict.RETRY, Verdict.REJECT, Verdict.STOP, Verdict.LOOK_UP])
def test_a_refused_repeat_tells_nothing_about_the_first_call(scene: Scene, later: Verdict) -> None:
    scene.provider.answers = [error(Verdict.UNKNOWN), error(later)]

    scene.run()

    first = {m.address for m in scene.provider.calls[0].messages}
    keys = {c.key for c in scene.provider.calls if first & {m.address for m in c.messages}}
    assert len(keys) == 1
    assert scene.counts().get(State.REJECTED) is None


def test_who_left_while_a_batch_was_in_doubt_is_not_mailed_by_its_repeat(scene: Scene) -> None:
    scene.claim("gone")
    scene.leave("p3@example.org")
    scene.provider.taken = {f"p{n}@example.org": "id" for n in range(10) if n != 3}

    scene.run()

    assert "p3@example.org" not in scene.provider.addresses()
    assert scene.counts() == {State.ACCEPTED: 29, State.UNKNOWN: 1}


def test_whose_address_was_corrected_is_not_mailed_at_the_old_one_by_a_repeat(scene: Scene) -> None:
    scene.claim("gone")
    scene.rename("p3@example.org", "new@example.org")
    scene.provider.taken = {f"p{n}@example.org": "id" for n in range(10) if n != 3}

    scene.run()
    assert scene.counts() == {State.ACCEPTED: 29, State.UNKNOWN: 1}
    scene.now += dt.timedelta(hours=2)
    scene.run()

    assert "p3@example.org" not in scene.provider.addresses()
    assert scene.provider.addresses().count("new@example.org") == 1


def test_an_answer_nobody_can_read_leaves_its_call_unknown(scene: Scene) -> None:
    scene.provider.answers = [TypeError("no such thing")] * 5  # type: ignore[list-item]

    scene.run()

    assert scene.counts()[State.UNKNOWN] == 10


def test_two_batches_without_an_answer_stop_the_run(scene: Scene) -> None:
    scene.provider.answers = [error(Verdict.UNKNOWN)] * 100

    result = scene.run()

    assert result.state == "stopped"
    assert scene.counts() == {State.UNKNOWN: 20, State.QUEUED: 10}


# --- look-ups -----------------------------------------------------------------------------


def test_after_the_window_a_batch_is_looked_up_not_repeated(scene: Scene) -> None:
    scene.claim("gone")
    scene.now += dt.timedelta(minutes=16)
    scene.provider.taken = {f"p{n}@example.org": f"id{n}" for n in range(10)}

    result = scene.run()

    assert result.state == "done"
    assert len(scene.provider.addresses()) == 20
    assert scene.counts() == {State.ACCEPTED: 30}


def test_a_look_up_that_a_clock_ahead_put_off_for_days_is_made_by_who_serves(scene: Scene) -> None:
    batch = scene.claim("gone")
    scene.doubt(batch)
    scene.now += dt.timedelta(minutes=16)
    with scene.ledger.write() as connection:
        in_days = scene.now + dt.timedelta(days=3)
        doubts.ask_again(connection, batch.id, key=batch.key, at=in_days)
    scene.provider.taken = {f"p{n}@example.org": f"id{n}" for n in range(10)}

    with Worker(scene.workers, scene.ledger, is_serving=True) as worker:
        scene.run(worker=worker)

    assert scene.counts() == {State.ACCEPTED: 30}


def test_what_the_look_up_does_not_know_yet_stays_unknown(scene: Scene) -> None:
    scene.claim("gone")
    scene.now += dt.timedelta(minutes=16)
    scene.provider.taken = {"p0@example.org": "id"}

    result = scene.run()

    assert result.state == "unknown"
    assert "09:46" in result.reason  # when the records tell
    assert scene.counts() == {State.ACCEPTED: 21, State.UNKNOWN: 9}


@pytest.mark.parametrize(
    ("minutes", "counts", "calls"),
    [
        (29, {State.ACCEPTED: 21, State.UNKNOWN: 9}, 20),  # its records may still lag behind
        (31, {State.ACCEPTED: 30}, 29),  # what they do not know by now was not taken
    ],
)
def test_a_look_up_that_knows_nothing_is_proof_only_after_its_time(
    scene: Scene, minutes: int, counts: dict[State, int], calls: int
) -> None:
    scene.claim("gone")
    scene.provider.taken = {"p0@example.org": "id"}
    scene.now += dt.timedelta(minutes=minutes)

    scene.run()

    assert scene.counts() == counts
    assert len(scene.provider.addresses()) == calls
    assert "p0@example.org" not in scene.provider.addresses()


def test_of_a_call_that_a_restored_ledger_dates_in_the_future_no_look_up_proves_anything(
    scene: Scene,
) -> None:
    now, scene.now = scene.now, scene.now + dt.timedelta(days=3)
    scene.claim("gone")
    scene.now = now
    with scene.ledger.write() as connection:
        doubt_all(connection, None, scene.now)
    scene.now += dt.timedelta(hours=2)

    scene.run()

    assert scene.counts() == {State.ACCEPTED: 20, State.UNKNOWN: 10}


def test_a_look_up_may_write_addresses_in_another_case(scene: Scene) -> None:
    scene.provider.answers = [taking(p1=State.UNKNOWN, p2=State.UNKNOWN)]
    scene.provider.taken = {"P1@EXAMPLE.ORG": "id1"}
    scene.run()
    scene.now += dt.timedelta(minutes=20)

    scene.run()

    assert scene.counts() == {State.ACCEPTED: 29, State.UNKNOWN: 1}


# --- who may ask --------------------------------------------------------------------------


def test_a_living_senders_batch_is_left_alone(scene: Scene) -> None:
    with Worker(scene.workers, scene.ledger) as other:
        scene.claim(f"{other.name}/0")

        result = scene.run()

        assert result.state == "elsewhere"
        assert scene.counts() == {State.ACCEPTED: 20, State.SENDING: 10}


def test_a_send_is_not_stopped_while_a_living_sender_asks_about_the_rest(scene: Scene) -> None:
    batch = scene.claim("gone")
    with Worker(scene.workers, scene.ledger) as other:
        scene.doubt(batch)
        scene.ask_about(batch, f"{other.name}/doubt")

        result = scene.run()

    assert result.state == "elsewhere"
    assert scene.counts() == {State.ACCEPTED: 20, State.UNKNOWN: 10}
    with scene.ledger.read() as connection:
        found = sends.find_send(connection, scene.send.scope)
    assert found
    assert found.state is SendState.SENDING


def test_the_editors_decision_leaves_alone_what_a_living_sender_asks_about(scene: Scene) -> None:
    batch = scene.claim("gone")
    scene.now += dt.timedelta(hours=1)
    with Worker(scene.workers, scene.ledger) as other:
        scene.doubt(batch)
        scene.ask_about(batch, f"{other.name}/doubt")

        scene.run(unknown=WhenUnknown.RESEND)

    assert scene.counts() == {State.ACCEPTED: 20, State.UNKNOWN: 10}


@pytest.mark.parametrize(
    ("decision", "counts"),
    [
        (WhenUnknown.RESEND, {State.ACCEPTED: 30}),  # better twice than not at all
        (
            WhenUnknown.SKIP,
            {State.ACCEPTED: 20, State.ABANDONED: 10},
        ),  # not twice
    ],
)
def test_the_editor_decides_about_what_no_look_up_can_settle(
    scene: Scene, decision: WhenUnknown, counts: dict[State, int]
) -> None:
    scene.provider.answers = [error(Verdict.LOOK_UP)]
    scene.run()
    assert scene.counts()[State.UNKNOWN] == 10
    scene.now += dt.timedelta(minutes=16)

    scene.run(unknown=decision)

    assert scene.counts() == counts
