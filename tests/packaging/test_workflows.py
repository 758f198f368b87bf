"""The workflows run what this folder runs, on each Python, and may do no more than they need."""

import re
from typing import Any

import pytest
import yaml

from tests.conftest import REPOSITORY

_FILES = sorted((REPOSITORY / ".github/workflows").glob("*.yml"))
_WORKFLOWS: dict[str, dict[Any, Any]] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in _FILES
}
every_workflow = pytest.mark.parametrize("name", _WORKFLOWS)


def _jobs(name: str) -> dict[str, dict[str, Any]]:
    jobs: dict[str, dict[str, Any]] = _WORKFLOWS[name]["jobs"]
    return jobs


@every_workflow
def test_it_may_read_the_source_and_nothing_else(name: str) -> None:
    more = {
        job: wanted["permissions"] for job, wanted in _jobs(name).items() if "permissions" in wanted
    }

    assert _WORKFLOWS[name]["permissions"] == {"contents": "read"}
    assert more == ({"publish": {"contents": "write"}} if name == "release" else {})


@every_workflow
def test_what_others_made_is_named_by_its_major_version(name: str) -> None:
    used = [
        step["uses"]
        for job in _jobs(name).values()
        for step in job.get("steps", ())
        if "uses" in step
    ]

    assert all(re.fullmatch(r"[\w.-]+/[\w.-]+@(?:v\d+|release/v\d+)", one) for one in used)


@every_workflow
def test_it_ends_and_does_not_pile_up(name: str) -> None:
    assert set(_WORKFLOWS[name]["concurrency"]) == {"group", "cancel-in-progress"}
    assert all("timeout-minutes" in job or "uses" in job for job in _jobs(name).values())


@every_workflow
def test_no_text_of_strangers_is_run(name: str) -> None:
    """What ${{ }} puts into a script is run as code: a branch's name would be enough."""
    run = [
        step["run"]
        for job in _jobs(name).values()
        for step in job.get("steps", ())
        if "run" in step
    ]

    assert [script for script in run if "${{" in script] == []


def test_every_change_is_checked_on_each_python_that_is_named() -> None:
    check = _jobs("check")["check"]
    project = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")

    named = re.findall(r"Python :: (3\.\d+)", project)
    assert check["strategy"]["matrix"]["python"] == named
    assert check["steps"][-1]["run"] == ".ci/run"
    assert "exec make check" in (REPOSITORY / ".ci/run").read_text(encoding="utf-8")


def test_the_oldest_libraries_are_tried_on_the_oldest_python() -> None:
    oldest = _jobs("check")["oldest"]

    assert oldest["container"].startswith("python:3.11-")
    assert oldest["steps"][-1]["run"] == "make oldest"
