"""The pictures of what was frozen, by the digest of their bytes: embedded in mail, or hosted."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, select

from newsletter.ledger.bulk import insert_of
from newsletter.ledger.tables import pictures
from newsletter.model import Picture


def keep_pictures(connection: Connection, shown: Iterable[Picture]) -> None:
    """Keep pictures with an edition, hosted ones in both densities; known ones stay."""
    for picture in shown:
        for density in (picture, picture.single):
            if density is not None:
                values = {column.name: getattr(density, column.name) for column in pictures.c}
                statement = insert_of(connection)(pictures).values(**values)
                connection.execute(statement.on_conflict_do_nothing())


def load_picture(connection: Connection, source: str, digest: str) -> Picture:
    """Return a picture of an edition, with its path in the issue."""
    row = connection.execute(select(pictures).where(pictures.c.digest == digest)).one()
    return Picture(source=source, **row._mapping)


def find_picture(connection: Connection, digest: str) -> Picture | None:
    """Return the picture with this digest, if it was ever frozen."""
    row = connection.execute(select(pictures).where(pictures.c.digest == digest)).one_or_none()
    return None if row is None else Picture(source="", **row._mapping)


def list_pictures(connection: Connection) -> Iterator[Picture]:
    """Which pictures were ever frozen?"""
    for digest in connection.execute(select(pictures.c.digest)).scalars().all():
        yield load_picture(connection, "", digest)
