"""Ids of what a survey asks: read from the end of a line, made of words, written into the file.

An id is what answers are kept by, and the name of a column where they are exported: small letters
of English, digits and hyphens.
"""

import re
import unicodedata
from collections.abc import Container, Iterable

LONGEST = 40
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FIXED = re.compile(r"[ \t]*\{#([^{}\n]*)\}[ \t]*$")
_CELL_ENDS = re.compile(r"(?<!\\)\|")
_CLOSING = re.compile(r"[ \t]+#+$")  # of a heading, which CommonMark does not show
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ð": "d"})


def take_id(text: str) -> tuple[str, str | None]:
    """Return a text without the `{#id}` at its end, and that id as written; None: it has none."""
    match = _FIXED.search(text)
    return (text[: match.start()], match[1].strip()) if match else (text, None)


def is_id(text: str) -> bool:
    """Return whether a text can be an id."""
    return len(text) <= LONGEST and _ID.fullmatch(text) is not None


def id_of(words: str, otherwise: str) -> str:
    """Return the id that words make; another where they have no letter that it could hold."""
    plain = unicodedata.normalize("NFKD", words.lower().translate(_LETTERS))
    kept = (sign for sign in plain if not unicodedata.combining(sign))
    made = re.sub(r"[^a-z0-9]+", "-", "".join(kept)).strip("-")
    if len(made) > LONGEST:
        made = made[: LONGEST + 1].rpartition("-")[0] or made[:LONGEST]
    return made or otherwise


def free_id(made: str, taken: Container[str]) -> str:
    """Return an id that is not taken: the one that was made, or with a number behind it."""
    number, id = 2, made
    while id in taken:
        id = f"{made[: LONGEST - 4]}-{number}"
        number += 1
    return id


def write_ids(text: str, ids: Iterable[tuple[int, int | None, str]]) -> str:
    """Return the text of a file with ids written where something has none.

    Each is the line, counted from 1, the cell of a table, counted from 0, and the id. All other
    characters stay as they are.
    """
    lines = text.split("\n")
    for line, cell, id in ids:
        if cell is None:
            lines[line - 1] = _with_id(lines[line - 1], id)
        else:
            cells = _CELL_ENDS.split(lines[line - 1])
            place = cell + (not cells[0].strip())  # a line may begin with the sign between cells
            cells[place] = _with_id(cells[place], id)
            lines[line - 1] = "|".join(cells)
    return "\n".join(lines)


def _with_id(text: str, id: str) -> str:
    words = text.rstrip()
    if words.lstrip().startswith("#") and (closing := _CLOSING.search(words)):
        words = words[: closing.start()]
    return f"{words} {{#{id}}}{text[len(words) :]}"
