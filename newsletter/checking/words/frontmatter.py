"""Checks date and number of an issue against other issues, and that nothing is left to write."""

import datetime as dt
import re
from collections.abc import Iterator

from newsletter.checking.instruments import Draft, checks, inbox_words, line_in, passages_of
from newsletter.language import MARKS, say
from newsletter.model import FRONT_TEXTS, Finding, Head, Rule, Skipped

_PAST, _AHEAD, _AHEAD_AS_NAMED = 7, 90, 200  # days
_ARCHIVE = 400  # days; a typing mistake is off by a year at most, anything older is an old issue
# Abbreviations are explained on lines of their own, “*[THL]: …”, which no block shows.
_EXPLANATION = re.compile(r" {0,3}\*\[[^\]]+\]:")
_CURES = {
    **{marks.translate: say("translate it, then remove the mark") for marks in MARKS.values()},
    **{marks.renew: say("renew it, then remove the mark") for marks in MARKS.values()},
}
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])(?!\d)")  # as files are named
# “nro 6/2021”, “Nummer 6”, “Uutiskirje 6/2021”; a year may follow any of them.
_NUMBER = re.compile(
    r"\b(?:(?:nro|nr|no|numero|nummer|issue)\b\.? ?(?P<number>\d{1,3})(?: ?/ ?(?P<year>20\d\d))?"
    r"|\w*(?:kirje|brev|letter) (?P<number2>\d{1,3}) ?/ ?(?P<year2>20\d\d))(?![\d.:]*\d)",
    re.I,
)


FM_DATE = Rule(id="fm-date", summary="The issue's date is about the day it goes out")
FM_ALREADY_SENT = Rule(id="fm-already-sent", summary="The issue did not go out before")


@checks(FM_DATE, FM_ALREADY_SENT)
def check_date(draft: Draft) -> Iterator[Finding]:
    """The date fits the month, is no other issue's, and the issue was not sent yet."""
    yield from (fault.at(draft.line_of("date")) for fault in _faults_of_date(draft))
    if draft.is_sent:
        yield FM_ALREADY_SENT.note(
            "this issue went out already, or is on its way",
            "what you change now reaches nobody; a new issue needs a new id",
        )


FM_ISSUE_NUMBER = Rule(
    id="fm-issue-number", summary="The number follows that of the last issue, wherever it stands"
)


@checks(FM_ISSUE_NUMBER)
def check_number(draft: Draft) -> Iterator[Finding | Skipped]:
    """The number is the next one, and the same in the text."""
    number, line = draft.issue.number, draft.line_of("number")
    before = [head for head in draft.earlier if head.number is not None]
    if number is not None and before:
        if fault := _fault_of_number(number, draft.issue.date, before):
            yield FM_ISSUE_NUMBER.warning(
                fault, "correct “number”, or leave it if it is meant", line=line
            )
    elif number is not None:
        yield FM_ISSUE_NUMBER.skipped(say("no earlier issue"))
    for passage in passages_of(draft):
        if passage.role not in (*FRONT_TEXTS, "heading"):
            continue
        for match in _NUMBER.finditer(passage.text):
            told, year = match["number"] or match["number2"], match["year"] or match["year2"]
            is_other = number is not None and int(told) != number
            if is_other or (year and int(year) != draft.issue.date.year):
                yield FM_ISSUE_NUMBER.warning(
                    "“{told}” stands here, but this is an issue of {year}"
                    if number is None
                    else "“{told}” stands here, but this is number {number} of {year}",
                    "correct one of the two",
                    line=line_in(draft, passage, match[0], start=match.start()),
                    told=match[0],
                    number=number or 0,
                    year=draft.issue.date.year,
                )


FM_DRAFT = Rule(id="fm-draft", summary="Nothing in the issue is still to be written")


@checks(FM_DRAFT)
def check_leftovers(draft: Draft) -> Iterator[Finding]:
    """No reminder to the author and no placeholder of the house pattern is mailed."""
    for passage in passages_of(draft):
        for match in inbox_words.UNWRITTEN.finditer(passage.text):
            yield _leftover(match[0], line_in(draft, passage, match[0], start=match.start()))
    for line, text in enumerate(draft.source.split("\n"), 1):
        if _EXPLANATION.match(text):
            for match in inbox_words.UNWRITTEN.finditer(text):
                yield _leftover(match[0], line)


def _leftover(words: str, line: int) -> Finding:
    shown = words + ("…)" if words.startswith("(") and ")" not in words else "")
    return FM_DRAFT.error(
        "“{shown}” is where something is still to be written",
        _CURES.get(words.lower(), say("write it, or take the place out")),
        line=line,
        shown=shown,
    )


def _faults_of_date(draft: Draft) -> Iterator[Finding]:
    date = draft.issue.date
    if _is_other_month(draft.issue.id, date):
        yield FM_DATE.warning(
            "the file is named for {month}, but its date is {date:%Y-%m-%d}",
            "the date shows in the mail; correct it",
            month=draft.issue.id[:7],
            date=date,
        )
        return
    ahead = (date - draft.today).days if draft.today != dt.date.max else 0
    # A file named for that very month confirms the year.
    if ahead > (_AHEAD_AS_NAMED if draft.issue.id.startswith(f"{date:%Y-%m}") else _AHEAD):
        yield FM_DATE.warning(
            "the issue's date, {date:%Y-%m-%d}, is {days} days ahead",
            "is the year right?",
            date=date,
            days=ahead,
        )
    elif draft.audience and not draft.is_sent and _PAST < -ahead <= _ARCHIVE:
        yield FM_DATE.warning(
            "the issue's date, {date:%Y-%m-%d}, was {days} days ago, and it has not gone out yet",
            "the date shows in the mail; set it to the day you send",
            date=date,
            days=-ahead,
        )
    for head in draft.earlier:
        if head.date == date:
            yield FM_DATE.warning(
                "{file} has the same date",
                "the date shows in the mail; correct one",
                file=head.path,
            )


def _is_other_month(issue_id: str, date: dt.date) -> bool:
    """Return whether a date is more than a month away from the month in the id."""
    match = _MONTH.match(issue_id)
    months = (int(match[1]) - date.year) * 12 + int(match[2]) - date.month if match else 0
    return abs(months) > 1


def _fault_of_number(number: int, date: dt.date, before: list[Head]) -> str:
    """Compare with earlier issues; numbers may start again each year."""
    last = before[0]
    this_year = [head for head in before if head.date and head.date.year == date.year]
    same = next((head for head in (last, *this_year) if head.number == number), None)
    if same:
        return say("number {number} is also that of {file}", number=number, file=same.path)
    is_first_of_year = number == 1 and last not in this_year
    expected = (last.number or 0) + 1
    if number != expected and not is_first_of_year:
        return say(
            "this is number {number}, but {file} was number {last}",
            number=number,
            file=last.path,
            last=last.number or 0,
        )
    return ""
