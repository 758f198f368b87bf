"""Keep the catalogs of what is said in step with the code: `python -m tests.language.catalogs`.

Adds what the code says and a catalog lacks, with an empty translation, and takes out the rest.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

import newsletter
from newsletter.cli.main import COMMANDS, CURES, LazyGroup, cli
from newsletter.cli.spoken_help import CLICKS_WORDS, words_of
from newsletter.language import Wording
from newsletter.language.catalogs import LOCALE

PACKAGE = Path(newsletter.__file__).parent
LANGUAGES = ("fi", "sv")
PAGES = (
    "archive",
    "face",
    "public",
    "stats_report",
    "survey_report",
)  # packages whose pages say their words themselves

_HEADER = """# What the program says: findings, and all else on a terminal.
msgid ""
msgstr ""
"Project-Id-Version: newsletter findings 1\\n"
"Language: {language}\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


@cache
def said_in_code() -> Catalog:
    """Return every text that the code words, with the modules that say it."""
    found = Catalog()
    for path in modules():
        for call in calls_in(path):
            texts = literals_of(call)
            for text in [tuple(texts)] if _name_of(call) == "say_many" else texts:
                found.add(text, locations=[(path.relative_to(PACKAGE).as_posix(), 0)])
    for words, place in (*said_by_gettext(), *said_in_help(), *said_on_pages()):
        found.add(words, locations=[(place, 0)])
    return found


def said_by_gettext() -> Iterator[tuple[str, str]]:
    """Yield what the entry of the command line says: it imports little of ours, and asks click's.

    It fills templates with `format`, as click does.
    """
    for place in ("cli/main.py", "cli/guiding.py"):
        for call in ast.walk(ast.parse((PACKAGE / place).read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and _name_of(call) == "_":
                yield from ((text, place) for text in literals_of(call))


def said_on_pages() -> Iterator[tuple[str | tuple[str, str], str]]:
    """Yield what the templates of pages on the web say, with their files."""
    for path in pages():
        for call in calls_on(path):
            texts = [arg.value for arg in call.args if isinstance(arg, nodes.Const)]
            words = [text for text in texts if isinstance(text, str)]
            is_counted = getattr(call.node, "name", "") == "say_many"
            for text in [(words[0], words[1])] if is_counted else words:
                yield text, path.relative_to(PACKAGE).as_posix()


def pages() -> list[Path]:
    """Return the templates of pages on the web, whose words are in them."""
    return sorted(p for folder in PAGES for p in (PACKAGE / folder / "pages").glob("*.html"))


def calls_on(path: Path) -> Iterator[nodes.Call]:
    """Yield the calls of `say` and `say_many` in a template."""
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    for call in tree.find_all(nodes.Call):
        if getattr(call.node, "name", "") in ("say", "say_many"):
            yield call


def said_in_help() -> Iterator[tuple[str | tuple[str, str], str]]:
    """Yield what the help of commands says, and what click says, with the modules they are from."""
    ctx = click.Context(cli)
    for name, line in COMMANDS.items():
        command = LazyGroup.get_command(cli, ctx, name)
        assert command is not None
        yield line, "cli/main.py"
        yield from ((words, f"cli/{name}.py") for words in words_of(command) if words)
    yield from ((words, "cli/main.py") for words in words_of(cli) if words)
    yield from ((words, "cli/main.py") for words in CURES.values())
    yield from ((words, "cli/spoken_help.py") for words in CLICKS_WORDS)


def modules() -> list[Path]:
    """Return the modules whose texts are translated: all of them."""
    return sorted(PACKAGE.rglob("*.py"))


def calls_in(path: Path) -> list[ast.Call]:
    """Return the calls that word texts, in order: `say`, `say_many` and methods of rules."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    wording = [call for call in calls if _name_of(call) in ("say", "say_many") or is_of_rule(call)]
    own = [call for call in wording if all(keyword.arg for keyword in call.keywords)]
    return sorted(own, key=lambda call: (call.lineno, call.col_offset))


def is_of_rule(call: ast.Call) -> bool:
    """Return whether a rule words a finding, such as `IMAGE_ALT.error("...")`."""
    owner = getattr(call.func, "value", None)
    rule = str(getattr(owner, "id", "") or getattr(owner, "attr", ""))
    return _name_of(call) in ("error", "warning", "note", "finding") and (
        rule.isupper() or rule == "rule"
    )


def literals_of(call: ast.Call) -> list[str]:
    """Return the texts that a call is given as they stand, both where a condition chooses one."""
    chosen = [part for arg in call.args for part in _choices(arg) if isinstance(part, ast.Constant)]
    return [part.value for part in chosen if isinstance(part.value, str)]


def _choices(arg: ast.expr) -> list[ast.expr]:
    return [*_choices(arg.body), *_choices(arg.orelse)] if isinstance(arg, ast.IfExp) else [arg]


def _name_of(call: ast.Call) -> str:
    return str(getattr(call.func, "id", "") or getattr(call.func, "attr", ""))


def catalog_path(language: str) -> Path:
    """Return where the translations of findings into a language are kept."""
    return LOCALE / language / "LC_MESSAGES" / "texts.po"


def read_catalog(language: str) -> Catalog:
    """Return the translations of findings into a language."""
    with catalog_path(language).open("rb") as file:
        return read_po(file, locale=language)


def is_translated(message: Message) -> bool:
    """Return whether a catalog has all forms of a text."""
    return bool(message.string) and all(message.string or ())


def lost_words(text: str) -> list[str]:
    """Return what of a text, and of the texts in it, catalogs hold but nobody could look up.

    Whole texts must be made by `say`; plain values may be names, unless a catalog has them. What
    stands in quotation marks, or is a slot, is from the issue, such as a day of the week.
    """
    if not isinstance(text, Wording):
        return [text] if text else []
    quoted = ("“{%s}”", "{{{{ {%s}")
    own = [
        value
        for name, value in text.values.items()
        if not any(sign % name in text.template for sign in quoted)
    ]
    inner = [part for part in (*text.parts, *own) if isinstance(part, str)]
    return [
        lost
        for part in inner
        if isinstance(part, Wording) or part in _texts_without_values()
        for lost in lost_words(part)
    ]


@cache
def _texts_without_values() -> frozenset[str]:
    return frozenset(
        str(message.id)
        for message in read_catalog(LANGUAGES[0])
        if isinstance(message.id, str) and not re.search(r"\{\w", message.id.replace("{{", ""))
        # The command line's own words, such as “name” above a column, are in no finding.
        if not all(place.startswith("cli/") for place, _ in message.locations)
    )


def update(language: str, known: Iterable[Message]) -> int:
    """Write a catalog with the translations that are known; return how many texts have none."""
    translations = {_key(message): message.string for message in known}
    catalog = Catalog(locale=language)
    for message in said_in_code():
        if message.id:
            places = sorted(set(message.locations))
            catalog.add(message.id, translations.get(_key(message), ""), locations=places)
    with catalog_path(language).open("wb") as file:
        file.write(_HEADER.format(language=language).encode())
        write_po(
            file, catalog, width=100, omit_header=True, sort_by_file=True, include_lineno=False
        )
    return sum(1 for message in catalog if message.id and not is_translated(message))


def _key(message: Message) -> str | tuple[str, ...]:
    return message.id if isinstance(message.id, str) else tuple(message.id)


if __name__ == "__main__":
    for spoken in LANGUAGES:
        print(f"{spoken}: {update(spoken, read_catalog(spoken))} translations missing")
