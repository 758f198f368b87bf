"""Joins the files of a survey's languages: the same ids and the same shape in all of them.

What the newsletter's own language says is the survey; other languages only say it, too. Where a
file names no ids, its things stand for those of the other file in the same order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from newsletter.content.survey_drawn import Written
from newsletter.content.survey_ids import free_id, id_of
from newsletter.content.survey_questions import (
    WrittenCondition,
    WrittenPage,
    WrittenQuestion,
    WrittenSurvey,
)
from newsletter.language import Wording, say
from newsletter.model import (
    Finding,
    Option,
    Question,
    QuestionKind,
    SurveyPage,
    rules,
)

# Language -> where a thing stands in its file, or its words there.
_Found = Mapping[str, Written]


@dataclass(slots=True)
class Joined:
    """What the bodies of all languages say together."""

    pages: list[SurveyPage] = field(default_factory=list)
    findings: list[tuple[str, Finding]] = field(default_factory=list)  # with the language
    # Id of a question -> language -> when it is shown, as written there.
    conditions: dict[str, dict[str, list[WrittenCondition]]] = field(default_factory=dict)
    # Language -> line, cell and id of all that has none in its file.
    unnamed: dict[str, list[tuple[int, int | None, str]]] = field(default_factory=dict)


def join_languages(bodies: Mapping[str, WrittenSurvey]) -> Joined:
    """Return the pages of a survey; the first language is the newsletter's own."""
    return _Joiner(bodies).join()


class _Joiner:
    """Joins what belongs together, and notes what does not."""

    def __init__(self, bodies: Mapping[str, WrittenSurvey]) -> None:
        self._bodies = bodies
        self._own = next(iter(bodies))
        self._joined = Joined(unnamed={language: [] for language in bodies})

    def join(self) -> Joined:
        headings = {
            language: [page.heading for page in body.pages]
            for language, body in self._bodies.items()
        }
        of_pages = self._matched(headings, say("page"), is_chosen=False)
        questions = {
            language: [question.heading for question in body.questions]
            for language, body in self._bodies.items()
        }
        matched = dict(self._matched(questions, say("question"), is_chosen=False))
        written = {
            language: {question.heading.line: question for question in body.questions}
            for language, body in self._bodies.items()
        }
        together = {
            id: {language: written[language][heading.line] for language, heading in found.items()}
            for id, found in matched.items()
        }
        for id, found in of_pages:
            self._joined.pages.append(self._page(id, found, together))
        return self._joined

    def _page(
        self,
        id: str,
        found: _Found,
        together: Mapping[str, Mapping[str, WrittenQuestion]],
    ) -> SurveyPage:
        pages = {
            language: next(p for p in self._bodies[language].pages if p.heading is heading)
            for language, heading in found.items()
        }
        self._verify_questions(pages, together)
        own = pages[self._own]
        ids = {found[self._own].heading.line: id for id, found in together.items()}
        titles = {lang: page.heading.words for lang, page in pages.items() if page.heading.words}
        leads = {lang: "\n\n".join(page.leads) for lang, page in pages.items() if page.leads}
        return SurveyPage(
            id=id,
            titles=titles,
            leads=leads,
            questions=tuple(
                self._question(ids[one.heading.line], together[ids[one.heading.line]], pages)
                for one in own.questions
                if one.heading.line in ids and one.fields
            ),
        )

    def _verify_questions(
        self,
        pages: Mapping[str, WrittenPage],
        together: Mapping[str, Mapping[str, WrittenQuestion]],
    ) -> None:
        """Note questions that stand on another page, or in another order, in another language."""
        places = {
            language: {question.heading.line: n for n, question in enumerate(page.questions)}
            for language, page in pages.items()
        }
        for id, found in together.items():
            own = found[self._own].heading.line
            if own not in places[self._own]:
                continue
            for language, question in found.items():
                place = places.get(language, {}).get(question.heading.line)
                if language in places and place != places[self._own][own]:
                    hint = say("put it on the same page and in the same order in each language")
                    message = say("the question “{id}” stands elsewhere", id=id)
                    self._report(language, question.heading.line, message, hint)

    def _question(
        self, id: str, found: Mapping[str, WrittenQuestion], pages: Mapping[str, WrittenPage]
    ) -> Question:
        own = found[self._own]
        fields = {lang: one.field for lang, one in found.items() if one.kind is own.kind}
        self._verify_shape(id, found)
        options = self._options({lang: one.options for lang, one in fields.items()}, say("answer"))
        rows = self._options({lang: one.rows for lang, one in fields.items()}, say("row"))
        first = fields[self._own]
        self._joined.conditions[id] = {
            lang: [part.show_if for part in (pages.get(lang), one) if part and part.show_if]
            for lang, one in found.items()
        }
        return Question(
            id=id,
            kind=first.kind,
            words={lang: one.heading.words for lang, one in found.items() if one.heading.words},
            helps={lang: "\n\n".join(one.helps) for lang, one in found.items() if one.helps},
            is_required=own.is_required,
            options=options,
            rows=rows,
            low=first.low,
            high=first.high,
            ends={lang: one.ends for lang, one in fields.items() if any(one.ends)},
            most=own.most,
            is_long=first.is_long,
            line=own.heading.line,
        )

    def _verify_shape(self, id: str, found: Mapping[str, WrittenQuestion]) -> None:
        own = found[self._own]
        for language, one in found.items():
            if one is own:
                continue
            line = one.heading.line
            hint = say("make it like line {line} of the other file", line=own.heading.line)
            if one.kind is not own.kind:
                if one.kind:  # one without a field is told of as it is read
                    message = say("“{id}” is answered in another way here", id=id)
                    self._report(language, line, message, hint)
                continue
            if one.is_required != own.is_required:
                message = say("“{id}” must be answered in one language alone", id=id)
                self._report(language, line, message, say("write the sign * behind both, or none"))
            mine, theirs = one.field, own.field
            if (mine.low, mine.high) != (theirs.low, theirs.high):
                message = say("“{id}” has other numbers here", id=id)
                self._report(language, line, message, hint)
            if own.kind is QuestionKind.MANY and one.most != own.most:
                message = say("“{id}” lets another number be chosen here", id=id)
                self._report(language, line, message, hint)
            if any(theirs.ends) and not all(
                bool(a) == bool(b) for a, b in zip(mine.ends, theirs.ends, strict=True)
            ):
                message = say("the ends of “{id}” have words in one language alone", id=id)
                self._report(language, line, message, hint)

    def _options(
        self, written: Mapping[str, Sequence[Written]], noun: Wording
    ) -> tuple[Option, ...]:
        joined = self._matched(written, noun, is_chosen=True)
        for id, found in joined:
            for language, one in found.items():
                if one.is_other != found[self._own].is_other:
                    hint = say("write ____ behind it in each language, or in none")
                    message = say("“{id}” has a line to write on in one language alone", id=id)
                    self._report(language, one.line, message, hint)
        return tuple(
            Option(
                id=id,
                words={language: one.words for language, one in found.items()},
                is_other=found[self._own].is_other,
                is_neutral=any(one.is_neutral for one in found.values()),
            )
            for id, found in joined
        )

    def _matched(
        self, written: Mapping[str, Sequence[Written]], noun: Wording, *, is_chosen: bool
    ) -> list[tuple[str, _Found]]:
        """Return things of all languages by id, in the order of the newsletter's own."""
        own = written[self._own]
        ids = self._ids(self._own, own, noun, is_chosen=is_chosen)
        found: dict[str, dict[str, Written]] = {
            id: {self._own: one} for id, one in zip(ids, own, strict=True)
        }
        for language, others in written.items():
            if language == self._own:
                continue
            if len(others) != len(own):
                hint = say("the languages of a survey ask the same; mend the one that differs")
                line = (others or own)[-1].line if others or own else 1
                message = say(
                    "“{noun}”: {n} here, {m} in the newsletter’s own language",
                    n=len(others),
                    m=len(own),
                    noun=noun,
                )
                self._report(language, line, message, hint)
            is_named = any(one.id for one in others)
            theirs = self._ids(language, others, noun, is_chosen=is_chosen) if is_named else ids
            for id, one in zip(theirs, others, strict=False):
                if id in found:
                    found[id].setdefault(language, one)
                    if not one.id:
                        self._joined.unnamed[language].append((one.line, one.cell, id))
                elif not one.id:
                    hint = say(
                        "write {sign} behind it, with one of these: {ids}",
                        sign="{#...}",
                        ids=", ".join(found),
                    )
                    message = say("“{words}” has no id here, while others have", words=one.words)
                    self._report(language, one.line, message, hint)
                else:
                    hint = say("take one of these: {ids}", ids=", ".join(found))
                    message = say("the id “{id}” is not in the other language", id=one.id)
                    self._report(language, one.line, message, hint)
        return list(found.items())

    def _ids(
        self, language: str, things: Sequence[Written], noun: Wording, *, is_chosen: bool
    ) -> list[str]:
        """Return an id for each thing: the one it has, or one that its words make."""
        taken: dict[str, Written] = {}
        for one in things:
            if one.id and one.id in taken:
                hint = say("give one of them another id")
                message = say("the id “{id}” is given twice", id=one.id)
                self._report(language, one.line, message, hint)
            if one.id:
                taken.setdefault(one.id, one)
        self._verify_words(language, things, is_chosen=is_chosen)
        ids: list[str] = []
        for number, one in enumerate(things, 1):
            id = one.id
            if not id or taken.get(id) is not one:
                id = free_id(id_of(one.words, f"{id_of(str(noun), 'x')}-{number}"), taken)
                taken[id] = one
                if language == self._own and not one.id and one.words:
                    self._joined.unnamed[language].append((one.line, one.cell, id))
            ids.append(id)
        return ids

    def _verify_words(self, language: str, things: Sequence[Written], *, is_chosen: bool) -> None:
        """Note two answers of the same words."""
        known: set[str] = set()
        for one in things if is_chosen else ():
            if one.words.casefold() in known:
                hint = say("say how they differ, or leave one out")
                message = say("“{words}” stands there twice", words=one.words)
                self._report(language, one.line, message, hint)
            known.add(one.words.casefold())

    def _report(self, language: str, line: int, message: Wording, hint: Wording) -> None:
        finding = rules.SURVEY_LANGUAGES.error(message, hint, line=line)
        self._joined.findings.append((language, finding))
