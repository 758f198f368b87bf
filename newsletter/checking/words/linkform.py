"""Checks how links are written: typing mistakes, detours, tracking, and private targets."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote

from newsletter.checking.instruments import (
    PRIVATE,
    SHORTENERS,
    Anchor,
    Draft,
    anchors_of,
    checks,
    host_of,
    one_per_variant,
    page_of,
    shortened,
    split_address,
)
from newsletter.language import Wording, say
from newsletter.model import Finding, Rule, Severity
from newsletter.net import with_meant_end

_MOST_LINKS = 60
_SHOWN = 80  # characters
_LONGEST = 2_000  # characters; some mail programs and proxies follow no longer ones
_WIDE = re.compile(r"[\u00a0\u202f\u3000]")  # spaces that do not look like a mistake
_OPENING = {")": "(", "]": "[", "”": "“", "»": "«"}
# Parameters that a site or a mail service added for the person who clicked there.
_CLICK_IDS = frozenset(
    {
        *("fbclid", "gclid", "gbraid", "wbraid", "dclid", "msclkid", "twclid", "ttclid", "igshid"),
        *("igsh", "yclid", "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "vero_id", "ck_id"),
        *("oly_enc_id", "oly_anon_id", "wickedid", "s_cid", "li_fat_id", "sfmc_sub", "dm_i"),
    }
)
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
LINK_PRIVATE = Rule(
    id="link-private",
    summary="Readers outside your house can open each link",
    source="this program",
)
LINK_COUNT_LENGTH = Rule(
    id="link-count-length",
    summary="Links are not too many, and none too long",
    source="this program",
)


@checks(LINK_TYPO, LINK_DOUBLE_ENCODING, LINK_SHORTENER, LINK_PRIVATE, LINK_COUNT_LENGTH)
def check_form(draft: Draft) -> Iterator[Finding]:
    """Addresses are written correctly, and lead where anybody can follow."""
    count = 0
    for anchor in anchors_of(draft):
        count += 1
        for fault in (_typo, _encoding, _detour, _locked, _length):
            if found := fault(anchor.url):
                rule, severity, message, hint = found
                yield rule.finding(draft.path, severity, message, hint=hint, line=anchor.line)
                break
    if count > _MOST_LINKS:
        yield LINK_COUNT_LENGTH.note(
            draft.path,
            say("the issue has {count} links; nobody follows so many", count=count),
            hint=say("keep those that matter, and link to a page for the rest"),
        )
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
        fault = _foreign_tracking(anchor.url) or _campaign_fault(anchor, marks)
        if fault:
            message, hint = fault
            yield LINK_TRACKING_PARAMS.warning(draft.path, message, hint=hint, line=anchor.line)


Fault = tuple[Rule, Severity, str, str]  # rule, severity, message and hint


def _typo(url: str) -> Fault | None:
    host = host_of(url)
    if "," in host or ".." in host or host.startswith("."):
        mended = re.sub(r"[.,]+", ".", host).strip(".")
        message = say("“{host}” is not a host name", host=host)
        return LINK_TYPO, Severity.ERROR, message, _meant(mended)
    if mended := with_meant_end(host):
        message = say("no address ends as “{host}” does", host=host)
        return LINK_TYPO, Severity.ERROR, message, _meant(mended)
    if re.match(r"(?:ww|wwww+)\.", host) or re.match(r"www[a-z][a-z-]+\.[a-z]+$", host):
        mended = re.sub(r"^w+\.?", "www.", host)
        message = say("“{host}” looks misspelt", host=host)
        return LINK_TYPO, Severity.WARNING, message, _meant(mended)
    if re.match(r"https?://https?[:/]", url):
        message = say("“{url}” begins with https:// twice", url=url)
        return LINK_TYPO, Severity.ERROR, message, say("write it once")
    return None


def _meant(address: str) -> Wording:
    return say("did you mean {address}?", address=address)


def _encoding(url: str) -> Fault | None:
    plain = unquote(url)
    if _WIDE.search(url) or _WIDE.search(plain):
        shown = _WIDE.sub("·", plain)
        message = say("“{shown}” holds a space that does not break, at the dot", shown=shown)
        hint = say("type the address anew; it was copied with more than the eye sees")
        return LINK_DOUBLE_ENCODING, Severity.ERROR, message, hint
    if (
        "&amp;" in url
        or "%2525" in url
        or re.search(r"%25[0-9a-f]{2}", split_address(url).path, re.I)
    ):
        hint = say("write {address}", address=plain.replace("&amp;", "&"))
        message = say("“{url}” was encoded twice", url=url)
        return LINK_DOUBLE_ENCODING, Severity.ERROR, message, hint
    if re.search(r"[?&]\w+=3D", url):
        hint = say("write {address}", address=url.replace("=3D", "="))
        message = say("“{url}” was copied from a raw mail", url=url)
        return LINK_DOUBLE_ENCODING, Severity.ERROR, message, hint
    last = url[-1:]
    if url.startswith("http") and last in ".,;:!”»)]\"'" and not _is_balanced(url, last):
        hint = say("leave it out of the address")
        message = say(
            "“{url}” ends in “{sign}”, which may belong to the sentence", url=url, sign=last
        )
        return LINK_DOUBLE_ENCODING, Severity.WARNING, message, hint
    return None


def _detour(url: str) -> Fault | None:
    host = host_of(url).removeprefix("www.")
    if host in SHORTENERS:
        message = say(
            "“{url}” hides where it leads; readers and mail filters mistrust that", url=url
        )
        return LINK_SHORTENER, Severity.WARNING, message, say("link to the page itself")
    return None


def _locked(url: str) -> Fault | None:
    if not PRIVATE.search(url):
        return None
    url = shortened(url, _SHOWN)
    message = say("“{url}” may open only for you and your colleagues", url=url)
    hint = say("try it in a private window; share a public page or a copy instead")
    return LINK_PRIVATE, Severity.WARNING, message, hint


def _length(url: str) -> Fault | None:
    if len(url) <= _LONGEST:
        return None
    message = say(
        "an address of {length:,} characters; not every mail program follows it", length=len(url)
    )
    return LINK_COUNT_LENGTH, Severity.WARNING, message, say("link to a shorter address")


def _foreign_tracking(url: str) -> tuple[str, str] | None:
    """Return message and hint about tracking that others added to a link."""
    if target := _wrapped(url):
        message = say(
            "the link leads through {host}, which records who follows it", host=host_of(url)
        )
        return message, say("write {address}", address=target)
    query = split_address(url).query
    found = [key for key, _ in parse_qsl(query, keep_blank_values=True) if key in _CLICK_IDS]
    if not found:
        return None
    kept = [pair for pair in query.split("&") if pair.partition("=")[0] not in _CLICK_IDS]
    mended = url.replace(f"?{query}", f"?{'&'.join(kept)}" if kept else "")
    return (
        say("the link carries “{key}”, the trace of whoever copied it", key=found[0]),
        say("write {address}", address=shortened(mended, _SHOWN)),
    )


def _campaign_fault(anchor: Anchor, marks: dict[str, tuple[str, int]]) -> tuple[str, str] | None:
    """Return message and hint about campaign parameters; `marks` holds those seen so far."""
    pairs = parse_qsl(split_address(anchor.url).query, keep_blank_values=True)
    keys = [key.lower() for key, _ in pairs if key.lower().startswith("utm_")]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice:
        return say("“{key}” occurs twice in the link", key=twice), say("keep one of them")
    if keys and not anchor.url.startswith("http"):
        return say("“{key}” in a link that is not a web page", key=keys[0]), say("leave it out")
    for key, value in pairs:
        if key not in ("utm_source", "utm_medium", "utm_campaign"):
            continue
        first, line = marks.setdefault(key, (value, anchor.line))
        if value != first:
            return (
                say(
                    "“{key}” is “{value}” here and “{first}” on line {line}",
                    key=key,
                    value=value,
                    first=first,
                    line=line,
                ),
                say("use one value in all links, or the figures will not add up"),
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
    for specimen in one_per_variant(draft):
        page = page_of(specimen)
        for element in page.elements("a"):
            url = element.get("href", "")
            if url not in written and ("&amp;" in url or re.search(r"[?&]\w+=3D", url)):
                yield LINK_DOUBLE_ENCODING.error(
                    draft.path,
                    say(
                        "“{url}” was encoded twice on its way into the mail",
                        url=shortened(url, _SHOWN),
                    ),
                    hint=say("a template must write {{ url }}, without a filter"),
                    line=page.line_of(element),
                )


def _is_balanced(url: str, last: str) -> bool:
    opening = _OPENING.get(last)
    return opening is not None and url.count(opening) >= url.count(last)


CHECKS = (
    check_form,
    check_tracking,
)
