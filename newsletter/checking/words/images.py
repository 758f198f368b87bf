"""Checks that pictures can be understood without being seen, and reach the reader."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from newsletter.checking.instruments import (
    Draft,
    Page,
    checks,
    html_of,
    mending_by_template,
    mending_of_file,
    name_of_link,
    pages_of,
    styles_of,
    template_files,
    template_pictures,
    visible,
    vocabulary,
)
from newsletter.model import Figure, Finding, Image, Rule, rules, walk

_LIKE_A_FILE = re.compile(vocabulary.PATTERNS["like_a_file"], re.I)
_SAYS_PICTURE = re.compile(vocabulary.PATTERNS["says_picture"], re.I)
_LONG_ALT = 250  # characters; longer descriptions belong in the text


IMAGE_ALT = Rule(
    id="image-alt", summary="Each picture has words in its place", source="WCAG 2.2, 1.1.1"
)


@checks(IMAGE_ALT)
def check_alt(draft: Draft) -> Iterator[Finding]:
    """Each picture has an alternative text (WCAG 1.1.1)."""
    for alt, line in _alts(draft):
        if fault := _fault_of_alt(draft.readable(alt).strip()):
            yield fault.at(draft.line_with(alt, line) if alt.strip() else line)
    for block in walk(draft.issue.blocks):
        if isinstance(block, Figure) and _same(block.image.alt, visible(block.html)):
            yield IMAGE_ALT.warning(
                "the caption repeats the text in the place of the picture; many hear it twice",
                "let the one say what is seen, the other what it means",
                line=block.image.line,
            )
    yield from _alts_of_templates(draft)


IMAGE_HOSTING = Rule(
    id="image-hosting",
    summary="Each picture reaches the reader",
    source="provider documentation; mixed content is blocked",
)


@checks(IMAGE_HOSTING)
def check_hosting(draft: Draft) -> Iterator[Finding]:
    """The provider can carry each picture, or readers can fetch it."""
    if not draft.inline_pictures and not draft.pictures_url:
        for source, line in draft.issue.picture_sources:
            yield IMAGE_HOSTING.error(
                "{provider} cannot carry “{file}” inside the mail",
                "set media_url, where pictures lie on the web, or link to an https:// picture",
                line=line,
                provider=draft.provider,
                file=source,
            )
    for block in walk(draft.issue.blocks):
        tags = " ".join(html_of(block))
        sources = re.findall(r'<img\b[^>]*\ssrc="(http:[^"]*)"', tags)
        if isinstance(block, Image) and block.source.startswith("http:"):
            sources.append(block.source)
        for source in sources:
            yield IMAGE_HOSTING.error(
                "“{url}” is not encrypted; mail programs will not show it",
                "use https://, or put the picture beside the issue",
                line=block.line,
                url=source,
            )
    yield from _hosting_of_templates(draft)


@checks(rules.IMAGE_MISSING, rules.IMAGE_FORMAT)
def check_template_files(draft: Draft) -> Iterator[Finding]:
    """Each picture that a template names is there, and can be made fit for mail."""
    told = set[str]()
    for edition in draft.editions:
        for unshown in edition.unshown:
            if unshown.source not in told:
                told.add(unshown.source)
                yield mending_of_file(draft, unshown.source).explained(unshown.fault)
    for page in pages_of(draft):
        for image in page.elements("img"):
            if not image.get("src", "").strip():
                fault = rules.IMAGE_MISSING.error(
                    "a picture has no src: readers see an empty frame",
                    'write src="brand/picture.png", with the path of the picture',
                )
                yield mending_by_template(draft, page, image).explained(fault)


def _alts_of_templates(draft: Draft) -> Iterator[Finding]:
    """Yield what is wrong with the alternative texts that templates write."""
    told = set[str]()
    for page in pages_of(draft):
        for image in _wordless(page):
            source = image.get("src", "")
            if source not in told:
                told.add(source)
                fault = IMAGE_ALT.error(
                    "a picture has no alt, so that programs read out its address",
                    'write alt="..." with what it shows, or alt="" if it only decorates',
                )
                yield mending_by_template(draft, page, image).explained(fault)
    for named in template_pictures(draft):
        alt = named.element.get("alt", "").strip() if named.element is not None else ""
        if alt and (said := _fault_of_alt(alt)):
            yield named.mending(draft).explained(said)


def _wordless(page: Page) -> Iterator[Any]:
    """Yield the images without an alternative text; an author's have one, if an empty one."""
    styles = styles_of(page)
    for image in page.elements("img"):
        if image.get("alt") is None and not styles[image].hidden:
            link = next(image.iterancestors("a"), None)
            if link is None or name_of_link(link):  # else the rule a11y-link-name reports it
                yield image


def _hosting_of_templates(draft: Draft) -> Iterator[Finding]:
    """Yield the pictures of templates that do not reach the reader."""
    if not draft.inline_pictures and not draft.pictures_url:
        for picture in template_files(draft):
            fault = IMAGE_HOSTING.error(
                "{provider} cannot carry “{file}” inside the mail",
                "set media_url, where pictures lie on the web, or link to an https:// picture",
                provider=draft.provider,
                file=picture.source,
            )
            yield mending_of_file(draft, picture.digest).explained(fault)
    for named in template_pictures(draft):
        if named.address.lower().startswith("http:"):
            fault = IMAGE_HOSTING.error(
                "“{url}” is not encrypted; mail programs will not show it",
                "use https://, or put the picture into the newsletter's folder",
                url=named.address,
            )
            yield named.mending(draft).explained(fault)


def _fault_of_alt(alt: str) -> Finding | None:
    """Return what is wrong with an alternative text, or None."""
    if not alt:
        return IMAGE_ALT.error(
            "a picture without an alternative text", "say what it shows: ![what it shows](file.png)"
        )
    if _LIKE_A_FILE.match(alt):
        return IMAGE_ALT.warning(
            "the alternative text “{text}” is a file name", "say what the picture shows", text=alt
        )
    if match := _SAYS_PICTURE.match(alt):
        return IMAGE_ALT.warning(
            "an alternative text begins with “{words}”",
            "leave it out: programs that read aloud say themselves that it is a picture",
            words=match[0].strip(),
        )
    if len(alt) > _LONG_ALT:
        return IMAGE_ALT.note(
            "the alternative text has {length} characters, too many to listen to",
            "put the details into the text",
            length=len(alt),
        )
    return None


def _same(alt: str, words: str) -> bool:
    plain = [re.sub(r"\W+", " ", text).strip().lower() for text in (alt, words)]
    return bool(plain[0]) and plain[0] == plain[1]


def _alts(draft: Draft) -> Iterator[tuple[str, int]]:
    for block in walk(draft.issue.blocks):
        if isinstance(block, Image):
            yield block.alt, block.line
        for html in html_of(block):
            for tag in re.findall(r"<img\b[^>]*>", html):
                alt = re.search(r'\salt="([^"]*)"', tag)
                yield unescape(alt[1]) if alt else "", block.line
