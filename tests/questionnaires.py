"""Surveys as tests need them, in three languages where nothing else is said."""

import datetime as dt

from newsletter.model import Option, Question, QuestionKind, Survey, SurveyKind, SurveyPage

YES_NO = (
    Option(id="yes", words={"fi": "Kyllä", "sv": "Ja", "en": "Yes"}),
    Option(id="no", words={"fi": "Ei", "sv": "Nej", "en": "No"}),
)
TOPICS = Question(
    id="topic",
    kind=QuestionKind.ONE,
    words={"fi": "Mistä seuraava teemapäivä?", "sv": "Vad ska nästa temadag handla om?"},
    options=(
        Option(id="law", words={"fi": "Lainsäädäntö", "sv": "Lagstiftning"}),
        Option(id="methods", words={"fi": "Menetelmät kentältä", "sv": "Metoder från fältet"}),
        Option(id="else", words={"fi": "Muu, mikä?", "sv": "Annat, vad?"}, is_other=True),
    ),
)


def survey_of(
    *questions: Question,
    id: str = "aiheet",
    kind: SurveyKind = SurveyKind.POLL,
    closes: dt.datetime | None = None,
    **own: object,
) -> Survey:
    """Return a survey of one page."""
    page = SurveyPage(id="1", titles={}, leads={}, questions=questions)
    titles = {"fi": "Seuraava aihe", "sv": "Nästa tema"}
    return Survey(id=id, kind=kind, titles=titles, pages=(page,), closes=closes, **own)  # type: ignore[arg-type]


# As docs/blocks.md has it, for its picture and for issues that show every block.
POLL_ID = "seuraava-aihe"
POLL_FILE = """\
---
title: Seuraava teemapäivä
kind: poll
closes: 2026-12-20
---

## Mistä seuraava teemapäivä? {#aihe}

- ( ) Lainsäädäntö {#lait}
- ( ) Menetelmät kentältä {#menetelmat}
- ( ) Työnantajayhteistyö {#tyonantajat}
- ( ) Jotain muuta, mitä: ____ {#muu}
"""
