"""Checks that a mail tracks nobody without consent, and reveals nothing about its reader."""

import base64
import hashlib
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from newsletter.checking.instruments import (
    Draft,
    Page,
    checks,
    line_in,
    one_per_variant,
    page_of,
    passages_of,
    shortened,
    vocabulary,
)
from newsletter.language import say
from newsletter.model import Counting, Finding, Rule, Skipped, Specimen

_ADDRESSES = ("href", "src", "background", "srcset", "action")
_TINY = re.compile(r"(?:^|;)\s*(?:width|height):\s*[0-2](?:px)?\s*(?:;|$)", re.I)
_UNSEEN = re.compile(r"display:\s*none|visibility:\s*hidden|opacity:\s*0(?:\.0+)?\s*(?:;|$)", re.I)
_MEASURING = re.compile(vocabulary.PATTERNS["measuring"], re.I)
_SALE = re.compile(vocabulary.PATTERNS["sale"], re.I)
_PRICE = re.compile(r"[-–−]? ?\d{1,3} ?%|\d(?:[.,]\d\d)? ?(?:€|euro)|[€$£] ?\d", re.I)
_HOST = re.compile(r"(?:https?:)?//([^/?#]*)", re.I)
# Finland's personal identity codes: date of birth, century sign, number, check character.
_IDENTITY = re.compile(
    r"(?<![\w+-])((?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d)[-+A-FU-Y](\d{3})([0-9A-Y])(?![\w-])",
    re.I,
)
_CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_SHOWN = 60  # characters
_SHORTEST = 4  # letters of a name that are searched for in links


TRACKING_CONSENT = Rule(
    id="tracking-consent",
    summary="No picture and no link watches single readers, but with their consent",
    source="EDPB Guidelines 2/2023, case 3.1; Act 917/2014, section 205",
)
LINK_PII = Rule(
    id="link-pii",
    summary="No address of a page tells who the reader is",
    source="GDPR, articles 5(1)(c) and 32",
)


@checks(TRACKING_CONSENT, LINK_PII)
def check_watching(draft: Draft) -> Iterator[Finding | Skipped]:
    """Two readers with the same attributes get the same addresses, and those reveal nothing."""
    twins = {s.persona.variant: s for s in draft.specimens if s.persona.id == "twin"}
    for specimen in one_per_variant(draft):
        page = page_of(specimen)
        own = list(_addresses(draft, page))
        revealing = {url for url, _ in own if _reveals(url, specimen)}
        yield from (_pii(draft, url, page.line_of(e)) for url, e in own if url in revealing)
        if twin := twins.get(specimen.persona.variant):
            others = [url for url, _ in _addresses(draft, page_of(twin))]
            for (url, element), other in zip(own, others, strict=False):
                if url != other and url not in revealing:
                    yield _differing(url, page.line_of(element))
        if draft.tracking != Counting.PROVIDER:
            for image in filter(_is_hidden, page.elements("img")):
                yield _reporting(image.get("src", ""), page.line_of(image))
            yield from (_redirected(draft, url) for url, _ in own if _is_counted(draft, url))
    yield from _faults_of_counting(draft)
    if not twins:
        yield TRACKING_CONSENT.skipped(say("no two copies to compare"))


TRACKING_NOTICE = Rule(
    id="tracking-notice",
    summary="Readers are told what is measured",
    source="GDPR, article 13; Act 917/2014, section 205",
)
MARKETING_CLASS = Rule(
    id="marketing-class",
    summary="An issue that sells goes to those only who agreed to that",
    source="Act 917/2014, section 200",
)


@checks(TRACKING_NOTICE, MARKETING_CLASS)
def check_disclosure(draft: Draft) -> Iterator[Finding]:
    """A letter that measures says so, and one that sells is recognized."""
    if Counting(draft.tracking).is_ours:
        yield from (_untold(draft) for s in one_per_variant(draft) if not _tells(draft, s))
    watched = draft.tracking == Counting.PROVIDER and not (
        draft.is_rehearsal or draft.provider == "smtp"
    )
    for specimen in one_per_variant(draft):
        if watched and not _MEASURING.search(specimen.text):
            yield TRACKING_NOTICE.note(
                "{provider} measures who opens the mail, and nothing in it says so",
                'say so in the footer of the template, or set opens = "off" below [tracking]',
                provider=draft.provider,
            )
    for passage in passages_of(draft):
        for sentence in re.split(r"(?<=[.!?]) |\n", passage.text):
            if (match := _SALE.search(sentence)) and _PRICE.search(sentence):
                yield MARKETING_CLASS.note(
                    "“{word}” with a price or a percentage makes this an advertisement",
                    "people may get advertisements only with their consent; did they give it?",
                    line=line_in(draft, passage, match[0]),
                    word=match[0],
                )
                break


PERSONAL_ID = Rule(
    id="personal-id",
    summary="Nobody's personal identity code is mailed",
    source="Data Protection Act 1050/2018, section 29; Decree 128/2010, section 2",
)


@checks(PERSONAL_ID)
def check_identity(draft: Draft) -> Iterator[Finding]:
    """No word of the issue is the identity code of a person; the finding does not repeat it."""
    for passage in passages_of(draft):
        for match in _IDENTITY.finditer(passage.text):
            if _CHECK_CHARACTERS[int(match[1] + match[2]) % 31] == match[3].upper():
                yield PERSONAL_ID.error(
                    "there is a Finnish personal identity code here; it must never be mailed",
                    "take it out",
                    line=line_in(draft, passage, match[0]),
                )


def _addresses(draft: Draft, page: Page) -> Iterator[tuple[str, Any]]:
    """Yield every address in a page with its element, except the reader's ways to leave."""
    own = tuple(f"{draft.public_url}/{way}/" for way in "up") if draft.public_url else ()
    for element in page.elements():
        for name in _ADDRESSES:
            url = element.get(name)
            if url and url[:7].lower() != "mailto:" and not url.startswith(own):
                yield url, element


def _faults_of_counting(draft: Draft) -> Iterator[Finding]:
    """Yield what in the copies of those who take part in counting is neither theirs nor ours."""
    plain = {str(s.persona.variant): s for s in one_per_variant(draft)}
    firsts = {s.persona.variant: s for s in draft.counted if s.persona.id == "counted"}
    for specimen in draft.counted:
        variant, page = specimen.persona.variant, page_of(specimen)
        own = [url for url, _ in _addresses(draft, page) if not _is_picture(draft, url)]
        authors = [url for url, _ in _addresses(draft, page_of(plain[str(variant)]))]
        for url, author in zip(own, authors, strict=False):
            if url != author and not _is_counted(draft, url):
                yield _differing(url, None)
        if draft.tracking == Counting.AGGREGATE:
            theirs = _addresses(draft, page_of(firsts[variant]))
            for (url, _), (other, _) in zip(_addresses(draft, page), theirs, strict=False):
                if url != other:
                    yield _differing(url, None)


def _is_counted(draft: Draft, url: str) -> bool:
    """Return whether an address leads through the public service to be counted."""
    return bool(draft.public_url) and url.startswith(f"{draft.public_url}/r/")


def _is_picture(draft: Draft, url: str) -> bool:
    return bool(draft.public_url) and url.startswith(f"{draft.public_url}/o/")


def _tells(draft: Draft, specimen: Specimen) -> bool:
    """Return whether both parts of a mail say that it measures, and where to allow that or not."""
    choice = f"{draft.public_url}/p/"
    is_linked = choice in specimen.text and choice in specimen.html
    return is_linked and bool(_MEASURING.search(specimen.text))


def _untold(draft: Draft) -> Finding:
    return TRACKING_NOTICE.error(
        "opens and clicks are counted, and the mail does not say so or has no way to refuse it",
        "show {counting} and {link} in the footer of the template, as that of the package does",
        counting="{{ counting }}",
        link="{{ preferences_url|html }}",
    ).in_file(draft.path)


def _redirected(draft: Draft, url: str) -> Finding:
    return TRACKING_CONSENT.error(
        "“{url}” counts the clicks of somebody who did not agree to that",
        "write where it leads in the issue, not an address out of a mail",
        url=shortened(url.removeprefix(draft.public_url), _SHOWN),
    )


def _reveals(url: str, specimen: Specimen) -> bool:
    plain = unquote(url).casefold()
    if not _HOST.match(plain):
        return False
    name = specimen.persona.values.get("name", "").casefold()
    if len(name) >= _SHORTEST and (name in plain or name.replace(" ", "+") in plain):
        return True
    return any(form in plain for form in _forms(specimen.persona.address))


def _forms(address: str) -> tuple[str, ...]:
    """Return an address, and what poor attempts to hide it look like, in lower case."""
    data = address.lower().encode()
    encoded = base64.b64encode(data).decode().rstrip("=").casefold()
    hashes = (hashlib.new(kind, data, usedforsecurity=False) for kind in ("md5", "sha1", "sha256"))
    return (address.casefold(), encoded, data.hex(), *(made.hexdigest() for made in hashes))


def _pii(draft: Draft, url: str, line: int | None) -> Finding:
    match = _HOST.match(url)
    host = match[1] if match else ""
    return LINK_PII.error(
        "a link to {host} tells who the reader is; addresses of pages end up in logs and in "
        "other people's hands",
        "take the slot out of the link",
        line=draft.line_with(host, line) if line else None,
        host=host,
    )


def _differing(url: str, line: int | None) -> Finding:
    return TRACKING_CONSENT.error(
        "“{url}” differs from reader to reader: it watches who reads, which needs their consent",
        "use one address for everybody",
        line=line,
        url=shortened(url, _SHOWN),
    )


def _reporting(source: str, line: int | None) -> Finding:
    return TRACKING_CONSENT.error(
        "the invisible picture “{url}” reports who reads, which the settings rule out",
        say("take it out") if line else say("take it out of the template"),
        line=line,
        url=shortened(source, _SHOWN),
    )


def _is_hidden(image: Any) -> bool:
    """Return whether a picture from the web is invisible."""
    if not image.get("src", "").startswith(("http", "//")):
        return False
    style = image.get("style", "")
    sizes = (image.get("width", ""), image.get("height", ""))
    return bool(
        any(re.fullmatch(r"[0-2](?:px)?", size.strip()) for size in sizes)
        or _TINY.search(style)
        or _UNSEEN.search(style)
    )
