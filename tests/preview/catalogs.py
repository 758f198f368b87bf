"""Keep the catalogs of findings in step with the code: `python -m tests.preview.catalogs`.

Adds what the code says and a catalog lacks, with an empty translation, and takes out the rest.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import newsletter
from newsletter.language import Wording
from newsletter.language.catalogs import LOCALE

PACKAGE = Path(newsletter.__file__).parent
LANGUAGES = ("fi", "sv")

# The command line has a `say` of its own, which prints.
_METHODS = [("cli/**.py", "ignore"), ("**.py", "python")]
_KEYWORDS = {"say": None, "say_many": (1, 2)}
_HEADER = """# What findings say.
msgid ""
msgstr ""
"Project-Id-Version: newsletter findings 1\\n"
"Language: {language}\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def said_in_code() -> Catalog:
    """Return every text given to `say` or `say_many`, with the modules that say it."""
    found = Catalog()
    for file, _, text, _, _ in extract_from_dir(PACKAGE, _METHODS, keywords=_KEYWORDS):
        found.add(text, locations=[(file, 0)])
    return found


def catalog_path(language: str) -> Path:
    """Return where the translations of findings into a language are kept."""
    return LOCALE / language / "LC_MESSAGES" / "findings.po"


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
    stands in quotation marks is from the issue, such as a day of the week.
    """
    if not isinstance(text, Wording):
        return [text] if text else []
    own = [value for name, value in text.values.items() if f"“{{{name}}}”" not in text.template]
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
