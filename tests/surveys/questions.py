"""Surveys and answers for tests of what is asked."""

from hypothesis import strategies as st

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

ONE, MANY, TEXT = QuestionKind.ONE, QuestionKind.MANY, QuestionKind.TEXT


def options(*ids: str, other: str = "") -> tuple[Option, ...]:
    """Return options with these ids; one may have a line to write on."""
    return tuple(Option(id=id, words={"fi": id}, is_other=id == other) for id in ids)


def question(id: str, kind: QuestionKind = ONE, *ids: str, **own: object) -> Question:
    """Return a question with answers to choose from."""
    chosen = {"options": options(*ids, other="muu")} if ids else {}
    return Question(id=id, kind=kind, words={"fi": f"{id}?"}, **{**chosen, **own})  # type: ignore[arg-type]


def survey(*pages: tuple[Question, ...], **own: object) -> Survey:
    """Return a survey with these questions on its pages."""
    return Survey(
        **{"id": "kysely", "kind": SurveyKind.ANONYMOUS, "titles": {"fi": "Kysely"}, **own},  # type: ignore[arg-type]
        pages=tuple(
            SurveyPage(id=f"page-{n}", titles={}, leads={}, questions=questions)
            for n, questions in enumerate(pages, 1)
        ),
    )


# Whether somebody has children decides whether their number is asked, and that the next question.
CHAIN = survey(
    (question("lapsia", ONE, "on", "ei"),),
    (
        question(
            "maara", QuestionKind.NUMBER, low=1, high=20, show_if="lapsia=on", is_required=True
        ),
    ),
    (question("nimet", TEXT, show_if="maara=3", is_required=True), question("muuta", TEXT)),
)

EVERY_KIND = survey(
    (
        question("yksi", ONE, "a", "b", "muu"),
        question("monta", MANY, "a", "b", "c", "muu", most=3),
        question("asteikko", QuestionKind.SCALE, low=0, high=10),
        question("luku", QuestionKind.NUMBER),
        question("taulukko", QuestionKind.MATRIX, "a", "b", rows=options("r1", "r2")),
        question("sana", TEXT),
        question("sanoja", TEXT, is_long=True),
    ),
)

_WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)


def _answers_to(asked: Question) -> st.SearchStrategy[Answer]:
    ids = [one.id for one in asked.options]
    if asked.kind is ONE:
        return st.sampled_from(ids).flatmap(lambda id: _chosen([id]))
    if asked.kind is MANY:
        some = st.lists(st.sampled_from(ids), min_size=1, max_size=3, unique=True)
        return some.flatmap(lambda few: _chosen([id for id in ids if id in few]))
    if asked.kind is QuestionKind.MATRIX:
        rows = st.sampled_from([row.id for row in asked.rows])
        cells = st.dictionaries(rows, st.sampled_from(ids), min_size=1)
        return st.builds(lambda found: Answer(rows=found), cells)
    if asked.kind is TEXT:
        return st.builds(lambda text: Answer(text=text), _WORDS)
    numbers = st.integers(asked.low if asked.low is not None else -9, asked.high or 10)
    return st.builds(lambda number: Answer(number=number), numbers)


def _chosen(ids: list[str]) -> st.SearchStrategy[Answer]:
    words = st.just("") | _WORDS if "muu" in ids else st.just("")
    return st.builds(lambda other: Answer(chosen=tuple(ids), other=other), words)


# Any answers to a survey of every kind of question, some left out.
ANSWERS: st.SearchStrategy[Answers] = st.fixed_dictionaries(
    {}, optional={asked.id: _answers_to(asked) for asked in EVERY_KIND.questions}
)
