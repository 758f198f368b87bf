"""All checks, in the order they report; each takes a draft and yields findings."""

from collections.abc import Callable, Iterator

from newsletter.model import Finding
from newsletter.preflight.draft import Audience, Draft
from newsletter.preflight.footer import check_sender, check_unsubscribe
from newsletter.preflight.images import check_alt, check_hosting
from newsletter.preflight.links import check_links, check_public_url
from newsletter.preflight.provider import check_provider
from newsletter.preflight.size import check_size
from newsletter.preflight.slots import check_lookalikes, check_slots
from newsletter.preflight.structure import check_audience, check_headings, check_subject
from newsletter.preflight.text import check_text_part, check_words

Check = Callable[[Draft], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    check_subject,
    check_headings,
    check_audience,
    check_slots,
    check_lookalikes,
    check_links,
    check_public_url,
    check_alt,
    check_hosting,
    check_text_part,
    check_words,
    check_size,
    check_unsubscribe,
    check_sender,
    check_provider,
)

__all__ = ["CHECKS", "Audience", "Draft", "check_draft"]


def check_draft(draft: Draft) -> list[Finding]:
    """Return what is wrong with a draft, its reading included, in order of line."""
    findings = [*draft.issue.findings, *(f for check in CHECKS for f in check(draft))]
    return sorted(findings, key=lambda finding: finding.line or 0)
