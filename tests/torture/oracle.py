"""Judge a round: what the server accepted, against the people the ledger was given."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from .kinds import PEOPLE, Proof
from .stage import Row, Stage

EVERYBODY = frozenset(f"person{n}@example.org" for n in range(PEOPLE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a round came to."""

    lost: int  # people without the letter of whom the ledger does not say that it cannot know
    twice: int  # people with more than one
    unknown: int  # people of whom nobody could know
    repeats: int  # calls whose key the server recognised
    asked: int  # look-ups
    faults: tuple[str, ...]  # all that must not be, in words; these two among them


def judge(
    stage: Stage, faults: Sequence[str], *, guests: AbstractSet[str] = frozenset()
) -> Verdict:
    """Compare the journal with the ledger, once the send has come to its end, and each notice."""
    everybody = EVERYBODY | guests
    lines = stage.server.journal()
    mailed = Counter(str(line["email"]).lower() for line in lines if "email" in line)
    states = {address: state for address, state, _ in stage.deliveries()}
    unknown = {address for address, state in states.items() if state == "abandoned"}
    lost = everybody - mailed.keys() - unknown
    twice = {address for address, count in mailed.items() if count > 1}
    ends = {str(row[0]) for row in stage.ask("SELECT state FROM sends")} or {"no send"}
    wrong = {
        "lost": lost,
        "mailed twice": twice,
        "mailed, and not on the list": mailed.keys() - everybody,
        "not in the ledger": everybody ^ states.keys(),
        "not decided": {a for a, s in states.items() if s not in ("accepted", "abandoned")},
        "unknown, though there is proof": (
            unknown if stage.house.proof is not Proof.NOTHING else set()
        ),
        "objected to by the server": {str(x["violation"]) for x in lines if "violation" in x},
        "states of sends": ends - {"done"},
    }
    return Verdict(
        lost=len(lost),
        twice=len(twice),
        unknown=len(unknown),
        repeats=_count(lines, "repeat"),
        asked=_count(lines, "asked"),
        faults=(*faults, *(_worded(what, who) for what, who in wrong.items() if who)),
    )


def in_doubt(rows: Sequence[Row]) -> dict[int, set[str]]:
    """Return the people of each batch whose call is under way or was cut off."""
    found: dict[int, set[str]] = {}
    for address, state, batch in rows:
        if state in ("sending", "unknown"):
            found.setdefault(batch, set()).add(address)
    return found


def _count(lines: Sequence[Mapping[str, Any]], key: str) -> int:
    return sum(1 for line in lines if key in line)


def _worded(what: str, who: AbstractSet[str]) -> str:
    return f"{len(who)} {what} ({', '.join(sorted(who)[:3])})"
