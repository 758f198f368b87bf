"""Cases of what settings and files may do to a mail: its sender, leaks, letters."""

from dataclasses import replace
from pathlib import Path

from newsletter.model import Edition
from tests.checking.cases.variants import swedish
from tests.checking.desk import ERROR, NOTE, WARNING, Case, Prepare, Spoil, letter


def earlier(*, front: str = "", subject: str = "Marraskuu") -> Prepare:
    """Lay down the issue of the month before."""

    def lay(folder: Path) -> None:
        text = letter("Hei.", subject=subject, more=front).replace("2026-12-15", "2026-11-17")
        (folder / "2026-11.md").write_text(text, encoding="utf-8")

    return lay


def add_html(html: str) -> Spoil:
    """Put HTML of a template at the end of the body."""

    def add(edition: Edition) -> Edition:
        return replace(edition, html=edition.html.replace("</body>", f"{html}</body>"))

    return add


CASES = [
    # --- headers
    # a word that cannot be folded
    Case(
        id="header-sizes", severity=ERROR, line=2,
        faulty=letter("Hei.", subject="x" * 990), fine=letter("Hei.", subject="x" * 989),
    ),
    # the editor's own folder
    Case(
        id="header-leaks", severity=WARNING, line=8,
        faulty=letter("Hei.\n\n[x](https://example.org/?f=file:///C:/Users/aino)"),
        fine=letter("Hei.\n\n[x](https://example.org/home/aino)"),
    ),
    # a network within the house, in a comment of a template
    Case(
        id="header-leaks", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=add_html("<!-- built on 192.168.1.5 -->"), fine_spoil=add_html("<!-- built -->"),
    ),
    # a key in a link
    Case(
        id="header-leaks", severity=WARNING, line=6,
        faulty=letter("[x](https://example.org/?api_key=0123456789abcdef)"),
        fine=letter("[x](https://example.org/?api_key=demo&pwd=0123456789abcdef)"),
    ),
    # --- the sender
    # a sender of one language alone
    Case(
        id="from-one-address", severity=WARNING, line=5, file="2026-12.sv.md",
        faulty=letter("Hei."), fine=letter("Hei.", more="from: Brev <brev@example.org>\n"),
        prepare=swedish("Hej.", more="from: Brev <brev@example.org>\n"),
    ),
    # answers of one language alone
    Case(
        id="reply-to-valid", severity=WARNING, line=5, file="2026-12.sv.md",
        faulty=letter("Hei."), fine=letter("Hei.", more="reply_to: svar@example.org\n"),
        prepare=swedish("Hej.", more="reply_to: svar@example.org\n"),
    ),
    # a free mail service
    Case(
        id="from-freemail", severity=ERROR, line=5,
        faulty=letter("Hei.", more="from: Kirje <kirje@gmail.com>\n"),
        fine=letter("Hei.", more="from: Kirje <kirje@gmail.example.org>\n"),
    ),
    # answers to one
    Case(
        id="from-freemail", severity=NOTE, line=5,
        faulty=letter("Hei.", more="reply_to: kirje@hotmail.fi\n"),
        fine=letter("Hei.", more="reply_to: kirje@example.fi\n"),
    ),
    # no name
    Case(
        id="from-display-name", severity=WARNING, line=5,
        faulty=letter("Hei.", more="from: kirje@example.org\n"),
        fine=letter("Hei.", more="from: K <kirje@example.org>\n"),
    ),
    # an address of somebody else
    Case(
        id="from-display-name", severity=WARNING, line=5,
        faulty=letter("Hei.", more="from: Kirje kela.fi <kirje@example.org>\n"),
        fine=letter("Hei.", more="from: Kirje example.org <kirje@example.org>\n"),
    ),
    # a mail thread
    Case(
        id="from-display-name", severity=WARNING, line=5,
        faulty=letter("Hei.", more='from: "\\"Aino (2)\\" <kirje@example.org>"\n'),
        fine=letter("Hei.", more='from: "Aino 2 <kirje@example.org>"\n'),
    ),
    # a Cyrillic letter
    Case(
        id="from-display-name", severity=WARNING, line=5,
        faulty=letter("Hei.", more="from: Kirj\u0435 <kirje@example.org>\n"),
        fine=letter("Hei.", more="from: Письмо Kirje <kirje@example.org>\n"),
    ),
    # a picture sign
    Case(
        id="from-display-name", severity=WARNING, line=5,
        faulty=letter("Hei.", more="from: Kirje 🎄 <kirje@example.org>\n"),
        fine=letter("Hei.", more="from: Kirje & Co <kirje@example.org>\n"),
    ),
    # too long
    Case(
        id="from-display-name", severity=NOTE, line=5,
        faulty=letter("Hei.", more=f"from: {'x' * 41} <kirje@example.org>\n"),
        fine=letter("Hei.", more=f"from: {'x' * 40} <kirje@example.org>\n"),
    ),
    # another sender than last month
    Case(
        id="from-stable", severity=WARNING, line=5,
        faulty=letter("Hei.", more="from: Kirje <posti@example.org>\n"),
        fine=letter("Hei.", more="from: Kirje <Kirje@example.org>\n"), prepare=earlier(),
    ),
    # the usual one again
    Case(
        id="from-stable", severity=WARNING, line=5,
        faulty=letter("Hei.", more="from: Aino <kirje@example.org>\n"),
        fine=letter("Hei.", more="from: Posti <posti@example.org>\n"),
        prepare=earlier(front="from: Posti <posti@example.org>\n"),
    ),
    # nobody reads there
    Case(
        id="reply-to-valid", severity=WARNING, line=5,
        faulty=letter("Hei.", more="reply_to: ei-vastausta@example.org\n"),
        fine=letter("Hei.", more="reply_to: vastaukset@example.org\n"),
    ),
    # --- encodings
    # a letter that was lost
    Case(
        id="charset-utf8", severity=ERROR, line=7,
        faulty=letter("Hei.\nTy\ufffd."), fine=letter("Hei.\nTyö?"),
    ),
    # one that was read wrongly
    Case(
        id="charset-utf8", severity=WARNING, line=7,
        faulty=letter("Hei.\nTyÃ¶tÃ¤."), fine=letter("Hei.\nÃrvore, Â, â€ ja São."),
    ),
    # an apostrophe that was
    Case(
        id="charset-utf8", severity=WARNING, line=2,
        faulty=letter("Hei.", subject="Suomiâ€™ssa"), fine=letter("Hei.", subject="5 € â"),
    ),
    # a letter made of two
    Case(
        id="charset-utf8", severity=WARNING, line=6,
        faulty=letter("Tyo\u0308."), fine=letter("Ty\u00f6."),
    ),
    # a picture that is shown but not there
    Case(
        id="mime-tree", severity=ERROR, line=None, faulty=letter("Hei."), fine=letter("Hei."),
        spoil=add_html('<img src="cid:abc" alt="x">'),
        fine_spoil=add_html('<img src="https://example.org/a.png" alt="x">'),
    ),
]  # fmt: skip
