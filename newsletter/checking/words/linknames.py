"""Checks that the words of links say where they lead."""

import re
from collections.abc import Iterator

from newsletter.checking.instruments import (
    Anchor,
    Draft,
    anchors_of,
    checks,
    link_words,
    mending,
    name_of_link,
    pages_of,
    styles_of,
    template_links,
)
from newsletter.language import say
from newsletter.model import Finding, Rule

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.I)
_SHORT = 30  # characters; a short address is fine to listen to


A11Y_LINK_NAME = Rule(
    id="a11y-link-name",
    summary="The words of each link say where it leads",
    source="WCAG 2.2, 2.4.4; lists of this program",
)


@checks(A11Y_LINK_NAME)
def check_names(draft: Draft) -> Iterator[Finding]:
    """Links have words of their own that make sense when heard alone."""
    yield from _empty(draft)
    anchors = [anchor for anchor in anchors_of(draft) if anchor.text]
    for anchor in anchors:
        if link_words.is_generic(anchor.text):
            yield A11Y_LINK_NAME.warning(
                "the link “{text}” does not say where it leads; screen readers list links"
                " without the text around them",
                "put the link on the words that name the page, as in “Lue ohje hakemiseen”",
                line=anchor.line,
                text=anchor.text,
            )
        elif _ADDRESS.fullmatch(anchor.text) and len(anchor.text) > _SHORT:
            yield A11Y_LINK_NAME.note(
                "the link shows its address, “{address}”, which is read aloud letter by letter",
                "write words instead: [Hakuohje](https://...)",
                line=anchor.line,
                address=anchor.text[:60],
            )
    yield from _alike(anchors)


def _empty(draft: Draft) -> Iterator[Finding]:
    for page in pages_of(draft):
        styles = styles_of(page)
        for link in page.elements("a"):
            if not link.get("href") or styles[link].hidden or name_of_link(link):
                continue
            if link.find(".//img") is None:
                line, where = page.line_of(link), mending(draft, page, link)
                href = link.get("href")
                finding = A11Y_LINK_NAME.error(
                    "the link to {address} has no words: it cannot be seen",
                    say("write words between its brackets") if line else where.words,
                    address=draft.readable(href)[:60],
                )
                told = where.told(finding)
                yield told.at(draft.line_with(href, line)) if line else told
    # The rule image-alt reports an author's pictures without an alternative text.
    for named in template_links(draft):
        link = named.element
        is_picture = link.get("href") and link.find(".//img") is not None
        if is_picture and not styles_of(named.page)[link].hidden and not name_of_link(link):
            finding = A11Y_LINK_NAME.error(
                "the link to {address} is a picture without words: nobody hears where it leads",
                'say so in the alt of the picture, such as alt="Facebook"',
                address=link.get("href")[:60],
            )
            yield named.mending(draft).explained(finding)


def _alike(anchors: list[Anchor]) -> Iterator[Finding]:
    """Yield links with the same words as an earlier one but another target."""
    first: dict[str, Anchor] = {}
    for anchor in anchors:
        if link_words.is_generic(anchor.text):
            continue
        before = first.setdefault(link_words.normal(anchor.text) or anchor.text, anchor)
        if before.url.rstrip("/") != anchor.url.rstrip("/"):
            yield A11Y_LINK_NAME.warning(
                say(
                    "two links say “{text}” and lead to different pages: {first}"
                    " (line {line}) and {second}",
                    text=anchor.text,
                    first=before.url[:50],
                    line=before.line,
                    second=anchor.url[:50],
                ),
                "say in the words how they differ",
                line=anchor.line,
            )
