"""The queue of jobs keeps one promise on both databases, whichever engine reads it."""

import datetime as dt
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from newsletter.ledger import Ledger, local_jobs, losses, queue
from newsletter.model import SENDS, UPKEEP, Job, JobState
from tests.ledger.examples import NOW, begin
from tests.ledger.killing import bring_back, kill, lose
from tests.waiting import join

LATER = NOW + dt.timedelta(hours=2)
JOB = Job(name="carry-on", queue=SENDS, key="send:1:0", args={"send": 1})


def test_a_job_waits_as_it_was_asked_for(connection: Connection) -> None:
    queue.put(connection, replace(JOB, due=LATER, attempt=3))

    [known] = queue.list_jobs(connection)

    assert (known.name, known.queue, known.key) == ("carry-on", "sends", "send:1:0")
    assert known.args == {"send": 1}
    assert (known.attempt, known.state, known.due) == (3, JobState.WAITING, LATER)


@pytest.mark.parametrize(
    ("first", "second", "holds"),
    [(None, LATER, None), (LATER, None, None), (LATER, NOW, NOW), (NOW, LATER, NOW)],
)
def test_of_jobs_with_one_key_one_waits_for_the_earlier_time(
    first: dt.datetime | None,
    second: dt.datetime | None,
    holds: dt.datetime | None,
    connection: Connection,
) -> None:
    queue.put(connection, replace(JOB, due=first))
    queue.put(connection, replace(JOB, due=second))
    queue.put(connection, replace(JOB, key="send:1:1"))

    assert [job.due for job in queue.list_jobs(connection) if job.key == JOB.key] == [holds]
    assert len(queue.list_jobs(connection)) == 2


@pytest.mark.parametrize("args", ["null", "[1]", '{"attempt": "x"}'])
def test_a_job_whose_arguments_are_broken_is_listed_all_the_same(
    connection: Connection, args: str
) -> None:
    queue.put(connection, JOB)
    table = "procrastinate_jobs" if connection.dialect.name == "postgresql" else "jobs"
    connection.execute(text(f"UPDATE {table} SET args = '{args}'"))  # noqa: S608 - ours

    [known] = queue.list_jobs(connection)

    assert (known.key, known.attempt) == (JOB.key, 1)


def test_a_claim_finds_the_next_job_without_reading_all_that_wait(
    connection: Connection,
) -> None:
    if connection.dialect.name == "postgresql":
        pytest.skip("there Procrastinate claims")
    for n in range(20):
        queue.put(connection, replace(JOB, key=f"send:{n}:0"))
    plans = list[str]()

    def explain(conn: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith("SELECT") and "ORDER BY" in statement:
            rows = conn.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.extend(row[3] for row in rows.fetchall())

    event.listen(connection, "before_cursor_execute", explain)
    job = local_jobs.claim(
        connection, ["sends", "upkeep"], names=["carry-on"], alone=["tidy"], worker="w", now=NOW
    )
    event.remove(connection, "before_cursor_execute", explain)

    assert job
    assert job.key == "send:0:0"
    assert any("ix_jobs_turn" in line for line in plans)
    assert not [line for line in plans if "TEMP B-TREE" in line or line == "SCAN jobs"]


def test_a_job_is_asked_for_in_the_transaction_of_what_needs_it(ledger: Ledger) -> None:
    def crash() -> None:
        with ledger.write() as connection:
            queue.put(connection, JOB)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crash()

    with ledger.read() as connection:
        assert queue.list_jobs(connection) == []


def test_all_who_ask_for_one_job_at_once_get_it_once(ledger: Ledger) -> None:
    start, faults = Barrier(4), list[BaseException]()

    def ask() -> None:
        start.wait()
        try:
            with ledger.write() as connection:
                queue.put(connection, JOB)
        except BaseException as err:
            faults.append(err)

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        join(thread)

    assert faults == []
    with ledger.read() as connection:
        assert len(queue.list_jobs(connection)) == 1


def test_jobs_of_one_send_are_taken_back_and_those_of_no_other(connection: Connection) -> None:
    for key in ("send:1:0", "send:1:1", "send:10:0", "send_1:0"):
        queue.put(connection, replace(JOB, key=key))

    queue.take_back(connection, "send:1:")

    assert queue.list_keys(connection, due_by=NOW) == {"send:10:0", "send_1:0"}


def test_the_newest_reason_of_a_trouble_is_told_with_its_job(connection: Connection) -> None:
    queue.put(connection, JOB)
    trouble = queue.Trouble(key=JOB.key, name=JOB.name, reason="a", is_final=False, at=NOW)
    queue.note_trouble(connection, trouble)
    queue.note_trouble(connection, replace(trouble, reason="no key", at=LATER))

    [known] = queue.list_jobs(connection)

    assert (known.reason, known.failed_at) == ("no key", LATER)


def test_the_editor_is_told_of_each_final_failure_once(connection: Connection) -> None:
    passing = queue.Trouble(key="a", name="tidy", reason="busy", is_final=False, at=NOW)
    for trouble in (passing, replace(passing, key="b", is_final=True)):
        queue.note_trouble(connection, trouble)

    assert [trouble.key for trouble in queue.list_untold(connection)] == ["b"]
    queue.tell_in(connection, ["b"], "first")
    assert [trouble.told_in for trouble in queue.list_untold(connection)] == ["first"]
    queue.note_told(connection, "first", NOW)
    assert queue.list_untold(connection) == []


def test_what_failed_for_good_stays_so_while_its_next_round_is_tried(
    connection: Connection,
) -> None:
    failed = queue.Trouble(key="tidy", name="tidy", reason="a", is_final=True, at=NOW)
    queue.note_trouble(connection, failed)
    queue.note_trouble(connection, replace(failed, reason="b", is_final=False, at=LATER))

    [untold] = queue.list_untold(connection)
    assert (untold.reason, untold.is_final) == ("b", True)

    queue.forget(connection, "tidy")
    assert queue.list_untold(connection) == []


def test_to_forget_what_failed_under_a_key_touches_no_longer_one(connection: Connection) -> None:
    trouble = queue.Trouble(key="", name="carry-on", reason="a", is_final=True, at=NOW)
    for key in ("send:1:1", "send:1:10", "send:1_1"):
        queue.note_trouble(connection, replace(trouble, key=key))

    queue.forget(connection, "send:1:1")
    assert queue.list_troubled(connection) == {"send:1:10", "send:1_1"}

    queue.forget_all(connection, "send:1:")
    assert queue.list_troubled(connection) == {"send:1_1"}


def test_a_round_is_remembered_by_its_job(connection: Connection) -> None:
    assert queue.last_round(connection, "tidy") is None

    queue.note_round(connection, "tidy", NOW)
    queue.note_round(connection, "tidy", LATER)
    queue.note_round(connection, "other", NOW)

    assert queue.last_round(connection, "tidy") == LATER


def test_a_job_without_hurry_waits_behind_all_others(connection: Connection) -> None:
    queue.put(connection, Job(name="tidy", queue=UPKEEP, key="tidy", is_alone=True))

    assert [job.queue for job in queue.list_jobs(connection)] == ["upkeep"]


# --- jobs of workers that were killed -----------------------------------------------------


def test_a_job_whose_worker_was_killed_waits_again_however_often_within_reason(
    connection: Connection,
) -> None:
    queue.put(connection, JOB)

    assert lose(connection, losses.MOST - 1) == []

    assert [job.state for job in queue.list_jobs(connection)] == [JobState.WAITING]
    assert queue.list_hopeless(connection) == set()


def test_a_job_that_ends_each_worker_fails_for_good_with_a_reason(connection: Connection) -> None:
    queue.put(connection, JOB)

    [reason] = lose(connection, losses.MOST)

    [failed] = queue.list_jobs(connection)
    assert (failed.state, failed.reason) == (JobState.FAILED, reason)
    assert "20 in a row" in reason
    assert [trouble.key for trouble in queue.list_untold(connection)] == [JOB.key]
    assert queue.list_hopeless(connection) == {JOB.key}


def test_of_a_job_that_ends_each_worker_none_waits_that_was_asked_for_meanwhile(
    connection: Connection,
) -> None:
    queue.put(connection, JOB)
    lose(connection, losses.MOST - 1)
    kill(connection)
    queue.put(connection, JOB)  # by a worker that joined in

    bring_back(connection)

    assert [job.state for job in queue.list_jobs(connection)] == [JobState.FAILED]


def test_a_success_and_the_editors_wish_to_try_again_count_from_nought(
    connection: Connection,
) -> None:
    queue.put(connection, JOB)
    lose(connection, losses.MOST - 1)
    queue.forget(connection, JOB.key)
    lose(connection, losses.MOST - 1)
    assert len(lose(connection)) == 1

    queue.retry(connection, queue.list_jobs(connection))

    assert queue.list_hopeless(connection) == set()
    assert lose(connection, losses.MOST - 1) == []


def test_a_send_that_gets_on_between_kills_is_carried_on_however_often(
    connection: Connection,
) -> None:
    send = begin(connection, 3, batch_size=1)
    queue.put(connection, replace(JOB, args={"send": send}))
    lose(connection, losses.MOST - 1)

    connection.execute(
        text("UPDATE batches SET state = 'settled' WHERE id = (SELECT min(id) FROM batches)")
    )

    assert lose(connection, losses.MOST - 1) == []
    assert len(lose(connection)) == 1


def test_a_tally_tells_what_is_due_for_how_long_and_what_has_failed(connection: Connection) -> None:
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(hours=2)
    in_a_year = dt.datetime.now(dt.UTC) + dt.timedelta(days=365)
    queue.put(connection, JOB)
    queue.put(connection, replace(JOB, key="send:1:1", due=long_ago))
    queue.put(connection, replace(JOB, key="send:1:2", due=in_a_year))
    queue.put(connection, replace(JOB, key="tidy", queue=UPKEEP))

    told = {(t.queue, t.state, t.is_due): (t.count, t.waited) for t in queue.tally(connection)}

    assert {key: count for key, (count, _) in told.items()} == {
        ("sends", JobState.WAITING, True): 2,
        ("sends", JobState.WAITING, False): 1,
        ("upkeep", JobState.WAITING, True): 1,
    }
    # It was asked for just now: what was due before it was asked for has not waited since.
    assert 0 <= told["sends", JobState.WAITING, True][1] < 60


def test_a_job_that_is_tried_again_still_runs_beside_no_other_of_its_name(
    ledger: Ledger,
) -> None:
    if not ledger.is_shared:
        pytest.skip("there the table of jobs says so at each claim")
    job = Job(name="tidy", queue=UPKEEP, key="tidy", is_alone=True)
    with ledger.write() as connection:
        queue.put(connection, job)
        connection.execute(text("UPDATE procrastinate_jobs SET status = 'failed'"))
        queue.retry(connection, queue.list_jobs(connection))

        [again] = queue.list_jobs(connection)

    assert (again.state, again.is_alone) == (JobState.WAITING, True)
