"""Reads a row of a provider's list of opens and clicks: what a webhook tells, asked for."""

from collections.abc import Mapping
from typing import Any

from newsletter.model import Return, ReturnKind
from newsletter.providers.webhooks.posted_events import message_id, moment, words

_LONGEST_URL = 2000  # characters

# What a row tells -> the names by which a provider tells it.
Names = Mapping[str, str]


def visit_in(
    row: Mapping[str, Any],
    kind: ReturnKind,
    source: str,
    names: Names,
    *,
    is_machine: bool | None = None,
) -> Return:
    """Return what a row tells; raise an error for one without a time or the message it is of."""
    told = {ours: row.get(theirs) for ours, theirs in names.items()}
    at, message = moment(told["at"]), message_id(told["message_id"])
    if at is None or not message:
        raise ValueError("no visit")
    return Return(
        kind=kind,
        source=source,
        at=at,
        address=words(told.get("address")),
        message_id=message,
        tag=words(told.get("tag")),
        url=words(told.get("url"), _LONGEST_URL),
        is_machine=is_machine,
        agent=words(told.get("agent")),
        network=words(told.get("network")),
    )
