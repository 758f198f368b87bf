"""The help of commands, and what click itself says, in the language of the terminal.

Texts of the help stand in English where a command is declared. Once the language is known, a
command is replaced by a copy that has them from the catalog, paragraph by paragraph.
"""

import gettext
import re
from collections.abc import Iterator
from copy import copy
from inspect import cleandoc
from typing import TypeVar

import click

from newsletter.cli.telling import look_up, spoken
from newsletter.language import find_translation

_Command = TypeVar("_Command", bound=click.Command)

_NAMED = (click.Path, click.IntRange, click.FloatRange)  # types that errors of click name
# What click says to its users, by its own templates; those of prompts and pagers are never shown.
CLICKS_WORDS: tuple[str | tuple[str, str], ...] = (
    "Usage:",
    "Options",
    "Commands",
    "Show this message and exit.",
    "Show the version and exit.",
    "default: {default}",
    "required",
    "Error: {message}",
    "Try '{command} {option}' for help.",
    "Missing command.",
    "Missing argument",
    "Missing option",
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    "No such option {name!r}.",
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    "Option {name!r} does not take a value.",
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.",
    "Choose from:\n\t{choices}",
    "{name} {filename!r} does not exist.",
    "{name} {filename!r} is a file.",
    "{name} {filename!r} is a directory.",
    "{name} {filename!r} is not readable.",
    "{name} {filename!r} is not writable.",
    "Could not open file {filename!r}: {message}",
)


def teach_click() -> None:
    """Let click take its words from our catalogs.

    Click asks gettext, which would read compiled catalogs from a folder, in a language from
    variables of the environment that every child process inherits; so gettext is answered here.
    """
    vars(gettext).update(dgettext=_answer, dngettext=_answer_counted)


def in_our_language(command: _Command) -> _Command:
    """Return a command whose help and usage are in the language of the terminal."""
    if spoken() == "en":
        return command
    shown = copy(command)
    shown._help_option = None  # click makes it once for each command, in its words of that time
    shown.help = "\n\n".join(map(_paragraph, paragraphs(command)))
    shown.params = [_parameter(command, parameter) for parameter in command.params]
    shown.options_metavar = look_up(command.options_metavar or "")
    if isinstance(shown, click.Group):
        shown.subcommand_metavar = look_up(shown.subcommand_metavar or "")
        shown.commands = {name: in_our_language(c) for name, c in shown.commands.items()}
    return shown


def words_of(command: click.Command) -> Iterator[str]:
    """Yield what the help of a command says, as catalogs have it."""
    yield from (head for paragraph in paragraphs(command) for head, _ in [_divided(paragraph)])
    yield command.options_metavar or ""
    for parameter in command.params:
        yield from (getattr(parameter, "help", None) or "", metavar_of(command, parameter))
        if isinstance(parameter.type, _NAMED):
            yield parameter.type.name
    if isinstance(command, click.Group):
        yield command.subcommand_metavar or ""
        for inner in command.commands.values():
            yield from words_of(inner)


def paragraphs(command: click.Command) -> list[str]:
    """Return the paragraphs of a command's help."""
    return cleandoc(command.help or "").split("\n\n")


def metavar_of(command: click.Command, parameter: click.Parameter) -> str:
    """Return the word that stands for a value; "" where there is none, or it lists the values."""
    is_listed = isinstance(parameter.type, click.Choice) and not parameter.metavar
    if is_listed or getattr(parameter, "is_flag", False):
        return ""
    return parameter.make_metavar(click.Context(command))


class _Answer(str):
    """A translation; click fills it with words in straight quotes, which only English keeps."""

    __slots__ = ()

    def format(self, *values: object, **named: object) -> str:
        """Fill it as `str` does, with names of options bare and with values in our quotes."""
        for name in {"possibility", "possibilities"} & set(named):
            named[name] = re.sub(r"'([^']+)'", r"\1", str(named[name]))
        for name in {"choice", "choices"} & set(named):
            named[name] = re.sub(r"'([^']+)'", r"”\1”", str(named[name]))
        return super().format(*values, **named)


def _answer(_domain: str, text: str) -> str:
    found = find_translation(spoken(), text)
    return _Answer(found) if found else text


def _answer_counted(_domain: str, one: str, many: str, n: int) -> str:
    found = find_translation(spoken(), one, is_counted=n != 1)
    return _Answer(found) if found else (one if n == 1 else many)


def _paragraph(paragraph: str) -> str:
    head, rest = _divided(paragraph)
    return f"\b\n{look_up(head)}\n{rest}" if rest else look_up(head)


def _divided(paragraph: str) -> tuple[str, str]:
    """Return a paragraph's words, and the commands below them, which no language changes."""
    if not paragraph.startswith("\b"):
        return " ".join(paragraph.split()), ""
    head, _, rest = paragraph.removeprefix("\b\n").partition("\n")
    return head, rest


def _parameter(command: click.Command, parameter: click.Parameter) -> click.Parameter:
    shown = copy(parameter)
    if isinstance(shown, click.Option):
        shown.help = look_up(shown.help or "")
    if metavar := metavar_of(command, parameter):
        shown.metavar = look_up(metavar)
    if isinstance(shown.type, _NAMED):
        shown.type = copy(shown.type)
        shown.type.name = look_up(shown.type.name)
    hint = max(shown.opts, key=len) if isinstance(shown, click.Option) else shown.metavar or ""
    vars(shown)["get_error_hint"] = lambda _ctx: hint.strip("[].")  # which click puts in quotes
    return shown
