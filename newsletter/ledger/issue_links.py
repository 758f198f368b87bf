"""The author's links of a send, by number, and where its redirects lead."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, select, update

from newsletter.ledger.bulk import in_chunks
from newsletter.ledger.frozen import REHEARSAL
from newsletter.ledger.tables import metadata, sends
from newsletter.model import AuthoredLink, Counting

links = metadata.tables["links"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Destinations:
    """Where the redirects of a send lead."""

    urls: dict[int, str]  # by number
    is_counted: bool  # False: a test, a notice, or what looks as if a reader had done it


def keep_links(
    connection: Connection, send_id: int, new: Iterable[AuthoredLink], language: str
) -> None:
    """Number the links of an edition that have no number yet, after those that do.

    What leads through the service in one edition may be barred by another; a number leads where it
    did all the same.
    """
    known = find_links(connection, send_id)
    by_url = {link.url: link for link in new}
    unknown = [link for url, link in by_url.items() if url not in known]
    first = max(known.values(), default=0) + 1
    rows = [
        {"send_id": send_id, "number": n, "language": language, **asdict(link)}
        for n, link in enumerate(unknown, first)
    ]
    if rows:
        connection.execute(insert(links), rows)
    if barred := [known[url] for url, link in by_url.items() if url in known and not link.leads]:
        these = (links.c.send_id == send_id) & links.c.number.in_(barred)
        connection.execute(update(links).where(these).values(leads=False))


def find_links(connection: Connection, send_id: int) -> dict[str, int]:
    """Which links has a send, and under which numbers?"""
    query = select(links.c.url, links.c.number).where(links.c.send_id == send_id)
    return {url: number for url, number in connection.execute(query)}


def find_leading(connection: Connection, send_id: int) -> dict[str, int]:
    """Which links of a send may lead through the public service, and under which numbers?"""
    query = select(links.c.url, links.c.number).where(links.c.send_id == send_id, links.c.leads)
    return {url: number for url, number in connection.execute(query)}


def find_destinations(connection: Connection, send_id: int) -> Destinations | None:
    """Where do the redirects of a send lead, and do they count? None if there is no such send.

    A rehearsal counts for itself where all copies are the same; elsewhere, who tries it would be
    taken for the reader whose copy they look at.
    """
    columns = (sends.c.scope, sends.c.issue_id, sends.c.counting)
    found = connection.execute(select(*columns).where(sends.c.id == send_id)).one_or_none()
    if found is None:
        return None
    is_tried = found.scope == f"{REHEARSAL}{found.issue_id}"
    is_counted = found.scope == found.issue_id or (
        is_tried and found.counting == Counting.AGGREGATE
    )
    urls = {number: url for url, number in find_links(connection, send_id).items()}
    return Destinations(urls=urls, is_counted=is_counted)


def find_counted(connection: Connection, send_ids: Iterable[int]) -> dict[int, Mapping[str, int]]:
    """Which of these sends are issues of which a provider may tell, and which links do they have?

    Not those that we counted: their mail said who does, and of whom.
    """
    ours = [one for one in Counting if one.is_ours]
    is_theirs = (sends.c.scope == sends.c.issue_id) & sends.c.counting.not_in(ours)
    found: dict[int, Mapping[str, int]] = {}
    for some in in_chunks(send_ids):
        query = select(sends.c.id).where(sends.c.id.in_(some), is_theirs)
        for id in connection.execute(query).scalars():
            found[id] = find_links(connection, id)
    return found
