"""The page about checking is what the program does: its rules, its keys, its examples."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from newsletter.checking import ALL_RULES, Rule
from newsletter.cli.check import command
from newsletter.settings.schema import CheckTable
from tests.checking.write_docs import PAGE, written
from tests.conftest import ISSUE, REPOSITORY, Site
from tests.waiting import PATIENCE

TEXT = PAGE.read_text(encoding="utf-8")
HOOK = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))[0]
BROKEN = ISSUE.replace("https://www.example.org/", "#poissa")
HALF = "---\nsubject: kesken\n---\n"


def fenced(language: str) -> list[str]:
    """Return the examples of the page in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, flags=re.M | re.S)


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.id)
def test_each_rule_has_a_row(rule: Rule) -> None:
    assert f"\n| `{rule.id}` | " in TEXT, "run: python -m tests.checking.write_docs"


def test_the_table_is_as_the_rules_are() -> None:
    assert written(TEXT) == TEXT, "run: python -m tests.checking.write_docs"


def test_no_two_rules_share_an_id() -> None:
    ids = [rule.id for rule in ALL_RULES]

    assert len(ids) == len(set(ids))


def test_the_settings_shown_are_settings() -> None:
    for example in fenced("toml"):
        table = tomllib.loads(re.sub(r"^# (?=\w+ = )", "", example, flags=re.M))["check"]
        CheckTable.model_validate(table)


def test_every_option_is_told() -> None:
    for option in command.params:
        long = [name for name in option.opts if name.startswith("--")]
        assert all(f"`{name}" in TEXT or f"{name}`" in TEXT for name in long), long


def test_the_keys_told_are_those_of_the_report(site: Site) -> None:
    table = TEXT.partition("| key | value |")[2].partition("`--sarif")[0]
    (report,) = json.loads(site.run("check", "2026-06", "--json", code=None).stdout)

    assert re.findall(r"^\| `(\w+)` \|", table, flags=re.M) == list(report)


# --- the hook and the workflow, for real --------------------------------------------------


def git(root: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run git as an editor of this newsletter."""
    identity = ("-c", "user.name=Toimitus", "-c", "user.email=toimitus@example.org")
    return run(root, "git", *identity, *arguments, code=code)


def run(root: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a program with `newsletter` on its path and no settings of git but the repository's."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "BASE": "main",  # as the workflow sets it
    }
    done = subprocess.run(
        arguments,
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


@pytest.fixture
def repository(site: Site) -> Site:
    """A newsletter in git, with one good issue committed."""
    git(site.root, "init", "-q", "-b", "main")
    git(site.root, "add", "-A")
    git(site.root, "commit", "-q", "-m", "ensimmäinen")
    return site


@pytest.mark.long
def test_the_hook_stops_a_commit_of_a_broken_issue_alone(repository: Site) -> None:
    """As pre-commit does: the entry is run with the staged files that match the pattern."""
    hook = repository.root / ".git" / "hooks" / "pre-commit"
    staged = "git diff --cached --name-only --diff-filter=ACMR"
    hook.write_text(f"#!/bin/sh\n{staged} | grep -E '{HOOK['files']}' | xargs -r {HOOK['entry']}\n")
    hook.chmod(0o755)
    repository.write("issues/2026-07.md", ISSUE)
    repository.write("issues/2026-07.sv.md", ISSUE.replace("Kesä", "Sommar"))
    repository.write("issues/2026-07/muistiinpano.md", HALF)
    git(repository.root, "add", "-A")

    git(repository.root, "commit", "-q", "-m", "kunnossa")
    repository.write("issues/2026-08.md", BROKEN)
    repository.write("issues/2026-09.md", ISSUE)
    git(repository.root, "add", "-A")
    refused = git(repository.root, "commit", "-m", "rikki", code=1)

    assert "issues/2026-08.md" in refused.stdout + refused.stderr
    assert not re.search(r"^(?:issues/)?2026-07", refused.stdout + refused.stderr, flags=re.M)


def test_the_hook_shown_is_the_hook_there_is() -> None:
    (config,) = [y for y in map(yaml.safe_load, fenced("yaml")) if "repos" in y]

    assert config["repos"][0]["hooks"] == [{"id": HOOK["id"]}]


def workflow_script() -> str:
    """Return what the workflow of the page runs to check issues, without asking the network."""
    (workflow,) = [y for y in map(yaml.safe_load, fenced("yaml")) if "jobs" in y]
    steps = workflow["jobs"]["check"]["steps"]
    (script,) = [s["run"] for s in steps if "newsletter check" in s.get("run", "")]
    return str(script).replace(" --online", "")


@pytest.mark.long
def test_the_workflow_checks_the_changed_issues_and_leaves_sarif(repository: Site) -> None:
    git(repository.root, "checkout", "-q", "-b", "uusi")
    repository.write("issues/2026-08.md", BROKEN)
    git(repository.root, "add", "-A")
    git(repository.root, "commit", "-q", "-m", "rikki")

    run(repository.root, "bash", "-e", "-c", workflow_script(), code=123)  # xargs says it failed

    log = json.loads((repository.root / "check.sarif").read_text(encoding="utf-8"))
    places = {
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for r in log["runs"][0]["results"]
    }
    assert places == {"issues/2026-08.md"}


@pytest.mark.long
def test_the_workflow_is_quiet_about_a_branch_without_issues(repository: Site) -> None:
    git(repository.root, "checkout", "-q", "-b", "uusi")
    repository.write("README.md", "hei")
    git(repository.root, "add", "-A")
    git(repository.root, "commit", "-q", "-m", "muuta")

    run(repository.root, "bash", "-e", "-c", workflow_script())

    assert not (repository.root / "check.sarif").exists()
