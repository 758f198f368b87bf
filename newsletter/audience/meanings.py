"""What the columns of a list mean, by their headers, the settings and the editor's answers."""

from collections.abc import Sequence

from newsletter.audience.entries import Wishes
from newsletter.audience.headers import (
    address_rank,
    fold,
    folded,
    is_about_work,
    is_slot_name,
    role_of,
)
from newsletter.audience.standings import Kind, kind_of
from newsletter.audience.tables import MAX_COLUMNS

# What `[import.columns]` may say of a column that is about standing.
MAPPED_KINDS = {
    "consent": Kind.CONSENT, "left": Kind.LEFT, "status": Kind.STATUS, "standing": Kind.OWN,
}  # fmt: skip
_ANSWERED_KINDS = {"consent": Kind.CONSENT, "left": Kind.LEFT, "words": Kind.NOTE}


def known_columns(header: Sequence[str], wishes: Wishes) -> int:
    """Return how many columns a row names, if it is a header; 0 when none is of addresses."""
    header = header[: MAX_COLUMNS + 1]  # a longer one is refused
    if not address_places(header, wishes):
        return 0
    beside = folded(header)
    return sum(
        bool(fold(cell))
        and (
            mapped_to(cell, wishes) is not None
            or address_rank(cell) is not None
            or role_of(cell) is not None
            or is_about_work(cell)
            or kind_of(cell, beside) is not None
        )
        for cell in header
    )


def address_places(header: Sequence[str], wishes: Wishes) -> list[int]:
    """Return the columns that may hold addresses, the surest first."""
    ranks: dict[int, int] = {}
    beside = folded(header)
    for place, head in enumerate(header):
        mapped = mapped_to(head, wishes)
        rank = address_rank(head)
        if mapped == "email":
            ranks[place] = -1
        elif mapped is None and rank is not None and kind_of(head, beside) is None:
            ranks[place] = rank
    return sorted(ranks, key=lambda place: (ranks[place], place))


def kinds_of(header: Sequence[str], wishes: Wishes) -> dict[int, Kind]:
    """Return the columns that say who may be mailed, by place."""
    if is_own_export(header):
        return {len(header) - 1: Kind.OWN}
    kinds: dict[int, Kind] = {}
    beside = folded(header)
    for place, head in enumerate(header):
        answer = wishes.answers.get(f"column:{head.strip()}", "")
        mapped = mapped_to(head, wishes)
        if answer == "ignore":
            continue
        if answer in _ANSWERED_KINDS:
            kinds[place] = _ANSWERED_KINDS[answer]
        elif mapped in MAPPED_KINDS:
            kinds[place] = MAPPED_KINDS[mapped]
        elif mapped is None and (kind := kind_of(head, beside)):
            kinds[place] = kind
    return kinds


def is_own_export(header: Sequence[str]) -> bool:
    """Tell whether a list has the form of our own export, which holds what was asked for."""
    if [*header[:3], header[-1]] != ["email", "name", "language", "standing"]:
        return False
    attributes = header[3:-1]
    return len(set(attributes)) == len(attributes) and all(map(is_slot_name, attributes))


def mapped_to(head: str, wishes: Wishes) -> str | None:
    """Return what the settings say of a column."""
    folded = fold(head)
    return next((m.strip() for h, m in wishes.mapping.items() if fold(h) == folded), None)
