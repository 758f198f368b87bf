"""Ledgers kept safe: moved to another database, backed up, and brought back without a double."""

from newsletter.safekeeping.archive import (
    BACKED_UP,
    Ready,
    Revived,
    Saved,
    back_up,
    prepared,
    revive,
    usual_file,
)
from newsletter.safekeeping.moving import Moved, move, reopen

__all__ = [
    "BACKED_UP",
    "Moved",
    "Ready",
    "Revived",
    "Saved",
    "back_up",
    "move",
    "prepared",
    "reopen",
    "revive",
    "usual_file",
]
