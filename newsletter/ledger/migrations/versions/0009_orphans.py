"""Deliveries whose subscriber was removed with an import, and came back, are theirs again."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

# By the current address first, then by a former one.
_BY_ADDRESS = """
UPDATE deliveries SET subscriber_id = subscribers.id FROM subscribers
WHERE deliveries.subscriber_id IS NULL AND {subscriber} = {delivery}
"""
_BY_FORMER = """
UPDATE deliveries SET subscriber_id = subscribers.id FROM subscribers, former
WHERE deliveries.subscriber_id IS NULL AND {former} = {delivery}
AND former.subscriber_key = subscribers.key
"""


def upgrade() -> None:
    """Set the subscribers; a later address does not make them new readers of an issue."""
    connection = op.get_bind()
    form = 'lower({}.address COLLATE "C")'
    if connection.dialect.name == "sqlite":
        form = "{}.address"  # its columns compare folded
    tables = {"subscriber": "subscribers", "delivery": "deliveries", "former": "former"}
    columns = {name: form.format(table) for name, table in tables.items()}
    for statement in (_BY_ADDRESS, _BY_FORMER):
        connection.execute(sa.text(statement.format(**columns)))
