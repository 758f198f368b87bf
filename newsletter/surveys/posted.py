"""What a form posts -> answers, and what is wrong with each of its fields; and back.

Names of fields: `q.ID` has the id of what was chosen (several of a question of boxes), the number
or the words; `q.ID.other` the words that go with “other”; `q.ID.ROW` the id chosen in a row.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from newsletter.language import Wording, say
from newsletter.model import Answer, Answers, Question, QuestionKind

MOST_TEXT = 4_000  # characters of an answer in words of one's own
MOST_OTHER = 300  # of those that go with “other”
_LARGEST = 999_999_999
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}")
# What no database can store, or nobody can see.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

Fields = Mapping[str, Sequence[str]]  # all values of each name, in order


@dataclass(slots=True, kw_only=True)
class Posted:
    """What a form says."""

    answers: dict[str, Answer] = field(default_factory=dict)  # those that can be taken
    faults: dict[str, Wording] = field(default_factory=dict)  # by the name of a field


def field_of(question: Question, part: str = "") -> str:
    """Return the name of a question's field, or of a part of it: a row's id, or “other”."""
    return f"q.{question.id}.{part}" if part else f"q.{question.id}"


def read_posted(questions: Iterable[Question], fields: Fields) -> Posted:
    """Return the answers that a form posts to these questions; whatever else it posts is nothing.

    That a question must be answered is another matter: see `branching.find_missing`.
    """
    posted = Posted()
    for question in questions:
        answer = _READERS[question.kind](question, fields, posted.faults)
        if answer != Answer():
            posted.answers[question.id] = answer
    return posted


def write_fields(questions: Iterable[Question], answers: Answers) -> dict[str, list[str]]:
    """Return the fields of a form in which these answers are given."""
    fields: dict[str, list[str]] = {}
    for question in questions:
        answer = answers.get(question.id)
        if answer is None:
            continue
        name = field_of(question)
        if answer.chosen:
            fields[name] = list(answer.chosen)
        if answer.other:
            fields[field_of(question, "other")] = [answer.other]
        if answer.number is not None:
            fields[name] = [str(answer.number)]
        if answer.text:
            fields[name] = [answer.text]
        for row, chosen in answer.rows.items():
            fields[field_of(question, row)] = [chosen]
    return fields


def _read_chosen(question: Question, fields: Fields, faults: dict[str, Wording]) -> Answer:
    name, other_name = field_of(question), field_of(question, "other")
    wanted = set(fields.get(name, ()))
    chosen = [one for one in question.options if one.id in wanted]
    words = _line(fields, other_name)
    other = next((one for one in question.options if one.is_other), None)
    if len(words) > MOST_OTHER:
        faults[other_name] = say("write at most {most} characters", most=MOST_OTHER)
    is_one = question.kind is QuestionKind.ONE
    if other and words and other not in chosen:
        if chosen and is_one:
            faults[other_name] = say("choose this answer, too, or leave its line empty")
        else:  # who writes there has chosen it
            chosen = [one for one in question.options if one in chosen or one is other]
    if is_one and len(chosen) > 1:
        faults[name] = say("choose one answer")
    if question.most and len(chosen) > question.most:
        faults[name] = say("choose at most {most}", most=question.most)
    if {name, other_name} & faults.keys():
        return Answer()
    is_said = other is not None and other in chosen
    return Answer(chosen=tuple(one.id for one in chosen), other=words if is_said else "")


def _read_number(question: Question, fields: Fields, faults: dict[str, Wording]) -> Answer:
    name = field_of(question)
    text = re.sub(r"[\s\u00a0\u202f]", "", _line(fields, name)).replace("\u2212", "-")
    if not text:
        return Answer()
    if not _NUMBER.fullmatch(text) or abs(int(text)) > _LARGEST:
        faults[name] = say("write a whole number")
        return Answer()
    number, low, high = int(text), question.low, question.high
    if low is not None and high is not None and not low <= number <= high:
        faults[name] = say("write a number from {low} to {high}", low=low, high=high)
        return Answer()
    return Answer(number=number)


def _read_rows(question: Question, fields: Fields, faults: dict[str, Wording]) -> Answer:
    known = {one.id for one in question.options}
    rows = {}
    for row in question.rows:
        name = field_of(question, row.id)
        chosen = [one for one in dict.fromkeys(fields.get(name, ())) if one in known]
        if len(chosen) > 1:
            faults[name] = say("choose one answer")
        elif chosen:
            rows[row.id] = chosen[0]
    return Answer(rows=rows)


def _read_text(question: Question, fields: Fields, faults: dict[str, Wording]) -> Answer:
    name = field_of(question)
    text = clean("\n".join(fields.get(name, ())[:1])) if question.is_long else _line(fields, name)
    if len(text) > MOST_TEXT:
        faults[name] = say("write at most {most} characters", most=MOST_TEXT)
        return Answer()
    return Answer(text=text)


def _line(fields: Fields, name: str) -> str:
    return " ".join(clean("".join(fields.get(name, ())[:1])).split())


def clean(text: str) -> str:
    """Return a text that can be stored and shown, with lines that end alike."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


_READERS = {
    QuestionKind.ONE: _read_chosen,
    QuestionKind.MANY: _read_chosen,
    QuestionKind.SCALE: _read_number,
    QuestionKind.NUMBER: _read_number,
    QuestionKind.MATRIX: _read_rows,
    QuestionKind.TEXT: _read_text,
}
