"""Surveys of invented people, with answers by chance."""

import random
from collections.abc import Sequence

from newsletter.model import (
    Answer,
    Answers,
    Option,
    Question,
    QuestionKind,
    Survey,
    SurveyKind,
    SurveyPage,
)

ONE, MANY, SCALE = QuestionKind.ONE, QuestionKind.MANY, QuestionKind.SCALE
MATRIX, NUMBER, TEXT = QuestionKind.MATRIX, QuestionKind.NUMBER, QuestionKind.TEXT


def question(id: str, kind: QuestionKind, options: str = "", **more: object) -> Question:
    """Return a question with options named in one text."""
    made = tuple(Option(id=name, words={"fi": name.title()}) for name in options.split())
    values: dict[str, object] = {"options": made, **more}
    return Question(id=id, kind=kind, words={"fi": f"Kysymys {id}"}, **values)  # type: ignore[arg-type]


def survey(*questions: Question, id: str = "kysely") -> Survey:
    """Return a survey with all of its questions on one page."""
    page = SurveyPage(id="sivu", titles={"fi": "Sivu"}, leads={}, questions=questions)
    return Survey(id=id, kind=SurveyKind.ANONYMOUS, titles={"fi": "Kysely"}, pages=(page,))


def any_survey(chance: random.Random) -> Survey:
    """Return a survey with a question of each kind."""
    rows = tuple(Option(id=id, words={"fi": id}) for id in ("rakenne", "sisalto"))
    return survey(
        question("alue", ONE, "lappi kainuu uusimaa pohjanmaa"),
        question("tyo", ONE, "kunta yhdistys oppilaitos"),
        question("mieli", ONE, "kylla ei ehka"[: chance.choice([8, 13])]),
        question("hyoty", SCALE, low=1, high=chance.choice([3, 5])),
        question("toiveet", MANY, "menetelmat laki verkostot", most=chance.choice([None, 2])),
        question("vaittamat", MATRIX, "eri vali sama", rows=rows),
        question("maara", NUMBER, low=0, high=500),
        question("vapaa", TEXT),
    )


def answers_to(asked: Survey, number: int, chance: random.Random) -> list[Answers]:
    """Return answers of people who leave out a question now and then."""
    leaning = {q.id: [chance.random() ** 2 + 0.02 for _ in range(12)] for q in asked.questions}
    return [
        {
            q.id: answer
            for q in asked.questions
            if chance.random() < 0.93 and (answer := _answer(q, leaning[q.id], chance)) is not None
        }
        for _ in range(number)
    ]


def _answer(q: Question, leaning: Sequence[float], chance: random.Random) -> Answer | None:
    ids = [option.id for option in q.options]
    weights = leaning[: len(ids)]
    if q.kind is ONE:
        return Answer(chosen=(chance.choices(ids, weights)[0],))
    if q.kind is MANY:
        ticks = [id for id, weight in zip(ids, weights, strict=True) if chance.random() < weight]
        chance.shuffle(ticks)
        return Answer(chosen=tuple(ticks[: q.most])) if ticks else None
    if q.kind is SCALE:
        steps = range(q.low or 0, (q.high or 0) + 1)
        return Answer(number=chance.choices(steps, leaning[: len(steps)])[0])
    if q.kind is MATRIX:
        rows = {r.id: chance.choices(ids, weights)[0] for r in q.rows if chance.random() < 0.9}
        return Answer(rows=rows) if rows else None
    return Answer(number=chance.randint(0, 60)) if q.kind is NUMBER else Answer(text="vapaata")
