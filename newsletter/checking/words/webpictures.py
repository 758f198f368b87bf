"""Checks the pictures on the web that an issue shows: their format, and whose they are."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from newsletter.checking.instruments import (
    Draft,
    checks,
    html_of,
    own_domains,
    registrable,
    template_pictures,
)
from newsletter.language import Wording, say
from newsletter.model import Finding, Image, Rule, Severity, walk

_HIDDEN_FORMATS = {"svg", "svgz", "avif", "heic", "heif", "tif", "tiff", "jxl", "bmp"}
_EXPIRES = frozenset(
    {"x-amz-expires", "x-amz-signature", "x-goog-expires", "x-goog-signature", "expires", "sig"}
)
_EXPIRING_HOSTS = frozenset({"fbcdn.net", "licdn.com"})
_BESIDE = say("save the picture beside the issue")
_OF_MJML = "//www.mailjet.com/images/theme/"
_OWN_ICON = say(
    "the icons of <mj-social> lie with the maker of MJML: write one of your own beside the name, "
    'such as src="brand/facebook.png"'
)
_IN_FOLDER = say("save the picture in the newsletter's folder, and write its path from there")


IMAGE_REMOTE_FORMAT = Rule(
    id="image-remote-format",
    summary="Pictures on the web are of a kind mail programs show",
    source="caniemail: image-svg, image-avif, image-base64",
)
IMAGE_EXPIRING_URL = Rule(
    id="image-expiring-url",
    summary="Pictures on the web stay there",
    source="documentation of signed addresses by cloud stores",
)
IMAGE_HOTLINK = Rule(id="image-hotlink", summary="Pictures lie with you, not with others")


@checks(IMAGE_REMOTE_FORMAT, IMAGE_EXPIRING_URL, IMAGE_HOTLINK)
def check_remote(draft: Draft) -> Iterator[Finding]:
    """Pictures on the web will be shown, will stay there, and are the sender's own."""
    for source, line in _remote_sources(draft):
        if fault := _fault_of_remote(source, own_domains(draft)):
            yield fault.at(draft.line_with(source, line))
    for named in template_pictures(draft):
        if re.match(r"(?:https?:)?//|data:", named.address, re.IGNORECASE):
            address = re.sub(r"^//", "https://", named.address)
            cure = _OWN_ICON if _OF_MJML in address else _IN_FOLDER
            if fault := _fault_of_remote(address, own_domains(draft), cure=cure):
                is_seen_by_all = fault.id == IMAGE_HOTLINK.id and fault.severity is Severity.NOTE
                severity = Severity.WARNING if is_seen_by_all else fault.severity
                yield named.mending(draft).explained(replace(fault, severity=severity))


def _fault_of_remote(
    source: str, own: frozenset[str], *, cure: Wording = _BESIDE
) -> Finding | None:
    if source.startswith("data:"):
        return IMAGE_REMOTE_FORMAT.error(
            "a picture within its own address; Gmail shows none",
            cure,
        )
    try:
        parts = urlsplit(source)
    except ValueError:
        return None  # invalid addresses are reported with the links
    if not parts.hostname:
        return IMAGE_HOTLINK.error(
            "the address of a picture, “{address}”, names no host",
            cure,
            address=source,
        )
    return _fault_of_kind(parts) or _fault_of_place(parts, own, cure)


def _fault_of_kind(parts: SplitResult) -> Finding | None:
    ending = unquote(parts.path).rpartition(".")[2].lower()
    if ending in _HIDDEN_FORMATS:
        return IMAGE_REMOTE_FORMAT.error(
            "a picture of the kind “.{ending}”, which many mail programs do not show",
            "use PNG or JPEG",
            ending=ending,
        )
    if ending == "webp":
        return IMAGE_REMOTE_FORMAT.warning(
            "a picture of the kind “.webp”, which Outlook for Windows does not show",
            "use PNG or JPEG",
        )
    return None


def _fault_of_place(parts: SplitResult, own: frozenset[str], cure: Wording) -> Finding | None:
    keys = {key.lower() for key, _ in parse_qsl(parts.query, keep_blank_values=True)}
    host = parts.hostname or ""
    owner = registrable(host)
    if keys & _EXPIRES or owner in _EXPIRING_HOSTS:
        return IMAGE_EXPIRING_URL.warning(
            "the address of a picture at {host} stops working after a while",
            cure,
            host=host,
        )
    if owner not in own:
        return IMAGE_HOTLINK.note(
            "a picture lies at {host}, who may change it and sees who opens it",
            cure,
            host=host,
        )
    return None


def _remote_sources(draft: Draft) -> Iterator[tuple[str, int]]:
    for block in walk(draft.issue.blocks):
        sources = [block.source] if isinstance(block, Image) else []
        for html in html_of(block):
            sources += re.findall(r'<img\b[^>]*\ssrc="([^"]*)"', html)
        for source in sources:
            if re.match(r"https?:|data:", source):
                yield draft.readable(source), block.line
