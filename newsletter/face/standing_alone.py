"""What a page needs that stands alone: its style, with the colours of charts, and its pictures."""

import base64
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from newsletter.drawing import tints_of
from newsletter.face.faces import Face

_PAGES = Path(__file__).parent / "pages"


def style_alone(face: Face) -> Markup:
    """Return the face's style sheet, and what charts and tables need."""
    sheet = _sheet().render(
        own={name.replace("_", "-"): colour for name, colour in face.colours.items()},
        light=tints_of(face.colours, "light"),
        dark=tints_of(face.dark, "dark"),
    )
    return Markup(face.assets[face.sheet].data.decode() + sheet)  # noqa: S704 - a sheet of ours


@lru_cache
def _sheet() -> Template:
    environment = Environment(  # noqa: S701 - CSS, of colours alone
        loader=FileSystemLoader(_PAGES), undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("report.css")


def embedding(face: Face) -> Callable[[str], str]:
    """Return what turns the name of an asset into an address that has all of it in it."""

    def embed(name: str) -> str:
        asset = face.assets[name]
        return f"data:{asset.media_type};base64,{base64.b64encode(asset.data).decode()}"

    return embed
