"""The author's links of a send, by number, and where its redirects lead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from newsletter.ledger.bulk import in_chunks
from newsletter.ledger.tables import metadata, sends

links = metadata.tables["links"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Destinations:
    """Where the redirects of a send lead."""

    urls: dict[int, str]  # by number
    is_counted: bool  # False: a test or a rehearsal, of which nobody is a reader


def keep_links(connection: Connection, send_id: int, urls: Iterable[str]) -> None:
    """Number links of a send that have no number yet, after those that do."""
    known = find_links(connection, send_id)
    new = [url for url in dict.fromkeys(urls) if url not in known]
    first = max(known.values(), default=0) + 1
    rows = [{"send_id": send_id, "number": n, "url": url} for n, url in enumerate(new, first)]
    if rows:
        connection.execute(insert(links), rows)


def find_links(connection: Connection, send_id: int) -> dict[str, int]:
    """Which links of a send lead through the public service, and under which numbers?"""
    query = select(links.c.url, links.c.number).where(links.c.send_id == send_id)
    return {url: number for url, number in connection.execute(query)}


def find_destinations(connection: Connection, send_id: int) -> Destinations | None:
    """Where do the redirects of a send lead, and do they count? None if there is no such send."""
    query = select(sends.c.scope == sends.c.issue_id).where(sends.c.id == send_id)
    is_counted = connection.execute(query).scalar_one_or_none()
    if is_counted is None:
        return None
    urls = {number: url for url, number in find_links(connection, send_id).items()}
    return Destinations(urls=urls, is_counted=bool(is_counted))


def find_counted(connection: Connection, send_ids: Iterable[int]) -> dict[int, Mapping[str, int]]:
    """Which of these sends are issues to their readers, and which links do they have?"""
    found: dict[int, Mapping[str, int]] = {}
    for some in in_chunks(send_ids):
        query = select(sends.c.id).where(sends.c.id.in_(some), sends.c.scope == sends.c.issue_id)
        for id in connection.execute(query).scalars():
            found[id] = find_links(connection, id)
    return found
