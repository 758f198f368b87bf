"""Lists of people become subscribers: read, checked, compared with those already known."""

from newsletter.audience.roster import Changes, Refusal, Roster, compare, read_roster, write_roster
from newsletter.audience.segments import holds

__all__ = [
    "Changes",
    "Refusal",
    "Roster",
    "compare",
    "holds",
    "read_roster",
    "write_roster",
]
