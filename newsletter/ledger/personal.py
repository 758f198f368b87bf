"""Where the ledger holds something of a person: the one registry, for export and for erasure.

Each column that can hold words stands here, so that none is forgotten; a test sees to it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    Table,
    Text,
    and_,
    cast,
    false,
    func,
    or_,
    select,
)

from newsletter.addresses import mail_address
from newsletter.ledger import people
from newsletter.ledger.tables import deliveries, former, metadata, subscribers


class Holds(Enum):
    """What a column holds of people."""

    KEY = "the key of the person the row is about"
    WHO = "the key of the person the row is about, or the name of a registration of theirs"
    ID = "the number of the person the row is about"
    ADDRESS = "an address of the person the row is about"
    DELIVERY = "the delivery the row is about"
    ABOUT = "what is known of the person the row is about"
    ANYTHING = "words of anybody, which may name anybody"
    NOTHING = "nothing of a person"


_W = Holds.WHO
_K, _I, _A, _D = Holds.KEY, Holds.ID, Holds.ADDRESS, Holds.DELIVERY
_ABOUT, _TEXT, _NONE = Holds.ABOUT, Holds.ANYTHING, Holds.NOTHING


def _all(holds: Holds, *names: str) -> dict[str, Holds]:
    return dict.fromkeys(names, holds)


# Table -> column -> what it holds. Numbers, moments and truths need not be named.
REGISTRY: Mapping[str, Mapping[str, Holds]] = {
    "subscribers": {
        **_all(_ABOUT, "name", "language", "attributes", "standing", "basis", "tracking"),
        "key": _K,
        "address": _A,
    },
    "former": {"subscriber_key": _K, "address": _A},
    "records": {
        "subscriber_key": _K,
        **_all(_ABOUT, "what", "by", "source", "reason", "act", "detail"),
    },
    "changes": {
        "subscriber_id": _I,
        **_all(_ABOUT, "name", "language", "attributes", "standing", "basis"),
    },
    "deliveries": {
        "subscriber_id": _I,
        "address": _A,
        **_all(_ABOUT, "message_id", "reason"),
        "state": _NONE,
    },
    "events": {"delivery_id": _D, "detail": _ABOUT, **_all(_NONE, "kind", "at")},
    "hits": {
        "delivery_id": _D,
        **_all(_NONE, "kind", "hour", "verdict", "reason", "rules", "source"),
    },
    "visits": _all(_NONE, "source", "kind", "hour", "verdict", "reason", "rules"),
    "readers": {"delivery_id": _D, **_all(_NONE, "source", "kind")},
    "marks": {"day": _NONE},
    "figures": _all(_NONE, "source", "span", "grouping", "value", "counts"),
    "news": {},
    "revisions": _all(_NONE, "source", "changes"),
    "rulebooks": _all(_NONE, "version", "text"),
    "returns": {
        "subscriber_key": _K,
        "delivery_id": _D,
        "address": _A,
        **_all(_ABOUT, "digest", "source", "kind", "status", "text", "state", "detail"),
        "domain": _ABOUT,
    },
    "tallies": {},
    "sign_ups": {
        "subscriber_key": _K,
        "address": _A,
        **_all(_ABOUT, "key", "purpose", "language", "attributes", "source", "wording"),
        "tracking": _ABOUT,
    },
    "passed_on": {"subscriber_key": _K, "provider": _ABOUT},
    "webhooks": {**_all(_TEXT, "headers", "body", "reason"), **_all(_NONE, "provider", "digest")}
    | {"state": _NONE},
    "editions": {
        **_all(_TEXT, "subject", "html", "text", "slots", "enclosures"),
        **_all(_NONE, "variant", "language", "pictures", "digest"),
    },
    "losses": {"key": _NONE},
    "sends": {
        **_all(_TEXT, "subject", "choice", "reason", "overrides"),
        **_all(_NONE, "key", "scope", "issue_id", "issue_date", "provider", "tag", "sender"),
        **_all(_NONE, "reply_to", "public_url", "list_id", "place", "account", "digest"),
        **_all(_NONE, "state", "left_out", "late", "counting", "leave_to", "media_url"),
    },
    "batches": {"reason": _TEXT, **_all(_NONE, "state", "key", "worker")},
    "jobs": {
        **_all(_TEXT, "key", "args"),
        **_all(_NONE, "name", "queue", "state", "worker"),
    },
    "troubles": {**_all(_TEXT, "key", "reason"), **_all(_NONE, "name", "told_in")},
    "imports": {"name": _TEXT},
    "reports": {"figures": _TEXT, "counts": _TEXT, "provider": _NONE},
    "links": {**_all(_TEXT, "url", "words", "section"), "language": _NONE},
    "mailboxes": {"name": _NONE},  # the newsletter's own
    "suppressions": _all(_NONE, "fingerprint", "standing", "source"),  # a keyed hash
    "disowned": {"fingerprint": _NONE},  # a keyed hash
    "throttles": {"key": _NONE},  # a keyed hash
    "challenges": {"id": _NONE},
    "wordings": _all(_NONE, "digest", "language", "text"),
    "origins": {"sent_until": _NONE},
    "contributions": {
        "address": _A,
        **_all(_ABOUT, "kind", "state", "name", "organisation", "language", "region"),
        **_all(_ABOUT, "title", "text", "link", "dates", "place", "wording", "digest"),
        **_all(_ABOUT, "picture_type", "picture_words", "picture", "note", "issue", "mail"),
        "told_in": _NONE,
    },
    "pictures": _all(_NONE, "digest", "media_type", "data"),
    "restorations": {},
    "handovers": _all(_NONE, "key", "place"),
    "workers": _all(_NONE, "name", "host", "account"),
    "paces": {"provider": _NONE},
    "rounds": {"name": _NONE},
    "meetings": _all(_NONE, "id", "told", "sums"),
    "registrations": {
        "subscriber_key": _K,
        "address": _A,
        **_all(_ABOUT, "key", "uid", "name", "badge", "organisation", "region", "language"),
        **_all(_ABOUT, "answers", "needs"),
        **_all(_NONE, "meeting", "attending", "state", "cancelled_from", "came", "came_by"),
    },
    "meeting_mails": _all(_NONE, "meeting", "kind", "state", "reason", "detail"),
    "surveys": _all(_NONE, "id", "kind", "digest", "frozen", "notes"),
    "answered": {"subscriber_key": _W, "survey_id": _ABOUT},
    "urns": _all(_NONE, "survey_id", "sealed"),  # nobody is found in it
    "ballots": {"answers": _TEXT, **_all(_NONE, "survey_id", "key")},
    "replies": {"subscriber_key": _W, **_all(_ABOUT, "survey_id", "answers", "day")},
    "survey_results": _all(_NONE, "survey_id", "part", "told"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody of whom something may be held."""

    key: str  # empty: not on the list
    id: int | None
    addresses: tuple[str, ...]  # today's first, and those they had before
    deliveries: tuple[int, ...]
    registrations: tuple[str, ...] = ()  # what calendars know them by


def find_holder(connection: Connection, address: str) -> Holder:
    """Who has an address, or had it; somebody of whom only that address is known otherwise."""
    person = people.find_subscriber(connection, address)
    person = person or people.find_renamed(connection, address)
    if person is None:
        mailed = _mailed(connection, None, (address,))
        registered = _registered(connection, "", (address,))
        return Holder(
            key="", id=None, addresses=(address,), deliveries=mailed, registrations=registered
        )
    id = connection.execute(
        select(subscribers.c.id).where(subscribers.c.key == person.key)
    ).scalar_one()
    query = select(former.c.address).where(former.c.subscriber_key == person.key)
    addresses = (person.address, *connection.execute(query.order_by(former.c.id)).scalars())
    mailed = _mailed(connection, id, addresses)
    return Holder(
        key=person.key,
        id=id,
        addresses=addresses,
        deliveries=mailed,
        registrations=_registered(connection, person.key, addresses),
    )


def columns_of(*kinds: Holds) -> Iterator[tuple[Table, Column[Any], Holds]]:
    """Yield the columns that hold something of these kinds."""
    for table, columns in REGISTRY.items():
        for name, holds in columns.items():
            if holds in kinds:
                yield metadata.tables[table], metadata.tables[table].c[name], holds


def is_about(table: Table, holder: Holder) -> ColumnElement[bool]:
    """Return the SQL for whether a row is about somebody."""
    found: list[ColumnElement[bool]] = []
    for name, holds in REGISTRY[table.name].items():
        column = table.c[name]
        if holds in (Holds.KEY, Holds.WHO) and holder.key:
            found.append(column == holder.key)
        if holds is Holds.WHO:
            found.append(column.in_(holder.registrations))
        if holds is Holds.ID and holder.id is not None:
            found.append(column == holder.id)
        elif holds is Holds.ADDRESS:
            found.append(column.in_(holder.addresses))
        elif holds is Holds.DELIVERY and holder.deliveries:
            found.append(column.in_(holder.deliveries))
    return or_(false(), *found)


def needles_of(holder: Holder) -> tuple[str, ...]:
    """Return what somebody is found by in words, in small letters: addresses, and their key."""
    return (*forms_of(holder.addresses), *((holder.key.lower(),) if holder.key else ()))


def forms_of(addresses: Iterable[str]) -> list[str]:
    """Return addresses as words may have them, in small letters: as they are, in a URL, in JSON."""
    forms = {form.lower() for one in addresses for form in (one, mail_address(one))}
    # An international domain may stand there with each of its letters escaped.
    forms |= {quote(form, safe="@").lower() for form in forms} | {
        json.dumps(form)[1:-1] for form in forms
    }
    return sorted(forms | {f.replace("@", mark) for f in forms for mark in ("%40", "\\u0040")})


def mentions(
    connection: Connection, column: ColumnElement[Any], needle: str
) -> ColumnElement[bool]:
    """Return the SQL for whether words mention somebody."""
    words: ColumnElement[str] = cast(column, Text)
    if isinstance(column.type, LargeBinary) and connection.dialect.name == "postgresql":
        words = func.encode(column, "escape")
    return func.lower(words).contains(needle, autoescape=True)


def _registered(connection: Connection, key: str, addresses: Sequence[str]) -> tuple[str, ...]:
    this = metadata.tables["registrations"].c
    theirs = or_(
        this.address.in_(addresses), and_(this.subscriber_key == key, this.subscriber_key != "")
    )
    return tuple(connection.execute(select(this.uid).where(theirs, this.uid != "")).scalars())


def _mailed(connection: Connection, id: int | None, addresses: Sequence[str]) -> tuple[int, ...]:
    alone = deliveries.c.subscriber_id.is_(None) & deliveries.c.address.in_(addresses)
    theirs = alone if id is None else alone | (deliveries.c.subscriber_id == id)
    return tuple(connection.execute(select(deliveries.c.id).where(theirs)).scalars())
