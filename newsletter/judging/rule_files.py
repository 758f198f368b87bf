"""Reads files of rules: what is wrong with one is said with its line and its cure.

A file has rules, with the networks they name, or networks alone, that take the place of others of
the same name. It may be a stranger's: its size is bounded, and so is what judging by it costs.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from newsletter.errors import RuleFileError
from newsletter.judging.address_ranges import bits_of, range_of
from newsletter.language import Wording, say, say_list
from newsletter.tomlkeys import BrokenTomlError, TomlFault, faults_of, line_of_key, read_toml

_MOST_RULES, _MOST_WORDS, _MOST_LISTS = 200, 100, 20
MOST_NETWORKS = 30_000  # of a list; Apple's has half of it
_WIDEST = {4: 8, 6: 16}  # bits of a network's name: no wider one is anybody's own
_SHORTEST = 3  # letters of a word: shorter ones are in the names of all programs
_VERSION = re.compile(r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(\.[1-9]\d{0,3})?", re.ASCII)
_FAULTS = 10  # that are told at once
_SHIPPED = Path(__file__).with_name("rulebook.toml")


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", value) or len(value) > 40:
        raise ValueError(say("expected a name of small letters, such as “link-preview”"))
    if value == "no-rule":
        raise ValueError(say("that means that no rule fits: choose another name"))
    return value


def _version(value: str) -> str:
    if not (_VERSION.fullmatch(value) and _is_day(value[:10])):
        raise ValueError(say("expected a day such as “2026-12-01”, or “2026-12-01.2” for its next"))
    return value


def _is_day(text: str) -> bool:
    try:
        return bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _word(value: str) -> str:
    if len(value.strip()) < _SHORTEST or len(value) > 100 or not value.isprintable():
        raise ValueError(say("expected a part of a program's name, 3 letters at least"))
    return value.lower()


def _networks(value: list[str]) -> list[str]:
    for each in value:
        try:
            network = range_of(each)
        except ValueError as err:
            hint = say("“{network}” is no network such as 192.0.2.0/24", network=each[:100])
            raise ValueError(hint) from err
        if bits_of(network) < _WIDEST[network.kind]:
            raise ValueError(say("“{network}” is too wide to be somebody's own", network=each))
    return value


Slug = Annotated[str, AfterValidator(_slug)]
Words = Annotated[list[Annotated[str, AfterValidator(_word)]], Field(max_length=_MOST_WORDS)]
Networks = Annotated[list[str], Field(max_length=MOST_NETWORKS), AfterValidator(_networks)]
Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class BurstTable(_Table):
    """So many links within the seconds are a burst."""

    links: Annotated[int, Field(ge=2, le=100)] = 3
    seconds: Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)] = 2.0


class RuleTable(_Table):
    """A rule as it is written; None is no condition."""

    reason: Slug
    visitor: Literal["human", "unknown", "machine"]
    hides: bool = False
    kind: Literal["opened", "clicked"] | None = None
    method: Literal["GET", "HEAD"] | None = None
    words: Words = []
    begins: Words = []
    name: Annotated[str | None, Field(alias="is", max_length=300)] = None
    networks: Annotated[list[str], Field(max_length=_MOST_LISTS)] = []
    within: Seconds | None = None
    after: Seconds | None = None
    flagged: bool | None = None
    prefetch: bool | None = None
    navigation: bool | None = None
    burst: bool | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.model_fields_set <= {"reason", "visitor", "hides", "kind"}:
            raise ValueError(say("it fits everything: give it a condition, such as words"))
        if self.name is not None and (self.words or self.begins):
            raise ValueError(say("“is” is the whole name: leave it out, or the words"))
        if self.within is not None and self.after is not None and self.within <= self.after:
            raise ValueError(say("“within” is to be later than “after”: nothing fits both"))
        if self.hides and (self.visitor != "machine" or self.kind != "opened"):
            raise ValueError(
                say("only a machine that loads pictures hides: visitor “machine”, kind “opened”")
            )
        return self


class RuleFile(_Table):
    """A file of rules, or of networks alone."""

    version: Annotated[str, AfterValidator(_version)]
    burst: BurstTable = BurstTable()
    networks: Annotated[dict[Slug, Networks], Field(max_length=_MOST_LISTS)] = {}
    rules: Annotated[list[RuleTable], Field(max_length=_MOST_RULES)] = []

    @property
    def label(self) -> str:
        """Return what it is called: its version, after the names of networks if it has no rules."""
        return self.version if self.rules else f"{' '.join(sorted(self.networks))} {self.version}"

    @property
    def age(self) -> tuple[str, int]:
        """Return by what versions are compared: the day, and which of that day."""
        day, _, number = self.version.partition(".")
        return day, int(number or 1)

    def replaces(self, other: "RuleFile") -> bool:
        """Return whether another one is of no use any more once this one is taken."""
        if self.rules or other.rules:
            return bool(self.rules and other.rules)
        return set(other.networks) <= set(self.networks)


@lru_cache(maxsize=8)
def read_rules(text: str, name: str = "") -> RuleFile:
    """Return what a file says; raise RuleFileError naming it, the line and the cure."""
    try:
        read = RuleFile.model_validate(read_toml(text))
    except BrokenTomlError as err:
        fault = TomlFault(line=err.line, message=err.message, hint=err.hint)
        raise rule_file_error(name, [fault]) from err
    except ValidationError as err:
        raise rule_file_error(name, faults_of(err, text, RuleFile)) from err
    if faults := list(_faults_across(read, text)):
        raise rule_file_error(name, faults)
    return read


def shipped_file() -> RuleFile:
    """Return the rules that come with the program."""
    return read_rules(_SHIPPED.read_text(encoding="utf-8"), _SHIPPED.name)


def rule_file_error(name: str, faults: Sequence[TomlFault]) -> RuleFileError:
    """Return the error that lists faults of a file, each on a line of its own."""
    return RuleFileError(say_list([_in_a_line(name, f) for f in faults[:_FAULTS]], between="\n"))


def _in_a_line(name: str, fault: TomlFault) -> Wording:
    place = f"{name}:{fault.line}: " if fault.line else f"{name}: "
    hint = ("; ", fault.hint) if fault.hint else ()
    return say_list((place, fault.message, *hint), between="")


def _faults_across(read: RuleFile, text: str) -> Iterator[TomlFault]:
    """Yield what is wrong between the parts of a file."""
    if not read.rules and not read.networks:
        cure = say("write [[rules]], or lists under [networks]")
        yield TomlFault(line=1, message=say("it has neither rules nor networks"), hint=cure)
    known = ", ".join(read.networks)
    for number, rule in enumerate(read.rules):
        for name in set(rule.networks) - set(read.networks):
            line = line_of_key(text, ("rules", str(number), "networks"))
            message = say("there is no list “{name}” under [networks]", name=name)
            hint = say("known here: {names}", names=known)
            yield TomlFault(line=line, message=message, hint=hint)
