"""`newsletter setup`: the questions of a first real send, and what the answers change."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import click

from newsletter.arrangements import (
    Arrangement,
    begin_arranging,
    prove_key,
    with_signing,
    write_down,
)
from newsletter.cli.common import Ruled, confirm, gathered, insist, settings_of, tell, yes_option
from newsletter.cli.interview import ask, settle
from newsletter.cli.next_steps import steps_for
from newsletter.cli.setup_options import Given, answer_options
from newsletter.cli.setup_questions import (
    COUNTED,
    KEY,
    THROUGH,
    TO_WHOM,
    WHERE,
    WHO,
    Asking,
    choices,
    countings,
)
from newsletter.errors import ConfigError, ProviderError, UsageError, Verdict
from newsletter.language import Wording, say, say_list

_TRIES = 5  # keys that a provider may refuse
_UNREACHED = (Verdict.RETRY, Verdict.UNKNOWN)  # which say nothing about the key


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Questions that belong together."""

    headline: Wording
    questions: tuple[Asking, ...]
    choices: Callable[[Arrangement], Iterator[Wording]] = lambda _: iter(())


_WHO = _Part(headline=say("Who sends?"), questions=WHO)
_CARRIER = _Part(headline=say("Through whom does mail go?"), questions=THROUGH, choices=choices)
_KEY = _Part(headline=say("What is its key?"), questions=KEY)
_REST = (
    _Part(headline=say("Is there a public address?"), questions=WHERE),
    _Part(headline=say("Are opens and clicks counted?"), questions=COUNTED, choices=countings),
    _Part(headline=say("Where do tests go?"), questions=TO_WHOM),
)


@click.command(cls=Ruled)
@answer_options
@yes_option
@click.pass_context
@gathered(Given)
def command(ctx: click.Context, *, options: Given, yes: bool) -> None:
    """Ask what a first real send needs, and write it down.

    Each answer is looked at as soon as it is typed, the key by a call that sends nothing. You see
    what changes before anything is written. Run it again to change an answer.

    \b
    Example:
      newsletter setup
      newsletter setup --yes --provider brevo --key-file key.txt
    """
    arrangement = begin_arranging(settings_of(ctx).root)
    if not yes:
        tell(say("A few questions. Enter takes what stands in brackets; Ctrl-C changes nothing."))
    asking = _Interview(arrangement=arrangement, options=options, yes=yes).ask(_WHO)
    asking = _account(asking)
    for part in _REST:
        asking = asking.ask(part)
    asking.refuse_idle()
    arrangement = asking.arrangement
    _write(with_signing(arrangement), yes=yes)
    tell()
    tell(say("Next:"), bold=True)
    for number, step in enumerate(steps_for(arrangement), start=1):
        tell(say_list((f"  {number}. ", step), between=""))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Interview:
    """How far the questions are answered."""

    arrangement: Arrangement
    options: Given
    yes: bool  # whether nobody is asked
    asked: int = 0  # parts so far
    taken: frozenset[str] = frozenset()  # options whose question was asked

    def ask(self, part: _Part) -> "_Interview":
        """Ask what of a part is not answered by options; nothing, if nothing of it matters."""
        arrangement, number, taken = self.arrangement, self.asked + 1, set(self.taken)
        if not any(asking(arrangement) for asking in part.questions):
            return self
        if not self.yes:
            tell()
            tell(say_list((f"{number}. ", part.headline), between=""), bold=True)
            for choice in part.choices(arrangement):
                tell(say_list(("  ", choice), between=""))
        for asking in part.questions:
            question = asking(arrangement)
            if question is None:
                continue
            given = self.options.answer(question.option)
            taken.add(question.option)
            if self.yes or given is not None:
                arrangement = settle(question, arrangement, given)
            else:
                arrangement = ask(question, arrangement)
        return replace(self, arrangement=arrangement, asked=number, taken=frozenset(taken))

    def refuse_idle(self) -> None:
        """Raise UsageError for options that answer no question."""
        idle = [name for name in self.options.names if name not in self.taken]
        if idle:
            raise UsageError(
                say("with the other answers nothing asks for {options}", options=", ".join(idle))
            )


def _account(interview: _Interview) -> _Interview:
    """Ask through whom mail goes and for the key, until the provider knows it."""
    for _ in range(_TRIES):
        answered = interview.ask(_CARRIER)
        if answered.arrangement.is_practice():
            return answered
        answered = answered.ask(_KEY)
        if _is_proven(answered.arrangement, yes=interview.yes):
            return answered
    raise UsageError(say("no key could be used; nothing was changed"))


def _is_proven(arrangement: Arrangement, *, yes: bool) -> bool:
    """Return whether the provider knows the key, or cannot be asked and that will do for now."""
    try:
        greeting = prove_key(arrangement)
    except (ProviderError, ConfigError) as err:
        if yes:
            raise
        tell(err.words, fg="yellow")
        is_away = isinstance(err, ProviderError) and err.verdict in _UNREACHED
        return is_away and confirm(say("It may be right all the same. Go on with it?"))
    name = arrangement.settings.provider.name
    tell(say("{provider} answers, and knows the key", provider=name), fg="green")
    for caveat in greeting.caveats:
        tell(caveat, fg="yellow")
    return True


def _write(arrangement: Arrangement, *, yes: bool) -> None:
    """Show what changes, and write it after a yes."""
    lines = list(_changes(arrangement))
    tell()
    if not lines:
        tell(say("Nothing changes."))
        return
    tell(say("This changes:"), bold=True)
    for line in lines:
        tell(say_list(("  ", line), between=""))
    if not yes:
        insist(say("Write this down?"), otherwise=say("Nothing was changed."))
    write_down(arrangement)
    tell(say("Written."))
    for name in arrangement.secrets:
        if name in os.environ:
            told = say("{name} is set in the environment, too, and that counts first", name=name)
            tell(told, fg="yellow")


def _changes(arrangement: Arrangement) -> Iterator[Wording]:
    for change in arrangement.changes():
        place, was, value = change.place, _shown(change.was), _shown(change.becomes)
        if change.was is None:
            yield say("{place} becomes {value}", place=place, value=value)
        elif change.becomes is None:
            yield say("{place} is taken out; it was {was}", place=place, was=was)
        else:
            yield say("{place} becomes {value}; it was {was}", place=place, value=value, was=was)
    for name in arrangement.secrets:
        yield say(".env: {name} (not shown; the file is yours alone)", name=name)


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
