"""What may still change once a survey is open: words, the day, and answers that are added.

Answers are kept by ids. Whatever would give an answer that somebody gave another meaning makes a
new survey, under another id, which is compared by hand.
"""

from collections.abc import Iterator
from dataclasses import replace

from newsletter.language import Wording, say
from newsletter.model import Option, Question, Survey


def find_changes(old: Survey, new: Survey) -> tuple[list[Wording], list[Wording]]:
    """Return what changed and may, and what changed and may not, as people read it."""
    refused = list(_refused(old, new))
    allowed = [] if refused else list(_allowed(old, new))
    return allowed, refused


def _refused(old: Survey, new: Survey) -> Iterator[Wording]:
    if old.kind is not new.kind:
        yield say("its kind was {old}, and stays so", old=old.kind.value)
    if old.is_open_to_all != new.is_open_to_all:
        yield say("who may answer it stays as it was")
    if [page.id for page in old.pages] != [page.id for page in new.pages]:
        yield say("it has other pages")
    before = [(page.id, q.id) for page in old.pages for q in page.questions]
    after = [(page.id, q.id) for page in new.pages for q in page.questions]
    if before != after:
        yield say("it has other questions, or has them in another order")
        return
    for one, other in zip(old.questions, new.questions, strict=True):
        yield from _refused_of(one, other)


def _refused_of(old: Question, new: Question) -> Iterator[Wording]:
    if old.kind is not new.kind:
        yield say("“{id}” is answered in another way", id=old.id)
    if (old.low, old.high) != (new.low, new.high):
        yield say("“{id}” has other numbers", id=old.id)
    if [one.id for one in old.rows] != [one.id for one in new.rows]:
        yield say("“{id}” has other rows", id=old.id)
    kept = [one for one in new.options if one.id in {option.id for option in old.options}]
    if [_meaning(one) for one in kept] != [_meaning(one) for one in old.options]:
        yield say("“{id}” lacks answers that it had, or has them in another order", id=old.id)
    if old.show_if != new.show_if:
        yield say("“{id}” is shown to others", id=old.id)
    if old.is_required != new.is_required:
        yield say("“{id}” must be answered, or no longer must be", id=old.id)
    if old.most != new.most:
        yield say("“{id}” lets another number of answers be chosen", id=old.id)


def _meaning(option: Option) -> tuple[str, bool]:
    return option.id, option.is_other


def _allowed(old: Survey, new: Survey) -> Iterator[Wording]:
    if old.closes != new.closes:
        yield say("it closes at another time")
    if old.segment != new.segment:
        yield say("others are invited")
    for one, other in zip(old.questions, new.questions, strict=True):
        added = [o.id for o in other.options if o.id not in {p.id for p in one.options}]
        if added:
            yield say("“{id}” has new answers: {ids}", id=one.id, ids=", ".join(added))
        if replace(other, options=(), line=1) != replace(one, options=(), line=1) or any(
            option != next((o for o in other.options if o.id == option.id), None)
            for option in one.options
        ):
            yield say("“{id}” has other words", id=one.id)
    if _frame(old) != _frame(new):
        yield say("titles or explanations have other words")


def _frame(survey: Survey) -> object:
    pages = [(page.titles, page.leads) for page in survey.pages]
    return survey.titles, survey.leads, survey.thanks, survey.compare, pages
