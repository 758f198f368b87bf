"""Meetings, surveys, and what members send in."""

import sqlalchemy as sa
from alembic import op

from newsletter.ledger.folding import Address
from newsletter.ledger.migrations.additions import add, given

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Create the tables of the network's own work."""
    _let_mail_enclose_files()
    _create_of_contributions()
    _create_of_meetings()
    _create_of_surveys()


def _create_of_contributions() -> None:
    op.create_table(
        "contributions",
        sa.Column("id", sa.Integer, primary_key=True),
        *given(sa.String, "kind", "state", "received_at", "name", "organisation"),
        *given(sa.String, "address", index=True),
        *given(sa.String, "language", "region", "title"),
        *given(sa.Text, "text", "link"),
        *given(sa.String, "dates", "place", "wording"),
        *given(sa.String, "digest", unique=True),
        *given(sa.String, "picture_type"),
        *given(sa.Integer, "picture_bytes"),
        *given(sa.Text, "picture_words"),
        sa.Column("picture", sa.LargeBinary),
        *given(sa.Integer, "turn"),
        *given(sa.Boolean, "is_slow"),
        *given(sa.Text, "note"),
        *given(sa.String, "issue"),
        *(sa.Column(name, sa.String) for name in ("decided_at", "written_at")),
        *given(sa.String, "mail"),
        sa.Column("mailed_at", sa.String),
        *given(sa.String, "told_in"),
        sa.Column("told_at", sa.String),
    )
    op.create_index("ix_contributions_state", "contributions", ["state", "id"])


def _let_mail_enclose_files() -> None:
    add("editions", sa.JSON, "enclosures", default="[]")


def _create_of_meetings() -> None:
    _create_meetings()
    _create_registrations()
    _create_mails_of_meetings()


def _create_meetings() -> None:
    op.create_table(
        "meetings",
        sa.Column("id", sa.String, primary_key=True),
        *given(sa.String, "starts_at", "ends_at"),
        *given(sa.JSON, "told"),
        *given(sa.Integer, "sequence"),
        sa.Column("paused_at", sa.String),
        sa.Column("called_off_at", sa.String),
        sa.Column("late_told_at", sa.String),
        sa.Column("late_until", sa.String),
        *given(sa.JSON, "sums"),
    )


def _create_registrations() -> None:
    op.create_table(
        "registrations",
        sa.Column("id", sa.Integer, primary_key=True),
        *given(sa.String, "key", unique=True),
        *given(sa.String, "uid", "meeting"),
        sa.Column("address", Address),
        *given(sa.String, "subscriber_key", index=True),
        *given(sa.String, "name", "badge", "organisation", "region", "language"),
        *given(sa.String, "attending", "state"),
        sa.Column("on_site_seat", sa.Integer),
        sa.Column("remote_seat", sa.Integer),
        *given(sa.String, "wanted_at"),
        sa.Column("line_at", sa.String),
        sa.Column("offer_until", sa.String),
        *given(sa.JSON, "answers"),
        *given(sa.Text, "needs"),
        *given(sa.Boolean, "is_late"),
        *given(sa.Integer, "sequence"),
        *given(sa.String, "changed_at"),
        sa.Column("cancelled_at", sa.String),
        *given(sa.String, "cancelled_from"),
        sa.Column("came", sa.String),
        sa.Column("came_at", sa.String),
        *given(sa.String, "came_by"),
        sa.UniqueConstraint("meeting", "address"),
        sa.UniqueConstraint("meeting", "on_site_seat", name="uq_registrations_on_site_seat"),
        sa.UniqueConstraint("meeting", "remote_seat", name="uq_registrations_remote_seat"),
        sa.CheckConstraint(
            "state NOT IN ('wanted', 'waiting', 'cancelled') "
            "OR (on_site_seat IS NULL AND remote_seat IS NULL)",
            name="seatless",
        ),
    )


def _create_mails_of_meetings() -> None:
    op.create_table(
        "meeting_mails",
        sa.Column("id", sa.Integer, primary_key=True),
        *given(sa.Integer, "registration_id"),
        *given(sa.String, "meeting", index=True),
        *given(sa.String, "kind"),
        *given(sa.Integer, "number"),
        *given(sa.String, "due_at", "state"),
        *given(sa.Text, "reason"),
        *given(sa.JSON, "detail"),
        *given(sa.String, "changed_at"),
        sa.UniqueConstraint("registration_id", "kind", "number"),
    )
    is_due = sa.text("state = 'due'")
    op.create_index(
        "ix_meeting_mails_due_at",
        "meeting_mails",
        ["due_at"],
        sqlite_where=is_due,
        postgresql_where=is_due,
    )


def _create_of_surveys() -> None:
    _create_surveys()
    _create_answers()
    _create_results()


def _create_surveys() -> None:
    op.create_table(
        "surveys",
        sa.Column("id", sa.String, primary_key=True),
        *given(sa.String, "kind"),
        *given(sa.Boolean, "is_open_to_all"),
        *given(sa.String, "digest"),
        *given(sa.JSON, "frozen", "notes"),
        *given(sa.String, "opened_at"),
        sa.Column("closes_at", sa.String),
        sa.Column("closed_at", sa.String),
    )


def _create_answers() -> None:
    """Create who has answered, and what was answered, by the three kinds of surveys."""
    op.create_table(
        "answered",
        sa.Column("survey_id", sa.String, primary_key=True),
        sa.Column("subscriber_key", sa.String, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "urns",
        sa.Column("survey_id", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        *given(sa.Integer, "count"),
        *given(sa.LargeBinary, "sealed"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ballots",
        sa.Column("survey_id", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        *given(sa.JSON, "answers"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "replies",
        sa.Column("survey_id", sa.String, primary_key=True),
        sa.Column("subscriber_key", sa.String, primary_key=True, index=True),
        *given(sa.JSON, "answers"),
        *given(sa.String, "day"),
        sqlite_with_rowid=False,
    )


def _create_results() -> None:
    op.create_table(
        "survey_results",
        sa.Column("survey_id", sa.String, primary_key=True),
        sa.Column("part", sa.String, primary_key=True),
        *given(sa.Integer, "answers"),
        *given(sa.JSON, "told"),
        *given(sa.String, "told_at"),
    )
