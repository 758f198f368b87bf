"""Asks the network about an issue: where links lead, how readers unsubscribe, who may send it."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from newsletter.checking.instruments import CheckResult, Draft, anchors_of
from newsletter.checking.online.dead_links import LinkOptions, check_links_online, user_agent
from newsletter.checking.online.dns import DnsOptions, check_dns_online
from newsletter.checking.online.leaving import check_leaving_online
from newsletter.checking.online.resolver import Resolver
from newsletter.checking.online.rules import DNS_RULES, LEAVING_RULES, LINK_RULES
from newsletter.checking.online.visits import Pace
from newsletter.checking.report import Report, join_reports, make_report
from newsletter.model import Finding, Image, Rule, Skipped, walk
from newsletter.net import Network, NoSuchHostError, is_internal, system_addresses, trusted_roots

_Outcome = tuple[list[Finding], list[tuple[str, str]]]


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
    selectors: tuple[str, ...]  # selectors of the keys that sign the mail
    callbacks: ProgressCallbacks


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """How readers unsubscribe by a link, or why there is none to be tried."""

    path: str  # where the public URL is set
    line: int | None
    url: str = ""  # with a key that nobody has
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whom an issue comes from."""

    sender: str  # address in ASCII
    reply_to: str
    bounce_domain: str  # where bounces go (envelope sender); empty if unknown
    path: str  # where the sender is set
    line: int | None


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
    parts: list[tuple[tuple[Rule, ...], Iterator[_Outcome]]] = [
        (LINK_RULES, (_links(lookout, draft) for draft in drafts)),
        (LEAVING_RULES, iter([_leaving(lookout, way_out)])),
        (DNS_RULES, (_dns(lookout, origin) for origin in origins)),
    ]
    return join_reports(
        make_report(_said(outcome), rules, silence=silence)
        for rules, outcomes in parts
        for outcome in outcomes
    )


def _said(outcome: _Outcome) -> Iterable[CheckResult]:
    findings, skipped = outcome
    return [*findings, *(Skipped(id=id, reason=reason) for id, reason in skipped)]


def _nothing(_address: str) -> bool:
    return False


def _find(resolver: Resolver, host: str) -> list[str]:
    try:
        return system_addresses(host)
    except NoSuchHostError:
        # Some systems say so about every host while there is no network. Only a name server knows.
        resolver.exists(host)
        raise


def _links(lookout: Lookout, draft: Draft) -> _Outcome:
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
    outcome = check_links_online(list(_links_of(draft)), options=options)
    lookout.callbacks.no_more_links()
    return outcome


def _links_of(draft: Draft) -> Iterator[tuple[str, int]]:
    pictures = [(b.source, b.line) for b in walk(draft.issue.blocks) if isinstance(b, Image)]
    yield from ((anchor.url, anchor.line) for anchor in anchors_of(draft))
    yield from ((url, draft.line_with(url, line)) for url, line in pictures)


def _leaving(lookout: Lookout, way_out: Exit) -> _Outcome:
    if way_out.why_not:
        return [], [(rule.id, way_out.why_not) for rule in LEAVING_RULES]
    return check_leaving_online(
        way_out.url,
        path=way_out.path,
        line=way_out.line,
        agent=user_agent(lookout.contact),
        network=lookout.network,
    )


def _dns(lookout: Lookout, origin: Origin) -> _Outcome:
    lookout.callbacks.domain(origin.sender.rpartition("@")[2])
    options = DnsOptions(
        path=origin.path,
        line=origin.line,
        resolver=lookout.resolver,
        selectors=lookout.selectors,
        bounce_domain=origin.bounce_domain,
    )
    return check_dns_online(origin.sender, origin.reply_to, options=options)
