"""`newsletter setup`: five questions of a first real send, and what the answers change."""

import os
from collections.abc import Iterable, Iterator

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
from newsletter.cli.setup_questions import KEY, THROUGH, TO_WHOM, WHERE, WHO, Asking, choices
from newsletter.errors import ConfigError, ProviderError, UsageError, Verdict
from newsletter.language import Wording, say, say_list

_TRIES = 5  # keys that a provider may refuse
_UNREACHED = (Verdict.RETRY, Verdict.UNKNOWN)  # which say nothing about the key


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
        tell(say("Five questions. Enter takes what stands in brackets; Ctrl-C changes nothing."))
    arrangement = _part(say("1/5 Who sends?"), WHO, arrangement, options, yes=yes)
    arrangement = _account(arrangement, options, yes=yes)
    arrangement = _part(say("4/5 Is there a public address?"), WHERE, arrangement, options, yes=yes)
    arrangement = _part(say("5/5 Where do tests go?"), TO_WHOM, arrangement, options, yes=yes)
    _write(with_signing(arrangement), yes=yes)
    tell()
    tell(say("Next:"), bold=True)
    for number, step in enumerate(steps_for(arrangement), start=1):
        tell(say_list((f"  {number}. ", step), between=""))


def _part(
    headline: Wording,
    questions: tuple[Asking, ...],
    arrangement: Arrangement,
    options: Given,
    *,
    yes: bool,
    choices: Iterable[Wording] = (),
) -> Arrangement:
    """Ask what belongs together, as far as it is not answered by options."""
    if not yes:
        tell()
        tell(headline, bold=True)
        for choice in choices:
            tell(say_list(("  ", choice), between=""))
    for asking in questions:
        question = asking(arrangement)
        if question is None:
            continue
        given = options.answer(question.option)
        if yes or given is not None:
            arrangement = settle(question, arrangement, given)
        else:
            arrangement = ask(question, arrangement)
    return arrangement


def _account(arrangement: Arrangement, options: Given, *, yes: bool) -> Arrangement:
    """Ask through whom mail goes and for the key, until the provider knows it."""
    for _ in range(_TRIES):
        through = say("2/5 Through whom does mail go?")
        arranged = _part(through, THROUGH, arrangement, options, yes=yes, choices=choices())
        if arranged.is_practice():
            return arranged
        if arranged.secret_name():
            arranged = _part(say("3/5 What is its key?"), KEY, arranged, options, yes=yes)
        if _is_proven(arranged, yes=yes):
            return arranged
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
