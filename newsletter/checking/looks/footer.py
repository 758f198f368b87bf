"""Checks that readers can unsubscribe and see who writes to them."""

import re
from collections.abc import Iterator
from html import escape

from newsletter.checking.instruments import Draft, checks, unsubscribe_target, words_of
from newsletter.model import Finding, Rule

UNSUBSCRIBE_VISIBLE = Rule(
    id="unsubscribe-visible",
    summary="Both parts show a way to leave",
    source="Google and Yahoo sender rules, 2024; RFC 8058",
)


@checks(UNSUBSCRIBE_VISIBLE)
def check_unsubscribe(draft: Draft) -> Iterator[Finding]:
    """Both parts of each edition have a visible way to unsubscribe."""
    for edition in draft.editions:
        target = unsubscribe_target(draft, edition)
        is_shown = {"html": _is_linked(target, edition.html), "text": target in edition.text}
        for part, shown in is_shown.items():
            if not shown:
                yield UNSUBSCRIBE_VISIBLE.error(
                    "no unsubscribe link in the HTML part of {variant}"
                    if part == "html"
                    else "no unsubscribe link in the text part of {variant}",
                    "the template must show {{ unsubscribe_url|html }} as a link",
                    variant=str(edition.variant),
                )


SENDER_IDENTITY = Rule(
    id="sender-identity",
    summary="Both parts say who sends, with an address",
    source="Finnish act 917/2014; GDPR article 13",
)


@checks(SENDER_IDENTITY)
def check_sender(draft: Draft) -> Iterator[Finding]:
    """Both parts of each edition say who sends it, with an address."""
    wanted = set(re.findall(r"\w+", draft.sender))
    for edition in draft.editions:
        shown = {"html": words_of(edition.html), "text": re.findall(r"\w+", edition.text)}
        for part, words in shown.items():
            if not wanted <= set(words):
                yield SENDER_IDENTITY.error(
                    "the HTML part of {variant} does not show the sender"
                    if part == "html"
                    else "the text part of {variant} does not show the sender",
                    "the template must show {{ sender }}",
                    variant=str(edition.variant),
                )


def _is_linked(target: str, html: str) -> bool:
    """Return whether a link with words, or a picture with alt text, leads to the target."""
    link = rf'<a\b[^>]*\shref="{re.escape(escape(target))}"[^>]*>(.*?)</a>'
    shown = re.findall(link, html, re.DOTALL)
    return any(re.search(r"\w", re.sub(r"<(?!img)[^>]*>", "", inside)) for inside in shown)
