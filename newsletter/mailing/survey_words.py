"""What mails about a survey say: the invitation, and the one reminder."""

from newsletter.language import Wording, say
from newsletter.language.phrases import format_day
from newsletter.mailing.reply_words import Said
from newsletter.model import Survey, SurveyKind, words_in


def say_invitation(
    survey: Survey, language: str, *, answer: str, leave: str, is_reminder: bool
) -> Said:
    """Return what the mail says; `answer` and `leave` are the reader's own addresses."""
    title = words_in(survey.titles, language)
    return Said(
        subject=say("A reminder: {survey}", survey=title) if is_reminder else title,
        heading=title,
        paragraphs=tuple(_paragraphs(survey, language, is_reminder)),
        act=(_act(survey.kind), answer),
        rest=(
            survey.kind.told,
            say("The link is your own, so please do not pass this mail on."),
            (
                say("You get this because you are on the list of the newsletter."),
                say("Unsubscribe"),
                leave,
            ),
        ),
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
