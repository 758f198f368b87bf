"""Cases of pictures: shape, sharpness, weight, motion, and where they come from."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PIL import Image

from newsletter.model import Edition
from tests.checking.desk import (
    ERROR,
    NOTE,
    WARNING,
    Case,
    Prepare,
    Spoil,
    in_body,
    letter,
    with_footer_link,
)

WORDS = " ".join(["sana"] * 20)
SHOW = letter(f"{WORDS}\n\n![Kuva talvesta](p.png)")


def picture(width: int, height: int = 300) -> Prepare:
    """Lay down a drawing of so many pixels."""
    return lambda folder: Image.new("RGB", (width, height), "teal").save(folder / "p.png")


def noise(side: int) -> Prepare:
    """Lay down a photograph of the most various kind."""

    def lay(folder: Path) -> None:
        pixels = random.Random(1).randbytes(3 * side * side)
        Image.frombytes("RGB", (side, side), pixels).save(folder / "p.jpg", quality=95)

    return lay


def film(first: str, *, milliseconds: int, loop: int | None = None) -> Prepare:
    """Lay down a film of two pictures; without a loop it is shown once."""

    def lay(folder: Path) -> None:
        frames = [Image.new("RGB", (80, 80), colour) for colour in (first, "navy")]
        if first == "teal":
            frames[0].paste("white", (0, 0, 40, 40))
        frames[0].save(
            folder / "p.gif",
            save_all=True,
            append_images=frames[1:],
            duration=milliseconds,
            loop=loop,
        )

    return lay


def photo(*, with_place: bool) -> Prepare:
    """Lay down a photograph that says where it was taken, or not."""

    def lay(folder: Path) -> None:
        exif = Image.Exif()
        if with_place:
            exif.get_ifd(0x8825)[1] = "N"
        Image.new("RGB", (1200, 800), "teal").save(folder / "p.jpg", exif=exif)

    return lay


def shown(change: Callable[[str], str]) -> Spoil:
    """Change the tag of the picture."""

    def spoil(edition: Edition) -> Edition:
        html, count = re.subn(r"<img\b[^>]*>", lambda m: change(m[0]), edition.html, count=1)
        assert count == 1
        return replace(edition, html=html)

    return spoil


def as_picture(edition: Edition) -> Edition:
    """Show a picture in place of the words of the unsubscribe link."""
    return with_footer_link('<img src="https://example.org/x.png" alt="Peru" width="9">')(edition)


CASES = [
    # --- alternative texts
    # the name of a file, as a telephone gives it
    in_body("image-alt", WARNING, 9,
            f"{WORDS}\n\nHei\n![Kuva 12](p.png)", f"{WORDS}\n\nHei\n![Kuvat 12 hengestä](p.png)"),
    # a picture that says it is one
    in_body("image-alt", WARNING, 6, "![Kuva: talvi](p.png)", "![Kuvataide talvella](p.png)"),
    in_body("image-alt", WARNING, 6, "![Bild på en båt](p.png)", "![Bildning: en båt](p.png)"),
    # a caption that says the same
    in_body("image-alt", WARNING, 6,
            "::: figure p.png\nTalvi Oulussa\n\nTalvi Oulussa.\n:::",
            "::: figure p.png\nTalvi Oulussa\n\nKiitos, Oulu!\n:::"),
    # --- shape and sharpness
    # a template without widths
    Case("image-dimensions", WARNING, 8,
         SHOW,
         prepare=picture(1200), spoil=shown(lambda tag: re.sub(r' width="\d+"', "", tag))),
    # a template that presses pictures flat
    Case("image-dimensions", WARNING, 8,
         SHOW,
         prepare=picture(1200),
         spoil=shown(lambda tag: re.sub(r' height="\d+"', ' height="100"', tag)),
         fine_spoil=shown(lambda tag: re.sub(r' height="\d+"', ' height="135"', tag))),
    # fewer pixels than a dense screen has
    Case("image-retina", NOTE, 8, SHOW, prepare=picture(535), fine_prepare=picture(804)),
    # fewer than any screen has
    Case("image-retina", WARNING, 8,
         SHOW,
         prepare=picture(300), fine_prepare=picture(60, 60),
         spoil=shown(lambda tag: re.sub(r' width="\d+"', ' width="310"', tag))),
    # --- weight
    in_body("image-weight", WARNING, 6,
            "![Lunta](p.jpg)",
            prepare=noise(700), fine_prepare=noise(250)),
    in_body("image-weight", NOTE, 6,
            "![Lunta](p.jpg)",
            prepare=noise(450), fine_prepare=noise(250)),
    # --- motion
    # begins with nothing
    in_body("image-animated-first-frame", WARNING, 6,
            "![Tanssi](p.gif)",
            prepare=film("white", milliseconds=100), fine_prepare=film("teal", milliseconds=100)),
    # never ends
    in_body("image-animated-first-frame", NOTE, 6,
            "![Tanssi](p.gif)",
            prepare=film("teal", milliseconds=100, loop=0),
            fine_prepare=film("teal", milliseconds=2500)),
    # takes long
    in_body("image-animated-first-frame", NOTE, 6,
            "![Tanssi](p.gif)",
            prepare=film("teal", milliseconds=2510), fine_prepare=film("teal", milliseconds=2500)),
    # --- what a file tells
    in_body("image-metadata", NOTE, 6,
            "![Lunta](p.jpg)",
            prepare=photo(with_place=True), fine_prepare=photo(with_place=False)),
    # --- pictures on the web
    # of a kind that is not shown
    in_body("image-remote-format", ERROR, 6,
            "![Lunta](https://www.example.org/p.svg?v=1)",
            "![Lunta](https://www.example.org/svg.png)"),
    in_body("image-remote-format", WARNING, 7,
            "Hei\n![Lunta](https://www.example.org/p.webp) hei",
            "Hei\n![Lunta](https://www.example.org/p.jpg) hei"),
    # an address with an end
    in_body("image-expiring-url", WARNING, 6,
            "![Lunta](https://www.example.org/p.png?X-Amz-Expires=3600)",
            "![Lunta](https://www.example.org/p.png?expired=no)"),
    # somebody else's
    in_body("image-hotlink", NOTE, 6,
            "![Lunta](https://www.example.com/p.png)", "![Lunta](https://kuvat.example.org/p.png)"),
    # nobody's
    in_body("image-hotlink", ERROR, 6,
            "![Lunta](https:///p.png)", "![Lunta](https://kuvat.example.org/p.png)"),
    # --- without pictures
    # nothing else
    in_body("image-blocked-view", WARNING, 8,
            f"{WORDS[5:]}\n\n![Lunta](p.png)", f"{WORDS}\n\n![Lunta](p.png)"),
    # no way to leave
    Case("image-blocked-view", WARNING, None, SHOW, spoil=as_picture),
]  # fmt: skip
