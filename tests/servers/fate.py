"""Invent what becomes of mail, always the same for the same number of messages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .dialect import Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What a provider could count of so many messages."""

    sent: int
    delivered: int
    hard_bounces: int
    soft_bounces: int
    bounces: int  # hard and soft
    unique_opens: int
    opens: int
    unique_clicks: int
    clicks: int
    unsubscribed: int
    complained: int = 0


def fate(count: int) -> Fate:
    """Say what becomes of so many messages."""
    hard, soft = count // 200, count // 100
    delivered = count - hard - soft
    opens, clicks = delivered * 45 // 100, delivered * 12 // 100
    return Fate(
        sent=count,
        delivered=delivered,
        hard_bounces=hard,
        soft_bounces=soft,
        bounces=hard + soft,
        unique_opens=opens,
        opens=opens + opens // 3,
        unique_clicks=clicks,
        clicks=clicks + clicks // 3,
        unsubscribed=count // 300,
    )


def counts(count: int, names: Mapping[str, str]) -> dict[str, int]:
    """Tell the fate of so many messages in a provider's names; "" is what never happens."""
    told = fate(count)
    return {theirs: getattr(told, ours) if ours else 0 for theirs, ours in names.items()}


def gone(sent: Sequence[Sent], words: Mapping[str, str]) -> Iterator[tuple[Sent, str]]:
    """Yield mail whose reader is gone, with a provider's word for it.

    Addresses say so of themselves: `words` has, for each word, how they begin, such as "bounces".
    """
    for each in sent:
        for word, begin in words.items():
            if each.mail.email.startswith(begin):
                yield each, word
