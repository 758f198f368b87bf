"""The blocks an issue is made of; HTML in them is clean and well-formed, with markers for slots."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar
from urllib.parse import unquote

from newsletter.model.kinds import BlockKind, Sort
from newsletter.segments import Segment

HTML = "HTML"
# A text that is HTML, clean and well-formed; what is declared a plain `str` has no markup.
HtmlText = Annotated[str, HTML]

_OPENING_TAGS = re.compile(
    r"(?:\s*<(?:p|ul|ol|li|dl|dt|dd|div|pre|code|blockquote|h\d|table|thead|tbody|tr|th|td)\b[^>]*>)*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of an issue, which the template blocks/KIND.mjml writes."""

    kind: ClassVar[str]
    line: int  # of the issue, where it begins
    variant: str = ""  # the word behind its name, one of those that blocks/KIND.toml declares


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose(Block):
    """A paragraph, a list or other running text."""

    kind = "prose"
    html: HtmlText  # whole elements: paragraphs, lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnotes(Block):
    """The footnotes of an issue; readers get those they can see referred to, as a Prose."""

    kind = "footnotes"
    notes: tuple[tuple[int, HtmlText], ...]  # number and HTML

    @property
    def html(self) -> str:
        """Return them as a plain list."""
        items = (f'<li id="fn{n}">{_with_place(html, f"fn{n}")}</li>\n' for n, html in self.notes)
        return f'<ol class="footnotes">\n{"".join(items)}</ol>'


def _with_place(html: str, name: str) -> str:
    """Return HTML with a place for links, within its first line.

    Before a paragraph it would be a line of its own in Firefox and Thunderbird, with the number.
    """
    return _OPENING_TAGS.sub(rf'\g<0><a name="{name}"></a>', html, count=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading(Block):
    """A heading; level 2 at the top level of an issue begins a section."""

    kind = "heading"
    level: int  # 2 to 6; the only heading of level 1 is the subject
    html: HtmlText  # its words
    name: str = ""  # made of its words, or fixed by its author
    anchor: str = ""  # its name, where a link leads to it
    begins_section: bool = False  # whether a section of the issue begins with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Block):
    """A data table with a header row."""

    kind = "table"
    head: tuple[HtmlText, ...]  # HTML of each header cell
    rows: tuple[tuple[HtmlText, ...], ...]  # HTML of each cell
    align: tuple[str, ...]  # "left", "right" or "center" per column


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(Block):
    """A picture on its own."""

    kind = "image"
    source: str  # path beside the issue, or an https URL
    alt: str  # its words for those who do not see it
    title: str = ""  # shown by some programs while a mouse rests on it
    link: str = ""  # where it leads, if anywhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Block):
    """A picture with a caption."""

    kind = "figure"
    image: Image  # the picture
    html: HtmlText  # the caption, without a paragraph around it


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery(Block):
    """Two to six pictures side by side, below one another on a phone."""

    kind = "gallery"
    images: tuple[Image, ...]  # in the order of the issue


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Block):
    """A contact person."""

    kind = "person"
    name: HtmlText  # HTML, like the rest
    role: HtmlText = ""  # what they do, and where
    contact: HtmlText = ""  # links to write or call, separated by line breaks
    portrait: Image | None = None  # its alternative text is the name


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion(Block):
    """An occasion described in the front matter, or a meeting."""

    kind = "event"
    name: str  # its name in the front matter, or the id of the meeting
    is_meeting: bool = False  # it is taken from meetings/NAME.md
    title: str  # what it is
    start: dt.datetime  # local time of the readers, so without a zone
    zone: str = ""  # that of its times, if readers elsewhere take part remotely
    end: dt.datetime | None = None  # None if only its beginning is known
    place: str = ""  # where it is
    online: str = ""  # where to take part remotely
    url: str = ""  # where to register
    deadline: dt.date | None = None  # the last day to register
    html: HtmlText = ""  # what the issue adds to it
    title_html: HtmlText = ""  # with places to break; empty: as it stands
    place_html: HtmlText = ""  # the same of its place
    level: int = 3  # of its title among the headings around it


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer that a poll offers."""

    id: str  # of the option, or the number on a scale
    html: HtmlText  # its words, without a paragraph around them
    url: str = ""  # page on which it is chosen already, and waits for a press


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll(Block):
    """The one question of a poll, with its answers as links."""

    kind = "poll"
    survey: str  # its id: the name of its file
    title: str = ""  # the question
    choices: tuple[Choice, ...] = ()  # in the order of its file
    closes: dt.date | None = None  # the last day on which it is open; None if its file names none
    html: HtmlText = ""  # what the issue adds to it
    title_html: HtmlText = ""  # the question with places to break; empty: as it stands
    level: int = 3  # of the question among the headings around it

    def offering(self, answers: Mapping[str, HtmlText]) -> "Poll":
        """Return it with answers to choose from: ids, and their words."""
        choices = tuple(Choice(id=id, html=html) for id, html in answers.items())
        return replace(self, choices=choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Button(Block):
    """A link shown as a button."""

    kind = "button"
    url: str  # where it leads
    html: HtmlText  # its words, without a paragraph around them


@dataclass(frozen=True, slots=True, kw_only=True)
class Divider(Block):
    """A line between two thoughts."""

    kind = "divider"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(Block):
    """Somebody's words, set apart."""

    kind = "quote"
    blocks: tuple[Block, ...]  # what was said
    attribution: HtmlText = ""  # whose words they are, as HTML


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull(Block):
    """A sentence of the issue itself, shown large."""

    kind = "pull"
    html: HtmlText  # without a paragraph around it


@dataclass(frozen=True, slots=True, kw_only=True)
class Box(Block):
    """Blocks on a tinted background."""

    kind = "box"
    blocks: tuple[Block, ...]  # what is in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns(Block):
    """Blocks side by side, below one another on a phone."""

    kind = "columns"
    cells: tuple[tuple[Block, ...], ...]  # the blocks of each column


@dataclass(frozen=True, slots=True, kw_only=True)
class Only(Block):
    """Blocks for those subscribers who meet a condition."""

    kind = "only"
    condition: Segment  # whom they are for
    blocks: tuple[Block, ...]  # what they get


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """What an author gave a block of the newsletter's own: `name=value`."""

    name: str
    value: str | float | Image  # text as it is shown, an address, a number or a picture
    written: str  # the same as the author wrote it; of text, as it is shown
    html: HtmlText = ""  # of text: with places where a narrow screen may break its words


@dataclass(frozen=True, slots=True, kw_only=True)
class Custom(Block):
    """A block of the newsletter's own, which blocks/NAME.toml declares."""

    declared: BlockKind  # what its declaration says
    level: int = 3  # of a heading among those around it
    words: Mapping[str, str] = field(default_factory=dict)  # its words in the language
    given: tuple[Argument, ...] = ()  # what its author wrote behind its name
    html: HtmlText = ""  # if it holds text or a line: that, a line without a paragraph around it
    image: Image | None = None  # if it holds a picture and text: the picture
    blocks: tuple[Block, ...] = ()  # if it holds blocks: these

    @property
    def kind(self) -> str:  # type: ignore[override]  # of an own block it is its file's name
        """Return its name, that of its file."""
        return self.declared.name

    @property
    def arguments(self) -> dict[str, str | float | Image]:
        """Return the value of each argument by its name; empty if it is not given."""
        values = {argument.name: argument.value for argument in self.given}
        return {p.name: values.get(p.name, "") for p in self.declared.parameters}

    @property
    def written(self) -> dict[str, str]:
        """Return each argument as its author wrote it, such as "4,5"; empty if it is not given."""
        values = {argument.name: argument.written for argument in self.given}
        return {p.name: values.get(p.name, "") for p in self.declared.parameters}

    @property
    def breakable(self) -> dict[str, str]:
        """Return each text as HTML with places to break long words, as headings have them."""
        values = {argument.name: argument.html for argument in self.given}
        return {p.name: values.get(p.name, "") for p in self.declared.parameters}

    def given_as(self, sort: Sort) -> dict[str, str]:
        """Return the arguments of a sort as they are written, by name."""
        sorts = {parameter.name: parameter.sort for parameter in self.declared.parameters}
        return {a.name: a.written for a in self.given if sorts[a.name] == sort}

    @property
    def pictures(self) -> tuple[tuple[Image, int], ...]:
        """Return its pictures, each with the points in which it is shown."""
        widths = {parameter.name: parameter.width for parameter in self.declared.parameters}
        own = ((self.image, self.declared.width),) if self.image else ()
        given = ((a.value, widths[a.name]) for a in self.given if isinstance(a.value, Image))
        return (*own, *given)


# The kinds that the program has; "flow" is what its template for the inside of quotes is called.
PACKAGED_KINDS = frozenset(
    {"literal", "flow"} | {c.kind for c in Block.__subclasses__() if isinstance(c.kind, str)}
)


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield every block, parents before children, in reading order."""
    for block in blocks:
        yield block
        yield from walk(_children_of(block))


def rebuilt(blocks: tuple[Block, ...], change: Callable[[Block], Block]) -> tuple[Block, ...]:
    """Return blocks in which each, with those in it, is what a function makes of it."""
    return tuple(change(_with_inner(block, change)) for block in blocks)


def sources_in(block: Block) -> list[str]:
    """Return the pictures that a block shows itself, without those of its children."""
    if isinstance(block, Image):
        return [block.source]
    html = (
        " ".join((*block.head, *(c for row in block.rows for c in row)))
        if isinstance(block, Table)
        else " ".join(getattr(block, n, "") for n in ("html", "name", "role", "contact"))
    )
    return [unquote(source) for source in re.findall(r'<img[^>]* src="([^"]*)"', html)]


def _with_inner(block: Block, change: Callable[[Block], Block]) -> Block:
    match block:
        case Quote(blocks=inner) | Box(blocks=inner) | Only(blocks=inner) | Custom(blocks=inner):
            return replace(block, blocks=rebuilt(inner, change)) if inner else block
        case Columns(cells=cells):
            return replace(block, cells=tuple(rebuilt(cell, change) for cell in cells))
    return block


def _children_of(block: Block) -> tuple[Block, ...]:
    match block:
        case Quote(blocks=blocks) | Box(blocks=blocks) | Only(blocks=blocks):
            return blocks
        case Columns(cells=cells):
            return tuple(inner for cell in cells for inner in cell)
        case Figure(image=image) | Person(portrait=Image() as image):
            return (image,)
        case Gallery(images=images):
            return images
        case Custom():
            return (*(image for image, _ in block.pictures), *block.blocks)
    return ()
