"""Which options of a command go together: a wrong combination is refused before anything is done.

An option that is silently dropped may be the very one that was to hold mail back.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import wraps
from pathlib import Path
from typing import Any

import click

from newsletter.cli.guiding import GuidedGroup
from newsletter.language import Wording, say, say_list

_OF_THE_GROUP = ("--lang", "-C")
# A lone surrogate, as which Python reads an undecodable byte, and NUL, which no system accepts.
_ILLEGIBLE = re.compile("[\ud800-\udfff\0]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How the options of a command depend on one another, by their long names."""

    # An option -> the one without which it has no meaning.
    needs: Mapping[str, str] = field(default_factory=dict)
    # An option -> those without any of which it has no meaning.
    needs_one: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Options of which at most one may be given.
    one_of: tuple[tuple[str, ...], ...] = ()
    # An option -> the only ones it may be combined with.
    only_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def troubles(self, given: list[str]) -> Iterator[Wording]:
        """Yield what is wrong with the given options."""
        for option, needed in self.needs.items():
            if option in given and needed not in given:
                yield say(
                    "{option} needs {needed}; without it nothing would follow from it",
                    option=option,
                    needed=needed,
                )
        for option, needed_one in self.needs_one.items():
            if option in given and not set(needed_one) & set(given):
                yield say(
                    "{option} needs {needed}; without it nothing would follow from it",
                    option=option,
                    needed=say_list(needed_one, between=" / "),
                )
        for group in self.one_of:
            if len(both := [option for option in group if option in given]) > 1:
                yield say(
                    "{one} and {other} contradict each other; choose one",
                    one=both[0],
                    other=both[1],
                )
        for option, allowed in self.only_with.items():
            wrong = (
                [o for o in given if o != option and o not in allowed] if option in given else []
            )
            if wrong:
                yield say(
                    "{option} and {other} do not go together; leave one out",
                    option=option,
                    other=wrong[0],
                )


class Ruled(click.Command):
    """A command that holds its options to rules, and takes a single-valued option only once."""

    def __init__(self, *args: Any, rules: Rules | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules or Rules()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the options; raise click's UsageError for those that do not go together."""
        if ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        try:
            values, _, order = self.make_parser(ctx).parse_args(list(args))
        except click.NoSuchOption as err:
            if err.option_name in _OF_THE_GROUP:
                raise click.UsageError(_misplaced(err.option_name), ctx) from err
            raise
        for parameter, word in _illegible(values, order):
            shown = word.encode("utf-8", "backslashreplace").decode()
            raise click.BadParameter(
                say("“{word}” holds a byte that is no letter in UTF-8", word=shown), ctx, parameter
            )
        rest = super().parse_args(ctx, args)
        given = [parameter for parameter in order if isinstance(parameter, click.Option)]
        for trouble in (*_doubles(given), *self.rules.troubles([_name(o) for o in given])):
            raise click.UsageError(trouble, ctx)
        return rest


def _misplaced(option: str) -> Wording:
    return say("{option} stands before the command: newsletter {option} ...", option=option)


def readable(name: str | Path) -> str:
    """Return the name of a file in a form that can be shown and stored, whatever its bytes."""
    return os.fsencode(name).decode("utf-8", "replace")


def gathered(into: type[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Pass a command those of its options that a dataclass has fields for as one object."""

    def gather(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def gathering(ctx: click.Context, **given: Any) -> None:
            own = {f.name: given.pop(f.name) for f in fields(into)}
            command(ctx, options=into(**own), **given)

        return gathering

    return gather


class RuledGroup(Ruled, GuidedGroup):
    """A group whose commands hold their options to rules."""

    command_class = Ruled


def _illegible(
    values: Mapping[str, Any], order: Iterable[click.Parameter]
) -> Iterator[tuple[click.Parameter, str]]:
    """Yield the words with characters that no text may contain, except names of input files."""
    for parameter in dict.fromkeys(order):
        kind = parameter.type
        if isinstance(kind, click.Path) and kind.exists:
            continue
        given = values.get(str(parameter.name))
        for word in given if isinstance(given, list | tuple) else [given]:
            if isinstance(word, str) and _ILLEGIBLE.search(word):
                yield parameter, word


def _doubles(given: list[click.Option]) -> Iterator[Wording]:
    for option, times in Counter(given).items():
        has_value = not option.is_flag or bool(option.secondary_opts)
        if times > 1 and has_value and not option.multiple:
            yield say(
                "{option} is given {times} times; which one is meant?",
                option=_name(option),
                times=times,
            )


def _name(option: click.Option) -> str:
    return max(option.opts, key=len)
