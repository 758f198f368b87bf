"""Invent what becomes of mail, always the same for the same number of messages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What a provider could count of so many messages."""

    sent: int
    delivered: int
    hard_bounces: int
    soft_bounces: int
    unique_opens: int
    opens: int
    unique_clicks: int
    clicks: int
    unsubscribed: int


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
        unique_opens=opens,
        opens=opens + opens // 3,
        unique_clicks=clicks,
        clicks=clicks + clicks // 3,
        unsubscribed=count // 300,
    )
