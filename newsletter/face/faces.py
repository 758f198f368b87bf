"""What pages on the web show of a newsletter: its look, its logo, its title and who sends it."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from markupsafe import Markup

from newsletter.errors import ConfigError
from newsletter.face.sheet import scheme_of, write_sheet
from newsletter.files import find_file
from newsletter.language import SPOKEN, spoken_language
from newsletter.model import Brand, Logo, Picture, SocialLink
from newsletter.press import brand_in, look_of, reply_to_of
from newsletter.render import Look, load_picture, style_values, with_links
from newsletter.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file that pages need; its name has a digest of it, so it never changes."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Emblem:
    """A logo as pages show it."""

    name: str  # of its asset
    dark: str  # of the one for dark grounds; the same for one that suits both, "" for none
    width: int  # pixels, as it is shown
    height: int
    alt: str
    with_title: bool  # whether the newsletter's title stands beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What readers of a language see of the newsletter on every page."""

    title: str
    sender: str  # name and postal address
    reply_to: str
    emblem: Emblem | None
    social: tuple[SocialLink, ...]
    legal: tuple[Markup, ...]  # lines, with their links


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """The face of a newsletter's pages."""

    language: str  # the newsletter's own
    imprints: Mapping[str, Imprint]  # by language of pages
    assets: Mapping[str, Asset] = field(repr=False)  # by name
    sheet: str  # name of the style sheet
    bar: str  # name of the one for what stands around a mail
    icon: str  # name of the icon in the tab of a browser
    themes: tuple[str, str]  # colours of a browser's own frame in light and in dark
    colours: Mapping[str, str]  # of the light scheme
    dark: Mapping[str, str]  # of the dark one
    fault: ConfigError | None = None  # why the look is the default one and not the newsletter's

    def imprint_in(self, language: str) -> Imprint:
        """Return the imprint for readers of a language."""
        return self.imprints[spoken_language(language)]


def face_of(settings: Settings) -> Face:
    """Return the face of a newsletter's pages.

    A look that cannot be used is told, and gives way to the default one: whoever wants to leave
    finds the way whatever a template says.
    """
    own = settings.newsletter.language
    brands = {code: brand_in(settings, code, dt.date.max) for code in SPOKEN}
    values, fault = _values(settings, brands[spoken_language(own)])
    light, dark = scheme_of(values, "light"), scheme_of(values, "dark")
    sheet = _asset("face", "text/css", write_sheet(values).encode(), "css")
    bar = _asset("bar", "text/css", write_sheet(values, "bar.css").encode(), "css")
    icon = _icon(settings.newsletter.title_in(own), light)
    assets = {one.name: one for one in (sheet, bar, icon)}
    imprints = {code: _imprint(settings, code, brands[code], assets) for code in SPOKEN}
    return Face(
        language=own,
        imprints=imprints,
        assets=assets,
        sheet=sheet.name,
        bar=bar.name,
        icon=icon.name,
        themes=(light["paper"], dark["paper"]),
        colours=light,
        dark=dark,
        fault=fault,
    )


def _values(settings: Settings, brand: Brand) -> tuple[Mapping[str, Any], ConfigError | None]:
    try:
        return style_values(look_of(settings), brand), None
    except ConfigError as err:
        return style_values(Look(folder=Path("nowhere")), brand), err


def _imprint(settings: Settings, language: str, brand: Brand, assets: dict[str, Asset]) -> Imprint:
    return Imprint(
        title=settings.newsletter.title_in(language),
        sender=settings.newsletter.sender_in(language),
        reply_to=reply_to_of(settings),
        emblem=_emblem(settings.root, brand.logo, assets) if brand.logo else None,
        social=brand.social,
        legal=tuple(Markup(with_links(line)) for line in brand.legal),  # noqa: S704 - escaped there
    )


def _emblem(root: Path, logo: Logo, assets: dict[str, Asset]) -> Emblem | None:
    shown = _picture(root, logo.source, logo.width)
    if shown is None:
        return None
    dark = _picture(root, logo.dark, logo.width) if logo.dark else None
    for picture in filter(None, (shown, dark)):
        asset = Asset(name=picture.filename, media_type=picture.media_type, data=picture.data)
        assets[asset.name] = asset
    return Emblem(
        name=shown.filename,
        dark=dark.filename if dark else "",
        width=logo.width,
        height=max(1, round(logo.width * shown.height / shown.width)),
        alt=logo.alt,
        with_title=logo.with_title,
    )


def _picture(root: Path, source: str, width: int) -> Picture | None:
    try:
        return load_picture(find_file(root, source), source, width=width)
    except Exception:  # decoders raise all kinds of errors; `check` tells of a damaged file
        return None


def _icon(title: str, colours: Mapping[str, str]) -> Asset:
    """Return the newsletter's first letter on its colour."""
    letter = next((sign for sign in title if sign.isalnum()), "•").upper()
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="14" fill="{colours["band"]}"/>'
        '<text x="32" y="46" font-family="Georgia, serif" font-size="40" font-weight="700" '
        f'text-anchor="middle" fill="{colours["on_band"]}">{escape(letter)}</text></svg>'
    )
    return _asset("icon", "image/svg+xml", drawing.encode(), "svg")


def _asset(stem: str, media_type: str, data: bytes, kind: str) -> Asset:
    digest = hashlib.sha256(data).hexdigest()[:20]
    return Asset(name=f"{stem}-{digest}.{kind}", media_type=media_type, data=data)
