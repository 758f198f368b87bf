"""What mails about a survey say: the invitation, and the one reminder."""

from functools import partial

from newsletter.face import Face
from newsletter.language import Wording, say, say_in
from newsletter.language.phrases import format_day
from newsletter.mailing.reply_page import Sheet, Way
from newsletter.model.questionnaire import Survey, SurveyKind, words_in


def write_invitation(
    survey: Survey, language: str, face: Face, *, answer: str, leave: str, is_reminder: bool
) -> Sheet:
    """Return what stands in the mail; `answer` and `leave` are the reader's own addresses."""
    tell = partial(say_in, language)
    title, imprint = words_in(survey.titles, language), face.imprint_in(language)
    return Sheet(
        language=language,
        subject=tell(say("A reminder: {survey}", survey=title)) if is_reminder else title,
        title=imprint.title,
        heading=title,
        paragraphs=[tell(words) for words in _paragraphs(survey, language, is_reminder)],
        act=Way(name=tell(_act(survey.kind)), url=answer),
        rest=[
            tell(survey.kind.told),
            tell(say("The link is your own, so please do not pass this mail on.")),
            Way(
                words=tell(say("You get this because you are on the list of the newsletter.")),
                name=tell(say("Unsubscribe")),
                url=leave,
            ),
        ],
        closing=[imprint.title, imprint.sender],
        button=face.colours["button"],
        on_button=face.colours["on_button"],
    )


def _paragraphs(survey: Survey, language: str, is_reminder: bool) -> list[Wording]:  # noqa: FBT001
    if is_reminder:
        first = say(
            "We do not have your answer yet, and there is still time. This is the only reminder."
        )
    elif survey.kind is SurveyKind.POLL:
        first = say("We would like to know what you think. It is one question.")
    else:
        first = say("We would like to know what you think. Please answer our survey.")
    if survey.closes is None:
        return [first]
    day = format_day(survey.closes.date(), "long", language)
    return [first, say("It is open until {day}.", day=day)]


def _act(kind: SurveyKind) -> Wording:
    return say("Choose your answer") if kind is SurveyKind.POLL else say("Answer the survey")
