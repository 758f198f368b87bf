"""Checks that every link in a mail leads somewhere, and takes nobody for another reader."""

import ipaddress
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote, urlsplit

from newsletter.addresses import check_address
from newsletter.checking.instruments import (
    Draft,
    Page,
    anchors_in,
    anchors_of,
    checks,
    html_of,
    lines_of,
    once,
    suggest_link,
    template_links,
)
from newsletter.errors import AudienceError
from newsletter.language import lookalike, say
from newsletter.model import Block, Finding, Heading, Rule, Severity, Variant, walk

_SCHEMES = ("https", "http", "mailto", "tel", "sms")
# RFC 1918, section 3, and RFC 4193, section 3.
_PRIVATE = [
    ipaddress.ip_network(network)
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
]
_LOCAL = re.compile(r"(?:^|\.)(?:localhost|local|internal)$")
_MOST_NAMES = 10  # of headings that a hint lists
# A signed token of somebody, as it stands behind the links of their mail.
_MEMBER = re.compile(r"[?&]me=[\w-]{8,}\.[\w-]{20,}")
_UNFILLED = re.compile(r"\{%|\{\{|\*\||%recipient\.|%%\w+%%")


PUBLIC_URL = Rule(id="public-url", summary="Something answers at the public URL")
PUBLIC_URL_HTTP = Rule(
    id="public-url-http", summary="The public URL is encrypted", source="RFC 8058, section 3.1"
)


@checks(PUBLIC_URL, PUBLIC_URL_HTTP)
def check_public_url(draft: Draft) -> Iterator[Finding]:
    """Links below the public URL can exist, and one-click unsubscribing works."""
    if not draft.public_url:
        return
    yield PUBLIC_URL.warning(
        "pictures, archive and unsubscribe links lead to {address}",
        "“newsletter serve” answers there: pictures, the archive, and whoever leaves; leave "
        "public_url out unless it runs",
        address=draft.public_url,
    )
    if draft.public_url.startswith("http:"):
        yield PUBLIC_URL_HTTP.finding(
            _unless_rehearsed(draft),
            "{address} is not encrypted",
            "one-click unsubscribing needs https:// (RFC 8058)",
            address=draft.public_url,
        )


def _unless_rehearsed(draft: Draft) -> Severity:
    """Return how serious a public URL is that serves no reader: none reads a rehearsal."""
    return Severity.WARNING if draft.is_rehearsal else Severity.ERROR


LINK_EMPTY = Rule(id="link-empty", summary="Each link leads somewhere", source="WCAG 2.2, 2.4.4")
LINK_ANCHOR = Rule(
    id="link-anchor", summary="A link within the issue has its place", source="HTML standard"
)
LINK_UNFILLED = Rule(id="link-unfilled", summary="No merge field is left in a link")
LINK_SPACE = Rule(id="link-space", summary="No link holds a space", source="RFC 3986")
LINK_SCHEME = Rule(
    id="link-scheme", summary="Each link has a scheme mail programs follow", source="RFC 3986"
)
LINK_MAILTO = Rule(id="link-mailto", summary="A mail link has a valid address", source="RFC 6068")
LINK_HOST = Rule(id="link-host", summary="Each link names a host", source="RFC 3986")
LINK_LOCAL = Rule(
    id="link-local",
    summary="No link leads to a machine or network of your own",
    source="RFC 1918; RFC 4193",
)
LINK_HTTP = Rule(id="link-http", summary="Links are encrypted", source="RFC 9110, section 4.2.2")


@checks(
    LINK_EMPTY,
    LINK_ANCHOR,
    LINK_UNFILLED,
    LINK_SPACE,
    LINK_SCHEME,
    LINK_MAILTO,
    LINK_HOST,
    LINK_LOCAL,
    LINK_HTTP,
)
def check_links(draft: Draft) -> Iterator[Finding]:
    """Each link has a scheme and a target that others can reach."""
    places = _places(draft.issue.blocks)
    for anchor in anchors_of(draft):
        fault = _fault(anchor.url, places, [slot.source for slot in draft.issue.slots])
        if fault and not _is_of_service(draft, anchor.url, fault):
            yield fault.at(anchor.line)
    yield from _dead_for_some(draft, places)
    yield from _dead_in_templates(draft)
    if _is_local(urlsplit(draft.public_url).hostname or ""):
        yield LINK_LOCAL.finding(
            _unless_rehearsed(draft),
            "the links of the newsletter's own lead to {address}, on this machine or network",
            "that will do for a rehearsal in the outbox; before readers get mail, write the "
            "address they can open as public_url, or leave it out",
            address=draft.public_url,
        )


LINK_MEMBER = Rule(
    id="link-member",
    summary="No link that the author wrote says who reads",
    source="it was copied from a mail, and would make every reader its owner",
)


@checks(LINK_MEMBER)
def check_members(draft: Draft) -> Iterator[Finding]:
    """No link was copied from somebody's own mail."""
    for number, line in enumerate(lines_of(draft), 1):
        if draft.public_url and draft.public_url in line and _MEMBER.search(line):
            yield LINK_MEMBER.error(
                "this link was copied from somebody’s mail: whoever follows it is taken for them",
                "write it without “me=...”; each reader’s own is added when the issue is sent",
                line=number,
            )


def _is_of_service(draft: Draft, url: str, fault: Finding) -> bool:
    """Return whether a fault is that of the public URL, which is told once for all its links."""
    is_own = bool(draft.public_url) and f"{url}/".startswith(f"{draft.public_url}/")
    return is_own and fault.id in (LINK_LOCAL.id, LINK_HTTP.id)


def _dead_for_some(draft: Draft, places: set[str]) -> Iterator[Finding]:
    """Yield the links whose target is in the issue, but hidden from some who see the link."""
    if not draft.issue.conditions:
        return
    told: set[tuple[str, int]] = set()
    for variant in _variants(draft):
        blocks = draft.issue.for_readers(variant.met).blocks
        seen = _places(blocks)
        for anchor in anchors_in(draft, blocks):
            place = unquote(anchor.url.strip().removeprefix("#"))
            is_dead = anchor.url.strip().startswith("#") and place in places - seen
            if is_dead and (anchor.url, anchor.line) not in told:
                told.add((anchor.url, anchor.line))
                yield LINK_ANCHOR.error(
                    "“{url}” leads nowhere in {variant}: its target is in “only”",
                    "put the link into the same block, or its target outside",
                    line=anchor.line,
                    url=anchor.url,
                    variant=str(variant),
                )


def _dead_in_templates(draft: Draft) -> Iterator[Finding]:
    """Yield the links of templates that lead nowhere."""
    for named in template_links(draft):
        fault = _fault(named.address, _names_on(named.page), [])
        if fault and not _is_of_service(draft, named.address, fault):
            yield named.mending(draft).explained(fault)


@once
def _names_on(page: Page) -> set[str]:
    return set(map(str, page.root.xpath("//@id | //a/@name")))


def _variants(draft: Draft) -> list[Variant]:
    """Return who would get the issue; without a list, everybody a block may be meant for."""
    language = draft.issue.language
    if draft.audience and draft.audience.variants:
        return [v for v in draft.audience.variants if v.language == language]
    surroundings = sorted(draft.issue.surroundings, key=sorted)
    return [Variant(language=language, met=met) for met in surroundings]


def _fault(url: str, places: set[str], sources: list[str]) -> Finding | None:
    """Return what is wrong with a link, or None."""
    bare = url.strip()
    for source in sources:
        bare = bare.replace(source, "x")
    if bare in ("", "#"):
        return LINK_EMPTY.error("a link without a target", "write the address, or remove the link")
    if bare.startswith("#"):
        return None if unquote(bare[1:]) in places else _no_place(unquote(bare), places)
    if _UNFILLED.search(unquote(bare)) or _UNFILLED.search(bare):
        return LINK_UNFILLED.error(
            "“{url}” holds an unfilled field", "use a slot such as {{ region }}", url=url
        )
    if re.search(r"\s", bare):
        return LINK_SPACE.error("“{url}” holds a space", "write %20, or mend the address", url=url)
    return _fault_of_address(url, bare)


def _no_place(url: str, places: set[str]) -> Finding:
    """Return that a place is not in the issue, with the one that was probably meant."""
    hint = (
        lookalike(url[1:], sorted(places))
        or say("the places are named after headings: {names}", names=_some_of(places))
        if places
        else say("link to a page instead")
    )
    return LINK_ANCHOR.error("“{url}” is not a place in this issue", hint, url=url)


def _some_of(places: set[str]) -> str:
    first, more = sorted(places)[:_MOST_NAMES], len(places) > _MOST_NAMES
    return ", ".join([*first, "…"] if more else first)


def _fault_of_address(url: str, bare: str) -> Finding | None:
    try:
        parts = urlsplit(bare)
    except ValueError:
        return LINK_SCHEME.error("“{url}” is not an address", "write it as https://...", url=url)
    if parts.scheme not in _SCHEMES:
        return LINK_SCHEME.error("“{url}” has no usable scheme", suggest_link(url), url=url)
    if parts.scheme == "mailto":
        return _fault_of_mailto(url, parts.path)
    return _fault_of_host(url, parts.hostname or "", parts.scheme)


def _fault_of_host(url: str, host: str, scheme: str) -> Finding | None:
    if scheme not in ("http", "https"):
        return None
    if "." not in host and ":" not in host and host != "localhost":
        return LINK_HOST.error("“{url}” names no host", suggest_link(url), url=url)
    if _is_local(host):
        return LINK_LOCAL.error(
            "“{url}” leads to this machine or network", "link to a public address", url=url
        )
    if scheme == "http":
        return LINK_HTTP.warning(
            "“{url}” is not encrypted", "use https:// if the page has it", url=url
        )
    return None


def _is_local(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return bool(_LOCAL.search(host))
    own = address.is_loopback or address.is_link_local or address.is_unspecified
    return own or any(address in network for network in _PRIVATE)


def _fault_of_mailto(url: str, path: str) -> Finding | None:
    if not path and "?" in url:
        return None  # the reader fills in the address (RFC 6068, section 2)
    try:
        for address in unquote(path).split(","):
            check_address(address)
    except AudienceError:
        return LINK_MAILTO.error(
            "“{url}” is not a valid mail address", "write mailto:name@example.org", url=url
        )
    return None


def _places(blocks: tuple[Block, ...]) -> set[str]:
    """Return the targets for links within the issue."""
    known = list(walk(blocks))
    own = {b.name for b in known if isinstance(b, Heading) and b.name}
    html = " ".join(piece for b in known for piece in html_of(b))
    return own | {unescape(name) for name in re.findall(r'\s(?:id|name)="([^"]+)"', html)}
