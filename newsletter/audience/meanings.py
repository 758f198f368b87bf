"""What the columns of a list mean, by their headers, the settings and the editor's answers."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence, Set

from newsletter.audience import vocabulary as words
from newsletter.audience.entries import MAX_COLUMNS, ImportOptions
from newsletter.audience.evidence import Evidence, EvidenceColumn, Shows
from newsletter.audience.headers import (
    WHY_REFUSED,
    address_rank,
    fold,
    folded,
    is_about_work,
    is_slot_name,
    role_of,
)
from newsletter.audience.standings import Kind, kind_of

# What `[import.columns]` may say of a column that is about standing.
MAPPED_KINDS = {
    "consent": Kind.CONSENT, "left": Kind.LEFT, "status": Kind.STATUS, "standing": Kind.OWN,
    "evidence": Kind.EVIDENCE,
}  # fmt: skip
# Up to when the ledger of an export had sent issues; comes after the standings, once any was sent.
SENT_UNTIL = "sent_until"
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S")  # as written, and as spreadsheets save it
_ANSWERED_KINDS = {"consent": Kind.CONSENT, "left": Kind.LEFT, "words": Kind.NOTE}


def known_columns(header: Sequence[str], wishes: ImportOptions) -> int:
    """Return how many columns a header row names; 0 if none holds addresses."""
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


def address_places(header: Sequence[str], wishes: ImportOptions) -> list[int]:
    """Return the indexes of columns that may hold addresses, the surest first."""
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


def kinds_of(header: Sequence[str], wishes: ImportOptions) -> dict[int, Kind]:
    """Return the columns that say who may be mailed, by index."""
    if is_own_export(header):
        return {list(header).index("standing", 3): Kind.OWN}
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
        elif is_evidence(head, wishes):
            kinds[place] = Kind.EVIDENCE
    return kinds


def is_evidence(head: str, wishes: ImportOptions) -> bool:
    """Return whether the editor, or the settings, say that a column shows who agreed."""
    is_named = fold(head) in map(fold, wishes.evidence)
    return is_named or mapped_to(head, wishes) == "evidence"


def find_evidence(
    header: Sequence[str],
    kinds: Mapping[int, Kind],
    codes: Mapping[int, Set[str]],
    wishes: ImportOptions,
) -> Evidence:
    """Return the columns that show who agreed, and those that tell more of it.

    `kinds` are the columns that say who may be mailed, `codes` the letters that mean yes in them.
    """
    shown = {place: _shows(head, kinds.get(place), wishes) for place, head in enumerate(header)}
    if not {*shown.values()} - {None, Shows.NOTHING}:
        return Evidence()
    columns = [
        EvidenceColumn(
            place=place,
            header=header[place].strip(),
            shows=shows,
            codes=codes.get(place, frozenset()),
            first=wishes.answers.get("dates", ""),
            today=wishes.today,
        )
        for place, shows in shown.items()
        if shows
    ]
    return Evidence(columns=columns)


def is_own_export(header: Sequence[str]) -> bool:
    """Return whether a list has the form of our own export, which holds only what was requested."""
    own = header[:-1] if [*header[-1:]] == [SENT_UNTIL] else header
    if [*own[:3], *own[3:][-1:]] != ["email", "name", "language", "standing"]:
        return False
    attributes = own[3:-1]
    return len(set(attributes)) == len(attributes) and all(map(is_slot_name, attributes))


def count_added(header: Sequence[str]) -> int:
    """Return how many columns our own file of refused rows puts before those of the list."""
    return len(WHY_REFUSED) if tuple(header[: len(WHY_REFUSED)]) == WHY_REFUSED else 0


def newest_day(values: Iterable[str]) -> str:
    """Return the newest of some days in comparable form; raise ValueError for an invalid one."""
    return max((_day(value.strip()) for value in values if value.strip()), default="")


def _day(text: str) -> str:
    for form in _DAYS:
        try:
            return dt.datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day
        except ValueError:
            continue
    raise ValueError(text)


def mapped_to(head: str, wishes: ImportOptions) -> str | None:
    """Return what the settings say of a column."""
    folded = fold(head)
    return next((m.strip() for h, m in wishes.mapping.items() if fold(h) == folded), None)


def _shows(head: str, kind: Kind | None, wishes: ImportOptions) -> Shows | None:
    folded, mapped = fold(head), mapped_to(head, wishes)
    answers = {wishes.answers.get(f"{what}:{head.strip()}") for what in ("evidence", "column")}
    if not answers.isdisjoint({"none", "ignore"}):
        return None
    if is_evidence(head, wishes):
        return Shows.BY_ANYTHING
    if kind in (Kind.CONSENT, Kind.JOINED):
        if folded in words.SAYS_WHEN_AGREED:
            return Shows.BY_DAY
        is_told = "consent" in {mapped, *answers}
        if is_told or folded in words.SAYS_AGREED or folded not in words.SUBSCRIBED_HEADERS:
            return Shows.BY_YES
    return Shows.NOTHING if folded in words.BESIDE_AGREED and mapped is None else None
