"""Cases of the text part, of size and of tables."""

from collections.abc import Callable
from dataclasses import replace

from newsletter.model import Edition, Picture
from tests.checking.desk import (
    ERROR,
    SENDER,
    WARNING,
    Spoil,
    in_body,
    text_of,
    without,
)

WORDS = " ".join(f"sana{n}" for n in range(200))
LONG = " ".join(["sana"] * 15)  # 74 characters


def text(change: Callable[[str], str]) -> Spoil:
    """Change the text part."""
    return lambda edition: replace(edition, text=change(edition.text))


def sender_at(place: int) -> Spoil:
    """Name the sender once more behind so many bytes."""

    def move(edition: Edition) -> Edition:
        html = edition.html.replace("</body>", "")
        gap = place - len(html.encode()) - len("<p>")
        return replace(edition, html=f"{html}<p>{'x' * gap}{SENDER}", slots=())

    return move


def carrying(size: int) -> Spoil:
    """Put a picture of so many bytes into the mail, where each three take four."""
    picture = Picture(
        source="x.png", digest="0" * 20, media_type="image/png", width=1, height=1, data=bytes(size)
    )
    return lambda edition: replace(edition, pictures=(picture,))


CASES = [
    # --- the text part
    # of another issue
    in_body("text-parity", ERROR, None, WORDS, spoil=text_of("aa bb cc dd ee ff gg")),
    # the beginning only
    in_body("text-parity", WARNING, None,
            WORDS,
            spoil=text(lambda old: old[: len(old) * 2 // 5]),
            fine_spoil=text(lambda old: old.replace(" sana200", ""))),
    # says everything three times over
    in_body("text-parity", WARNING, None,
            WORDS,
            spoil=text(lambda old: f"{old}\n" * 4), fine_spoil=text(lambda old: f"{old}\n" * 2)),
    # a price is lost
    in_body("text-parity", WARNING, 7,
            "Hei.\nPäivä maksaa 4711 euroa.",
            spoil=without("text", "4711")),
    # figures of an account that may end a line between them, and some in bold
    in_body("text-parity", WARNING, 6,
            "Maksa tilille SE4550000000058398257466, **47**11 euroa.",
            spoil=without("text", "SE4550000000058398257466")),
    # a link is lost
    in_body("text-parity", WARNING, 8,
            "Hei.\n\n[Tule](https://www.example.org/a)",
            spoil=without("text", "https://www.example.org/a")),
    # markup
    in_body("text-quality", WARNING, None,
            "Hei.", "Kirjoita `&nbsp;` väliin.",
            spoil=text(lambda old: old.replace("Hei.", "Hei&nbsp;vaan."))),
    # brackets of a link that was lost
    in_body("text-quality", WARNING, None,
            "Hei.",
            spoil=text(lambda old: old.replace("Hei.", "Hei ( ) vaan")),
            fine_spoil=text(lambda old: old.replace("Hei.", "Hei (ei) vaan"))),
    # a line that was not folded
    in_body("text-quality", WARNING, None,
            "Hei.",
            spoil=text(lambda old: old.replace("Hei.", f"{LONG} hanki")),
            fine_spoil=text(lambda old: old.replace("Hei.", f"{LONG} hei https://example.org/"))),
    # --- size
    # the sender would be cut off
    in_body("unsubscribe-before-clip", ERROR, None,
            "Hei.",
            spoil=sender_at(100_001), fine_spoil=sender_at(100_000)),
    # much to fetch on a phone
    in_body("total-weight", WARNING, None,
            "Hei.",
            spoil=carrying(740_000), fine_spoil=carrying(700_000)),
    # refused by servers
    in_body("total-weight", ERROR, None,
            "Hei.",
            spoil=carrying(7_500_000), fine_spoil=carrying(700_000)),
    # --- headings and tables
    # nothing to read
    in_body("a11y-headings", WARNING, 8, "Hei.\n\n##\n\nMoi.", "Hei.\n\n## A\n\nMoi."),
    # seven columns
    in_body("table-width", WARNING, 8,
            "Hei.\n\n" + "|a" * 7 + "|\n" + "|-" * 7 + "|\n",
            "Hei.\n\n" + "|a" * 6 + "|\n" + "|-" * 6 + "|\n"),
    # a column without a name
    in_body("table-header", WARNING, 6,
            "| a | |\n|---|---|\n| b | c |", "| | a |\n|---|---|\n| b | c |"),
]  # fmt: skip
