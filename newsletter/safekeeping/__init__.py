"""Ledgers kept safe: moved to another database, backed up, and brought back without a double."""

from newsletter.safekeeping.moving import Moved, move, reopen
from newsletter.safekeeping.stowing import (
    BACKED_UP,
    Ready,
    Revived,
    Saved,
    Since,
    back_up,
    prepared,
    revive,
    usual_file,
)

__all__ = [
    "BACKED_UP",
    "Moved",
    "Ready",
    "Revived",
    "Saved",
    "Since",
    "back_up",
    "move",
    "prepared",
    "reopen",
    "revive",
    "usual_file",
]
