"""Every kind of question is native HTML that needs no script, and keeps what was typed."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest

from newsletter import public
from newsletter.face import Face, face_of, fill_page
from newsletter.language import Wording, say
from newsletter.model import Answer, Option, Question, QuestionKind
from newsletter.public.asked_questions import asked_of
from newsletter.settings import load_settings
from newsletter.surveys import field_of, write_fields
from tests.conftest import REPOSITORY
from tests.questionnaires import TOPICS, YES_NO

PAGES = Path(public.__file__).parent / "pages"
HOSTILE = "\"><script>alert(1)</script>'{{ 7*7 }}"
WORDS = {"fi": "Mitä mieltä olet?"}
ROWS = (Option(id="a", words={"fi": "Rakenne"}), Option(id="b", words={"fi": "Sisältö"}))
EVERY = {
    "one": TOPICS,
    "many": replace(TOPICS, kind=QuestionKind.MANY, most=2),
    "scale": Question(
        id="topic", kind=QuestionKind.SCALE, words=WORDS, low=1, high=5, ends={"fi": ("ei", "on")}
    ),
    "matrix": Question(
        id="topic", kind=QuestionKind.MATRIX, words=WORDS, options=YES_NO, rows=ROWS
    ),
    "text": Question(id="topic", kind=QuestionKind.TEXT, words=WORDS),
    "long text": Question(id="topic", kind=QuestionKind.TEXT, words=WORDS, is_long=True),
    "number": Question(id="topic", kind=QuestionKind.NUMBER, words=WORDS, low=1, high=9),
}


@pytest.fixture(scope="module")
def face() -> Face:
    """The face of the sample newsletter's pages."""
    return face_of(load_settings(REPOSITORY))


def shown(
    face: Face,
    question: Question,
    answer: Answer | None = None,
    errors: Mapping[str, Wording] | None = None,
    *,
    typed: Mapping[str, str] | None = None,
) -> lxml.html.HtmlElement:
    """Return the form of a page that asks one question."""
    fields = write_fields([question], {question.id: answer} if answer else {})
    fields |= {name: [value] for name, value in (typed or {}).items()}
    asked = asked_of(question, fields, errors or {}, "fi")
    html = fill_page(
        face,
        "survey.html",
        "fi",
        folder=PAGES,
        to=lambda place: f"/{place}",
        ways=(),
        switches={},
        heading="Kysely",
        steps=2,
        step=1,
        faults=[(line.name, line.error) for line in asked.faults],
        lead="",
        kept="",
        closes=None,
        action="/surveys/kysely/1",
        draft="",
        stamp="",
        title="",
        page_lead="",
        questions=[asked],
        is_last=False,
        is_end=False,
        is_doubtful=False,
        is_poll=False,
        whose="",
    )
    [form] = lxml.html.document_fromstring(html).xpath("//form")
    return form


@pytest.mark.parametrize("question", EVERY.values(), ids=list(EVERY))
def test_each_field_has_a_native_label_and_each_group_a_legend(
    question: Question, face: Face
) -> None:
    form = shown(face, question)

    for field in form.xpath(".//input[not(@type='hidden')] | .//textarea"):
        within = field.xpath("ancestor::label")
        assert within or form.xpath(f".//label[@for='{field.get('id')}']")
    for group in form.xpath(".//fieldset"):
        assert group.xpath("./legend[normalize-space()]")
    assert form.xpath(".//table | .//script | .//*[@aria-label] | .//@onclick") == []


def test_a_matrix_is_a_group_of_native_choices_for_each_row(face: Face) -> None:
    form = shown(face, EVERY["matrix"], Answer(rows={"b": "no"}))

    rows = form.xpath(".//fieldset")
    assert [row.xpath("string(./legend)").strip() for row in rows] == ["Rakenne", "Sisältö"]
    assert {name for row in rows[:1] for name in row.xpath(".//input/@name")} == {
        field_of(EVERY["matrix"], "a")
    }
    assert rows[1].xpath(".//input[@checked]/@value") == ["no"]


def test_the_ends_of_a_scale_are_said_with_their_numbers(face: Face) -> None:
    form = shown(face, EVERY["scale"], Answer(number=4))

    labels = [" ".join(label.text_content().split()) for label in form.xpath(".//label")]
    assert labels[:5] == ["1 ei", "2", "3", "4", "5 on"]
    assert form.xpath(".//input[@checked]/@value") == ["4"]


def test_words_of_ones_own_stand_beside_their_choice(face: Face) -> None:
    form = shown(face, TOPICS, Answer(chosen=("else",), other="Tekoäly"))

    [own] = form.xpath(".//div[@class='other']/input")
    [choice] = own.xpath("../preceding-sibling::label[1]/input")
    assert (own.get("value"), choice.get("value")) == ("Tekoäly", "else")
    assert choice.get("checked") is not None


@pytest.mark.parametrize("name", ["one", "scale", "matrix"])
def test_what_need_not_be_answered_can_be_taken_back_without_a_script(
    name: str, face: Face
) -> None:
    free, must = EVERY[name], replace(EVERY[name], is_required=True)

    assert shown(face, free).xpath(".//input[@type='radio'][@value='']")
    assert not shown(face, must).xpath(".//input[@type='radio'][@value='']")


def test_what_is_no_answer_is_kept_as_it_was_typed_and_told(face: Face) -> None:
    error = {"q.topic": say("Choose one.")}

    form = shown(face, EVERY["number"], None, error, typed={"q.topic": "kymmenen"})

    [field] = form.xpath(".//input[@name='q.topic']")
    assert field.get("value") == "kymmenen"
    assert field.get("aria-invalid") == "true"
    assert field.get("autofocus") is not None
    [told] = form.xpath(f".//*[@id='{field.get('aria-describedby').split()[-1]}']")
    assert "Valitse jokin." in told.text_content()


def test_how_many_may_be_chosen_is_said_once(face: Face) -> None:
    asked = replace(EVERY["many"], helps={"fi": "<p>Valitse enintään 2.</p>"})

    assert [
        shown(face, question).text_content().count("Valitse enintään 2")
        for question in (asked, EVERY["many"])
    ] == [1, 1]


@pytest.mark.parametrize("name", EVERY)
def test_words_of_a_survey_and_of_its_readers_are_never_markup(name: str, face: Face) -> None:
    options = tuple(replace(o, words={"fi": HOSTILE}, is_other=True) for o in EVERY[name].options)
    rows = tuple(replace(row, words={"fi": HOSTILE}) for row in EVERY[name].rows)
    question = replace(
        EVERY[name],
        words={"fi": HOSTILE},
        helps={"fi": HOSTILE},
        ends={"fi": (HOSTILE, HOSTILE)},
        options=options,
        rows=rows,
    )

    form = shown(face, question, Answer(text=HOSTILE, other=HOSTILE), typed={"q.topic": HOSTILE})

    assert form.xpath(".//script") == []
    assert "alert(1)" in form.text_content()
    assert "49" not in form.text_content()
