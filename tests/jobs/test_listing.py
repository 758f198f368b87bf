"""`newsletter jobs` tells what waits and what failed, has it tried again, and `doctor` agrees."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from newsletter.jobs.timetable import TABLE, job_named
from newsletter.language import say
from newsletter.ledger import Ledger, local_jobs, queue, sends
from newsletter.mailing import worker_of
from newsletter.model import SENDS, Job, JobState, KnownJob, SendState, say_job
from newsletter.settings import load_settings
from tests.conftest import Site
from tests.ledger.examples import begin

NOW = dt.datetime.now(dt.UTC)
REASON = say(
    "{issue}: who bounced or left is not known: {reason}",
    issue="2026-12",
    reason="550 <aino@example.org> is gone",
)
LANGUAGES = {"en": "Failed: asking", "fi": "Epäonnistui: lukujen", "sv": "Misslyckades: hämtning"}


@pytest.fixture
def there(site: Site, ledger: Ledger) -> Site:
    """A newsletter whose ledger is on either database."""
    url = ledger.engine.url.set(drivername="postgresql" if ledger.is_shared else "sqlite")
    site.settings(url=f'url = "{url.render_as_string(hide_password=False)}"')
    return site


def put(ledger: Ledger, *jobs: Job) -> None:
    """Ask for jobs."""
    with ledger.write() as connection:
        for job in jobs:
            queue.put(connection, job)


def fail(ledger: Ledger, job: Job, reason: str = REASON) -> None:
    """Let a job fail for good."""
    put(ledger, job)
    trouble = queue.Trouble(key=job.key, name=job.name, reason=reason, is_final=True, at=NOW)
    with ledger.write() as connection:
        queue.note_trouble(connection, trouble)
        if ledger.is_shared:
            theirs = "UPDATE procrastinate_jobs SET status = 'failed' WHERE queueing_lock = :key"
            connection.execute(text(theirs), {"key": job.key})
        else:
            taken = _claim(connection, job)
            assert taken
            local_jobs.finish(connection, taken.id, has_failed=True)


def _claim(connection: Connection, job: Job) -> KnownJob | None:
    return local_jobs.claim(
        connection, [job.queue.name], names=[job.name], alone=[], worker="w", now=NOW
    )


def sending(ledger: Ledger, *, due: dt.datetime | None = None, lanes: int = 1) -> list[Job]:
    """Begin a send, and return the jobs that carry it on."""
    with ledger.write() as connection:
        send_id = begin(connection, 1)
    job = Job(name="carry-on", queue=SENDS, key="", args={"send": send_id}, due=due)
    return [replace(job, key=f"send:{send_id}:{lane}") for lane in range(lanes)]


def told(site: Site, *options: str, code: int = 0) -> dict[str, Any]:
    """Return what the command tells machines."""
    report: dict[str, Any] = json.loads(site.run("jobs", "--json", *options, code=code).stdout)
    return report


def diagnosed(site: Site) -> list[Mapping[str, str]]:
    """Return what the doctor says of jobs."""
    said = json.loads(site.run("doctor", "--json", code=None).stdout)
    return [each for each in said if each["part"] == "jobs"]


def test_nothing_to_do_is_told_with_what_comes_round(there: Site) -> None:
    report = told(there)

    assert report["jobs"] == []
    assert report["served"] is False
    assert [each["name"] for each in report["schedules"]] == [
        name for name, row in TABLE.items() if row.schedule
    ]
    assert all(each["last"] is None and each["next"] for each in report["schedules"])
    assert [each["health"] for each in diagnosed(there)] == ["good"]


def test_without_a_ledger_there_is_nothing_to_do(site: Site) -> None:
    assert "no ledger yet" in site.run("jobs").stderr
    assert told(site)["jobs"] == []


def test_what_waits_is_told_with_its_issue_and_its_next_attempt(
    there: Site, ledger: Ledger
) -> None:
    due = NOW + dt.timedelta(days=2)
    put(ledger, *sending(ledger, due=due))

    [job] = told(there)["jobs"]
    shown = there.run("--lang", "en", "jobs")

    assert (job["id"], job["state"], job["issue"]) == ("carry-on/send:1", "waiting", "2026-12")
    assert dt.datetime.fromisoformat(job["due"]) - due < dt.timedelta(seconds=1)
    assert abs(dt.datetime.fromisoformat(job["asked_at"]) - NOW) < dt.timedelta(hours=1)
    assert "sending mail: 2026-12" in shown.stdout
    assert "No worker is running" in shown.stderr
    assert "newsletter worker" in shown.stderr


def test_what_was_last_done_is_told_with_its_next_time(there: Site, ledger: Ledger) -> None:
    with ledger.write() as connection:
        queue.note_round(connection, "tidy", NOW)

    [tidy] = [each for each in told(there)["schedules"] if each["name"] == "tidy"]

    assert tidy["schedule"] == TABLE["tidy"].schedule
    assert dt.datetime.fromisoformat(tidy["last"]) <= NOW
    assert dt.datetime.fromisoformat(tidy["next"]) > NOW


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_failed_is_told_in_words_with_its_reason_and_cure_and_nobodys_address(
    language: str, there: Site, ledger: Ledger
) -> None:
    fail(ledger, job_named("pull-figures"))

    shown = there.run("--lang", language, "jobs", code=1)
    [job] = told(there, code=1)["jobs"]

    assert LANGUAGES[language] in shown.stdout
    assert "newsletter jobs --retry pull-figures" in shown.stdout
    assert "550 <…@…> is gone" in shown.stdout
    assert job["reason"] == "2026-12: who bounced or left is not known: 550 <…@…> is gone"
    assert "aino" not in shown.stdout + json.dumps(job) + json.dumps(diagnosed(there))


def test_the_lanes_of_a_send_are_one_line_and_are_tried_again_together(
    there: Site, ledger: Ledger
) -> None:
    for lane in sending(ledger, lanes=12):
        fail(ledger, lane)

    shown = there.run("--lang", "en", "jobs", code=1).stdout
    assert shown.count("Failed: sending mail: 2026-12") == 1

    after = told(there, "--retry", "carry-on/send:1")
    assert {job["state"] for job in after["jobs"]} == {"waiting"}
    assert len(after["jobs"]) == 12


@pytest.mark.parametrize("which", ["tidy", "tidy/tidy"])
def test_one_that_failed_is_tried_again_alone(which: str, there: Site, ledger: Ledger) -> None:
    fail(ledger, job_named("tidy"))
    fail(ledger, job_named("pull-figures"))

    report = told(there, "--retry", which, code=1)

    assert {job["name"]: job["state"] for job in report["jobs"]} == {
        "tidy": "waiting",
        "pull-figures": "failed",
    }


def test_all_that_failed_is_tried_again_and_is_no_trouble_then(there: Site, ledger: Ledger) -> None:
    fail(ledger, job_named("tidy"))
    fail(ledger, job_named("pull-figures"))

    report = told(there, "--retry")

    assert [job["state"] for job in report["jobs"]] == ["waiting", "waiting"]
    assert "No job has failed." in there.run("--lang", "en", "jobs", "--retry").stderr
    with ledger.read() as connection:
        assert queue.list_untold(connection) == []


def test_a_job_that_did_not_fail_is_refused_with_the_names_of_those_that_did(
    there: Site, ledger: Ledger
) -> None:
    fail(ledger, job_named("tidy"))

    refused = there.run("--lang", "en", "jobs", "--retry", "tidi", code=2)

    assert "no job called “tidi” has failed; these have: tidy" in refused.stderr


def test_a_job_that_fails_round_by_round_is_listed_once(there: Site, ledger: Ledger) -> None:
    for _ in range(3):
        fail(ledger, job_named("tidy"))

    assert [job["state"] for job in told(there, code=1)["jobs"]] == [JobState.FAILED]


def test_the_doctor_has_a_cure_for_what_failed_and_for_what_waits_in_vain(
    there: Site, ledger: Ledger
) -> None:
    fail(ledger, job_named("tidy"))
    put(ledger, *sending(ledger))

    [failed, waiting] = diagnosed(there)

    assert failed["health"] == waiting["health"] == "doubtful"
    assert failed["cure"].endswith("newsletter jobs --retry tidy")
    assert "sending mail: 2026-12" in waiting["message"]
    assert "newsletter worker" in waiting["cure"]


def test_a_worker_that_runs_is_seen(there: Site, ledger: Ledger) -> None:
    put(ledger, *sending(ledger))

    with worker_of(load_settings(there.root), ledger, is_serving=True):
        report = told(there)
        shown = there.run("--lang", "en", "jobs")
        [diagnosis] = diagnosed(there)

    assert report["served"] is True
    assert "No worker" not in shown.stderr
    assert diagnosis["health"] == "good"


@pytest.mark.parametrize(
    ("step", "health", "words"),
    [("00.00.00_01", "doubtful", "older version"), ("99.00.00_01", "broken", "newer version")],
)
def test_an_engine_of_another_version_is_told_with_its_cure(
    step: str, health: str, words: str, there: Site, ledger: Ledger
) -> None:
    if not ledger.is_shared:
        pytest.skip("SQLite has no engine of its own")
    known = text("SELECT obj_description('procrastinate_jobs'::regclass, 'pg_class')")
    with ledger.write() as connection:
        before = connection.execute(known).scalar()
    try:
        with ledger.write() as connection:
            connection.execute(text(f"COMMENT ON TABLE procrastinate_jobs IS '{step}'"))
        said = diagnosed(there)[0]
    finally:
        with ledger.write() as connection:
            connection.execute(text(f"COMMENT ON TABLE procrastinate_jobs IS '{before}'"))

    assert said["health"] == health
    assert words in said["message"]
    assert re.search("pip install|newsletter worker", said["message"] + said["cure"])


def test_each_job_of_the_table_has_words() -> None:
    assert [name for name in TABLE if say_job(name) == name] == []


def test_the_page_about_jobs_has_the_table_as_it_is() -> None:
    page = (Path(__file__).parents[2] / "docs/jobs.md").read_text(encoding="utf-8")

    rows = [
        f"| `{name}` | {say_job(name)} | {_when(row.schedule)} | {row.queue.name} | {row.tries} |"
        for name, row in TABLE.items()
    ]

    assert [line for line in page.splitlines() if line.startswith("| `")] == rows


def _when(schedule: str) -> str:
    return f"`{schedule}`" if schedule else "when it is asked for"


def test_a_send_that_stopped_waits_for_a_hand_with_its_reason(there: Site, ledger: Ledger) -> None:
    with ledger.write() as connection:
        send_id = begin(connection, 1)
        sends.set_send_state(connection, send_id, SendState.STOPPED, reason="no credit")

    assert told(there, code=1)["stopped"] == [{"issue": "2026-12", "reason": "no credit"}]
    said = there.run("jobs", code=1).stdout
    assert "Stopped: 2026-12" in said
    assert "no credit" in said
    assert "newsletter send 2026-12" in said


def test_a_worker_that_began_with_another_key_is_to_be_started_again(
    there: Site, ledger: Ledger
) -> None:
    put(ledger, *sending(ledger))
    settings = load_settings(there.root)
    with worker_of(settings, ledger, is_serving=True):
        with ledger.write() as connection:
            connection.execute(text("UPDATE workers SET account = 'of an older key'"))
        said = there.run("jobs").stderr
        diagnosed = there.run("doctor", code=1).stdout

    assert "another account or key" in said
    assert "No worker is running" not in said
    assert "another account or key" in diagnosed
