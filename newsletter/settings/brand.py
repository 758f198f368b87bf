"""[brand]: the face of the house, and what readers of a language see of it on a day."""

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from newsletter.colours import colour_of, luminance
from newsletter.language import say
from newsletter.model import Badge, Brand, Logo, SocialLink, WebFont
from newsletter.settings.places import check_font_url, check_link
from newsletter.settings.values import Language, OneLine, Table
from newsletter.tomlkeys import ANY_LANGUAGE

Value = TypeVar("Value")

_LONGEST = 2_000  # characters of a legal text
_LIGHT = 0.5  # luminance of a ground on which dark text stands well
_TYPEFACE = re.compile(r"[^\W_](?:[\w .&+-]*[\w+])?")
_MOST = 8  # typefaces in a list, files of typefaces, social links
_LINK = re.compile(r"\[[^\[\]\n]+\]\((?:https?://|mailto:|tel:)[^\s()]+\)")
_SLOT = re.compile(r"\{\{.*?\}\}|\{\{|\{%|\$\{|\*\|\w+\|\*")
# Of Markdown and HTML; a line of a legal text may well begin with a dash or a number.
_MARKUP = re.compile(r"\[[^\]\n]+\]\([^)\n]*\)|\*\*|__|`|</?[A-Za-z][^>]*>|&#?\w+;")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def _colour(value: str) -> str:
    found = colour_of(value)
    if found is None or found.alpha < 1:
        raise ValueError(say('expected a colour such as "#7a0f5c"'))
    return str(found)


def _beside_colour(value: str, info: ValidationInfo) -> str:
    if info.data.get("colour", value) is None:  # a faulty one is told by itself
        raise ValueError(say("this goes with the main colour: write “colour” as well"))
    return value


def _light(value: str) -> str:
    found = colour_of(value)
    if found and luminance(found) < _LIGHT:
        raise ValueError(
            say("expected a light colour: texts stand on it; a dark one is derived by itself")
        )
    return value


def _picture(value: str) -> str:
    path = PurePosixPath(value)
    if path.suffix.lower() == ".svg":
        raise ValueError(say("few mail programs show SVG: save the picture as PNG"))
    outside = path.is_absolute() or ".." in path.parts or "\\" in value or ":" in value
    if outside or not value.isprintable() or path.suffix.lower() not in _PICTURES:
        raise ValueError(
            say('expected a picture in the newsletter\'s folder, such as "brand/logo.png"')
        )
    return str(path)


def _typefaces(value: Any) -> Any:
    """Return the typefaces of a list, or of a text that separates them with commas."""
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(say('expected typefaces such as "Fraunces, Georgia, serif"'))
    bare = tuple(name.strip().strip("\"'").strip() for name in names)
    odd = [name for name in bare if not _TYPEFACE.fullmatch(name)]
    if odd or not 0 < len(bare) <= _MOST:
        raise ValueError(say('expected typefaces such as "Fraunces, Georgia, serif"'))
    return bare


def _weight(value: Any) -> Any:
    """Return a weight, or the two between which a variable typeface has all."""
    written = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    numbers = written.split(" ") if isinstance(written, str) else []
    if not 0 < len(numbers) < 3 or not all(re.fullmatch(r"[1-9]\d{0,2}|1000", n) for n in numbers):
        raise ValueError(say('expected a weight such as 700, or "100 900" of a variable typeface'))
    return written


def _day(value: Any) -> Any:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise ValueError(say("expected a day such as 2026-12-31, without quotation marks"))
    return value


def _in_languages(value: Any) -> Any:
    """Return words by language; a text alone is for readers of any."""
    return {ANY_LANGUAGE: value} if isinstance(value, str) else value


def _plain(value: str) -> str:
    """Refuse what readers would see as it is typed: slots, and markup."""
    if found := _SLOT.search(value):
        raise ValueError(
            say("“{signs}” is filled in an issue alone: write words here", signs=found[0])
        )
    if found := _MARKUP.search(_LINK.sub("", value)):
        raise ValueError(
            say(
                "“{signs}” would be shown to readers as it stands: write words, and in “legal” "
                "links as [words](https://www.example.org)",
                signs=found[0],
            )
        )
    return value


def _without_link(value: str) -> str:
    if found := _LINK.search(value):
        raise ValueError(say("“{signs}” is a link, which only “legal” can have", signs=found[0]))
    return value


def _some_lines(value: str) -> str:
    lines = [line.strip() for line in value.strip().splitlines()]
    if not any(lines) or not all(line.isprintable() for line in lines) or len(value) > _LONGEST:
        raise ValueError(say("expected words, in {most:,} characters at most", most=_LONGEST))
    return "\n".join(lines)


Colour = Annotated[str, AfterValidator(_colour)]
PictureFile = Annotated[str, AfterValidator(_picture)]
Typefaces = Annotated[tuple[str, ...], BeforeValidator(_typefaces)]
Link = Annotated[str, AfterValidator(check_link)]
Bare = Annotated[OneLine, AfterValidator(_plain), AfterValidator(_without_link)]
Words = Annotated[Mapping[Language, Bare], BeforeValidator(_in_languages)]
Lines = Annotated[
    Mapping[Language, Annotated[str, AfterValidator(_some_lines), AfterValidator(_plain)]],
    BeforeValidator(_in_languages),
]


class LogoTable(Table):
    """[brand.logo]: a picture in the head of the page."""

    file: PictureFile  # in the newsletter's folder
    dark: PictureFile | None = None  # the same for dark grounds
    width: Annotated[int, Field(ge=16, le=480)] = 160  # pixels, as it is shown
    with_title: bool = True  # whether the newsletter's title stands below it; false if it says it
    # What it says, for those who do not see it: the house's name; without title, the newsletter's.
    alt: Annotated[Bare | None, Field(validate_default=True)] = None
    link: Link | None = None  # where it leads

    @field_validator("alt")
    @classmethod
    def _is_said(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("with_title"):
            raise ValueError(
                say(
                    'write what the logo says, such as alt = "Example Foundation"; or '
                    "with_title = false if it says the newsletter's title"
                )
            )
        return value


class WebFontTable(Table):
    """[[brand.web_fonts]]: a file of a typeface, which some mail programs fetch."""

    family: Annotated[str, AfterValidator(str.strip)]  # as heading_font or text_font names it
    url: Annotated[str, AfterValidator(check_font_url)]  # of a .woff2, .woff, .ttf or .otf
    weight: Annotated[str, BeforeValidator(_weight)] = "400"  # 700, or "100 900" of a variable one
    style: Literal["normal", "italic"] = "normal"  # of its letters


class BadgeTable(Table):
    """[brand.badge]: a few words in the head of the page, for a time."""

    text: Words  # one for all languages, or a table of them
    until: Annotated[dt.date, BeforeValidator(_day)]  # the date of the last issue that shows it
    link: Link | None = None  # where it leads


class BrandTable(Table):
    """[brand]: colours, letters, logo and standing words of the house, in any look."""

    colour: Colour | None = None  # the main one, from which all others are derived
    accent: Annotated[Colour, AfterValidator(_beside_colour)] | None = None  # a second one
    paper: Annotated[Colour, AfterValidator(_light), AfterValidator(_beside_colour)] | None = (
        None  # the ground of the page, a light one
    )
    heading_font: Typefaces | None = None  # typefaces, separated by commas: the first there is
    text_font: Typefaces | None = None  # the same for running text
    web_fonts: Annotated[list[WebFontTable], Field(max_length=_MOST)] = Field(default=[])
    buttons: Literal["rounded", "pill", "square"] | None = None  # their shape
    outline: bool | None = None  # whether they are outlined rather than filled
    corners: Annotated[int, Field(ge=0, le=40)] | None = None  # of pictures and boxes, pixels
    logo: LogoTable | None = None
    logos: Mapping[Language, LogoTable] = Field(default_factory=dict)  # in other languages
    social: Annotated[Mapping[Bare, Link], Field(max_length=_MOST)] = Field(
        default_factory=dict  # name -> address, in the order of the page
    )
    legal: Lines = Field(default_factory=dict)  # below the sender; [words](address) is a link
    badge: BadgeTable | None = None

    @property
    def logo_files(self) -> list[tuple[tuple[str, ...], str]]:
        """Return the files of all logos, each with the keys that name it."""
        tables: dict[tuple[str, ...], LogoTable] = {("logo",): self.logo} if self.logo else {}
        tables |= {("logos", language): logo for language, logo in self.logos.items()}
        files = [((*keys, "file"), logo.file) for keys, logo in tables.items()]
        return files + [((*keys, "dark"), logo.dark) for keys, logo in tables.items() if logo.dark]

    @field_validator("web_fonts")
    @classmethod
    def _are_used(cls, fonts: list[WebFontTable], info: ValidationInfo) -> list[WebFontTable]:
        if not {"heading_font", "text_font"} <= info.data.keys():  # a faulty list is told by itself
            return fonts
        lists = (info.data["heading_font"] or (), info.data["text_font"] or ())
        for font in fonts:
            if font.family.casefold() not in {name.casefold() for names in lists for name in names}:
                raise ValueError(
                    say("write “{name}” into heading_font or text_font as well", name=font.family)
                )
        return fonts


def brand_of(table: BrandTable, *, title: str, language: str, own: str, day: dt.date) -> Brand:
    """Return what readers of a language see of a brand in an issue of a day.

    `title` is the newsletter's in that language, `own` the newsletter's own language: words that
    are not there in theirs are shown in that one.
    """
    logo = _in(table.logos, language) or table.logo
    badge = table.badge if table.badge and day <= table.badge.until else None
    legal = _in(table.legal, language, own) or ""
    return Brand(
        colour=table.colour or "",
        accent=table.accent or "",
        paper=table.paper or "",
        heading_font=table.heading_font or (),
        text_font=table.text_font or (),
        web_fonts=tuple(WebFont(**font.model_dump()) for font in table.web_fonts),
        buttons=table.buttons or "",
        outline=table.outline,
        corners=table.corners,
        logo=_logo(logo, title) if logo else None,
        social=tuple(SocialLink(name=name, url=url) for name, url in table.social.items()),
        legal=tuple(line for line in legal.split("\n") if line),
        badge=_badge(badge, language, own) if badge else None,
    )


def unseen_in(table: BrandTable, *, language: str, own: str, day: dt.date) -> list[tuple[str, ...]]:
    """Return the keys of which readers of a language get nothing, since others alone have it.

    `own` and `day` are those of `brand_of`.
    """
    texts: dict[tuple[str, ...], Mapping[str, str]] = {("legal",): table.legal}
    if table.badge and day <= table.badge.until:
        texts["badge", "text"] = table.badge.text
    unseen = [keys for keys, text in texts.items() if text and not _in(text, language, own)]
    if table.logos and not (table.logo or _in(table.logos, language)):
        unseen.append(("logos", next(iter(table.logos))))
    return unseen


def _logo(table: LogoTable, title: str) -> Logo:
    return Logo(
        source=table.file,
        dark=table.dark or "",
        width=table.width,
        alt=table.alt or title,
        link=table.link or "",
        with_title=table.with_title,
    )


def _badge(table: BadgeTable, language: str, own: str) -> Badge | None:
    words = _in(table.text, language, own)
    return Badge(words=words, link=table.link or "") if words else None


def _in(values: Mapping[str, Value], *languages: str) -> Value | None:
    """Return the value for the first language that has one; what is for any is the last resort."""
    for language in (*languages, ANY_LANGUAGE):
        for code in (language, language.partition("-")[0]):
            if code in values:
                return values[code]
    return None
