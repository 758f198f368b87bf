"""Reads TOML, and finds the line of a fault or a key: its parsers keep no positions."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from newsletter.language import Wording, lookalike, reason_of, say

_PART = r"(?:[\w-]+|\"[^\"]*\"|'[^']*')"
_KEY = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_HEADER = re.compile(rf"\s*\[(\[)?\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]")

# So many dotted names that none of our tables is as deep: the parser takes their square in time.
_DEEP = re.compile(
    r"(?<![\w-])(?:(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}", re.ASCII
)
_LARGEST = 1_000_000  # characters; a newsletter's settings have some thousand
_BYTE_ORDER_MARK = "\ufeff"  # which Notepad puts in front of a text

ANY_LANGUAGE = "und"  # the key of words that stand without a table of languages (BCP 47)


class BrokenTomlError(Exception):
    """A text is not TOML."""

    def __init__(self, line: int, message: Wording, hint: Wording | str = "") -> None:
        super().__init__(message)
        self.line, self.message, self.hint = line, message, hint


@dataclass(frozen=True, slots=True, kw_only=True)
class TomlFault:
    """A value that is not as a model asks for."""

    line: int | None
    message: Wording
    hint: Wording | str = ""


def read_toml(text: str) -> dict[str, Any]:
    """Return the values of a text; raise BrokenTomlError with its line and cure.

    The text may be a stranger's: it is parsed only where that cannot take long.
    """
    text = text.removeprefix(_BYTE_ORDER_MARK)
    _refuse_endless(text)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as err:
        where = re.search(r"at line (\d+)", str(err))
        line = int(where[1]) if where else text.count("\n") + 1
        if str(err).startswith(("Cannot overwrite", "Cannot declare", "Cannot mutate")):
            twice = say("not valid TOML: a key is given twice")
            raise BrokenTomlError(line, twice, say("keep one of the lines")) from err
        message = say("not valid TOML: {problem}", problem=str(err))
        raise BrokenTomlError(line, message) from err
    except ValueError as err:  # the only one that the parser lets through: of int()
        message, hint = say("a number has too many digits"), say("write a shorter one")
        raise BrokenTomlError(_line_of_most_digits(text), message, hint) from err
    except RecursionError as err:  # the parser recurses for each bracket
        raise _too_deep(_deepest_line(text)) from err


def faults_of(err: ValidationError, text: str, model: type[BaseModel]) -> list[TomlFault]:
    """Return what is wrong with the values of a text, each with its line and its cure."""
    return [_fault(error, text, model) for error in err.errors()]


def line_of_key(text: str, keys: Sequence[str]) -> int | None:
    """Return the line of a key, or else of its table; None if there is neither."""
    places, wanted = _places(text), tuple(keys)
    if wanted in places.keys:
        return places.keys[wanted]
    # The last of those that may hold it: an inline table is below the header of its own.
    around = (places.holders.get(wanted[:length]) for length in range(len(wanted) + 1))
    return max((line for line in around if line is not None), default=None)


def _refuse_endless(text: str) -> None:
    """Raise BrokenTomlError for a text that would take long to parse."""
    if len(text) > _LARGEST:
        message = say("larger than {count:,} characters", count=_LARGEST)
        raise BrokenTomlError(1, message, say("make it shorter"))
    if deep := _DEEP.search(text):
        raise _too_deep(text.count("\n", 0, deep.start()) + 1)


def _too_deep(line: int) -> BrokenTomlError:
    message = say("tables or lists are nested too deep")
    return BrokenTomlError(line, message, say("two levels are enough"))


def _fault(error: Any, text: str, model: type[BaseModel]) -> TomlFault:
    # The one is a table's name itself, the other is not written.
    keys = [str(part) for part in error["loc"] if part not in ("[key]", ANY_LANGUAGE)]
    name, line = ".".join(keys), line_of_key(text, keys)
    if error["type"] == "extra_forbidden":
        message = say("unknown key “{key}”", key=name)
        return TomlFault(line=line, message=message, hint=_nearest(keys, model))
    if error["type"] == "missing":
        return TomlFault(line=line, message=say("key “{key}” is missing", key=name))
    message = say("“{key}”: {reason}", key=name, reason=reason_of(error))
    return TomlFault(line=line, message=message)


def _nearest(keys: Sequence[str], model: type[BaseModel]) -> Wording | str:
    """Return which key of a table was meant, or all that it has."""
    parts = iter(keys[:-1])
    for part in parts:
        field = model.model_fields.get(part)
        inner = get_args(field.annotation) if field else ()
        kinds = inner or ((field.annotation,) if field else ())
        tables = [k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)]
        if not tables:
            return ""
        model = tables[0]
        if inner and type(None) not in inner:
            next(parts, None)  # the number of a table in a list, or its name among others
    known = [field.alias or name for name, field in model.model_fields.items()]
    return lookalike(keys[-1], known) or say("known here: {names}", names=", ".join(known))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """The positions of the keys and tables of a text, by their names from the outermost on."""

    keys: Mapping[tuple[str, ...], int]  # each where it first occurs
    holders: Mapping[tuple[str, ...], int]  # tables and keys, each where it last occurs


@lru_cache(maxsize=4)
def _places(text: str) -> _Places:
    """Parse a text once, however many keys are looked for in it."""
    table = tuple[str, ...]()
    keys: dict[tuple[str, ...], int] = {}
    holders: dict[tuple[str, ...], int] = {}
    seen: dict[tuple[str, ...], int] = {}  # [[name]] -> how many of them there were
    for number, line in enumerate(text.removeprefix(_BYTE_ORDER_MARK).split("\n"), 1):
        if header := _HEADER.match(line):
            table = _parts(header[2])
            if header[1]:
                holders.setdefault(table, number)
                seen[table] = seen.get(table, -1) + 1
                table = (*table, str(seen[table]))
            holders[table] = number
        elif key := _KEY.match(line):
            path = (*table, *_parts(key[1]))
            keys.setdefault(path, number)
            holders[path] = number
    return _Places(keys=keys, holders=holders)


def _deepest_line(text: str) -> int:
    """Return the line on which the most brackets are open."""
    depth, depths = 0, []
    for line in text.split("\n"):
        opened = line.count("[") + line.count("{")
        depths.append(depth + opened)
        depth += opened - line.count("]") - line.count("}")
    return depths.index(max(depths)) + 1


def _line_of_most_digits(text: str) -> int:
    """Return the line with the longest number."""
    longest = max(re.finditer(r"[\d_]+", text), key=lambda digits: len(digits[0]))
    return text.count("\n", 0, longest.start()) + 1


def _parts(dotted: str) -> tuple[str, ...]:
    """Return the names of a dotted key; a quoted part is one name."""
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))
