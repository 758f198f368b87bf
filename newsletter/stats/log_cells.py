"""The columns of the log of issues, and how a cell is written in each language and read back."""

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from newsletter.formulas import harmless
from newsletter.language import SPOKEN, Wording, say, say_in, spoken_language
from newsletter.model.figures import Source

Cell = str | int | float | bool | dt.date | None
Row = Mapping[str, Cell]

ALL, OTHERS = "*", "?"  # in place of a language: everybody, and all groups that are not told of


class Kind(Enum):
    """What a column holds."""

    TEXT = "text"
    WORD = "word"  # one that each language has its own for, or a text
    COUNT = "count"
    SHARE = "share"  # of 1, to a hundredth of a percent
    DAY = "day"
    ANSWER = "answer"  # yes or no


# Name of a column, as programs know it -> its heading, and what it holds.
COLUMNS: Mapping[str, tuple[Wording, Kind]] = {
    "issue": (say("Issue"), Kind.TEXT),
    "language": (say("Language"), Kind.WORD),
    "date": (say("Date"), Kind.DAY),
    "subject": (say("Subject"), Kind.TEXT),
    "sent": (say("Sent"), Kind.COUNT),
    "delivered": (say("Delivered"), Kind.COUNT),
    "bounced_hard": (say("Bounced for good"), Kind.COUNT),
    "bounced_soft": (say("Bounced for now"), Kind.COUNT),
    "readers": (say("Readers whose opens can be seen"), Kind.COUNT),
    "opened_from": (say("Opened, at least"), Kind.SHARE),
    "opened_to": (say("Opened, at most"), Kind.SHARE),
    "openers_human": (say("Opened by people, likely"), Kind.COUNT),
    "openers_unknown": (say("Opened, not known by whom"), Kind.COUNT),
    "openers_hidden": (say("Opened, hidden by the mail program"), Kind.COUNT),
    "openers_machine": (say("Opened by machines"), Kind.COUNT),
    "loads_human": (say("Image loads by people, likely"), Kind.COUNT),
    "loads_unknown": (say("Image loads, not known by whom"), Kind.COUNT),
    "loads_machine": (say("Image loads by machines"), Kind.COUNT),
    "clickers_human": (say("People who clicked, likely"), Kind.COUNT),
    "clickers_unknown": (say("Readers who clicked, not known whether people"), Kind.COUNT),
    "clickers_machine": (say("Readers of whom machines clicked"), Kind.COUNT),
    "clicks_human": (say("Clicks by people, likely"), Kind.COUNT),
    "clicks_unknown": (say("Clicks, not known by whom"), Kind.COUNT),
    "clicks_machine": (say("Clicks by machines"), Kind.COUNT),
    "unsubscribed": (say("Left"), Kind.COUNT),
    "complained": (say("Complained"), Kind.COUNT),
    "replied": (say("Replied"), Kind.COUNT),
    "half_after": (say("Hours until half of the opens"), Kind.COUNT),
    "counted_by": (say("Who counted"), Kind.WORD),
    "rules": (say("Rules"), Kind.TEXT),
    "window_days": (say("Days counted"), Kind.COUNT),
    "final": (say("Final"), Kind.ANSWER),
    "as_of": (say("As of"), Kind.DAY),
    "changed": (say("Changed"), Kind.DAY),
    "changed_from": (say("Changed from"), Kind.TEXT),
    "check": (say("Check"), Kind.TEXT),
}
_WORDS: Mapping[str, Wording] = {
    ALL: say("all"),
    OTHERS: say("others"),
    **{source.value: source.words for source in Source},
}
_ANSWERS = {True: say("yes"), False: say("no")}
_CHECK = 8  # signs


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a log is written: for the spreadsheets of a language, or for programs."""

    headings: Sequence[str]
    delimiter: str
    decimal: str
    words: Mapping[str, str]
    answers: Mapping[bool, str]


def form_in(language: str) -> Form:
    """Return the form of a language's spreadsheets; in English that of programs, too.

    Where commas are decimal signs, spreadsheets expect semicolons between cells.
    """
    language = spoken_language(language)
    is_english = language == "en"
    headings = [heading for heading, _ in COLUMNS.values()]
    return Form(
        headings=list(COLUMNS) if is_english else [say_in(language, h) for h in headings],
        delimiter="," if is_english else ";",
        decimal="." if is_english else ",",
        words={
            name: name if is_english and name in set(Source) else say_in(language, word)
            for name, word in _WORDS.items()
        },
        answers={answer: say_in(language, word) for answer, word in _ANSWERS.items()},
    )


def forms() -> list[Form]:
    """Return all forms that a log may be in."""
    return [form_in(language) for language in SPOKEN]


def write_rows(rows: Iterable[Row], form: Form) -> str:
    """Return rows under their headings."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=form.delimiter, lineterminator="\n")
    writer.writerow(form.headings)
    writer.writerows([_write(row[name], name, form) for name in COLUMNS] for row in rows)
    return out.getvalue()


def read_row(cells: Sequence[str], form: Form) -> Row:
    """Return the row that some cells are; raise ValueError for others than were written."""
    row = {
        name: _read(cell, name, form)
        for (name, _), cell in zip(COLUMNS.items(), cells, strict=True)
    }
    if row["check"] != check_of(row):
        raise ValueError
    return row


def check_of(row: Row) -> str:
    """Return a few signs that no other content of a row has, in whatever form it is written."""
    neutral = form_in("en")
    cells = [_write(row[name], name, neutral) for name in COLUMNS if name != "check"]
    return hashlib.sha256("\0".join(cells).encode()).hexdigest()[:_CHECK]


def _write(cell: Cell, name: str, form: Form) -> str:
    _, kind = COLUMNS[name]
    if cell is None:
        return ""
    if kind is Kind.ANSWER:
        return form.answers[bool(cell)]
    if kind is Kind.SHARE:
        return f"{cell:.4f}".replace(".", form.decimal)
    if kind is Kind.WORD:
        return form.words.get(str(cell), str(cell))
    return harmless(str(cell)) if kind is Kind.TEXT else str(cell)


def _read(text: str, name: str, form: Form) -> Cell:
    _, kind = COLUMNS[name]
    if kind is Kind.TEXT:
        return text[1:] if text and harmless(text[1:]) == text else text
    if not text:
        return None
    if kind is Kind.WORD:
        return next((name for name, word in form.words.items() if word == text), text)
    if kind is Kind.ANSWER:
        return {word: answer for answer, word in form.answers.items()}[text]
    if kind is Kind.DAY:
        return dt.date.fromisoformat(text)
    return int(text) if kind is Kind.COUNT else float(text.replace(form.decimal, "."))
