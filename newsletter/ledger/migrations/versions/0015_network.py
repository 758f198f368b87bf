"""Meetings, surveys, and what members send in."""

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Create the tables of the network's own work."""
