"""Settles when questions are shown: by ids, whatever words the file has, and by earlier answers.

A form without scripts learns of an answer when its page is sent, so a question can be hidden by
what was answered on an earlier page; one on the same page is shown to everybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from newsletter.content.survey_joining import Joined
from newsletter.content.survey_questions import WrittenCondition
from newsletter.language import Wording, closest, say
from newsletter.model import Finding, Question, QuestionKind, SurveyPage, rules
from newsletter.segments import (
    Asked,
    Either,
    Equal,
    Every,
    Not,
    Segment,
    SegmentError,
    Tree,
    parse_segment,
)


class _Misplaced(Exception):  # noqa: N818 - it never leaves this module
    """A condition cannot be used; says why, and the cure."""

    def __init__(self, message: Wording, hint: Wording | str) -> None:
        super().__init__(message)
        self.said = message, hint


def settle_conditions(joined: Joined) -> tuple[SurveyPage, ...]:
    """Return the pages with conditions by ids; what cannot be settled is among the findings."""
    places: dict[str, tuple[Question, int]] = {}
    pages = []
    for number, page in enumerate(joined.pages):
        questions = []
        for question in page.questions:
            written = joined.conditions.get(question.id, {})
            settled = _settle(question.id, written, places, joined)
            questions.append(replace(question, show_if=str(settled) if settled else ""))
            _note_same_page(question, settled, number, places, joined)
            places[question.id] = question, number
        pages.append(replace(page, questions=tuple(questions)))
    return tuple(pages)


def _settle(
    id: str,
    written: Mapping[str, Sequence[WrittenCondition]],
    places: Mapping[str, tuple[Question, int]],
    joined: Joined,
) -> Segment | None:
    own, found = next(iter(written), ""), {}
    for language, conditions in written.items():
        trees = []
        for one in conditions:
            try:
                trees.append(_by_ids(_parsed(one), id, places))
            except _Misplaced as err:
                finding = rules.SURVEY_CONDITION.error(*err.said, line=one.line)
                joined.findings.append((language, finding))
                return None
        if trees:
            tree = trees[0] if len(trees) == 1 else Every(tuple(trees))
            found[language] = Segment(tree.written(), tree)
    settled = found.get(own)
    for language, conditions in written.items():
        if language != own and found.get(language) != settled:
            line = conditions[-1].line if conditions else 1
            hint = say("write the same condition in each language; ids and words may stand in it")
            message = say("“{id}” is shown by another condition here", id=id)
            finding = rules.SURVEY_LANGUAGES.error(message, hint, line=line)
            joined.findings.append((language, finding))
    return settled


def _parsed(condition: WrittenCondition) -> Tree:
    try:
        return parse_segment(condition.text).tree
    except SegmentError as err:
        column = condition.column + err.column - 1
        expected = ", ".join(err.expected)
        hint = say("expected: {expected}", expected=expected) if expected else ""
        raise _Misplaced(
            say("the condition, column {column}: {fault}", column=column, fault=err.what), hint
        ) from err


def _by_ids(tree: Tree, id: str, places: Mapping[str, tuple[Question, int]]) -> Tree:
    """Return the same rule with ids of answers in place of their words."""
    if isinstance(tree, Not):
        return Not(_by_ids(tree.denied, id, places))
    if isinstance(tree, Every):
        return Every(tuple(_by_ids(part, id, places) for part in tree.parts))
    if isinstance(tree, Either):
        return Either(tuple(_by_ids(part, id, places) for part in tree.parts))
    return _asked(tree, id, places)


def _asked(asked: Asked, id: str, places: Mapping[str, tuple[Question, int]]) -> Equal:
    name = asked.name
    if name == id:
        hint = say("name a question of an earlier page")
        raise _Misplaced(say("“{id}” depends on itself", id=id), hint)
    if name not in places:
        near = closest(name, places)
        hint = (
            say("did you mean “{name}”?", name=near)
            if near
            else say("name the id of a question of an earlier page, such as {#network}")
        )
        raise _Misplaced(say("no question before it has the id “{name}”", name=name), hint)
    question, _ = places[name]
    if not isinstance(asked, Equal):
        hint = say("compare by = or in (...), or write “is not empty”")
        raise _Misplaced(say("“{name}” is no day", name=name), hint)
    if question.kind is QuestionKind.MATRIX:
        hint = say("ask what it depends on as a question of its own")
        raise _Misplaced(say("“{name}” is a table, which has no single answer", name=name), hint)
    return Equal(name, tuple(dict.fromkeys(_value(one, question) for one in asked.values)))


def _value(value: str, question: Question) -> str:
    """Return the id of the answer that a value means; the value itself for a number."""
    if not value:  # it is not answered
        return value
    if question.options:
        known = {one.id.casefold(): one.id for one in question.options}
        for one in question.options:
            known |= {words.casefold(): one.id for words in one.words.values()}
        if value.casefold() in known:
            return known[value.casefold()]
        answers = ", ".join(one.id for one in question.options)
        near = closest(value, known)
        hint = (
            say("did you mean “{name}”?", name=near)
            if near
            else say("take one of these: {ids}", ids=answers)
        )
        raise _Misplaced(say("“{id}” has no answer “{value}”", id=question.id, value=value), hint)
    if question.kind is QuestionKind.TEXT:
        hint = say("write “{name} is not empty”", name=question.id)
        raise _Misplaced(say("“{id}” is answered in words of one’s own", id=question.id), hint)
    return _number(value, question)


def _number(value: str, question: Question) -> str:
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        message = say("“{id}” is answered by a number, not “{value}”", id=question.id, value=value)
        raise _Misplaced(message, say("write a whole number"))
    number = int(value)
    low, high = question.low, question.high
    if (low is not None and number < low) or (high is not None and number > high):
        message = say("“{id}” is never {value}", id=question.id, value=value)
        hint = say("write a number from {low} to {high}", low=low or 0, high=high or 0)
        raise _Misplaced(message, hint)
    return str(number)


def _note_same_page(
    question: Question,
    settled: Segment | None,
    number: int,
    places: Mapping[str, tuple[Question, int]],
    joined: Joined,
) -> None:
    same = [name for name in settled.names if places[name][1] == number] if settled else []
    if same:
        hint = say("put “{name}” on an earlier page to hide this one from others", name=same[0])
        message = say(
            "“{id}” is shown to everybody, as it stands on the same page as “{name}”",
            id=question.id,
            name=same[0],
        )
        finding: Finding = rules.SURVEY_CONDITION.note(message, hint, line=question.line)
        joined.findings.append((next(iter(joined.unnamed)), finding))
