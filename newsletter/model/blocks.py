"""The blocks an issue is made of; HTML in them is clean and well-formed, with markers for slots."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import unquote

from newsletter.language import say

_OPENING_TAGS = re.compile(
    r"(?:\s*<(?:p|ul|ol|li|dl|dt|dd|div|pre|code|blockquote|h\d|table|thead|tbody|tr|th|td)\b[^>]*>)*"
)


@dataclass(frozen=True, slots=True, order=True)
class Condition:
    """A rule `key=value` that a subscriber's attribute meets or not."""

    key: str
    value: str

    @classmethod
    def parse(cls, text: str) -> "Condition":
        """Parse "region=Lappi"; raise ValueError for anything else."""
        key, equals, value = (part.strip() for part in text.partition("="))
        if not (equals and value and re.fullmatch(r"[^\W\d]\w*", key)):
            raise ValueError(
                say("“{text}” is not of the form key=value, such as region=Lappi", text=text)
            )
        return cls(key.lower(), value.strip("\"'"))

    def __str__(self) -> str:
        return f"{self.key}={self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of an issue, which the template blocks/KIND.mjml writes."""

    kind: ClassVar[str]
    line: int  # of the issue, where it begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose(Block):
    """A paragraph, a list or other running text."""

    kind = "prose"
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnotes(Block):
    """The footnotes of an issue; readers get those they can see referred to, as a Prose."""

    kind = "footnotes"
    notes: tuple[tuple[int, str], ...]  # number and HTML

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
    html: str
    name: str = ""  # made of its words, or fixed by its author
    anchor: str = ""  # its name, where a link leads to it
    begins_section: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Block):
    """A data table with a header row."""

    kind = "table"
    head: tuple[str, ...]  # HTML of each header cell
    rows: tuple[tuple[str, ...], ...]  # HTML of each cell
    align: tuple[str, ...]  # "left", "right" or "center" per column


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(Block):
    """A picture on its own."""

    kind = "image"
    source: str  # path beside the issue, or an https URL
    alt: str
    title: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Block):
    """A picture with a caption."""

    kind = "figure"
    image: Image
    html: str  # the caption, without a paragraph around it


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery(Block):
    """Two to six pictures side by side, below one another on a phone."""

    kind = "gallery"
    images: tuple[Image, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Block):
    """A contact person."""

    kind = "person"
    name: str  # HTML, like the rest
    role: str = ""
    contact: str = ""  # links to write or call, separated by line breaks
    portrait: Image | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion(Block):
    """An occasion described in the front matter."""

    kind = "event"
    name: str  # its name in the front matter
    title: str
    start: dt.datetime  # local time of the readers, so without a zone
    end: dt.datetime | None = None
    place: str = ""
    online: str = ""  # where to take part remotely
    url: str = ""  # where to register
    deadline: dt.date | None = None  # the last day to register
    html: str = ""  # what the issue adds to it
    title_html: str = ""  # with places to break; empty: as it stands
    place_html: str = ""
    level: int = 3  # of its title among the headings around it


@dataclass(frozen=True, slots=True, kw_only=True)
class Button(Block):
    """A link shown as a button."""

    kind = "button"
    url: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Divider(Block):
    """A line between two thoughts."""

    kind = "divider"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(Block):
    """Somebody's words, set apart."""

    kind = "quote"
    blocks: tuple[Block, ...]
    attribution: str = ""  # HTML


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull(Block):
    """A sentence of the issue itself, shown large."""

    kind = "pull"
    html: str  # without a paragraph around it


@dataclass(frozen=True, slots=True, kw_only=True)
class Box(Block):
    """Blocks on a tinted background."""

    kind = "box"
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns(Block):
    """Blocks side by side, below one another on a phone."""

    kind = "columns"
    cells: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Only(Block):
    """Blocks for those subscribers who meet a condition."""

    kind = "only"
    condition: Condition
    blocks: tuple[Block, ...]


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield every block, parents before children, in reading order."""
    for block in blocks:
        yield block
        yield from walk(_children_of(block))


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
    return ()
