"""What the editor is mailed when something needs a hand: what happened, why, what to do."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from newsletter.language import Wording, say, say_in, say_many, spoken_language, without_addresses
from newsletter.mailing.alarm_page import fill_item, fill_page
from newsletter.mailing.backlog import Fault
from newsletter.settings import Settings

_MOST = 10  # troubles that are told one by one; of more, the command lists the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The mail to the editor."""

    subject: str
    html: str
    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A fault in the words of the mail, in the editor's language."""

    what: str
    when: str
    why: str
    cure: str
    command: str


def write_alarm(settings: Settings, faults: Sequence[Fault]) -> Letter:
    """Return the mail to the editor about some troubles."""
    language = spoken_language(settings.newsletter.language)
    title = settings.newsletter.title_in(language)
    told = [_tell(fault, settings.local_time(fault.at), language) for fault in _distinct(faults)]
    subject, opening, rest, closing, why, todo = (
        say_in(language, words) for words in _frame(title, len(told))
    )
    ends = [rest, closing] if len(told) > _MOST else [closing]
    shown = told[:_MOST]
    html = fill_page(
        language=language,
        title=title,
        opening=opening,
        items=[fill_item(asked_why=why, asked_todo=todo, **asdict(each)) for each in shown],
        closing=" ".join(ends),
    )
    blocks = [opening, *(_as_text(each, why, todo) for each in shown), *ends]
    return Letter(subject=subject, html=html, text="\n\n".join(blocks) + "\n", language=language)


def _frame(title: str, count: int) -> tuple[Wording, ...]:
    """Return subject, opening, what is not listed, closing, and the two names of an answer."""
    return (
        say("{title}: something needs your hand", title=title),
        say_many(
            "Something went wrong with the newsletter that does not mend by itself.",
            "{n} things went wrong with the newsletter that do not mend by themselves.",
            n=count,
        ),
        say("“newsletter jobs” and “newsletter status” list the rest."),
        say(
            "You are told of this once. No reader got this mail, and going on mails nobody twice. "
            "“newsletter doctor” shows what still needs a hand."
        ),
        say("Why"),
        say("What to do"),
    )


def _distinct(faults: Sequence[Fault]) -> list[Fault]:
    """Return one fault for each send and command: its lanes fail alike."""
    return list({fault.command: fault for fault in reversed(faults)}.values())[::-1]


def _tell(fault: Fault, at: Wording, language: str) -> _Told:
    return _Told(
        what=say_in(language, fault.what),
        when=say_in(language, at),
        why=say_in(language, without_addresses(fault.reason)),
        cure=say_in(language, fault.cure),
        command=fault.command,
    )


def _as_text(told: _Told, why: str, todo: str) -> str:
    return (
        f"* {told.what}\n  {told.when}\n  {why}: {told.why}\n  {todo}: {told.cure}\n\n"
        f"      {told.command}"
    )
