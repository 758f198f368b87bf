"""Follows the links of an issue, gently, and reports those that are broken or lead elsewhere."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from newsletter.checking.instruments import CheckResult, host_of, vocabulary
from newsletter.checking.online.follow import follow
from newsletter.checking.online.memory import Remembered, Visit, recall, remember
from newsletter.checking.online.unanswered import OFFLINE
from newsletter.checking.online.visits import Pace, visit_each
from newsletter.checking.online_rules import LINK_BROKEN, LINK_FRAGMENT, LINK_REDIRECTS, LINK_RULES
from newsletter.language import say, say_list
from newsletter.model import Finding, Severity, Skipped
from newsletter.net import Ask, Cause, Network, fetch

_MOST_HOPS = 2  # redirects that a reader on a slow connection does not notice
_SENDS = re.compile(vocabulary.PATTERNS["acts"])
_LOGIN = re.compile(vocabulary.PATTERNS["login"])
_SEVERITIES: dict[str, Severity] = {
    **{cause: Severity.WARNING for cause in Cause if cause not in OFFLINE},
    Cause.ADDRESS: Severity.ERROR,
    Cause.NAME: Severity.ERROR,
    Cause.CERTIFICATE: Severity.ERROR,
    Cause.TLS: Severity.ERROR,
}
_WARNED = say("browsers will warn of it; tell whoever runs the site, or link elsewhere")
_HINTS: dict[str, str] = {
    Cause.INTERNAL: say(
        "readers elsewhere cannot reach it; see [check] allow_internal for intranets"
    ),
    Cause.CERTIFICATE: _WARNED,
    Cause.TLS: _WARNED,
    Cause.NAME: say("compare the address with the one in your browser"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOptions:
    """How links are followed, and where their findings are reported."""

    path: str  # the file
    contact: str  # where the owner of a site can write to about our requests
    now: dt.datetime  # with a time zone
    network: Network
    public_url: str = ""  # unsubscribe links begin with it
    marker_key: str = ""  # beginning of the markers of slots
    cache: Path | None = None  # file that remembers working links
    pace: Pace = field(default_factory=Pace)


def check_links_online(
    links: Sequence[tuple[str, int]], *, options: LinkOptions
) -> Iterator[CheckResult]:
    """Follow each web link once; yield findings, and the rules not fully checked with the reason.

    Links that may do something for whoever follows them are never requested.
    """
    web = [(url.strip(), line) for url, line in dict.fromkeys(links) if _is_web(url)]
    urls = list(dict.fromkeys(url for url, _ in web))
    wanted = [url for url in urls if may_follow(url, options)]
    visits = _visit_all(wanted, options)
    for url, line in web:
        if url in visits:
            yield from (f.at(line).in_file(options.path) for f in _judge(url, visits[url]))
    yield from _skipped(urls, set(wanted), visits)


def may_follow(url: str, options: LinkOptions) -> bool:
    """Return whether a link is safe to follow: doing so must not, say, unsubscribe a reader."""
    plain = unquote(url)
    if "{{" in plain or "{%" in plain or (options.marker_key and options.marker_key in plain):
        return False
    if options.public_url and plain.startswith(f"{options.public_url}/u/"):
        return False
    return not _SENDS.search(plain.lower())


def user_agent(contact: str) -> str:
    """Return a User-Agent with the name of the program and a contact address."""
    return f"newsletter-link-check/1 (+mailto:{contact})"


def _is_web(url: str) -> bool:
    return bool(re.match(r"\s*https?:", url, flags=re.I))


def _visit_all(urls: list[str], options: LinkOptions) -> dict[str, Visit]:
    """Return the visits made within the budget; a missing link was not checked."""
    known = recall(options.cache, options.now)
    agent = user_agent(options.contact)

    def go(url: str, ask: Ask) -> Visit:
        return follow(
            url, ask=ask, agent=agent, may_follow=lambda there: may_follow(there, options)
        )

    fresh = visit_each(
        [url for url in urls if url not in known],
        go=go,
        fetch=lambda request: fetch(request, options.network),
        pace=options.pace,
    )
    seen = {url: Remembered(visit=visit, at=options.now) for url, visit in fresh.items()}
    if seen:
        remember(options.cache, {**known, **seen})
    visits = {**known, **seen}
    return {url: visits[url].visit for url in urls if url in visits}


# --- judging ------------------------------------------------------------------------------


def _judge(url: str, visit: Visit) -> Iterator[Finding]:
    if visit.trouble in _SEVERITIES:
        severity, hint = _SEVERITIES[visit.trouble], _HINTS.get(visit.trouble, "")
        yield LINK_BROKEN.finding(severity, "“{url}” {fault}", hint, url=url, fault=visit.words)
    elif visit.status >= 400:
        yield _refused(url, visit.status)
    elif fault := _astray(url, visit.hops):
        hint = say("if that is right, link to it: {url}", url=visit.hops[-1])
        yield LINK_REDIRECTS.warning("“{url}” {fault}", hint, url=url, fault=fault)
    if visit.fragment is False:
        # A script may add the target once the page is open.
        yield LINK_FRAGMENT.note(
            "the page of “{url}” has no place called “{place}”",
            "link to the page as a whole",
            url=url,
            place=url.partition("#")[2],
        )


def _refused(url: str, status: int) -> Finding:
    if status in (404, 410):
        return LINK_BROKEN.error(
            "“{url}” does not exist ({status})", "find its new address", url=url, status=status
        )
    if status in (401, 403):
        return LINK_BROKEN.warning(
            "“{url}” is refused ({status})",
            "open it in a private window: it may want a login, or only dislike programs",
            url=url,
            status=status,
        )
    if status == 429:
        return LINK_BROKEN.warning(
            "“{url}” asks to come back later (429)",
            "open it in a browser, or check again later",
            url=url,
        )
    return LINK_BROKEN.warning(
        "“{url}”: the server has a fault ({status})"
        if status >= 500
        else "“{url}”: the server does not take the request ({status})",
        "open it in a browser",
        url=url,
        status=status,
    )


def _astray(url: str, hops: tuple[str, ...]) -> str:
    """Return what is wrong with where a link's redirects lead, or ""."""
    if not hops:
        return ""
    way = (url, *hops)
    schemes = [address.partition(":")[0].lower() for address in way]
    if ("https", "http") in pairwise(schemes):
        return say("is redirected to an address that is not encrypted")
    if _LOGIN.search(hops[-1].lower()) and not _LOGIN.search(url.lower()):
        return say("leads to a login ({url})", url=hops[-1])
    if _bare_host(url) != _bare_host(hops[-1]):
        return say("ends at another host ({host})", host=host_of(hops[-1]))
    return say("is sent on {count} times", count=len(hops)) if len(hops) > _MOST_HOPS else ""


def _bare_host(url: str) -> str:
    return host_of(url).removeprefix("www.")


def _skipped(urls: list[str], wanted: set[str], visits: dict[str, Visit]) -> Iterator[Skipped]:
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for url in urls:
        if url not in wanted:
            reasons[say("may do something in its reader's name")].append(url)
        elif url not in visits:
            reasons[say("was not reached in the time there was")].append(url)
        elif visits[url].trouble in (*OFFLINE, "acts"):
            reasons[visits[url].words].append(url)
    told = [say("{links} ({why})", links=" ".join(of), why=why) for why, of in reasons.items()]
    if told:
        reason = say("not asked for: {told}", told=say_list(told, "; "))
        yield from (rule.skipped(reason) for rule in LINK_RULES)
