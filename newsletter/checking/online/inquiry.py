"""Asks the network about an issue: where links lead, how readers unsubscribe, who may send it."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from newsletter.checking.instruments import CheckResult, Draft, anchors_of
from newsletter.checking.online.dead_links import LinkOptions, check_links_online, user_agent
from newsletter.checking.online.dns import Origin, check_dns_online
from newsletter.checking.online.leaving import Exit, check_leaving_online
from newsletter.checking.online.resolver import Resolver
from newsletter.checking.online.visits import Pace
from newsletter.checking.online_rules import DNS_RULES, LEAVING_RULES, LINK_RULES
from newsletter.checking.report import Report, join_reports, make_report
from newsletter.model import Image, walk
from newsletter.net import Network, NoSuchHostError, is_internal, system_addresses, trusted_roots


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressCallbacks:
    """Callbacks that report the progress of the queries."""

    links: Callable[[int, int], None]  # links followed, of so many
    no_more_links: Callable[[], None]
    domain: Callable[[str], None]  # the domain that the DNS is asked about


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookout:
    """How the network is queried during one run."""

    resolver: Resolver
    network: Network
    now: dt.datetime  # UTC
    cache: Path  # file with the recent results of links
    contact: str  # address for those who wonder who is asking
    public_url: str
    callbacks: ProgressCallbacks


def open_network(
    nameserver: tuple[str, int] | None, *, allow_internal: bool
) -> tuple[Resolver, Network]:
    """Prepare to query web servers and the DNS, by a given name server or the system's."""
    resolver = Resolver(nameserver)
    network = Network(
        find_addresses=resolver.find_addresses if nameserver else partial(_find, resolver),
        context=trusted_roots(),
        is_forbidden=_nothing if allow_internal else is_internal,
    )
    return resolver, network


def inquire(
    lookout: Lookout,
    drafts: Iterable[Draft],
    way_out: Exit,
    origins: Sequence[Origin],
    *,
    silence: Mapping[str, str],
) -> Report:
    """Ask the network about an issue in all its languages."""
    leaving = check_leaving_online(
        way_out, agent=user_agent(lookout.contact), network=lookout.network
    )
    parts = [
        *((LINK_RULES, _links(lookout, draft)) for draft in drafts),
        (LEAVING_RULES, leaving),
        *((DNS_RULES, _dns(lookout, origin)) for origin in origins),
    ]
    return join_reports(make_report(said, rules, silence=silence) for rules, said in parts)


def _nothing(_address: str) -> bool:
    return False


def _find(resolver: Resolver, host: str) -> list[str]:
    try:
        return system_addresses(host)
    except NoSuchHostError:
        # Some systems say so about every host while there is no network. Only a name server knows.
        resolver.exists(host)
        raise


def _links(lookout: Lookout, draft: Draft) -> Iterator[CheckResult]:
    options = LinkOptions(
        path=draft.issue.path,
        contact=lookout.contact,
        now=lookout.now,
        network=lookout.network,
        public_url=lookout.public_url,
        marker_key=draft.issue.marker_key,
        cache=lookout.cache,
        pace=Pace(progress=lookout.callbacks.links),
    )
    yield from check_links_online(list(_links_of(draft)), options=options)
    lookout.callbacks.no_more_links()


def _links_of(draft: Draft) -> Iterator[tuple[str, int]]:
    pictures = [(b.source, b.line) for b in walk(draft.issue.blocks) if isinstance(b, Image)]
    yield from ((anchor.url, anchor.line) for anchor in anchors_of(draft))
    yield from ((url, draft.line_with(url, line)) for url, line in pictures)


def _dns(lookout: Lookout, origin: Origin) -> Iterator[CheckResult]:
    lookout.callbacks.domain(origin.sender.rpartition("@")[2])
    yield from check_dns_online(origin, lookout.resolver)
