"""Checks that every link in a mail leads somewhere."""

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from newsletter.addresses import check_address
from newsletter.checking.instruments import (
    Draft,
    anchors_in,
    anchors_of,
    checks,
    html_of,
    suggest_link,
)
from newsletter.errors import AudienceError
from newsletter.language import say
from newsletter.model import Block, Finding, Heading, Rule, Severity, Variant, walk

_SCHEMES = ("https", "http", "mailto", "tel", "sms")
# RFC 1918, section 3, and RFC 4193, section 3.
_PRIVATE = [
    ipaddress.ip_network(network)
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
]
_LOCAL = re.compile(r"(?:^|\.)(?:localhost|local|internal)$")
_UNFILLED = re.compile(r"\{%|\{\{|\*\||%recipient\.|%%\w+%%")


PUBLIC_URL = Rule(
    id="public-url", summary="Something answers at the public URL", source="this program"
)
PUBLIC_URL_HTTP = Rule(
    id="public-url-http", summary="The public URL is encrypted", source="RFC 8058, section 3.1"
)


@checks(PUBLIC_URL, PUBLIC_URL_HTTP)
def check_public_url(draft: Draft) -> Iterator[Finding]:
    """Links below the public URL can exist, and one-click unsubscribing works."""
    if not draft.public_url:
        return
    yield PUBLIC_URL.warning(
        draft.path,
        say("pictures, archive and unsubscribe links lead to {address}", address=draft.public_url),
        hint=say("this version serves nothing there; leave public_url out unless you do"),
    )
    if draft.public_url.startswith("http:"):
        yield PUBLIC_URL_HTTP.error(
            draft.path,
            say("{address} is not encrypted", address=draft.public_url),
            hint=say("one-click unsubscribing needs https:// (RFC 8058)"),
        )


LINK_EMPTY = Rule(id="link-empty", summary="Each link leads somewhere", source="WCAG 2.2, 2.4.4")
LINK_ANCHOR = Rule(
    id="link-anchor", summary="A link within the issue has its place", source="HTML standard"
)
LINK_UNFILLED = Rule(
    id="link-unfilled", summary="No merge field is left in a link", source="this program"
)
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
        if fault:
            rule, message, hint = fault
            severity = Severity.WARNING if rule is LINK_HTTP else Severity.ERROR
            yield rule.finding(draft.path, severity, message, hint=hint, line=anchor.line)
    yield from _dead_for_some(draft, places)


def _dead_for_some(draft: Draft, places: set[str]) -> Iterator[Finding]:
    """Yield the links whose target is in the issue, but hidden from some who see the link."""
    if not draft.issue.conditions:
        return
    told: set[tuple[str, int]] = set()
    for variant in _variants(draft):
        blocks = draft.issue.for_readers(variant.met).blocks
        seen = _places(blocks)
        for anchor in anchors_in(draft, blocks):
            place = anchor.url.strip().removeprefix("#")
            is_dead = anchor.url.strip().startswith("#") and place in places - seen
            if is_dead and (anchor.url, anchor.line) not in told:
                told.add((anchor.url, anchor.line))
                yield LINK_ANCHOR.error(
                    draft.path,
                    say(
                        "“{url}” leads nowhere in {variant}: its target is in “only”",
                        url=anchor.url,
                        variant=str(variant),
                    ),
                    hint=say("put the link into the same block, or its target outside"),
                    line=anchor.line,
                )


def _variants(draft: Draft) -> list[Variant]:
    """Return who would get the issue; without a list, everybody a block may be meant for."""
    language = draft.issue.language
    if draft.audience and draft.audience.variants:
        return [v for v in draft.audience.variants if v.language == language]
    surroundings = sorted(draft.issue.surroundings, key=sorted)
    return [Variant(language=language, met=met) for met in surroundings]


def _fault(url: str, places: set[str], sources: list[str]) -> tuple[Rule, str, str] | None:
    """Return rule, message and hint for what is wrong with a link, or None."""
    bare = url.strip()
    for source in sources:
        bare = bare.replace(source, "x")
    if bare in ("", "#"):
        hint = say("write the address, or remove the link")
        return LINK_EMPTY, say("a link without a target"), hint
    if bare.startswith("#"):
        if bare[1:] in places:
            return None
        message = say("“{url}” is not a place in this issue", url=url)
        return LINK_ANCHOR, message, say("link to a page instead")
    if _UNFILLED.search(unquote(bare)) or _UNFILLED.search(bare):
        message = say("“{url}” holds an unfilled field", url=url)
        return LINK_UNFILLED, message, say("use a slot such as {{ region }}")
    if re.search(r"\s", bare):
        message = say("“{url}” holds a space", url=url)
        return LINK_SPACE, message, say("write %20, or mend the address")
    return _fault_of_address(url, bare)


def _fault_of_address(url: str, bare: str) -> tuple[Rule, str, str] | None:
    try:
        parts = urlsplit(bare)
    except ValueError:
        message = say("“{url}” is not an address", url=url)
        return LINK_SCHEME, message, say("write it as https://...")
    if parts.scheme not in _SCHEMES:
        return LINK_SCHEME, say("“{url}” has no usable scheme", url=url), suggest_link(url)
    if parts.scheme == "mailto":
        return _fault_of_mailto(url, parts.path)
    return _fault_of_host(url, parts.hostname or "", parts.scheme)


def _fault_of_host(url: str, host: str, scheme: str) -> tuple[Rule, str, str] | None:
    if scheme not in ("http", "https"):
        return None
    if "." not in host and ":" not in host and host != "localhost":
        return LINK_HOST, say("“{url}” names no host", url=url), suggest_link(url)
    if _is_local(host):
        message = say("“{url}” leads to this machine or network", url=url)
        return LINK_LOCAL, message, say("link to a public address")
    if scheme == "http":
        message = say("“{url}” is not encrypted", url=url)
        return LINK_HTTP, message, say("use https:// if the page has it")
    return None


def _is_local(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return bool(_LOCAL.search(host))
    own = address.is_loopback or address.is_link_local or address.is_unspecified
    return own or any(address in network for network in _PRIVATE)


def _fault_of_mailto(url: str, path: str) -> tuple[Rule, str, str] | None:
    if not path and "?" in url:
        return None  # the reader fills in the address (RFC 6068, section 2)
    try:
        for address in unquote(path).split(","):
            check_address(address)
    except AudienceError:
        message = say("“{url}” is not a valid mail address", url=url)
        return LINK_MAILTO, message, say("write mailto:name@example.org")
    return None


def _places(blocks: tuple[Block, ...]) -> set[str]:
    """Return the targets for links within the issue."""
    known = list(walk(blocks))
    own = {b.anchor for b in known if isinstance(b, Heading) and b.anchor}
    html = " ".join(piece for b in known for piece in html_of(b))
    return own | set(re.findall(r'\s(?:id|name)="([^"]+)"', html))


CHECKS = (
    check_links,
    check_public_url,
)
