"""Checks how links are written: typing mistakes, detours, tracking, and private targets."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote

from newsletter.checking.instruments import (
    Anchor,
    Draft,
    anchors_of,
    checks,
    host_of,
    hosts,
    mending,
    pages_of,
    shortened,
    split_address,
    template_links,
    vocabulary,
)
from newsletter.language import Wording, say
from newsletter.model import Finding, Rule
from newsletter.net import Disguise, disguise_of, typed_host, with_meant_end

_MOST_LINKS = 60
_SHOWN = 80  # characters
_LONGEST = 2_000  # characters; some mail programs and proxies follow no longer ones
_WIDE = re.compile(r"[\u00a0\u202f\u3000]")  # spaces that do not look like a mistake
_OPENING = {")": "(", "]": "[", "”": "“", "»": "«"}
# Addresses through which mail programs and networks redirect; the parameter holds the real target.
_WRAPPERS = (
    (re.compile(r"https://[^/]+\.safelinks\.protection\.(?:outlook|office365)\.com/"), "url"),
    (re.compile(r"https?://(?:www\.)?google\.[a-z.]+/url\?"), "q"),
    (re.compile(r"https?://(?:www\.)?google\.[a-z.]+/url\?"), "url"),
    (re.compile(r"https?://lm?\.(?:facebook|instagram)\.com/"), "u"),
    (re.compile(r"https?://(?:www\.)?linkedin\.com/(?:redir|safety)/"), "url"),
    (re.compile(r"https?://(?:www\.)?youtube\.com/redirect\?"), "q"),
    (re.compile(r"https?://urldefense\.(?:proofpoint\.)?com/v[12]/"), "u"),
)
_DEFENSE_V3 = re.compile(r"^https://urldefense\.(?:proofpoint\.)?com/v3/__(.+?)__;")


LINK_TYPO = Rule(
    id="link-typo", summary="No address holds a slip of the pen", source="RFC 3986; RFC 1034"
)
LINK_DOUBLE_ENCODING = Rule(
    id="link-double-encoding",
    summary="Each address is encoded once, and holds nothing unseen",
    source="RFC 3986, section 2.4; HTML standard",
)
LINK_SHORTENER = Rule(
    id="link-shortener",
    summary="Links show where they lead",
    source="bundled list of shorteners",
)
LINK_DISGUISED = Rule(
    id="link-disguised",
    summary="No link hides where it leads",
    source="URL standard, section 4.4: what stands before “@”, and “\\” in place of “/”",
)
LINK_PRIVATE = Rule(id="link-private", summary="Readers outside your house can open each link")
LINK_COUNT_LENGTH = Rule(
    id="link-count-length", summary="Links are not too many, and none too long"
)


@checks(
    *(LINK_TYPO, LINK_DISGUISED, LINK_DOUBLE_ENCODING),
    *(LINK_SHORTENER, LINK_PRIVATE, LINK_COUNT_LENGTH),
)
def check_form(draft: Draft) -> Iterator[Finding]:
    """Addresses are written correctly, and lead where anybody can follow."""
    anchors = anchors_of(draft)
    for anchor in anchors:
        for find_fault in (_typo, _disguise, _encoding, _detour, _locked, _length):
            if fault := find_fault(anchor.url):
                yield fault.at(anchor.line)
                break
    if (count := len(anchors)) > _MOST_LINKS:
        yield LINK_COUNT_LENGTH.note(
            "the issue has {count} links; nobody follows so many",
            "keep those that matter, and link to a page for the rest",
            count=count,
        )
    for named in template_links(draft):
        faults = (find(named.address) for find in (_typo, _disguise, _detour, _locked, _length))
        if fault := next(filter(None, faults), None):
            yield named.mending(draft).explained(fault)
    yield from _spoiled_by_templates(draft)


LINK_TRACKING_PARAMS = Rule(
    id="link-tracking-params",
    summary="Links are your own, without others' tracking",
    source="parameters documented by their services",
)


@checks(LINK_TRACKING_PARAMS)
def check_tracking(draft: Draft) -> Iterator[Finding]:
    """No link was copied with somebody else's tracking parameters; campaign parameters agree."""
    marks: dict[str, tuple[str, int]] = {}
    for anchor in anchors_of(draft):
        if fault := _foreign_tracking(anchor.url) or _campaign_fault(anchor, marks):
            yield fault.at(anchor.line)


def _typo(url: str) -> Finding | None:
    host = host_of(url)
    if "," in host or ".." in host or host.startswith("."):
        mended = re.sub(r"[.,]+", ".", host).strip(".")
        return LINK_TYPO.error("“{host}” is not a host name", _meant(mended), host=host)
    if mended := with_meant_end(host):
        return LINK_TYPO.error("no address ends as “{host}” does", _meant(mended), host=host)
    if re.match(r"(?:ww|wwww+)\.", host) or re.match(r"www[a-z][a-z-]+\.[a-z]+$", host):
        mended = re.sub(r"^w+\.?", "www.", host)
        return LINK_TYPO.warning("“{host}” looks misspelt", _meant(mended), host=host)
    if re.match(r"https?://https?[:/]", url):
        return LINK_TYPO.error("“{url}” begins with https:// twice", "write it once", url=url)
    return None


def _meant(address: str) -> Wording:
    return say("did you mean {address}?", address=address)


def _disguise(url: str) -> Finding | None:
    """Return that a link looks as if it led elsewhere; letters have a rule of their own."""
    if disguise_of(url) not in (Disguise.USER, Disguise.SIGNS) or "{{" in url:
        return None
    return LINK_DISGUISED.error(
        "“{url}” leads to {host}, whatever it looks like; mail programs warn of fraud",
        "write the address as a browser shows it, without “@” and “\\” before the page",
        url=shortened(url, _SHOWN),
        host=typed_host(url),
    )


def _encoding(url: str) -> Finding | None:
    plain = unquote(url)
    if _WIDE.search(url) or _WIDE.search(plain):
        shown = _WIDE.sub("·", plain)
        return LINK_DOUBLE_ENCODING.error(
            "“{shown}” holds a space that does not break, at the dot",
            "type the address anew; it was copied with more than the eye sees",
            shown=shown,
        )
    if (
        "&amp;" in url
        or "%2525" in url
        or re.search(r"%25[0-9a-f]{2}", split_address(url).path, re.I)
    ):
        return LINK_DOUBLE_ENCODING.error(
            "“{url}” was encoded twice",
            "write {address}",
            url=url,
            address=plain.replace("&amp;", "&"),
        )
    if re.search(r"[?&]\w+=3D", url):
        return LINK_DOUBLE_ENCODING.error(
            "“{url}” was copied from a raw mail",
            "write {address}",
            url=url,
            address=url.replace("=3D", "="),
        )
    last = url[-1:]
    if url.startswith("http") and last in ".,;:!”»)]\"'" and not _is_balanced(url, last):
        return LINK_DOUBLE_ENCODING.warning(
            "“{url}” ends in “{sign}”, which may belong to the sentence",
            "leave it out of the address",
            url=url,
            sign=last,
        )
    return None


def _detour(url: str) -> Finding | None:
    host = host_of(url).removeprefix("www.")
    if host in vocabulary.SHORTENERS:
        return LINK_SHORTENER.warning(
            "“{url}” hides where it leads; readers and mail filters mistrust that",
            "link to the page itself",
            url=url,
        )
    return None


def _locked(url: str) -> Finding | None:
    if not hosts.PRIVATE.search(url):
        return None
    url = shortened(url, _SHOWN)
    return LINK_PRIVATE.warning(
        "“{url}” may open only for you and your colleagues",
        "try it in a private window; share a public page or a copy instead",
        url=url,
    )


def _length(url: str) -> Finding | None:
    if len(url) <= _LONGEST:
        return None
    return LINK_COUNT_LENGTH.warning(
        "an address of {length:,} characters; not every mail program follows it",
        "link to a shorter address",
        length=len(url),
    )


def _foreign_tracking(url: str) -> Finding | None:
    """Return the fault of tracking that others added to a link."""
    if target := _wrapped(url):
        return LINK_TRACKING_PARAMS.warning(
            "the link leads through {host}, which records who follows it",
            "write {address}",
            host=host_of(url),
            address=target,
        )
    query = split_address(url).query
    found = [
        key for key, _ in parse_qsl(query, keep_blank_values=True) if key in vocabulary.CLICK_IDS
    ]
    if not found:
        return None
    kept = [pair for pair in query.split("&") if pair.partition("=")[0] not in vocabulary.CLICK_IDS]
    mended = url.replace(f"?{query}", f"?{'&'.join(kept)}" if kept else "")
    return LINK_TRACKING_PARAMS.warning(
        "the link carries “{key}”, the trace of whoever copied it",
        "write {address}",
        key=found[0],
        address=shortened(mended, _SHOWN),
    )


def _campaign_fault(anchor: Anchor, marks: dict[str, tuple[str, int]]) -> Finding | None:
    """Return what is wrong with campaign parameters; `marks` holds those seen so far."""
    pairs = parse_qsl(split_address(anchor.url).query, keep_blank_values=True)
    keys = [key.lower() for key, _ in pairs if key.lower().startswith("utm_")]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice:
        return LINK_TRACKING_PARAMS.warning(
            "“{key}” occurs twice in the link", "keep one of them", key=twice
        )
    if keys and not anchor.url.startswith("http"):
        return LINK_TRACKING_PARAMS.warning(
            "“{key}” in a link that is not a web page", "leave it out", key=keys[0]
        )
    for key, value in pairs:
        if key not in ("utm_source", "utm_medium", "utm_campaign"):
            continue
        first, line = marks.setdefault(key, (value, anchor.line))
        if value != first:
            return LINK_TRACKING_PARAMS.warning(
                say(
                    "“{key}” is “{value}” here and “{first}” on line {line}",
                    key=key,
                    value=value,
                    first=first,
                    line=line,
                ),
                "use one value in all links, or the figures will not add up",
            )
    return None


def _wrapped(url: str) -> str:
    """Return the real target of a link through a recording site; "" for others."""
    if match := _DEFENSE_V3.match(url):
        return match[1]
    for pattern, key in _WRAPPERS:
        if pattern.match(url):
            target = dict(parse_qsl(split_address(url).query)).get(key, "")
            if "urldefense" in host_of(url):  # its version 2 writes % as - and / as _
                target = unquote(target.replace("-", "%").replace("_", "/"))
            if target.startswith("http"):
                return target
    return ""


def _spoiled_by_templates(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each link that a template or serializer has encoded twice."""
    written = {anchor.url for anchor in anchors_of(draft)}
    for page in pages_of(draft):
        for element in page.elements("a"):
            url = element.get("href", "")
            if url not in written and ("&amp;" in url or re.search(r"[?&]\w+=3D", url)):
                fault = LINK_DOUBLE_ENCODING.error(
                    "“{url}” was encoded twice on its way into the mail",
                    "a template must write {{ url }}, without a filter",
                    url=shortened(url, _SHOWN),
                )
                yield mending(draft, page, element).told(fault)


def _is_balanced(url: str, last: str) -> bool:
    opening = _OPENING.get(last)
    return opening is not None and url.count(opening) >= url.count(last)
