"""Questions about a list that are asked before anything from it is taken."""

from collections.abc import Mapping, Sequence

from newsletter.audience.cells import is_error
from newsletter.audience.encodings import ENCODINGS, Encoding
from newsletter.audience.entries import Mark, Question, value_id
from newsletter.audience.sections import Title
from newsletter.errors import AudienceError
from newsletter.model import Standing

_COLUMN_ANSWERS = {
    "left": "whoever has anything there has left",
    "consent": "whoever has no “yes” there has not agreed",
    "ignore": "it says neither; it is left out",
}
_MARK_ANSWERS = {
    "left": "they left",
    "skip": "these rows are refused",
    "keep": "it means nothing; they are read as the others",
}
# What each kind of question, by the beginning of its id, may be answered, and what that means; it
# is left open where a question tells it in its own words.
_ANSWERS: Mapping[str, Mapping[str, str]] = {
    "column": {
        "words": "whoever has such words there has left; other words there say nothing",
        **_COLUMN_ANSWERS,
        "ignore": "these words do not mean that somebody left",
    },
    "value": {
        "skip": "their rows are refused",
        "unsubscribed": "they left",
        "bounced": "their address does not exist any more",
        "complained": "they marked a mail as spam",
        "pending": "they have not confirmed yet",
        "active": "nothing in it speaks against mailing them",
    },
    "title": {
        "left": "those below it left, down to the next such row or the end",
        "skip": "the rows below it are refused",
        "rows": "it is only a row; those below it are what their rows say",
    },
    "hidden": _MARK_ANSWERS,
    "struck": _MARK_ANSWERS,
    "rule": {"keep": "nobody left by it; all rows are read alike"},
    "comments": {"ignore": "no comment says that somebody left"},
    "sheet": {"ignore": "nobody in it is on this list"},
    "marks": {"ignore": "none of them does; they are left out"},
    "beside": {"ignore": "it is left out, and nobody in it is taken off now"},
    "typo": {"fix": "", "skip": "", "keep": ""},
    "file": {"all": "", "rows": "", "left": ""},
}
_SHOWN = 5  # values listed in a question
_COLUMNS_SHOWN = 10


def check_answers(answers: Mapping[str, str]) -> None:
    """Raise AudienceError for an answer that its question does not offer."""
    for id, answer in answers.items():
        kind = id.partition(":")[0]
        is_number = kind == "address" or id == "sheet"
        if kind == "encoding" or (is_number and answer.isdecimal()):
            continue  # checked where the file is opened, or its columns are chosen
        known = ("1", "2") if is_number else _ANSWERS.get(kind)
        if not known:
            raise AudienceError(
                f"“{id}” is not a question of this list; its questions show their ids"
            )
        if answer not in known:
            raise AudienceError(
                f"“{answer}” does not answer “{id}”; it is one of {', '.join(known)}"
            )


def encoding_question(encoding: Encoding, name: str) -> Question:
    """Ask for the encoding of a list that is not UTF-8."""
    samples = {codec: _sample(encoding, codec) for codec in ENCODINGS}
    choices = {codec: f"{ENCODINGS[codec]}: {shown}" for codec, shown in samples.items() if shown}
    text = f"{name} is not UTF-8; in which of these are its letters right?"
    return _question("encoding", text, choices, lines=[line for line, _ in encoding.broken])


def address_question(header: Sequence[str], places: Sequence[int]) -> Question:
    """Ask which of several columns holds the addresses to mail."""
    heads = " and ".join(f"“{header[place].strip()}”" for place in places)
    choices = {str(p + 1): f"column {p + 1}, “{header[p].strip()}”" for p in places}
    return _question("address", f"{heads} hold addresses; which of them shall be mailed?", choices)


def column_question(header: str, value: str = "") -> Question:
    """Ask for the meaning of a column that may be about leaving or agreeing."""
    head, shown = header.strip(), f" (“{value[:60]}” stands there)" if value else ""
    text = f"“{head}”{shown} may say who left or who agreed; what does it say?"
    return _question(f"column:{head}", text, _COLUMN_ANSWERS)


def note_question(header: str, values: Sequence[str]) -> Question:
    """Ask about words of leaving in a column about something else."""
    shown = ", ".join(f"“{' '.join(value.split())[:60]}”" for value in sorted(values)[:_SHOWN])
    more = " and others" if len(values) > _SHOWN else ""
    head = header.strip()
    return _question(f"column:{head}", f"in “{head}” stands {shown}{more}; have these people left?")


def title_question(titles: Sequence[Title]) -> Question:
    """Ask what a row without an address says about the rows below it."""
    first = titles[0]
    what = "names the columns anew" if first.is_header else "is no person"
    choices = dict(_ANSWERS["title"])
    if first.is_header:
        del choices["rows"]
    lines = [title.line for title in titles if title.line]
    return _question(
        first.id, f"“{first.text}” {what}; have those below it left?", choices, lines=lines
    )


def mark_question(mark: Mark, lines: Sequence[int]) -> Question:
    """Ask what it means that rows are hidden or struck through."""
    text = f"some rows are {mark.words}; have these people left?"
    return _question(mark.question, text, lines=lines)


def strike_rule_question(ranges: Sequence[str]) -> Question:
    """Ask what it means that a conditional format strikes rows through; which, is not known."""
    return _question(
        "rule",
        f"a rule (conditional formatting) strikes through rows of {', '.join(ranges)}; which "
        "they are, the file does not tell: if that means that people left, write it into a column "
        "and import that",
    )


def comments_question(comments: Sequence[str]) -> Question:
    """Ask whether comments on cells, which are not read, say who left."""
    return _question(
        "comments",
        f"the sheet has comments, which are not read ({'; '.join(comments)}): if they say who "
        "left, write it into a column and import that",
    )


def unread_sheet_question(title: str) -> Question:
    """Ask about a sheet that is not read and whose name mentions people who left."""
    return _question(
        f"sheet:{title}",
        f"the sheet “{title}” is not read, and its name speaks of people who left: if they "
        "are on this list, too, remove them",
    )


def sheet_choice_question(sheets: Mapping[int, str]) -> Question:
    """Ask which of several sheets with addresses to read, by number."""
    named = ", ".join(f"“{title}”" for title in sheets.values())
    return _question(
        "sheet",
        f"{named} hold addresses; which is read now? (each of them needs an import of its own,"
        " that of people who left, too)",
        {str(number): f"“{title}”" for number, title in sheets.items()},
    )


def marks_question(columns: Sequence[tuple[int, str]]) -> Question:
    """Ask about columns of yes and no, or of marks, by their indexes and headers."""
    shown = [f"“{h[:60]}”" if h else f"column {p + 1}" for p, h in columns[:_COLUMNS_SHOWN]]
    more = f" and {len(columns) - len(shown)} more" if len(columns) > len(shown) else ""
    plural = len(columns) > 1
    holds = "hold only yes and no, or marks, and are" if plural else (
        "holds only yes and no, or marks, and is"
    )  # fmt: skip
    says = "does one of them say" if plural else "does it say"
    example = columns[0][1][:60] or "HEADER"
    return _question(
        "marks",
        f"{', '.join(shown)}{more} {holds} left out; {says} who may be mailed, or who left? "
        f'(then --answer "column:{example}=consent", or =left)',
    )


def other_addresses_question(header: str) -> Question:
    """Ask about addresses of other people next to those that are read."""
    return _question(
        f"beside:{header.strip()}",
        f"“{header.strip()}” holds addresses, as it seems of people who left; they are not "
        "those of its rows: import that column first, as a file of its own called unsubscribed.csv",
    )


def empty_column_question(header: str) -> Question:
    """Ask what it means that a column of consent is empty in every row."""
    head = header.strip()
    choices = {
        "consent": "nobody has agreed, so nobody is taken",
        "ignore": "the column was never used; it is left out",
    }
    return _question(
        f"column:{head}", f"nobody has anything in “{head}”; has nobody agreed?", choices
    )


def value_question(header: str, value: str) -> Question:
    """Ask what an unknown value of a status says."""
    shown = f"“{value[:60]}”" if value else "an empty cell"
    if is_error(value):
        shown += " (a formula without a result)"
    text = f"what does {shown} in “{header.strip()}” say of a person?"
    return _question(value_id(header, value), text)


def domain_question(domain: str, meant: str) -> Question:
    """Ask whether a domain is a typing mistake."""
    choices = {
        "fix": f"yes: they become @{meant}",
        "skip": "their rows are refused",
        "keep": f"no, @{domain} is right",
    }
    text = f"“@{domain}” looks misspelt; is “@{meant}” meant?"
    return _question(f"typo:{domain}", text, choices)


def empty_cell_question(header: str, standing: Standing) -> Question:
    """Ask what an empty cell means in a file of people who left."""
    choices = {
        "all": f"yes: everybody in this file is {standing}",
        "rows": "no: only those who have something there",
    }
    text = f"“{header.strip()}” is filled for some people only; have the others left, too?"
    return _question("file", text, choices)


def leavers_file_question(name: str) -> Question:
    """Ask whether everybody has left in a file, or a sheet, whose name mentions leaving."""
    choices = {"left": "everybody in it left", "rows": "no: only its rows say who left"}
    text = f"its name, “{name}”, speaks of people who left; has everybody in it left?"
    return _question("file", text, choices)


def _question(
    id: str,
    text: str,
    choices: Mapping[str, str] | None = None,
    *,
    lines: Sequence[int] = (),
) -> Question:
    known = _ANSWERS[id.partition(":")[0]] if choices is None else choices
    return Question(id=id, text=text, choices=known, lines=tuple(lines))


def _sample(encoding: Encoding, codec: str) -> str:
    try:
        return ", ".join(f"“{word.decode(codec)}”" for _, word in encoding.broken)
    except UnicodeDecodeError:
        return ""
