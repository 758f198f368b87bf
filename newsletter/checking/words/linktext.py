"""Checks that links lead where their words say, and that no host imitates another's name."""

import re
from collections.abc import Iterator
from email.utils import parseaddr
from urllib.parse import parse_qsl, unquote

from newsletter.checking.instruments import (
    Anchor,
    Draft,
    anchors_of,
    checks,
    host_of,
    own_domains,
    readable_host,
    registrable,
)
from newsletter.language import say
from newsletter.model import Finding, Rule
from newsletter.net import LOOKALIKES, mixes_alphabets

_SHOWN = re.compile(r"^(?:(https?)://)?((?:[\w-]+\.)+[^\W\d_]{2,})(?::\d+)?(?:[/?#]\S*)?$", re.I)
_WITHIN = re.compile(r"\b(?:(https?)://|(?=www\.))((?:[\w-]+\.)+[^\W\d_]{2,})", re.I)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|zip|png|jpe?g|gif|ics|md|txt|js|py|net)$", re.I)
_MAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>().,;]+")
_TEL = re.compile(r"\+\d{6,15}|\d{3,6}")  # RFC 3966; short service numbers have no country code


LINK_TEXT_MISMATCH = Rule(
    id="link-text-mismatch",
    summary="A link that shows an address leads there",
    source="mail programs warn of others",
)
LINK_MAILTO_TEL = Rule(
    id="link-mailto-tel",
    summary="Links to write and to call work in every program",
    source="RFC 6068; RFC 3966",
)


@checks(LINK_TEXT_MISMATCH, LINK_MAILTO_TEL)
def check_words(draft: Draft) -> Iterator[Finding]:
    """The text of a link and its target agree."""
    for anchor in anchors_of(draft):
        for fault in (_mismatch(anchor), *_mail_faults(anchor), _tel_fault(anchor)):
            if fault:
                yield fault.at(anchor.line)


IDN_MIXED_SCRIPT = Rule(
    id="idn-mixed-script",
    summary="No name mixes alphabets to look like another",
    source="UTS #39, section 5.1",
)


@checks(IDN_MIXED_SCRIPT)
def check_names(draft: Draft) -> Iterator[Finding]:
    """No host's name imitates another with letters of another script."""
    from_host = parseaddr(draft.from_)[1].rpartition("@")[2]
    places = [
        (from_host, draft.line_of("from")),
        (draft.reply_to.rpartition("@")[2], draft.line_of("reply_to")),
        *((host_of(anchor.url), anchor.line) for anchor in anchors_of(draft)),
    ]
    for host, line in places:
        name = readable_host(host)
        if name.isascii():
            continue
        own = own_domains(draft)
        likeness = registrable(name.translate(LOOKALIKES))
        imitates = likeness in own and registrable(name) not in own
        if imitates or any(mixes_alphabets(label) for label in name.split(".")):
            yield IDN_MIXED_SCRIPT.error(
                "“{name}” has letters of another alphabet that look like Latin ones",
                say("type it anew: {name}", name=name.translate(LOOKALIKES)),
                line=line,
                name=name,
            )


def _mismatch(anchor: Anchor) -> Finding | None:
    """Return whether a link shows another address than its target."""
    target = host_of(anchor.url)
    shown = _SHOWN.match(anchor.text) or _WITHIN.search(anchor.text)
    if not target or not shown or _FILE.search(anchor.text) or "@" in anchor.text:
        return None
    scheme, host = shown[1], shown[2]
    if readable_host(host) != target and registrable(host) != registrable(target):
        return LINK_TEXT_MISMATCH.error(
            "the link shows “{host}” but leads to “{target}”; mail programs warn of fraud",
            "write what the page is about instead of an address",
            host=host,
            target=target,
        )
    own_scheme = anchor.url.partition(":")[0]
    if scheme and scheme.lower() != own_scheme.lower():
        return LINK_TEXT_MISMATCH.warning(
            "the link shows “{shown}:” but leads to “{real}:”",
            "show the address as it is, or words instead",
            shown=scheme,
            real=own_scheme,
        )
    return None


def _mail_faults(anchor: Anchor) -> Iterator[Finding]:
    if not anchor.url.startswith("mailto:"):
        return
    address, _, query = anchor.url.removeprefix("mailto:").partition("?")
    if "+" in query:
        yield LINK_MAILTO_TEL.warning(
            "mail programs show the “+” in the subject or text of the new mail",
            "write %20: ?{query}",
            query=query.replace("+", "%20"),
        )
    keys = {key.lower() for key, _ in parse_qsl(query, keep_blank_values=True)}
    if "bcc" in keys:
        yield LINK_MAILTO_TEL.warning(
            "a hidden copy (bcc) in a link; most programs leave it out", "leave it out"
        )
    shown = _MAIL.findall(anchor.text)
    if shown and address and unquote(address).lower() not in {s.lower() for s in shown}:
        yield LINK_MAILTO_TEL.warning(
            "the link shows “{shown}” but writes to “{address}”",
            "make them the same",
            shown=shown[0],
            address=unquote(address),
        )


def _tel_fault(anchor: Anchor) -> Finding | None:
    if not anchor.url.startswith("tel:"):
        return None
    number = re.sub(r"[-.()\s]|%20", "", anchor.url.removeprefix("tel:").partition(";")[0])
    if not _TEL.fullmatch(number):
        return LINK_MAILTO_TEL.warning(
            "“{url}” has no country; telephones abroad cannot call it",
            "write it with the country, such as tel:+358{number}",
            url=anchor.url,
            number=re.sub(r"\D", "", number).removeprefix("0"),
        )
    digits = re.sub(r"\D", "", anchor.text.replace("(0)", ""))
    if len(digits) >= 5 and not re.sub(r"\D", "", number).endswith(digits.lstrip("0")):
        return LINK_MAILTO_TEL.warning(
            "the link shows “{shown}” but calls “{number}”",
            "make them the same",
            shown=anchor.text,
            number=number,
        )
    return None
