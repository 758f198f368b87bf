"""Checks that pictures can be understood without being seen, and reach the reader."""

import re
from collections.abc import Iterator

from newsletter.model import Finding, Image, Severity, walk
from newsletter.preflight.draft import Draft, html_of

_LIKE_A_FILE = re.compile(r"^\S+\.(?:png|jpe?g|gif|webp|svg)$|^(?:IMG|DSC)[_-]?\d+$", re.IGNORECASE)
_LONG_ALT = 250  # characters; longer ones belong into the text


def check_alt(draft: Draft) -> Iterator[Finding]:
    """Each picture has a text in its place (WCAG 1.1.1)."""
    for alt, line in _alts(draft):
        if not alt.strip():
            yield draft.finding(
                "image-alt",
                Severity.ERROR,
                "a picture without an alternative text",
                hint="say what it shows: ![what it shows](file.png)",
                line=line,
            )
        elif _LIKE_A_FILE.match(alt.strip()):
            yield draft.finding(
                "image-alt",
                Severity.WARNING,
                f"the alternative text “{alt}” is a file name",
                hint="say what the picture shows",
                line=line,
            )
        elif len(alt) > _LONG_ALT:
            yield draft.finding(
                "image-alt",
                Severity.NOTE,
                f"an alternative text of {len(alt)} characters",
                hint="put the details into the text",
                line=line,
            )


def check_hosting(draft: Draft) -> Iterator[Finding]:
    """Each picture can be carried by the provider, or lies where readers can fetch it."""
    if not draft.inline_pictures and not draft.public_url:
        for source, line in draft.issue.picture_sources:
            yield draft.finding(
                "image-hosting",
                Severity.ERROR,
                f"{draft.provider} cannot carry “{source}” inside the mail",
                hint="set public_url, where pictures are hosted, or link to an https:// picture",
                line=line,
            )
    for block in walk(draft.issue.blocks):
        tags = " ".join(html_of(block))
        sources = re.findall(r'<img\b[^>]*\ssrc="(http:[^"]*)"', tags)
        if isinstance(block, Image) and block.source.startswith("http:"):
            sources.append(block.source)
        for source in sources:
            yield draft.finding(
                "image-hosting",
                Severity.ERROR,
                f"“{source}” is not encrypted; mail programs will not show it",
                hint="use https://, or put the picture beside the issue",
                line=block.line,
            )


def _alts(draft: Draft) -> Iterator[tuple[str, int]]:
    for block in walk(draft.issue.blocks):
        if isinstance(block, Image):
            yield block.alt, block.line
        for html in html_of(block):
            for tag in re.findall(r"<img\b[^>]*>", html):
                alt = re.search(r'\salt="([^"]*)"', tag)
                yield alt[1] if alt else "", block.line
