"""Cases of dark themes."""

from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw

from newsletter.model import Edition
from tests.checking.cases.styles import styled
from tests.checking.desk import (
    ERROR,
    IMAGE,
    NOTE,
    WARNING,
    Case,
    Prepare,
    Spoil,
    in_html,
    in_style,
    letter,
    on_page,
)

LOGO = letter(f"Hei.\n\n![Tunnus]({IMAGE})")


def logo(colour: str, *, background: str | None = None) -> Prepare:
    """Lay down a disc on a clear ground, or on a filled one."""

    def lay(folder: Path) -> None:
        image = Image.new("RGBA", (90, 90), background or (0, 0, 0, 0))
        ImageDraw.Draw(image).ellipse((10, 10, 80, 80), fill=colour)
        image.save(folder / IMAGE)

    return lay


def bare(body: str) -> Spoil:
    """Make the page hold nothing else than a body."""

    def take(edition: Edition) -> Edition:
        head = edition.html[: edition.html.index("<body")]
        return replace(edition, html=f"{head}<body>{body}</body></html>", places=())

    return take


def marked_for_outlook(colour: str) -> Spoil:
    """Give the word on line 8 a colour in the dark of Outlook on the web."""
    word = styled("color: #222222", more='class="x"')
    rule = in_style(f"[data-ogsc] .x {{ color: {colour} !important }}")
    return lambda edition: rule(word(edition))


CASES = [
    # a colour without a ground, a ground without a colour
    on_page("dark-half-colour", WARNING, None,
            bare('<p style="color:#222222">Hei</p>'), bare("<p>Hei</p>")),
    on_page("dark-half-colour", WARNING, None,
            bare('<p style="background:#ffffee">Hei</p>'),
            bare('<p style="background:#ffffee"><b style="color:#222222">Hei</b></p>')),
    # a ground that lets another one through is none
    on_page("dark-half-colour", WARNING, None,
            bare('<p style="color:#222222;background:rgba(255,255,0,.5)">Hei</p>'),
            bare('<table bgcolor="#ffff99"><tr><td style="color:#222222">Hei</table>')),
    # a light ground under text that grows light in the mail's own dark colours
    on_page("dark-contrast", ERROR, 8,
            styled("background-color: #fff3c4"),
            styled("background-color: #fff3c4; color: #222222")),
    # a colour for Outlook that does not fit the ground it makes; one that does
    on_page("dark-outlook", WARNING, 8,
            marked_for_outlook("#333333"), marked_for_outlook("#eeeeee")),
    # a ground of middle grey is darkened just so far, while the text grows light
    on_page("dark-inversion-contrast", WARNING, 8,
            styled("color: #2d2d2d; background: #999999"),
            styled("color: #2d2d2d; background: #bbbbbb")),
    # turned round it can be read; changed each for itself it cannot
    on_page("dark-inversion-contrast", WARNING, 8,
            styled("color: #303030; background: #9e9e9e"),
            styled("color: #303030; background: #b0b0b0")),
    # large text needs less
    on_page("dark-inversion-contrast", WARNING, 8,
            styled("color: #2d2d2d; background: #999999; font-size: 23px"),
            styled("color: #2d2d2d; background: #999999; font-size: 24px")),
    # a dark drawing on a clear ground; a light one; the dark one on white
    Case("dark-logo", WARNING, 8, LOGO, prepare=logo("#222222"), fine_prepare=logo("#999999")),
    Case("dark-logo", WARNING, 8,
         LOGO,
         prepare=logo("#111166"), fine_prepare=logo("#111166", background="white")),
    # the meta element without colours, and colours without it
    on_page("dark-meta", NOTE, None,
            in_html("(prefers-color-scheme: dark)", "print"),
            in_html("(prefers-color-scheme: dark)", "(prefers-color-scheme:dark)")),
    on_page("dark-meta", NOTE, None,
            lambda e: in_html('"supported-color-schemes"', '"b"')(
          in_html('"color-scheme"', '"a"')(e)
      ),
            in_html('"supported-color-schemes"', '"b"')),
    # black on white
    on_page("dark-meta", NOTE, None,
            styled("color: #000; background: #fff"), styled("color: #000; background: #fffffe")),
]  # fmt: skip
