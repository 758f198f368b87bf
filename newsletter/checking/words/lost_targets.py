"""Checks that no link and no picture of the issue is lost on its way into the HTML."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import unquote

from newsletter.checking.instruments import (
    Draft,
    Page,
    Scheme,
    Written,
    checks,
    declared_in_sheets,
    html_of,
    links_of,
    mending_by_template,
    one_per_variant,
    origin_of,
    own_values,
    page_of,
    pictures_in,
    plain_address,
    styles_of,
)
from newsletter.language import Wording, say
from newsletter.model import (
    Block,
    Custom,
    Figure,
    Finding,
    Gallery,
    Image,
    Person,
    Rule,
    walk,
)

_DIGEST = re.compile(r"[0-9a-f]{20}")
_SOURCE = re.compile(r'<img\b[^>]*\ssrc="([^"]*)"')
_NOTHING = re.compile(r"0(?:\.0+)?(?:px|em|rem|%|pt)?")
_EXTENTS = ("width", "height", "max-width", "max-height")
_SCHEMES = (Scheme.LIGHT, Scheme.DARK)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """A link or a picture that a block of the issue has."""

    address: str  # as the author wrote it
    key: str  # in the one form it is compared in
    line: int
    kind: str  # of the block whose template shows it


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a page has a link, or shows a picture."""

    key: str
    line: int | None  # of the issue; None if it stands in the template's own words
    element: Any


LINK_LOST = Rule(id="link-lost", summary="Every link of the file stands in the HTML part")
IMAGE_LOST = Rule(
    id="image-lost", summary="Every picture of the file is shown in the HTML part, light or dark"
)


@checks(LINK_LOST, IMAGE_LOST)
def check_targets(draft: Draft) -> Iterator[Finding]:
    """Readers can follow each link and see each picture, whatever the templates are."""
    told: set[tuple[str, str, int]] = set()
    for specimen in one_per_variant(draft):
        variant = specimen.persona.variant
        blocks = draft.issue.for_readers(variant.met).blocks
        for rule, target, cure in _at_fault(draft, page_of(specimen), blocks):
            if (rule.id, target.key, target.line) not in told:
                told.add((rule.id, target.key, target.line))
                yield rule.error(
                    "the link to {address} is lost from the HTML part of {variant}"
                    if rule is LINK_LOST
                    else "the picture {address} is not to be seen in the HTML part of {variant}",
                    cure,
                    line=draft.line_with(target.address, target.line),
                    address=target.address,
                    variant=str(variant),
                )


def _at_fault(
    draft: Draft, page: Page, blocks: tuple[Block, ...]
) -> Iterator[tuple[Rule, _Target, Wording]]:
    """Yield what readers of a page lack, each with its cure."""
    for target in _lost(draft, _links_in(draft, blocks), _links_on(page)):
        file = _template(draft, page, target)
        yield LINK_LOST, target, say("{file} must write it as a link: <a href=...>", file=file)
    if not (pictures := list(_pictures_in(draft, blocks))):
        return
    on_page = list(_pictures_on(draft, page))
    for target in _lost(draft, pictures, on_page):
        file = _template(draft, page, target)
        yield IMAGE_LOST, target, say("{file} must show it: <img src=...>", file=file)
    for target, place in _hidden(page, pictures, on_page):
        where = mending_by_template(draft, page, place.element, "display").words
        yield IMAGE_LOST, target, say("a style hides it: take that out; {place}", place=where)


def _lost(draft: Draft, targets: Iterable[_Target], places: Iterable[_Place]) -> Iterator[_Target]:
    """Yield the targets that a page does not have, or less often than the issue, and not here."""
    targets, counts = list(targets), Counter[str]()
    lines: Mapping[str, set[int | None]] = defaultdict(set)
    for place in places:
        counts[place.key] += 1
        lines[place.key].add(place.line)
    wanted = Counter(target.key for target in targets)
    for target in targets:
        here = counts[target.key]
        if here >= wanted[target.key] or target.line in lines[target.key]:
            continue
        if not here and any(slot.source in target.address for slot in draft.issue.slots):
            pattern = Written(draft, [target.address])  # each reader has a value of their own
            if any(key in pattern for key in counts):
                continue
        yield target


def _hidden(
    page: Page, targets: Iterable[_Target], places: Iterable[_Place]
) -> Iterator[tuple[_Target, _Place]]:
    """Yield the pictures that styles hide in light or in dark, each with one of its places."""
    by_key: Mapping[str, list[_Place]] = defaultdict(list)
    for place in places:
        by_key[place.key].append(place)
    for target in targets:
        found = by_key[target.key]
        is_ground = any(place.element is None for place in found)  # a style sheet has it
        if found and not is_ground and _is_unseen(page, found):
            yield target, found[0]


def _is_unseen(page: Page, places: Iterable[_Place]) -> bool:
    return any(
        all(_is_hidden(page, place.element, scheme) for place in places) for scheme in _SCHEMES
    )


def _is_hidden(page: Page, element: Any, scheme: Scheme) -> bool:
    if styles_of(page, scheme)[element].hidden:
        return True
    if element.tag != "img":
        return False
    values = own_values(page, element, declared_in_sheets(page, scheme).get(element, ()))
    said = (values.get(name, element.get(name, "")) for name in _EXTENTS)
    return any(_NOTHING.fullmatch(value.strip().lower()) for value in said)


def _links_in(draft: Draft, blocks: tuple[Block, ...]) -> Iterator[_Target]:
    for block, kind in _with_kinds(blocks):
        for address, _ in links_of(block):
            url = draft.readable(address)
            if url.strip():
                key = plain_address(url)
                yield _Target(address=url, key=key, line=block.line, kind=kind)


def _links_on(page: Page) -> Iterator[_Place]:
    for element in page.elements("a", "area"):
        if address := element.get("href"):
            key = plain_address(address)
            yield _Place(key=key, line=page.line_of(element), element=element)


def _pictures_in(draft: Draft, blocks: tuple[Block, ...]) -> Iterator[_Target]:
    """Yield the pictures of blocks; of those beside the issue, the ones that there are."""
    for block, kind in _with_kinds(blocks):
        sources = [block.source] if isinstance(block, Image) else []
        sources += [unescape(s) for html in html_of(block) for s in _SOURCE.findall(html)]
        for source in map(draft.readable, sources):
            picture = draft.pictures.get(source) or draft.pictures.get(unquote(source))
            is_remote = re.match(r"https?:", source)
            if picture or is_remote:
                key = picture.digest if picture else plain_address(source)
                yield _Target(address=source, key=key, line=block.line, kind=kind)


def _pictures_on(draft: Draft, page: Page) -> Iterator[_Place]:
    digests = {picture.digest for picture in draft.pictures.values()}
    for named in pictures_in(page):
        key = next((d for d in _DIGEST.findall(named.address) if d in digests), None)
        yield _Place(
            key=key or plain_address(named.address),
            line=page.line_of(named.element) if named.element is not None else None,
            element=named.element,
        )


def _with_kinds(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, str]]:
    """Yield every block with the kind of the one whose template shows it."""
    kinds: dict[int, str] = {}
    for block in walk(blocks):
        match block:
            case Figure(image=image) | Person(portrait=Image() as image):
                kinds[id(image)] = block.kind
            case Gallery(images=images):
                kinds |= {id(image): block.kind for image in images}
            case Custom():
                kinds |= {id(image): block.kind for image, _ in block.pictures}
        yield block, kinds.get(id(block), block.kind)


def _template(draft: Draft, page: Page, target: _Target) -> str:
    """Return the line of the template that writes the block of a target, or else its file."""
    for element in page.elements():
        if page.line_of(element) == target.line:
            origin = origin_of(draft, page, element)
            if origin and not origin.is_packaged:
                return str(origin)
    return f"templates/blocks/{target.kind}.mjml"
