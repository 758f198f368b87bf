"""The log for machines: valid lines, with their ids, and nothing of anybody's."""

import io
import json
import logging
import pickle
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import ProviderError, Verdict
from newsletter.language import Wording, say, say_list, say_many
from newsletter.masking import keep_secret
from newsletter.model import End, HitKind, Outcome, State, Visitor
from newsletter.monitoring.logs import LEVELS, OF_LIBRARIES, json_log
from newsletter.observing import (
    Answered,
    CallAnswered,
    JobEnded,
    JobOutcome,
    LedgerBack,
    Observation,
    ProcessFailed,
    Purpose,
    SendLeft,
    heritage,
    kinds,
    observe,
    within,
)
from tests.delivery.scene import Scene

DOCS = Path(__file__).parents[2] / "docs" / "observing.md"
# What must not be in any log: a reader's name and addresses, the subject of a test, a secret.
PERSONAL = (
    "Maija Meikäläinen",
    "maija.meikalainen@example.org",
    '"o\'mäki"@xn--mki-qla.example',
    "Koe: salainen aihe",
    "sk-live-0123456789abcdef",
    "NEWSLETTER_SECRET=sk-live-0123456789abcdef",
    "/home/Maija Meikäläinen/kirje",
)
_PIECES = ("Maija", "Meikäläinen", "meikalainen", "mäki", "salainen", "sk-live", "0123456789abcdef")
BACK = LedgerBack(seconds=1.5)


def lines_of(happen: Callable[[], object], level: str = "debug") -> list[dict[str, Any]]:
    """Return the lines that the log has about something."""
    return [json.loads(line) for line in text_of(happen, level).splitlines()]


def text_of(happen: Callable[[], object], level: str = "debug") -> str:
    """Return the log of something as it is written."""
    stream = io.StringIO()
    with json_log(level, stream):
        happen()
    return stream.getvalue()


def pieces_in(text: str) -> list[str]:
    """Return what of the personal data is in a log, however JSON wrote it."""
    told = [text, *map(str, map(json.loads, text.splitlines()))]
    return [piece for piece in _PIECES for form in told if piece.lower() in form.lower()]


# --- lines --------------------------------------------------------------------------------


def test_a_line_has_its_time_level_event_place_and_keys() -> None:
    def happen() -> None:
        with within(worker="5f3a", job=9), within(send=3, batch=17):
            observe(BACK)

    [line] = lines_of(happen)

    assert list(line) == ["at", "level", "event", "worker", "job", "send", "batch", "seconds"]
    assert line["at"].endswith("+00:00")
    del line["at"]
    assert line == {
        "level": "info",
        "event": "ledger_back",
        "worker": "5f3a",
        "job": 9,
        "send": 3,
        "batch": 17,
        "seconds": 1.5,
    }


def test_what_happens_after_a_block_no_longer_bears_its_ids() -> None:
    def happen() -> None:
        with within(send=3):
            with suppress(ValueError), within(batch=17):
                raise ValueError
            observe(BACK)
        observe(BACK)

    first, second = lines_of(happen)

    assert (first["send"], "batch" in first) == (3, False)
    assert "send" not in second


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_leaves_out_what_is_less(level: str) -> None:
    def happen() -> None:
        for answer in Answered:
            observe(_call(answer))
        for outcome in JobOutcome:
            observe(_job(outcome))
        for end in End:
            observe(SendLeft(provider="brevo", end=end, reason="", seconds=1.0))

    told = {line["level"] for line in lines_of(happen, level)}

    assert told == set(LEVELS[LEVELS.index(level) :])


def _call(answer: Answered) -> CallAnswered:
    return CallAnswered(
        provider="brevo", purpose=Purpose.SEND, answer=answer, status=None, size=1, seconds=0.1
    )


def _job(outcome: JobOutcome, reason: str = "") -> JobEnded:
    return JobEnded(
        name="send", key="send:1:0", queue="sends", outcome=outcome, reason=reason, seconds=0.1
    )


def test_a_failed_job_is_an_error_and_one_tried_again_a_warning() -> None:
    def happen() -> None:
        for outcome in JobOutcome:
            observe(_job(outcome))

    told = lines_of(happen)

    assert [line["level"] for line in told] == ["info", "debug", "warning", "error"]


def test_a_text_is_told_by_its_template_with_its_numbers() -> None:
    reason = say_list(
        (
            say("{fault}; asking again in {seconds:.0f} s", fault="maija@example.org", seconds=4.6),
            say_many("Done: {n:,} reader.", "Done: {n:,} readers.", n=2000),
            "Maija",
        ),
        between=" | ",
    )

    [line] = lines_of(lambda: observe(_job(JobOutcome.FAILED, reason)))

    first, second, third = line["reason"].split(" | ")
    assert first == "…; asking again in 5 s"
    assert second in ("Done: 2,000 readers.", "…")  # as long as the program says so
    assert third == "…"


def test_a_template_that_the_program_does_not_know_is_no_template() -> None:
    forged = Wording("Maija")
    forged.template = "Maija Meikäläinen"

    assert pieces_in(text_of(lambda: observe(_job(JobOutcome.FAILED, forged)))) == []


# --- nothing of anybody's -----------------------------------------------------------------


def _values(kind: type[Observation], text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    worded = text.map(lambda words: say("{fault}; trying again", fault=words))
    some: dict[str, st.SearchStrategy[Any]] = {
        "str": text | worded,
        "int": st.integers(),
        "bool": st.booleans(),
        "float": st.floats(),
        "float | None": st.none() | st.floats(),
        "int | None": st.none() | st.integers(),
        "End": st.sampled_from(End),
        "HitKind": st.sampled_from(HitKind),
        "Visitor": st.sampled_from(Visitor),
        "Answered": st.sampled_from(Answered),
        "Purpose": st.sampled_from(Purpose),
        "JobOutcome": st.sampled_from(JobOutcome),
    }
    return st.builds(kind, **{f.name: some[_type_of(f.type)] for f in fields(kind)})


def _type_of(declared: Any) -> str:
    return getattr(declared, "__name__", None) or str(declared)


def _anything(text: st.SearchStrategy[str]) -> st.SearchStrategy[Observation]:
    return st.one_of([_values(kind, text) for kind in kinds().values()])


@given(_anything(st.sampled_from(PERSONAL)))
def test_no_event_tells_anything_of_anybody(observation: Observation) -> None:
    keep_secret("sk-live-0123456789abcdef")

    assert pieces_in(text_of(lambda: observe(observation))) == []


@given(_anything(st.text()))
def test_whatever_an_event_holds_its_line_is_valid_json_in_ascii(observation: Observation) -> None:
    text = text_of(lambda: observe(observation))

    assert text.isascii()
    assert text.count("\n") == 1
    assert json.loads(text, parse_constant=pytest.fail)["event"] in kinds()


@pytest.mark.parametrize("personal", PERSONAL)
def test_no_library_tells_anything_of_anybody(personal: str) -> None:
    keep_secret("sk-live-0123456789abcdef")
    logger = logging.getLogger("procrastinate.worker.worker")

    def happen() -> None:
        logger.warning("Starting job confirm[12](address='%s')" % personal)  # noqa: UP031
        logger.warning("Retrying %r after %s", personal, personal, extra={"address": personal})
        logger.warning(f"to {personal!r}: %s", personal, stack_info=True)
        logger.warning(personal.encode())
        logger.warning({personal: personal})
        warnings.warn(personal, stacklevel=1)
        try:
            try:
                raise LookupError(personal)
            except LookupError as err:
                raise ValueError(personal) from err
        except ValueError as err:
            err.add_note(personal)
            logger.exception("it failed: %s", personal)
            observe(ProcessFailed(fault="ValueError", reason=""), error=err)

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        text = text_of(happen)

    assert pieces_in(text) == []
    assert {json.loads(line)["event"] for line in text.splitlines()} == {
        OF_LIBRARIES,
        "process_failed",
    }


def test_a_library_is_told_by_its_template_and_the_ids_of_the_place() -> None:
    def happen() -> None:
        with within(send=3):
            logging.getLogger("urllib3.connectionpool").warning("Retrying (%r) after %s", 1, "x")
            logging.getLogger("procrastinate.worker").warning("Job confirm[12](key='x') ended")

    first, second = lines_of(happen)

    assert (first["logger"], first["text"]) == ("urllib3.connectionpool", "Retrying … after …")
    assert (second["text"], second["send"]) == ("Job confirm…", 3)


def test_libraries_are_heard_from_their_warnings_on_unless_all_is_wanted() -> None:
    def happen() -> None:
        logging.getLogger("apscheduler.scheduler").info("Scheduler started")
        logging.getLogger("apscheduler.scheduler").warning("Scheduler is late")

    assert [line["text"] for line in lines_of(happen, "info")] == ["Scheduler is late"]
    assert len(lines_of(happen, "debug")) == 2


def test_an_error_is_told_by_its_class_its_causes_and_where_it_was() -> None:
    def happen() -> None:
        try:
            try:
                raise KeyError("Maija")
            except KeyError as err:
                raise ValueError("Maija") from err
        except ValueError as err:
            observe(ProcessFailed(fault="ValueError", reason=""), error=err)

    [line] = lines_of(happen)

    assert (line["fault"], line["causes"]) == ("ValueError", ["KeyError"])
    assert line["trace"][0].startswith("tests/monitoring/test_logs.py:")


def test_the_fault_of_a_thread_is_a_line_too() -> None:
    def happen() -> None:
        thread = threading.Thread(target=lambda: dict[str, int]()["Maija"])
        thread.start()
        thread.join()

    [line] = lines_of(happen)

    assert (line["event"], line["fault"]) == ("process_failed", "KeyError")


def test_a_send_with_hostile_readers_and_answers_tells_nothing_of_them(tmp_path: Path) -> None:
    keep_secret("sk-live-0123456789abcdef")
    scene = Scene(tmp_path, 40)
    said = say("it said {said}", said=" ".join(PERSONAL))
    scene.provider.answers = [
        _refusing(said, Verdict.RETRY, 429),
        _refusing(said, Verdict.UNKNOWN),
        _refusing(said, Verdict.LOOK_UP),
        lambda call: tuple(
            Outcome(delivery=m.delivery, state=State.REJECTED, reason=f"{m.address}: no")
            for m in call.messages
        ),
    ]
    scene.ledger.moods.extend(["", "", "", "before"])

    text = text_of(scene.run)

    told = {json.loads(line)["event"] for line in text.splitlines()}
    assert {"send_begun", "batch_claimed", "call_answered", "deliveries_recorded"} <= told
    assert {"pace_slowed", "ledger_away", "ledger_back", "send_left"} <= told
    assert pieces_in(text) == []
    people = {address.partition("@")[0] for address in scene.provider.addresses()}
    assert [person for person in people if person in text] == []
    assert "@" not in text


def _refusing(said: Wording, verdict: Verdict, status: int | None = None) -> ProviderError:
    return ProviderError(said, provider="recorder", verdict=verdict, status=status)


def test_lines_of_a_batch_bear_its_id_in_every_lane(tmp_path: Path) -> None:
    scene = Scene(tmp_path, 60)

    told = lines_of(lambda: scene.run(concurrency=3))

    calls = [line for line in told if line["event"] == "call_answered"]
    assert len({line["batch"] for line in calls}) == len(calls) == 6
    assert {(line["send"], line["issue"]) for line in calls} == {(scene.send.id, "2026-12")}
    assert len({line["worker"] for line in told}) == 1


# --- nobody is disturbed ------------------------------------------------------------------


def test_where_nobody_watches_nothing_is_written() -> None:
    script = (
        "from newsletter.observing import *\n"
        "observe(PaceSlowed(provider='brevo', gap=1.0, seconds=2.0))\n"
        "observe(ProcessFailed(fault='ValueError', reason=''), error=ValueError('Maija'))\n"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert (done.stdout, done.stderr) == (b"", b"")


def test_a_log_that_cannot_be_written_disturbs_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(28, "No space left on device")

    with json_log("debug", Full()):
        scene = Scene(tmp_path, 20)
        result = scene.run()

    assert result.state is End.DONE
    assert capsys.readouterr().err == ""


def test_the_log_leaves_logging_as_it_was() -> None:
    root, ours = logging.getLogger(), logging.getLogger("newsletter")
    before = (root.level, ours.level, list(root.handlers), threading.excepthook)

    text_of(lambda: observe(BACK))

    assert (root.level, ours.level, list(root.handlers), threading.excepthook) == before


def test_a_further_process_logs_as_the_one_that_started_it() -> None:
    with json_log("info", io.StringIO()):
        inherited = pickle.dumps(heritage())
    script = (
        "import logging, pickle, sys, threading\n"
        f"pickle.loads({inherited!r})()\n"
        "logging.getLogger('urllib3').warning('Retrying %s', 'Maija')\n"
        "thread = threading.Thread(target=lambda: {}['Maija'])\n"
        "thread.start()\n"
        "thread.join()\n"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    first, second = map(json.loads, done.stderr.splitlines())
    assert (first["text"], second["fault"]) == ("Retrying …", "KeyError")
    assert b"Maija" not in done.stderr


def test_where_nobody_logs_a_further_process_is_left_alone() -> None:
    pickle.loads(pickle.dumps(heritage()))()  # noqa: S301 - ours

    assert logging.getLogger().handlers == [
        handler for handler in logging.getLogger().handlers if "pytest" in type(handler).__module__
    ]
