"""Turns a directive and its content into a block, or says what it lacks."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import unquote

from newsletter.content.cleaning import clean_html
from newsletter.content.directives import Directive
from newsletter.language import Wording, nearest, say
from newsletter.model import (
    Block,
    Box,
    Button,
    Columns,
    Condition,
    Divider,
    Figure,
    Gallery,
    Heading,
    Image,
    Occasion,
    Only,
    Person,
    Prose,
    Pull,
    Quote,
)

_LINK = re.compile(r"<a\b[^>]*\shref=")
_DASHES = ("— ", "– ", "-- ")
_IMAGE = re.compile(r'(?:<a\b[^>]*?\shref="(?P<link>[^"]*)"[^>]*>)?<img\b(?P<rest>[^>]*)>(?:</a>)?')
_WORDLESS = frozenset(
    {"box", "columns", "divider", "gallery", "literal", "pull", "quote"}
)  # their first line
_ATTRIBUTE = re.compile(r'\s(src|alt|title)="([^"]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveInput:
    """The input from which a directive is read."""

    directive: Directive
    parts: tuple[tuple[Block, ...], ...]  # the content; only columns have several parts
    occasions: Mapping[str, Occasion]  # those of the front matter, by name
    level: int  # the level of a heading here

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Return the whole content."""
        return self.parts[0] if self.parts else ()


class DirectiveError(Exception):
    """A directive lacks something, or contains what it cannot show."""

    def __init__(self, message: Wording, hint: Wording) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def read_directive(given: DirectiveInput) -> Block | None:
    """Return a directive's block, None if it is unknown; raise DirectiveError for a faulty one."""
    directive = given.directive
    if directive.arguments and directive.name in _WORDLESS:
        raise DirectiveError(
            say(
                "“{words}” is after the word “{name}”, where no reader would see it",
                words=directive.arguments,
                name=directive.name,
            ),
            say("write it on a line of its own, between the colons"),
        )
    reader = _READERS.get(directive.name)  # an unknown one was reported when it was found
    return reader(given) if reader else None


def _button(given: DirectiveInput) -> Button:
    html = _only_paragraph(given)
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
    alt = _only_paragraph(given) if given.blocks else ""
    if not image.source or alt is None:
        raise DirectiveError(
            say("an image needs a file and one paragraph that says what it shows"),
            say("::: image 2026-12/picture.png with the description on the next line"),
        )
    return replace(image, alt=_words(alt))


def _figure(given: DirectiveInput) -> Figure:
    image = _source_of(given.directive)
    paragraphs = _paragraphs(given)
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
    html = "\n".join(block.html for block in given.blocks if isinstance(block, Prose))
    return replace(occasion, line=given.directive.line, html=html, level=given.level)


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
    html = _only_paragraph(given)
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


def _only(given: DirectiveInput) -> Only:
    try:
        condition = Condition.parse(given.directive.arguments)
    except ValueError as err:
        raise DirectiveError(err.args[0], say("::: only region=Lappi")) from err
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
    "divider": lambda given: Divider(line=given.directive.line),
    "event": _occasion,
    "figure": _figure,
    "gallery": _gallery,
    "image": _image,
    "only": _only,
    "person": _person,
    "pull": _pull,
    "quote": _quote,
}


def _source_of(directive: Directive) -> Image:
    """Return the picture that a directive names, still without an alternative text."""
    link = re.search(r"\s+link=(\S+)$", directive.arguments)
    source = directive.arguments[: link.start()] if link else directive.arguments
    return Image(line=directive.line, source=source, alt="", link=link[1] if link else "")


def _paragraphs(given: DirectiveInput) -> list[str] | None:
    """Return the inline HTML of each paragraph inside, or None if there is anything else."""
    found = []
    for block in given.blocks:
        html = block.html.strip() if isinstance(block, Prose) else ""
        if not html.startswith("<p>") or html.count("<p>") != 1 or not html.endswith("</p>"):
            return None
        found.append(html.removeprefix("<p>").removesuffix("</p>"))
    return found


def _only_paragraph(given: DirectiveInput) -> str | None:
    """Return the inline HTML of a directive that contains one paragraph, or None."""
    paragraphs = _paragraphs(given) or []
    return paragraphs[0] if len(paragraphs) == 1 else None


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
