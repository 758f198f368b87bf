"""Reads what providers posted and takes it in: once each, in whatever order it came."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from newsletter.consent import Rules, take_in
from newsletter.errors import LedgerError, WebhookError, words_of
from newsletter.feedback.certificate_fetching import confirm
from newsletter.feedback.sightings import note_sightings, rules_in_force
from newsletter.language import Wording, say
from newsletter.ledger import Ledger, webhooks
from newsletter.model import Return
from newsletter.providers.webhooks import confirmation_of, parse

_TOGETHER = 200  # requests that are read together,
_TOGETHER_BYTES = 8_000_000  # unless they are large: read, they take several times as much
_MOST_EVENTS = 400  # that one transaction takes in, but for those of one request


@dataclass(slots=True)
class _Read:
    """What of some requests could be read."""

    told: dict[int, list[Return]] = field(default_factory=dict)  # by the id of the request
    failed: dict[int, Wording] = field(default_factory=dict)
    of_visits: set[int] = field(default_factory=set)  # that tell, too, what readers did


def digest(
    ledger: Ledger,
    rules: Rules,
    *,
    topics: Sequence[str],
    now: Callable[[], dt.datetime],
    keeps_opens: bool = True,
    tell: Callable[[Wording], None] = lambda _words: None,
) -> int:
    """Take in all that waits; return how many requests that were.

    A request that cannot be taken in keeps none back: it is kept with the reason, which is told.
    """
    count = 0
    while True:
        with ledger.read() as connection:
            waiting = webhooks.list_waiting(connection, most=_TOGETHER, most_bytes=_TOGETHER_BYTES)
        if not waiting:
            return count
        whole = _read(waiting, topics)
        _set_visits_apart(whole, are_kept=keeps_opens)
        for read in _portions(whole):
            try:
                _take(ledger, read, rules, now())
            except LedgerError:
                raise
            except Exception:  # one by one, so that the one at fault is known
                read.failed |= _take_singly(ledger, read, rules, now())
            for reason in read.failed.values():
                tell(say("What a provider posted could not be taken in: {reason}", reason=reason))
        count += len(waiting)


def _portions(whole: _Read) -> Iterator[_Read]:
    """Yield so much at once that nobody waits long for the ledger."""
    portion, events = _Read({}, dict(whole.failed), whole.of_visits), 0
    for id, told in whole.told.items():
        portion.told[id] = told
        events += len(told)
        if events >= _MOST_EVENTS:
            yield portion
            portion, events = _Read({}, {}, whole.of_visits), 0
    if portion.told or portion.failed:
        yield portion


def _read(waiting: Sequence[webhooks.Waiting], topics: Sequence[str]) -> _Read:
    read = _Read()
    for one in waiting:
        try:
            told = parse(one.provider, one.body)
            address = confirmation_of(one.provider, one.body, topics)
            if address and not confirm(address):
                read.failed[one.id] = say("the subscription of the topic was not confirmed")
            else:
                read.told[one.id] = told
        except WebhookError as err:
            read.failed[one.id] = err.words
    return read


def _set_visits_apart(read: _Read, *, are_kept: bool) -> None:
    """Note which requests tell of opens and clicks, and leave these out where none are counted."""
    for id, told in read.told.items():
        if any(one.kind.is_visit for one in told):
            read.of_visits.add(id)
            if not are_kept:
                read.told[id] = [one for one in told if not one.kind.is_visit]


def _take(ledger: Ledger, read: _Read, rules: Rules, now: dt.datetime) -> None:
    """Take in what some requests tell, and record that, in one transaction."""
    told = [one for returns in read.told.values() for one in returns if not one.kind.is_visit]
    visits = [one for returns in read.told.values() for one in returns if one.kind.is_visit]
    rulebook = rules_in_force(ledger).look()
    with ledger.write() as connection:
        seen = note_sightings(connection, visits, rules, now, rulebook=rulebook) if visits else ()
        take_in(connection, told, rules, now, seen=seen)
        webhooks.note_taken(connection, read.told.keys(), now)
        webhooks.blank(connection, read.of_visits & read.told.keys())
        for id, reason in read.failed.items():
            webhooks.note_failed(connection, id, reason, now)


def _take_singly(ledger: Ledger, read: _Read, rules: Rules, now: dt.datetime) -> dict[int, Wording]:
    """Take in each request by itself; return why some could not be."""
    failed = dict[int, Wording]()
    for id, returns in read.told.items():
        try:
            _take(ledger, _Read({id: returns}, {}, read.of_visits), rules, now)
        except LedgerError:
            raise
        except Exception as err:
            failed[id] = words_of(err)
    _take(ledger, _Read({}, read.failed | failed), rules, now)
    return failed
