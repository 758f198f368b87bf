"""Checks that readers can unsubscribe and see who writes to them."""

import re
from collections.abc import Iterator
from html import escape

from newsletter.checking.instruments import Draft, checks, unsubscribe_target, words_of
from newsletter.language import say
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
        target, variant = unsubscribe_target(draft, edition), str(edition.variant)
        for message, found in (
            (
                say("no unsubscribe link in the HTML part of {variant}", variant=variant),
                _is_linked(target, edition.html),
            ),
            (
                say("no unsubscribe link in the text part of {variant}", variant=variant),
                target in edition.text,
            ),
        ):
            if not found:
                yield UNSUBSCRIBE_VISIBLE.error(
                    draft.path,
                    message,
                    hint=say("the template must show {{ unsubscribe_url|html }} as a link"),
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
        variant = str(edition.variant)
        for message, words in (
            (
                say("the HTML part of {variant} does not show the sender", variant=variant),
                words_of(edition.html),
            ),
            (
                say("the text part of {variant} does not show the sender", variant=variant),
                re.findall(r"\w+", edition.text),
            ),
        ):
            if not wanted <= set(words):
                yield SENDER_IDENTITY.error(
                    draft.path,
                    message,
                    hint=say("the template must show {{ sender }}"),
                )


def _is_linked(target: str, html: str) -> bool:
    """Return whether a link with words, or a picture with alt text, leads to the target."""
    link = rf'<a\b[^>]*\shref="{re.escape(escape(target))}"[^>]*>(.*?)</a>'
    shown = re.findall(link, html, re.DOTALL)
    return any(re.search(r"\w", re.sub(r"<(?!img)[^>]*>", "", inside)) for inside in shown)


CHECKS = (
    check_unsubscribe,
    check_sender,
)
