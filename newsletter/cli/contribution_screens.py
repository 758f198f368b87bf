"""What people sent in, as a terminal shows it and as JSON has it."""

from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.console import Console

from newsletter.cli.common import Settings, in_words, indented, show, tell
from newsletter.cli.fitted_tables import cut, fixed, folded, print_fitted
from newsletter.contributions import find_disguises
from newsletter.language import Wording, say
from newsletter.model import Contribution

# What gives way last where the terminal is narrow.
_WANTED = ("number", "title", "kind", "state", "sender", "day")


def show_list(settings: Settings, found: Sequence[Contribution]) -> None:
    """Print a table of what was sent in."""
    days = [one.received_at.astimezone(settings.zone).date() for one in found]
    received = [in_words(say("{day:%Y-%m-%d}", day=day)) for day in days]
    columns = {
        "number": fixed(in_words(say("No.")), [str(one.id) for one in found]),
        "kind": folded(in_words(say("What")), [in_words(o.kind.words) for o in found], 10, 30),
        "title": cut(in_words(say("Title")), [_title(one) for one in found], 15, 60),
        "sender": cut(in_words(say("From")), [one.sender for one in found], 10, 40),
        "state": folded(in_words(say("State")), [in_words(o.state.words) for o in found], 8, 30),
        "day": fixed(in_words(say("Received")), received, is_number=False),
    }
    print_fitted(Console(), columns, _WANTED)


def show_one(settings: Settings, found: Contribution) -> None:
    """Print all of one."""
    show(say("{id}: {title}", id=found.id, title=found.title))
    for name, value in _facts(settings, found):
        if value:
            show(indented(say("{name}: {value}", name=name, value=value)))
    tell_disguises(found)
    click.echo()
    for line in found.text.split("\n"):
        show(indented(say("{line}", line=line)))


def tell_disguises(found: Contribution) -> None:
    """Tell of addresses that look as if they led elsewhere: mail programs make links of them."""
    for address, host in find_disguises(found):
        told = say("Beware: “{address}” leads to {host}.", address=address, host=host)
        tell(indented(told), fg="yellow")


def as_values(one: Contribution) -> Mapping[str, Any]:
    """Return one as JSON has it."""
    return {
        "id": one.id,
        "kind": one.kind,
        "state": one.state,
        "received_at": one.received_at.isoformat(),
        "title": one.title,
        "text": one.text,
        "link": one.link,
        "disguised": [{"address": a, "host": host} for a, host in find_disguises(one)],
        "dates": one.dates,
        "place": one.place,
        "region": one.region,
        "name": one.name,
        "organisation": one.organisation,
        "address": one.address,
        "language": one.language,
        "has_picture": bool(one.picture_bytes),
        "picture_words": one.picture_words,
        "in_flood": one.is_slow,
        "note": one.note,
        "issue": one.issue,
        "decided_at": one.decided_at.isoformat() if one.decided_at else None,
        "mail": one.mail,
        "mailed_at": one.mailed_at.isoformat() if one.mailed_at else None,
    }


def _title(one: Contribution) -> str:
    return f"{one.title} (!)" if one.is_slow else one.title


def _facts(settings: Settings, one: Contribution) -> Sequence[tuple[Wording, str]]:
    is_flood = say("yes, and without a proof of work") if one.is_slow else ""
    return (
        (say("What"), one.kind.words),
        (say("State"), one.state.words),
        (say("From"), one.sender),
        (say("Address"), one.address),
        (say("Region"), one.region),
        (say("When"), one.dates),
        (say("Where"), one.place),
        (say("Link"), one.link),
        (say("Picture"), one.picture_words if one.picture_bytes else ""),
        (say("Received"), settings.local_time(one.received_at)),
        (say("Came in a flood"), is_flood),
        (say("Issue"), one.issue),
        (say("Note"), one.note),
    )
