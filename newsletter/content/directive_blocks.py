"""Turns a directive and its content into a block, or says what it lacks."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from urllib.parse import unquote

from newsletter.content.appeals import read_appeal
from newsletter.content.arguments import knows_no_argument, take_variant
from newsletter.content.cleaning import clean_html
from newsletter.content.custom_blocks import read_custom
from newsletter.content.directive_input import (
    DirectiveError,
    DirectiveInput,
    only_paragraph_in,
    paragraphs_in,
)
from newsletter.content.directives import Directive
from newsletter.content.region_places import LIST
from newsletter.language import Wording, lookalike, nearest, say
from newsletter.model import (
    Block,
    Box,
    Button,
    Columns,
    Divider,
    Figure,
    Gallery,
    Heading,
    Image,
    Occasion,
    Only,
    Person,
    Poll,
    Prose,
    Pull,
    Quote,
)
from newsletter.segments import SegmentError, parse_segment

_LINK = re.compile(r"<a\b[^>]*\shref=")
_DASHES = ("— ", "– ", "-- ")
_IMAGE = re.compile(r'(?:<a\b[^>]*?\shref="(?P<link>[^"]*)"[^>]*>)?<img\b(?P<rest>[^>]*)>(?:</a>)?')
_WORDLESS = frozenset(
    {"box", "columns", "divider", "gallery", "literal", "pull", "quote"}
)  # their first line
_NAMED = re.compile(r"\s+([^\W\d][\w-]*)=(\S*)$")
_ENDS_AS_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp)$", re.I)  # of a file such as “a b=c.png”
_ATTRIBUTE = re.compile(r'\s(src|alt|title)="([^"]*)"')


def read_directive(given: DirectiveInput) -> Block | None:
    """Return a directive's block, None if it is unknown; raise DirectiveError for a faulty one."""
    directive = given.directive
    variants = given.kinds.variants_of(directive.name)
    variant, rest = take_variant(directive.arguments, variants)
    given = replace(given, directive=replace(directive, arguments=rest))
    if kind := given.kinds.named(directive.name):
        return replace(read_custom(given, kind, variants), variant=variant)
    if rest and directive.name in _WORDLESS:
        raise _words_behind(directive.name, rest, variants)
    reader = _READERS.get(directive.name)  # an unknown one was reported when it was found
    return replace(reader(given), variant=variant) if reader else None


def _words_behind(name: str, words: str, variants: tuple[str, ...]) -> DirectiveError:
    return DirectiveError(
        say(
            "“{words}” is after the word “{name}”, where no reader would see it",
            words=words,
            name=name,
        ),
        lookalike(words.partition(" ")[0], variants)
        or say("write it on a line of its own, between the colons"),
    )


def _button(given: DirectiveInput) -> Button:
    html = only_paragraph_in(given)
    if not given.directive.arguments or html is None:
        raise DirectiveError(
            say("a button needs an address and one line of text"),
            say("::: button https://example.org/ with the text on the next line"),
        )
    if _LINK.search(html):
        raise DirectiveError(
            say("a button is one link; another link or a footnote cannot be in it"),
            say("write it above or below the button"),
        )
    return Button(line=given.directive.line, url=given.directive.arguments, html=html)


def _image(given: DirectiveInput) -> Image:
    image = _source_of(given.directive)
    alt = only_paragraph_in(given) if given.blocks else ""
    if not image.source or alt is None:
        raise DirectiveError(
            say("an image needs a file and one paragraph that says what it shows"),
            say("::: image 2026-12/picture.png with the description on the next line"),
        )
    return replace(image, alt=_words(alt))


def _figure(given: DirectiveInput) -> Figure:
    image = _source_of(given.directive)
    paragraphs = paragraphs_in(given)
    if not image.source:
        raise DirectiveError(
            say("a figure needs a file"),
            say("name it after the word, as ::: figure 2026-12/picture.jpg"),
        )
    if paragraphs is None or len(paragraphs) > 2:
        raise DirectiveError(
            say("a figure holds two paragraphs and nothing else"),
            say("first what the picture shows, then, below an empty line, its caption"),
        )
    if not paragraphs:
        raise DirectiveError(
            say("a figure without a word on what it shows"),
            say(
                "say on the next line what the picture shows, then below an empty line its caption"
            ),
        )
    if len(paragraphs) == 1:
        raise DirectiveError(
            say("a figure without a caption"),
            say("write the caption below an empty line, or use “image”, which has none"),
        )
    alt, caption = paragraphs
    return Figure(line=image.line, image=replace(image, alt=_words(alt)), html=caption)


def _gallery(given: DirectiveInput) -> Gallery:
    hint = say("write two to six pictures, one a line: ![what it shows](2026-12/picture.jpg)")
    images: list[Image] = []
    for block in given.blocks:
        found = _images_of(block)
        if found is None:
            raise DirectiveError(
                say("a gallery holds pictures and nothing else, in files without spaces"), hint
            )
        images += found
    if not 2 <= len(images) <= 6:
        raise DirectiveError(
            say("a gallery needs two to six pictures, here are {count}", count=len(images)), hint
        )
    return Gallery(line=given.directive.line, images=tuple(images))


def _person(given: DirectiveInput) -> Person:
    hint = say("**Name** on the first line, the role on the next, then links to write or call")
    if not all(isinstance(block, Prose | Heading) for block in given.blocks):
        raise DirectiveError(say("a person needs lines of text and nothing else"), hint)
    lines = [line for block in given.blocks for line in _lines_of(block)]
    if not lines:
        raise DirectiveError(say("a person without a name"), hint)
    name, *rest = lines
    name = re.sub(r"</?(?:strong|em|b|i)>", "", name)
    portrait = _source_of(given.directive)
    role = rest.pop(0) if rest and "<a " not in rest[0] else ""
    return Person(
        line=given.directive.line,
        name=name,
        role=role,
        contact="<br>".join(rest),
        portrait=replace(portrait, alt=_words(name)) if portrait.source else None,
    )


def _occasion(given: DirectiveInput) -> Occasion:
    name = given.directive.arguments
    occasion = given.occasions.get(name)
    if occasion is None:
        raise DirectiveError(*_unknown_occasion(name, list(given.occasions)))
    if not all(isinstance(block, Prose) for block in given.blocks):
        raise DirectiveError(
            say("an event holds text and nothing else"), say("put other blocks above or below it")
        )
    return replace(occasion, line=given.directive.line, html=given.joined, level=given.level)


def _poll(given: DirectiveInput) -> Poll:
    survey = given.directive.arguments
    if not survey:
        raise DirectiveError(
            say("which poll is meant?"),
            say("write the name of its file behind it, as ::: poll next-topic"),
        )
    if not all(isinstance(block, Prose) for block in given.blocks):
        raise DirectiveError(
            say("a poll holds text and nothing else"), say("put other blocks above or below it")
        )
    line = given.directive.line
    return Poll(line=line, survey=survey, html=given.joined, level=given.level)


def _unknown_occasion(name: str, known: list[str]) -> tuple[Wording, Wording]:
    """Return what is wrong with the name of an event, and the cure."""
    message = (
        say("the front matter has no event “{event}”", event=name)
        if name
        else say("which event is meant?")
    )
    if known:
        return message, nearest(name, known)
    return message, say(
        "add a key “events:” with its name, title, start and place to the front matter"
    )


def _pull(given: DirectiveInput) -> Pull:
    html = only_paragraph_in(given)
    if html is None:
        raise DirectiveError(
            say("a pulled sentence is one paragraph"),
            say("write a sentence or two of the text, no more"),
        )
    return Pull(line=given.directive.line, html=html)


def _quote(given: DirectiveInput) -> Quote:
    blocks, attribution = given.blocks, ""
    last = blocks[-1] if blocks else None
    if isinstance(last, Prose) and last.html.startswith(tuple(f"<p>{d}" for d in _DASHES)):
        blocks = blocks[:-1]
        attribution = last.html.strip().removeprefix("<p>").removesuffix("</p>")
        attribution = attribution.split(" ", 1)[1]
    return Quote(line=given.directive.line, blocks=blocks, attribution=attribution)


def _regions(given: DirectiveInput) -> Prose:
    if given.directive.arguments or not given.is_empty:
        raise DirectiveError(
            say("a list of regions holds nothing; regions.toml has what it shows"),
            say("write ::: regions, and ::: on the line below it"),
        )
    return Prose(line=given.directive.line, html=LIST)


def _only(given: DirectiveInput) -> Only:
    try:
        condition = parse_segment(given.directive.arguments)
    except SegmentError as err:
        raise DirectiveError(err.words, say("::: only region=Lappi")) from err
    return Only(line=given.directive.line, condition=condition, blocks=given.blocks)


def _columns(given: DirectiveInput) -> Columns:
    cells = tuple(part for part in given.parts if part)
    if not 2 <= len(cells) <= 4:
        raise DirectiveError(
            say("columns need two to four parts, here are {count}", count=len(cells)),
            say("divide them by a line of three dashes"),
        )
    return Columns(line=given.directive.line, cells=cells)


_READERS: dict[str, Callable[[DirectiveInput], Block]] = {
    "box": lambda given: Box(line=given.directive.line, blocks=given.blocks),
    "button": _button,
    "columns": _columns,
    "contribute": read_appeal,
    "divider": lambda given: Divider(line=given.directive.line),
    "event": _occasion,
    "figure": _figure,
    "gallery": _gallery,
    "image": _image,
    "only": _only,
    "person": _person,
    "poll": _poll,
    "pull": _pull,
    "quote": _quote,
    "regions": _regions,
}


def _source_of(directive: Directive) -> Image:
    """Return the picture that a directive names, still without an alternative text."""
    source, link = directive.arguments, ""
    while (named := _NAMED.search(source)) and not _ENDS_AS_PICTURE.search(named[0]):
        if named[1] != "link":
            raise knows_no_argument(directive.name, named[1], ("link",))
        if link or not named[2]:
            message = say("“{name}=” has no value, or is there twice", name="link")
            raise DirectiveError(message, say("write one link=https://... behind the file"))
        source, link = source[: named.start()], named[2]
    return Image(line=directive.line, source=source, alt="", link=link)


def _words(html: str) -> str:
    """Return inline HTML as an alternative text."""
    html = re.sub(r'<img\b[^>]*\salt="([^"]*)"[^>]*>', r" \1 ", html)
    html = re.sub(r"<br\s*/?>|\n", " ", html)
    return unescape(re.sub(r"<[^>]*>", "", html))


def _lines_of(block: Block) -> list[str]:
    """Return the lines of text, each well-formed even if emphasis began on an earlier line."""
    html = re.sub(r"</p>|<br\s*/?>|\n", "\n", getattr(block, "html", "")).replace("<p>", "")
    return [line for part in html.split("\n") if (line := clean_html(part).strip())]


def _images_of(block: Block) -> list[Image] | None:
    """Return the pictures of a block, or None if it contains anything else."""
    if isinstance(block, Image):
        return [block]
    html = getattr(block, "html", "")
    if not isinstance(block, Prose) or re.sub(r"</?p>|<br\s*/?>|\s", "", _IMAGE.sub("", html)):
        return None
    images = []
    for match in _IMAGE.finditer(html):
        given = {name: unescape(value) for name, value in _ATTRIBUTE.findall(match["rest"])}
        images.append(
            Image(
                line=block.line + html.count("\n", 0, match.start()),
                source=readable_source(given.get("src", "")),
                alt=given.get("alt", ""),
                title=given.get("title", ""),
                link=unescape(match["link"] or ""),
            )
        )
    return images


def readable_source(source: str) -> str:
    """Return a file's path as the author wrote it; web addresses stay encoded."""
    return source if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", source) else unquote(source)
