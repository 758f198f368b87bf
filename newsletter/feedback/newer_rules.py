"""Takes newer rules that tell people from machines, for all that use this ledger."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from operator import attrgetter

from newsletter.errors import RuleFileError
from newsletter.judging import (
    RuleFile,
    is_egress_list,
    read_egress_list,
    read_rules,
    rule_file_error,
    shipped_file,
)
from newsletter.language import Wording, say
from newsletter.ledger import Ledger, rulebooks
from newsletter.tomlkeys import TomlFault, line_of_key

LARGEST_RULES = 64_000_000  # bytes; Apple's list has 12 million
_DAY = dt.timedelta(days=1)
_LEAST_LEFT = 0.5  # of the networks of a list that another takes the place of


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenRules:
    """What a file brought."""

    label: str  # its version, and the names of networks if it has nothing else
    rules: int
    networks: int
    before: int = 0  # networks that were taken earlier, whose place they take
    is_known: bool = False  # the same was in use already
    is_doubtful: bool = False  # it has so much less that it was not taken, until that is agreed to


def take_rules(
    ledger: Ledger, data: bytes, name: str, now: dt.datetime, *, may_shrink: bool = False
) -> TakenRules:
    """Keep what a file has that is newer than what is in use; raise RuleFileError if it is not.

    One that has less than half of the networks whose place it takes is likely a part of a list: it
    is not kept unless it may shrink it.
    """
    text = _text_of(data, name)
    is_list = is_egress_list(text)
    file = (
        read_egress_list(text, name, now.date().isoformat()) if is_list else read_rules(text, name)
    )
    with ledger.write() as connection:
        texts = rulebooks.find_rulebooks(connection, frozenset()) or {}
        kept = list(_readable(texts.values()))
        before = [one for one in kept if file.replaces(one)]
        if is_list and any(one.networks == file.networks for one in before):
            return _taken(file, is_known=True)
        if is_list:
            file = _next_of_its_day(file, before)
            text = f'version = "{file.version}"\n[networks]\n' + "".join(_written(file))
        else:
            _refuse(file, kept, before, text=text, name=name, now=now)
        number = sum(len(one.networks.get(name, ())) for one in before for name in file.networks)
        if _number_in(file) < _LEAST_LEFT * number and not may_shrink:
            return replace(_taken(file), before=number, is_doubtful=True)
        instead = frozenset(one.label for one in before)
        rulebooks.keep_rulebook(connection, file.label, text, instead=instead)
    return replace(_taken(file), before=number)


def _text_of(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        fault = TomlFault(
            line=data[: err.start].count(b"\n") + 1,
            message=say("not UTF-8 text"),
            hint=say("save the file as UTF-8"),
        )
        raise rule_file_error(name, [fault]) from err


def _readable(texts: Iterable[str]) -> Iterator[RuleFile]:
    """Yield files that this version of the program understands."""
    for text in texts:
        with suppress(RuleFileError):
            yield read_rules(text)


def _next_of_its_day(file: RuleFile, before: Sequence[RuleFile]) -> RuleFile:
    """Return a list of today, with a number if there was one of today, or of a clock ahead."""
    newest = max(before, key=attrgetter("age"), default=None)
    if newest is None or newest.age < file.age:
        return file
    day, number = newest.age
    return file.model_copy(update={"version": f"{day}.{number + 1}"})


def _written(file: RuleFile) -> Iterator[str]:
    for name, networks in file.networks.items():
        yield f"{name} = {json.dumps(networks)}\n"


def _refuse(
    file: RuleFile,
    kept: Sequence[RuleFile],
    before: Sequence[RuleFile],
    *,
    text: str,
    name: str,
    now: dt.datetime,
) -> None:
    """Raise RuleFileError for a file that is no newer than what is in use, or of no use."""
    used = max((shipped_file(), *(one for one in kept if one.rules)), key=attrgetter("age"))
    rivals = [*before, used] if file.rules else before
    newest = max(rivals, key=attrgetter("age"), default=None)
    strange = set() if file.rules else set(file.networks) - set(used.networks)
    message: Wording | None = None
    if newest and file.age <= newest.age:
        message = say("version {version} is in use, which is no older", version=newest.version)
        hint = say("nothing is to be done, or give your own file a later version")
    elif file.age[0] > (now + _DAY).date().isoformat():
        message = say("version {version} is a day to come", version=file.version)
        hint = say("write the day on which the file was made")
    elif strange:
        message = say("no rule asks for networks called {names}", names=", ".join(sorted(strange)))
        hint = say("known here: {names}", names=", ".join(used.networks))
    if message:
        keys = ("networks",) if strange else ("version",)
        fault = TomlFault(line=line_of_key(text, keys), message=message, hint=hint)
        raise rule_file_error(name, [fault])


def _taken(file: RuleFile, *, is_known: bool = False) -> TakenRules:
    return TakenRules(
        label=file.label,
        rules=len(file.rules),
        networks=_number_in(file),
        is_known=is_known,
    )


def _number_in(file: RuleFile) -> int:
    return sum(map(len, file.networks.values()))
