"""What mail programs can display, from the tables of caniemail.com that come with the program."""

import json
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from newsletter.language import closest, say, say_all

_FILE = Path(__file__).parents[2] / "data" / "caniemail.json"
# Mail of Windows 10, which is discontinued; counting it would judge all of Outlook by it.
_ENDED = frozenset({"outlook.windows-mail"})
_NAMES = {
    "gmail": "Gmail",
    "outlook": "Outlook",
    "apple-mail": "Apple Mail",
    "samsung-email": "Samsung Email",
    "yahoo": "Yahoo",
    "aol": "AOL",
    "thunderbird": "Thunderbird",
    "protonmail": "Proton Mail",
    "orange": "Orange",
    "gmx": "GMX",
    "web-de": "WEB.DE",
    "mail-ru": "Mail.ru",
    "fastmail": "Fastmail",
    "hey": "HEY",
    "outlook.outlook-com": "Outlook.com",
}


class Cell(NamedTuple):
    """How one program supports a feature."""

    letter: str  # "y" yes, "a" partly, "n" no
    version: str  # version of the program, or the month of the test


def support(slug: str, platform: str) -> Cell | None:
    """Return how a platform supports a feature; None if nobody has tested it."""
    return _cells(slug).get(platform) if slug in _rows() else None


@lru_cache(maxsize=256)
def failing(slug: str, clients: tuple[str, ...], letters: str = "n") -> tuple[str, ...]:
    """Return the platforms of some clients whose support for a feature is one of these letters."""
    every = dict.fromkeys(p for client in clients for p in platforms_of(client))
    found = ((platform, support(slug, platform)) for platform in every)
    return tuple(platform for platform, here in found if here and here.letter in letters)


def tested_on(slug: str) -> str:
    """Return the date of the newest test of a feature."""
    return str(_rows()[slug]["tested"])


@cache
def platforms_of(client: str) -> tuple[str, ...]:
    """Return the platforms that a client name in the settings stands for: itself, or its family."""
    every = _platforms()
    if client in every:
        return (client,)
    return tuple(p for p in every if p.startswith(f"{client}.") and p not in _ENDED)


def within(platforms: Iterable[str], clients: Iterable[str]) -> tuple[str, ...]:
    """Return the platforms or families that are among the clients in the settings."""
    every = {p for client in clients for p in platforms_of(client)}
    return tuple(p for name in platforms for p in platforms_of(name) if p in every)


def unknown_clients(names: Iterable[str]) -> dict[str, str]:
    """Return the names that are not known mail programs, each with the nearest known one, or ""."""
    known = {*_platforms(), *(p.partition(".")[0] for p in _platforms())}
    wrong = [name for name in names if name not in known]
    return {name: closest(name, known) for name in wrong}


def named(platforms: Iterable[str]) -> str:
    """Return platforms in words, as “Gmail for iPhone and Outlook for Windows”."""
    platforms = list(dict.fromkeys(platforms))
    words: list[str] = []
    for family in dict.fromkeys(p.partition(".")[0] for p in platforms):
        own = [p for p in platforms if p.partition(".")[0] == family]
        if len(own) > 1 and set(own) >= set(platforms_of(family)):
            words.append(_NAMES.get(family, family))
        else:
            words += [_name_of(platform) for platform in own]
    return say_all(words)


def _name_of(platform: str) -> str:
    family, _, kind = platform.partition(".")
    if platform in _NAMES:
        return _NAMES[platform]
    return _on_platform(_NAMES.get(family, family), kind)


def _on_platform(program: str, kind: str) -> str:
    every = {
        "desktop-webmail": say("{program} on the web", program=program),
        "mobile-webmail": say("{program} on the web of a phone", program=program),
        "ios": say("{program} for iPhone", program=program),
        "android": say("{program} for Android", program=program),
        "macos": say("{program} for Mac", program=program),
        "windows": say("{program} for Windows", program=program),
    }
    return every.get(kind, f"{program} {kind}")


@cache
def _platforms() -> tuple[str, ...]:
    every = (
        f"{family}.{platform}"
        for row in _rows().values()
        for family, cells in row["support"].items()
        for platform in cells
    )
    return tuple(dict.fromkeys(every))


@cache
def _cells(slug: str) -> Mapping[str, Cell]:
    return {
        f"{family}.{platform}": Cell(*cell.split(" ", 1))
        for family, cells in _rows()[slug]["support"].items()
        for platform, cell in cells.items()
    }


@cache
def _rows() -> Mapping[str, Any]:
    rows: Mapping[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))["features"]
    return rows
