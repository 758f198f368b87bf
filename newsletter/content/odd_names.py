"""Finds files that nobody reads, as their names are not what those of issues and meetings are."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from unicodedata import normalize

from newsletter.content.issuefiles import NO_ISSUES, name_parts
from newsletter.language import closest, spellings_of, tag_of
from newsletter.model import Finding, rules

FOLDERS = ("issues", "meetings", "surveys", "material")
_MOST = 5_000  # files of a folder that are looked at
# How text editors and Windows end the names of files in Markdown.
_ENDING = re.compile(r"\.(?:md|markdown|mdown)(?:\.txt)?", re.IGNORECASE)
_SET_ASIDE = re.compile(r"[^.]+\.[^\W\d_]+\.md")  # 2026-12.luonnos.md
_SPOKEN = ("fi", "sv", "en")


def find_odd_names(root: Path, *folders: str) -> Iterator[Finding]:
    """Yield a warning for each file in some folders of a newsletter that nobody reads.

    By default that is all folders of what the editor writes. What was put aside on purpose is not
    told: a file that tells of the folder, one whose name begins with a sign, `2026-12.luonnos.md`.
    """
    for name in folders or FOLDERS:
        folder = root / name
        for path in sorted(islice(folder.iterdir(), _MOST)) if folder.is_dir() else ():
            place = f"{name}/{path.name}"
            if not path.name[0].isalnum():
                continue
            if path.is_dir():
                if path.name.lower().endswith(".md"):
                    yield rules.FILE_NAMES.warning(
                        "a folder is not read", "put a file in its place"
                    ).in_file(place)
            elif meant := _meant(path):
                yield rules.FILE_NAMES.warning(
                    "a file of this name is not read", "did you mean “{name}”?", name=meant
                ).in_file(place)


def _meant(path: Path) -> str:
    """Return the name that a file must have to be read; "" if it is read, or no text for that."""
    found = _ENDING.search(path.name)
    if not found or found.end() != len(path.name) or name_parts(path):
        return ""
    parts = normalize("NFC", path.name[: found.start()]).split(".")
    languages = list[str]()
    while len(parts) > 1 and (language := _language_of(parts[-1])):
        languages.append(language)
        parts.pop()
    if parts[0].lower() in NO_ISSUES or (not languages and _SET_ASIDE.fullmatch(path.name)):
        return ""
    id = re.sub(r"[^\w-]+", "-", "-".join(parts)).strip("-")
    return ".".join(filter(None, (id, languages[0] if languages else "", "md")))


def _language_of(word: str) -> str:
    """Return the language that a part of a name means, misspelt or not; "" if it means none."""
    word = word.strip()
    if not re.fullmatch(r"[^\W\d_]+(?:[-_][\w-]+)?", word):
        return ""
    known = {spelling: code for code in _SPOKEN for spelling in spellings_of(code)}
    return tag_of(word) or known.get(closest(word.lower(), known, likeness=0.8) or "", "")
