"""Cases of dark themes."""

from pathlib import Path

from PIL import Image, ImageDraw

from newsletter.model import Edition
from tests.checking.cases.styles import TEXT, styled
from tests.checking.desk import (
    IMAGE,
    NOTE,
    WARNING,
    Case,
    Prepare,
    Spoil,
    in_html,
    letter,
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
        start = edition.html.index("<body")
        return in_html(edition.html[start:], f"<body>{body}</body></html>")(edition)

    return take


CASES = [
    # a colour without a ground, a ground without a colour
    Case(
        id="dark-half-colour", severity=WARNING, line=None, faulty=TEXT, fine=TEXT,
        spoil=bare('<p style="color:#222222">Hei</p>'), fine_spoil=bare("<p>Hei</p>"),
    ),
    Case(
        id="dark-half-colour", severity=WARNING, line=None, faulty=TEXT, fine=TEXT,
        spoil=bare('<p style="background:#ffffee">Hei</p>'),
        fine_spoil=bare('<p style="background:#ffffee"><b style="color:#222222">Hei</b></p>'),
    ),
    # a ground that lets another one through is none
    Case(
        id="dark-half-colour", severity=WARNING, line=None, faulty=TEXT, fine=TEXT,
        spoil=bare('<p style="color:#222222;background:rgba(255,255,0,.5)">Hei</p>'),
        fine_spoil=bare('<table bgcolor="#ffff99"><tr><td style="color:#222222">Hei</table>'),
    ),
    # a ground of middle grey is darkened just so far, while the text grows light
    Case(
        id="dark-inversion-contrast", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("color: #2d2d2d; background: #999999"),
        fine_spoil=styled("color: #2d2d2d; background: #bbbbbb"),
    ),
    # turned round it can be read; changed each for itself it cannot
    Case(
        id="dark-inversion-contrast", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("color: #303030; background: #9e9e9e"),
        fine_spoil=styled("color: #303030; background: #b0b0b0"),
    ),
    # large text needs less
    Case(
        id="dark-inversion-contrast", severity=WARNING, line=8, faulty=TEXT, fine=TEXT,
        spoil=styled("color: #2d2d2d; background: #999999; font-size: 23px"),
        fine_spoil=styled("color: #2d2d2d; background: #999999; font-size: 24px"),
    ),
    # a dark drawing on a clear ground; a light one; the dark one on white
    Case(
        id="dark-logo", severity=WARNING, line=8, faulty=LOGO, fine=LOGO,
        prepare=logo("#222222"), fine_prepare=logo("#999999"),
    ),
    Case(
        id="dark-logo", severity=WARNING, line=8, faulty=LOGO, fine=LOGO,
        prepare=logo("#111166"), fine_prepare=logo("#111166", background="white"),
    ),
    # the meta element without colours, and colours without it
    Case(
        id="dark-meta", severity=NOTE, line=None, faulty=TEXT, fine=TEXT,
        spoil=in_html("(prefers-color-scheme: dark)", "print"),
        fine_spoil=in_html("(prefers-color-scheme: dark)", "(prefers-color-scheme:dark)"),
    ),
    Case(
        id="dark-meta", severity=NOTE, line=None, faulty=TEXT, fine=TEXT,
        spoil=lambda e: in_html('"supported-color-schemes"', '"b"')(
            in_html('"color-scheme"', '"a"')(e)
        ),
        fine_spoil=in_html('"supported-color-schemes"', '"b"'),
    ),
    # black on white
    Case(
        id="dark-meta", severity=NOTE, line=None, faulty=TEXT, fine=TEXT,
        spoil=styled("color: #000; background: #fff"),
        fine_spoil=styled("color: #000; background: #fffffe"),
    ),
]  # fmt: skip
