"""Changes keys in the front matter of an issue file and leaves every other character alone."""

import re
from collections.abc import Callable
from pathlib import Path

from newsletter.errors import NewsletterError
from newsletter.files import read_file
from newsletter.language import say


def text_of(path: Path, error: type[NewsletterError]) -> str:
    """Return the text of a file with uniform line ends; raise an error if it is not UTF-8."""
    data = read_file(path)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as err:
        line = data[: err.start].count(b"\n") + 1
        fault = say(
            "{file}:{line}: not UTF-8 text; save the file as UTF-8", file=str(path), line=line
        )
        raise error(fault) from err


def divide(text: str) -> tuple[list[str], list[str]]:
    """Return the lines of the front matter, including both rules, and those of the body.

    Without front matter the first list is empty.
    """
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines) if n and line.rstrip() == "---"), 0)
    if lines[0].rstrip() != "---" or not end:
        return [], lines
    return lines[: end + 1], lines[end + 1 :]


def set_key(head: list[str], key: str, value: str) -> list[str]:
    """Give a key a value that needs no quotes; the key is added if it is missing."""
    place = next((n for n, line in enumerate(head) if _is_key(line, key)), len(head) - 1)
    without = drop_key(head, key)
    return [*without[:place], f"{key}: {value}", *without[place:]]


def drop_key(head: list[str], key: str) -> list[str]:
    """Remove a key, with the lines of its value."""
    kept: list[str] = []
    dropping = False
    for line in head:
        begins = bool(line.strip()) and not line[0].isspace()
        dropping = _is_key(line, key) or (dropping and not begins)
        if not dropping:
            kept.append(line)
    return kept


def has_key(head: list[str], key: str) -> bool:
    """Return whether a key exists."""
    return any(_is_key(line, key) for line in head)


def mark_values(head: list[str], keys: str, mark: str) -> list[str]:
    """Put a mark before the values of the keys that a regular expression matches."""
    wanted = re.compile(rf"(\s*(?:{keys}):[ \t]+)([\"']?)(.*)")
    marked: list[str] = []
    folded = False  # the value begins on the next line
    for line in head:
        match = wanted.fullmatch(line)
        if folded and line.strip():
            indent = len(line) - len(line.lstrip())
            line, folded = f"{line[:indent]}{mark} {line[indent:]}", False  # noqa: PLW2901
        elif match and not match[2] and re.fullmatch(r"[>|][-+\d]*\s*", match[3]):
            folded = True
        elif match and not match[3].startswith(mark):
            line = f"{match[1]}{match[2]}{mark} {match[3]}"  # noqa: PLW2901
        marked.append(line)
    return marked


def change_values(head: list[str], keys: str, change: Callable[[str], str]) -> list[str]:
    """Change the values, on the line of the key, of the keys that a regular expression matches."""
    wanted = re.compile(rf"((?:{keys}):)(.*)")
    return [m[1] + change(m[2]) if (m := wanted.fullmatch(line)) else line for line in head]


def _is_key(line: str, key: str) -> bool:
    return re.match(rf"{re.escape(key)}\s*:", line) is not None
