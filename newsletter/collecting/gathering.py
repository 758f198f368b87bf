"""Fetches all sources at once; one that fails is reported and stops no other."""

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from newsletter.collecting.cache import Cache
from newsletter.collecting.feeds import Feed, read_feed
from newsletter.collecting.finlex import Known, read_statutes
from newsletter.collecting.items import Item
from newsletter.collecting.network import fetch
from newsletter.collecting.shipped import Kind
from newsletter.errors import FeedError
from newsletter.language import say, say_many

_AT_ONCE = 6  # feeds


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A feed to fetch, or another source of news."""

    url: str
    name: str  # the editor's name for it; empty: its own title
    kind: Kind = "feed"
    language: str = ""  # of a source that offers several
    words: tuple[str, ...] = ()  # only news that have one of these; none: all


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """The result of fetching one feed."""

    source: Source
    name: str  # of the feed
    items: tuple[Item, ...] = ()
    is_unchanged: bool = False  # the server said so, and the stored copy was read
    error: str = ""  # the reason it failed
    notes: tuple[str, ...] = ()  # notes on what its editor can mend


def gather(
    sources: Sequence[Source],
    cache: Cache,
    since: dt.date,
    *,
    allow_internal: bool,
    zone: dt.tzinfo,
) -> list[Harvest]:
    """Fetch what each source offers now; the results are in the order of the sources.

    A source without an end, as the statute book is, is asked for what came since a day.
    """

    def ask(source: Source) -> Harvest:
        try:
            if source.kind == "finlex":
                return _ask_finlex(source, cache, since, allow_internal=allow_internal)
            return _ask(source, cache, allow_internal=allow_internal, zone=zone)
        except FeedError as err:
            return Harvest(source=source, name=source.name or source.url, error=err.words)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as err:
            # Untrusted input can always fail in yet another way, which must not affect the other
            # feeds.
            told = f"it cannot be read ({type(err).__name__})"
            return Harvest(source=source, name=source.name or source.url, error=told)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(ask, sources))


def _ask(source: Source, cache: Cache, *, allow_internal: bool, zone: dt.tzinfo) -> Harvest:
    kept = cache.find(source.url)
    page = fetch(
        source.url,
        etag=kept.etag if kept else "",
        last_modified=kept.last_modified if kept else "",
        allow_internal=allow_internal,
    )
    if page.body is None and kept is None:
        raise FeedError(say("its server says that nothing changed, but was not asked that"))
    current = kept if kept and page.body is None else page
    feed = read_feed(
        current.body or b"",
        url=current.url,
        content_type=current.content_type,
        name=source.name,
        zone=zone,
    )
    if page.body is not None:
        cache.keep(source.url, page)  # only what could be read
    return Harvest(
        source=source,
        name=source.name or feed.title or source.url,
        items=feed.items,
        is_unchanged=page.body is None,
        notes=_notes(feed, page.moved_to),
    )


def _ask_finlex(source: Source, cache: Cache, since: dt.date, *, allow_internal: bool) -> Harvest:
    def take(url: str) -> bytes:
        return fetch(url, allow_internal=allow_internal).body or b""

    known: Known = cache.remembered(source.url)
    try:
        found = read_statutes(
            source.url, source.language, since, take, known=known, source=source.name
        )
    finally:
        cache.remember(source.url, known)
    note = say_many(
        "{n:,} statute could not be read; collecting again tries it again",
        "{n:,} statutes could not be read; collecting again tries them again",
        n=found.unread,
    )
    return Harvest(
        source=source,
        name=source.name,
        items=found.items,
        notes=(note,) if found.unread else (),
    )


def _notes(feed: Feed, moved_to: str) -> tuple[str, ...]:
    notes = []
    if moved_to:
        notes.append(say("it moved for good; write {url} into newsletter.toml", url=moved_to))
    if feed.is_broken:
        notes.append(say("it is broken XML; what could be read was taken"))
    return tuple(notes)
