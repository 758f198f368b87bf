"""The Markdown of a survey: what people draw on paper becomes questions, or findings with cures."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.content.survey_ids import id_of, is_id, take_id, write_ids
from newsletter.content.survey_questions import WrittenQuestion, read_questions
from newsletter.model import QuestionKind

ONE, MANY, SCALE = QuestionKind.ONE, QuestionKind.MANY, QuestionKind.SCALE
MATRIX, TEXT, NUMBER = QuestionKind.MATRIX, QuestionKind.TEXT, QuestionKind.NUMBER

# What may stand below a question, and what is answered to it.
DRAWN = {
    "round boxes": ("- ( ) Kyllä\n- ( ) Ei", ONE),
    "round boxes without a blank": ("* () Kyllä\n* () Ei", ONE),
    "square boxes": ("- [ ] Kahvi\n- [ ] Tee", MANY),
    "one square box": ("- [ ] Haluan tietää lisää", MANY),
    "a scale": ("1 ei lainkaan ... 5 erittäin", SCALE),
    "a scale with one sign for dots": ("0 … 10", SCALE),
    "a line": ("____", TEXT),
    "two lines": ("____\n____", TEXT),
    "a number": ("____ (luku)", NUMBER),
    "a number in Swedish, with bounds": ("____ (tal 1-500)", NUMBER),
    "a number below zero": ("____ (number -5 – 5)", NUMBER),
    "a table": ("| | huono | hyvä |\n|-|-|-|\n| Ruoka | | |", MATRIX),
}

# What is wrong below a question, the line it is on, and words of the message.
WRONG = {
    "nothing to answer": ("Kerro siitä.", 1, "nothing says how"),
    "a plain list": ("- Kyllä\n- Ei", 1, "nothing says how"),
    "a box that is ticked": ("- ( ) A\n- (x) B", 4, "ticked"),
    "boxes of two kinds": ("- ( ) A\n- [ ] B", 3, "two kinds"),
    "one without a box": ("- ( ) A\n- ( ) B\n- C", 5, "“C” has no box"),
    "one answer alone": ("- ( ) A", 3, "one answer to choose"),
    "a box without words": ("- ( ) A\n- ( ) B\n- ( )", 5, "no words"),
    "a list within an answer": ("- ( ) A\n- ( ) B\n  - C", 4, "more than words"),
    "a second line to write on": ("- ( ) A: ____\n- ( ) B: ____", 4, "second answer has a line"),
    "a scale that goes down": ("5 hyvä ... 1 huono", 3, "not a scale"),
    "a scale of many numbers": ("0 ... 100", 3, "not a scale"),
    "a number that cannot be": ("____ (luku 5-1)", 3, "no number lies"),
    "words behind a line": ("____ jotain", 3, "not understood"),
    "two answers to one question": ("____\n\n1 ... 5", 5, "two kinds of answers"),
    "a table with words in it": ("| | a | b |\n|-|-|-|\n| R | x | |", 5, "stands in a cell"),
    "a table of one column": ("| | a |\n|-|-|\n| R | |", 3, "too small"),
    "a column without words": ("| | a | | c |\n|-|-|-|-|\n| R | | | |", 3, "column has no words"),
    "a row without words": ("| | a | b |\n|-|-|-|\n| | | |\n| R | | |", 5, "row has no words"),
    "a third size of heading": ("____\n\n### Vielä", 5, "two sizes"),
    "a line below words": ("Sanoja\n---\n____", 3, "makes them a heading"),
    "an id that is none": ("- ( ) A {#Ä b}\n- ( ) B", 3, "cannot be an id"),
    "a second condition": ("Visas om a=b\nVisas om c=d\n____", 4, "second condition"),
    "an empty condition": ("Show if\n____", 3, "condition is empty"),
    "too many to choose": ("Valitse enintään 3.\n\n- [ ] A\n- [ ] B", 1, "at most 3"),
    "endless words": (f"- ( ) {'a' * 600}\n- ( ) B", 3, "more than 500 characters"),
}


def question_of(text: str) -> WrittenQuestion:
    """Return the one question of a text without mistakes."""
    survey = read_questions(text)
    assert survey.findings == []
    [question] = survey.questions
    return question


@pytest.mark.parametrize("case", DRAWN)
def test_what_is_drawn_says_how_a_question_is_answered(case: str) -> None:
    text, kind = DRAWN[case]

    assert question_of(f"## Mitä?\n\n{text}\n").kind is kind


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_told_with_its_line_and_a_cure(case: str) -> None:
    text, line, words = WRONG[case]

    findings = read_questions(f"## Mitä?\n\n{text}\n").findings

    assert [(f.line, bool(f.hint)) for f in findings if words in f.message] == [(line, True)]


def test_a_star_says_that_a_question_must_be_answered_and_braces_fix_its_id() -> None:
    for heading in ("Mitä? * {#mita}", "Mitä?* {#mita}", "Mitä? {#mita} *", r"Mitä? \* {#mita}"):
        question = question_of(f"## {heading}\n____\n")

        assert (question.heading.words, question.heading.id) == ("Mitä?", "mita")
        assert question.is_required


def test_emphasis_in_a_question_is_no_star_and_shows_no_signs() -> None:
    question = question_of("## Mitä *sinä* teet `nyt`? &amp; miksi\n____\n")

    assert question.heading.words == "Mitä sinä teet nyt? & miksi"
    assert not question.is_required


def test_other_is_an_answer_with_words_of_its_own_and_a_line() -> None:
    """Elsewhere it had no label in the second language (XLSForm/pyxform#683)."""
    options = question_of(
        "## Missä?\n- ( ) Täällä\n- ( ) Muualla, missä: ____ {#muu}\n"
    ).field.options

    assert [(one.words, one.id, one.is_other) for one in options] == [
        ("Täällä", "", False),
        ("Muualla, missä", "muu", True),
    ]


def test_a_condition_remembers_its_line_and_column() -> None:
    question = question_of("## Mikä?\n\nNäytetään, jos: verkosto = kyllä.\n____\n____\n")

    assert question.show_if is not None
    assert (question.show_if.text, question.show_if.line, question.show_if.column) == (
        "verkosto = kyllä",
        3,
        17,
    )
    assert question.field.is_long


@pytest.mark.parametrize("words", ["Näytetään, jos", "Näytetään jos", "Visas om", "Show if"])
def test_a_condition_is_said_in_three_languages(words: str) -> None:
    question = question_of(f"## Mikä?\n{words} a = b\n____\n")

    assert question.show_if is not None
    assert question.show_if.text == "a = b"


def test_all_other_words_stay_the_authors_markdown() -> None:
    survey = read_questions(
        "Alku **vahva**.\n\n# Sivu\n\nJohdanto.\n\n- lista\n- toinen\n\n## Mitä?\n\n"
        "> Ohje\n\n```\n____\n```\n\n____\n"
    )

    assert survey.findings == []
    assert survey.leads == ["Alku **vahva**."]
    assert survey.pages[0].leads == ["Johdanto.", "- lista\n- toinen"]
    assert survey.pages[0].questions[0].helps == ["> Ohje", "```\n____\n```"]


def test_an_answer_that_says_nothing_for_or_against_is_known_in_three_languages() -> None:
    head = "| | a | En osaa sanoa | vet inte | I don’t know |\n|-|-|-|-|-|\n| R | | | | |"

    options = question_of(f"## Mitä?\n{head}\n").field.options

    assert [one.is_neutral for one in options] == [False, True, True, True]


def test_what_nobody_would_answer_is_told() -> None:
    pages = "".join(f"# Sivu {n}\n## K {n}\n____\n" for n in range(40))
    questions = "".join(f"## K {n}\n____\n" for n in range(120))
    options = "## Mitä?\n" + "".join(f"- ( ) V {n}\n" for n in range(80))

    for text, words in ((pages, "30 pages"), (questions, "100 questions"), (options, "60 answers")):
        assert [f for f in read_questions(text).findings if words in f.message]
    assert "asks nothing" in read_questions("Vain sanoja.").findings[0].message


PIECES = st.sampled_from(
    [
        *("# A", "## B", "### C", "## ", "#", "## B * {#b}", "## {#b}", "____", "____ (luku 1-5)"),
        *("- ( ) a", "- [ ] b", "- (x) c", "  - [ ] d", "- ( )", "- ", "* [x]", "1. ( ) a"),
        *("1 a ... 5 b", "9 ... 1", "Näytetään, jos a = b", "Visas om", "Show if (((", "> # x"),
        *("| | a | b |\n|-|-|-|\n| c | | |", "| a |\n|-|", "|-|-|\n|", "***", "---", "===", "```"),
        *("<!-- x", "[x]: y", "- ( ) [x](y) ____ {#x}", "\t- ( ) a", "{#a}", "|", "\\", "\0"),
    ]
)


@settings(max_examples=60)
@given(st.lists(PIECES | st.text(max_size=12), max_size=14), st.sampled_from(["\n", "\n\n"]))
def test_any_markdown_gives_questions_or_findings(pieces: list[str], between: str) -> None:
    survey = read_questions(between.join(pieces))

    assert survey.findings or all(question.fields for question in survey.questions)
    assert all(finding.message and finding.hint for finding in survey.findings)


@given(st.text(max_size=80))
def test_any_words_make_an_id(words: str) -> None:
    assert is_id(id_of(words, "kysymys"))


def test_ids_are_plain_letters() -> None:
    assert id_of("Missä työskentelet?", "x") == "missa-tyoskentelet"
    assert id_of("Åland & Öland – ß", "x") == "aland-oland-ss"
    assert id_of("???", "question-3") == "question-3"
    assert take_id("Mitä? {#mita} ") == ("Mitä?", "mita")


def test_ids_are_written_where_none_are_and_nothing_else_changes() -> None:
    text = "## Mitä? *\r\n- ( ) Kyllä  \r\n|  | a b | b |\n| - |\nR | |\n## Loppu ##\n"

    written = write_ids(
        text, [(1, None, "mita"), (2, None, "kylla"), (3, 2, "b"), (5, 0, "r"), (6, None, "loppu")]
    )

    assert written == (
        "## Mitä? * {#mita}\r\n- ( ) Kyllä {#kylla}  \r\n|  | a b | b {#b} |\n| - |\n"
        "R {#r} | |\n## Loppu {#loppu} ##\n"
    )
