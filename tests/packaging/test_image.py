"""The image is built of little, runs as nobody, and its health check asks the program."""

import re
import socket
import subprocess
import sys
from fnmatch import fnmatch

import pytest

from tests.conftest import REPOSITORY, Site
from tests.serving import serving
from tests.waiting import PATIENCE

_LINES = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
_STEPS = [line.split(maxsplit=1) for line in _LINES if line.strip() and not line.startswith("#")]


_OF_PDF = {"libpango-1.0-0", "libpangoft2-1.0-0", "fonts-liberation"}


def _said(word: str) -> list[str]:
    return [rest for step, rest in _STEPS if step == word]


def _packages() -> set[str]:
    [asked] = re.findall(r"apt-get install ([^&]+)", " ".join(_said("RUN")))
    return {word for word in asked.split() if not word.startswith("--")}


def test_it_is_built_of_a_base_by_version_in_two_stages() -> None:
    bases = _said("FROM")

    assert bases[0].split()[1:] == ["AS", "build"]
    assert len(bases) == 2
    assert all(base.startswith("python:${PYTHON}-slim-${DEBIAN}") for base in bases)
    assert all(re.fullmatch(r"\w+=[\w.]+", arg) for arg in _said("ARG"))


def test_nothing_is_installed_that_compiles() -> None:
    steps = " ".join(_said("RUN"))

    assert len(_packages()) == len(_OF_PDF) + 1
    assert _packages() >= {"postgresql-client"}
    assert not re.search(r"\b(gcc|build-essential|make)\b", steps)
    assert "--without-pip" in steps  # nor anything by which more could be installed


def test_it_has_what_a_pdf_is_set_with_as_a_machine_of_the_tests_has_it() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    [tested] = re.findall(r"^DEBIAN_PACKAGES := (.+)$", makefile, re.MULTILINE)
    [extras] = re.findall(r'"\.\[([\w,]+)\]"', " ".join(_said("RUN")))

    assert "pdf" in extras.split(",")
    assert _packages() & set(tested.split()) == _OF_PDF


def test_it_runs_as_nobody() -> None:
    assert _said("USER") == ["10001:10001"]
    names = [step for step, _ in _STEPS]
    assert names.index("USER") < names.index("ENTRYPOINT")


def test_all_that_it_is_built_of_and_no_more_is_handed_to_the_builder() -> None:
    ignored = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines()
    handed = {line[1:] for line in ignored if line.startswith("!")}
    copied = {part for rest in _said("COPY") if "--from" not in rest for part in rest.split()[:-1]}

    assert "*" in ignored
    assert handed == copied
    assert all((REPOSITORY / name).exists() for name in handed)
    assert any(fnmatch("newsletter/.env", pattern) for pattern in ignored)


@pytest.fixture(scope="module")
def health_check() -> list[str]:
    """The command of the image's health check."""
    [check] = _said("HEALTHCHECK")
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', check.partition("CMD")[2])
    return [sys.executable, *words[1:]]


def test_the_health_check_asks_the_program(site: Site, health_check: list[str]) -> None:
    with serving(site) as running:
        well = _check(health_check, running.port)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        gone = _check(health_check, silent.getsockname()[1])

    assert (well, gone) == (0, 1)


def _check(command: list[str], port: int) -> int:
    at_port = [word.replace(":8080/", f":{port}/") for word in command]
    assert at_port != command
    done = subprocess.run(at_port, capture_output=True, timeout=PATIENCE, check=False)
    return done.returncode
