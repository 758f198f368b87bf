"""Every command explains itself, and the guide names it."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from newsletter.cli.main import COMMANDS, cli
from newsletter.cli.spoken_help import metavar_of

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "guide.md"
_TEXTS = {".cfg", ".css", ".html", ".jinja", ".js", ".json", ".md", ".mjml", ".po", ".py", ".toml"}
_TEXTS |= {".txt", ".yaml", ".yml"}
_MERGING = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: |$)", re.M)


def commands_of(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    """Yield every command below a group with its full name."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield " ".join((*path, name)), command
        if isinstance(command, click.Group):
            yield from commands_of(command, (*path, name))


ALL = dict(commands_of(cli, ("newsletter",)))
every_command = pytest.mark.parametrize("name", ALL)


@every_command
def test_help_says_what_a_command_does_and_shows_an_example(name: str) -> None:
    result = CliRunner().invoke(cli, [*name.split()[1:], "--help"])

    assert result.exit_code == 0
    assert "Example:" in result.output
    assert re.search(rf"Example:\n\s+{name}\b", result.output)


@every_command
def test_every_option_has_words(name: str) -> None:
    silent = [
        option.name
        for option in ALL[name].params
        if isinstance(option, click.Option) and not option.help
    ]

    assert silent == []


@every_command
def test_every_value_of_a_command_has_a_word_for_what_is_wrong_with_it(name: str) -> None:
    values = [one for one in ALL[name].params if isinstance(one, click.Argument)]

    assert [one.name for one in values if not metavar_of(ALL[name], one)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_repeats_what_each_says_of_itself(name: str) -> None:
    own = ALL[f"newsletter {name}"].help or ""

    assert COMMANDS[name] == own.strip().partition("\n")[0]


def test_the_help_lists_every_command() -> None:
    result = CliRunner().invoke(cli, ["--help"])

    listed = dict(re.findall(r"^  (\w+) +(\S.*)$", result.output, flags=re.M))
    assert {name: listed.get(name) for name in COMMANDS} == COMMANDS


def test_a_command_nearly_right_is_suggested() -> None:
    result = CliRunner().invoke(cli, ["statsu"])

    assert result.exit_code == 2
    assert "Did you mean “stat" in result.output


@every_command
def test_the_guide_names_every_command(name: str) -> None:
    guide = GUIDE.read_text(encoding="utf-8")

    assert re.search(rf"\b{name}\b", guide)


def test_no_text_holds_marks_of_a_merge_that_was_not_resolved() -> None:
    rooms = [ROOT / name for name in ("docs", "newsletter", "tests")]
    texts = [path for room in rooms for path in room.rglob("*") if path.suffix in _TEXTS]
    texts += [path for path in ROOT.iterdir() if path.suffix in _TEXTS]

    assert [p for p in texts if _MERGING.search(p.read_text("utf-8", errors="replace"))] == []
