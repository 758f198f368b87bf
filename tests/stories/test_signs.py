"""Terminals that cannot show every sign, and names that are no UTF-8, end in no traceback."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.cli.legible import replace_signs
from tests.conftest import Site

# What Python says its streams are written in: as Windows, old terminals and services set them.
PLACES = {
    "Latin-1": {"PYTHONIOENCODING": "latin-1"},
    "a console of Windows": {"PYTHONIOENCODING": "cp850"},
    "the C locale": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
}
UNDECODABLE = os.fsdecode(b"kes\xe4kuu")
COMMANDS = (
    ("send", "2026-06", "--dry-run"),
    ("templates",),
    ("send", "--help"),
    ("check", f"issues/{UNDECODABLE}.md"),
)
_STARTED_ONCE = Path(__file__).with_name("started_once.py")


def _output(site: Site, *words: str) -> tuple[bytes, bytes]:
    done = subprocess.run(
        site.command(*words), capture_output=True, env=site.full_environment, check=False
    )
    return done.stdout, done.stderr


@pytest.mark.parametrize("place", PLACES)
def test_no_sign_that_cannot_be_shown_ends_a_command(
    site: Site, place: str, tmp_path: Path
) -> None:
    site.people(2)
    site.environment |= PLACES[place]
    told = [(language, *words) for language in ("fi", "en") for words in COMMANDS]

    _run_from_one(site, told, folder=tmp_path)

    for number, words in enumerate(told):
        out, err = ((tmp_path / f"{number}.{name}").read_bytes() for name in ("out", "err"))
        assert b"Traceback" not in err, (words, err.decode("utf-8", "replace"))
        assert b"\\u20" not in out + err, words
        assert out + err, words


def _run_from_one(site: Site, commands: Sequence[Sequence[str]], *, folder: Path) -> None:
    """Run commands from one interpreter, as its start takes longest."""
    words = [word for command in commands for word in (",", *command)]
    started = [sys.executable, "-P", str(_STARTED_ONCE), str(folder), str(site.root), *words[1:]]
    subprocess.run(started, env=site.full_environment, check=True)


@pytest.mark.parametrize(
    ("closed", "words", "code"),
    [
        ("<&-", ("send", "2026-06"), 1),  # no answer is a no
        ("<&-", ("subscribers", "import", "-"), None),
        (">&-", ("list", "--json"), 0),
        ("2>&-", ("templates",), 0),
        ("<&- >&- 2>&-", ("check", "2026-06"), 0),
    ],
)
def test_no_closed_stream_ends_a_command(
    site: Site, closed: str, words: tuple[str, ...], code: int | None
) -> None:
    site.people(1)

    done = subprocess.run(
        ["/bin/sh", "-c", f'"$@" {closed}', "sh", *site.command(*words)],
        capture_output=True,
        env=site.full_environment,
        check=False,
    )

    assert b"Traceback" not in done.stderr, done.stderr.decode("utf-8", "replace")
    assert code in (None, done.returncode), done.stderr.decode("utf-8", "replace")


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], TextIOWrapper]:
    """Make a stream of an encoding that is stderr until the end of the test."""

    def make(encoding: str) -> TextIOWrapper:
        stream = TextIOWrapper(BytesIO(), encoding=encoding)
        monkeypatch.setattr(sys, "stderr", stream)
        replace_signs()
        return stream

    return make


@pytest.mark.parametrize(
    ("encoding", "text", "shown"),
    [
        ("cp437", "”chek” → “check” …", '"chek" -> "check" ...'),
        ("ascii", "kyllä, 12\u00a0345 – 5 ≤ 6", "kylla, 12 345 - 5 <= 6"),
        ("latin-1", "kyllä • ▇▅ 😀", "kyllä # ## ?"),
        ("utf-8", "kyllä ” → 😀", "kyllä ” → 😀"),
        ("utf-8", UNDECODABLE, "kes\ufffdkuu"),
        ("ascii", UNDECODABLE, "kes?kuu"),
    ],
)
def test_other_signs_stand_for_those_that_a_stream_has_not(
    stderr: Callable[[str], TextIOWrapper], encoding: str, text: str, shown: str
) -> None:
    stream = stderr(encoding)

    stream.write(text)
    stream.flush()

    assert stream.buffer.getvalue().decode(encoding) == shown  # type: ignore[attr-defined]


@given(text=st.text(st.characters()))  # lone surrogates, too
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp850", "cp1252", "utf-8", "utf-16"])
def test_every_sign_can_be_shown_in_some_way(
    stderr: Callable[[str], TextIOWrapper], encoding: str, text: str
) -> None:
    stderr(encoding).write(text)


@pytest.mark.parametrize("place", PLACES)
def test_json_stays_json(site: Site, place: str) -> None:
    site.run("subscribers", "add", "a@example.org", "--name", "Ääri “Ø” 😀")
    site.environment |= PLACES[place]

    out, _ = _output(site, "subscribers", "list", "--json")

    assert json.loads(out.decode("utf-8"))[0]["name"] == "Ääri “Ø” 😀"
