"""What is asked about a list before anything of it is taken."""

from collections.abc import Mapping, Sequence

from newsletter.audience.cells import is_error
from newsletter.audience.encodings import ENCODINGS, Encoding
from newsletter.audience.entries import Question
from newsletter.audience.list_tables import Mark
from newsletter.audience.sections import Title
from newsletter.errors import AudienceError
from newsletter.model import Standing

# What an unknown value of a status may mean.
VALUE_ANSWERS = {
    "skip": "their rows are refused",
    "unsubscribed": "they left",
    "bounced": "their address does not exist any more",
    "complained": "they marked a mail as spam",
    "pending": "they have not confirmed yet",
    "active": "nothing in it speaks against mailing them",
}
_COLUMN_ANSWERS = {
    "left": "whoever has anything there has left",
    "consent": "whoever has no “yes” there has not agreed",
    "ignore": "it says neither; it is left out",
}
_NOTE_ANSWERS = {
    "words": "whoever has such words there has left; other words there say nothing",
    **_COLUMN_ANSWERS,
    "ignore": "these words do not mean that somebody left",
}
_TITLE_ANSWERS = {
    "left": "those below it left, down to the next such row or the end",
    "skip": "the rows below it are refused",
    "rows": "it is only a row; those below it are what their rows say",
}
_MARK_ANSWERS = {
    "left": "they left",
    "skip": "these rows are refused",
    "keep": "it means nothing; they are read as the others",
}
_RULE_ANSWERS = {"keep": "nobody left by it; all rows are read alike"}
_COMMENT_ANSWERS = {"ignore": "no comment says that somebody left"}
_SHEET_ANSWERS = {"ignore": "nobody in it is on this list"}
_MARKS_ANSWERS = {"ignore": "none of them does; they are left out"}
_BESIDE_ANSWERS = {"ignore": "it is left out, and nobody in it is taken off now"}
_FILE_ANSWERS = {"all": "everybody in it left", "rows": "its rows say who left"}
_NAME_ANSWERS = {"left": "everybody in it left", "rows": "no: only its rows say who left"}
_SHOWN = 5  # values in a question
_COLUMNS_SHOWN = 10
_DOMAIN_ANSWERS = {"fix": "", "skip": "", "keep": ""}


def check_answers(answers: Mapping[str, str]) -> None:
    """Raise AudienceError for an answer that no question of its kind has."""
    for id, answer in answers.items():
        kind = id.partition(":")[0]
        known: Mapping[str, str] = {
            "column": _NOTE_ANSWERS,
            "value": VALUE_ANSWERS,
            "typo": _DOMAIN_ANSWERS,
            "file": {**_FILE_ANSWERS, **_NAME_ANSWERS},
            "title": _TITLE_ANSWERS,
            "hidden": _MARK_ANSWERS,
            "struck": _MARK_ANSWERS,
            "rule": _RULE_ANSWERS,
            "comments": _COMMENT_ANSWERS,
            "sheet": _sheet_answers(id, answer),
            "marks": _MARKS_ANSWERS,
            "beside": _BESIDE_ANSWERS,
            "encoding": {answer: ""},  # looked at where the file is opened
            "address": {answer: ""} if answer.isdecimal() else {"1": "", "2": ""},
        }.get(kind, {})
        if not known:
            raise AudienceError(f"“{id}” is no question; the questions of a list name their ids")
        if answer not in known:
            raise AudienceError(f"“{answer}” answers not “{id}”; it is one of {', '.join(known)}")


def which_encoding(encoding: Encoding, name: str) -> Question:
    """Ask what a list that is not UTF-8 is written in."""
    shown = {
        codec: f"{who}: {_sample(encoding, codec)}"
        for codec, who in ENCODINGS.items()
        if _sample(encoding, codec)
    }
    return Question(
        id="encoding",
        text=f"{name} is not UTF-8; in which of these are its letters right?",
        choices=shown,
        lines=tuple(line for line, _ in encoding.broken),
    )


def which_address(header: Sequence[str], places: Sequence[int]) -> Question:
    """Ask which of several columns holds the addresses to mail."""
    heads = " and ".join(f"“{header[place].strip()}”" for place in places)
    return Question(
        id="address",
        text=f"{heads} hold addresses; which of them shall be mailed?",
        choices={str(p + 1): f"column {p + 1}, “{header[p].strip()}”" for p in places},
    )


def what_column(header: str, value: str = "") -> Question:
    """Ask what a column says that may be about leaving or agreeing."""
    shown = f" (“{value[:60]}” stands there)" if value else ""
    return Question(
        id=f"column:{header.strip()}",
        text=f"“{header.strip()}”{shown} may say who left or who agreed; what does it say?",
        choices=_COLUMN_ANSWERS,
    )


def what_note(header: str, values: Sequence[str]) -> Question:
    """Ask about words of leaving in a column that is about something else."""
    shown = ", ".join(f"“{' '.join(value.split())[:60]}”" for value in sorted(values)[:_SHOWN])
    more = " and others" if len(values) > _SHOWN else ""
    return Question(
        id=f"column:{header.strip()}",
        text=f"in “{header.strip()}” stands {shown}{more}; have these people left?",
        choices=_NOTE_ANSWERS,
    )


def what_title(titles: Sequence[Title]) -> Question:
    """Ask what a row without an address says of the rows below it."""
    first = titles[0]
    what = "names the columns anew" if first.is_header else "is no person"
    choices = {k: v for k, v in _TITLE_ANSWERS.items() if not (first.is_header and k == "rows")}
    return Question(
        id=first.id,
        text=f"“{first.text}” {what}; have those below it left?",
        choices=choices,
        lines=tuple(title.line for title in titles if title.line),
    )


def what_mark(mark: Mark, lines: Sequence[int]) -> Question:
    """Ask what it means that rows are hidden, or struck through."""
    return Question(
        id=mark.question,
        text=f"some rows are {mark.words}; have these people left?",
        choices=_MARK_ANSWERS,
        lines=tuple(lines),
    )


def what_rule(ranges: Sequence[str]) -> Question:
    """Ask what it means that a rule strikes rows through: which, the file does not tell."""
    return Question(
        id="rule",
        text=f"a rule (conditional formatting) strikes through rows of {', '.join(ranges)}; which "
        "they are, the file does not tell: if that means that people left, write it into a column "
        "and import that",
        choices=_RULE_ANSWERS,
    )


def what_comments(comments: Sequence[str]) -> Question:
    """Ask whether comments beside the cells, which are not read, say who left."""
    return Question(
        id="comments",
        text=f"the sheet has comments, which are not read ({'; '.join(comments)}): if they say who "
        "left, write it into a column and import that",
        choices=_COMMENT_ANSWERS,
    )


def what_sheet(title: str) -> Question:
    """Ask about a sheet that is not read, and whose name speaks of people who left."""
    return Question(
        id=f"sheet:{title}",
        text=f"the sheet “{title}” is not read, and its name speaks of people who left: if they "
        "are on this list, too, remove them",
        choices=_SHEET_ANSWERS,
    )


def which_sheet(sheets: Mapping[int, str]) -> Question:
    """Ask which of several sheets with addresses is read, by their numbers."""
    named = ", ".join(f"“{title}”" for title in sheets.values())
    return Question(
        id="sheet",
        text=f"{named} hold addresses; which is read now? (each of them needs an import of its own,"
        " that of people who left, too)",
        choices={str(number): f"“{title}”" for number, title in sheets.items()},
    )


def what_marks(columns: Sequence[tuple[int, str]]) -> Question:
    """Ask about columns of yes and no, or of marks, by their places and headers."""
    shown = [f"“{h[:60]}”" if h else f"column {p + 1}" for p, h in columns[:_COLUMNS_SHOWN]]
    more = f" and {len(columns) - len(shown)} more" if len(columns) > len(shown) else ""
    plural = len(columns) > 1
    holds = "hold only yes and no, or marks, and are" if plural else (
        "holds only yes and no, or marks, and is"
    )  # fmt: skip
    says = "does one of them say" if plural else "does it say"
    example = columns[0][1][:60] or "HEADER"
    return Question(
        id="marks",
        text=f"{', '.join(shown)}{more} {holds} left out; {says} who may be mailed, or who left? "
        f'(then --answer "column:{example}=consent", or =left)',
        choices=_MARKS_ANSWERS,
    )


def what_beside(header: str) -> Question:
    """Ask about addresses of other people beside those that are read."""
    return Question(
        id=f"beside:{header.strip()}",
        text=f"“{header.strip()}” holds addresses, as it seems of people who left; they are not "
        "those of its rows: import that column first, as a file of its own called unsubscribed.csv",
        choices=_BESIDE_ANSWERS,
    )


def empty_column(header: str) -> Question:
    """Ask what it means that nobody has anything in a column of consent."""
    return Question(
        id=f"column:{header.strip()}",
        text=f"nobody has anything in “{header.strip()}”; has nobody agreed?",
        choices={
            "consent": "nobody has agreed, so nobody is taken",
            "ignore": "the column was never used; it is left out",
        },
    )


def what_value(header: str, value: str) -> Question:
    """Ask what an unknown value of a status says."""
    shown = f"“{value[:60]}”" if value else "an empty cell"
    if is_error(value):
        shown += " (a formula without a result)"
    return Question(
        id=value_id(header, value),
        text=f"what does {shown} in “{header.strip()}” say of a person?",
        choices=VALUE_ANSWERS,
    )


def value_id(header: str, value: str) -> str:
    """Return the id of the question about a value."""
    return f"value:{header.strip()}:{value.strip()[:60]}"


def which_domain(domain: str, meant: str) -> Question:
    """Ask whether a domain is a slip of the finger."""
    return Question(
        id=f"typo:{domain}",
        text=f"“@{domain}” looks misspelt; is “@{meant}” meant?",
        choices={
            "fix": f"yes: they become @{meant}",
            "skip": "their rows are refused",
            "keep": f"no, @{domain} is right",
        },
    )


def who_left(header: str, standing: Standing) -> Question:
    """Ask what a file of people who left means where a cell of it is empty."""
    return Question(
        id="file",
        text=f"“{header.strip()}” is filled for some people only; have the others left, too?",
        choices={
            "all": f"yes: everybody in this file is {standing}",
            "rows": "no: only those who have something there",
        },
    )


def whose_file(name: str) -> Question:
    """Ask whether everybody in a file, or a sheet, whose name speaks of leaving has left."""
    return Question(
        id="file",
        text=f"its name, “{name}”, speaks of people who left; has everybody in it left?",
        choices=_NAME_ANSWERS,
    )


def _sheet_answers(id: str, answer: str) -> Mapping[str, str]:
    if ":" in id:
        return _SHEET_ANSWERS
    return {answer: ""} if answer.isdecimal() else {"1": "", "2": ""}


def _sample(encoding: Encoding, codec: str) -> str:
    try:
        return ", ".join(f"“{word.decode(codec)}”" for _, word in encoding.broken)
    except UnicodeDecodeError:
        return ""
