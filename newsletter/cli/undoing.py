"""`newsletter subscribers undo`: takes an import back, down to the last value."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import click

from newsletter.cli.common import (
    Ruled,
    Rules,
    Settings,
    confirm,
    indented,
    json_option,
    settings_of,
    show,
    tell,
    write_json,
    yes_option,
)
from newsletter.intake import Effect, list_imports, preview_undo, take_back
from newsletter.language import Wording, say, say_all, say_list
from newsletter.ledger import Import, Ledger, UndoCounts
from newsletter.ledgers import ledger_of
from newsletter.model import Subscriber

_SHOWN, _REPORTED = 10, 1000  # people of each kind, on a screen and in JSON
_RULES = Rules(only_with={"--list": ("--json",)})


@click.command(cls=Ruled, rules=_RULES)
@click.argument("number", type=click.IntRange(1, 2**31 - 1), required=False)
@click.option("--list", "lists", is_flag=True, help="List the imports that can be taken back.")
@click.option(
    "--keep-left", is_flag=True, help="Whoever the import says has left stays off all the same."
)
@yes_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    number: int | None,
    *,
    lists: bool,
    keep_left: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Take an import back: the newest, or that of a number.

    Who joined by it goes, who changed is as before. Whatever changed since stays as it is: nobody
    who left later is mailed again. Who left by the import itself is shown, and mailed again once
    you agree.

    \b
    Example:
      newsletter subscribers undo
      newsletter subscribers undo --list
    """
    settings = settings_of(ctx)
    ledger = ledger_of(settings)
    ctx.call_on_close(ledger.close)
    if lists:
        _list(settings, ledger, as_json=as_json)
        return
    effect = preview_undo(ledger, number, most=_REPORTED)
    print_line = tell if as_json else show
    for line in _told(settings, effect, keep_left=keep_left):
        print_line(line)
    agreed = yes or confirm(_question(effect.told, keep_left=keep_left))
    if agreed:
        take_back(
            ledger, effect.taken, effect.told, dt.datetime.now(dt.UTC), mail_again=not keep_left
        )
    tell(say("Taken back.") if agreed else say("Nothing was taken back."))
    if as_json:
        write_json(_as_report(effect, keep_left=keep_left, done=agreed))
    ctx.exit(0 if agreed and not effect.told.stay else 1)


def _told(settings: Settings, effect: Effect, *, keep_left: bool) -> Iterator[Wording]:
    """Yield what taking an import back would do, line by line."""
    told = effect.told
    yield say("Import {number}", number=_described(settings, effect.taken))
    gone = told.leave - told.left if keep_left else told.leave
    yield say(
        "{gone:,} leave the list, {restored:,} get back what they had.",
        gone=gone,
        restored=told.restored,
    )
    yield from _people(
        effect.stay, say("{n:,} changed since, and stay as they are:", n=told.stay), told.stay
    )
    off = say("{n:,} joined by it as not to be mailed, and stay so:", n=told.left)
    if not keep_left:
        again = say("{n:,} would be mailed again, as before the import:", n=told.mailed_again)
        yield from _people(effect.again, again, told.mailed_again)
        off = say(
            "{n:,} joined by it as not to be mailed; forgotten, they may be mailed again by a "
            "later list (--keep-left keeps them off):",
            n=told.left,
        )
    yield from _people(effect.left, off, told.left)


def _question(told: UndoCounts, *, keep_left: bool) -> Wording:
    risks = []
    if told.mailed_again and not keep_left:
        risks.append(say("mail {n:,} of them again", n=told.mailed_again))
    if told.left and not keep_left:
        risks.append(say("forget {n:,} who did not want mail", n=told.left))
    if not risks:
        return say("Take it back?")
    return say("Take it back, and {risks}?", risks=say_all(risks))


def _people(people: list[Subscriber], heading: Wording, count: int) -> Iterator[Wording]:
    if count:
        yield heading
    for person in people[:_SHOWN]:
        yield indented(
            say(
                "{address} ({standing} now)",
                address=person.address,
                standing=person.standing.words,
            )
        )
    if count > _SHOWN:
        yield indented(say("... and {n:,} more", n=count - _SHOWN))


def _list(settings: Settings, ledger: Ledger, *, as_json: bool) -> None:
    found = list_imports(ledger)
    if as_json:
        write_json([_as_object(taken) for taken in found])
        return
    for taken in found:
        show(_described(settings, taken))
    if not found:
        tell(say("No list was taken in yet."))


def _described(settings: Settings, taken: Import) -> Wording:
    told = say(
        "{number}  {time}  {file}: {joined:,} joined, {changed:,} changed",
        number=taken.id,
        time=settings.local_time(taken.taken_at),
        file=taken.name,
        joined=taken.joined,
        changed=taken.changed,
    )
    return say_list([told, say("taken back")]) if taken.undone_at else told


def _as_object(taken: Import) -> dict[str, Any]:
    return {
        "import": taken.id,
        "file": taken.name,
        "taken_at": taken.taken_at.isoformat(timespec="microseconds"),
        "joined": taken.joined,
        "changed": taken.changed,
        "undone_at": taken.undone_at.isoformat(timespec="microseconds")
        if taken.undone_at
        else None,
    }


def _as_report(effect: Effect, *, keep_left: bool, done: bool) -> dict[str, Any]:
    taken, told = effect.taken, effect.told
    again, left, stay = (
        [p.address for p in who] for who in (effect.again, effect.left, effect.stay)
    )
    return {
        "import": taken.id,
        "file": taken.name,
        "leave": told.leave - told.left if keep_left else told.leave,
        "restored": told.restored,
        "mailed_again": {"count": told.mailed_again, "first": again},
        "joined_as_left": {"count": told.left, "first": left},
        "stay": {"count": told.stay, "first": stay},
        "done": done,
    }
