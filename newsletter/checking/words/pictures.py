"""Checks the pictures beside an issue: shape, sharpness, weight, animation, and metadata."""

import re
from collections.abc import Iterator
from html import escape
from io import BytesIO
from typing import Any

from PIL import Image as Pillow
from PIL import ImageSequence

from newsletter.checking.instruments import (
    Draft,
    Named,
    checks,
    mending_by_template,
    mending_of_file,
    pages_of,
    pieces_of,
    template_files,
    unsubscribe_target,
)
from newsletter.language import say, say_many
from newsletter.model import Finding, Image, Picture, Rule, Severity, walk

_DIGEST = re.compile(r"[0-9a-f]{20}")
_SMALL = 64  # points; on icons nobody notices single pixels
_SLACK = 0.02  # of the height; nobody notices less
_HEAVY, _WEIGHTY, _HEAVY_MOTION, _HEAVY_ALL = 200_000, 100_000, 1_000_000, 1_000_000  # bytes
_LONG_MOTION = 5  # seconds (WCAG 2.2, 2.2.2)
_FEW_WORDS = 20


IMAGE_DIMENSIONS = Rule(
    id="image-dimensions",
    summary="Each picture has its true width and height",
    source="caniemail: html-width; Outlook for Windows",
)
IMAGE_RETINA = Rule(
    id="image-retina",
    summary="Pictures are sharp on dense screens",
    source="device pixel ratios of phones",
)


@checks(IMAGE_DIMENSIONS, IMAGE_RETINA)
def check_shown(draft: Draft) -> Iterator[Finding]:
    """Pictures keep their proportions, and have enough pixels for the size they are shown in."""
    files = (*template_files(draft), *draft.pictures.values())
    by_digest = {picture.digest: picture for picture in files}
    for page in pages_of(draft):
        for element in page.elements("img"):
            address = element.get("src", "")
            match = _DIGEST.search(address)
            picture = by_digest.get(match[0]) if match else None
            line = page.line_of(element)
            for fault in _faults_shown(element, picture):
                if line and not (picture and picture.of_template):
                    yield fault.at(draft.line_with(picture.source, line) if picture else line)
                elif fault.id == IMAGE_RETINA.id:  # of the file, whoever names it
                    named = Named(address=address, page=page, element=element)
                    yield named.mending(draft).explained(fault)
                else:
                    yield mending_by_template(draft, page, element).explained(fault)


IMAGE_WEIGHT = Rule(id="image-weight", summary="Pictures are light enough for a phone")
IMAGE_ANIMATED_FIRST_FRAME = Rule(
    id="image-animated-first-frame",
    summary="A moving picture tells its story standing still",
    source="caniemail: image-gif; WCAG 2.2, 2.2.2",
)
IMAGE_METADATA = Rule(
    id="image-metadata",
    summary="No picture tells where it was taken",
    source="GDPR, article 5(1)(c)",
)


@checks(IMAGE_WEIGHT, IMAGE_ANIMATED_FIRST_FRAME, IMAGE_METADATA)
def check_files(draft: Draft) -> Iterator[Finding]:
    """Pictures are light, stop moving in time, and reveal nothing about their makers."""
    lines = {source: draft.line_with(source, line) for source, line in _first_lines(draft).items()}
    for source, picture in draft.pictures.items():
        for fault in filter(None, (_weight(picture), _motion(picture), _place(picture))):
            yield fault.at(lines.get(source))
    for picture in template_files(draft):
        for fault in filter(None, (_weight(picture), _motion(picture), _place(picture))):
            yield mending_of_file(draft, picture.digest).explained(fault)
    # Embedded pictures count towards the weight of the mail.
    files = (*template_files(draft), *draft.pictures.values())
    total = sum(len(picture.data) for picture in files)
    if draft.pictures_url and total > _HEAVY_ALL:
        yield IMAGE_WEIGHT.warning(
            "all pictures together weigh {weight:.1f} MB",
            "show fewer, and link to a page for the rest",
            weight=total / 1e6,
        )


IMAGE_BLOCKED_VIEW = Rule(
    id="image-blocked-view",
    summary="The mail can be understood with its pictures blocked",
    source="SpamAssassin 4.0.1: HTML_IMAGE_ONLY; measured",
)


@checks(IMAGE_BLOCKED_VIEW)
def check_blocked(draft: Draft) -> Iterator[Finding]:
    """Without pictures there are still words to read, and a way to unsubscribe."""
    html = " ".join(piece for _, piece in pieces_of(draft))
    first = next((b.line for b in walk(draft.issue.blocks) if isinstance(b, Image)), None)
    if first is None:
        return
    words = len(re.findall(r"\w+", re.sub(r"<[^>]*>", " ", html)))
    if words < _FEW_WORDS:
        yield IMAGE_BLOCKED_VIEW.warning(
            say_many(
                "nearly all of the issue is pictures ({n} word); many see none at first",
                "nearly all of the issue is pictures ({n} words); many see none at first",
                n=words,
            ),
            "write what matters as text; mail filters mistrust pictures alone, too",
            line=first,
        )
    for edition in draft.editions:
        target = re.escape(escape(unsubscribe_target(draft, edition)))
        links = re.findall(rf'<a\b[^>]*\shref="{target}"[^>]*>(.*?)</a>', edition.html, re.S)
        if links and not any(re.search(r"\w", re.sub(r"<[^>]*>", "", link)) for link in links):
            yield IMAGE_BLOCKED_VIEW.warning(
                "the way to unsubscribe is a picture, which many programs block",
                "the template must show {{ unsubscribe_url|html }} as a link with words",
            )


def _faults_shown(element: Any, picture: Picture | None) -> Iterator[Finding]:
    width, height = (re.fullmatch(r"\d+", element.get(key, "")) for key in ("width", "height"))
    if not width:
        yield IMAGE_DIMENSIONS.warning(
            "“{file}” has no width; Outlook shows it as large as its file"
            if picture
            else "a picture has no width; Outlook shows it as large as its file",
            'the template must give it one, such as width="536"',
            file=picture.source if picture else "",
        )
    if not (picture and width and int(width[0])):
        return
    shown = int(width[0])
    if height and abs(int(height[0]) - shown * picture.height / picture.width) > max(
        1, _SLACK * int(height[0])
    ):
        yield IMAGE_DIMENSIONS.warning(
            "“{file}” is shown {width} × {height}, which is not its shape",
            "leave the height out",
            file=picture.source,
            width=shown,
            height=height[0],
        )
    density = picture.width / shown
    if shown >= _SMALL and density < 1.5:
        severity = Severity.WARNING if density < 1 else Severity.NOTE
        yield IMAGE_RETINA.finding(
            severity,
            "“{file}” has {width} pixels for a place {shown} wide; it looks soft on a phone",
            say("use a file at least {width} pixels wide", width=2 * shown),
            file=picture.source,
            width=picture.width,
            shown=shown,
        )


def _weight(picture: Picture) -> Finding | None:
    size, moves = len(picture.data), picture.frames > 1
    heavy, weighty = (_HEAVY_MOTION, _HEAVY) if moves else (_HEAVY, _WEIGHTY)
    if size <= weighty:
        return None
    return IMAGE_WEIGHT.finding(
        Severity.WARNING if size > heavy else Severity.NOTE,
        "“{file}” weighs {weight:.0f} kB in the mail, made from {original:.1f} MB"
        if picture.original_bytes > 2 * size
        else "“{file}” weighs {weight:.0f} kB in the mail",
        "make it shorter or smaller" if moves else "crop it, or choose one with less detail",
        file=picture.source,
        weight=size / 1000,
        original=picture.original_bytes / 1e6,
    )


def _motion(picture: Picture) -> Finding | None:
    if picture.frames < 2:
        return None
    is_blank, seconds, is_endless = _film(picture.data)
    if is_blank:
        return IMAGE_ANIMATED_FIRST_FRAME.warning(
            "the first picture of “{file}” is blank; Outlook shows only that one",
            "begin with the picture that matters",
            file=picture.source,
        )
    if is_endless or seconds > _LONG_MOTION:
        return IMAGE_ANIMATED_FIRST_FRAME.note(
            "“{file}” moves for more than {seconds} seconds beside the text",
            "let it stop, or show a still picture: motion keeps some from reading",
            file=picture.source,
            seconds=_LONG_MOTION,
        )
    return None


def _film(data: bytes) -> tuple[bool, float, bool]:
    """Return whether the first frame is one colour, how long the animation is, if it loops."""
    with Pillow.open(BytesIO(data)) as film:
        extrema = film.convert("RGB").getextrema()
        seconds = sum(f.info.get("duration", 100) for f in ImageSequence.Iterator(film)) / 1000
        loops = film.info.get("loop", 1)
    is_blank = all(band[0] == band[1] for band in extrema if isinstance(band, tuple))
    return is_blank, seconds * max(1, loops), loops == 0


def _place(picture: Picture) -> Finding | None:
    if not picture.had_gps:
        return None
    return IMAGE_METADATA.note(
        "“{file}” tells where it was taken; the mail does not, it was taken out",
        "the file beside the issue still does, if you pass it on",
        file=picture.source,
    )


def _first_lines(draft: Draft) -> dict[str, int]:
    lines: dict[str, int] = {}
    for source, line in draft.issue.picture_sources:
        lines.setdefault(source, line)
    return lines
