"""The look that somebody types: one of the program, or the folder of one."""

import os
from pathlib import Path

import click

from newsletter.errors import UsageError
from newsletter.language import say_list
from newsletter.model import is_look_folder
from newsletter.render import LOOKS, Look, LookError, look_named


class LookType(click.ParamType[str]):
    """A word such as magazine, or a folder such as ../house."""

    name = "look"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return what was typed; words that name nothing are refused as click does."""
        if is_look_folder(value) or (value not in LOOKS and Path(value).is_dir()):
            return value
        return str(click.Choice(list(LOOKS)).convert(value, param, ctx))


def name_for(root: Path, typed: str) -> str:
    """Return how the settings of a newsletter name a look that was typed in this folder."""
    if typed in LOOKS:
        return typed
    try:
        seen = Path(os.path.relpath(typed, root)).as_posix()
    except ValueError:  # on another drive of Windows
        seen = Path(typed).resolve().as_posix()
    return seen if is_look_folder(seen) else f"./{seen}"


def look_for(root: Path, named: str) -> Look:
    """Return a look for a newsletter; raise UsageError for one that cannot be used."""
    try:
        return look_named(named, folder=root / "templates")
    except LookError as err:
        place = f"{err.path}:{err.line}" if err.line else str(err.path or "")
        told = say_list((err.message, err.hint), "; ") if err.hint else err.message
        raise UsageError(say_list((place, told), ": ") if place else told) from err


def called(look: Look, named: str) -> str:
    """Return what a look is called: a house look by its own name and version."""
    if not look.houses:
        return named
    house = look.houses[0]
    return f"{house.name} {house.version}".strip()
