"""A large send is divided among processes, and nothing of that shows but the time it takes."""

import datetime as dt
import json
import os
import sys
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from newsletter.composing import Outfit
from newsletter.model import State
from newsletter.monitoring.logs import json_log
from tests.delivery.scene import Scene
from tests.delivery.scribe import (
    STUCK,
    Clumsy,
    Desks,
    Disturbed,
    Homebound,
    Outlived,
    Particular,
    Repeatable,
    Scribe,
    Stillborn,
    Stuck,
    Talkative,
    Tired,
    further_processes,
)
from tests.waiting import wait_until

EVERYBODY = sorted(f"p{n}@example.org" for n in range(100))


def _scene(tmp_path: Path, kind: type[Scribe], processes: int = 2) -> tuple[Scene, Desks]:
    """Return a send to a hundred people in ten batches, large enough for two processes."""
    desks = Desks(tmp_path / "desks")
    scene = Scene(tmp_path, 100)
    scene.processes, scene.worth_a_process = processes, 1
    scene.scribes = Outfit(
        stationery=scene.stationery,
        provider=kind,
        options=desks.options,
        now=partial(dt.datetime.now, dt.UTC),
    )
    return scene, desks


def test_the_calls_of_a_large_send_are_divided_among_processes(tmp_path: Path) -> None:
    scene, desks = _scene(tmp_path, Scribe)

    result = scene.run(concurrency=4)

    assert result.state == "done"
    assert scene.counts() == {State.ACCEPTED: 100}
    assert desks.addresses() == EVERYBODY
    assert len(desks.calls()) == 2


def test_concurrency_is_of_all_processes_together(tmp_path: Path) -> None:
    """With one call at a time there is nothing to divide."""
    scene, desks = _scene(tmp_path, Homebound, processes=8)

    assert scene.run(concurrency=1).state == "done"

    assert list(desks.calls()) == [os.getpid()]


def test_a_small_send_is_not_worth_a_process(tmp_path: Path) -> None:
    scene, desks = _scene(tmp_path, Homebound)
    scene.worth_a_process = 101

    assert scene.run(concurrency=4).state == "done"

    assert list(desks.calls()) == [os.getpid()]


def test_a_process_that_is_killed_leaves_its_calls_in_doubt_and_the_others_go_on(
    tmp_path: Path,
) -> None:
    scene, desks = _scene(tmp_path, Tired)

    result = scene.run(concurrency=2)

    assert result.state == "unknown"
    assert scene.counts() == {State.ACCEPTED: 90, State.UNKNOWN: 10}
    assert desks.addresses() == EVERYBODY  # once each
    assert any("a process that was sending has ended" in remark for remark in scene.remarks)


def test_a_process_that_is_killed_between_two_calls_leaves_nothing_in_doubt(tmp_path: Path) -> None:
    scene, desks = _scene(tmp_path, Outlived)

    def kill() -> None:
        """End the further process once the outcomes of its call are recorded."""
        for process in further_processes(desks.options.folder):
            process.kill()
            process.join()

    assert scene.run(on_record=kill, concurrency=2).state == "done"

    assert scene.counts() == {State.ACCEPTED: 100}
    assert desks.addresses() == EVERYBODY
    assert len(desks.calls()) == 2


def test_many_calls_of_a_process_that_is_killed_do_not_look_like_a_provider_that_is_down(
    tmp_path: Path,
) -> None:
    scene, desks = _scene(tmp_path, Tired)

    result = scene.run(concurrency=8)

    assert result.state == "unknown"
    assert scene.counts()[State.ACCEPTED] + scene.counts()[State.UNKNOWN] == 100
    assert len(desks.addresses()) == len(set(desks.addresses())) >= scene.counts()[State.ACCEPTED]


def test_what_a_killed_process_had_in_hand_is_repeated_where_that_is_recognised(
    tmp_path: Path,
) -> None:
    scene, desks = _scene(tmp_path, Repeatable)

    assert scene.run(concurrency=2).state == "done"

    assert scene.counts() == {State.ACCEPTED: 100}
    assert len(desks.addresses()) == 110


def test_signals_to_the_group_cut_off_no_call_of_a_further_process(tmp_path: Path) -> None:
    scene, desks = _scene(tmp_path, Disturbed)

    assert scene.run(concurrency=2).state == "done"

    assert desks.addresses() == EVERYBODY


def test_what_a_provider_refuses_means_the_same_in_any_process(tmp_path: Path) -> None:
    scene, _ = _scene(tmp_path, Particular)

    scene.run(concurrency=2)

    assert scene.counts() == {State.ACCEPTED: 99, State.REJECTED: 1}


def test_a_further_process_writes_into_the_log_and_nothing_of_anybody(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    scene, _ = _scene(tmp_path, Talkative)

    with json_log("info", sys.stderr):
        scene.run(concurrency=2)

    written = capfd.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    assert "no room for …" in {line.get("text") for line in lines}
    assert "@" not in written


def test_a_process_that_dies_as_it_starts_is_told_and_not_needed(
    tmp_path: Path,
) -> None:
    scene, desks = _scene(tmp_path, Stillborn)

    assert scene.run(concurrency=2).state == "done"

    assert list(desks.calls()) == [os.getpid()]
    assert desks.addresses() == EVERYBODY
    assert any("could not start" in remark for remark in scene.remarks)


@pytest.mark.parametrize(
    ("kind", "fault", "reason"),
    [
        (Homebound, "PermissionError", "Permission denied"),  # it cannot be opened there
        (Clumsy, "RuntimeError", "the program itself failed: RuntimeError at"),  # nor composed for
    ],
)
def test_a_process_that_cannot_send_says_why_and_leaves_nothing_in_doubt(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    kind: type[Scribe],
    fault: str,
    reason: str,
) -> None:
    scene, desks = _scene(tmp_path, kind)

    with json_log("warning", sys.stderr):
        assert scene.run(concurrency=2).state == "done"

    assert list(desks.calls()) == [os.getpid()]
    assert desks.addresses() == EVERYBODY
    assert any(f"cannot send ({reason}" in remark for remark in scene.remarks)
    [line] = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert (line["event"], line["fault"]) == ("troubled", fault)
    assert line["reason"].startswith("a further process cannot send")


def test_being_asked_to_stop_finishes_the_calls_in_flight_of_all_processes(tmp_path: Path) -> None:
    scene, desks = _scene(tmp_path, Scribe)

    result = scene.run(on_record=scene.stop.set, concurrency=4)

    assert result.state == "interrupted"
    assert scene.counts() == {
        State.ACCEPTED: len(desks.addresses()),
        State.QUEUED: 100 - len(desks.addresses()),
    }


def test_a_further_process_ends_with_the_one_that_has_the_ledger(tmp_path: Path) -> None:
    """However that ends: nobody is left to record what would become of its calls."""
    sender = get_context("spawn").Process(target=_send_for_ever, args=(tmp_path,))
    sender.start()
    told = tmp_path / "desks" / STUCK
    wait_until(lambda: told.exists() and told.read_text())
    further = int(told.read_text())

    sender.kill()
    sender.join()

    wait_until(lambda: not _is_running(further))


def _send_for_ever(folder: Path) -> None:
    scene, _ = _scene(folder, Stuck)
    scene.run(concurrency=2)


def _is_running(pid: int) -> bool:
    """Return whether there is such a process that has not ended, reaped or not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and ") Z " in state.read_text())
