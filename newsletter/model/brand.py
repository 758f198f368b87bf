"""The face of the house, as readers of a language see it: colours, letters, logo, words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A picture in place of, or above, the newsletter's title."""

    source: str  # its path in the newsletter's folder
    dark: str = ""  # of the one for dark grounds; empty if there is none
    width: int  # pixels, as it is shown
    alt: str  # what it says, for those who do not see it
    link: str = ""  # where it leads; empty for nowhere
    with_title: bool = True  # whether the title stands below it as text


@dataclass(frozen=True, slots=True, kw_only=True)
class WebFont:
    """A typeface that mail programs may fetch when a mail is read."""

    family: str  # its name in lists of typefaces
    url: str  # of its file
    weight: str  # such as "400", or "100 900" of a variable one
    style: str  # "normal" or "italic"


@dataclass(frozen=True, slots=True, kw_only=True)
class SocialLink:
    """A place where the house is found besides its mail."""

    name: str  # such as "LinkedIn"
    url: str  # where it leads


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A few words in the head of the page, for a time."""

    words: str  # what it says
    link: str = ""  # where it leads; empty for nowhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """What a house has otherwise than the look; whatever is empty is as in the look."""

    colour: str = ""  # the main one, "#rrggbb"
    accent: str = ""  # a second one
    paper: str = ""  # the ground of the page
    heading_font: tuple[str, ...] = ()  # typefaces, the first one first
    text_font: tuple[str, ...] = ()  # the same for running text
    web_fonts: tuple[WebFont, ...] = ()  # those of them that may be fetched
    buttons: str = ""  # "rounded", "pill" or "square"
    outline: bool | None = None  # whether buttons are outlined rather than filled
    corners: int | None = None  # of pictures and boxes, pixels
    logo: Logo | None = None  # none if there is no picture
    social: tuple[SocialLink, ...] = ()  # where else the house is found
    legal: tuple[str, ...] = ()  # lines; [words](address) is a link
    badge: Badge | None = None  # none before or after its time
