"""Reads lists of people from CSV, compares them with those known, and writes them out again."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TextIO

from newsletter.addresses import check_address
from newsletter.audience.entries import Entry, Refusal
from newsletter.errors import AudienceError
from newsletter.languages import language_of
from newsletter.model import Standing, Subscriber

# The columns we know, by the names people give them in Finnish, Swedish and English.
_HEADERS = {
    "email": "email", "e-mail": "email", "mail": "email", "email address": "email",
    "e-mail address": "email", "address": "email", "sähköposti": "email",
    "sähköpostiosoite": "email", "e-post": "email", "epost": "email", "e-postadress": "email",
    "name": "name", "full name": "name", "nimi": "name", "namn": "name",
    "language": "language", "lang": "language", "kieli": "language", "språk": "language",
}  # fmt: skip
_SYSTEM = {"unsubscribe_url", "archive_url"}  # slots the program fills
RESERVED = frozenset({*_SYSTEM, "email", "name", "language", "standing"})  # no attributes
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A list of people, each address once."""

    entries: tuple[Entry, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What taking in a list would do."""

    joins: tuple[tuple[int, Subscriber], ...]  # line, new subscriber
    changes: tuple[tuple[int, Subscriber, Subscriber], ...]  # line, before, after
    unchanged: int
    refusals: tuple[Refusal, ...]


def read_roster(data: bytes, name: str) -> Roster:
    """Read a CSV list: UTF-8 with or without BOM, comma, semicolon or tab, a header row.

    Raise AudienceError, naming file and line, when it cannot be read as one.
    """
    text = _decode(data, name)
    rows = _rows(text, name)
    header_line, header = next(rows, (1, []))
    columns = _columns(header, name, header_line)
    entries: dict[str, Entry] = {}
    refusals: list[Refusal] = []
    for line, cells in rows:
        try:
            entry = _entry(line, cells, columns)
            if first := entries.get(entry.address.lower()):
                raise AudienceError(f"the same address as in line {first.line}")
        except AudienceError as err:
            shown = dict(zip(columns, cells, strict=False)).get("email") or ", ".join(cells)
            refusals.append(Refusal(line=line, text=shown.strip(), reason=str(err)))
        else:
            entries[entry.address.lower()] = entry
    return Roster(entries=tuple(entries.values()), refusals=tuple(refusals))


def compare(roster: Roster, known: Mapping[str, Subscriber], new_key: Callable[[], str]) -> Changes:
    """Tell what taking in a list would do; nobody who left is brought back.

    `known` holds the subscribers by address in lower case, `new_key` makes the opaque id of a
    new one.
    """
    joins: list[tuple[int, Subscriber]] = []
    changes: list[tuple[int, Subscriber, Subscriber]] = []
    refusals = [*roster.refusals]
    unchanged = 0
    for entry in roster.entries:
        before = known.get(entry.address.lower())
        if before is None:
            joins.append((entry.line, _subscriber(entry, new_key())))
            continue
        after = _merge(before, entry)
        if before.standing not in (Standing.ACTIVE, Standing.PENDING):
            reason = f"is {before.standing} and stays so"
            refusals.append(Refusal(line=entry.line, text=entry.address, reason=reason))
        elif after == before:
            unchanged += 1
        else:
            changes.append((entry.line, before, after))
    return Changes(
        joins=tuple(joins),
        changes=tuple(changes),
        unchanged=unchanged,
        refusals=tuple(sorted(refusals, key=lambda r: r.line)),
    )


def write_roster(people: Iterable[Subscriber], attributes: Iterable[str], out: TextIO) -> int:
    """Write subscribers as CSV that `read_roster` reads back; return their number."""
    names = sorted(attributes)
    writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180; also has \r quoted
    writer.writerow(["email", "name", "language", *names, "standing"])
    count = 0
    for person in people:
        values = [person.attributes.get(name, "") for name in names]
        writer.writerow([person.address, person.name, person.language, *values, person.standing])
        count += 1
    return count


def read_language(text: str) -> str:
    """Return a language as its two or three letters; raise AudienceError for anything else."""
    code = language_of(text)
    if code is None:
        raise AudienceError(f"“{text.strip()}” is no language; write fi, sv, en or the like")
    return code


def _decode(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        line = data[: err.start].count(b"\n") + 1
        raise AudienceError(
            f"{name}:{line}: not UTF-8 text, perhaps Latin-1; save the list again as "
            "“CSV UTF-8” (in Excel: Save as, CSV UTF-8), then nothing in it is guessed"
        ) from err
    if "\0" in text:
        raise AudienceError(f"{name}: not a text file; save the list as “CSV UTF-8”")
    return text


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that holds anything, with the line it begins on."""
    header = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as err:
        raise AudienceError(f"{name}:{line}: not readable as CSV: {err}") from err


def _columns(header: list[str], name: str, line: int) -> list[str]:
    columns = [_column(cell) for cell in header]
    if "email" not in columns:
        found = ", ".join(cell.strip() for cell in header) or "nothing"
        raise AudienceError(
            f"{name}:{line}: no column of addresses; the first row must name one “email”, "
            f"“sähköposti” or “e-post” (found: {found})"
        )
    for column in columns:
        if columns.count(column) > 1:
            raise AudienceError(f"{name}:{line}: two columns are called “{column}”; rename one")
        if column in _SYSTEM or not re.fullmatch(r"[^\W\d]\w*", column):
            raise AudienceError(
                f"{name}:{line}: “{column}” cannot name a column; use letters and underscores"
            )
    return columns


def _column(cell: str) -> str:
    word = re.sub(r"\s+", " ", unicodedata.normalize("NFC", cell)).strip().lower()
    return _HEADERS.get(word, re.sub(r"[ -]", "_", word))


def _entry(line: int, cells: list[str], columns: list[str]) -> Entry:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        raise AudienceError(f"{len(cells)} cells where the header has {len(columns)}")
    padded = [*cells, *[""] * (len(columns) - len(cells))]
    values = {c: clean_value(v) for c, v in zip(columns, padded, strict=False)}
    address = check_address(values.pop("email"))
    values.pop("standing", None)  # written by export for people to read
    if "language" in values:
        values["language"] = read_language(values["language"])
    return Entry(line=line, address=address, values=values)


def clean_value(cell: str) -> str:
    """Return a cell's text: composed, trimmed, its line breaks as one kind."""
    text = unicodedata.normalize("NFC", cell).replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", text).strip()


def _subscriber(entry: Entry, key: str) -> Subscriber:
    values = {k: v for k, v in entry.values.items() if v}
    return Subscriber(
        address=entry.address,
        key=key,
        name=values.pop("name", ""),
        language=values.pop("language", ""),
        attributes=values,
    )


def _merge(before: Subscriber, entry: Entry) -> Subscriber:
    """Return the subscriber with the values of the list; columns it lacks stay as they are."""
    values = dict(entry.values)
    name, language = values.pop("name", before.name), values.pop("language", before.language)
    attributes = {k: v for k, v in {**before.attributes, **values}.items() if v}
    return replace(before, name=name, language=language, attributes=attributes)
