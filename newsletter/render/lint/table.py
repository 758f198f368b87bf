"""What MJML knows: its elements, their attributes, the values of these, and what stands in what."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache

from tinycss2.color3 import parse_color

from newsletter.language import Wording, say
from newsletter.render.lint.plain import FILLED
from newsletter.render.lint.shipped_data import read_data

_FILE = "mjml.json"
_EVERYWHERE = {"css-class": "string", "mj-class": "string"}
_NUMBER = re.compile(r"(-?)(?:\d+\.?\d*|\.\d+)([a-z%]*)", re.IGNORECASE)
_TYPE = re.compile(r"(?P<kind>\w+)(?:\((?P<choices>[^)]*)\))?(?:\{1,(?P<most>\d)\})?")


class Holds(Enum):
    """What an element may hold."""

    ELEMENTS = "elements"  # of MJML, and no words
    WORDS = "words"  # and HTML
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """An element of MJML."""

    attributes: Mapping[str, str]  # name -> type, such as "unit(px,%){1,4}"
    holds: Holds
    children: frozenset[str]


@dataclass(frozen=True, slots=True)
class Misread:
    """A value that cannot be read."""

    expected: Wording  # what can be
    lacks_unit: str = ""  # the value with units, if that is all it lacks


@cache
def elements() -> Mapping[str, Element]:
    """Return all elements by name."""
    rows = json.loads(read_data(_FILE))["elements"]
    every = {name: kind for row in rows.values() for name, kind in row["attributes"].items()}
    for name, row in rows.items():
        if name == "mj-all":
            row["attributes"] = every
        elif name == "mj-class":
            row["attributes"] = {**every, "name": "string"}
        elif name == "mj-attributes":
            row["children"] = list(rows)
    return {
        name: Element(
            attributes={**row["attributes"], **_EVERYWHERE},
            holds=Holds(row["holds"]),
            children=frozenset(row["children"]),
        )
        for name, row in rows.items()
    }


def parents_of(name: str) -> list[str]:
    """Return the elements in which one may stand, those for defaults aside."""
    return [p for p, e in elements().items() if name in e.children and p != "mj-attributes"]


@lru_cache(maxsize=1024)
def misread(kind: str, value: str) -> Misread | None:
    """Return why a value is not of a type; None if it is, or if it is filled in later."""
    found = _TYPE.match(kind)
    if found is None or kind == "string" or value == "":
        return None
    choices = (found["choices"] or "").split(",")
    if found["kind"].startswith("unit"):
        is_signed = found["kind"] == "unitWithNegative"
        return _no_length(value, choices, most=int(found["most"] or 1), is_signed=is_signed)
    if FILLED in value:
        return None
    return _not_one(found["kind"], value, choices)


def _not_one(kind: str, value: str, choices: Iterable[str]) -> Misread | None:
    if kind == "color":
        fits = value == "none" or parse_color(value) is not None
        return None if fits else Misread(say("a colour such as #1d5c57"))
    if kind == "integer":
        return None if value.isdigit() else Misread(say("a whole number"))
    choices = ("true", "false") if kind == "boolean" else [c for c in choices if c]
    return None if value in choices else Misread(say("one of: {names}", names=", ".join(choices)))


def _no_length(value: str, units: list[str], *, most: int, is_signed: bool) -> Misread | None:
    named = ", ".join(unit for unit in units if unit)
    expected = say("up to {n} lengths in {units}", n=most, units=named)
    if most == 1:
        expected = say("a length in {units}", units=named)
    lengths = value.split()
    mended = [_with_unit(length, units, is_signed=is_signed) for length in lengths]
    if len(lengths) > most or None in mended:
        return Misread(expected)
    meant = " ".join(length or "" for length in mended)
    return Misread(expected, meant) if meant != " ".join(lengths) else None


def _with_unit(length: str, units: list[str], *, is_signed: bool) -> str | None:
    """Return a length with a unit; None if it is no length, or has a unit that is not known."""
    if FILLED in length or length == "0" or ("auto" in units and length == "auto"):
        return length
    number = _NUMBER.fullmatch(length)
    if number is None or (number[1] and not is_signed):
        return None
    if number[2] in units:
        return length
    return None if number[2] else f"{length}{units[0]}"
