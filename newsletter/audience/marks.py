"""Columns that hold only yes and no, or marks, whose meaning is unknown."""

from collections.abc import Iterable, Sequence

from newsletter.audience import questions
from newsletter.audience.entries import ImportOptions, Question
from newsletter.audience.headers import fold, is_about_work, role_of
from newsletter.audience.survey import ColumnContent, Survey
from newsletter.audience.vocabulary import HARMLESS, HARMLESS_MARKS
from newsletter.audience.yes_and_no import begins_as_answer, is_empty_sign, is_mark, sentence_says

_MEANINGFUL_ANSWERS = ("left", "consent", "words")


def asked_about_marks(
    header: Sequence[str], survey: Survey, wishes: ImportOptions, places: Iterable[int]
) -> list[Question]:
    """Ask one question about all columns of marks that were left out, whose indexes are `places`.

    Once the editor has said that one of them tells who left or agreed, the others are about
    something else.
    """
    answers = wishes.answers
    holding = {place for place, find in enumerate(survey.finds) if _holds_marks(find)}
    told = any(answers.get(f"column:{header[p].strip()}") in _MEANINGFUL_ANSWERS for p in holding)
    unknown = [
        place
        for place in places
        if place in holding
        and not _is_known(header[place])
        and f"column:{header[place].strip()}" not in answers
    ]
    if not unknown or told or answers.get("marks") == "ignore":
        return []
    return [questions.marks_question([(place, header[place].strip()) for place in unknown])]


def _holds_marks(find: ColumnContent) -> bool:
    """Return whether a column holds only yes, no, and short answers that begin with either."""
    if not find.values:
        return False
    values = [text for value in find.values if (text := value.strip())]
    plain = {text for text in values if is_mark(text) or sentence_says(text) is False}
    says_any = any(not is_empty_sign(text) for text in plain)
    return says_any and all(text in plain or begins_as_answer(text) for text in values)


def _is_known(header: str) -> bool:
    folded = fold(header)
    is_harmless = HARMLESS.fullmatch(folded) or HARMLESS_MARKS.fullmatch(folded)
    return bool(is_harmless) or is_about_work(header) or role_of(header) is not None
