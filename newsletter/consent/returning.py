"""Takes in what came back about mails, whoever tells it: the one way from there to a standing.

    told --whose is it?--> kept, once --what does it mean?--> records --> standing

Everything follows from what is kept and not from when it came: told twice, late or in another
order, it ends the same.
"""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from newsletter.consent.breakers import Breakers, are_too_many, find_bursts
from newsletter.consent.soft_bounces import SoftRule, find_last_straw
from newsletter.language import say
from newsletter.ledger import Kept, addressees, history, people, queue, returns
from newsletter.links import keys_in
from newsletter.model import (
    BOUNCES_HELD,
    REFUSED,
    By,
    Happened,
    Record,
    Return,
    ReturnKind,
    Standing,
)

_MAILBOX = "mailbox"
_SAID = {  # what takes somebody off the list by one word
    ReturnKind.COMPLAINED: Happened.COMPLAINED,
    ReturnKind.UNSUBSCRIBED: Happened.UNSUBSCRIBED,
}
_JUDGED = {ReturnKind.HARD: Happened.BOUNCED, ReturnKind.SUPPRESSED: Happened.SUPPRESSED}
_STRAW = "soft:"  # prefix of the act that a mailbox's last straw is


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a newsletter makes of what comes back."""

    secret: str = field(default="", repr=False)  # that signed the tokens of answers
    window: dt.timedelta = dt.timedelta(days=5)  # in which an address alone tells the mail
    soft: SoftRule = field(default_factory=SoftRule)
    breakers: Breakers = field(default_factory=Breakers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Somebody whose standing changes."""

    address: str  # that something came back about
    standing: Standing
    kind: ReturnKind  # of what came back
    text: str  # what a server said, word for word


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What became of what was told."""

    new: Mapping[ReturnKind, int]  # not known before
    changes: Sequence[Change]
    held: int  # bounces that now wait for the editor
    unassigned: int  # of the new ones, how many are about nobody who is known


def take_in(
    connection: Connection,
    told: Iterable[Return],
    rules: Rules,
    now: dt.datetime,
    *,
    seen: Collection[str] = (),
) -> TakenIn:
    """Keep what was told, and change the standings that follow from it, in one transaction.

    Opens and clicks are not kept here. `seen` are the keys of readers of whom there were any just
    now: their copies arrived.
    """
    told = (one for one in told if not one.kind.is_visit)
    people.lock_people(connection)  # so nobody joins, comes back or is told of in between
    what = returns.leave_out_known(connection, told)
    keys = keys_in(rules.secret, {one.token for one in what if one.token})
    whose = addressees.find_addressees(connection, what, window=rules.window, keys=keys, now=now)
    new = returns.add(connection, what, whose, now)
    records = [_record(one, _SAID[one.kind]) for one in new if one.kind in _SAID and one.key]
    bounced, held = _judge(connection, new, rules.breakers, now)
    records += bounced
    records += _count_soft(connection, new, rules.soft, seen)
    changed = history.note(connection, records, now)
    _alarm(connection, new, held, now)
    return TakenIn(
        new=Counter(one.kind for one in new),
        changes=_changes(new, changed),
        held=len(held),
        unassigned=sum(one.state == returns.UNASSIGNED for one in new),
    )


def foresee(
    connection: Connection, told: Iterable[Return], rules: Rules, now: dt.datetime
) -> TakenIn:
    """Return what taking something in would do, and leave everything as it is."""
    with connection.begin_nested() as trial:
        taken = take_in(connection, told, rules, now)
        trial.rollback()
    return taken


def decide(
    connection: Connection, ids: Collection[int], *, are_gone: bool, now: dt.datetime
) -> dict[str, Standing]:
    """Do as the editor says with bounces that are held; return the standings that changed."""
    people.lock_people(connection)
    held = [one for one in returns.find(connection, ids) if one.state == returns.HELD]
    returns.set_state(
        connection, [one.id for one in held], returns.AGREED if are_gone else returns.SPARED
    )
    queue.forget_all(connection, f"{BOUNCES_HELD}:")
    if not are_gone:
        return {}
    gone = [_record(one, _JUDGED[one.kind], act=f"agreed:{one.id}") for one in held]
    return history.note(connection, gone, now)


def _record(one: Kept, what: Happened, *, act: str = "") -> Record:
    return Record(
        key=one.key,
        what=what,
        at=one.at,
        by=By.MAILBOX if one.source == _MAILBOX else By.PROVIDER,
        source=one.source,
        reason=one.text or one.status,
        act=act,
        detail={"status": one.status} if one.status else {},
    )


def _judge(
    connection: Connection, new: Collection[Kept], breakers: Breakers, now: dt.datetime
) -> tuple[list[Record], list[int]]:
    """Return what bounces for good mean for people, and the ids of those now held.

    One that was believed is taken back when others show that it came in a burst.
    """
    bounced = [one for one in new if one.kind in _JUDGED]
    near = returns.list_near(connection, bounced, breakers.domain_span, breakers.domain_most)
    tallies = returns.tally(connection, bounced, now).items()
    flooded = [id for id, its in tallies if are_too_many(its.gone, breakers, mailed=its.mailed)]
    of_floods = returns.list_believed(connection, flooded)
    burst = find_bursts(near, breakers) | {one.id for one in of_floods}
    hard = {one.id: one for one in (*bounced, *near, *of_floods)}.values()
    taken = [one for one in hard if one.state == returns.DUE and one.id not in burst]
    believed = [one for one in hard if one.state == returns.TAKEN and one.id in burst]
    held = [one.id for one in hard if one.state == returns.DUE and one.id in burst]
    held += [one.id for one in believed]
    returns.set_state(connection, [one.id for one in taken], returns.TAKEN)
    returns.set_state(connection, held, returns.HELD)
    records = [_record(one, _JUDGED[one.kind], act=f"return:{one.id}") for one in taken]
    undone = (Record(key=one.key, what=Happened.UNDONE, act=f"return:{one.id}") for one in believed)
    return [*records, *undone], held


def _count_soft(
    connection: Connection, new: Collection[Kept], rule: SoftRule, seen: Collection[str]
) -> list[Record]:
    """Return whose mail is paused as their mailbox takes none, and whose pause was for nothing."""
    softened = {one.key for one in new if one.kind is ReturnKind.SOFT}
    reached = {one.key for one in new if one.kind is ReturnKind.DELIVERED} | ({*seen} - softened)
    keys = (softened | returns.find_softened(connection, reached)) - {""}
    attempts = returns.list_attempts(connection, keys)
    found = []
    for key, known in history.find_records(connection, sorted(keys)).items():
        straw = find_last_straw(attempts.get(key, []), known, rule)
        undone = {record.act for record in known if record.what is Happened.UNDONE}
        acts = {record.act for record in known if record.act.startswith(_STRAW)}
        act = _act_of(straw.delivery, undone) if straw else ""
        found += [Record(key=key, what=Happened.UNDONE, act=old) for old in acts - undone - {act}]
        if straw and act not in acts:
            reason = say("its mailbox takes no mail")
            pause = Record(key=key, what=Happened.PAUSED, at=straw.planned_at, reason=reason)
            found.append(replace(pause, act=act, source="soft"))
    return found


def _act_of(delivery: int, undone: Collection[str]) -> str:
    """Return the act that a straw is: one that stands, or a new one after those undone."""
    acts = (f"{_STRAW}{delivery}:{number}" for number in itertools.count())
    return next(act for act in acts if act not in undone)


def _alarm(
    connection: Connection, new: Iterable[Kept], held: Collection[int], now: dt.datetime
) -> None:
    """Let the editor be mailed, once a day, about what no reader is to blame for."""
    day = now.date().isoformat()
    refused = {one.source: one for one in new if one.kind is ReturnKind.ABOUT_US}
    troubles: list[tuple[str, str, str]] = [
        (f"{REFUSED}:{source}:{day}", REFUSED, one.text or one.status)
        for source, one in refused.items()
    ]
    if held:
        told = say("so many addresses bounced at once that the fault may be a server's")
        troubles.append((f"{BOUNCES_HELD}:{day}", BOUNCES_HELD, told))
    for key, name, reason in troubles:
        trouble = queue.Trouble(key=key, name=name, reason=reason, is_final=True, at=now)
        queue.note_trouble(connection, trouble)


def _changes(new: Iterable[Kept], changed: Mapping[str, Standing]) -> list[Change]:
    """Return who stands otherwise now, each with the last thing that was told of them."""
    last = {one.key: one for one in new}
    return [
        Change(address=one.address, standing=changed[key], kind=one.kind, text=one.text)
        for key, one in last.items()
        if key in changed
    ]
