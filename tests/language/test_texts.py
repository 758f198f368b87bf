"""What findings say can be said in Finnish and Swedish, with every value in its place."""

import ast
import datetime as dt
import re
from collections.abc import Iterator
from string import Formatter

import pytest
from babel.messages.catalog import Message

from newsletter import errors
from newsletter.language import say, say_many, say_with
from newsletter.language.catalogs import is_said_in, say_in

from .catalogs import (
    LANGUAGES,
    calls_in,
    is_of_rule,
    is_translated,
    literals_of,
    modules,
    read_catalog,
    said_in_code,
)

every_language = pytest.mark.parametrize("language", LANGUAGES)


def _ids(messages: Iterator[Message]) -> set[str | tuple[str, ...]]:
    return {
        message.id if isinstance(message.id, str) else tuple(message.id)
        for message in messages
        if message.id
    }


def _fields(template: str) -> set[tuple[str, str]]:
    """Return the names of the values in a template, each with the way it is written."""
    return {(name, spec or "") for _, name, spec, _ in Formatter().parse(template) if name}


def _forms(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]


@every_language
def test_a_catalog_has_every_text_and_no_other(language: str) -> None:
    """`python -m tests.language.catalogs` adds and removes; the translations are yours."""
    catalog = read_catalog(language)

    assert _ids(iter(catalog)) == _ids(iter(said_in_code()))
    assert [m.id for m in catalog if m.id and (m.fuzzy or not is_translated(m))] == []
    assert list(catalog.obsolete) == []


@every_language
def test_translations_name_the_same_values(language: str) -> None:
    for message in read_catalog(language):
        *ones, many = _forms(message.id)
        if not many or not (ones or "{" in many.replace("{{", "")):
            continue  # braces of a text without values mean themselves
        translations = _forms(message.string)
        assert _fields(translations[-1]) == _fields(many), many
        assert _fields(translations[0]) <= _fields(many) | _fields("".join(ones)), many


@every_language
def test_no_translation_says_all_of_itself_again(language: str) -> None:
    """As when lines of a catalog are merged that two have changed."""
    said = [form for message in read_catalog(language) for form in _forms(message.string)]

    assert [form for form in said if len(form) > 20 and (form * 2).find(form, 1) < len(form)] == []


@every_language
def test_translations_keep_what_is_no_prose(language: str) -> None:
    """Names of files, settings and commands, and signs to copy, are the same in every language."""
    code = re.compile(
        r"`[^`]+`|newsletter\.toml|templates/[\w.]+|[a-z]+_[a-z_]+|https?://|mailto:|:::|--\w+"
        r"|\[(?:check|collect|newsletter|preview|provider|tracking)\b[\w.]*\]"
    )
    for message in read_catalog(language):
        if message.id:
            source, translation = _forms(message.id)[-1], _forms(message.string)[-1]
            assert set(code.findall(translation)) >= set(code.findall(source)), source


@every_language
def test_translations_keep_slots_and_tags_sign_for_sign(language: str) -> None:
    """Editors copy them; only the words within quotation marks are prose."""
    copied = re.compile(r"\{\{.*?\}\}+|</?!?[a-z{][^<>@]*>|<!-[^>]*>")
    for message in read_catalog(language):
        for source, translation in zip(_forms(message.id), _forms(message.string), strict=True):
            if message.id:
                one, other = (
                    sorted(re.sub(r'"[^"]*"', '""', signs) for signs in copied.findall(text))
                    for text in (source, translation)
                )
                assert one == other, translation


@every_language
def test_translations_are_written_as_the_language_is(language: str) -> None:
    for message in read_catalog(language):
        for source, translation in zip(_forms(message.id), _forms(message.string), strict=True):
            if message.id:
                assert "“" not in translation, translation  # both languages have ” on both sides
                assert translation.endswith("?") == source.endswith("?"), translation
                assert not re.search(r"(?<!\.\.)\.$", translation) or source[-1] in ".…", (
                    translation
                )
                assert translation.strip() == translation, translation


def test_templates_are_literals_with_plain_names() -> None:
    """What is put together from parts would be found in no catalog."""
    for path in modules():
        for call in calls_in(path):
            if not is_of_rule(call):  # which may be handed a text that is made already
                count = 2 if len(call.args) > 1 else 1
                assert len(literals_of(call)[:count]) == count, f"{path.name}:{call.lineno}"


def test_templates_name_exactly_the_values_they_are_given() -> None:
    for path in modules():
        for call in calls_in(path):
            given = {str(keyword.arg) for keyword in call.keywords}
            given -= {"line" if is_of_rule(call) else "n"}
            texts = literals_of(call)
            place = f"{path.name}:{call.lineno}"
            if not given and (is_of_rule(call) or len(texts) == 1):
                assert not re.search(r"(?<!\{)\{\w+\}(?!\})", " ".join(texts)), place
                continue
            names = {name for text in texts for name, _ in _fields(text)}
            assert names - {"n"} == given, place


def test_errors_are_raised_with_texts_that_can_be_translated() -> None:
    """A text put together on the spot would be English to everybody; mypy holds the rest."""
    there = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type)}
    kinds = {name for name, kind in there.items() if issubclass(kind, Exception)}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in kinds:
                glued = (ast.Constant, ast.JoinedStr, ast.BinOp)
                assert not isinstance(node.args[0] if node.args else None, glued), (
                    f"{path.name}:{node.lineno}"
                )


def test_what_stands_between_texts_has_no_words() -> None:
    """Words that a list joins its parts with, or that stand among them, would stay English."""
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say_list":
                said = re.sub(r"--\w+", "", "".join(_literals(node)))
                assert not re.search(r"[a-zA-Z]{2}", said), f"{path.name}:{node.lineno}: {said}"


def _literals(node: ast.AST) -> Iterator[str]:
    """Yield the literals of an expression, but of texts within it."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.Call) and getattr(inner.func, "id", "") in ("say", "say_many"):
            continue
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value
        yield from _literals(inner.value if isinstance(inner, ast.Subscript) else inner)


# What is told to people: mypy holds `tell`, `show`, `confirm` and our own errors to a Wording.
_TELLING = {"echo", "secho", "add_column", "add_row", "print", "UsageError", "BadParameter", "fail"}
_WORDING = {"say", "say_many", "say_list", "say_all", "_", "in_words"}


def _bare_words(node: ast.AST) -> Iterator[str]:
    """Yield the literals in what is told that no call words; commands and formats are data."""
    if isinstance(node, ast.Call) and _name(node) in _WORDING:
        return
    if isinstance(node, ast.FormattedValue):
        node = node.value
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        words = re.sub(r"newsletter [\w-]+|--[a-z-]+", "", node.value)
        yield from re.findall(r"[^\W\d_]{3,}", words)
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.keyword):
            yield from _bare_words(child)


def _name(call: ast.Call) -> str:
    return str(getattr(call.func, "id", "") or getattr(call.func, "attr", ""))


def test_nothing_is_told_on_a_terminal_but_what_catalogs_can_translate() -> None:
    bare = [
        f"{path.name}:{node.lineno} {word}"
        for path in modules()
        if path.parent.name == "cli"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _name(node) in _TELLING
        for argument in node.args
        for word in _bare_words(argument)
    ]

    assert bare == []


def test_words_that_no_catalog_has_stay_english() -> None:
    words = say("nobody ever said {number:,} times {what}", number=12_345, what="this")

    assert say_in("fi", words) == words == "nobody ever said 12,345 times this"
    assert not is_said_in("fi", words)
    assert not is_said_in("fi", "plain")


def test_days_and_moments_are_written_as_the_language_does() -> None:
    at = dt.datetime(2026, 11, 3, 9, 5, tzinfo=dt.UTC)
    words = say("{at:%Y-%m-%d %H:%M} ({zone})", at=at, zone="UTC")
    day = say_with("{day:%Y-%m-%d}", {"day": at.date()})

    assert words == "2026-11-03 09:05 (UTC)"
    assert say_in("fi", words) == "3.11.2026 klo 9.05 (UTC)"
    assert say_in("sv-FI", words) == "3.11.2026 kl. 9.05 (UTC)"
    assert day == "2026-11-03"


def test_what_a_catalog_says_of_itself_is_no_text() -> None:
    assert say_in("fi", say("")) == ""


def test_without_values_braces_mean_themselves() -> None:
    assert say("write {{ name }}") == "write {{ name }}"


def test_one_thing_is_counted_in_the_singular() -> None:
    assert say_many("{n} link", "{n} links", n=1) == "1 link"
    assert say_many("{n} link", "{n} links", n=0) == "0 links"
