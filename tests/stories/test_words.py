"""Words that are no text, and numbers without bound, are refused before anything is done."""

import os
import shutil

import click
import pytest

from newsletter.cli.main import COMMANDS, cli
from newsletter.cli.options import Ruled
from tests.conftest import Site

ILLEGIBLE = (
    ("subscribers", "add", "a@example.org", "--name", "M\udce4ki"),
    ("subscribers", "add", "a@example.org", "--set", "a=\udcff"),
    ("subscribers", "add", "a\udcff@example.org"),
    ("subscribers", "list", "--segment", "a=\udcff"),
    ("subscribers", "import", "people.csv", "--columns", "a\udce4"),
    ("subscribers", "remove", "a@example.org", "\udcff"),
    ("send", "2026-06", "--segment", "a=\udcff"),
    ("status", "\udcff"),
    ("check", "2026-06", "\udcff"),
    ("preview", "--host", "a\udcffb"),
    ("new", "\udcff"),
)


@pytest.mark.parametrize("words", ILLEGIBLE, ids=lambda words: ascii(" ".join(words)))
def test_bytes_that_are_no_letters_are_a_slip_of_the_command(
    site: Site, words: tuple[str, ...]
) -> None:
    site.write("people.csv", "email\na@example.org\n")
    words = tuple(str(site.root / w) if w == "people.csv" else w for w in words)

    done = site.run(*words, code=2)

    assert "no letter in UTF-8" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_list_whose_name_is_no_utf_8_is_imported_and_can_be_taken_back(site: Site) -> None:
    source = site.write("p.csv", "email\nuusi@example.org\nnobody\n")
    named = site.root / os.fsdecode(b"j\xe4senet.csv")
    shutil.copy(source, named)

    site.run("subscribers", "import", str(named), "--yes", code=1)

    assert "j\ufffdsenet.csv" in site.run("subscribers", "undo", "--list").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("subscribers", "undo", "9" * 20), "2147483647"),
        (("subscribers", "import", "people.csv", "--columns", "a\rb"), "--columns"),
    ],
)
def test_odd_words_are_refused_by_name(site: Site, words: tuple[str, ...], told: str) -> None:
    site.write("people.csv", "email\na@example.org\n")
    words = tuple(str(site.root / w) if w == "people.csv" else w for w in words)

    assert told in site.run(*words, code=2).stderr


def _commands() -> list[click.Command]:
    context = click.Context(cli)
    found = [command for name in COMMANDS if (command := cli.get_command(context, name))]
    inner = [
        c for group in found if isinstance(group, click.Group) for c in group.commands.values()
    ]
    return [*found, *inner]


def test_every_command_looks_at_its_words_and_every_number_is_bounded() -> None:
    for command in _commands():
        assert isinstance(command, Ruled), command.name
        for parameter in command.params:
            kind = parameter.type
            assert kind not in (click.INT, click.FLOAT), (command.name, parameter.name)
            if isinstance(kind, click.IntRange | click.FloatRange):
                assert kind.min is not None, (command.name, parameter.name)
                assert kind.max is not None, (command.name, parameter.name)
