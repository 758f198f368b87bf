"""Asks one question after another; an answer is looked at as soon as it is typed."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from getpass import getpass

import click

from newsletter.arrangements import Arrangement
from newsletter.cli.telling import fitted, in_words, tell
from newsletter.errors import NewsletterError, UsageError
from newsletter.language import Wording, say

_TRIES = 5  # answers to one question that may be unusable


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing to know, and what an answer makes of the arrangement."""

    option: str  # by which it is answered beforehand
    words: Wording
    take: Callable[[Arrangement, str], Arrangement]  # raises NewsletterError for what cannot be
    default: str = ""  # what an empty answer means; empty: there must be an answer
    is_secret: bool = False  # not shown while it is typed


def settle(question: Question, arrangement: Arrangement, given: str | None) -> Arrangement:
    """Return what an answer that was given as an option makes, or the default."""
    answer = question.default if given is None else given.strip()
    if not answer:
        raise UsageError(say("{option} is needed with --yes", option=question.option))
    try:
        return question.take(arrangement, answer)
    except NewsletterError as err:
        if given is None:
            raise
        raise UsageError(
            say("{option}: {reason}", option=question.option, reason=err.words)
        ) from err


def ask(question: Question, arrangement: Arrangement) -> Arrangement:
    """Ask until an answer can be used; raise UsageError if none comes, or none ever can."""
    for _ in range(_TRIES):
        answer = _typed(question) or question.default
        if not answer:
            tell(say("An answer is needed here."), fg="yellow")
            continue
        try:
            return question.take(arrangement, answer)
        except NewsletterError as err:
            tell(err.words, fg="yellow")
    raise UsageError(say("none of the answers could be used; nothing was changed"))


def _typed(question: Question) -> str:
    words = question.words
    if question.default and not question.is_secret:
        words = say("{question} [{default}]", question=words, default=question.default)
    prompt = f"{fitted(in_words(words))}: "
    if question.is_secret and sys.stdin.isatty():
        try:
            return getpass(prompt, stream=sys.stderr).strip()
        except EOFError as err:
            raise _unanswered() from err
    click.echo(prompt, nl=False, err=True)
    line = sys.stdin.readline()
    if not line:
        tell()
        raise _unanswered()
    return line.strip()


def _unanswered() -> UsageError:
    return UsageError(
        say("there was no answer, so nothing was changed; scripts use --yes with options")
    )
