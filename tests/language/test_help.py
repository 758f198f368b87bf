"""The help of every command, and what click says of a slip, is in the editor's language."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from newsletter.cli.main import cli
from newsletter.cli.spoken_help import CLICKS_WORDS, in_our_language, teach_click
from newsletter.cli.telling import speak

from .catalogs import LANGUAGES

# What click says where this program never goes: prompts, pagers, editors, kinds of values it does
# not take, and slips of the program itself.
NEVER_SAID = {
    "%(prog)s, version %(version)s",
    "(dynamic)",
    "Aborted!",
    "Argument {name!r} takes {nargs} values.",
    "Arguments take exactly one parameter declaration, got {length}: {decls}.",
    "Boolean option {decl!r} cannot use the same flag for true/false.",
    "Choice({choices})",
    "Confirm the action without prompting.",
    "Could not determine name for option with declarations {decls!r}",
    "Couldn't detect Bash version, shell completion is not supported.",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}",
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}",
    "Do you want to continue?",
    "Error: The two entered values do not match.",
    "Error: invalid input",
    "Invalid start character for option ({option})",
    "Missing parameter",
    "Missing parameter: {param_name}",
    "Missing {param_type}",
    "Name '{name}' defined twice",
    "No options defined but a name was passed ({name}). Did you mean to declare an argument "
    "instead? Did you mean to pass '--{name}'?",
    "No such command {name!r}.",
    "Positional arguments",
    "Press any key to continue...",
    "Repeat for confirmation",
    "Shell completion is not supported for Bash versions older than 4.4.",
    "Takes {nargs} values but 1 was given.",
    "Unknown color {colour!r}",
    "Unknown standard stream '{name}'",
    "Value must be an iterable.",
    "Windows error: {error}",
    "d",
    "deprecated",
    "directory",
    "env var: {var}",
    "file",
    "path",
    "unknown error",
    "{editor}: Editing failed",
    "{editor}: Editing failed: {e}",
    "{len_type} values are required, but {len_value} was given.",
    "{name} {filename!r} is not executable.",
    "{value!r} does not match the format {format}.",
    "{value!r} is not a valid UUID.",
    "{value!r} is not a valid boolean. Recognized values: {states}",
}


def paths_in(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    """Yield the words by which each command is called, the group itself first."""
    yield path
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if isinstance(command, click.Group):
            yield from paths_in(command, *path, name)
        else:
            yield (*path, name)


# Commands of examples, options that list their values, and ranges.
SAME = r"    newsletter .*|  --[a-z]+ \[[a-z|-]+\]| +\[[\d.x<=]+\]"
SAME_WORDS = {
    "CSV",
    "DNS",
    "HTML",
    "JSON",
    "PDF",
    "SARIF",
    "SES",
    "SIGTERM",
    "SMTP",
    "TEXT",
    "URL",
}  # names, and a Swedish word
PATHS = list(paths_in(cli))


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    kept = {name: getattr(gettext, name) for name in ("dgettext", "dngettext")}
    monkeypatch.setenv("COLUMNS", "80")
    yield
    vars(gettext).update(kept)
    speak("en", Path())


def help_in(language: str, words: tuple[str, ...]) -> list[str]:
    """Return the lines of a command's help."""
    speak(language, Path())
    teach_click()
    context = in_our_language(cli).make_context("newsletter", list(words) or ["doctor"])
    command = context.command
    for word in words:
        assert isinstance(command, click.Group)
        inner = command.get_command(context, word)
        assert inner is not None
        command, context = inner, click.Context(inner, info_name=word, parent=context)
    return command.get_help(context).splitlines()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", PATHS, ids=" ".join)
def test_no_line_of_a_help_is_english_but_for_examples(
    words: tuple[str, ...], language: str
) -> None:
    english, translated = help_in("en", words), help_in(language, words)

    same = {line for line in translated if line.strip()} & set(english)

    assert {line for line in same if not re.fullmatch(SAME, line)} == set()
    assert len(translated) > 5


@pytest.mark.parametrize("language", [*LANGUAGES, "en"])
@pytest.mark.parametrize("words", PATHS, ids=" ".join)
def test_a_help_fits_80_columns(words: tuple[str, ...], language: str) -> None:
    lines = help_in(language, words)

    assert [
        line for line in lines if len(line) > 80 and not line.startswith("    newsletter ")
    ] == []


@pytest.mark.parametrize("language", [*LANGUAGES, "en"])
@pytest.mark.parametrize("words", PATHS, ids=" ".join)
def test_a_help_cuts_no_sentence_off(words: tuple[str, ...], language: str) -> None:
    _usage, *said = "\n".join(help_in(language, words)).split("\n\n")

    assert re.findall(r"[^]\sA-ZÅÄÖ]\.\.\.$|…$", "\n".join(said), re.MULTILINE) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_help_calls_a_value_as_its_usage_does(language: str) -> None:
    for words in PATHS:
        english = set(re.findall(r"\b[A-Z]{3,}\b", "\n".join(help_in("en", words))))
        usage, *text = "\n".join(help_in(language, words)).split("\n\n")
        left = english & set(re.findall(r"\b[A-Z]{3,}\b", "\n".join(text)))

        assert left - set(re.findall(r"\b[A-Z]{3,}\b", usage)) <= SAME_WORDS, words


def test_clicks_words_are_known() -> None:
    """A new release of click may say something new: translate it, or note that it is never said."""
    known = {words if isinstance(words, str) else words[0] for words in CLICKS_WORDS}
    said = set()
    for path in Path(str(click.__file__)).parent.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("_", "ngettext"):
                said |= {a.value for a in call.args[:1] if isinstance(a, ast.Constant)}

    assert said - known - NEVER_SAID == set()
