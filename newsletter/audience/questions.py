"""Questions about a list that are asked before anything from it is taken."""

from collections.abc import Mapping, Sequence

from newsletter.audience.cells import is_error
from newsletter.audience.encodings import ENCODINGS, Encoding
from newsletter.audience.entries import Mark, Question, value_id
from newsletter.audience.sections import Title
from newsletter.errors import AudienceError
from newsletter.language import Wording, say, say_all, say_list, say_many
from newsletter.model import Standing

_COLUMN_ANSWERS = {
    "left": say("whoever has anything there has left"),
    "consent": say("whoever has no “yes” there has not agreed"),
    "ignore": say("it says neither; it is left out"),
}
_MARK_ANSWERS = {
    "left": say("they left"),
    "skip": say("these rows are refused"),
    "keep": say("it means nothing; they are read as the others"),
}
# What each kind of question, by the beginning of its id, may be answered, and what that means; it
# is left open where a question tells it in its own words.
_ANSWERS: Mapping[str, Mapping[str, str]] = {
    "column": {
        "words": say("whoever has such words there has left; other words there say nothing"),
        **_COLUMN_ANSWERS,
        "ignore": say("these words do not mean that somebody left"),
    },
    "value": {
        "skip": say("their rows are refused"),
        "unsubscribed": say("they left"),
        "bounced": say("their address does not exist any more"),
        "complained": say("they marked a mail as spam"),
        "pending": say("they have not confirmed yet"),
        "active": say("nothing in it speaks against mailing them"),
    },
    "title": {
        "left": say("those below it left, down to the next such row or the end"),
        "skip": say("the rows below it are refused"),
        "rows": say("it is only a row; those below it are what their rows say"),
    },
    "hidden": _MARK_ANSWERS,
    "struck": _MARK_ANSWERS,
    "rule": {"keep": say("nobody left by it; all rows are read alike")},
    "comments": {"ignore": say("no comment says that somebody left")},
    "sheet": {"ignore": say("nobody in it is on this list")},
    "marks": {"ignore": say("none of them does; they are left out")},
    "beside": {"ignore": say("it is left out, and nobody in it is taken off now")},
    "evidence": {"none": say("it does not show that anybody agreed, and is not kept for that")},
    "dates": {
        "day": say("3/4/2026 is the third of April"),
        "month": say("3/4/2026 is the fourth of March"),
    },
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
                say("“{id}” is not a question of this list; its questions show their ids", id=id)
            )
        if answer not in known:
            raise AudienceError(
                say(
                    "“{answer}” does not answer “{id}”; it is one of {answers}",
                    answer=answer,
                    id=id,
                    answers=", ".join(known),
                )
            )


def encoding_question(encoding: Encoding, name: str) -> Question:
    """Ask for the encoding of a list that is not UTF-8."""
    samples = {codec: _sample(encoding, codec) for codec in ENCODINGS}
    choices = {c: say_list((ENCODINGS[c], shown), ": ") for c, shown in samples.items() if shown}
    text = say("{file} is not UTF-8; in which of these are its letters right?", file=name)
    return _question("encoding", text, choices, lines=[line for line, _ in encoding.broken])


def address_question(header: Sequence[str], places: Sequence[int]) -> Question:
    """Ask which of several columns holds the addresses to mail."""
    heads = say_all([_quoted(header[place].strip()) for place in places])
    choices = {
        str(p + 1): say("column {number}, “{header}”", number=p + 1, header=header[p].strip())
        for p in places
    }
    text = say("{headers} hold addresses; which of them shall be mailed?", headers=heads)
    return _question("address", text, choices)


def column_question(header: str, value: str = "") -> Question:
    """Ask for the meaning of a column that may be about leaving or agreeing."""
    head = header.strip()
    if value:
        text = say(
            "“{header}” (“{value}” stands there) may say who left or who agreed; what does it say?",
            header=head,
            value=value[:60],
        )
    else:
        text = say("“{header}” may say who left or who agreed; what does it say?", header=head)
    return _question(f"column:{head}", text, _COLUMN_ANSWERS)


def note_question(header: str, values: Sequence[str]) -> Question:
    """Ask about words of leaving in a column about something else."""
    shown = say_list(_quoted(" ".join(value.split())[:60]) for value in sorted(values)[:_SHOWN])
    head = header.strip()
    if len(values) > _SHOWN:
        shown = say("{values} and others", values=shown)
    text = say("in “{header}” stands {values}; have these people left?", header=head, values=shown)
    return _question(f"column:{head}", text)


def title_question(titles: Sequence[Title]) -> Question:
    """Ask what a row without an address says about the rows below it."""
    first = titles[0]
    choices = dict(_ANSWERS["title"])
    if first.is_header:
        del choices["rows"]
        text = say("“{title}” names the columns anew; have those below it left?", title=first.text)
    else:
        text = say("“{title}” is no person; have those below it left?", title=first.text)
    lines = [title.line for title in titles if title.line]
    return _question(first.id, text, choices, lines=lines)


def mark_question(mark: Mark, lines: Sequence[int]) -> Question:
    """Ask what it means that rows are hidden or struck through."""
    text = say("some rows are {mark}; have these people left?", mark=mark.words)
    return _question(mark.question, text, lines=lines)


def strike_rule_question(ranges: Sequence[str]) -> Question:
    """Ask what it means that a conditional format strikes rows through; which, is not known."""
    return _question(
        "rule",
        say(
            "a rule (conditional formatting) strikes through rows of {ranges}; which they are, the "
            "file does not tell: if that means that people left, write it into a column and import "
            "that",
            ranges=", ".join(ranges),
        ),
    )


def comments_question(comments: Sequence[str]) -> Question:
    """Ask whether comments on cells, which are not read, say who left."""
    return _question(
        "comments",
        say(
            "the sheet has comments, which are not read ({comments}): if they say who left, write "
            "it into a column and import that",
            comments=say_list(comments, "; "),
        ),
    )


def unread_sheet_question(title: str) -> Question:
    """Ask about a sheet that is not read and whose name mentions people who left."""
    return _question(
        f"sheet:{title}",
        say(
            "the sheet “{title}” is not read, and its name speaks of people who left: if they are "
            "on this list, too, remove them",
            title=title,
        ),
    )


def sheet_choice_question(sheets: Mapping[int, str]) -> Question:
    """Ask which of several sheets with addresses to read, by number."""
    text = say(
        "{sheets} hold addresses; which is read now? (each of them needs an import of its own, "
        "that of people who left, too)",
        sheets=say_list(map(_quoted, sheets.values())),
    )
    return _question(
        "sheet", text, {str(number): _quoted(title) for number, title in sheets.items()}
    )


def marks_question(columns: Sequence[tuple[int, str]]) -> Question:
    """Ask about columns of yes and no, or of marks, by their indexes and headers."""
    shown = say_list(
        _quoted(header[:60]) if header else say("column {number}", number=place + 1)
        for place, header in columns[:_COLUMNS_SHOWN]
    )
    if len(columns) > _COLUMNS_SHOWN:
        more = len(columns) - _COLUMNS_SHOWN
        shown = say("{columns} and {count} more", columns=shown, count=more)
    text = say_many(
        "{columns} holds only yes and no, or marks, and is left out; does it say who may be "
        'mailed, or who left? (then --answer "column:{example}=consent", or =left)',
        "{columns} hold only yes and no, or marks, and are left out; does one of them say who may "
        'be mailed, or who left? (then --answer "column:{example}=consent", or =left)',
        n=len(columns),
        columns=shown,
        example=columns[0][1][:60] or say("HEADER"),
    )
    return _question("marks", text)


def other_addresses_question(header: str) -> Question:
    """Ask about addresses of other people next to those that are read."""
    return _question(
        f"beside:{header.strip()}",
        say(
            "“{header}” holds addresses, as it seems of people who left; they are not those of its "
            "rows: import that column first, as a file of its own called unsubscribed.csv",
            header=header.strip(),
        ),
    )


def empty_column_question(header: str) -> Question:
    """Ask what it means that a column of consent is empty in every row."""
    head = header.strip()
    choices = {
        "consent": say("nobody has agreed, so nobody is taken"),
        "ignore": say("the column was never used; it is left out"),
    }
    text = say("nobody has anything in “{header}”; has nobody agreed?", header=head)
    return _question(f"column:{head}", text, choices)


def value_question(header: str, value: str) -> Question:
    """Ask what an unknown value of a status says."""
    head, shown = header.strip(), value[:60]
    if is_error(value):
        text = say(
            "what does “{value}” (a formula without a result) in “{header}” say of a person?",
            value=shown,
            header=head,
        )
    elif value:
        text = say("what does “{value}” in “{header}” say of a person?", value=shown, header=head)
    else:
        text = say("what does an empty cell in “{header}” say of a person?", header=head)
    return _question(value_id(header, value), text)


def domain_question(domain: str, meant: str) -> Question:
    """Ask whether a domain is a typing mistake."""
    choices = {
        "fix": say("yes: they become @{domain}", domain=meant),
        "skip": say("their rows are refused"),
        "keep": say("no, @{domain} is right", domain=domain),
    }
    text = say("“@{domain}” looks misspelt; is “@{meant}” meant?", domain=domain, meant=meant)
    return _question(f"typo:{domain}", text, choices)


def empty_cell_question(header: str, standing: Standing) -> Question:
    """Ask what an empty cell means in a file of people who left."""
    choices = {
        "all": say("yes: everybody in this file is {standing}", standing=standing.words),
        "rows": say("no: only those who have something there"),
    }
    text = say(
        "“{header}” is filled for some people only; have the others left, too?",
        header=header.strip(),
    )
    return _question("file", text, choices)


def days_question(header: str, days: Mapping[str, int]) -> Question:
    """Ask what comes first in days such as 3/4/2026, given with their lines."""
    value = next(iter(days))
    text = say(
        "“{value}” in “{header}” may be two days; does the day come first, or the month?",
        value=value,
        header=header.strip(),
    )
    return _question("dates", text, lines=[*days.values()])


def leavers_file_question(name: str) -> Question:
    """Ask whether everybody has left in a file, or a sheet, whose name mentions leaving."""
    choices = {
        "left": say("everybody in it left"),
        "rows": say("no: only its rows say who left"),
    }
    text = say(
        "its name, “{name}”, speaks of people who left; has everybody in it left?", name=name
    )
    return _question("file", text, choices)


def _question(
    id: str,
    text: Wording,
    choices: Mapping[str, str] | None = None,
    *,
    lines: Sequence[int] = (),
) -> Question:
    known = _ANSWERS[id.partition(":")[0]] if choices is None else choices
    return Question(id=id, text=text, choices=known, lines=tuple(lines))


def _quoted(text: str) -> Wording:
    return say("“{text}”", text=text)


def _sample(encoding: Encoding, codec: str) -> str:
    try:
        return say_list(_quoted(word.decode(codec)) for _, word in encoding.broken)
    except UnicodeDecodeError:
        return ""
