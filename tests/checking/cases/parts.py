"""Cases of the text part, of size and of tables."""

from collections.abc import Callable
from dataclasses import replace

from newsletter.model import Edition, Picture
from tests.checking.desk import ERROR, SENDER, WARNING, Case, Spoil, letter, text_of, without

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
    Case(
        id="text-parity", severity=ERROR, line=None,
        faulty=letter(WORDS), fine=letter(WORDS), spoil=text_of("aa bb cc dd ee ff gg"),
    ),
    # the beginning only
    Case(
        id="text-parity", severity=WARNING, line=None,
        faulty=letter(WORDS), fine=letter(WORDS),
        spoil=text(lambda old: old[: len(old) * 2 // 5]),
        fine_spoil=text(lambda old: old.replace(" sana200", "")),
    ),
    # says everything three times over
    Case(
        id="text-parity", severity=WARNING, line=None,
        faulty=letter(WORDS), fine=letter(WORDS),
        spoil=text(lambda old: f"{old}\n" * 4), fine_spoil=text(lambda old: f"{old}\n" * 2),
    ),
    # a price is lost
    Case(
        id="text-parity", severity=WARNING, line=7,
        faulty=letter("Hei.\nPäivä maksaa 4711 euroa."),
        fine=letter("Hei.\nPäivä maksaa 4711 euroa."), spoil=without("text", "4711"),
    ),
    # a link is lost
    Case(
        id="text-parity", severity=WARNING, line=8,
        faulty=letter("Hei.\n\n[Tule](https://www.example.org/a)"),
        fine=letter("Hei.\n\n[Tule](https://www.example.org/a)"),
        spoil=without("text", "https://www.example.org/a"),
    ),
    # markup
    Case(
        id="text-quality", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Kirjoita `&nbsp;` väliin."),
        spoil=text(lambda old: old.replace("Hei.", "Hei&nbsp;vaan.")),
    ),
    # brackets of a link that was lost
    Case(
        id="text-quality", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=text(lambda old: old.replace("Hei.", "Hei ( ) vaan")),
        fine_spoil=text(lambda old: old.replace("Hei.", "Hei (ei) vaan")),
    ),
    # a line that was not folded
    Case(
        id="text-quality", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=text(lambda old: old.replace("Hei.", f"{LONG} hanki")),
        fine_spoil=text(lambda old: old.replace("Hei.", f"{LONG} hei https://example.org/")),
    ),
    # --- size
    # the sender would be cut off
    Case(
        id="unsubscribe-before-clip", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=sender_at(100_001), fine_spoil=sender_at(100_000),
    ),
    # much to fetch on a phone
    Case(
        id="total-weight", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=carrying(740_000), fine_spoil=carrying(700_000),
    ),
    # refused by servers
    Case(
        id="total-weight", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=carrying(7_500_000), fine_spoil=carrying(700_000),
    ),
    # --- headings and tables
    # nothing to read
    Case(
        id="a11y-headings", severity=WARNING, line=8,
        faulty=letter("Hei.\n\n##\n\nMoi."), fine=letter("Hei.\n\n## A\n\nMoi."),
    ),
    # seven columns
    Case(
        id="table-width", severity=WARNING, line=8,
        faulty=letter("Hei.\n\n" + "|a" * 7 + "|\n" + "|-" * 7 + "|\n"),
        fine=letter("Hei.\n\n" + "|a" * 6 + "|\n" + "|-" * 6 + "|\n"),
    ),
    # a column without a name
    Case(
        id="table-header", severity=WARNING, line=6,
        faulty=letter("| a | |\n|---|---|\n| b | c |"),
        fine=letter("| | a |\n|---|---|\n| b | c |"),
    ),
]  # fmt: skip
